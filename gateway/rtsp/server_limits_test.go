package rtsp

import (
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestConfig(t *testing.T) {
	t.Parallel()
	cert, key := certificate(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for name, c := range map[string]struct {
		cfg  ServerConfig
		want string
	}{
		"no login":      {ServerConfig{Addr: "127.0.0.1:0"}, "no login"},
		"half TLS":      {ServerConfig{TLSCert: cert, Anonymous: true}, "both files"},
		"TLS, no files": {ServerConfig{TLSAddr: "127.0.0.1:0", Anonymous: true}, "without a certificate"},
		"wrong files":   {ServerConfig{TLSAddr: "127.0.0.1:0", TLSCert: key, TLSKey: cert, Anonymous: true}, "check both"},
		"taken":         {ServerConfig{Addr: taken.Addr().String(), Anonymous: true}, "choose another"},
		"odd RTP port": {ServerConfig{
			Addr: "127.0.0.1:0", UDP: true, RTPAddr: "127.0.0.1:50001", Anonymous: true,
		}, "even"},
	} {
		s := NewServer(c.cfg, testLog(t))
		if err := s.Start(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		s.Close()
	}
}

func TestPublishErrors(t *testing.T) {
	t.Parallel()
	s := startServer(t, nil)
	p := publish(t, s, "lobby", PathHooks{})
	if _, err := s.Publish(media.StreamID{Camera: "lobby"}, PathHooks{}); !errors.Is(err, ErrPathTaken) {
		t.Errorf("twice: %v", err)
	}
	p.Close()
	p.Close()
	publish(t, s, "lobby", PathHooks{})
	s.Close()
	if _, err := s.Publish(media.StreamID{Camera: "hall"}, PathHooks{}); !errors.Is(err, ErrServerClosed) {
		t.Errorf("after close: %v", err)
	}
	if err := s.Start(); !errors.Is(err, ErrServerClosed) {
		t.Errorf("start after close: %v", err)
	}
	p.Write(media.Clean{}) // harmless
}

// Viewers have their places for as long as they watch; whoever does not yet
// has to make room.
func TestConnLimit(t *testing.T) {
	t.Parallel()
	s := startServer(t, func(c *ServerConfig) { c.MaxConns, c.Anonymous = 3, true })
	feed(t, s, "lobby", clipOf(t, "160x120", 10))
	var open []*rawViewer
	for range 3 {
		r := rawDial(t, s, "lobby")
		playRaw(t, r)
		open = append(open, r)
	}
	if got := rawDial(t, s, "lobby").ask("OPTIONS", ""); got != 0 {
		t.Errorf("one too many is answered: %d", got)
	}
	if st := s.Stats(); st.Conns != 3 || st.ConnsRefused != 1 || st.ConnsDropped != 0 {
		t.Errorf("%+v", st)
	}
	open[0].c.Close()
	began := time.Now()
	eventually(t, "room for another", func() bool { return s.Stats().Conns == 2 })
	idle := rawDial(t, s, "lobby")
	if got := idle.ask("OPTIONS", ""); got != 200 {
		t.Errorf("after one left: %d", got)
	}
	faultlog.Check(t, faultlog.Row{Topic: "viewer", Fault: "more connections than allowed", Ends: "refused at once, and let in as soon as one leaves", Bound: 5 * time.Second}, time.Since(began))
	playRaw(t, rawDial(t, s, "lobby"))
	if got := idle.ask("OPTIONS", ""); got != 0 {
		t.Errorf("who did not watch still has a place: %d", got)
	}
}

// dialFrom connects from another address of this host.
func dialFrom(t *testing.T, local, addr string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(local)}, Timeout: patience}
	c, err := d.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// from makes a viewer connect from another address of this host.
func from(local string) func(*gortsplib.Client) {
	return func(c *gortsplib.Client) {
		c.DialContext = (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(local)}}).DialContext
	}
}

// Three hundred connections of one address that do nothing keep nobody else
// out, and who watches from that very address stays.
func TestIdleCrowdOfOneAddress(t *testing.T) {
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	slowly(t, s, "lobby", clipOf(t, "160x120", 10))
	first := watchAnonymous(t, s, "lobby")
	eventually(t, "a frame", func() bool { return len(first.got()) > 0 })
	for range 300 {
		dialFrom(t, "127.0.0.1", s.Addrs().RTSP)
	}
	eventually(t, "half of all places are the one address's", func() bool { return s.Stats().Conns == MaxIdle+1 })
	began := time.Now()
	w, err := connect(t, urlOf(s, "lobby"), from("127.0.0.2"))
	if err == nil {
		err = w.play()
	}
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "a frame for the other address", func() bool { return len(w.got()) > 0 })
	faultlog.Check(t, faultlog.Row{Topic: "viewer", Fault: "300 connections of one address that say nothing", Ends: "a viewer from another address has a picture", Bound: 5 * time.Second}, time.Since(began))
	seen := len(first.got())
	eventually(t, "the first viewer goes on", func() bool { return len(first.got()) > seen+5 })
	first.mu.Lock()
	defer first.mu.Unlock()
	if first.lost > 0 {
		t.Errorf("the first viewer lost %d packets", first.lost)
	}
}

