package whep

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"github.com/bauta-gateway/bauta/gateway/whep/wheptest"
	"github.com/bauta-gateway/bauta/gateway/worker/slate"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	patience = 20 * time.Second
)

var (
	lobby = media.StreamID{Camera: "lobby"}
	hall  = media.StreamID{Camera: "hall"}
	yard  = media.StreamID{Camera: "yard"}
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
	cfg.Log = slog.New(slog.DiscardHandler)
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// studio makes a camera's stream of slates: real H.264, every NAL unit of which it
// remembers.
type studio struct {
	slate *slate.Slate
	begun time.Time
	asked atomic.Bool
	mu    sync.Mutex
	made  map[string]bool
}

func newStudio() *studio {
	s := &studio{slate: slate.New(640, 360), begun: time.Now(), made: map[string]bool{}}
	s.slate.SetCard(slate.Card{Title: slate.Text{EN: "Picture withheld", ZH: "画面暂不显示"}, Camera: "lobby"})
	return s
}

func (s *studio) wanted(media.StreamID) { s.asked.Store(true) }

func (s *studio) next() media.Clean {
	now := time.Now()
	nalus, key := s.slate.Next(now, s.asked.Swap(false))
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range nalus {
		s.made[string(u)] = true
	}
	return media.VouchSlate(nalus, key, media.TicksOf(now.Sub(s.begun)), now)
}

func (s *studio) knows(nalu []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.made[string(nalu)]
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
				to.Write(id, s.next())
			}
		}
	}()
}

// client is a viewer by pion.
type client struct {
	pc    wheptest.Viewer
	name  string
	units chan [][]byte
	err   atomic.Pointer[error]
}

// join connects a viewer to a camera.
func join(t *testing.T, s *Server, id media.StreamID, kinds ...webrtc.RTPCodecType) *client {
	t.Helper()
	pc, o := wheptest.Offer(t, append(kinds, webrtc.RTPCodecTypeVideo)...)
	c := &client{pc: pc, units: make(chan [][]byte, 500)}
	pc.Watch(func(unit [][]byte, err error) {
		if err != nil {
			c.err.Store(&err)
			return
		}
		select {
		case c.units <- unit:
		default:
		}
	})
	answer, name, err := s.Offer(t.Context(), id, "192.0.2.1", o)
	if err != nil {
		t.Fatal(err)
	}
	c.name = name
	pc.Accept(t, answer)
	return c
}

// frames waits for n access units.
func (c *client) frames(t *testing.T, n int) [][][]byte {
	t.Helper()
	var all [][][]byte
	limit := time.After(patience)
	for len(all) < n {
		select {
		case u := <-c.units:
			all = append(all, u)
		case <-limit:
			t.Fatalf("%d of %d pictures within %v, connection %v", len(all), n, patience, c.pc.ConnectionState())
		}
	}
	if err := c.err.Load(); err != nil {
		t.Fatal(*err)
	}
	return all
}

func TestFrameArrives(t *testing.T) {
	clip := newStudio()
	s := newServer(t, Config{KeyframeWanted: clip.wanted})
	clip.run(t, s, lobby)
	a, b := join(t, s, lobby), join(t, s, lobby, webrtc.RTPCodecTypeAudio)
	for name, c := range map[string]*client{"video": a, "video and sound": b} {
		units := c.frames(t, 20)
		if kind := units[0][0][0] & 31; kind != 7 {
			t.Errorf("%s: begins with a NAL unit of type %d, not with the parameter sets", name, kind)
		}
		for _, unit := range units {
			for _, nalu := range unit {
				if !clip.knows(nalu) {
					t.Fatalf("%s: a NAL unit of %d bytes that nobody wrote", name, len(nalu))
				}
			}
		}
	}
	until(t, "all are counted", func() bool { return s.Stats().Sent >= 40 })
	if st := s.Stats(); st.Sessions != 2 || st.Begun != 2 || st.Dropped != 0 {
		t.Errorf("%+v", st)
	}
}

