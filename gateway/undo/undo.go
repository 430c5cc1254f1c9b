// Package undo keeps for a minute what was removed, so that who removed it can have it back.
//
// In: what puts a thing back, from the room that removed it. Out: an offer with an id that
// nobody can guess, and the thing itself where somebody asks for it in time. It has one
// goroutine, Run, which forgets what is over; all is in memory, so a restart ends all offers.
// It must never keep anything longer than it says, nor give it to another account.
package undo

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

const (
	// Within is how long an offer holds.
	Within = time.Minute
	// most bounds the offers; beyond it the oldest ends.
	most = 64
	// sweepEvery is how much later than that its secrets are forgotten at most.
	sweepEvery = 5 * time.Second
)

// kept is what was removed.
type kept struct {
	until time.Time
	by    string // the audit log's name for who removed it
	again func(context.Context) error
}

// Room keeps what was removed. Its methods may be called from any goroutine.
type Room struct {
	now func() time.Time

	mu  sync.Mutex
	all map[string]kept
}

// New keeps nothing yet.
func New() *Room { return &Room{now: time.Now, all: map[string]kept{}} }

// Offer keeps what puts a thing back; nil where there is nothing that would.
func (r *Room) Offer(ctx context.Context, again func(context.Context) error) *api.Undo {
	if again == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sweep()
	if len(r.all) >= most {
		r.dropOldest()
	}
	id, until := rand.Text(), r.now().Add(Within)
	r.all[id] = kept{until, identity.Actor(ctx), again}
	return &api.Undo{ID: id, Until: until.UTC().Truncate(time.Second)}
}

func (r *Room) dropOldest() {
	oldest := ""
	for id, k := range r.all {
		if oldest == "" || k.until.Before(r.all[oldest].until) {
			oldest = id
		}
	}
	delete(r.all, oldest)
}

// Undo puts a thing back, once. Where that fails the offer holds until its end.
func (r *Room) Undo(ctx context.Context, id string) error {
	r.mu.Lock()
	k, offered := r.all[id]
	if offered = offered && k.by == identity.Actor(ctx) && r.now().Before(k.until); offered {
		delete(r.all, id)
	}
	r.mu.Unlock()
	if !offered {
		return api.Refuse(api.CodeNotFound, text.UndoOver)
	}
	err := k.again(ctx)
	if err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.all[id] = k
	}
	return err
}

// Run forgets what is over until ctx ends, and then all.
func (r *Room) Run(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			r.mu.Lock()
			defer r.mu.Unlock()
			clear(r.all)
			return
		case <-tick.C:
			r.mu.Lock()
			r.sweep()
			r.mu.Unlock()
		}
	}
}

// sweep is called with mu held.
func (r *Room) sweep() {
	for id, k := range r.all {
		if !r.now().Before(k.until) {
			delete(r.all, id)
		}
	}
}
