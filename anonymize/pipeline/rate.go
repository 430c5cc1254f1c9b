package pipeline

import (
	"slices"

	"github.com/bauta-gateway/bauta/gateway/media"
)

// budget keeps the output to a multiple of the source's bitrate: in the long
// run exactly, while a burst of the source may be answered with a burst, or everything
// would look worst at the very moment when something happens.
type budget struct {
	long, short meter
	credit      float64 // bytes that may still be spent; negative when overspent
}

func newBudget() budget {
	return budget{long: meter{window: rateWindow}, short: meter{window: media.TicksPerSecond}}
}

// earn notes an access unit of n bytes that allows for `times` as many.
func (b *budget) earn(pts media.Ticks90k, n int, times float64) {
	b.long.add(pts, n)
	b.short.add(pts, n)
	b.credit += float64(n) * times
	if rate, ok := b.long.bits(); ok {
		second := times * rate / 8
		b.credit = min(max(b.credit, -owedSeconds*second), savedSeconds*second)
	}
}

const (
	// rateWindow is long enough to hold two keyframes of most cameras.
	rateWindow = 8 * media.TicksPerSecond
	// savedSeconds bounds what a quiet time may leave for a busy one, and
	// owedSeconds how much of a busy one is made good: mush for long helps nobody.
	savedSeconds, owedSeconds = 8, 3
	// settle is within how many seconds credit is spent or a debt made good.
	settle = 3
)

// rate is the bound on the output in bits a second, where the source's bitrate
// counts `times`.
func (b *budget) rate(times float64) float64 {
	long, ok := b.long.bits()
	if !ok {
		return times * b.long.guess()
	}
	peak, ok := b.short.bits()
	if !ok {
		peak = long
	}
	if b.credit < 0 {
		now := min(long, max(peak, long/2))
		return max(0.85*times*now+b.credit*8/settle, 0.4*times*now)
	}
	long *= times
	// x264 runs a few per cent over its bound.
	return 0.95 * max(long, min(times*peak, long+b.credit*8/settle))
}

// adjust follows the source's bitrate, once a second or when it leaps up: each
// change disturbs x264's rate control.
func (o *output) adjust(e *entry, pc pace) {
	if o.cap == 0 {
		return
	}
	want := o.limit(e, pc)
	if since := e.unit.PTS - o.adjusted; since >= 0 && since < media.TicksPerSecond && want < 2*o.cap {
		return
	}
	o.adjusted = e.unit.PTS
	if o.enc.Steady() {
		return // see outgrown
	}
	if want > o.cap*11/10 || want < o.cap*39/40 {
		o.cap = want
		o.enc.SetRateCap(want)
	}
}

// outgrown tells that an encoder whose bitrate cannot be changed has to make
// room for another one: only where a keyframe is due anyway, for it begins with one.
func (o *output) outgrown(e *entry, pc pace) bool {
	if o.cap == 0 || !o.enc.Steady() || e.unit.PTS-o.lastKey < keyframeEvery-pc.interval/2 {
		return false
	}
	want := o.limit(e, pc)
	return want > o.cap*5/4 || want < o.cap*4/5
}

// limit is the bitrate bound in bits a second: a multiple of the source's, but never so
// low that a still scene could not be shown at all.
func (o *output) limit(e *entry, pc pace) int64 {
	if o.settings.RateCap == 0 {
		return 0
	}
	w, h := e.frame.Size()
	pixels := float64(w*h) * pc.fps()
	return int64(max(o.budget.rate(o.settings.RateCap), pixels*0.003, 64_000))
}

// meter measures a bitrate over the last seconds of a stream's own time.
type meter struct {
	window  media.Ticks90k
	samples []sample
	bytes   int
}

type sample struct {
	pts   media.Ticks90k
	bytes int
}

func (m *meter) add(pts media.Ticks90k, n int) {
	if k := len(m.samples); k > 0 {
		if d := pts - m.samples[k-1].pts; d > m.window || d < -m.window {
			m.samples, m.bytes = m.samples[:0], 0
		}
	}
	m.samples = append(m.samples, sample{pts, n})
	m.bytes += n
	drop := 0
	for pts-m.samples[drop].pts > m.window {
		m.bytes -= m.samples[drop].bytes
		drop++
	}
	m.samples = slices.Delete(m.samples, 0, drop)
}

// bits is the rate in bits a second; ok is false before about a second.
func (m *meter) bits() (float64, bool) {
	if len(m.samples) < 2 {
		return 0, false
	}
	span := m.samples[len(m.samples)-1].pts - m.samples[0].pts
	if span < media.TicksPerSecond*9/10 {
		return 0, false
	}
	// The last access unit's own duration is part of the time it fills.
	span += span / media.Ticks90k(len(m.samples)-1)
	return float64(m.bytes) * 8 * media.TicksPerSecond / float64(span), true
}

// guess is the rate before it can be measured: the first keyframe counts as
// half a second's worth, about what it is with most cameras.
func (m *meter) guess() float64 {
	if len(m.samples) == 0 {
		return 0
	}
	span := m.samples[len(m.samples)-1].pts - m.samples[0].pts
	return float64(m.bytes) * 8 * media.TicksPerSecond / float64(span+media.TicksPerSecond/2)
}
