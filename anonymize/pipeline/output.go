package pipeline

import (
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/gateway/media"
	"github.com/bauta-gateway/bauta/gateway/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
)

const crf = 23

// output is the encoder and what steers it.
type output struct {
	settings wire.Settings
	enc      *av.Encoder
	keyNext  bool
	started  bool
	lastKey  media.Ticks90k
	last     media.Ticks90k
	source   meter
	cap      int64
	adjusted media.Ticks90k
}

func (o *output) init(s wire.Settings) { o.settings = s }

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
	o.source.add(u.PTS, n)
}

func (o *output) encode(e *entry, pc pace) ([][]byte, bool, error) {
	if o.enc != nil && !o.enc.Fits(e.frame) {
		o.close()
	}
	if o.enc == nil {
		if err := o.open(e, pc); err != nil {
			return nil, false, err
		}
	}
	o.adjust(e, pc)
	pts := e.unit.PTS
	// Half a picture of tolerance, or a jittering clock would put every keyframe one picture late.
	due := pts-o.lastKey >= keyframeEvery-pc.interval/2 || pts < o.lastKey
	nalus, key, err := o.enc.Encode(e.frame, int64(o.clock(pts, pc)), o.keyNext || due || !o.started)
	if err != nil {
		return nil, false, err
	}
	o.started = true
	if key {
		o.lastKey, o.keyNext = pts, false
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
	o.cap = o.limit(e, pc)
	fps := pc.fps()
	o.enc, err = av.NewEncoder(e.frame, av.EncoderConfig{
		FPSNum: int(fps*1000 + 0.5), FPSDen: 1000, GOP: int(2*fps + 1), CRF: crf,
		RateCap: o.cap, Threads: max(1, o.settings.Threads),
	})
	o.started = false
	return err
}

// adjust follows the source's bitrate, once a second: each change disturbs
// x264's rate control.
func (o *output) adjust(e *entry, pc pace) {
	if o.cap == 0 {
		return
	}
	if since := e.unit.PTS - o.adjusted; since >= 0 && since < media.TicksPerSecond {
		return
	}
	o.adjusted = e.unit.PTS
	if want := o.limit(e, pc); want > o.cap*11/10 || want < o.cap*39/40 {
		o.cap = want
		o.enc.SetRateCap(want)
	}
}

// limit is the bitrate bound in bits a second: a multiple of the source's, but never so
// low that a still scene could not be shown at all.
func (o *output) limit(e *entry, pc pace) int64 {
	if o.settings.RateCap == 0 {
		return 0
	}
	w, h := e.frame.Size()
	pixels := float64(w*h) * pc.fps()
	rate, ok := o.source.bits()
	if !ok { // too early to tell: about what such a camera sends
		return int64(pixels * 0.06)
	}
	// x264 runs a few per cent over its bound.
	return int64(max(0.95*o.settings.RateCap*rate, pixels*0.003, 64_000))
}

// meter measures a bitrate over the last seconds of a stream's own time.
type meter struct {
	samples []sample
	bytes   int
}

type sample struct {
	pts   media.Ticks90k
	bytes int
}

// rateWindow is long enough to hold two keyframes of most cameras.
const rateWindow = 8 * media.TicksPerSecond

func (m *meter) add(pts media.Ticks90k, n int) {
	if k := len(m.samples); k > 0 {
		if d := pts - m.samples[k-1].pts; d > rateWindow || d < -rateWindow {
			m.samples, m.bytes = m.samples[:0], 0
		}
	}
	m.samples = append(m.samples, sample{pts, n})
	m.bytes += n
	drop := 0
	for pts-m.samples[drop].pts > rateWindow {
		m.bytes -= m.samples[drop].bytes
		drop++
	}
	m.samples = slices.Delete(m.samples, 0, drop)
}

// bits is the rate in bits a second; ok is false in the first second.
func (m *meter) bits() (float64, bool) {
	if len(m.samples) < 2 {
		return 0, false
	}
	span := m.samples[len(m.samples)-1].pts - m.samples[0].pts
	if span < media.TicksPerSecond {
		return 0, false
	}
	// The last access unit's own duration is part of the time it fills.
	span += span / media.Ticks90k(len(m.samples)-1)
	return float64(m.bytes) * 8 * media.TicksPerSecond / float64(span), true
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
