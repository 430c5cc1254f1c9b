package pipeline

import (
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const crf = 23

// output is the encoder and what steers it.
type Encoder struct {
	settings wire.Settings
	// accelerator to encode with; nil: software.
	accelerator *Accelerator
	enc         *av.Encoder
	keyNext     bool
	orientation media.Orientation // of the last keyframe
	started     bool
	lastKey     media.Ticks90k
	keyBytes    int // of the last keyframe
	last        media.Ticks90k
	budget      budget
	cap         int64
	buffer      int64 // bits, of the encoder
	adjusted    media.Ticks90k
}

func (o *Encoder) init(s wire.Settings, a *Accelerator) {
	o.settings, o.accelerator, o.budget = s, a, newBudget()
}

func (o *Encoder) Close() {
	if o.enc != nil {
		o.enc.Close()
		o.enc = nil
	}
}

// count notes an access unit's size for the bitrate cap.
func (o *Encoder) Count(u wire.Unit) {
	n := 0
	for _, v := range u.NALUs {
		n += len(v)
	}
	o.budget.earn(u, n, o.settings.RateCap)
}

func (o *Encoder) Encode(e *pendingFrame, pc FrameRate) ([][]byte, bool, error) {
	due := o.budget.reach(e.unit.Seq)
	wanted := o.keyframe(e, pc, due)
	if o.enc != nil && (!o.enc.Fits(e.frame) || wanted && (o.bufferTooSmall() || o.outgrown(e, pc))) {
		o.Close()
	}
	if o.enc == nil {
		if err := o.open(e, pc); err != nil {
			return nil, false, err
		}
	} else {
		o.adjust(e, pc)
	}
	pts := e.unit.PTS
	nalus, key, err := o.enc.Encode(e.frame, int64(o.clock(pts, pc)), wanted || !o.started)
	if err != nil {
		return nil, false, err
	}
	if key {
		o.orientation = e.orientation
	}
	o.started = true
	size := 0
	for _, n := range nalus {
		size += len(n)
	}
	o.budget.credit += float64(due.bytes)*o.settings.RateCap - float64(size)
	if key {
		o.lastKey, o.keyNext, o.keyBytes = pts, false, size
		o.shrinkBuffer()
	} else if o.buffer < o.cap {
		o.bound(o.cap)
	}
	return nalus, key, nil
}

// clock gives the encoder growing times even where the camera's jump.
func (o *Encoder) clock(pts media.Ticks90k, pc FrameRate) media.Ticks90k {
	if d := pts - o.last; d <= 0 || d > 60*media.TicksPerSecond {
		pts = o.last + pc.Interval
	}
	o.last = pts
	return pts
}

func (o *Encoder) open(e *pendingFrame, pc FrameRate) (err error) {
	o.cap, o.adjusted = o.limit(e, pc), e.unit.PTS
	o.buffer = max(o.cap, bufferFor(o.budget.modest(o.settings.RateCap)))
	fps := pc.FPS()
	o.enc, err = o.accelerator.OpenEncoder(e.frame, av.EncoderConfig{
		FPSNum: int(fps*1000 + 0.5), FPSDen: 1000, GOP: int(fps*keyframeLast/media.TicksPerSecond + 1), CRF: crf,
		RateCap: o.cap, RateBuffer: o.buffer, Threads: max(1, o.settings.Threads),
	})
	o.started = false
	return err
}

// narrow takes back the room that the first keyframe had, or the pictures
// after it would spend it: they have less to say. What is left in the encoder's
// buffer falls to what it can hold, and it is a second's again from the next picture on.
// An encoder that cannot be opened for each keyframe keeps its room for the next one.
func (o *Encoder) shrinkBuffer() {
	if o.buffer > o.cap && !o.accelerator.Encodes() {
		o.buffer = o.cap / 4
		o.enc.SetRateCap(o.cap, o.buffer)
	}
}

// pace measures the picture rate.
type FrameRate struct {
	last     media.Ticks90k
	seen     int
	recent   [9]media.Ticks90k
	Interval media.Ticks90k // 0 until two pictures came
}

func (p *FrameRate) Observe(pts media.Ticks90k) {
	d := pts - p.last
	p.last = pts
	p.seen++
	if p.seen == 1 || d <= 0 || d > 10*media.TicksPerSecond {
		return
	}
	copy(p.recent[1:], p.recent[:])
	p.recent[0] = d
	sorted := slices.Sorted(slices.Values(p.recent[:min(len(p.recent), max(1, p.seen-1))]))
	// The median: one late picture is not a new rate.
	p.Interval = max(1, sorted[len(sorted)/2])
}

func (p FrameRate) FPS() float64 {
	if p.Interval == 0 {
		return 25
	}
	return min(max(float64(media.TicksPerSecond)/float64(p.Interval), 1), 120)
}

// count is how many pictures fit into d.
func (p FrameRate) Frames(d time.Duration) int {
	return int(d.Seconds()*p.FPS() + 0.01)
}
