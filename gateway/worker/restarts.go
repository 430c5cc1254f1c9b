package worker

import (
	"math/rand/v2"
	"time"
)

// backoffTiming are the bounds of the waits between children: the first one,
// the longest one after a child that had shown pictures, and the longest.
type backoffTiming struct{ first, working, longest time.Duration }

// loopAfter deaths in a row are a crash loop.
const loopAfter = 5

// backoff decides how long to wait before the next child.
type backoff struct {
	timing backoffTiming
	streak int // deaths since a child was healthy; its owner resets it
}

// death is how a child fared.
type death struct {
	worked   bool // it had shown a picture
	hopeless bool // the next one will fail too: wait for a person to mend it
}

// wait returns the pause before the next start. The first restart is
// immediate. A child that had shown pictures is worth an early retry however
// often that happens: its crash costs viewers a moment, a long wait much more.
func (b *backoff) wait(d death) time.Duration {
	b.streak++
	longest := b.timing.longest
	if d.worked {
		longest = b.timing.working
	}
	switch {
	case d.hopeless:
		return jitter(longest)
	case b.streak == 1:
		return 0
	}
	return jitter(min(b.timing.first<<min(b.streak-2, 20), longest))
}

func (b *backoff) looping() bool { return b.streak >= loopAfter }

// jitter spreads the cameras of one box: half to all of d.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d/2+1)
}
