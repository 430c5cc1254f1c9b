package hls

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/lockout"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// logins of a test: who may watch which camera, by the password "secret".
type logins struct {
	mu   sync.Mutex
	may  map[string]media.CameraID
	seen string
}

func (l *logins) Password(name string) (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, ok := l.may[name]
	return "secret", ok
}

func (l *logins) May(name string, camera media.CameraID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.may[name] == camera
}

func (l *logins) Saw(name, door string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = name + " at " + door
}

func knock(t *testing.T, d *Door, user, password, path string) (int, http.Header) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, DoorPath+path, nil)
	if user != "" {
		r.SetBasicAuth(user, password)
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Code, w.Header()
}

// A login counts for its cameras alone and until it is withdrawn; a camera that it may not
// watch is like one that is not there.
func TestDoor(t *testing.T) {
	main, sub := newStudio(640, 360), newStudio(320, 180)
	s := newServer(t, Config{KeyframeWanted: func(id media.StreamID) {
		if id.Sub { // a keyframe of the other stream is of no use
			sub.wanted(id)
			return
		}
		main.wanted(id)
	}})
	main.run(t, s, lobby)
	sub.run(t, s, media.StreamID{Camera: "lobby", Sub: true})
	l := &logins{may: map[string]media.CameraID{"wall": "lobby"}}
	d := NewDoor(s, l, func(id media.CameraID) bool { return id == "lobby" || id == "hall" })
	for _, c := range []struct {
		user, password, path string
		want                 int
	}{
		{"", "", "lobby/index.m3u8", 401}, {"wall", "secret", "lobby/index.m3u8", 200}, {"wall", "secret", "lobby/sub/index.m3u8", 200},
		{"wall", "secret", "hall/index.m3u8", 404}, {"wall", "secret", "yard/index.m3u8", 404}, {"wall", "secret", "lobby/main/index.m3u8", 404},
		{"wall", "secret", "", 404}, {"wall", "wrong", "lobby/index.m3u8", 401}, {"nobody", "secret", "lobby/index.m3u8", 401},
	} {
		if code, h := knock(t, d, c.user, c.password, c.path); code != c.want || (code == 401) != strings.HasPrefix(h.Get("WWW-Authenticate"), "Basic ") {
			t.Errorf("%s of %q: %d, %v", c.path, c.user, code, h)
		}
	}
	if l.seen != "wall at hls" || s.Stats().LoginsFailed != 2 {
		t.Errorf("%q was seen, %d wrong logins", l.seen, s.Stats().LoginsFailed)
	}
	l.mu.Lock()
	delete(l.may, "wall")
	l.mu.Unlock()
	if code, _ := knock(t, d, "wall", "secret", "lobby/stream.m3u8"); code != http.StatusUnauthorized {
		t.Errorf("a login that was withdrawn gets %d", code)
	}
}

// Who guesses has to wait, with the right password too.
func TestGuessing(t *testing.T) {
	s := newServer(t, Config{})
	d := NewDoor(s, &logins{may: map[string]media.CameraID{"wall": "lobby"}}, func(media.CameraID) bool { return true })
	for range lockout.FreeTries + 1 {
		knock(t, d, "wall", "wrong", "lobby/index.m3u8")
	}
	if code, h := knock(t, d, "wall", "secret", "lobby/index.m3u8"); code != http.StatusTooManyRequests || h.Get("Retry-After") == "" {
		t.Errorf("%d, %v", code, h)
	}
}
