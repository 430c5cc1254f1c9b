package rtsp

import (
	"context"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// A viewer that joins between two keyframes has one made for it, and nothing
// undecodable before it.
func TestJoin(t *testing.T) {
	t.Parallel()
	clip := clipOf(t, "160x120", 500) // the next keyframe would be 10 s away
	s := startServer(t, nil)
	f := feed(t, s, "lobby", clip)
	eventually(t, "a stream under way", func() bool { return len(f.published()) > 10 })
	best := time.Hour
	for i := range 3 {
		w, err := connect(t, withLogin(s, "lobby"), nil)
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		if err := w.play(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "a frame", func() bool { return len(w.got()) > 0 })
		best = min(best, w.seen[0].Sub(begin))
		if !sameUnit(w.got()[0], clip[0]) {
			t.Error("the first frame is no keyframe")
		}
		if f.wants() < i+1 {
			t.Errorf("join %d: %d keyframes were asked for", i, f.wants())
		}
	}
	if best > time.Second { // of three: the machine may be busy
		t.Errorf("a frame after %v", best)
	}
	if got := f.path.Stats().KeyframesWanted; got != uint64(f.wants()) {
		t.Errorf("counted %d wishes of %d", got, f.wants())
	}
}

// Joins share a keyframe where they can, wishes keep their distance, and none
// is lost while nothing comes.
func TestKeyframeWishes(t *testing.T) {
	t.Parallel()
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	f := &feeder{clip: clipOf(t, "160x120", 5)}
	f.path = publish(t, s, "lobby", f.hooks())
	f.step(t) // DESCRIBE need not wait
	const crowd = 12
	var wg sync.WaitGroup
	begin := time.Now()
	for range crowd {
		w, err := connect(t, urlOf(s, "lobby"), nil)
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			if err := w.play(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	eventually(t, "a wish", func() bool { return f.wants() > 0 })
	if most := 2 + int(time.Since(begin)/keyframeGap); f.wants() > most {
		t.Errorf("%d wishes for %d joins, more than %d", f.wants(), crowd, most)
	}
	before := f.wants()
	eventually(t, "another wish while nothing comes", func() bool { return f.wants() > before })
	f.step(t)
	f.show(f.clip)
	f.step(t) // the keyframe
	eventually(t, "all have begun", func() bool { return !f.path.keyframeDue() })
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, at := range f.wanted[1:] {
		if d := at.Sub(f.wanted[i]); d < keyframeGap {
			t.Errorf("only %v between two wishes", d)
		}
	}
}

// Viewers that stop reading lose their own packets. The others get all, at
// once; and one that reads again goes on at a keyframe.
func TestStalledViewer(t *testing.T) {
	t.Parallel()
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	f := &feeder{clip: clipOf(t, "160x120", 25), fill: 60_000}
	f.path = publish(t, s, "lobby", f.hooks())
	f.step(t)
	stalled := rawDial(t, s, "lobby")
	_ = stalled.c.(*net.TCPConn).SetReadBuffer(smallBuffer)
	playRaw(t, stalled) // and never reads again
	paused, err := connect(t, urlOf(s, "lobby"), func(c *gortsplib.Client) { c.DialContext = dialSmall })
	if err == nil {
		err = paused.play()
	}
	if err != nil {
		t.Fatal(err)
	}
	good := watchAnonymous(t, s, "lobby")
	waitViewers(t, f.path, 3)
	f.show(f.clip)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { f.run(ctx, t, 0) })
	defer wg.Wait()
	defer cancel()

	eventually(t, "a frame", func() bool { return len(paused.got()) > 0 })
	resume := paused.pause(t)
	dropped := func(v int) func() bool {
		return func() bool { return countDropping(f.path) >= v }
	}
	eventually(t, "both lose packets", dropped(2))
	newest := len(f.published()) - 1
	eventually(t, "the other has all while they stall", func() bool { return len(good.got()) > newest-1 })
	resume()
	began, stop := time.Now(), len(paused.got())
	eventually(t, "frames again", func() bool {
		got := paused.got()
		return len(got) > stop+10 && number(got[len(got)-1])-number(got[stop]) > len(got)-1-stop
	})
	faultlog.Check(t, faultlog.Row{Topic: "viewer", Fault: "viewer stops reading and reads again", Ends: "goes on at a keyframe; others get every picture meanwhile", Bound: 10 * time.Second}, time.Since(began))
	cancel()
	wg.Wait()
	checkUnbroken(t, paused.got())
	checkComplete(t, f, good)
	st := f.path.Stats()
	if st.Dropped == 0 || st.UnitsLost != 0 {
		t.Errorf("%+v", st)
	}
	faultlog.Check(t, faultlog.Row{Topic: "viewer", Fault: "camera removed while a viewer does not read", Ends: "viewers disconnected", Bound: 10 * time.Second}, timed(f.path.Close))
}

// smallBuffer keeps the kernel from hiding for long that a viewer stalls; less
// would make loopback crawl.
const smallBuffer = 128 << 10

func dialSmall(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err == nil {
		err = c.(*net.TCPConn).SetReadBuffer(smallBuffer)
	}
	return c, err
}

// playRaw plays over TCP by hand.
func playRaw(t *testing.T, r *rawViewer) {
	t.Helper()
	if got := r.ask("SETUP", "/trackID=0", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"); got != 200 {
		t.Fatalf("SETUP: %d", got)
	}
	if got := r.ask("PLAY", ""); got != 200 {
		t.Fatalf("PLAY: %d", got)
	}
}

func watchAnonymous(t *testing.T, s *Server, path string) *watcher {
	t.Helper()
	w, err := connect(t, urlOf(s, path), nil)
	if err == nil {
		err = w.play()
	}
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func countDropping(p *Path) (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for v := range p.watching() {
		if v.dropped > 0 {
			n++
		}
	}
	return n
}

func timed(f func()) time.Duration {
	begin := time.Now()
	f()
	return time.Since(begin)
}

// checkUnbroken fails where an access unit follows a gap without being a keyframe.
func checkUnbroken(t *testing.T, units [][][]byte) {
	t.Helper()
	gaps := 0
	for i, u := range units[1:] {
		if was, is := number(units[i]), number(u); is != was+1 {
			gaps++
			if sps, _ := media.H264Sets(u); sps == nil {
				t.Errorf("frame %d follows %d and is no keyframe", is, was)
			}
		}
	}
	if gaps == 0 {
		t.Error("nothing was lost")
	}
}

// checkComplete fails where w misses an access unit.
func checkComplete(t *testing.T, f *feeder, w *watcher) {
	t.Helper()
	eventually(t, "a frame", func() bool { return len(w.got()) > 0 })
	// The first one came before the viewers; on a busy machine it may still
	// have been on its way when they joined.
	want := f.published()[min(number(w.got()[0]), 1):]
	eventually(t, "the last frame", func() bool { return len(w.got()) >= len(want) })
	for i, u := range w.got() {
		if !sameUnit(u, want[i]) {
			t.Fatalf("frame %d differs", i)
		}
	}
}

// Access units faster than any queue: some are lost, none is shown broken.
func TestFlood(t *testing.T) {
	t.Parallel()
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	f := &feeder{clip: clipOf(t, "160x120", 10), fill: 20_000}
	f.path = publish(t, s, "lobby", f.hooks())
	f.step(t)
	w := watchAnonymous(t, s, "lobby")
	waitViewers(t, f.path, 1)
	resume := w.pause(t)
	for range 2000 {
		f.step(t)
	}
	resume()
	lost := func() bool {
		st := f.path.Stats()
		return st.Units+st.UnitsLost == uint64(len(f.published())) && st.Dropped > 0 || st.UnitsLost > 0
	}
	eventually(t, "losses are counted", lost)
	eventually(t, "the newest frame", func() bool {
		f.show(f.clip)
		f.step(t)
		u := w.got()
		return len(u) > 0 && number(u[len(u)-1]) > 2000
	})
	checkUnbroken(t, w.got())
}

// A new frame size changes nothing for those who watch.
func TestNewSize(t *testing.T) {
	t.Parallel()
	const each, small = 25, 160 * 120 * 3 / 2
	a, b := clipOf(t, "160x120", each), clipOf(t, "320x240", each)
	s := startServer(t, nil)
	f := &feeder{clip: a}
	f.path = publish(t, s, "lobby", f.hooks())
	f.step(t)
	w := watch(t, s, "lobby")
	frames := start(t, ffmpegViewer("tcp", withLogin(s, "lobby"), 2*each)) // it scales all to the first size
	waitViewers(t, f.path, 2)
	f.show(a)
	f.run(context.Background(), t, each)
	f.show(b)
	more, enough := context.WithCancel(context.Background())
	var feeding sync.WaitGroup
	feeding.Go(func() { f.run(more, t, 20*each) }) // ffmpeg begins when it has probed enough
	if got := len(frames()) / small; got != 2*each {
		t.Errorf("ffmpeg shows %d frames of %d", got, 2*each)
	}
	enough()
	feeding.Wait()
	want := f.published()[1:]
	eventually(t, "all units", func() bool { return len(w.got()) == len(want) })
	for i, u := range w.got() {
		if !sameUnit(u, want[i]) {
			t.Fatalf("unit %d differs", i)
		}
	}
	late, err := connect(t, withLogin(s, "lobby"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if sps, pps := media.H264Sets(b[0]); !slices.Equal(late.format.SPS, sps) || !slices.Equal(late.format.PPS, pps) {
		t.Error("the description is not of the newest keyframe")
	}
}

func TestPathClose(t *testing.T) {
	t.Parallel()
	clip := clipOf(t, "160x120", 25)
	s := startServer(t, nil)
	hall, lobby := feed(t, s, "hall", clip), feed(t, s, "lobby", clip)
	udp := gortsplib.TransportUDP
	gone := []*watcher{watch(t, s, "lobby"), watch(t, s, "lobby")}
	w, err := connect(t, withLogin(s, "lobby"), func(c *gortsplib.Client) { c.Transport = &udp })
	if err == nil {
		err = w.play()
	}
	if err != nil {
		t.Fatal(err)
	}
	gone = append(gone, w)
	stays := watch(t, s, "hall")
	waitViewers(t, lobby.path, 3)
	lobby.path.Close()
	if st := lobby.path.Stats(); st.Viewers != 0 {
		t.Errorf("after close: %+v", st)
	}
	for i, w := range gone {
		if err := w.client.Wait(); err == nil {
			t.Errorf("viewer %d ended without an error", i)
		}
	}
	n := len(stays.got())
	eventually(t, "the other camera goes on", func() bool { return len(stays.got()) > n+10 })
	if hall.path.Viewers() != 1 || stays.lost != 0 {
		t.Errorf("the other camera's viewer noticed: %d lost", stays.lost)
	}
	if _, err := connect(t, withLogin(s, "lobby"), nil); err == nil {
		t.Error("the closed path is still there")
	}
	feed(t, s, "lobby", clip)
	again := watch(t, s, "lobby")
	eventually(t, "the camera is back", func() bool { return len(again.got()) > 0 })
}

// A session belongs to the path that it was set up on, even when another one
// has taken its name: gortsplib would panic.
func TestSetupAfterReplace(t *testing.T) {
	t.Parallel()
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	old := publish(t, s, "lobby", PathHooks{})
	ss := &gortsplib.ServerSession{}
	ss.SetUserData(old)
	if got := publish(t, s, "hall", PathHooks{}).enter(ss, &client{}); got != base.StatusBadRequest {
		t.Errorf("%d", got)
	}
}

func TestDescribeWaits(t *testing.T) {
	t.Parallel()
	clip := clipOf(t, "160x120", 5)
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	f := &feeder{clip: clip}
	f.path = publish(t, s, "lobby", f.hooks())
	empty, err := connect(t, urlOf(s, "lobby"), nil)
	if err != nil {
		t.Fatalf("a path without a frame yet: %v", err)
	}
	if empty.format.SPS != nil || empty.format.PacketizationMode != 1 {
		t.Errorf("%+v", empty.format)
	}
	later := time.AfterFunc(50*time.Millisecond, func() { f.step(t) })
	defer later.Stop()
	w, err := connect(t, urlOf(s, "lobby"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if sps, _ := media.H264Sets(clip[0]); !slices.Equal(w.format.SPS, sps) {
		t.Error("DESCRIBE did not wait for the first keyframe")
	}
	if err := empty.play(); err != nil {
		t.Fatal(err)
	}
	waitViewers(t, f.path, 1)
	f.show(clip)
	f.step(t)
	eventually(t, "a frame", func() bool { return len(empty.got()) > 0 })
}

// A keyframe without its parameter sets gets the last known ones.
func TestParameterSetsAdded(t *testing.T) {
	t.Parallel()
	clip := clipOf(t, "160x120", 5)
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	f := &feeder{clip: clip}
	f.path = publish(t, s, "lobby", f.hooks())
	f.step(t)
	w := watchAnonymous(t, s, "lobby")
	waitViewers(t, f.path, 1)
	bare := clip[0][len(clip[0])-1:]
	f.path.Write(vouched(t, bare, true, 1, f.start))
	eventually(t, "a frame", func() bool { return len(w.got()) > 0 })
	sps, pps := media.H264Sets(clip[0])
	if want := [][]byte{sps, pps, bare[0]}; !sameUnit(w.got()[0], want) {
		t.Errorf("%d NAL units", len(w.got()[0]))
	}
}

// The first sender report comes with the first access unit and tells its capture
// time, whatever the clock says now.
func TestCaptureTime(t *testing.T) {
	t.Parallel()
	clip := clipOf(t, "160x120", 5)
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	f := &feeder{clip: clip, start: time.Date(2026, 1, 2, 3, 4, 5, 678_901_234, time.UTC)}
	f.path = publish(t, s, "lobby", f.hooks())
	f.step(t)
	w := watchAnonymous(t, s, "lobby")
	waitViewers(t, f.path, 1)
	f.show(clip)
	f.step(t)
	var sr struct {
		ntp uint64
		rtp uint32
	}
	eventually(t, "a sender report", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.report == nil || len(w.times) == 0 {
			return false
		}
		sr.ntp, sr.rtp = w.report.NTPTime, w.report.RTPTime
		return true
	})
	if sr.rtp != w.times[0] {
		t.Errorf("the report is of RTP time %d, the access unit of %d", sr.rtp, w.times[0])
	}
	sec, frac := int64(sr.ntp>>32)-unixToNTP, (sr.ntp&0xffffffff)*uint64(time.Second)>>32
	got, want := time.Unix(sec, int64(frac)), f.start.Add(time.Second/testRate)
	if d := got.Sub(want).Abs(); d > time.Microsecond {
		t.Errorf("capture time %v, want %v", got.UTC(), want)
	}
}

// Many viewers that set up UDP in the same moment: gortsplib alone has a race there.
func TestSetupsAtOnce(t *testing.T) {
	t.Parallel()
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	f := feed(t, s, "lobby", clipOf(t, "160x120", 10))
	eventually(t, "a stream under way", func() bool { return len(f.published()) > 0 })
	udp := gortsplib.TransportUDP
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			w, err := connect(t, urlOf(s, "lobby"), func(c *gortsplib.Client) { c.Transport = &udp })
			if err == nil {
				err = w.play()
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := f.path.Viewers(); n != 30 {
		t.Errorf("%d viewers", n)
	}
}

// Viewers that come and go at any moment disturb nothing.
func TestComeAndGo(t *testing.T) {
	t.Parallel()
	clip := clipOf(t, "160x120", 25)
	s := startServer(t, func(c *ServerConfig) { c.Anonymous = true })
	f := feed(t, s, "lobby", clip)
	stays := watchAnonymous(t, s, "lobby")
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for i := range 5 {
				r := rawDial(t, s, "lobby")
				playRaw(t, r)
				_, _ = io.CopyN(io.Discard, r.br, int64(300*n*i))
				r.c.Close()
			}
		})
	}
	wg.Wait()
	waitViewers(t, f.path, 1)
	eventually(t, "connections are gone", func() bool { return s.Stats().Conns == 1 })
	n := len(stays.got())
	eventually(t, "the other viewer goes on", func() bool { return len(stays.got()) > n+5 })
	if stays.lost != 0 {
		t.Errorf("it lost %d packets", stays.lost)
	}
	s.Close()
	if st := f.path.Stats(); st.Viewers != 0 {
		t.Errorf("%+v", st)
	}
}
