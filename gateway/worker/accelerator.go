package worker

import (
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/gateway/backoff"
)

// accelerator remembers how the accelerator works that the camera's children may use.
// One that failed is left alone for a pause that grows with each failure:
// viewers pay for each try with a moment of the slate.
type accelerator struct {
	use      wire.Use
	pauses   backoff.Bounds
	failures int // in a row
	retryAt  time.Time
	pause    time.Duration // after the last failure; 0 where it works
	problem  string        // why software works in its place
	at       bool          // work, in the present child
}

// next is what the next child may use.
func (a *accelerator) next(now time.Time) wire.Use {
	if a.at = a.use.Accelerator != "" && !now.Before(a.retryAt); !a.at {
		return wire.Use{}
	}
	return a.use
}

// blame notes that a child ended while it used the accelerator, whatever the
// cause: a driver can bring down or hang a process in many ways.
func (a *accelerator) blame(cause string, now time.Time) {
	a.failures++
	a.pause = a.pauses.After(a.failures)
	a.problem, a.retryAt, a.at = cause, now.Add(a.pause), false
}

// due reports that a child which works in software should make room for another
// try.
func (a *accelerator) due(now time.Time) bool {
	return a.use.Accelerator != "" && !a.at && !now.Before(a.retryAt)
}

// worked notes for how long the present child has been ready.
func (a *accelerator) worked(span time.Duration) {
	if a.at && span > max(a.pause, a.pauses.First) {
		a.failures, a.pause, a.problem = 0, 0, ""
	}
}
