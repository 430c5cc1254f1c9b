package console

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// server has an API of one route that says who asks.
func server(t testing.TB, routes ...string) (*Server, error) {
	t.Helper()
	a, _ := accounts(t)
	return New(Config{Addr: "127.0.0.1:0", Store: a.store, Accounts: a, API: http.NotFoundHandler(), Routes: routes, Audit: func(_, _, _, _ string) {}, Log: silentLog()})
}

// described are the routes that the gateway has to serve.
func describedRoutes(t testing.TB) (all []string) {
	t.Helper()
	ops, err := operations(OpenAPI)
	if err != nil {
		t.Fatal(err)
	}
	for route := range ops {
		if !slices.Contains(ownRoutes, route) {
			all = append(all, route)
		}
	}
	return all
}

// The description is the authority: neither more nor less is served.
func TestDescriptionIsTheAuthority(t *testing.T) {
	all := describedRoutes(t)
	if _, err := server(t, all...); err != nil {
		t.Fatal(err)
	}
	if _, err := server(t, append(all, "GET /v1/secret")...); err == nil || !strings.Contains(err.Error(), "GET /v1/secret") {
		t.Errorf("a route that is not described: %v", err)
	}
	if _, err := server(t, all[1:]...); err == nil || !strings.Contains(err.Error(), all[0]) {
		t.Errorf("an operation that nothing serves: %v", err)
	}
	for _, bad := range []string{"x-role: root", "summary: no role at all"} {
		if _, err := operations([]byte("paths:\n  /v1/x:\n    get:\n      " + bad + "\n")); err == nil {
			t.Errorf("%s passed", bad)
		}
	}
}

// What ends while a request runs ends the request.
func TestRequestsEndWithTheLogin(t *testing.T) {
	a, _ := accounts(t)
	running, ended := make(chan struct{}), make(chan struct{})
	api := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(running)
		<-r.Context().Done()
		close(ended)
	})
	s, err := New(Config{Store: a.store, Accounts: a, API: api, Routes: describedRoutes(t), Audit: func(_, _, _, _ string) {}, Log: silentLog()})
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := a.mustLogin(t, "boss")
	r := httptest.NewRequest("GET", "https://box/api/v1/stream", nil)
	r.AddCookie(&http.Cookie{Name: cookieName, Value: secret})
	go s.http.Handler.ServeHTTP(httptest.NewRecorder(), r)
	<-running
	a.sessions.stop(secret)
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("the request goes on after the logout")
	}
}

// What pages ask for by themselves, again and again, keeps no session alive.
func TestPollsKeepNoSessionAlive(t *testing.T) {
	a, c := accounts(t)
	api := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	s, err := New(Config{Store: a.store, Accounts: a, API: api, Routes: describedRoutes(t), Audit: func(_, _, _, _ string) {}, Log: silentLog()})
	if err != nil {
		t.Fatal(err)
	}
	for path, keeps := range map[string]bool{
		"status": false, "stream": false, "cameras/hall/facts": false, "cameras/hall/zones": false, "cameras/hall/history?hours=24": false,
		"cameras/hall/snapshot.jpg": false, "cameras/hall/walktest": false, "cameras": true, "site": true,
	} {
		secret, _ := a.mustLogin(t, "boss")
		ask := func() int {
			r := httptest.NewRequest("GET", "https://box/api/v1/"+path, nil)
			r.AddCookie(&http.Cookie{Name: cookieName, Value: secret})
			w := httptest.NewRecorder()
			s.http.Handler.ServeHTTP(w, r)
			return w.Code
		}
		c.pass(idleLimit / 2)
		if code := ask(); code != http.StatusOK {
			t.Errorf("%s: %d", path, code)
		}
		c.pass(idleLimit / 2)
		if kept := ask() == http.StatusOK; kept != keeps {
			t.Errorf("%s keeps a session alive: %v, want %v", path, kept, keeps)
		}
	}
}

func TestPlainPath(t *testing.T) {
	for path, want := range map[string]bool{
		"/": true, "/api/v1/users/%E5%88%98": true, "/api/v1/cameras/gate/zones": true, "/cameras/": true,
		"/a//b": false, "/a/../b": false, "/a/%2e%2e/b": false, "/a%2fb": false, "/a%2Fb": false, "/a%00": false, `/a%5cb`: false, "/%ff": false,
		"/" + strings.Repeat("x", maxPath): false, "/./a": false,
	} {
		if got := plainPath(httptest.NewRequest("GET", path, nil)); got != want {
			t.Errorf("plainPath(%.30s) = %v", path, got)
		}
	}
}

// Bodies of strangers: whatever comes is answered, never with a fault of ours,
// and never lets anybody in.
func FuzzAccess(f *testing.F) {
	for _, seed := range []string{
		`{"user":"boss","password":"x"}`, `{"code":"AAAA-BBBB","user":"a","password":"correct horse battery","language":"en"}`, `{`, `[]`, `{"user":{}}`,
		"{\"user\":\"\\u0000\",\"password\":\"\xff\"}", `{"user":"` + strings.Repeat("x", 300) + `"}`,
	} {
		f.Add(true, seed)
		f.Add(false, seed)
	}
	used, err := server(f, describedRoutes(f)...)
	if err != nil {
		f.Fatal(err)
	}
	fresh, err := server(f, describedRoutes(f)...)
	if err != nil {
		f.Fatal(err)
	}
	clear(fresh.cfg.Accounts.users) // as before the set-up
	fresh.cfg.Accounts.SetupCode()
	f.Fuzz(func(t *testing.T, login bool, body string) {
		s, path := fresh, "/api/v1/setup"
		if login {
			s, path = used, "/api/v1/login"
		}
		w := httptest.NewRecorder()
		s.http.Handler.ServeHTTP(w, httptest.NewRequest("POST", "https://box"+path, strings.NewReader(body)))
		if w.Code < 400 || w.Code == http.StatusInternalServerError || len(w.Result().Cookies()) > 0 {
			t.Errorf("%s with %q: %d %s", path, body, w.Code, w.Body)
		}
	})
}
