package load

import (
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Room decides whether the host can keep up with frames at full size, by how long it works on
// them. It decides once, after the first second; what changes later has to last, for viewers
// see each change of size. The zero value is ready: there is room.
type Room struct {
	// Behind says that frames had better leave smaller.
	Behind  bool
	begun   bool
	from    media.Ticks90k // begin of the span that is watched
	last    media.Ticks90k // the newest frame
	work    time.Duration  // of the span's frames, as if they left at full size
	hold    media.Ticks90k // see roomHold; 0 until the first decision
	changed media.Ticks90k // when Behind last changed
	fell    bool           // it was behind at some time
}

// Work is what one frame took.
type Work struct {
	PTS media.Ticks90k
	// All is the time for the frame, Encode the part of it that grows with the size in which
	// frames leave, Smaller how many times fewer pixels than at full size it had: 1 at full size.
	All, Encode time.Duration
	Smaller     float64
	// Overloaded says that frames are left out, or worse, for want of time.
	Overloaded bool
}

const (
	// roomFirst is how long is measured before the first decision, roomSpan before later ones.
	roomFirst, roomSpan = media.TicksPerSecond, 10 * media.TicksPerSecond
	// roomMost is the share of the time that a frame may take at full size, roomBack the one
	// from which there is room for that again.
	roomMost, roomBack = 0.9, 0.6
	// roomHold is how long it must have been behind before it is tried again at full size; each
	// time that fails soon the next wait is twice as long, up to roomLongest.
	roomHold, roomLongest = 5 * 60 * media.TicksPerSecond, 24 * 60 * 60 * media.TicksPerSecond
)

// Observe takes in the next frame that left, and reports whether Behind changed by it.
func (r *Room) Observe(w Work) (changed bool) {
	before := r.Behind
	switch {
	case w.Overloaded && !r.Behind: // also where so many are left out that nothing else can be told
		r.begun = true
		r.fall(w.PTS)
	case !r.begun, w.PTS <= r.last, w.PTS-r.last > media.TicksPerSecond: // the first frame, and one after a gap, is searched at length
		r.begun = true
		r.watch(w.PTS)
	default:
		r.work += w.All + time.Duration(float64(w.Encode)*(w.Smaller-1))
		r.decide(w.PTS)
	}
	r.last = w.PTS
	return r.Behind != before
}

// watch begins another span.
func (r *Room) watch(from media.Ticks90k) { r.from, r.work = from, 0 }

// decide is called at each frame; it decides at the end of a span.
func (r *Room) decide(now media.Ticks90k) {
	age, span := now-r.from, media.Ticks90k(roomSpan)
	if r.hold == 0 {
		span = roomFirst
	}
	if age < span {
		return
	}
	share := r.work.Seconds() / age.Duration().Seconds()
	r.hold = max(r.hold, roomHold)
	r.watch(now)
	switch {
	case !r.Behind && share > roomMost:
		r.fall(now)
	case r.Behind && share < roomBack && now-r.changed >= r.hold:
		r.Behind, r.changed = false, now
	}
}

// fall notes that it is behind.
func (r *Room) fall(now media.Ticks90k) {
	if r.fell && now-r.changed < 2*r.hold {
		r.hold = min(2*r.hold, roomLongest)
	}
	r.Behind, r.fell, r.changed, r.hold = true, true, now, max(r.hold, roomHold)
	r.watch(now)
}
