package output

import (
	"slices"

	"github.com/bauta-gateway/bauta/anonymize/load"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// budget keeps the output to a multiple of the source's bitrate: in the long
// run exactly, while a burst of the source may be answered with a burst, or everything
// would look worst at the very moment when something happens.
//
// Whole new frames are kept apart: they pay for the output's keyframes, and
// the frames between them follow those of the source.
type budget struct {
	long, short meter   // long is without new frames
	credit      float64 // bytes that may still be spent; negative when overspent
	freshness   freshness
	due         arrival
}

// arrival is the source's new frames that no frame has been encoded for.
type arrival struct {
	seq   uint64 // of the first one
	bytes int    // of all; 0: none
	cut   bool
}

func newBudget() budget {
	return budget{long: meter{window: rateWindow}, short: meter{window: media.TicksPerSecond}}
}

// clone is a budget of its own that has measured the same and owes nothing.
func (b *budget) clone() budget {
	c := *b
	c.long.samples, c.short.samples = slices.Clone(b.long.samples), slices.Clone(b.short.samples)
	c.credit, c.due = 0, arrival{}
	return c
}

// add notes an access unit of n bytes that allows for `times` as many.
func (b *budget) add(u wire.Unit, n int, times float64) {
	b.short.add(u.PTS, n)
	fresh, cut := b.freshness.see(u.PTS, n, u.Keyframe)
	if fresh {
		if b.due.bytes == 0 {
			b.due.seq = u.Seq
		}
		b.due.bytes += n
		b.due.cut = b.due.cut || cut
		n = b.freshness.plain // what a frame in its place would have had
	} else {
		b.credit += float64(n) * times
	}
	b.long.add(u.PTS, n)
	b.bound(times)
}

// take says that a frame is about to be encoded, and gives what the source has new
// there. It counts as earned with that frame, or those before would spend it.
func (b *budget) take(seq uint64) (due arrival) {
	if b.due.bytes > 0 && seq >= b.due.seq {
		due, b.due = b.due, arrival{}
	}
	return due
}

// bound keeps credit within what a calm time may leave and a busy one may owe.
func (b *budget) bound(times float64) {
	if rate, ok := b.long.bits(); ok {
		second := times * rate / 8
		b.credit = min(max(b.credit, -owedSeconds*second-owedKeyframes*b.keyframe(times)), savedSeconds*second+b.keyframe(times))
	}
}

// keyframe is how many bytes a good one may have.
func (b *budget) keyframe(times float64) float64 { return times * float64(b.freshness.key) }

// modest is the same where there are debts: they are made good by keyframes too.
func (b *budget) modest(times float64) float64 {
	good := b.keyframe(times)
	return max(good*3/4, good+min(0, b.credit)/2)
}

// spare is what frames between keyframes may have beyond their own: where
// the source's keyframes come too seldom, one that it does not pay for has to be saved for.
func (b *budget) spare(times float64) float64 {
	if b.freshness.gap > 0 && b.freshness.gap <= keyframeLatest {
		return b.credit
	}
	return max(0, b.credit-b.keyframe(times))
}

const (
	// rateWindow evens out what moves, and follows a camera that calms down.
	rateWindow = 4 * media.TicksPerSecond
	// savedSeconds bounds what a calm time may leave for a busy one, and
	// owedSeconds how much of a busy one is made good: a bad picture for long helps nobody.
	savedSeconds, owedSeconds = 8, 3
	// owedKeyframes are made good besides: those for viewers who join.
	owedKeyframes = 2
	// settle is within how many seconds credit is spent or a debt made good.
	settle = 3
)

// rate is the bound on the output in bits a second, where the source's bitrate
// counts `times`.
func (b *budget) rate(times float64) float64 {
	long, ok := b.long.bits()
	if !ok {
		long = b.guess()
	}
	peak, ok := b.short.bits()
	if !ok {
		peak = long
	}
	if b.credit < 0 {
		now := min(long, max(peak, long/2))
		return max(0.85*times*now+b.credit*8/settle, 0.4*times*now)
	}
	spare := b.spare(times)
	long *= times
	// x264 runs a few per cent over its bound.
	return 0.95 * max(long, min(times*peak, long+spare*8/settle))
}

// guess is the rate between new frames before it can be measured: from the
// few that came, or else a keyframe's worth in two seconds, about what it is with most cameras.
func (b *budget) guess() float64 {
	if bits, ok := b.long.since(1); ok {
		return bits
	}
	return float64(b.freshness.key) * 8 / 2
}

// adjust follows the source's bitrate, once a second or when it leaps up: each
// change disturbs x264's rate control.
func (o *Encoder) adjust(f Frame, rate load.FrameRate) {
	if o.cap == 0 || o.enc.Steady() {
		return // see outgrown
	}
	want := o.limit(f, rate)
	since := f.PTS - o.adjusted
	if since >= 0 && since < media.TicksPerSecond && want < 2*o.cap {
		return
	}
	o.adjusted = f.PTS
	if want > o.cap*11/10 || want < o.cap*39/40 {
		o.bound(want)
	}
}

// bound gives the encoder a new bitrate and a second of it as its buffer, or
// more where keyframes need it.
func (o *Encoder) bound(bits int64) {
	room := bits
	if o.accelerator.Encodes() {
		room = max(bits, bufferFor(o.budget.keyframe(o.settings.RateCap)))
	}
	o.cap, o.buffer = bits, room
	o.enc.SetRateCap(bits, room)
}

// outgrown reports whether an encoder whose bitrate cannot be changed has to make
// room for another one: asked only where a keyframe is due, for it begins with one.
func (o *Encoder) outgrown(f Frame, rate load.FrameRate) bool {
	if o.cap == 0 || !o.enc.Steady() {
		return false
	}
	want := o.limit(f, rate)
	return want > o.cap*5/4 || want < o.cap*4/5
}

// limit is the bitrate bound in bits a second: a multiple of the source's, but never so
// low that a still camera could not be shown at all; its keyframes are paid for apart.
func (o *Encoder) limit(f Frame, rate load.FrameRate) int64 {
	if o.settings.RateCap == 0 {
		return 0
	}
	w, h := f.Image.Size()
	pixels := float64(w*h) * rate.FPS()
	return int64(max(o.budget.rate(o.settings.RateCap), pixels*0.0005, 8_000))
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
func (m *meter) bits() (float64, bool) { return m.since(media.TicksPerSecond * 9 / 10) }

// since is the same; ok is false before the time given.
func (m *meter) since(least media.Ticks90k) (float64, bool) {
	if len(m.samples) < 2 {
		return 0, false
	}
	span := m.samples[len(m.samples)-1].pts - m.samples[0].pts
	if span < least {
		return 0, false
	}
	// The last access unit's own duration is part of the time it fills.
	span += span / media.Ticks90k(len(m.samples)-1)
	return float64(m.bytes) * 8 * media.TicksPerSecond / float64(span), true
}
