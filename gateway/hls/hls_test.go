package hls

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/worker/slate"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const patience = 20 * time.Second

var (
	lobby = media.StreamID{Camera: "lobby"}
	hall  = media.StreamID{Camera: "hall"}
)

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

func newServer(t *testing.T, cfg Config) *Server {
	t.Helper()
	s := New(cfg)
	t.Cleanup(s.Close)
	return s
}

// studio makes a stream of slates, real H.264, as fast as a test wants it.
type studio struct {
	mu    sync.Mutex
	slate *slate.Slate
	asked atomic.Bool
	pts   media.Ticks90k
	at    time.Time
}

func newStudio(width, height int) *studio {
	s := &studio{at: time.Now()}
	s.resize(width, height)
	return s
}

// resize begins another size, as a camera does that comes after a slate.
func (s *studio) resize(width, height int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.slate = slate.New(width, height)
	s.slate.SetCard(slate.Card{Title: slate.Text{EN: "Picture withheld", ZH: "画面暂不显示"}, Camera: "lobby"})
}

func (s *studio) wanted(media.StreamID) { s.asked.Store(true) }

// next is the next frame, after so long.
func (s *studio) next(after time.Duration) media.Clean {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pts += media.TicksOf(after)
	s.at = s.at.Add(after)
	nalus, key := s.slate.Next(s.at, s.asked.Swap(false))
	return media.VouchSlate(nalus, key, s.pts, s.at)
}

// run plays to a server until the test ends.
func (s *studio) run(t *testing.T, to *Server, id media.StreamID) {
	stop, done := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(stop); <-done })
	go func() {
		defer close(done)
		for tick := time.NewTicker(40 * time.Millisecond); ; {
			select {
			case <-stop:
				tick.Stop()
				return
			case <-tick.C:
				to.Write(id, s.next(40*time.Millisecond))
			}
		}
	}()
}

// site serves a server's streams without a login, at /lobby/index.m3u8.
func site(t *testing.T, s *Server) string {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, name, ok := parsePath(r.URL.Path)
		if !ok {
			http.NotFound(w, r)
			return
		}
		source := connlimit.Source(r.RemoteAddr)
		s.Serve(w, r, id, name, Viewer{r.Header.Get("User-Agent") + "@" + source, source}, func(err error) { refuse(w, r, err) })
	}))
	t.Cleanup(srv.Close)
	return srv.URL + DoorPath
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

func mustGet(t *testing.T, url string) string {
	t.Helper()
	code, body := get(t, url)
	if code != http.StatusOK {
		t.Fatalf("%s: %d: %s", url, code, body)
	}
	return body
}

// The first request begins the stream, playlists lead to its files, and what is to come is
// waited for.
func TestPlaylists(t *testing.T) {
	clip := newStudio(640, 360)
	s := newServer(t, Config{KeyframeWanted: clip.wanted})
	clip.run(t, s, lobby)
	at := site(t, s) + "lobby/"
	if index := mustGet(t, at+Index); !strings.Contains(index, `CODECS="avc1.42c0`) || !strings.HasSuffix(index, "\n"+playlist+"\n") {
		t.Errorf("index:\n%s", index)
	}
	list := mustGet(t, at+playlist+"?_HLS_msn=1&_HLS_part=0")
	for _, want := range []string{"#EXT-X-TARGETDURATION:2\n", "CAN-BLOCK-RELOAD=YES", "#EXT-X-PART-INF:PART-TARGET=0.45", "#EXT-X-MAP:URI=\"init-", "INDEPENDENT=YES", "#EXTINF:", "segment-", "#EXT-X-PROGRAM-DATE-TIME:"} {
		if !strings.Contains(list, want) {
			t.Errorf("no %q in\n%s", want, list)
		}
	}
	for _, name := range files(list) {
		if body := mustGet(t, at+name); body[4:8] != "ftyp" && body[4:8] != "moof" {
			t.Errorf("%s begins with %q", name, body[:8])
		}
	}
	for _, bad := range []string{"x", "init-x-1.mp4", "part--1.mp4", playlist + "?_HLS_msn=99", playlist + "?_HLS_msn=x", playlist + "?_HLS_part=1"} {
		if code, _ := get(t, at+bad); code != http.StatusNotFound {
			t.Errorf("%s: %d", bad, code)
		}
	}
}

// files are all that a playlist names, the hint at the next part too.
func files(list string) (all []string) {
	for line := range strings.Lines(list) {
		line = strings.TrimSpace(line)
		if _, uri, ok := strings.Cut(line, `URI="`); ok {
			name, _, _ := strings.Cut(uri, `"`)
			all = append(all, name)
		} else if line != "" && line[0] != '#' {
			all = append(all, line)
		}
	}
	return all
}

