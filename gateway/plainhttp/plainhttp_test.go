package plainhttp

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// server speaks TLS behind Listen.
func server(t *testing.T) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "by TLS: "+r.URL.Path) }))
	s.Listener = Listen(s.Listener)
	s.Config.ReadHeaderTimeout = 2 * time.Second
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// said sends raw bytes and returns all that comes back.
func said(t *testing.T, s *httptest.Server, raw string) string {
	t.Helper()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(c, raw); err != nil {
		t.Fatal(err)
	}
	out, _ := io.ReadAll(io.LimitReader(c, 1<<20)) // a reset after the answer is no matter
	return string(out)
}

// A browser without https is led to the same page by it; TLS goes on as before.
func TestPlainHTTPIsLedToTLS(t *testing.T) {
	s := server(t)
	at := s.Listener.Addr().String()
	res, err := s.Client().Get("http://" + at + "/cameras?x=1")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, _ := io.ReadAll(res.Body); string(b) != "by TLS: /cameras" || res.Request.URL.String() != "https://"+at+"/cameras?x=1" {
		t.Errorf("%q at %s", b, res.Request.URL)
	}
	for raw, want := range map[string]string{
		"GET / HTTP/1.1\r\nHost: box.lan:8443\r\n\r\n":                          "https://box.lan:8443/",
		"HEAD /login HTTP/1.1\r\nHost: [::1]:8443\r\n\r\n":                      "https://[::1]:8443/login",
		"GET / HTTP/1.1\r\nHost: evil.example@box\r\n\r\n":                      "https://" + at + "/",
		"GET / HTTP/1.1\r\nHost: box/../evil.example\r\n\r\n":                   "https://" + at + "/",
		"GET / HTTP/1.1\r\nHost: box\\evil\r\n\r\n":                             "https://" + at + "/",
		"GET / HTTP/1.1\r\nHost: box:99999\r\n\r\n":                             "https://" + at + "/",
		"GET / HTTP/1.0\r\n\r\n":                                                "https://" + at + "/",
		"GET //evil.example/x HTTP/1.1\r\nHost: box\r\n\r\n":                    "https://box/",
		"GET /" + strings.Repeat("x", maxPath) + " HTTP/1.1\r\nHost: b\r\n\r\n": "https://b/",
	} {
		got := said(t, s, raw)
		_, rest, _ := strings.Cut(got, "Location: ")
		if line, _, _ := strings.Cut(rest, "\r\n"); line != want || !strings.HasPrefix(got, "HTTP/1.1 307 ") {
			t.Errorf("%.60q is led to %q, want %q", raw, line, want)
		}
	}
}

// An absolute request line names its own host: that is the one asked for.
func TestTargetsHostIsTheOneAsked(t *testing.T) {
	got := said(t, server(t), "GET http://other.example/x HTTP/1.1\r\nHost: box\r\n\r\n")
	if strings.Contains(got, "Location: https://box") { // RFC 9112: the line counts, not the header
		t.Errorf("%q", got)
	}
}

// What is no request, or sends something in clear, is led nowhere.
func TestNothingElseIsLed(t *testing.T) {
	s := server(t)
	for _, raw := range []string{
		"POST /api/v1/login HTTP/1.1\r\nHost: box\r\nContent-Length: 3\r\n\r\nabc", "GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("y", 2*MaxHeader),
		"GARBAGE\r\n\r\n", "\x00\x01", "OPTIONS * RTSP/1.0\r\n\r\n",
	} {
		if got := said(t, s, raw); strings.Contains(got, "Location") || strings.Contains(got, "by TLS") {
			t.Errorf("%.30q: %q", raw, got)
		}
	}
}

// Who begins and sends no more is cut off with the handshake's deadline, and keeps nobody
// else out meanwhile.
func TestSlowHeaderEnds(t *testing.T) {
	s := server(t)
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET / HT")
	if _, err := tls.Dial("tcp", s.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true}); err != nil {
		t.Errorf("another one: %v", err)
	}
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
	began := time.Now()
	if _, err := io.ReadAll(c); err != nil || time.Since(began) > 10*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
}
