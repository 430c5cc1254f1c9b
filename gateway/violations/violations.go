// Package violations keeps what cameras did against the law until somebody closes it.
// Inputs are what cameras see of themselves and what administrators close; outputs are
// the list for the clauses and the evidence, and records for the audit log. What was
// seen counts at once and is stored by the queue: a slow disk holds nobody up, and what
// it does not take counts in memory meanwhile. It has no goroutine of its own, and
// nothing here ends a violation but its closing.
package violations

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Config is what a Register works with.
type Config struct {
	Store *store.Store
	Queue *change.Queue
	Audit *audit.Log
	// Prohibited reports whether a camera is in a prohibited place now.
	Prohibited func(media.CameraID) bool
	// Evaluate has the clauses evaluated anew.
	Evaluate func()
	Log      *slog.Logger
}

// Register is all violations. Make it with New; its methods may be called from any
// goroutine.
type Register struct {
	cfg Config

	mu      sync.Mutex
	waiting []*sighting
}

// sighting is what was seen and is not on the disk yet.
type sighting struct {
	policy.Violation
	queued  bool // a change in the queue writes it
	writing bool // and has begun: what comes now is for the next one
	tried   time.Time
}

// retryEvery bounds how often a sighting that could not be queued is tried again: faults come
// with every frame.
const retryEvery = time.Second

// New makes a register of what the store has.
func New(c Config) *Register { return &Register{cfg: c} }

// Saw takes what was seen of a violation, and the time now where it has none. It never waits.
func (r *Register) Saw(seen policy.Violation) {
	if seen.Since.IsZero() {
		seen.Since = time.Now()
		seen.Last = seen.Since
	}
	r.mu.Lock()
	at := slices.IndexFunc(r.waiting, func(s *sighting) bool { return !s.writing && s.Same(seen) })
	if at < 0 {
		at, r.waiting = len(r.waiting), append(r.waiting, &sighting{Violation: seen})
	} else {
		r.waiting[at].Merge(seen)
	}
	one := r.waiting[at]
	put := !one.queued && time.Since(one.tried) >= retryEvery
	if put {
		one.queued, one.tried = true, time.Now()
	}
	r.mu.Unlock()
	if put {
		r.put(one)
	}
	r.cfg.Evaluate()
}

// put has a sighting written. Where the queue has no room for it, or cannot write it, it
// counts in memory, and the next one of its kind and camera tries again.
func (r *Register) put(one *sighting) {
	c := r.cfg.Queue.Mask("violation of camera "+string(one.Camera), func() error { return r.write(one) })
	select {
	case <-c.Done:
		if c.Err != nil {
			r.mu.Lock()
			one.queued, one.writing = false, false
			r.mu.Unlock()
		}
	default:
	}
}

// write stores a sighting, and that it opened a violation in the audit log.
func (r *Register) write(one *sighting) error {
	r.mu.Lock()
	one.writing = true
	seen := one.Violation
	r.mu.Unlock()
	v, opened, err := r.cfg.Store.OpenViolation(seen)
	if err != nil {
		return err
	}
	r.mu.Lock()
	r.waiting = slices.DeleteFunc(r.waiting, func(s *sighting) bool { return s == one })
	r.mu.Unlock()
	if !opened {
		return nil
	}
	r.cfg.Log.Error("a violation is on record until somebody closes it", "violation", v.ID, "kind", string(v.Kind), "camera", string(v.Camera), "place", string(v.Place))
	return change.ExceptLog(r.cfg.Audit.Write(audit.Record{Action: audit.ViolationOpened, Actor: audit.Gateway, Subject: audit.Camera(v.Camera), Detail: detail(v)}))
}

func detail(v policy.Violation) string {
	return "violation=" + v.ID + " kind=" + string(v.Kind) + " place=" + string(v.Place)
}

// All returns all violations, open and closed, those last that are not stored yet. With
// an error come those that can be read, and as open ones those that cannot.
func (r *Register) All() ([]policy.Violation, error) {
	r.mu.Lock() // before the store is read: what is stored meanwhile is counted twice rather than never
	var waiting []policy.Violation
	for _, s := range r.waiting {
		waiting = append(waiting, s.Violation)
	}
	r.mu.Unlock()
	all, err := r.cfg.Store.Violations()
	for _, seen := range waiting {
		if at := slices.IndexFunc(all, func(v policy.Violation) bool { return v.Open() && v.Same(seen) }); at >= 0 {
			all[at].Merge(seen)
			continue
		}
		all = append(all, seen)
	}
	return all, err
}

// List is All for answers: what cannot be read is among them and in the log.
func (r *Register) List() ([]policy.Violation, error) {
	all, err := r.All()
	if errors.Is(err, store.ErrUnreadable) {
		r.cfg.Log.Error("a violation cannot be read and counts as open", "error", err)
		err = nil
	}
	if all == nil {
		all = []policy.Violation{}
	}
	return all, err
}

// Close ends a violation on behalf of who asks. One of a prohibited place stays open while
// the camera is there. Errors are *api.Error or of the store.
func (r *Register) Close(ctx context.Context, id string, c policy.Closing) error {
	all, err := r.List()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(v policy.Violation) bool { return v.ID == id && id != "" })
	if at < 0 {
		return api.Refuse(api.CodeNotFound, text.ViolationNotFound, id)
	}
	if v := all[at]; v.Kind == policy.ViolationPlace && r.cfg.Prohibited(v.Camera) {
		return api.Refuse(api.CodeProhibited, text.ViolationInPlace, v.Camera)
	}
	c.Time, c.Account = time.Now().UTC().Truncate(time.Millisecond), identity.Actor(ctx)
	// By way of the queue: what was seen before is stored before.
	return api.FromStore(r.cfg.Queue.Once("closing of violation "+id, func() error {
		v, err := r.cfg.Store.CloseViolation(id, c)
		if err != nil {
			return err
		}
		r.cfg.Log.Info("violation closed", "violation", id, "kind", string(v.Kind), "camera", string(v.Camera))
		return r.cfg.Audit.Did(ctx, audit.ViolationClosed, audit.Camera(v.Camera), detail(v), nil)
	}).Until(ctx))
}
