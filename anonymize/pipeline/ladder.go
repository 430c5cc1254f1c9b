package pipeline

import (
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// ladder answers overload: each rung costs less than the one before and
// hides no less. It climbs while access units wait too long for the pipeline and
// steps down when there has been room for a while.
type ladder struct {
	step  media.Step
	since time.Time // of the last change, or of the last lack of room
	down  bool      // the last change was a step down
	rest  time.Duration
	mean  time.Duration // of the waits, over about a second
	late  bool          // pictures are left out until the wait is short again
	floor media.Step    // the lowest rung allowed
}

const (
	// roomLag is the mean wait up to which there is room, shedLag the one from
	// which pictures are left out.
	roomLag, shedLag = 80 * time.Millisecond, 60 * time.Millisecond
	// climbEvery gives a rung time to show its effect.
	climbEvery = 500 * time.Millisecond
	firstRest  = 2 * time.Second
	longRest   = 40 * time.Second
	// hurryFrom and hurryTo bound the waits between which pictures are only
	// decoded: an old picture is worth less than the room for a new one. It stays
	// below what makes the supervisor show the slate.
	hurryFrom, hurryTo = 600 * time.Millisecond, 150 * time.Millisecond
	// meanOver is the number of waits that the mean looks back over.
	meanOver = 32
)

// climbLag is the wait that leads up from each rung. Looking less often costs
// nothing that a viewer sees and comes early; leaving pictures out comes late, but
// before the supervisor shows the slate for a worker that is too slow.
var climbLag = [...]time.Duration{
	media.Normal: 150 * time.Millisecond, media.DetectLess: 450 * time.Millisecond, media.LowerRate: 550 * time.Millisecond,
}

func newLadder() ladder { return ladder{rest: firstRest} }

// lag takes how long an access unit waited before the pipeline took it.
func (l *ladder) lag(wait time.Duration, now time.Time) {
	l.mean += (wait - l.mean) / meanOver
	if l.step < l.floor {
		l.step, l.since, l.down = l.floor, now, false
	}
	switch {
	case l.tooDear(wait):
		if now.Sub(l.since) > climbEvery {
			// Falling back soon after stepping down means that the rung below is
			// too dear: try it less and less often.
			if l.down && now.Sub(l.since) < 2*l.rest {
				l.rest = min(2*l.rest, longRest)
			}
			l.step++
			l.since, l.down = now, false
		}
	case l.mean > roomLag:
		if l.step > l.floor && now.Sub(l.since) > climbEvery {
			l.since = now
		}
	case l.step > l.floor && now.Sub(l.since) > l.rest:
		l.step--
		l.since, l.down = now, true
	case l.step == 0 && now.Sub(l.since) > longRest:
		l.rest = firstRest
	}
}

// tooDear tells that the rung in force costs more than there is. One stall is no reason to
// leave pictures out: from the second rung on the waits must be long on the whole.
func (l *ladder) tooDear(wait time.Duration) bool {
	if l.step == media.BlurPicture || wait <= climbLag[l.step] {
		return false
	}
	return l.step == media.Normal || l.mean > climbLag[l.step]/2
}

// hurry tells whether an access unit that waited so long is left out in order
// to catch up. A camera that stalled and sends all at once is no overload.
func (l *ladder) hurry(wait time.Duration) bool {
	from := hurryFrom
	if l.step < media.LowerRate {
		from *= 2
	}
	l.late = wait > from || l.late && wait > hurryTo
	return l.late
}

// shed tells whether picture n is left out: from LowerRate on every second one
// while the waits are long, so that no more are lost than the box cannot carry,
// or while the floor asks for it.
func (l *ladder) shed(n int) bool {
	return n%2 == 1 && (l.floor >= media.LowerRate || l.step >= media.LowerRate && l.mean > shedLag)
}