// Another size has another init segment, marked as a break, and memory holds some seconds
// however long the stream is.
func TestSizeChanges(t *testing.T) {
	clip := newStudio(640, 360)
	m := newMuxer()
	feed := func(seconds int) {
		for range seconds * 25 {
			if err := m.write(clip.next(40 * time.Millisecond)); err != nil {
				t.Fatal(err)
			}
		}
	}
	feed(5)
	clip.resize(1280, 720)
	feed(5)
	list := string(m.playlist())
	if n := strings.Count(list, "#EXT-X-MAP"); n != 2 || strings.Count(list, "#EXT-X-DISCONTINUITY\n") != 1 {
		t.Errorf("%d init segments in\n%s", n, list)
	}
	before := m.bytes
	feed(60)
	list = string(m.playlist())
	if len(m.segments) > keptSegments+1 || len(m.initials) != 1 || m.bytes > 3*before || strings.Contains(list, "#EXT-X-DISCONTINUITY\n") || !strings.Contains(list, "#EXT-X-DISCONTINUITY-SEQUENCE:1\n") {
		t.Errorf("%d segments, %d init segments, %d bytes (%d before) in\n%s", len(m.segments), len(m.initials), m.bytes, before, list)
	}
}

// Parts and segments keep to what the playlist says of them, at any rate of frames.
func TestDurations(t *testing.T) {
	for _, pause := range []time.Duration{time.Second / 60, 40 * time.Millisecond, time.Second / 15, 100 * time.Millisecond, 200 * time.Millisecond} {
		clip, m := newStudio(320, 180), newMuxer()
		for at := time.Duration(0); at < 10*time.Second; at += pause {
			if m.wantsKeyframe() {
				clip.wanted(lobby)
			}
			if err := m.write(clip.next(pause)); err != nil {
				t.Fatal(err)
			}
		}
		for i, s := range m.segments[:len(m.segments)-1] {
			if s.ticks > segmentMost+media.TicksOf(pause) {
				t.Errorf("%v: segment %d takes %v", pause, s.number, s.ticks.Duration())
			}
			for j, p := range s.parts {
				if p.ticks > partTarget || j < len(s.parts)-1 && p.ticks < partTarget*85/100 {
					t.Errorf("%v: part %d of segment %d takes %v", pause, j, i, p.ticks.Duration())
				}
			}
			if !s.parts[0].independent {
				t.Errorf("%v: segment %d begins without a keyframe", pause, s.number)
			}
		}
	}
}

// A stream without keyframes is cut all the same, and one with huge frames stays bounded.
func TestBounds(t *testing.T) {
	clip, m := newStudio(320, 180), newMuxer()
	first := clip.next(40 * time.Millisecond)
	huge := make([]byte, 1<<20)
	huge[0] = 0x41 // a frame that is no keyframe
	pts := first.PTS()
	if err := m.write(first); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		pts += 3600
		if err := m.write(media.VouchSlate([][]byte{huge}, false, pts, time.Now())); err != nil {
			t.Fatal(err)
		}
		if m.bytes > MaxStream+maxSegment {
			t.Fatalf("%d bytes", m.bytes)
		}
	}
	if list := string(m.playlist()); strings.Contains(list, "INDEPENDENT") {
		t.Errorf("a keyframe where none was:\n%s", list)
	}
}

// Who watches is counted from the first request on, in order, until nothing is asked for.
func TestWatching(t *testing.T) {
	var mu sync.Mutex
	var said []string
	s := newServer(t, Config{Watching: func(id media.StreamID, n int) {
		mu.Lock()
		defer mu.Unlock()
		said = append(said, fmt.Sprint(id, n))
	}})
	s.limit = 200 * time.Millisecond
	sub := media.StreamID{Camera: "lobby", Sub: true}
	for _, name := range []string{"a", "b", "a"} {
		st, err := s.admit(sub, Viewer{name, "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		s.count.Changed(sub)
		s.release(st, Viewer{name, "192.0.2.1"})
	}
	if n := s.Viewers(sub); n != 2 || s.Viewers(lobby) != 0 {
		t.Errorf("%d viewers", n)
	}
	until(t, "nobody watches", func() bool { return s.Stats().Streams == 0 })
	until(t, "it was said", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(said) > 0 && said[len(said)-1] == "lobby/sub 0"
	})
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(said[:2], []string{"lobby/sub 1", "lobby/sub 2"}) {
		t.Errorf("%q", said)
	}
}

func TestLimits(t *testing.T) {
	s := newServer(t, Config{Streams: 1, PerStream: 2, Requests: 3, PerSource: 2})
	ask := func(id media.StreamID, name, source string) error {
		_, err := s.admit(id, Viewer{name, source})
		return err
	}
	for _, c := range []struct {
		id           media.StreamID
		name, source string
		busy         bool
	}{{lobby, "a", "x", false}, {hall, "a", "x", true}, {lobby, "b", "x", false}, {lobby, "b", "x", true}, {lobby, "c", "y", true}, {lobby, "a", "y", false}, {lobby, "a", "z", true}} {
		if err := ask(c.id, c.name, c.source); errors.Is(err, ErrBusy) != c.busy {
			t.Errorf("%v: %v", c, err)
		}
	}
	s.Close()
	if err := ask(lobby, "a", "q"); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// What waits ends with Close, with the request and with the camera.
func TestWaitEnds(t *testing.T) {
	clip := newStudio(640, 360)
	s := newServer(t, Config{KeyframeWanted: clip.wanted})
	at := site(t, s) + "lobby/"
	answers := make(chan int, 40)
	for range cap(answers) {
		go func() {
			res, err := http.Get(at + playlist)
			if err != nil {
				answers <- 0
				return
			}
			res.Body.Close()
			answers <- res.StatusCode
		}()
	}
	until(t, "all wait", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return s.requests["127.0.0.1"] == cap(answers) })
	s.EndCamera("lobby")
	for range cap(answers) {
		if code := <-answers; code != http.StatusNotFound {
			t.Errorf("%d", code)
		}
	}
	if s.Viewers(lobby) != 0 {
		t.Error("a camera that is gone has viewers")
	}
}

// FuzzFile: whatever a name is, it is a file or none.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{Index, playlist, "part-abc-7.mp4", "init-abc-1.mp4", "segment-abc-99999999999999999999.mp4", "--.mp4", ""} {
		f.Add(seed, "1", "2")
	}
	clip, m := newStudio(320, 180), newMuxer()
	for range 200 {
		if err := m.write(clip.next(40 * time.Millisecond)); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, name, segment, part string) {
		got, err := parseFile(name, segment, part)
		if err != nil {
			return
		}
		content, ready, err := m.find(got)
		if n := len(content); (n > 0) == (err != nil) && ready == nil {
			t.Errorf("%q: %d pieces, %v", name, n, err)
		}
	})
}

