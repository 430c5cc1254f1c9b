package worker

import (
	"time"

	"github.com/bauta-gateway/bauta/gateway/backoff"
)

// restartTiming are the bounds of the waits between children: the first one,
// the longest one after a child that had shown frames, and the longest.
type restartTiming struct{ first, working, longest time.Duration }

// loopAfter deaths in a row are a crash loop.
const loopAfter = 5

// restarts decides how long to wait before the next child.
type restarts struct {
	timing restartTiming
	streak int // deaths since a child was healthy; its owner resets it
}

// death is how a child ended.
type death struct {
	worked    bool // it had shown a frame
	permanent bool // the next one will fail too: wait for a person to mend it
}

// wait returns the pause before the next start. The first restart is
// immediate. A child that had shown frames is worth an early retry however
// often that happens: its crash costs viewers a moment, a long wait much more.
func (r *restarts) wait(d death) time.Duration {
	r.streak++
	longest := r.timing.longest
	if d.worked {
		longest = r.timing.working
	}
	// Half to all of the time: chance spreads the cameras of one host.
	bounds := backoff.Bounds{First: r.timing.first / 2, Longest: longest / 2, Spread: 1}
	switch {
	case d.permanent:
		bounds.First = bounds.Longest
	case r.streak == 1:
		return 0
	}
	return bounds.After(r.streak - 1)
}

func (r *restarts) looping() bool { return r.streak >= loopAfter }
