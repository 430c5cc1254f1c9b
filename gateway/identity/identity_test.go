package identity

import (
	"context"
	"testing"
)

func TestRoles(t *testing.T) {
	for _, test := range []struct {
		has, wants Role
		may        bool
	}{
		{"", Public, true}, {"", Viewer, false}, {Viewer, Viewer, true}, {Viewer, Auditor, false}, {Auditor, Viewer, true}, {Auditor, Manager, false},
		{Manager, Auditor, true}, {Manager, Local, false}, {Manager, "", false}, {Manager, "root", false}, {"root", Viewer, false}, {Local, Viewer, false},
	} {
		if got := test.has.May(test.wants); got != test.may {
			t.Errorf("%q may %q: %v", test.has, test.wants, got)
		}
	}
}

// Who asks is known by role and account in the audit log, never by name, and what runs for
// them ends with the login.
func TestWho(t *testing.T) {
	if _, ok := Who(t.Context()); ok || Actor(t.Context()) != LocalActor {
		t.Errorf("on the socket: %v, %q", ok, Actor(t.Context()))
	}
	login, end := context.WithCancel(t.Context())
	ctx := Identity{ID: "u7", User: "Lee", Role: Auditor, Until: login}.In(t.Context())
	if who, ok := Who(ctx); !ok || who.User != "Lee" || Actor(ctx) != "auditor:u7" {
		t.Errorf("%+v, %q", who, Actor(ctx))
	}
	ended, kept := make(chan struct{}), make(chan struct{})
	OnEnd(ctx, func() { close(ended) })
	if stop := OnEnd(ctx, func() { close(kept) }); !stop() {
		t.Error("could not be taken back")
	}
	if stop := OnEnd(t.Context(), func() { t.Error("there was no login to end") }); !stop() {
		t.Error("nothing to take back on the socket")
	}
	end()
	<-ended
	select {
	case <-kept:
		t.Error("called although it was taken back")
	default:
	}
}
