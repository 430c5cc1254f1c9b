package camera

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Alive tells, within ctx's time, whether each camera's owner and its worker answer.
// One that hangs would leave viewers with a frame that nobody evaluates any more.
func (cs *Set) Alive(ctx context.Context) bool {
	var hanging atomic.Bool
	var all sync.WaitGroup
	for _, c := range cs.sorted() {
		all.Go(func() {
			if !c.answers(ctx) {
				hanging.Store(true)
				cs.cfg.Log.Error("the camera's owner does not answer", "camera", string(c.ID()))
			}
		})
	}
	all.Wait()
	return !hanging.Load()
}

// Masked counts the cameras whose viewers get masked frames now.
func (cs *Set) Masked() (masked int) {
	for _, c := range cs.sorted() {
		if p := c.now(); p == media.Protected || p == media.OverMasked {
			masked++
		}
	}
	return masked
}

// Unlocked reports whether a worker masks that has no lock-down in force.
func (cs *Set) Unlocked() bool {
	for _, c := range cs.sorted() {
		if c.unlocked() {
			return true
		}
	}
	return false
}
