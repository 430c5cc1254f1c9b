package worker

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// patience is how long a test waits for what must come; the machine may be busy.
const patience = 60 * time.Second

const frameInterval = 40 * time.Millisecond

// viewer is an Output that checks what every viewer relies on.
type viewer struct {
	t *testing.T

	mu      sync.Mutex
	changed chan struct{} // closed and replaced at each event
	cleans  []media.Clean
	subs    []media.Clean
	times   []time.Time
	states  []State
	decided []wire.Decision
	frames  int
}

func newViewer(t *testing.T) *viewer { return &viewer{t: t, changed: make(chan struct{})} }

func (v *viewer) Clean(c media.Clean) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if n := len(v.cleans); n > 0 {
		last := v.cleans[n-1]
		if c.PTS() <= last.PTS() {
			v.t.Errorf("PTS went from %d to %d", last.PTS(), c.PTS())
		}
		if c.Slate() != last.Slate() && !c.Keyframe() {
			v.t.Errorf("no keyframe at the change to slate=%v", c.Slate())
		}
	} else if !c.Keyframe() {
		v.t.Error("the stream does not begin with a keyframe")
	}
	if !c.Slate() {
		v.frames++
		if c.Record().Code != media.Masked || c.Record().PTS != c.PTS() {
			v.t.Errorf("frame with the record %+v", c.Record())
		}
	}
	v.cleans, v.times = append(v.cleans, c), append(v.times, time.Now())
	v.event()
}

func (v *viewer) Sub(c media.Clean) {
	v.mu.Lock()
	defer v.mu.Unlock()
	main := v.cleans[len(v.cleans)-1]
	if c.PTS() != main.PTS() || c.Slate() != main.Slate() {
		v.t.Errorf("the sub-stream is at %d, slate=%v, the stream at %d, slate=%v", c.PTS(), c.Slate(), main.PTS(), main.Slate())
	}
	if n := len(v.subs); (n == 0 || v.subs[n-1].Slate() != c.Slate()) && !c.Keyframe() {
		v.t.Errorf("no keyframe at the sub-stream's change to slate=%v", c.Slate())
	}
	v.subs = append(v.subs, c)
	v.event()
}

// awaitSub waits for a frame or slate of the sub-stream beyond those so far.
func (v *viewer) awaitSub(what string, is func(media.Clean) bool) {
	v.t.Helper()
	v.mu.Lock()
	had := len(v.subs)
	v.mu.Unlock()
	v.await(what, func() bool { return slices.ContainsFunc(v.subs[had:], is) })
}

func (v *viewer) State(s State) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.states = append(v.states, s)
	v.event()
}

func (v *viewer) Decision(d wire.Decision) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.decided = append(v.decided, d)
	v.event()
}

func (v *viewer) event() {
	close(v.changed)
	v.changed = make(chan struct{})
}

// await waits until cond, called with the lock held, is true.
func (v *viewer) await(what string, cond func() bool) {
	v.t.Helper()
	late := time.After(patience)
	for {
		v.mu.Lock()
		ok, changed := cond(), v.changed
		v.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-late:
			v.t.Fatalf("waited in vain for %s; state %+v", what, v.state())
		}
	}
}

func (v *viewer) state() State {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.lastState()
}

func (v *viewer) lastState() State {
	if len(v.states) == 0 {
		return State{}
	}
	return v.states[len(v.states)-1]
}

// awaitFrames waits for n more masked frames.
func (v *viewer) awaitFrames(n int) {
	v.t.Helper()
	v.mu.Lock()
	want := v.frames + n
	v.mu.Unlock()
	v.await("frames", func() bool { return v.frames >= want })
}

// awaitReason waits for a state with this phase and reason.
func (v *viewer) awaitReason(p Phase, reason text.Key) State {
	v.t.Helper()
	var found State
	v.await(fmt.Sprintf("%s: %s", p, reason), func() bool {
		found = v.lastState()
		return found.Phase == p && found.Reason == reason
	})
	return found
}

// awaitPast waits for a state of this phase that may be over by now.
func (v *viewer) awaitPast(p Phase) {
	v.t.Helper()
	v.await(fmt.Sprintf("%s at some time", p), func() bool {
		return slices.ContainsFunc(v.states, func(s State) bool { return s.Phase == p })
	})
}

// longestGap is the longest time between two things that went out.
func (v *viewer) longestGap() (gap time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i := 1; i < len(v.times); i++ {
		gap = max(gap, v.times[i].Sub(v.times[i-1]))
	}
	return gap
}

// camera feeds a handle in real time with units that no decoder ever sees.
type camera struct {
	h     *Handle
	codec media.Codec
	gop   int // units from keyframe to keyframe
	pause time.Duration
	stop  chan struct{}
	done  chan struct{}
}

