package pipeline

import (
	"time"

	"github.com/bauta-gateway/bauta/anonymize/output"
	"github.com/bauta-gateway/bauta/anonymize/tracker"
	"github.com/bauta-gateway/bauta/hardware/media"
)

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

// advance brings the tracks to the newest frame, and has it searched where that is due.
func (p *Pipeline) advance(e *pendingFrame) {
	if e.blur = p.levels.Level == media.BlurFrame; e.blur {
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
		if held >= 0 && held < media.TicksOf(p.cfg.Settings.LookAhead)-p.rate.Interval/2 && len(p.waiting) < mostWaiting(first) {
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

// maxWaiting bounds the look-ahead's memory: 1 s at 60 frames a second, of frames of up to
// maxWaitingPixels. Of larger ones fewer wait.
const maxWaiting, maxWaitingPixels = 64, 4096 * 4096

// mostWaiting is how many frames like e may wait.
func mostWaiting(e *pendingFrame) int {
	w, h := e.frame.Size()
	return min(maxWaiting, maxWaiting*maxWaitingPixels/(w*h))
}

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
	r.Record.Degradation = p.levels.Level
	if err := p.mask(e, &r.Record); err != nil {
		return emit(record(e, media.EncodeFailed))
	}
	masked := time.Now()
	nalus, key, err := p.encode(e, &r.Record)
	encoding := time.Since(masked)
	if err == nil {
		p.takeSnapshot(e, r.Record)
		r.Sub = p.encodeSub(e, &r.Record)
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
	p.observeRoom(e, &r.Record, encoding)
	return emit(r)
}

// encode encodes a masked frame in the size in which it leaves, and notes that.
func (p *Pipeline) encode(e *pendingFrame, r *media.Record) (nalus [][]byte, key bool, err error) {
	image, done, err := p.leaving(e)
	if err != nil {
		return nil, false, err
	}
	defer done()
	r.Width, r.Height = image.Size()
	return p.out.Encode(output.Frame{Image: image, Seq: e.unit.Seq, PTS: e.unit.PTS, Orientation: e.orientation}, p.rate)
}