func TestOtherCamerasStayAway(t *testing.T) {
	other, clip := newStudio(), newStudio()
	other.slate.SetCard(slate.Card{Camera: "hall"})
	s := newServer(t, Config{KeyframeWanted: clip.wanted})
	clip.run(t, s, lobby)
	other.run(t, s, hall)
	for _, unit := range join(t, s, lobby).frames(t, 10) {
		for _, nalu := range unit {
			if !clip.knows(nalu) {
				t.Fatal("a picture of another camera")
			}
		}
	}
}

// The answer turns sound down and names no address but this box's own.
func TestAnswer(t *testing.T) {
	s := newServer(t, Config{})
	_, o := wheptest.Offer(t, webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo)
	answer, _, err := s.Offer(t.Context(), lobby, "192.0.2.1", o)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"m=audio 0 ", "a=ice-lite", "a=sendonly", "a=setup:passive", "H264/90000", "typ host"} {
		if !strings.Contains(answer, want) {
			t.Errorf("no %q in\n%s", want, answer)
		}
	}
	for _, bad := range []string{"typ srflx", "typ relay", " TCP ", " tcp ", ".local", "opus", "VP8"} {
		if strings.Contains(answer, bad) {
			t.Errorf("%q in\n%s", bad, answer)
		}
	}
}

func TestSessionEnds(t *testing.T) {
	clip := newStudio()
	s := newServer(t, Config{KeyframeWanted: clip.wanted})
	clip.run(t, s, lobby)
	for name, end := range map[string]func(c *client){
		"viewer leaves":  func(c *client) { c.pc.Close() },
		"End":            func(c *client) { s.End(c.name) },
		"camera removed": func(*client) { s.EndCamera(lobby.Camera) },
	} {
		c := join(t, s, lobby)
		c.frames(t, 1)
		if id, ok := s.Camera(c.name); id != lobby.Camera || !ok {
			t.Errorf("%s: session of %q, %v", name, id, ok)
		}
		end(c)
		until(t, name, func() bool { return s.Stats().Sessions == 0 })
	}
	s.End("nobody")
}

// Who is answered and never comes must not hold a place.
func TestNoShow(t *testing.T) {
	s := newServer(t, Config{})
	s.connectLimit = 100 * time.Millisecond
	_, o := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
	if _, _, err := s.Offer(t.Context(), lobby, "192.0.2.1", o); err != nil {
		t.Fatal(err)
	}
	until(t, "the place is free", func() bool { return s.Stats().Sessions == 0 })
}

func TestLimits(t *testing.T) {
	s := newServer(t, Config{Sessions: 3, PerCamera: 2})
	ask := func(id media.StreamID) error {
		_, o := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
		_, _, err := s.Offer(t.Context(), id, "192.0.2.1", o)
		return err
	}
	for _, c := range []struct {
		id   media.StreamID
		busy bool
	}{{lobby, false}, {lobby, false}, {lobby, true}, {hall, false}, {yard, true}} {
		if err := ask(c.id); errors.Is(err, ErrBusy) != c.busy || err != nil && !c.busy {
			t.Errorf("%s: %v", c.id, err)
		}
	}
	s.EndCamera(lobby.Camera)
	until(t, "two places are free", func() bool { return s.Stats().Sessions == 1 })
	if err := ask(lobby); err != nil {
		t.Error(err)
	}
	s.Close()
	if err := ask(lobby); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
	if _, err := New(Config{Sessions: -1}); err == nil {
		t.Error("a negative limit passed")
	}
}

