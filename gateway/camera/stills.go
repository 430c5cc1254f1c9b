package camera

import (
	"context"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// stillWidth is that of a slate's picture: no more than a masked one's.
	stillWidth = 960
	// stillWait bounds how long one camera is waited for.
	stillWait = 5 * time.Second
)

// PublishStills publishes a picture of each camera over MQTT, every so often, until ctx ends: what
// viewers see, masked or the slate. One camera follows the other, so that workers share the time.
// Of a camera whose frames all show a face by consent none is published: a consent to be seen is
// none to be kept elsewhere.
func (cs *Set) PublishStills(ctx context.Context, every time.Duration) {
	due := time.NewTicker(every)
	defer due.Stop()
	for {
		for _, c := range cs.sorted() {
			if still, ok := c.still(ctx); ok && ctx.Err() == nil {
				cs.cfg.Publisher.Snapshot(c.ID(), still)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-due.C:
		}
	}
}

// still is what viewers see of a camera now; false: there is none in time.
func (c *camera) still(ctx context.Context) (media.Still, bool) {
	if s, isSlate := c.slateStill(); isSlate {
		return s, true
	}
	ctx, cancel := context.WithTimeout(ctx, stillWait)
	defer cancel()
	s, err := c.handle.Still(ctx)
	if err == nil {
		return s, true
	}
	return c.slateStill() // the worker may have ended meanwhile
}

// slateStill is the slate; false: viewers see masked frames.
func (c *camera) slateStill() (media.Still, bool) {
	c.mu.Lock()
	protection, reason, width, height := c.protection, c.by.Reason, c.from.Width, c.from.Height
	c.mu.Unlock()
	if protection == media.Protected || protection == media.OverMasked {
		return media.Still{}, false
	}
	if width > stillWidth {
		width, height = stillWidth, height*stillWidth/width
	}
	return c.handle.SlateStill(reason, width, height, time.Now()), true
}
