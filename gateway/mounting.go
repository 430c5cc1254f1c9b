package gateway

import (
	"context"
	"net/http"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// NewMounting is the body of PUT /v1/cameras/{id}/mounting.
type NewMounting struct {
	// Mounting is auto, or how many degrees clockwise the picture has to be turned to be
	// upright: 0, 90, 180 or 270.
	Mounting media.Mounting `json:"mounting"`
}

func (g *Gateway) putMounting(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	var in NewMounting
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
		return refuse(CodeInvalid, text.MountingUnknown, string(m))
	}
	return nil
}

// SetMounting says which way is up in a camera's picture.
func (c *Client) SetMounting(ctx context.Context, id media.CameraID, m media.Mounting) error {
	return c.call(ctx, http.MethodPut, cameraPath(id, "mounting"), NewMounting{Mounting: m}, nil)
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
