package gateway

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Alive tells, within ctx's time, whether the store answers and each camera's
// owner and its worker's do. One that hangs would leave viewers with a picture
// that nobody judges any more.
func (g *Gateway) Alive(ctx context.Context) bool {
	var hanging atomic.Bool
	var all sync.WaitGroup
	for _, c := range g.sorted() {
		all.Go(func() {
			if !c.answers(ctx) {
				hanging.Store(true)
				g.log.Error("the camera's owner does not answer", "camera", string(c.cfg.source.ID))
			}
		})
	}
	read := make(chan error, 1)
	go func() { // a store that hangs holds it for ever: the process is lost anyway
		_, err := g.store.Setting(memorySetting)
		read <- err
	}()
	select {
	case err := <-read:
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			hanging.Store(true)
			g.log.Error("the store does not answer", "error", err)
		}
	case <-ctx.Done():
		hanging.Store(true)
		g.log.Error("the store does not answer in time")
	}
	all.Wait()
	return !hanging.Load()
}

// answers is true for a camera that is being removed, too.
func (c *camera) answers(ctx context.Context) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.life, cancel)()
	select {
	case c.ping <- struct{}{}:
	case <-ctx.Done():
		return c.life.Err() != nil
	}
	return c.handle.Answers(ctx) || c.life.Err() != nil
}

// StatusLine is the daemon's state in one line.
func (g *Gateway) StatusLine() string {
	all, masked := g.sorted(), 0
	for _, c := range all {
		if p := c.now(); p == media.Protected || p == media.OverMasked {
			masked++
		}
	}
	_, heat := g.box.latest()
	return text.Of(g.cfg.Lang(), text.ServiceStatus, len(all), masked, text.Of(g.cfg.Lang(), text.HeatWord(heat.String())))
}

// now is what viewers get at this moment.
func (c *camera) now() media.Protection {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.protection
}
