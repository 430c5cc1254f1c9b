package gateway

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/console"
)

// browser speaks to a daemon's console as one does: with a cookie and the
// session's CSRF token, or with a machine's token.
type browser struct {
	t      *testing.T
	base   string
	http   *http.Client
	cookie string
	csrf   string
	bearer string
}

func (g *Gateway) browser(t *testing.T) *browser {
	t.Helper()
	c := &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       patience,
	}
	t.Cleanup(c.CloseIdleConnections)
	return &browser{t: t, base: strings.TrimSuffix(g.ConsoleURL(), "/"), http: c}
}

// send sends a body: nil, bytes as they are, or anything as JSON.
func (b *browser) send(method, path string, in any) *http.Response {
	b.t.Helper()
	req := b.request(method, path, in)
	res, err := b.http.Do(req)
	if err != nil {
		b.t.Fatalf("%s %s: %v", method, path, err)
	}
	b.t.Cleanup(func() { res.Body.Close() })
	return res
}

func (b *browser) request(method, path string, in any) *http.Request {
	b.t.Helper()
	var body io.Reader
	switch in := in.(type) {
	case nil:
	case []byte:
		body = bytes.NewReader(in)
	default:
		raw, err := json.Marshal(in)
		if err != nil {
			b.t.Fatal(err)
		}
		body = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	if b.cookie != "" {
		req.AddCookie(&http.Cookie{Name: "__Host-bauta", Value: b.cookie})
	}
	if b.csrf != "" {
		req.Header.Set("X-CSRF-Token", b.csrf)
	}
	if b.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+b.bearer)
	}
	return req
}

// get expects success and decodes the answer.
func (b *browser) do(method, path string, in, out any) {
	b.t.Helper()
	res := b.send(method, path, in)
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		b.t.Fatalf("%s %s: %s, %v\n%s", method, path, res.Status, err, raw)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			b.t.Fatalf("%s %s: %v\n%s", method, path, err, raw)
		}
	}
}

// code returns the status and the error's code.
func (b *browser) code(method, path string, in any) (int, string) {
	b.t.Helper()
	res := b.send(method, path, in)
	var out struct {
		Error struct{ Code, Message string }
	}
	raw, _ := io.ReadAll(res.Body)
	_ = json.Unmarshal(raw, &out)
	if res.StatusCode >= 400 && out.Error.Message == "" {
		b.t.Errorf("%s %s: %s without a message: %.200s", method, path, res.Status, raw)
	}
	return res.StatusCode, out.Error.Code
}

const goodPassword = "correct horse battery"

// enter logs in and keeps the cookie.
func (b *browser) enter(path string, in any) console.SessionInfo {
	b.t.Helper()
	res := b.send("POST", path, in)
	var s console.SessionInfo
	if err := json.NewDecoder(res.Body).Decode(&s); err != nil || res.StatusCode >= 300 {
		b.t.Fatalf("%s: %s, %v", path, res.Status, err)
	}
	for _, c := range res.Cookies() {
		if c.Name == "__Host-bauta" {
			b.cookie = c.Value
		}
	}
	b.csrf = s.CSRF
	return s
}

// manager sets a fresh daemon up.
func (g *Gateway) manager(t *testing.T) *browser {
	t.Helper()
	b := g.browser(t)
	b.enter("/api/v1/setup", map[string]string{"code": g.SetupCode().Code, "user": "manager", "password": goodPassword})
	return b
}

// login makes a user of a role and logs in.
func (b *browser) login(g *Gateway, name string, role console.Role) *browser {
	b.t.Helper()
	b.do("POST", "/api/v1/users", api.NewUser{User: name, Password: goodPassword, Role: role}, nil)
	other := g.browser(b.t)
	other.enter("/api/v1/login", map[string]string{"user": name, "password": goodPassword})
	return other
}

