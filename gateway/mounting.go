package gateway

import (
	"context"
	"net/http"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func (g *Gateway) putMounting(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	var in api.NewMounting
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, g.SetMounting(r.Context(), id, in.Mounting)
}

// SetMounting says which way is up in a camera's picture; it is in force at once.
func (g *Gateway) SetMounting(ctx context.Context, id media.CameraID, m media.Mounting) error {
	return g.set(ctx, id, setting{"mounting", string(m), checkMounting(m),
		func() error { return g.store.PutMounting(id, m) }, func(c *camera) { c.setMounting(m) }})
}

func checkMounting(m media.Mounting) error {
	if !m.Known() {
		return api.Refuse(api.CodeInvalid, text.MountingUnknown, string(m))
	}
	return nil
}

func (c *camera) setMounting(m media.Mounting) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mounting = m
}

func (c *camera) mountingNow() media.Mounting {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mounting
}
