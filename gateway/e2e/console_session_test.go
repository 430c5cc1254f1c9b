package e2e

import (
	"crypto/sha256"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// The first page leads to the set-up, which the code opens once.
func TestFirstRun(t *testing.T) {
	g, client := start(t, gateway.Options{Config: settings(t)})
	b := newBrowser(t, g)
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
	if got.Role != identity.Manager || got.Language != "zh-CN" || got.SetupNeeded || got.CSRF == "" {
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

// certificate is the fingerprint of the one that the console shows.
func certificate(t *testing.T, g *gateway.Gateway) [sha256.Size]byte {
	t.Helper()
	res := newBrowser(t, g).send("GET", "/healthz", nil)
	return sha256.Sum256(res.TLS.PeerCertificates[0].Raw)
}

// Users, their passwords and the certificate are there after a restart, and no secret
// lies open on the disk.
func TestConsoleSurvivesARestart(t *testing.T) {
	cfg := settings(t)
	g, _ := start(t, gateway.Options{Config: cfg})
	manager(t, g)
	print := certificate(t, g)
	g.Close()
	g, _ = start(t, gateway.Options{Config: cfg})
	if certificate(t, g) != print {
		t.Error("another certificate after a restart: users would be warned anew")
	}
	b := newBrowser(t, g)
	b.enter("/api/v1/login", map[string]string{"user": "MANAGER", "password": goodPassword})
	assertNotOnDisk(t, cfg.Data, goodPassword)
	assertNotOnDisk(t, cfg.Data, "PRIVATE KEY")
}

// A page follows what changes until its user logs out.
func TestEventStream(t *testing.T) {
	g, _ := start(t, gateway.Options{Config: settings(t)})
	b := manager(t, g)
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
	newBrowser(t, g) // another one does not matter
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