// Offers that nobody follows up make room for a viewer from another address,
// but not for one more of their own; who watches makes room for nobody.
func TestOffersOfOneAddressKeepNobodyOut(t *testing.T) {
	s := newServer(t, Config{Sessions: 5, PerCamera: 3, PerSource: 4})
	newStudio().run(t, s, lobby)
	join(t, s, lobby).frames(t, 1)
	ask := func(id media.StreamID, from string) error {
		_, o := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
		_, _, err := s.Offer(t.Context(), id, from, o)
		return err
	}
	for range 2 {
		if err := ask(lobby, "192.0.2.2"); err != nil {
			t.Fatal(err)
		}
	}
	if err := ask(lobby, "192.0.2.2"); !errors.Is(err, ErrBusy) {
		t.Errorf("one more of the same address: %v", err)
	}
	if err := ask(lobby, "192.0.2.3"); err != nil {
		t.Errorf("another address: %v", err)
	}
	for range 2 {
		if err := ask(hall, "192.0.2.4"); err != nil {
			t.Errorf("a third address: %v", err)
		}
	}
	if err := ask(yard, "192.0.2.4"); !errors.Is(err, ErrBusy) {
		t.Errorf("all places are taken, and by fewer of others: %v", err)
	}
	if st := s.Stats(); st.Sessions > 5 {
		t.Errorf("%d sessions", st.Sessions)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.streams[lobby].sessions) == 0 || !s.streams[lobby].sessions[0].connected {
		t.Error("the one who watches is gone")
	}
}

func TestSessionsOfOneAddressAreBounded(t *testing.T) {
	s := newServer(t, Config{PerSource: 2})
	var err error
	for i := range 3 {
		_, o := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
		_, _, err = s.Offer(t.Context(), media.StreamID{Camera: media.CameraID(fmt.Sprintf("c%d", i))}, "192.0.2.2", o)
		if i < 2 && err != nil {
			t.Fatal(err)
		}
	}
	if !errors.Is(err, ErrBusy) {
		t.Errorf("a third one: %v", err)
	}
}

// A viewer whose pictures do not leave loses them up to the next keyframe;
// Write goes on at once and the others miss nothing.
func TestStalledViewer(t *testing.T) {
	clip := newStudio()
	s := newServer(t, Config{KeyframeWanted: clip.wanted})
	clip.run(t, s, lobby)
	quick := join(t, s, lobby)
	quick.frames(t, 1)
	stalled, err := s.admit(lobby, "192.0.2.1") // nobody takes from its queue
	if err != nil {
		t.Fatal(err)
	}
	defer stalled.close()
	s.begin(stalled)
	until(t, "the stalled one loses pictures", func() bool { return s.Stats().Dropped > 5 })
	for range len(quick.units) {
		<-quick.units
	}
	quick.frames(t, 20)
	if n := len(stalled.queue); n != queueLength {
		t.Errorf("%d pictures queued", n)
	}
	first := <-stalled.queue
	if !first.Keyframe() {
		t.Error("a viewer began without a keyframe")
	}
	for range queueLength - 1 {
		<-stalled.queue
	}
	clip.wanted(lobby)
	if c := <-stalled.queue; !c.Keyframe() {
		t.Error("after a loss it went on without a keyframe")
	}
}

func TestKeyframeRequestsAreBounded(t *testing.T) {
	var asked atomic.Int32
	s := newServer(t, Config{KeyframeWanted: func(media.StreamID) { asked.Add(1) }})
	v, err := s.admit(lobby, "192.0.2.1")
	if err != nil {
		t.Fatal(err)
	}
	defer v.close()
	for range 1000 {
		s.lost(v)
	}
	if n := asked.Load(); n < 1 || n > 3 {
		t.Errorf("1000 requests made %d keyframes", n)
	}
}

