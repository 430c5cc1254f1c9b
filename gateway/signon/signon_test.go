package signon

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/signon/signontest"
)

const console = "https://box.lan:8443"

func openRoom(t *testing.T) *Room {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "bauta.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return reopen(t, s)
}

func reopen(t *testing.T, s *store.Store) *Room {
	t.Helper()
	r, err := Open(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// withProvider is a room that knows a real provider.
func withProvider(t *testing.T) (*Room, *signontest.Provider) {
	t.Helper()
	r, p := openRoom(t), signontest.Start(t, "bauta-"+t.Name(), console+ReturnPath)
	if err := r.Set(t.Context(), Settings{Issuer: p.Issuer, ClientID: "bauta-" + t.Name(), Secret: "secret", Console: console + "/"}); err != nil {
		t.Fatal(err)
	}
	return r, p
}

// at begins, and goes through the provider's page.
func (r *Room) at(t *testing.T, p *signontest.Provider) (cookie string, answer url.Values) {
	t.Helper()
	address, cookie, err := r.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	q, _ := url.Parse(address)
	if v := q.Query(); v.Get("code_challenge_method") != "S256" || v.Get("nonce") == "" || len(v.Get("state")) < 20 || v.Get("redirect_uri") != console+ReturnPath {
		t.Errorf("asks %s", address)
	}
	return cookie, p.LogIn(t, address)
}

// A real provider says who somebody is: by issuer and subject.
func TestRealProvider(t *testing.T) {
	r, p := withProvider(t)
	cookie, answer := r.at(t, p)
	got, err := r.Finish(t.Context(), cookie, answer)
	if err != nil || got.Issuer != p.Issuer || got.Subject != signontest.Subject || got.Name != signontest.User {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := r.Finish(t.Context(), cookie, answer); !errors.Is(err, ErrRefused) {
		t.Errorf("the same answer again: %v", err)
	}
}

// What this browser did not ask for does not count: each check alone refuses.
func TestMixedAnswersAreRefused(t *testing.T) {
	r, p := withProvider(t)
	for what, spoil := range map[string]func(cookie string, answer url.Values) string{
		"no cookie":         func(string, url.Values) string { return "" },
		"a changed cookie":  func(c string, _ url.Values) string { return "A" + c },
		"another state":     func(c string, a url.Values) string { a.Set("state", "other"); return c },
		"no state":          func(c string, a url.Values) string { a.Del("state"); return c },
		"another's cookie":  func(string, url.Values) string { _, c, _ := r.Begin(t.Context()); return c },
		"another issuer":    func(c string, a url.Values) string { a.Set("iss", "https://evil.example"); return c },
		"another code":      func(c string, a url.Values) string { a.Set("code", "x"); return c },
		"the provider's no": func(c string, a url.Values) string { a.Del("code"); a.Set("error", "access_denied"); return c },
		"another nonce":     func(c string, _ url.Values) string { b, _ := r.open(c); b.Nonce = "other"; return r.seal(b) },
		"another verifier": func(c string, _ url.Values) string {
			b, _ := r.open(c)
			b.Verifier = strings.Repeat("v", 43)
			return r.seal(b)
		},
		"begun elsewhere": func(c string, _ url.Values) string { b, _ := r.open(c); b.Issuer = "https://other"; return r.seal(b) },
		"begun too early": func(c string, _ url.Values) string { b, _ := r.open(c); b.Until = time.Now(); return r.seal(b) },
	} {
		cookie, answer := r.at(t, p)
		if got, err := r.Finish(t.Context(), spoil(cookie, answer), answer); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
}

// The settings are kept sealed, the secret is not told, and another issuer gets no old secret.
func TestSettingsAreKept(t *testing.T) {
	r, p := withProvider(t)
	r = reopen(t, r.store)
	s, on := r.Settings()
	if !on || s.Secret != "" || s.Console != console || r.current().Secret != "secret" || r.Label() != strings.TrimPrefix(p.Issuer, "http://") {
		t.Errorf("%+v, %v, label %s", s, on, r.Label())
	}
	s.Label = "Our house"
	if err := r.Set(t.Context(), s); err != nil || r.current().Secret != "secret" || r.Label() != "Our house" {
		t.Errorf("%v, %q", err, r.Label())
	}
	s.ClientID = "other"
	if err := r.Set(t.Context(), s); err != nil || r.current().Secret != "" {
		t.Errorf("another client has the old secret: %v", err)
	}
	if err := r.Remove(); err != nil || r.Label() != "" {
		t.Error(err)
	}
	if _, _, err := r.Begin(t.Context()); !errors.Is(err, ErrOff) {
		t.Errorf("without a provider: %v", err)
	}
	for _, bad := range []Settings{
		{Issuer: "http://login.example", ClientID: "x", Console: console}, {Issuer: "https://a:b@login.example", ClientID: "x", Console: console},
		{Issuer: "file:///etc/passwd", ClientID: "x", Console: console}, {Issuer: p.Issuer, Console: console}, {Issuer: p.Issuer, ClientID: "x", Console: "http://box"},
		{Issuer: p.Issuer, ClientID: "x", Console: console + "/path"}, {Issuer: p.Issuer, ClientID: strings.Repeat("x", maxField+1), Console: console},
	} {
		if err := r.Set(t.Context(), bad); !errors.Is(err, ErrInvalid) {
			t.Errorf("%+.80v: %v", bad, err)
		}
	}
}

// A provider that is down is said to be so, and is not asked by each stranger anew.
func TestProviderDown(t *testing.T) {
	r, p := withProvider(t)
	p.Stop()
	r = reopen(t, r.store) // knows nothing of the provider yet
	for range 3 {
		if _, _, err := r.Begin(t.Context()); !errors.Is(err, ErrDown) {
			t.Fatal(err)
		}
	}
	elsewhere, asked := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {})), 0
	defer elsewhere.Close()
	odd := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, elsewhere.URL, http.StatusFound)
	}))
	defer odd.Close()
	if err := r.Set(t.Context(), Settings{Issuer: odd.URL, ClientID: "x", Console: console}); !errors.Is(err, ErrDown) || asked != 1 {
		t.Errorf("one that leads elsewhere: %v, asked %d times", err, asked)
	}
}

