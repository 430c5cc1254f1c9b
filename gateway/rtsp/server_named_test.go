package rtsp

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	nvr       = "nvr" // a login that is limited to cameras
	nvrPass   = "recorders-password"
	withinTCP = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"
)

// named is a server with a login for all cameras and one for the lobby alone.
func named(t *testing.T) (*Server, *logins) {
	t.Helper()
	l := newLogins()
	l.set(nvr, nvrPass, "lobby")
	return startServer(t, func(c *ServerConfig) { c.Logins = l }), l
}

// admitted is a connection on which a login was proved.
func admitted(t *testing.T, s *Server, path, user, pass string) *rawViewer {
	t.Helper()
	r := rawDial(t, s, path)
	r.ask("DESCRIBE", "")
	r.ask("DESCRIBE", "", r.login("DESCRIBE", "", user, pass))
	return r
}

func asNVR(s *Server, path string) string {
	return "rtsp://" + nvr + ":" + nvrPass + "@" + s.Addrs().RTSP + "/" + path
}

// seen is how often a login was seen at this door.
func (l *logins) seen(name string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.saw[name+" by "+Door]
}

// A camera that a login may not watch is as one that is not there, by all requests.
func TestLoginOfOneCamera(t *testing.T) {
	t.Parallel()
	s, l := named(t)
	clip := clipOf(t, "160x120", 10)
	feed(t, s, "lobby", clip)
	var asked atomic.Int32
	publish(t, s, "yard", PathHooks{Asked: func() { asked.Add(1) }})
	w, err := connect(t, asNVR(s, "lobby"), nil)
	if err == nil {
		err = w.play()
	}
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "a frame", func() bool { return len(w.got()) > 0 })
	for _, path := range []string{"yard", "nowhere", "yard/sub"} {
		r := admitted(t, s, path, nvr, nvrPass)
		began := time.Now()
		if d, setup := r.ask("DESCRIBE", ""), r.ask("SETUP", "/trackID=0", withinTCP); d != 404 || setup != 404 || time.Since(began) > formatWait/2 {
			t.Errorf("%s: DESCRIBE %d, SETUP %d after %v", path, d, setup, time.Since(began))
		}
	}
	if asked.Load() > 0 {
		t.Error("who may not watch has the stream made")
	}
	before := l.seen(nvr)
	s.NoteViewers()
	if got := l.seen(nvr) - before; before == 0 || got != 1 || l.seen(testUser) > 0 {
		t.Errorf("seen %d times, then %d as it plays; the other one %d times", before, got, l.seen(testUser))
	}
	// Lost between SETUP and PLAY, without anybody's saying so.
	r := admitted(t, s, "lobby", nvr, nvrPass)
	if got := r.ask("SETUP", "/trackID=0", withinTCP); got != 200 {
		t.Fatal(got)
	}
	l.set(nvr, nvrPass, "yard")
	if got := r.ask("PLAY", ""); got != 404 {
		t.Errorf("PLAY: %d", got)
	}
}

// A session is its login's: another one that learnt its name does not play it.
func TestSessionOfAnotherLogin(t *testing.T) {
	t.Parallel()
	s, _ := named(t)
	feed(t, s, "lobby", clipOf(t, "160x120", 10))
	theirs := admitted(t, s, "lobby", testUser, testPass)
	if got := theirs.ask("SETUP", "/trackID=0", "Transport: RTP/AVP;unicast;client_port=35000-35001"); got != 200 {
		t.Fatal(got)
	}
	r := admitted(t, s, "lobby", nvr, nvrPass)
	r.session = theirs.session
	if got := r.ask("PLAY", ""); got != 404 {
		t.Errorf("PLAY: %d", got)
	}
}

// A login that is not there is refused like a wrong password, and as slowly.
func TestUnknownLogin(t *testing.T) {
	t.Parallel()
	s, _ := named(t)
	publish(t, s, "lobby", PathHooks{})
	for _, try := range [][2]string{{"nobody", nvrPass}, {nvr, "wrong"}, {nvr, testPass}, {testUser, nvrPass}, {"nobody", s.decoy}} {
		r := rawDial(t, s, "lobby")
		r.ask("DESCRIBE", "")
		login := r.login("DESCRIBE", "", try[0], try[1])
		began := time.Now()
		if got := r.ask("DESCRIBE", "", login); got != 401 || time.Since(began) < loginDelay {
			t.Errorf("%s: %d after %v", try[0], got, time.Since(began))
		}
	}
}

