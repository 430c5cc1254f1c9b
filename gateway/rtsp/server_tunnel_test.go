package rtsp

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/gateway/rtsp/tunnel"
)

// tunnelDial connects through HTTP from an address of this host; what is written by hand
// goes through.
func tunnelDial(t *testing.T, s *Server, path, local string) *rawViewer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(local)}}
	c, err := tunnel.Open(ctx, tunnel.Config{
		Dial: func(ctx context.Context) (net.Conn, error) { return d.DialContext(ctx, "tcp", s.Addrs().RTSP) },
		Host: s.Addrs().RTSP, Path: "/" + path, Timeout: patience,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &rawViewer{t: t, c: c, url: urlOf(s, path)}
}

// Our own source reads what another gateway of ours sends through HTTP, and HTTPS.
func TestSourceReadsServerThroughHTTP(t *testing.T) {
	t.Parallel()
	cert, key := certificate(t)
	s := startServer(t, func(c *ServerConfig) { c.TLSAddr, c.TLSCert, c.TLSKey = "127.0.0.1:0", cert, key })
	feed(t, s, "lobby", clipOf(t, "160x120", 10))
	for scheme, addr := range map[string]string{"rtsp+http": s.Addrs().RTSP, "rtsps": s.Addrs().RTSPS} {
		got, err := Probe(t.Context(), SourceConfig{ID: "lobby", URL: scheme + "://" + addr + "/lobby", Transport: overHTTP, User: testUser, Password: testPass, InsecureTLS: true})
		if err != nil || got.Width != 160 || got.Height != 120 || got.Transport != overHTTP {
			t.Errorf("%s: %+v, %v", scheme, got, err)
		}
	}
}

// Through the tunnel hold the rules that hold beside it.
func TestTunnelRules(t *testing.T) {
	t.Parallel()
	s, l := named(t)
	path := feed(t, s, "lobby", clipOf(t, "160x120", 10)).path
	publish(t, s, "yard", PathHooks{})
	enter := func(camera, user, pass string) *rawViewer {
		r := tunnelDial(t, s, camera, "127.0.0.1")
		r.ask("DESCRIBE", "")
		r.ask("DESCRIBE", "", r.login("DESCRIBE", "", user, pass))
		return r
	}
	if got := enter("lobby", nvr, "wrong").ask("DESCRIBE", ""); got != 0 {
		t.Errorf("after a wrong login: %d", got)
	}
	if got := enter("yard", nvr, nvrPass).last.StatusCode; got != 404 {
		t.Errorf("another's camera: %d", got)
	}
	r := enter("lobby", nvr, nvrPass)
	if got := r.ask("SETUP", "/trackID=0", "Transport: RTP/AVP;unicast;client_port=5000-5001"); got != 461 {
		t.Errorf("UDP: %d", got)
	}
	r = enter("lobby", nvr, nvrPass)
	playRaw(t, r)
	waitViewers(t, path, 1)
	l.set(nvr, "")
	s.Recheck()
	waitViewers(t, path, 0)
	if _, err := io.Copy(io.Discard, r.br); err != nil && strings.Contains(err.Error(), "timeout") {
		t.Error("a withdrawn login plays on")
	}
}

// Both connections of a tunnel are counted, and stay for as long as it plays.
func TestTunnelKeepsItsPlaces(t *testing.T) {
	t.Parallel()
	s := NewServer(ServerConfig{Addr: "127.0.0.1:0", Anonymous: true}, testLog(t))
	s.idle = 500 * time.Millisecond
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	path := feed(t, s, "lobby", clipOf(t, "160x120", 10)).path
	r := tunnelDial(t, s, "lobby", "127.0.0.1")
	playRaw(t, r)
	idle := tunnelDial(t, s, "lobby", "127.0.0.1")
	if got := idle.ask("OPTIONS", ""); got != 200 || s.Stats().Conns != 4 {
		t.Errorf("OPTIONS %d, %d connections", got, s.Stats().Conns)
	}
	eventually(t, "the tunnel that does not play is closed", func() bool { return s.Stats().Conns == 2 })
	end := time.Now().Add(3 * s.idle)
	for r.c.SetReadDeadline(end.Add(patience)); time.Now().Before(end); {
		if _, err := r.br.ReadByte(); err != nil {
			t.Fatalf("the viewer was cut off: %v", err)
		}
	}
	r.c.Close()
	waitViewers(t, path, 0)
	eventually(t, "all places are free", func() bool { return s.Stats().Conns == 0 })
}

// Three hundred that open half a tunnel or one that says nothing, and fifty whose requests
// trickle or who play and never read: a viewer from elsewhere does not notice, and another comes in.
func TestTunnelCrowd(t *testing.T) {
	idle, slow := 60, 10
	if os.Getenv("BAUTA_LONG") != "" {
		idle, slow = 300, 50
	}
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	clip := clipOf(t, "160x120", 10)
	slowly(t, s, "lobby", clip)
	slowly(t, s, "yard", clip)
	first := watchAnonymous(t, s, "lobby")
	eventually(t, "the first viewer's frame", func() bool { return len(first.got()) > 0 })
	began := time.Now()
	for i := range idle {
		from := fmt.Sprintf("127.0.0.%d", 2+i%5)
		c := dialFrom(t, from, s.Addrs().RTSP)
		fmt.Fprintf(c, "GET /lobby HTTP/1.0\r\nx-sessioncookie: %d\r\n\r\n", i)
		if i%3 == 0 {
			c := dialFrom(t, from, s.Addrs().RTSP)
			fmt.Fprintf(c, "POST /lobby HTTP/1.0\r\nx-sessioncookie: %d\r\nContent-Length: 32767\r\n\r\n", i)
		}
	}
	trickleFrom(t, s, slow/2)
	for range slow - slow/2 {
		playRaw(t, tunnelDial(t, s, "yard", "127.0.0.8")) // and never reads
	}
	w, err := connect(t, urlOf(s, "lobby"), from("127.0.0.9"))
	if err == nil {
		err = w.play()
	}
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "a frame for a newcomer", func() bool { return len(w.got()) > 0 })
	faultlog.Check(t, faultlog.Row{Topic: "viewer", Fault: "RTSP over HTTP: 300 idle or half tunnels, 50 that trickle or never read (fewer in the short form)", Ends: "viewers elsewhere miss nothing, another has a picture", Bound: 30 * time.Second}, time.Since(began))
	seen := len(first.got())
	eventually(t, "the first viewer goes on", func() bool { return len(first.got()) > seen+20 })
	first.mu.Lock()
	defer first.mu.Unlock()
	if first.lost > 0 {
		t.Errorf("the first viewer lost %d packets", first.lost)
	}
	for i := 1; i < len(first.seen); i++ {
		if gap := first.seen[i].Sub(first.seen[i-1]); gap > time.Second {
			t.Errorf("the first viewer waited %v for a frame", gap)
		}
	}
}

// trickleFrom sends requests byte by byte until the test ends or the tunnel does.
func trickleFrom(t *testing.T, s *Server, n int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	t.Cleanup(func() { cancel(); all.Wait() })
	body := base64.StdEncoding.EncodeToString([]byte("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nX: " + strings.Repeat("x", 3000)))
	for i := range n {
		get, post := dialFrom(t, "127.0.0.7", s.Addrs().RTSP), dialFrom(t, "127.0.0.7", s.Addrs().RTSP)
		fmt.Fprintf(get, "GET /lobby HTTP/1.0\r\nx-sessioncookie: slow-%d\r\n\r\n", i)
		all.Go(func() {
			tick := time.NewTicker(50 * time.Millisecond)
			defer tick.Stop()
			for _, b := range fmt.Sprintf("POST /lobby HTTP/1.0\r\nx-sessioncookie: slow-%d\r\n\r\n", i) + body {
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
				if _, err := post.Write([]byte{byte(b)}); err != nil {
					return
				}
			}
		})
	}
}
