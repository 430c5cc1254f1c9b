package undo

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

func code(err error) api.Code {
	var e *api.Error
	errors.As(err, &e)
	if e == nil {
		return ""
	}
	return e.Code
}

// What was removed comes back once, within its minute, to who removed it.
func TestUndo(t *testing.T) {
	r, now := New(), time.Now()
	r.now = func() time.Time { return now }
	as := func(id string) context.Context {
		return identity.Identity{ID: id, Role: identity.Manager}.In(t.Context())
	}
	back := 0
	again := func(context.Context) error { back++; return nil }
	if r.Offer(as("a"), nil) != nil {
		t.Error("nothing is offered")
	}
	first := r.Offer(as("a"), again)
	if err := r.Undo(as("b"), first.ID); code(err) != api.CodeNotFound || back != 0 {
		t.Errorf("another account: %v, back %d times", err, back)
	}
	if err := r.Undo(as("a"), first.ID); err != nil || back != 1 {
		t.Errorf("%v, back %d times", err, back)
	}
	if err := r.Undo(as("a"), first.ID); code(err) != api.CodeNotFound || back != 1 {
		t.Errorf("a second time: %v, back %d times", err, back)
	}
	late := r.Offer(as("a"), again)
	now = now.Add(Within)
	if err := r.Undo(as("a"), late.ID); code(err) != api.CodeNotFound || back != 1 {
		t.Errorf("after a minute: %v, back %d times", err, back)
	}
	r.mu.Lock()
	r.sweep()
	if len(r.all) != 0 {
		t.Errorf("%d are kept after their end", len(r.all))
	}
	r.mu.Unlock()
}

// What cannot be put back now can be until the end of its minute; more offers than there is
// room for end the oldest; the end of the room forgets all.
func TestUndoKeeps(t *testing.T) {
	r := New()
	fails := errors.New("the disk is full")
	again := func(context.Context) error { return fails }
	o := r.Offer(t.Context(), again)
	for range 2 {
		if err := r.Undo(t.Context(), o.ID); !errors.Is(err, fails) {
			t.Errorf("%v", err)
		}
	}
	for range most {
		r.Offer(t.Context(), again)
	}
	if err := r.Undo(t.Context(), o.ID); code(err) != api.CodeNotFound || len(r.all) != most {
		t.Errorf("the oldest of %d: %v", len(r.all), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r.Run(ctx); len(r.all) != 0 {
		t.Errorf("%d are kept after the end", len(r.all))
	}
}