// What a login has open ends with its right to it: while it plays, by TCP and UDP, and
// before. Others go on.
func TestRecheck(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*logins)
		idle   bool // a connection that only was admitted ends, too
	}{
		{"withdrawn", func(l *logins) { l.set(nvr, "") }, true},
		{"another password", func(l *logins) { l.set(nvr, "another-password", "lobby") }, true},
		{"lost the camera", func(l *logins) { l.set(nvr, nvrPass, "yard") }, false},
		{"nothing changed for it", func(l *logins) { l.set("other", "others-password") }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, l := named(t)
			path := feed(t, s, "lobby", clipOf(t, "160x120", 10)).path
			stays := watch(t, s, "lobby")
			overUDP := func(c *gortsplib.Client) { udp := gortsplib.TransportUDP; c.Transport = &udp }
			for _, change := range []func(*gortsplib.Client){nil, overUDP} {
				w, err := connect(t, asNVR(s, "lobby"), change)
				if err == nil {
					err = w.play()
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			idle, setUp := admitted(t, s, "lobby", nvr, nvrPass), admitted(t, s, "lobby", nvr, nvrPass)
			if got := setUp.ask("SETUP", "/trackID=0", withinTCP); got != 200 {
				t.Fatal(got)
			}
			c.change(l)
			began := time.Now()
			s.Recheck()
			if c.name == "nothing changed for it" {
				if got := setUp.ask("PLAY", ""); got != 200 || path.Viewers() != 4 || idle.ask("OPTIONS", "") != 200 {
					t.Errorf("PLAY: %d, %d watch", got, path.Viewers())
				}
				return
			}
			waitViewers(t, path, 1)
			faultlog.Check(t, faultlog.Row{Topic: "viewer", Fault: "a login at the streams: " + c.name, Ends: "its viewers are disconnected; others stay", Bound: time.Second}, time.Since(began))
			if got := setUp.ask("PLAY", ""); got == 200 {
				t.Error("it plays what it had set up")
			}
			if got := idle.ask("OPTIONS", ""); c.idle != (got == 0) {
				t.Errorf("the idle connection is answered %d", got)
			}
			seen := len(stays.got())
			eventually(t, "the other login goes on", func() bool { return len(stays.got()) > seen+5 })
		})
	}
}

// A sub-stream has a path of its own, below its camera's; a camera may be called "sub".
func TestSubStreamPaths(t *testing.T) {
	t.Parallel()
	s, _ := named(t)
	clip := clipOf(t, "160x120", 10)
	asked := map[string]*atomic.Int32{}
	for _, id := range []media.StreamID{{Camera: "lobby"}, {Camera: "lobby", Sub: true}, {Camera: "sub"}, {Camera: "sub", Sub: true}} {
		n := &atomic.Int32{}
		asked[id.String()] = n
		f := &feeder{clip: clip, start: time.Now()}
		hooks := f.hooks()
		hooks.Asked = func() { n.Add(1) }
		f.path = publishStream(t, s, id, hooks)
		f.step(t)
	}
	for url, want := range map[string]string{
		"lobby": "lobby", "lobby/sub": "lobby/sub", "lobby/sub/": "lobby/sub", "/lobby//sub": "lobby/sub", "lobby/sub?a=b": "lobby/sub", "sub": "sub", "sub/sub": "sub/sub",
	} {
		before := asked[want].Load()
		r := admitted(t, s, url, testUser, testPass)
		if !strings.Contains(string(r.last.Body), "s="+want+"\r\n") {
			t.Errorf("%s: %s", url, r.last.Body)
		}
		track := "/trackID=0"
		if got := r.ask("SETUP", track, withinTCP); got != 200 {
			t.Errorf("%s: SETUP %d", url, got)
		}
		if got := r.ask("PLAY", ""); got != 200 && got != 400 { // 400: of another spelling, as gortsplib has it
			t.Errorf("%s: PLAY %d", url, got)
		}
		if got := asked[want].Load() - before; got != 2 {
			t.Errorf("%s: asked for %d times by DESCRIBE and SETUP", url, got)
		}
	}
	for _, url := range []string{"lobby/sub/sub", "lobby/main", "yard/sub", "/sub/lobby"} {
		if got := admitted(t, s, url, testUser, testPass).ask("DESCRIBE", ""); got != 404 {
			t.Errorf("%s: %d", url, got)
		}
	}
}

// Who comes for a stream that is not made yet has it made, and gets its parameters.
func TestAskedBegins(t *testing.T) {
	t.Parallel()
	s, _ := named(t)
	f := &feeder{clip: clipOf(t, "160x120", 10), start: time.Now()}
	begin := make(chan struct{}, 10)
	f.path = publishStream(t, s, media.StreamID{Camera: "lobby", Sub: true}, PathHooks{Asked: func() { begin <- struct{}{} }})
	done := make(chan struct{})
	go func() {
		defer close(done)
		<-begin
		f.step(t)
	}()
	r := admitted(t, s, "lobby/sub", testUser, testPass)
	<-done
	if !strings.Contains(string(r.last.Body), "sprop-parameter-sets") {
		t.Errorf("%s", r.last.Body)
	}
}