func TestFirstRun(t *testing.T) {
	g, client := start(t, Options{Config: settings(t)})
	b := g.browser(t)
	var s console.SessionInfo
	b.do("GET", "/api/v1/session", nil, &s)
	if !s.SetupNeeded || s.User != "" || s.CSRF != "" {
		t.Errorf("before the set-up: %+v", s)
	}
	if res := b.send("GET", "/", nil); res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/setup" {
		t.Errorf("the first page: %s to %s", res.Status, res.Header.Get("Location"))
	}
	code, err := client.SetupCode(t.Context())
	if err != nil || len(code.Code) != 9 || code.Console == "" {
		t.Fatalf("set-up code = %+v, %v", code, err)
	}
	wrong := map[string]string{"code": "AAAA-AAAA", "user": "x", "password": goodPassword}
	if status, _ := b.code("POST", "/api/v1/setup", wrong); status != http.StatusUnauthorized {
		t.Errorf("wrong code: %d", status)
	}
	short := map[string]string{"code": code.Code, "user": "manager", "password": "short"}
	if status, _ := b.code("POST", "/api/v1/setup", short); status != http.StatusBadRequest {
		t.Errorf("short password: %d", status)
	}
	got := b.enter("/api/v1/setup", map[string]string{"code": strings.ToLower(code.Code), "user": "manager", "password": goodPassword, "language": "zh-CN"})
	if got.Role != console.Manager || got.Language != "zh-CN" || got.SetupNeeded || got.CSRF == "" {
		t.Errorf("session = %+v", got)
	}
	if code, err := client.SetupCode(t.Context()); err != nil || code.Code != "" {
		t.Errorf("code after its use = %+v, %v", code, err)
	}
	if status, _ := b.code("POST", "/api/v1/setup", wrong); status != http.StatusConflict {
		t.Errorf("set-up once more: %d", status)
	}
	var status api.Status
	b.do("GET", "/api/v1/status", nil, &status)
	if status.Gateway.Name != "test" {
		t.Errorf("status = %+v", status.Gateway)
	}
}

func TestConsoleSurvivesARestart(t *testing.T) {
	cfg := settings(t)
	g, _ := start(t, Options{Config: cfg})
	g.manager(t)
	print := g.console.Fingerprint()
	g.Close()
	g, _ = start(t, Options{Config: cfg})
	if g.console.Fingerprint() != print {
		t.Error("another certificate after a restart: users would be warned anew")
	}
	b := g.browser(t)
	b.enter("/api/v1/login", map[string]string{"user": "MANAGER", "password": goodPassword})
	assertNotOnDisk(t, cfg.Data, goodPassword)
	assertNotOnDisk(t, cfg.Data, "PRIVATE KEY")
}

func TestEventStream(t *testing.T) {
	g, _ := start(t, Options{Config: settings(t)})
	b := g.manager(t)
	b.http.Timeout = 0
	res := b.send("GET", "/api/v1/stream", nil)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s %v", res.Status, res.Header)
	}
	seen := make(chan string)
	go func() {
		defer close(seen)
		buf := make([]byte, 64<<10)
		for {
			n, err := res.Body.Read(buf)
			if err != nil {
				return
			}
			seen <- string(buf[:n])
		}
	}()
	await := func(what string) {
		t.Helper()
		for end := time.After(patience); ; {
			select {
			case s, ok := <-seen:
				if !ok {
					t.Fatalf("the stream ended before %q", what)
				}
				if strings.Contains(s, what) {
					return
				}
			case <-end:
				t.Fatalf("no %q in the stream", what)
			}
		}
	}
	await("event: status")
	g.browser(t) // another one does not matter
	b.do("POST", "/api/v1/cameras", api.NewCamera{Name: "gate", URL: nobody}, nil)
	await(`"id":"gate"`)
	b.do("POST", "/api/v1/logout", struct{}{}, nil)
	for end := time.After(patience); ; {
		select {
		case _, ok := <-seen:
			if !ok {
				return
			}
		case <-end:
			t.Fatal("the stream goes on after the logout")
		}
	}
}
