// package pipeline is the worker's loop: decode, look for faces, track them,
// hold each frame back for the look-ahead, mask, encode. It is driven by one
// goroutine and knows neither pipes nor processes.
package pipeline

import (
	"errors"
	"fmt"
	"time"

	"github.com/bauta-gateway/bauta/anonymize"
	"github.com/bauta-gateway/bauta/anonymize/accelerate"
	"github.com/bauta-gateway/bauta/anonymize/decision"
	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/anonymize/load"
	"github.com/bauta-gateway/bauta/anonymize/output"
	"github.com/bauta-gateway/bauta/anonymize/tracker"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/jpegscan"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The frame sizes that a worker takes, in pixels.
const (
	MinSide = 96
	MaxSide = 4096
)

// MaxLookAhead bounds Settings.LookAhead.
const MaxLookAhead = time.Second

// Config is what a pipeline is made of.
type Config struct {
	Codec    media.Codec
	Live     bool
	Settings wire.Settings
	// Shape is what is known of how the frames are shown before any is decoded.
	Shape wire.Shape
	// Recorded is when a file's PTS 0 was filmed; zero means the clock on the wall.
	Recorded time.Time
	// Finder looks for faces; the pipeline closes it.
	Finder detect.Finder
	// Accelerator to use; the pipeline closes it. nil: software.
	Accelerator *accelerate.Accelerator
}

// Emit takes one result; an error ends the pipeline.
type Emit func(wire.Result) error

// Pipeline turns access units into results: one for each, in the order in
// which frames are shown.
type Pipeline struct {
	cfg      Config
	style    anonymize.Style
	dec      *av.Decoder
	out      *output.Encoder
	tracker  *tracker.Tracker
	pending  map[int64]*pendingFrame // given to the decoder, no frame yet, by tag
	waiting  []*pendingFrame         // decoded, oldest first
	next     int                     // number of the next frame
	sent     media.Orientation       // what the stream says of its frames
	oriented bool                    // the stream says so, be it that they are upright
	levels   load.Levels
	lag      lag
	rate     load.FrameRate
	cover    cover
	planner  *decision.Planner
	messages []Message

	snapshot func(jpeg []byte) // wanted; nil: not
	jpeg     jpegscan.Checker
}

// pendingFrame is one access unit on its way through.
type pendingFrame struct {
	n           int // frame number, from decoding on
	unit        wire.Unit
	arrived     time.Time
	frame       *av.Frame
	orientation media.Orientation // by what the stream says
	fresh       bool
	work        time.Duration
	blur        bool // decoded while the ladder says to blur the whole frame
}

// New opens a pipeline.
func New(cfg Config) (*Pipeline, error) {
	style, err := check(&cfg.Settings)
	if err != nil {
		return nil, err
	}
	p := &Pipeline{cfg: cfg, style: style, pending: map[int64]*pendingFrame{}, levels: load.NewLevels(), cover: newCover(cfg.Live), lag: newLag()}
	if err := p.open(); err != nil {
		return nil, err
	}
	p.out = output.NewEncoder(cfg.Settings, cfg.Accelerator)
	p.levels.Floor = cfg.Settings.Floor
	p.planner = decision.New(func(d wire.Decision) { p.report(wire.KindDecision, d) })
	p.rules(cfg.Settings)
	return p, nil
}

// open opens the decoder.
func (p *Pipeline) open() error {
	delay := 0
	if !p.cfg.Live {
		delay = 4 // a file's B-frames must come out in order from the very first
	}
	dec, err := p.cfg.Accelerator.OpenDecoder(p.cfg.Codec, max(1, p.cfg.Settings.Threads), delay)
	if err != nil {
		return fmt.Errorf("codec %v: %w", p.cfg.Codec, err)
	}
	p.dec = dec
	return nil
}

func check(s *wire.Settings) (anonymize.Style, error) {
	if s.LookAhead < 0 || s.LookAhead > MaxLookAhead {
		return 0, fmt.Errorf("look-ahead %v is outside 0 to %v", s.LookAhead, MaxLookAhead)
	}
	if s.RateCap < 0 || s.RateCap > 100 {
		return 0, fmt.Errorf("rate cap %v is outside 0 to 100", s.RateCap)
	}
	if s.Floor > media.BlurPicture {
		return 0, fmt.Errorf("there is no rung %d of the overload ladder: the highest one is %d", s.Floor, media.BlurPicture)
	}
	if s.Mounting != "" && !s.Mounting.Known() {
		return 0, fmt.Errorf("there is no mounting %q: use one of %v", s.Mounting, media.Mountings)
	}
	return anonymize.ParseStyle(s.Mask)
}

// Apply changes the settings from the next frame on.
func (p *Pipeline) Apply(s wire.Settings) error {
	style, err := check(&s)
	if err != nil {
		return err
	}
	p.cfg.Settings, p.style = s, style
	p.out.Apply(s)
	p.levels.Floor = s.Floor
	p.rules(s)
	return nil
}

// rules takes over zones and consents. They hold for the very next frame
// that leaves, for both are looked up then.
func (p *Pipeline) rules(s wire.Settings) {
	if err := p.planner.SetRules(s.Zones, s.Shows); err != nil {
		p.report(wire.KindNotice, wire.Notice{Level: "error", Text: err.Error()})
	}
}

// RequestKeyframe makes the next frame out a keyframe.
func (p *Pipeline) RequestKeyframe() { p.out.RequestKeyframe() }

// Close frees everything.
func (p *Pipeline) Close() {
	p.dec.Close()
	p.out.Close()
	for _, e := range p.waiting {
		e.frame.Close()
	}
	p.waiting = nil
	p.cfg.Accelerator.Close()
	if p.cfg.Finder != nil {
		p.cfg.Finder.Close()
	}
}

// Push takes one access unit that arrived at the given time and emits what
// is ready to leave.
func (p *Pipeline) Push(u wire.Unit, arrived time.Time, emit Emit) error {
	start := time.Now()
	e := &pendingFrame{unit: u, arrived: arrived}
	p.out.Count(u)
	p.cover.begin(u)
	if p.cfg.Live && !u.CatchUp {
		p.levels.Observe(start.Sub(arrived), start)
		e.unit.CatchUp = p.levels.CatchUp(start.Sub(arrived))
	}
	if err := p.cfg.Accelerator.Fed(u); err != nil {
		return err
	}
	if code := p.checkJPEG(u); code != media.NoCode {
		return emit(record(e, code))
	}
	if err := p.shorten(u, emit); err != nil {
		return err
	}
	p.pending[int64(u.Seq)] = e
	if err := p.dec.Send(u.NALUs, int64(u.Seq), u.Keyframe); err != nil {
		delete(p.pending, int64(u.Seq))
		return emit(record(e, media.Undecodable))
	}
	if err := p.receive(start, emit); err != nil {
		return err
	}
	p.lag.fed(len(p.pending))
	return nil
}

// checkJPEG tells why a Motion JPEG frame does not hold what its header says:
// libavcodec takes what it finds and cuts it into strips, in which nobody finds a
// face. NoCode means that it does.
func (p *Pipeline) checkJPEG(u wire.Unit) media.Code {
	if p.cfg.Codec != media.MJPEG {
		return media.NoCode
	}
	if len(u.NALUs) != 1 {
		return media.Undecodable
	}
	_, _, err := p.jpeg.Check(u.NALUs[0])
	switch {
	case err == nil:
		return media.NoCode
	case errors.Is(err, jpegscan.ErrDisagree):
		return media.Disagreeing
	}
	return media.Undecodable
}

// End emits all that waits. Nothing may be pushed afterwards.
func (p *Pipeline) End(emit Emit) error {
	p.dec.Drain()
	if err := p.receive(time.Now(), emit); err != nil {
		return err
	}
	if err := p.flush(emit); err != nil {
		return err
	}
	return p.giveUp(func(*pendingFrame) bool { return true }, emit)
}

// grace is how much longer than the look-ahead a frame waits for the next
// access unit, which is usually about to come.
const grace = 50 * time.Millisecond

// Due is the time until Expire has something to do, negative where nothing waits.
func (p *Pipeline) Due(now time.Time) time.Duration {
	if len(p.waiting) == 0 {
		return -1
	}
	return max(0, p.waiting[0].arrived.Add(p.cfg.Settings.LookAhead+grace).Sub(now))
}

// Expire emits the frames that have waited longer than the look-ahead
// because the camera pauses or is slow.
func (p *Pipeline) Expire(now time.Time, emit Emit) error {
	for p.Due(now) == 0 {
		p.detectNewest()
		if err := p.emitOldest(emit); err != nil {
			return err
		}
	}
	return nil
}

func (p *Pipeline) receive(start time.Time, emit Emit) error {
	for range 64 { // more frames than any access unit completes
		f, err := p.dec.Receive()
		if err != nil {
			// libavcodec names no access unit here; its record comes when a
			// later frame overtakes it.
			continue
		}
		if f == nil {
			return p.giveUp(p.tooOld(), emit)
		}
		p.cfg.Accelerator.FrameDecoded()
		e := p.pending[f.Tag()]
		if e == nil {
			f.Close() // second field of an access unit already answered
			continue
		}
		delete(p.pending, f.Tag())
		e.frame = f
		if err := p.takeFrame(e, emit); err != nil {
			return err
		}
		e.work += time.Since(start)
		start = time.Now()
	}
	return nil
}

func (p *Pipeline) tooOld() func(*pendingFrame) bool {
	newest := uint64(0)
	for _, e := range p.pending {
		newest = max(newest, e.unit.Seq)
	}
	return func(e *pendingFrame) bool { return e.unit.Seq+accelerate.MaxHeld < newest }
}

// giveUp answers access units that will give no frame.
func (p *Pipeline) giveUp(which func(*pendingFrame) bool, emit Emit) error {
	for tag, e := range p.pending {
		if !which(e) {
			continue
		}
		delete(p.pending, tag)
		code := media.Undecodable
		if p.next == 0 {
			code = media.AwaitKeyframe
		}
		if err := emit(record(e, code)); err != nil {
			return err
		}
	}
	return nil
}

// frame takes a decoded frame into the look-ahead.
func (p *Pipeline) takeFrame(e *pendingFrame, emit Emit) error {
	overtaken := func(o *pendingFrame) bool { return o.unit.Seq < e.unit.Seq && o.unit.PTS < e.unit.PTS }
	if err := p.giveUp(overtaken, emit); err != nil {
		return err
	}
	p.lag.came(p.ahead(e))
	if e.unit.CatchUp {
		defer e.frame.Close()
		return p.skip(e, emit)
	}
	w, h := e.frame.Size()
	if min(w, h) < MinSide || max(w, h) > MaxSide {
		defer e.frame.Close()
		return emit(record(e, media.Unsupported))
	}
	if p.noteOrientation(e); p.contradicted() {
		defer e.frame.Close()
		return emit(record(e, media.Disagreeing))
	}
	if p.tracker == nil || !p.tracker.Fits(w, h) {
		if err := p.flush(emit); err != nil {
			return err
		}
		p.tracker = tracker.New(p.cfg.Finder, w, h)
	}
	e.n = p.next
	p.next++
	p.rate.Observe(e.unit.PTS)
	p.waiting = append(p.waiting, e)
	p.advance(e)
	return p.release(emit)
}

// skip leaves out a frame that is too old to be shown. What was known of the
// frame does not reach across the gap: the number that is left out says so.
func (p *Pipeline) skip(e *pendingFrame, emit Emit) error {
	if err := p.flush(emit); err != nil {
		return err
	}
	p.next++
	return emit(record(e, media.Shed))
}

// advance brings the tracks to the newest frame, and the detector where due.
func (p *Pipeline) advance(e *pendingFrame) {
	if e.blur = p.levels.Level == media.BlurPicture; e.blur {
		return
	}
	ahead := p.rate.Frames(p.cfg.Settings.LookAhead)
	p.tracker.Tune(ahead, p.rate.FPS())
	p.tracker.Advance(e.forTracker(), p.planner.WantsMotion())
	// What libavcodec had to conceal may have moved faces about.
	if p.tracker.Due(e.n, ahead, p.levels.Level) || e.frame.Corrupt() {
		p.detect(e)
	}
	p.planner.Observe(p.tracker, p.toDecide(e))
}

// clock is the time by which consents count in frame e: in a file that of its
// recording.
func (p *Pipeline) clock(e *pendingFrame) time.Time {
	if p.cfg.Recorded.IsZero() {
		return time.Now()
	}
	return p.cfg.Recorded.Add(e.unit.PTS.Duration())
}

// detectNewest makes sure that no frame leaves before a pass at or after it.
func (p *Pipeline) detectNewest() {
	e := p.waiting[len(p.waiting)-1]
	if !e.blur && !p.tracker.Covered(e.n) {
		p.detect(e)
	}
}

func (p *Pipeline) detect(e *pendingFrame) {
	shape, mounted := p.shapeOf(e.frame)
	e.fresh = p.tracker.Detect(e.forTracker(), tracker.Pass{
		Shape: shape, Mounted: mounted, Level: p.levels.Level, Oldest: p.waiting[0].n, Waiting: p.sharpWaiting,
	})
}

// sharpWaiting goes through the frames that wait and are not to be blurred.
func (p *Pipeline) sharpWaiting(yield func(tracker.Frame) bool) {
	for _, e := range p.waiting {
		if !e.blur && !yield(e.forTracker()) {
			return
		}
	}
}

// forTracker is a frame as the tracker takes it.
func (e *pendingFrame) forTracker() tracker.Frame {
	return tracker.Frame{N: e.n, Image: e.frame.YCbCr(), FullRange: e.frame.FullRange()}
}

// release emits the frames that have waited for the look-ahead.
func (p *Pipeline) release(emit Emit) error {
	newest := p.waiting[len(p.waiting)-1].unit.PTS
	for len(p.waiting) > 0 {
		first := p.waiting[0]
		held := newest - first.unit.PTS
		// A jump backwards in time must not hold frames for ever.
		if held >= 0 && held < media.TicksOf(p.cfg.Settings.LookAhead)-p.rate.Interval/2 && len(p.waiting) < maxWaiting {
			return nil
		}
		if !first.blur && !p.tracker.Covered(first.n) {
			p.detectNewest()
		}
		if err := p.emitOldest(emit); err != nil {
			return err
		}
	}
	return nil
}

// maxWaiting bounds the look-ahead's memory: 1 s at 60 frames a second.
const maxWaiting = 64

func (p *Pipeline) flush(emit Emit) error {
	if len(p.waiting) == 0 {
		return nil
	}
	p.detectNewest()
	for len(p.waiting) > 0 {
		if err := p.emitOldest(emit); err != nil {
			return err
		}
	}
	return nil
}

// emitOldest masks, encodes and emits the oldest waiting frame.
func (p *Pipeline) emitOldest(emit Emit) error {
	start := time.Now()
	e := p.waiting[0]
	p.waiting = p.waiting[1:]
	defer e.frame.Close()
	if p.levels.Shed(e.n) {
		return emit(record(e, media.Shed))
	}
	r := record(e, media.Masked)
	r.Record.Step = p.levels.Level
	if err := p.mask(e, &r.Record); err != nil {
		return emit(record(e, media.EncodeFailed))
	}
	nalus, key, err := p.out.Encode(output.Frame{Image: e.frame, Seq: e.unit.Seq, PTS: e.unit.PTS, Orientation: e.orientation}, p.rate)
	if err == nil {
		p.takeSnapshot(e, r.Record)
	}
	p.cover.TakeOff(e.frame.YCbCr())
	if err != nil {
		p.out.Close()
		if p.cfg.Accelerator.Encodes() {
			return p.cfg.Accelerator.Failed(err)
		}
		return emit(record(e, media.EncodeFailed))
	}
	r.NALUs, r.Keyframe = nalus, key
	now := time.Now()
	r.Record.Work, r.Record.Held = e.work+now.Sub(start), now.Sub(e.arrived)
	return emit(r)
}

func record(e *pendingFrame, code media.Code) wire.Result {
	r := media.Record{Seq: e.unit.Seq, PTS: e.unit.PTS, NTP: e.unit.NTP, Code: code, Fresh: e.fresh, Orientation: e.orientation, Held: time.Since(e.arrived), Work: e.work}
	if e.frame != nil {
		r.Width, r.Height = e.frame.Size()
	}
	return wire.Result{Record: r}
}
