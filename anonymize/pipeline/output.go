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
type output struct {
	settings wire.Settings
	// accelerator to encode with; nil: software.
	accelerator *accelerator
	enc         *av.Encoder
	keyNext     bool
	shown       media.Orientation // of the last keyframe
	started     bool
	lastKey     media.Ticks90k
	keyBytes    int // of the last keyframe
	last        media.Ticks90k
	budget      budget
	cap         int64
	buffer      int64 // bits, of the encoder
	adjusted    media.Ticks90k
}

func (o *output) init(s wire.Settings, a *accelerator) {
	o.settings, o.accelerator, o.budget = s, a, newBudget()
}

func (o *output) close() {
	if o.enc != nil {
		o.enc.Close()
		o.enc = nil
	}
}

// count notes an access unit's size for the bitrate cap.
func (o *output) count(u wire.Unit) {
	n := 0
	for _, v := range u.NALUs {
		n += len(v)
	}
	o.budget.earn(u, n, o.settings.RateCap)
}

func (o *output) encode(e *entry, pc pace) ([][]byte, bool, error) {
	due := o.budget.reach(e.unit.Seq)
	wanted := o.keyframe(e, pc, due)
	if o.enc != nil && (!o.enc.Fits(e.frame) || wanted && (o.starves() || o.outgrown(e, pc))) {
		o.close()
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
		o.shown = e.shown
	}
	o.started = true
	size := 0
	for _, n := range nalus {
		size += len(n)
	}
	o.budget.credit += float64(due.bytes)*o.settings.RateCap - float64(size)
	if key {
		o.lastKey, o.keyNext, o.keyBytes = pts, false, size
		o.narrow()
	} else if o.buffer < o.cap {
		o.bound(o.cap)
	}
	return nalus, key, nil
}

// clock gives the encoder growing times even where the camera's jump.
func (o *output) clock(pts media.Ticks90k, pc pace) media.Ticks90k {
	if d := pts - o.last; d <= 0 || d > 60*media.TicksPerSecond {
		pts = o.last + pc.interval
	}
	o.last = pts
	return pts
}

func (o *output) open(e *entry, pc pace) (err error) {
	o.cap, o.adjusted = o.limit(e, pc), e.unit.PTS
	o.buffer = max(o.cap, bufferFor(o.budget.modest(o.settings.RateCap)))
	fps := pc.fps()
	o.enc, err = o.accelerator.encoder(e.frame, av.EncoderConfig{
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
func (o *output) narrow() {
	if o.buffer > o.cap && !o.accelerator.encodes() {
		o.buffer = o.cap / 4
		o.enc.SetRateCap(o.cap, o.buffer)
	}
}

// pace measures the picture rate.
type pace struct {
	last     media.Ticks90k
	seen     int
	recent   [9]media.Ticks90k
	interval media.Ticks90k // 0 until two pictures came
}

func (p *pace) tick(pts media.Ticks90k) {
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
	p.interval = max(1, sorted[len(sorted)/2])
}

func (p pace) fps() float64 {
	if p.interval == 0 {
		return 25
	}
	return min(max(float64(media.TicksPerSecond)/float64(p.interval), 1), 120)
}

// count is how many pictures fit into d.
func (p pace) count(d time.Duration) int {
	return int(d.Seconds()*p.fps() + 0.01)
}
