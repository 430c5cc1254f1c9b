package console

import (
	"errors"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// What wants more than an open browser takes the own password alone: no machine has one, nor who logs
// in through a provider; on the administrator's socket nobody is asked.
func TestProve(t *testing.T) {
	s, err := store.Open(filepath.Join(t.TempDir(), "bauta.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.PutUser(store.User{ID: "u9", Name: "by-provider", Role: "manager"}); err != nil {
		t.Fatal(err)
	}
	a, err := NewAccounts(s, "test", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Add(t.Context(), "anna", "some long words", identity.Manager, ""); err != nil {
		t.Fatal(err)
	}
	as := func(user string) error {
		i := identity.Identity{ID: "u1", User: user, Role: identity.Manager}
		return a.Prove(i.In(t.Context()), "some long words")
	}
	if err := errors.Join(a.Prove(t.Context(), ""), as("anna")); err != nil {
		t.Error(err)
	}
	for _, user := range []string{"", "by-provider", "nobody"} {
		if err := as(user); !errors.Is(err, ErrForbidden) {
			t.Errorf("%q: %v", user, err)
		}
	}
	i := identity.Identity{ID: "u1", User: "anna", Role: identity.Manager}
	if err := a.Prove(i.In(t.Context()), "other long words"); !errors.Is(err, ErrForbidden) {
		t.Error(err)
	}
}
