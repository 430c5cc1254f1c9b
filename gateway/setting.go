package gateway

import (
	"context"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// setting is one of a camera's that its worker takes over while it runs.
type setting struct {
	name, value string
	refused     error         // why the value cannot be; nil: it can
	keep        func() error  // in the store
	take        func(*camera) // by the camera that runs
}

// set puts a camera's setting in force at once, for good where the camera is in the
// store, and on the audit trail.
func (g *Gateway) set(ctx context.Context, id media.CameraID, s setting) error {
	g.admin.Lock()
	defer g.admin.Unlock()
	c := g.camera(id)
	if c == nil {
		return api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	if s.refused != nil {
		return s.refused
	}
	if c.cfg.stored {
		if err := s.keep(); err != nil {
			return api.FromStore(err)
		}
	}
	s.take(c)
	g.consents.refresh()
	g.log.Info(s.name+" changed", "camera", string(id), s.name, s.value)
	return g.trail.Did(ctx, "camera."+s.name, subject(id), s.name+"="+s.value, nil)
}
