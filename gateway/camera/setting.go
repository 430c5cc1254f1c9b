package camera

import (
	"context"
	"slices"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// SetCover says what of a camera's frames is masked. More is in force at once: the error
// is ErrUnstored where it waits for the disk. Less is once it is stored.
func (cs *Set) SetCover(ctx context.Context, id media.CameraID, cover string) error {
	c := cs.camera(id)
	if c == nil {
		return api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	if err := checkCover(cover); err != nil {
		return err
	}
	write := func() error {
		return cs.keepSetting(c, func() error { return cs.cfg.Store.PutCover(id, cover) }, func(now *camera) { now.setCover(cover) })
	}
	record := cs.settingChange(ctx, id, audit.CameraCover, "cover="+cover)
	if cover != config.CoverMoving {
		return cs.relax(ctx, id, "cover", write, record)
	}
	c.setCover(cover)
	return cs.hideMore(id, "cover", &hide{}, write, record).Within(change.Within)
}

// SetMounting says which way is up in a camera's frames, once it is stored.
func (cs *Set) SetMounting(ctx context.Context, id media.CameraID, m media.Mounting) error {
	c := cs.camera(id)
	if c == nil {
		return api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	if err := checkMounting(m); err != nil {
		return err
	}
	write := func() error {
		return cs.keepSetting(c, func() error { return cs.cfg.Store.PutMounting(id, m) }, func(now *camera) { now.setMounting(m) })
	}
	return cs.relax(ctx, id, "mounting", write, cs.settingChange(ctx, id, audit.CameraMounting, "mounting="+string(m)))
}

// settingChange records a setting once it is in force and stored.
func (cs *Set) settingChange(ctx context.Context, id media.CameraID, action audit.Action, detail string) func() error {
	return func() error {
		cs.cfg.Log.Info("setting changed", "camera", string(id), "now", detail)
		return cs.cfg.Audit.Did(ctx, action, audit.Camera(id), detail, nil)
	}
}

// keepSetting stores a setting of a camera, unless that lives for this run only, and gives
// it to the one that runs by then: another may have taken its place meanwhile, with the
// setting from before.
func (cs *Set) keepSetting(c *camera, put func() error, take func(now *camera)) error {
	cs.keeping.Lock()
	defer cs.keeping.Unlock()
	if c.cfg.stored {
		if err := put(); err != nil {
			return err
		}
	}
	if now := cs.camera(c.ID()); now != nil {
		take(now)
	}
	return nil
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
