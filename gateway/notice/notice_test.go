package notice

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

func start(t *testing.T) (*Server, string) {
	t.Helper()
	s := New(slog.New(slog.DiscardHandler))
	if err := s.Start("127.0.0.1:0", false); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, "http://" + s.Addr()
}

func ask(t *testing.T, method, url string, head ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(head); i += 2 {
		req.Header.Set(head[i], head[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

// One page is there, to be read, with headers that let it load nothing and no cookie.
func TestOnePage(t *testing.T) {
	s, at := start(t)
	if res, _ := ask(t, "GET", at+"/"); res.StatusCode != http.StatusNotFound {
		t.Errorf("without a notice: %s", res.Status)
	}
	s.Show(Page{HTML: []byte("<p>告知"), Policy: "default-src 'none'"})
	for _, c := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/", 200, "<p>告知"}, {"HEAD", "/", 200, ""}, {"GET", "/?x=1", 200, "<p>告知"}, {"POST", "/", 405, "read"}, {"PUT", "/", 405, "read"}, {"OPTIONS", "/", 405, "read"},
		{"GET", "/x", 404, "one page"}, {"GET", "/api/v1/status", 404, "one page"}, {"GET", "//", 404, "one page"}, {"GET", "/../", 404, "one page"},
	} {
		res, body := ask(t, c.method, at+c.path)
		if res.StatusCode != c.status || !strings.Contains(body, c.body) || c.body == "" && body != "" {
			t.Errorf("%s %s: %s, %q", c.method, c.path, res.Status, body)
		}
		if len(res.Header["Set-Cookie"]) > 0 || res.Header.Get("Content-Security-Policy") != "default-src 'none'" || res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s %s: %v", c.method, c.path, res.Header)
		}
	}
}

// A browser that has the page is told so; a changed one is sent at once.
func TestChangedPageIsSent(t *testing.T) {
	s, at := start(t)
	s.Show(Page{HTML: []byte("one")})
	res, _ := ask(t, "GET", at)
	tag := res.Header.Get("ETag")
	if res, body := ask(t, "GET", at, "If-None-Match", tag); res.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("%s, %q", res.Status, body)
	}
	s.Show(Page{HTML: []byte("two")})
	if res, body := ask(t, "GET", at, "If-None-Match", tag); res.StatusCode != http.StatusOK || body != "two" {
		t.Errorf("%s, %q", res.Status, body)
	}
}

// One address that opens very many connections keeps no others out, and what says nothing is
// closed after a while.
func TestManyConnections(t *testing.T) {
	s, at := start(t)
	s.Show(Page{HTML: []byte("page")})
	var open []net.Conn
	for range 2 * MaxConnections {
		c, err := net.Dial("tcp", s.Addr())
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
		defer c.Close()
	}
	if _, body := ask(t, "GET", at); body != "page" {
		t.Errorf("%q", body)
	}
	closed := 0
	for _, c := range open {
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		if _, err := c.Read(make([]byte, 1)); err == io.EOF || err != nil && !err.(net.Error).Timeout() {
			closed++
		}
	}
	if closed < 2*MaxConnections-MaxIdle-1 {
		t.Errorf("%d of %d are closed", closed, len(open))
	}
}

func TestLongHeaderIsRefused(t *testing.T) {
	s, at := start(t)
	s.Show(Page{HTML: []byte("page")})
	req, err := http.NewRequest("GET", at, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Long", string(bytes.Repeat([]byte("a"), 64<<10)))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return // cut off while it was sent
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Error(res.Status)
	}
}

func TestTakenAddress(t *testing.T) {
	s, _ := start(t)
	second := New(slog.New(slog.DiscardHandler))
	if err := second.Start(s.Addr(), false); err == nil || !strings.Contains(err.Error(), "notice.address") {
		t.Error(err)
	}
	if second.Addr() != "" {
		t.Error(second.Addr())
	}
}
