// Package load measures how fast frames come and how long they wait, and chooses the
// degradation level by it.
//
// In: times of frames, waits of access units, the lowest level allowed. Out: the frame rate,
// the level, and which frames are left out. It has no goroutine: the pipeline's owns it. It
// never chooses a level that hides less than full detection does.
package load

import (
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Levels answers overload: each degradation level costs less than the one before and hides
// no less. It goes up while access units wait too long for the pipeline and down when there
// has been room for a while.
type Levels struct {
	Level      media.Degradation
	since      time.Time // of the last change, or of the last lack of room
	lowered    bool      // the last change was to a lower level
	hold       time.Duration
	mean       time.Duration     // of the waits, over about a second
	catchingUp bool              // frames are left out until the wait is short again
	Floor      media.Degradation // the lowest level allowed
}

const (
	// roomWait is the mean wait up to which there is room, shedWait the one from
	// which frames are left out.
	roomWait, shedWait = 80 * time.Millisecond, 60 * time.Millisecond
	// raiseEvery gives a level time to show its effect.
	raiseEvery = 500 * time.Millisecond
	firstHold  = 2 * time.Second
	longHold   = 40 * time.Second
	// catchUpFrom and catchUpTo bound the waits between which frames are only
	// decoded: an old frame is worth less than the room for a new one. It stays
	// below what makes the supervisor show the slate.
	catchUpFrom, catchUpTo = 600 * time.Millisecond, 150 * time.Millisecond
	// meanOver is the number of waits that the mean looks back over.
	meanOver = 32
)

// raiseWait is the wait that leads up from each level. Detecting less often costs
// nothing that a viewer sees and comes early; leaving frames out comes late, but
// before the supervisor shows the slate for a worker that is too slow.
var raiseWait = [...]time.Duration{
	media.Normal: 150 * time.Millisecond, media.DetectLess: 450 * time.Millisecond, media.LowerRate: 550 * time.Millisecond,
}

// NewLevels begins at Normal.
func NewLevels() Levels { return Levels{hold: firstHold} }

// Observe takes how long an access unit waited before the pipeline took it.
func (l *Levels) Observe(wait time.Duration, now time.Time) {
	l.mean += (wait - l.mean) / meanOver
	if l.Level < l.Floor {
		l.Level, l.since, l.lowered = l.Floor, now, false
	}
	switch {
	case l.overloaded(wait):
		if now.Sub(l.since) > raiseEvery {
			// Going up soon after going down means that the lower level is
			// too costly: try it less and less often.
			if l.lowered && now.Sub(l.since) < 2*l.hold {
				l.hold = min(2*l.hold, longHold)
			}
			l.Level++
			l.since, l.lowered = now, false
		}
	case l.mean > roomWait:
		if l.Level > l.Floor && now.Sub(l.since) > raiseEvery {
			l.since = now
		}
	case l.Level > l.Floor && now.Sub(l.since) > l.hold:
		l.Level--
		l.since, l.lowered = now, true
	case l.Level == 0 && now.Sub(l.since) > longHold:
		l.hold = firstHold
	}
}

// overloaded reports whether the level in force costs more than there is. One stall is no reason to
// leave frames out: from the second level on the waits must be long on the whole.
func (l *Levels) overloaded(wait time.Duration) bool {
	if l.Level == media.BlurFrame || wait <= raiseWait[l.Level] {
		return false
	}
	return l.Level == media.Normal || l.mean > raiseWait[l.Level]/2
}

// CatchUp reports whether an access unit that waited so long is left out in order
// to catch up. A camera that stalled and sends all at once is no overload.
func (l *Levels) CatchUp(wait time.Duration) bool {
	from := catchUpFrom
	if l.Level < media.LowerRate {
		from *= 2
	}
	l.catchingUp = wait > from || l.catchingUp && wait > catchUpTo
	return l.catchingUp
}

// Shed reports whether frame n is left out: from LowerRate on every second one
// while the waits are long, so that no more are lost than the host cannot carry,
// or while the floor asks for it.
func (l *Levels) Shed(n int) bool {
	return n%2 == 1 && (l.Floor >= media.LowerRate || l.Level >= media.LowerRate && l.mean > shedWait)
}
