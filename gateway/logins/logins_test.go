package logins

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/topics"
)

func open(t *testing.T, path string) (*Logins, *store.Store) {
	t.Helper()
	s, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	l, err := Open(s)
	if err != nil {
		t.Fatal(err)
	}
	return l, s
}

func code(err error) api.Code {
	var refused *api.Error
	if !errors.As(err, &refused) {
		return ""
	}
	return refused.Code
}

// A login counts from the moment it is made, after a restart too, until it is removed.
func TestLogins(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bauta.db")
	l, s := open(t, path)
	made, err := l.Add(api.NewMQTTLogin{Name: "home", May: topics.MayMask})
	if err != nil || made.Password == "" || made.Created.IsZero() {
		t.Fatalf("%+v, %v", made, err)
	}
	if _, err := l.Add(api.NewMQTTLogin{Name: "desk", May: topics.MayRead}); err != nil {
		t.Fatal(err)
	}
	for round := range 2 {
		for _, c := range []struct {
			name, password string
			may            topics.May
			ok             bool
		}{{"home", made.Password, topics.MayMask, true}, {"home", made.Password + "x", topics.MayMask, false}, {"desk", made.Password, topics.MayRead, false}, {"nobody", made.Password, "", false}, {"", "", "", false}} {
			if may, ok := l.Check(c.name, c.password); ok != c.ok || may != c.may {
				t.Errorf("round %d, %s: %q, %v", round, c.name, may, ok)
			}
		}
		if all := l.List(); len(all) != 2 || all[0].Name != "desk" || all[1].Name != "home" {
			t.Errorf("round %d: %+v", round, all)
		}
		s.Close()
		l, s = open(t, path)
	}
	if gone, err := l.Remove("home"); err != nil || gone.Name != "home" {
		t.Errorf("%+v, %v", gone, err)
	}
	if _, ok := l.Check("home", made.Password); ok {
		t.Error("it counts after its removal")
	}
	s.Close()
	if b, err := os.ReadFile(path); err != nil || strings.Contains(string(b), made.Password) {
		t.Errorf("the password is on the disk: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	l, _ := open(t, filepath.Join(t.TempDir(), "bauta.db"))
	for i := range MaxLogins {
		if _, err := l.Add(api.NewMQTTLogin{Name: fmt.Sprintf("login-%d", i), May: topics.MayRead}); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		in   api.NewMQTTLogin
		want api.Code
	}{
		{"no slug", api.NewMQTTLogin{Name: "No Slug", May: topics.MayRead}, api.CodeInvalid},
		{"no name", api.NewMQTTLogin{May: topics.MayRead}, api.CodeInvalid},
		{"a kind that is not there", api.NewMQTTLogin{Name: "x", May: "all"}, api.CodeInvalid},
		{"twice", api.NewMQTTLogin{Name: "login-1", May: topics.MayRead}, api.CodeExists},
		{"one too many", api.NewMQTTLogin{Name: "x", May: topics.MayRead}, api.CodeInvalid},
	} {
		if _, err := l.Add(c.in); code(err) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := l.Remove("nobody"); code(err) != api.CodeNotFound {
		t.Errorf("nobody: %v", err)
	}
	if got := len(l.List()); got != MaxLogins {
		t.Errorf("%d logins", got)
	}
}

// Logins that cannot be read are an error, and none counts.
func TestUnreadable(t *testing.T) {
	_, s := open(t, filepath.Join(t.TempDir(), "bauta.db"))
	if err := s.PutSetting(setting, store.NewSecret("{")); err != nil {
		t.Fatal(err)
	}
	l, err := Open(s)
	if err == nil || len(l.List()) != 0 {
		t.Errorf("%v, %v", l.List(), err)
	}
}

// A change that cannot be stored is not in force.
func TestStoredFirst(t *testing.T) {
	l, s := open(t, filepath.Join(t.TempDir(), "bauta.db"))
	s.Close()
	if made, err := l.Add(api.NewMQTTLogin{Name: "home", May: topics.MayRead}); err == nil || len(l.List()) != 0 {
		t.Errorf("%+v, %v", made, err)
	}
}