func FuzzPath(f *testing.F) {
	for _, seed := range []string{"/hls/lobby/index.m3u8", "/hls/lobby/sub/index.m3u8", "/hls/sub/sub/x", "/hls//", "/hls/", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		id, _, ok := parsePath(path)
		if _, err := media.ParseCameraID(string(id.Camera)); ok && err != nil {
			t.Errorf("%q: %v", path, err)
		}
	})
}

// A consent that is withdrawn shows nobody a second later, not by what is kept either: the parts that
// showed a face are gone at once, and those that came until it was masked. Players go on behind them,
// and what shows nobody stays.
func TestWithdrawn(t *testing.T) {
	for name, c := range map[string]struct {
		shown int
		gone  bool
	}{"a face shown": {1, true}, "nobody shown": {0, false}} {
		t.Run(name, func(t *testing.T) {
			f := newStudio(320, 180)
			s := newServer(t, Config{KeyframeWanted: f.wanted})
			at := site(t, s) + "lobby/"
			var first sync.WaitGroup
			first.Go(func() { // which begins the stream
				if res, err := http.Get(at + Index); err == nil {
					res.Body.Close()
				}
			})
			defer first.Wait()
			until(t, "the stream is cut", func() bool { return s.Viewers(lobby) == 1 })
			play := func(frames, shown int) {
				t.Helper()
				for range frames {
					u := f.next(40 * time.Millisecond)
					v, err := media.Vouch(u.NALUs(), u.Keyframe(), media.Record{Code: media.Masked, PTS: u.PTS(), NTP: u.NTP(), Shown: shown})
					if err != nil {
						t.Fatal(err)
					}
					s.Write(lobby, v)
				}
			}
			play(150, c.shown)
			before := mustGet(t, at+playlist)
			s.Withdrawn()
			assertGone(t, at, before, c.gone)
			f.wanted(lobby)
			play(60, c.shown) // until it is masked
			late := mustGet(t, at+playlist)
			if strings.Contains(late, "MEDIA-SEQUENCE:0\n") == c.gone {
				t.Errorf("numbers begin anew, or stop:\n%s", late)
			}
			until(t, "the second is over", func() bool {
				s.mu.Lock()
				defer s.mu.Unlock()
				return s.withdrawn.IsZero()
			})
			assertGone(t, at, late, c.gone)
			f.wanted(lobby)
			play(60, 0)
			s.Withdrawn()
			assertGone(t, at, mustGet(t, at+playlist), false)
		})
	}
}

// assertGone fetches the media that a playlist lists.
func assertGone(t *testing.T, at, list string, gone bool) {
	t.Helper()
	files := 0
	for line := range strings.Lines(list) {
		name := strings.TrimSpace(line)
		if _, quoted, ok := strings.Cut(name, `EXT-X-PART:`); ok {
			_, name, _ = strings.Cut(quoted, `URI="`)
			name, _, _ = strings.Cut(name, `"`)
		}
		if !strings.HasSuffix(name, ".mp4") {
			continue
		}
		files++
		if code, _ := get(t, at+name); (code == http.StatusNotFound) != gone {
			t.Errorf("%s: %d, want it gone: %v", name, code, gone)
		}
	}
	if files == 0 {
		t.Errorf("nothing is listed:\n%s", list)
	}
}
