// Package slate makes the frame that viewers see while there is no vouched
// one: an H.264 stream (constrained baseline, without loss) of a dark card
// with a title, a reason, the camera's name and the time.
//
// In: a size, a card's texts, the time. Out: access units. It owns no goroutine, and it
// must never show anything of a camera's frames.
//
// It is pure Go because the supervisor has no cgo and must be able to speak to
// viewers when no worker runs. Flat areas and text whose squares cover
// whole 4x4 blocks are coded by intra prediction and single coefficients,
// other text as raw macroblocks; frames between keyframes repeat what did
// not change.
package slate

import "time"

const (
	// Interval is the time between two frames.
	Interval = 200 * time.Millisecond
	// KeyframeInterval is the longest time between two keyframes.
	KeyframeInterval = 2 * time.Second
	// MinSide and MaxSide bound a frame's width and height in pixels.
	MinSide = 16
	MaxSide = 8192
	// DefaultWidth and DefaultHeight are those of a slate of unknown size.
	DefaultWidth, DefaultHeight = 1280, 720
)

// Slate is one stream. It is not safe for concurrent use.
type Slate struct {
	width, height int
	enc           *encoder
	card          Card
	lay           layout
	cur, ref      *frame
	second        int64 // of the time in cur
	keyAt         time.Time
	keyframes     uint32 // so far
	frameNum      uint32 // of the next frame
	dirty         bool   // the card changed: begin anew
}

// New makes a slate of this size in pixels. Chroma comes in pairs, so odd
// sizes are rounded down to even ones. Sizes outside of MinSide and MaxSide are
// brought within; 0 x 0 means the default size.
func New(width, height int) *Slate {
	width, height = Size(width, height)
	s := &Slate{width: width, height: height, dirty: true}
	s.cur, s.ref = newFrame(width, height), newFrame(width, height)
	s.enc = newEncoder(s.cur.mbw, s.cur.mbh)
	return s
}

// Size returns the size that New makes of width x height.
func Size(width, height int) (w, h int) {
	if width <= 0 || height <= 0 {
		return DefaultWidth, DefaultHeight
	}
	side := func(n int) int { return min(max(n&^1, MinSide), MaxSide) }
	return side(width), side(height)
}

// SetCard changes what the slate says from the next frame on, which will be
// a keyframe if that differs.
func (s *Slate) SetCard(c Card) {
	if c != s.card {
		s.card, s.dirty = c, true
	}
}

// Next makes the frame for the time now: its NAL units without start codes
// and whether it is a keyframe, which brings its parameter sets along. The
// first one is, and one whenever asked for, when the card changes and when
// KeyframeInterval is over.
func (s *Slate) Next(now time.Time, keyframe bool) (nalus [][]byte, isKeyframe bool) {
	if s.dirty {
		s.lay = place(s.card, s.width, s.height)
		s.lay.draw(s.cur.gray())
		s.second = 0
	}
	if age := now.Sub(s.keyAt); s.dirty || age < 0 || age >= KeyframeInterval {
		keyframe = true
	}
	s.dirty = false
	changed := s.setTime(now)
	if keyframe {
		return s.keyframe(now), true
	}
	s.frameNum++
	ref := s.cur
	if changed {
		ref = s.ref
	}
	return [][]byte{s.enc.delta(s.cur, ref, s.frameNum)}, false
}

// tellTime brings the time in cur up to date and reports whether it changed;
// ref is then what was before.
func (s *Slate) setTime(now time.Time) bool {
	if now.Unix() == s.second {
		return false
	}
	s.second = now.Unix()
	copy(s.ref.pix, s.cur.pix)
	s.lay.drawClock(s.cur.gray(), now)
	return true
}

func (s *Slate) keyframe(now time.Time) [][]byte {
	s.keyAt, s.frameNum = now, 0
	s.keyframes++
	// Neighbouring keyframes need different ids. Encoders count 0 and 1 by
	// turns, so these differ from those of a stream before or after too.
	slice := s.enc.idr(s.cur, 2+s.keyframes&1)
	return [][]byte{sps(s.width, s.height), pps(), slice}
}