// The time from accept to PLAY is bounded, whatever is said meanwhile and
// however the login is; so is that of a TLS handshake.
func TestHandshakeLimit(t *testing.T) {
	t.Parallel()
	cert, key := certificate(t)
	s := NewServer(ServerConfig{Addr: "127.0.0.1:0", TLSAddr: "127.0.0.1:0", TLSCert: cert, TLSKey: key, Logins: newLogins()}, testLog(t))
	s.idle = 500 * time.Millisecond
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	feed(t, s, "lobby", clipOf(t, "160x120", 10))
	silent := dialFrom(t, "127.0.0.1", s.Addrs().RTSPS)
	talker := rawDial(t, s, "lobby")
	talker.ask("DESCRIBE", "")
	if got := talker.ask("DESCRIBE", "", talker.login("DESCRIBE", "", testUser, testPass)); got != 200 {
		t.Fatal(got)
	}
	began := time.Now()
	for talker.ask("OPTIONS", "") == 200 {
		if time.Since(began) > 10*s.idle {
			t.Fatal("whoever keeps asking stays for ever")
		}
		time.Sleep(20 * time.Millisecond)
	}
	_ = silent.SetReadDeadline(time.Now().Add(patience))
	if _, err := silent.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a TLS handshake that does not begin: %v", err)
	}
}

// A connection that does nothing useful ends; one that watches does not.
func TestIdle(t *testing.T) {
	t.Parallel()
	s := NewServer(ServerConfig{Addr: "127.0.0.1:0", Logins: newLogins()}, testLog(t))
	s.idle = 300 * time.Millisecond
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	feed(t, s, "lobby", clipOf(t, "160x120", 10))
	watcher := rawDial(t, s, "lobby")
	watcher.ask("DESCRIBE", "")
	if got := watcher.ask("DESCRIBE", "", watcher.login("DESCRIBE", "", testUser, testPass)); got != 200 {
		t.Fatal(got)
	}
	playRaw(t, watcher)
	began := time.Now()
	rawDial(t, s, "lobby") // says nothing
	stranger := rawDial(t, s, "lobby")
	eventually(t, "a stranger's questions do not keep him", func() bool {
		return stranger.ask("OPTIONS", "") == 0
	})
	eventually(t, "only the viewer is left", func() bool { return s.Stats().Conns == 1 })
	faultlog.Check(t, faultlog.Row{Topic: "viewer", Fault: "half-open connections (limit set to 300 ms instead of 20 s)", Ends: "closed; viewers stay", Bound: 5 * time.Second}, time.Since(began))
	end := time.Now().Add(3 * s.idle)
	_ = watcher.c.SetReadDeadline(end.Add(patience))
	for time.Now().Before(end) {
		if _, err := watcher.br.ReadByte(); err != nil {
			t.Fatalf("the viewer was cut off: %v", err)
		}
	}
}

func TestViewerLimit(t *testing.T) {
	t.Parallel()
	clip := clipOf(t, "160x120", 10)
	s := startServer(t, func(c *ServerConfig) { c.MaxViewers = 2 })
	f := feed(t, s, "lobby", clip)
	first := watch(t, s, "lobby")
	watch(t, s, "lobby")
	w, err := connect(t, withLogin(s, "lobby"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err = w.play(); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("one too many: %v", err)
	}
	if st := f.path.Stats(); st.Viewers != 2 || st.ViewersRefused != 1 {
		t.Errorf("%+v", st)
	}
	first.client.Close()
	waitViewers(t, f.path, 1)
	watch(t, s, "lobby")
}

func TestUnknownPath(t *testing.T) {
	t.Parallel()
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	feed(t, s, "lobby", clipOf(t, "160x120", 10))
	for _, path := range []string{"", "nowhere", "Lobby", "lobby/x", "%00", strings.Repeat("x", 500), "../lobby"} {
		r := rawDial(t, s, path)
		if got := r.ask("DESCRIBE", ""); got != 404 {
			t.Errorf("DESCRIBE %q: %d", path, got)
		}
		if got := r.ask("SETUP", "/trackID=0", "Transport: RTP/AVP/TCP;interleaved=0-1"); got != 404 {
			t.Errorf("SETUP %q: %d", path, got)
		}
	}
	for _, path := range []string{"lobby", "lobby/", "lobby//", "lobby?x=y", "lobby/?x=y", "lobby?x=/"} {
		if got := rawDial(t, s, path).ask("DESCRIBE", ""); got != 200 {
			t.Errorf("DESCRIBE %q: %d", path, got)
		}
	}
}