func startCamera(h *Handle, codec media.Codec, gop int) *camera {
	return startCameraAt(h, codec, gop, frameInterval)
}

func startCameraAt(h *Handle, codec media.Codec, gop int, pause time.Duration) *camera {
	c := &camera{h: h, codec: codec, gop: gop, pause: pause, stop: make(chan struct{}), done: make(chan struct{})}
	go c.run()
	return c
}

func (c *camera) run() {
	defer close(c.done)
	tick := time.NewTicker(c.pause)
	defer tick.Stop()
	start := time.Now()
	for i := 0; ; i++ {
		c.h.Feed(c.raw(i, time.Since(start)))
		select {
		case <-tick.C:
		case <-c.stop:
			return
		}
	}
}

func (c *camera) raw(i int, at time.Duration) media.Raw {
	return media.Raw{
		Codec: c.codec, NALUs: [][]byte{fmt.Appendf(nil, "secret original %d.", i)}, NTP: time.Now(),
		PTS: media.TicksOf(at), Keyframe: i%c.gop == 0,
	}
}

func (c *camera) close() {
	close(c.stop)
	<-c.done
}

// logBuffer is a log to read in a test.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// harness is a running handle with its viewer and log.
type harness struct {
	*Handle
	viewer *viewer
	log    *logBuffer
	stop   func()
	lag    *lag
}

// lag measures how late this machine is: others may keep it busy.
type lag struct {
	mu    sync.Mutex
	worst time.Duration // since the last reset
}

// measuredLag runs from the first test on, beside all of them.
var measuredLag = sync.OnceValue(func() *lag {
	l := &lag{}
	go l.run()
	return l
})

func (l *lag) run() {
	const step = 10 * time.Millisecond
	last := time.Now()
	for range time.Tick(step) {
		now := time.Now()
		l.mu.Lock()
		l.worst = max(l.worst, now.Sub(last)-step)
		l.mu.Unlock()
		last = now
	}
}

func (l *lag) reset() *lag {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.worst = 0
	return l
}

// within checks a promise in time, save on a machine that is too busy for it.
func (s *harness) within(t *testing.T, what string, took, limit time.Duration) {
	t.Helper()
	s.lag.mu.Lock()
	worst := s.lag.worst
	s.lag.mu.Unlock()
	switch {
	case took <= limit:
	case worst > 50*time.Millisecond:
		t.Logf("%s took %v, more than %v, on a machine that is late by %v itself", what, took, limit, worst)
	default:
		t.Errorf("%s took %v, more than %v", what, took, limit)
	}
}

func newHarness(t *testing.T, name string, change func(*Handle)) *harness {
	t.Helper()
	return newHarnessAt(t, script(t, name), change)
}

func newHarnessAt(t *testing.T, bin string, change func(*Handle)) *harness {
	t.Helper()
	s := &harness{viewer: newViewer(t), log: &logBuffer{}, lag: measuredLag().reset()}
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.Handle = New(Config{Bin: bin, Hello: wire.Hello{Build: testBuild, Camera: "lobby", Settings: wire.Settings{LookAhead: 200 * time.Millisecond}}, CameraName: "Lobby", Log: log}, s.viewer)
	if change != nil {
		change(s.Handle)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Run(ctx)
	}()
	s.stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(func() {
		s.stop()
		if st := s.viewer.state(); st.Phase != Stopped || st.PID != 0 {
			t.Errorf("state at the end: %+v", st)
		}
		if t.Failed() {
			t.Log(s.log.String())
		}
	})
	return s
}

// checkClock compares the output's clock with the wall since start: what goes
// out may be late, as late as frames get before the slate comes, but it
// must not run ahead.
func checkClock(t *testing.T, v *viewer, start time.Time) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	first := 0
	for v.times[first].Before(start) {
		first++
	}
	for i := first; i < len(v.times); i++ {
		pts, wall := (v.cleans[i].PTS() - v.cleans[first].PTS()).Duration(), v.times[i].Sub(v.times[first])
		if off := pts - wall; off > time.Second || off < -3*time.Second {
			t.Fatalf("after %v the stream's clock is off by %v", wall, off)
		}
	}
}

// checkStream decodes all that viewers got and searches it for originals.
func checkStream(t *testing.T, v *viewer) {
	t.Helper()
	var stream []byte
	for _, c := range v.cleans {
		for _, n := range c.NALUs() {
			stream = append(append(stream, 0, 0, 0, 1), n...)
		}
	}
	if bytes.Contains(stream, []byte("secret original")) {
		t.Error("an original went out")
	}
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Log("ffmpeg is not installed: the stream was not decoded")
		return
	}
	cmd := exec.Command("ffmpeg", "-v", "error", "-xerror", "-f", "h264", "-i", "-", "-f", "null", "-")
	cmd.Stdin = bytes.NewReader(stream)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("ffmpeg: %v\n%s", err, out)
	}
}
