package tunnel

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/icholy/digest"

	"github.com/bauta-gateway/bauta/gateway/challenge"
)

// server is a camera's web server that echoes what comes through the tunnel.
type server struct {
	net.Listener
	refusal  []string // WWW-Authenticate; none: no login
	password string
	status   string // of the GET, where it is refused in another way

	mu      sync.Mutex
	tunnels map[string]net.Conn
	basics  int
	logins  int
}

func newServer(t *testing.T, s *server) *server {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Listener, s.tunnels = ln, map[string]net.Conn{}
	var conns sync.WaitGroup
	conns.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			conns.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() {
		ln.Close()
		s.mu.Lock()
		for _, c := range s.tunnels {
			c.Close()
		}
		s.mu.Unlock()
		conns.Wait()
	})
	return s
}

func (s *server) serve(c net.Conn) {
	defer c.Close()
	c.SetDeadline(time.Now().Add(20 * time.Second))
	r := bufio.NewReader(c)
	req, err := http.ReadRequest(r)
	if err != nil {
		return
	}
	cookie := req.Header.Get("x-sessioncookie")
	if !s.admits(req) {
		fmt.Fprintf(c, "HTTP/1.0 401 Unauthorized\r\nWWW-Authenticate: %s\r\n\r\n", strings.Join(s.refusal, "\r\nWWW-Authenticate: "))
		return
	}
	if req.Method == http.MethodGet {
		s.get(c, cookie)
		return
	}
	s.mu.Lock()
	out := s.tunnels[cookie]
	s.mu.Unlock()
	buf := make([]byte, 4<<10)
	for out != nil {
		n, err := r.Read(buf)
		if err != nil {
			return
		}
		plain, err := base64.StdEncoding.DecodeString(string(buf[:n]))
		if err != nil {
			return
		}
		fmt.Fprintf(out, "<%s>", plain)
	}
}

func (s *server) get(c net.Conn, cookie string) {
	if s.status != "" {
		fmt.Fprintf(c, "HTTP/1.0 %s\r\n\r\n", s.status)
		return
	}
	s.mu.Lock()
	s.tunnels[cookie] = c
	s.mu.Unlock()
	fmt.Fprintf(c, "HTTP/1.0 200 OK\r\nContent-Type: application/x-rtsp-tunnelled\r\n\r\nfirst")
	io.Copy(io.Discard, c)
}

func (s *server) admits(req *http.Request) bool {
	given := req.Header.Get("Authorization")
	s.mu.Lock()
	defer s.mu.Unlock()
	if given != "" {
		s.logins++
	}
	if strings.HasPrefix(given, "Basic ") {
		s.basics++
	}
	if s.refusal == nil {
		return true
	}
	if user, password, ok := req.BasicAuth(); ok && strings.HasPrefix(s.refusal[0], "Basic") {
		return user == "admin" && password == s.password
	}
	cred, err := digest.ParseCredentials(given)
	if err != nil {
		return false
	}
	want, err := digest.Digest(&digest.Challenge{Realm: cred.Realm, Nonce: cred.Nonce, QOP: []string{"auth"}, Algorithm: cred.Algorithm},
		digest.Options{Method: req.Method, URI: cred.URI, Count: cred.Nc, Cnonce: cred.Cnonce, Username: "admin", Password: s.password})
	return err == nil && cred.Response == want.Response && cred.URI == req.URL.RequestURI()
}

func open(s *server, password string, basic bool) (*Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return Open(ctx, Config{
		Dial: func(ctx context.Context) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", s.Addr().String())
		},
		Host: s.Addr().String(), Path: "/live?ch=1", Login: challenge.Login{User: "admin", Password: password, Basic: basic}, Timeout: 2 * time.Second,
	})
}

func TestTunnel(t *testing.T) {
	md5 := []string{`Digest realm="cam", nonce="n", qop="auth"`}
	for _, c := range []struct {
		name   string
		server *server
		basic  bool
		logins int
	}{
		{"open", &server{}, false, 0},
		{"digest", &server{refusal: md5, password: "s3cret"}, false, 2},
		{"basic, allowed", &server{refusal: []string{`Basic realm="cam"`}, password: "s3cret"}, true, 2},
	} {
		s := newServer(t, c.server)
		conn, err := open(s, "s3cret", c.basic)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		want := "first"
		for _, text := range []string{"OPTIONS", strings.Repeat("x", 3000), "y"} {
			if _, err := conn.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
			want += "<" + text + ">"
			got := make([]byte, len(want))
			if _, err := io.ReadFull(conn, got); err != nil || string(got) != want {
				t.Fatalf("%s: %q, %v", c.name, got, err)
			}
			want = ""
		}
		if conn.Close(); s.logins != c.logins || conn.Digest() != (c.name == "digest") {
			t.Errorf("%s: %d logins, digest %v", c.name, s.logins, conn.Digest())
		}
	}
}

func TestTunnelRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		server *server
		code   int
	}{
		{"no such path", &server{status: "404 Not Found"}, 404},
		{"wrong password", &server{refusal: []string{`Digest realm="cam", nonce="n", qop="auth"`}, password: "other"}, 401},
		{"basic, not allowed", &server{refusal: []string{`Basic realm="cam"`}, password: "s3cret"}, 0},
	} {
		s := newServer(t, c.server)
		_, err := open(s, "s3cret", false)
		var refused *StatusError
		if c.code == 0 && !errors.Is(err, challenge.ErrBasicOnly) || c.code != 0 && (!errors.As(err, &refused) || refused.Code != c.code) {
			t.Errorf("%s: %v", c.name, err)
		}
		if s.basics > 0 {
			t.Errorf("%s: the password went in clear", c.name)
		}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0") // takes connections and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if _, err := open(&server{Listener: ln}, "", false); err == nil {
		t.Error("a silent server is taken")
	}
}
