package signon

import (
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

const (
	// MaxRequests bounds who waits for a role; RequestLife is for how long.
	MaxRequests = 50
	RequestLife = 30 * 24 * time.Hour
)

// Request is somebody whom the provider knows and who has no account yet.
type Request struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Subject string    `json:"subject"`
	Issuer  string    `json:"issuer"`
	Since   time.Time `json:"since"`
}

// Requests lists who waits, the newest first.
func (r *Room) Requests() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := slices.DeleteFunc(slices.Clone(r.requests), r.over)
	slices.Reverse(all)
	return append([]Request{}, all...)
}

// over reports whether a request has waited for too long, or is of a provider that is gone; the
// caller holds mu.
func (r *Room) over(one Request) bool {
	return r.now().Sub(one.Since) >= RequestLife || one.Issuer != r.settings.Issuer
}

// Ask notes that somebody waits for a role; made: they did not before.
func (r *Room) Ask(p Person) (q Request, made bool, err error) {
	r.changing.Lock()
	defer r.changing.Unlock()
	r.mu.Lock()
	all := slices.DeleteFunc(slices.Clone(r.requests), r.over)
	r.mu.Unlock()
	if i := slices.IndexFunc(all, func(q Request) bool { return q.Issuer == p.Issuer && q.Subject == p.Subject }); i >= 0 {
		return all[i], false, nil
	}
	if len(all) >= MaxRequests {
		return q, false, text.Fail(ErrRefused, text.SignOnFull)
	}
	q = Request{ID: "r" + strings.ToLower(rand.Text()[:10]), Name: p.Name, Subject: p.Subject, Issuer: p.Issuer, Since: r.now().UTC().Truncate(time.Second)}
	return q, true, r.putRequests(append(all, q))
}

// Find returns who waits by the request's id.
func (r *Room) Find(id string) (Request, bool) {
	all := r.Requests()
	i := slices.IndexFunc(all, func(q Request) bool { return q.ID == id })
	if i < 0 {
		return Request{}, false
	}
	return all[i], true
}

// Done takes a request off the list, once it was answered.
func (r *Room) Done(id string) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	r.mu.Lock()
	all := slices.DeleteFunc(slices.Clone(r.requests), func(q Request) bool { return q.ID == id || r.over(q) })
	r.mu.Unlock()
	return r.putRequests(all)
}

// putRequests keeps them; the caller holds changing.
func (r *Room) putRequests(all []Request) error {
	if err := r.store.KeepSetting(requestSetting, all); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests = all
	return nil
}
