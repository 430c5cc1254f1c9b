package console

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// Each answer says how long the login lasts, also one to what a page asks for by itself, which
// makes it no longer; a machine's token has none to end.
func TestAnswersSayWhatIsLeft(t *testing.T) {
	a, c := accounts(t)
	s, err := New(Config{Store: a.store, Accounts: a, API: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), Routes: describedRoutes(t), Audit: func(_, _, _, _ string) {}, Log: silentLog()})
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := a.mustLogin(t, "boss")
	ask := func(path string) string {
		r := httptest.NewRequest("GET", "https://box/api/v1/"+path, nil)
		r.AddCookie(&http.Cookie{Name: cookieName, Value: secret})
		w := httptest.NewRecorder()
		s.http.Handler.ServeHTTP(w, r)
		return w.Header().Get(sessionLeft)
	}
	c.pass(10 * time.Minute)
	for _, path := range []string{"status", "overview", "stills", "compliance", "questions"} { // pages ask for them by themselves
		if got := ask(path); got != "1200 42600" {
			t.Errorf("%s after ten minutes: %q", path, got)
		}
	}
	if got := ask("site"); got != "1800 42600" {
		t.Errorf("in use: %q", got)
	}
	for range 24 {
		c.pass(29 * time.Minute)
		ask("site")
	}
	if got := ask("site"); got != "840 840" {
		t.Errorf("shortly before the end: %q", got)
	}
	_, machine, err := a.AddToken("recorder", "viewer", 1)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", "https://box/api/v1/status", nil)
	r.Header.Set("Authorization", "Bearer "+machine)
	w := httptest.NewRecorder()
	s.http.Handler.ServeHTTP(w, r)
	if w.Header().Get(sessionLeft) != "" {
		t.Error("a machine's token ends soon")
	}
}

// Who is not logged in is led back to the page that was asked for, without its language.
func TestLoginKnowsTheWayBack(t *testing.T) {
	s, err := server(t, describedRoutes(t)...)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/": "/login", "/compliance": "/login?next=%2Fcompliance", "/records?kind=complaint&lang=en": "/login?lang=en&next=%2Frecords%3Fkind%3Dcomplaint", "/setup": "/login"} {
		w := httptest.NewRecorder()
		s.http.Handler.ServeHTTP(w, httptest.NewRequest("GET", "https://box"+path, nil))
		if got := w.Header().Get("Location"); got != want {
			t.Errorf("%s leads to %q, want %q", path, got, want)
		}
	}
}
