package progress

import (
	"context"
	"fmt"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// A page sees how far its own work is while it runs, and nobody else's.
func TestProgress(t *testing.T) {
	d := NewDesk()
	as := func(id string) context.Context {
		return identity.Identity{ID: id, Role: identity.Auditor}.In(t.Context())
	}
	const called = "abcdefgh12345678"
	work, end := d.Begin(as("a"), called)
	Say(work, text.ProgressFrames, 12, 33)
	if s, runs := d.Of(as("a"), called); !runs || s != (Step{text.ProgressFrames, 12, 33}) {
		t.Errorf("%+v, %v", s, runs)
	}
	if s, runs := d.Of(as("b"), called); runs {
		t.Errorf("another account sees %+v", s)
	}
	end()
	Say(work, text.ProgressFrames, 13, 33)
	if s, runs := d.Of(as("a"), called); runs {
		t.Errorf("after its end: %+v", s)
	}
	for _, bad := range []string{"", "short", "with a space 1234567"} {
		work, end := d.Begin(as("a"), bad)
		Say(work, text.ProgressFrames, 1, 2)
		if _, runs := d.Of(as("a"), bad); runs {
			t.Errorf("%q is a mark", bad)
		}
		end()
	}
	Say(t.Context(), text.ProgressFrames, 1, 2) // nobody waits
}

// More than there is room for goes on without being followed.
func TestProgressIsBounded(t *testing.T) {
	d := NewDesk()
	for i := range most + 10 {
		d.Begin(t.Context(), fmt.Sprintf("mark%012d", i))
	}
	if len(d.all) != most {
		t.Errorf("%d are followed", len(d.all))
	}
}