// Strangers who go away at once, or who take all places, do not make the provider one that is down.
func TestStrangersMakeNoFailure(t *testing.T) {
	r, _ := withProvider(t)
	r = reopen(t, r.store) // knows nothing of the provider yet
	for range MaxAsking {
		r.asking <- struct{}{}
	}
	if _, _, err := r.Begin(t.Context()); !errors.Is(err, ErrDown) {
		t.Errorf("without a place: %v", err)
	}
	for range MaxAsking {
		<-r.asking
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	_, _, _ = r.Begin(gone)
	if _, _, err := r.Begin(t.Context()); err != nil {
		t.Errorf("after strangers: %v", err)
	}
}

// Who waits is bounded, known once, and forgotten in the end.
func TestRequests(t *testing.T) {
	r, p := withProvider(t)
	one := Person{Issuer: p.Issuer, Subject: "a", Name: "Lee"}
	q, made, err := r.Ask(one)
	if err != nil || !made {
		t.Fatal(made, err)
	}
	if again, made, err := r.Ask(one); made || err != nil || again.ID != q.ID {
		t.Errorf("asked twice: %v, %v", made, err)
	}
	r = reopen(t, r.store)
	if got, ok := r.Find(q.ID); !ok || got.Subject != "a" || got.Name != "Lee" {
		t.Errorf("after a restart: %+v", got)
	}
	for i := range MaxRequests - 1 {
		if _, _, err := r.Ask(Person{Issuer: p.Issuer, Subject: "s" + string(rune('A'+i))}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := r.Ask(Person{Issuer: p.Issuer, Subject: "too many"}); !errors.Is(err, ErrRefused) {
		t.Errorf("one more: %v", err)
	}
	if err := r.Done(q.ID); err != nil || len(r.Requests()) != MaxRequests-1 {
		t.Errorf("%d wait, %v", len(r.Requests()), err)
	}
	r.now = func() time.Time { return time.Now().Add(RequestLife) }
	if n := len(r.Requests()); n != 0 {
		t.Errorf("%d wait for ever", n)
	}
}

func TestNamesArePlain(t *testing.T) {
	for name, want := range map[string]string{"Lee\n\x1b[31m": "Lee[31m", "刘经理": "刘经理", strings.Repeat("长", 40): strings.Repeat("长", 21), strings.Repeat("长", maxAnswer/3): strings.Repeat("长", 21)} {
		if got := plainName(name); got != want {
			t.Errorf("%q became %q", name, got)
		}
	}
}
