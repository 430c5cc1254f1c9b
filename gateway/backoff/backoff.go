// Package backoff says how long to wait between tries of what has failed, and waits.
//
// In: the bounds, and how many tries have failed in a row. Out: a time that grows with
// each failure and that chance lengthens, so that many that failed together do not
// come back together. It owns no goroutine, keeps no count and never decides whether
// another try is worth it: its callers do.
package backoff

import (
	"context"
	"math/rand/v2"
	"time"
)

// Bounds are those of the waits. The zero value waits not at all.
type Bounds struct {
	// First is the wait after one failure, Longest what no wait exceeds but for Spread.
	First, Longest time.Duration
	// Factor is how much longer each wait is than the one before; 0 means twice as long.
	Factor int
	// Spread is what chance adds at most, as a share of the wait: 0.5 makes a wait of
	// one second one to one and a half. 0 adds nothing.
	Spread float64
}

// After is the wait once failures tries in a row have failed, 1 or more. Less counts as 1.
func (b Bounds) After(failures int) time.Duration { return b.at(failures, rand.Float64()) }

// at is After with the chance said, from 0 to 1.
func (b Bounds) at(failures int, chance float64) time.Duration {
	factor := time.Duration(b.Factor)
	if factor == 0 {
		factor = 2
	}
	d := min(b.First, b.Longest)
	for ; failures > 1 && d > 0 && d < b.Longest; failures-- {
		if d > b.Longest/factor {
			d = b.Longest
			break
		}
		d *= factor
	}
	return d + time.Duration(chance*b.Spread*float64(d))
}

// Sleep waits for d. False: ctx ended first.
func Sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