func TestRefusedOffers(t *testing.T) {
	s := newServer(t, Config{})
	_, good := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
	_, sound := wheptest.Offer(t, webrtc.RTPCodecTypeAudio)
	_, twice := wheptest.Offer(t, webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeVideo)
	for name, c := range map[string]struct {
		offer string
		want  error
	}{
		"empty":           {"", ErrOffer},
		"no SDP":          {"hello", ErrOffer},
		"huge":            {good + strings.Repeat("a=x\r\n", maxOffer/5), ErrOffer},
		"sound alone":     {sound, ErrOffer},
		"two videos":      {twice, ErrOffer},
		"no H.264":        {strings.ReplaceAll(good, "H264", "H265"), ErrNoH264},
		"sends only":      {strings.ReplaceAll(good, "a=recvonly", "a=sendonly"), ErrOffer},
		"inactive":        {strings.ReplaceAll(good, "a=recvonly", "a=inactive"), ErrOffer},
		"data channel":    {good + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:9\r\n", ErrOffer},
		"lite too":        {strings.Replace(good, "t=0 0\r\n", "t=0 0\r\na=ice-lite\r\n", 1), ErrOffer},
		"no fingerprint":  {without(good, "a=fingerprint"), ErrOffer},
		"no ICE secret":   {without(good, "a=ice-pwd"), ErrOffer},
		"many sections":   {good + strings.Repeat("m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", maxSections), ErrOffer},
		"session is none": {strings.Replace(good, "v=0", "v=9", 1), ErrOffer},
	} {
		if _, _, err := s.Offer(t.Context(), lobby, "192.0.2.1", c.offer); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if st := s.Stats(); st.Sessions != 0 || st.Refused != 14 {
		t.Errorf("%+v", st)
	}
}

func without(sdp, line string) string {
	var out strings.Builder
	for l := range strings.Lines(sdp) {
		if !strings.HasPrefix(l, line) {
			out.WriteString(l)
		}
	}
	return out.String()
}

// No address of an offer gets as far as the library that would send to it.
func TestCandidatesAreLeftOut(t *testing.T) {
	_, o := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
	if !strings.Contains(o, "a=candidate") {
		t.Fatal("an offer without candidates proves nothing")
	}
	q, err := checkOffer(o, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"candidate", "ssrc", "extmap"} {
		if strings.Contains(q.video, bad) {
			t.Errorf("%q in\n%s", bad, q.video)
		}
	}
}

func TestOfferStopsWithItsContext(t *testing.T) {
	s := newServer(t, Config{})
	_, o := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	// The addresses may be found before the context is looked at.
	if _, name, err := s.Offer(ctx, lobby, "192.0.2.1", o); err != nil && !errors.Is(err, context.Canceled) || err == nil && name == "" {
		t.Errorf("%q, %v", name, err)
	}
}

func TestNothingIsLeft(t *testing.T) {
	before := runtime.NumGoroutine()
	clip := newStudio()
	s, err := New(Config{KeyframeWanted: clip.wanted})
	if err != nil {
		t.Fatal(err)
	}
	c := join(t, s, lobby)
	s.Write(lobby, clip.next())
	_, o := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
	if _, _, err := s.Offer(t.Context(), lobby, "192.0.2.1", o); err != nil { // never connects
		t.Fatal(err)
	}
	s.Close()
	if st := s.Stats(); st.Sessions != 0 {
		t.Errorf("%+v", st)
	}
	c.pc.GracefulClose()
	until(t, "goroutines gone", func() bool {
		return runtime.NumGoroutine() <= before+20 // the test's own unconnected viewer
	})
}

// FuzzOffer feeds offers through the whole way. A session that was made by
// chance ends with the server.
func FuzzOffer(f *testing.F) {
	_, video := wheptest.Offer(f, webrtc.RTPCodecTypeVideo)
	_, both := wheptest.Offer(f, webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo)
	for _, seed := range []string{"", "v=0", video, both, without(video, "a=mid"), without(video, "a=setup"), without(video, "a=group"), strings.ReplaceAll(video, "profile-level-id=", "")} {
		f.Add(seed)
	}
	s, err := New(Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(s.Close)
	f.Fuzz(func(t *testing.T, o string) {
		answer, name, err := s.Offer(t.Context(), lobby, "192.0.2.1", o)
		if err != nil {
			return
		}
		defer s.End(name)
		if !strings.Contains(answer, "H264/90000") || !strings.Contains(answer, "a=ice-lite") {
			t.Errorf("answered without H.264:\n%s", answer)
		}
	})
}
