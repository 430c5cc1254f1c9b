package console

import (
	"errors"
	"testing"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// What wants more than an open browser takes the own password alone: no machine has one, nor who logs
// in through a provider; on the administrator's socket nobody is asked.
func TestProve(t *testing.T) {
	a, _ := accounts(t)
	if err := a.put(store.User{ID: "u9", Name: "by-provider", Role: "manager"}); err != nil {
		t.Fatal(err)
	}
	as := func(user, password string) error {
		i := identity.Identity{ID: "u1", User: user, Role: identity.Manager}
		return a.Prove(i.In(t.Context()), password)
	}
	if err := errors.Join(a.Prove(t.Context(), ""), as("boss", goodPassword)); err != nil {
		t.Error(err)
	}
	for _, user := range []string{"", "by-provider", "nobody"} {
		if err := as(user, goodPassword); !errors.Is(err, ErrForbidden) {
			t.Errorf("%q: %v", user, err)
		}
	}
	if err := as("boss", "other long words"); !errors.Is(err, ErrForbidden) {
		t.Error(err)
	}
}
