package notify

import (
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/notify/deliver"
)

// pinging is how the address of a watcher outside fares.
type pinging struct {
	asked, last time.Time
	flies       bool
	failing     api.NotifyReason
}

// pingIfDue asks the watcher's address; the lock is held. It comes from the goroutine that watches:
// where that hangs, nothing is asked and the watcher speaks up.
func (r *Room) pingIfDue(now time.Time) {
	p := r.set.Ping
	if p.Every == 0 || p.URL == "" || r.ping.flies || now.Sub(r.ping.asked) < time.Duration(p.Every)*time.Minute || r.ctx.Err() != nil {
		return
	}
	r.ping.flies, r.ping.asked = true, now
	at := r.watcher()
	r.sending.Go(func() {
		err := at.Ping(r.ctx)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.ping.flies = false
		switch {
		case err == nil:
			r.ping.last, r.ping.failing = r.now().UTC().Truncate(time.Second), ""
		case r.ctx.Err() == nil:
			if r.ping.failing == "" {
				r.cfg.Log.Warn("the watcher outside does not answer", "reason", string(deliver.Explain(err).Code))
			}
			r.ping.failing = deliver.Explain(err).Code
		}
	})
}

func (r *Room) watcher() deliver.Address {
	return deliver.Address{URL: r.set.Ping.URL, Private: r.set.Ping.Private, Roots: r.cfg.Roots}
}
