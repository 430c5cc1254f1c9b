package output

import (
	"github.com/bauta-gateway/bauta/anonymize/load"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Where the output has its keyframes. A viewer who joins asks for one. Besides
// there is one every keyframeEvery, as long as it costs little beside the rest.
// A calm camera with few keyframes gives so little for the frames between
// them that a keyframe every two seconds would take all of it and still be bad:
// there the output follows the camera's keyframes. Where those are more than
// keyframeLatest apart it has one of its own as soon as there is enough saved
// for it, and in any case after keyframeLast.
const (
	keyframeEvery  = 2 * media.TicksPerSecond
	keyframeLatest = 10 * media.TicksPerSecond
	keyframeLast   = 60 * media.TicksPerSecond
	// keyframeGap is the least time from a keyframe to the next one, for a cut.
	keyframeGap = media.TicksPerSecond / 2
	// keyframeShare is the part of the bitrate that keyframes may take which nobody needs.
	keyframeShare = 1. / 3
)

// freshness finds the access units that hold a whole new frame: keyframes,
// and frames as large as one that follow small ones: after a cut.
type freshness struct {
	last  media.Ticks90k // when the last large one came
	gap   media.Ticks90k // between the last fresh one and the large one before it; 0: there were no two
	large bool           // the last unit was as large as a fresh one
	key   int            // bytes of the last keyframe; 0: none came yet
	plain int            // bytes of the last unit that is not fresh
}

// see notes an access unit of n bytes. early is true for a fresh one that comes
// before its time, as cameras and encoders send one at a cut.
func (f *freshness) see(pts media.Ticks90k, n int, key bool) (fresh, early bool) {
	large := key || f.key > 0 && 2*n >= f.key && n > 4*f.plain
	gap := pts - f.last
	// Where large ones are the rule, none stands out.
	fresh = large && !f.large && (f.key == 0 || gap >= keyframeGap || gap < 0)
	early = fresh && (f.gap == 0 && !key || f.gap >= media.TicksPerSecond && gap < f.gap/2)
	if fresh && f.key > 0 {
		f.gap = gap
	}
	if f.large = large; large {
		f.last = pts
	}
	if key {
		f.key = n
	}
	if !fresh {
		f.plain = n
	}
	return fresh, early
}

// keyframe decides whether a frame becomes one; due is what the camera has new there.
func (o *Encoder) keyframe(f Frame, rate load.FrameRate, due arrival) bool {
	// Half a frame of tolerance, or a jittering clock would put every keyframe one frame late.
	since := f.PTS - o.lastKey + rate.Interval/2
	switch {
	case !o.started, f.PTS < o.lastKey, since >= keyframeLast, f.Orientation != o.orientation:
		return true
	case o.keyNext && o.budget.credit >= 0:
		return true
	case o.keyNext, due.cut: // many who join in debt share one
		return since >= keyframeGap
	case since < keyframeEvery:
		return false
	case due.bytes > 0, o.cap == 0, since >= keyframeLatest && o.budget.credit >= o.budget.keyframe(o.settings.RateCap)/2:
		return true
	}
	return float64(o.keyBytes)*8 <= keyframeShare*float64(o.cap)*keyframeEvery/media.TicksPerSecond
}

// bufferTooSmall reports whether the encoder's buffer is too small for a good keyframe:
// another encoder begins with a full buffer, of any size. One with a unit of its own
// takes too long to open.
func (o *Encoder) bufferTooSmall() bool {
	return o.cap > 0 && !o.accelerator.Encodes() && o.budget.modest(o.settings.RateCap)*8*2.25 > float64(o.cap)
}

// bufferFor is the buffer in bits for a keyframe of so many bytes. x264 spends
// at most half of what is left, which is nine tenths at the beginning, but misjudges its
// first frame by a little.
func bufferFor(bytes float64) int64 { return int64(bytes * 8 * 1.8) }
