package e2e

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// browser speaks to a daemon's console as one does: with a cookie and the
// session's CSRF token, or with a machine's token.
type browser struct {
	t      *testing.T
	base   string
	http   *http.Client
	cookie string
	screen string // the cookie of a screen's link
	csrf   string
	bearer string
}

// newBrowser has not logged in.
func newBrowser(t *testing.T, g *gateway.Gateway) *browser {
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
	if b.screen != "" {
		req.AddCookie(&http.Cookie{Name: "__Host-bauta-display", Value: b.screen})
	}
	if b.csrf != "" {
		req.Header.Set("X-CSRF-Token", b.csrf)
	}
	if b.bearer != "" {
		req.Header.Set("Authorization", "Bearer "+b.bearer)
	}
	return req
}

// do expects success and decodes the answer.
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
func manager(t *testing.T, g *gateway.Gateway) *browser {
	t.Helper()
	code, err := g.Client().SetupCode(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, g)
	b.enter("/api/v1/setup", map[string]string{"code": code.Code, "user": "manager", "password": goodPassword})
	return b
}

// login makes a user of a role and logs in.
func (b *browser) login(g *gateway.Gateway, name string, role identity.Role) *browser {
	b.t.Helper()
	b.do("POST", "/api/v1/users", api.NewUser{User: name, Password: goodPassword, Role: role}, nil)
	other := newBrowser(b.t, g)
	other.enter("/api/v1/login", map[string]string{"user": name, "password": goodPassword})
	return other
}
