package camera

import (
	"context"
	"slices"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// setting is one of a camera's that its worker takes over while it runs.
type setting struct {
	name, value string
	action      audit.Action
	refused     error         // why the value cannot be; nil: it can
	keep        func() error  // in the store
	take        func(*camera) // by the camera that runs
}

// set puts a camera's setting in force at once, for good where the camera is in the
// store, and on the audit log.
func (cs *Set) set(ctx context.Context, id media.CameraID, s setting) error {
	cs.admin.Lock()
	defer cs.admin.Unlock()
	c := cs.camera(id)
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
	cs.refresh()
	cs.cfg.Log.Info(s.name+" changed", "camera", string(id), s.name, s.value)
	return cs.cfg.Audit.Did(ctx, s.action, audit.Camera(id), s.name+"="+s.value, nil)
}

// SetCover says what of a camera's frames is masked; it is in force at once.
func (cs *Set) SetCover(ctx context.Context, id media.CameraID, cover string) error {
	return cs.set(ctx, id, setting{"cover", cover, audit.CameraCover, checkCover(cover),
		func() error { return cs.cfg.Store.PutCover(id, cover) }, func(c *camera) { c.setCover(cover) }})
}

func checkCover(cover string) error {
	if !slices.Contains(config.Covers, cover) {
		return api.Refuse(api.CodeInvalid, text.CoverUnknown, cover)
	}
	return nil
}

func (c *camera) setCover(cover string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cover = cover
}

func (c *camera) coverNow() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cover
}

// covered adds what a camera's cover asks for: a moving zone over the whole
// frame. No consent counts in such a zone.
func covered(zones []zone.Zone, cover string) []zone.Zone {
	if cover != config.CoverMoving {
		return zones
	}
	all := zone.Everything()
	all.Kind = zone.Moving
	return append(slices.Clone(zones), all)
}

// SetMounting says which way is up in a camera's frames; it is in force at once.
func (cs *Set) SetMounting(ctx context.Context, id media.CameraID, m media.Mounting) error {
	return cs.set(ctx, id, setting{"mounting", string(m), audit.CameraMounting, checkMounting(m),
		func() error { return cs.cfg.Store.PutMounting(id, m) }, func(c *camera) { c.setMounting(m) }})
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
