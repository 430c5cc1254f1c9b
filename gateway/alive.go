package gateway

import (
	"context"
	"errors"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
)

// Alive tells, within ctx's time, whether the store answers and each camera's
// owner and its worker do.
func (g *Gateway) Alive(ctx context.Context) bool {
	read := make(chan error, 1)
	go func() { // a store that hangs holds it for ever: the process is lost anyway
		_, err := g.storage.store.Setting(store.SigningKey)
		read <- err
	}()
	alive := g.rooms.cameras.Alive(ctx)
	select {
	case err := <-read:
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			g.o.Log.Error("the store does not answer", "error", err)
			return false
		}
	case <-ctx.Done():
		g.o.Log.Error("the store does not answer in time")
		return false
	}
	return alive
}

// StatusLine is the daemon's state in one line.
func (g *Gateway) StatusLine() string {
	_, heat := g.rooms.heat.Latest()
	lang := g.o.Config.Lang()
	return text.Of(lang, text.ServiceStatus, g.rooms.cameras.Count(), g.rooms.cameras.Masked(), text.Of(lang, text.HeatWord(heat.String())))
}
