package camera

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/slug"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// ZonesOf returns the zones in force on a camera.
func (cs *Set) ZonesOf(id media.CameraID) []zone.Zone { return cs.masking.zonesOf(id) }

// Zones lists a camera's zones and which part of the frame each kind holds.
func (cs *Set) Zones(id media.CameraID) (api.Zones, error) {
	if cs.camera(id) == nil {
		return api.Zones{}, api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	if cs.masking.damaged(id) {
		if _, err := cs.cfg.Store.Zones(id); err != nil { // which says what to do
			return api.Zones{}, err
		}
	}
	all := cs.ZonesOf(id)
	if all == nil {
		all = []zone.Zone{}
	}
	return api.Zones{Zones: all, Shares: zone.Shares(all)}, nil
}

// AddZone does what PutZone does, and returns the zone's id: one that is free, made of its name,
// where none was given.
func (cs *Set) AddZone(ctx context.Context, id media.CameraID, n api.NewZone) (string, error) {
	n.Name = strings.TrimSpace(n.Name)
	if n.ID != "" {
		return n.ID, cs.PutZone(ctx, id, n)
	}
	cs.naming.Lock() // two at a time would get the same one
	defer cs.naming.Unlock()
	made, err := cs.freeZone(cmp.Or(n.Name, string(n.Kind)))
	if err != nil {
		return "", err
	}
	n.ID = made
	return made, cs.PutZone(ctx, id, n)
}

// freeZone makes an id that no zone of any camera has, and no token that was ever given names:
// what somebody agreed to for one area never counts in another one that came later.
func (cs *Set) freeZone(name string) (string, error) {
	taken := cs.masking.names()
	err := cs.cfg.Store.EachConsent("", func(c store.ConsentRow) bool {
		for _, z := range c.Zones {
			taken[z] = true
		}
		return true
	})
	if err != nil && !errors.Is(err, store.ErrUnreadable) { // a damaged consent shows nobody
		return "", api.FromStore(err)
	}
	return slug.Free(slug.Of("area", name, drawing.MaxID), drawing.MaxID, func(id string) bool { return taken[id] }), nil
}

// PutZone puts a zone in force at once and stores it. What hides does not wait
// for the disk: the error is ErrUnstored then. What shows counts once it is stored.
func (cs *Set) PutZone(ctx context.Context, id media.CameraID, n api.NewZone) error {
	if cs.camera(id) == nil {
		return api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	if err := cs.checkPurposes(n.Purposes); err != nil {
		return err
	}
	if err := drawing.Check(n.Zone); err != nil {
		return api.Because(api.CodeInvalid, err)
	}
	if old, has, _ := cs.masking.find(id, n.ID); has && n.Name == "" {
		n.Name = old.Name // who changes its shape does not mean to take its name
	}
	write := func() error { return cs.cfg.Store.PutZone(id, n.Zone, n.Replace) }
	record := cs.zoneChange(ctx, id, n.ID, audit.ZoneChanged, saying(n.Zone), audit.EventZoneChanged)
	if !hides(n.Kind) {
		return cs.relax(ctx, id, "zone "+n.ID, func() error {
			if cs.camera(id) == nil { // what hides keeps it from being removed meanwhile
				return api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
			}
			return write()
		}, record)
	}
	if err := cs.masking.takes(id, n); err != nil {
		return err
	}
	n.Replace = true // by now it is in force
	return cs.hideMore(id, "zone "+n.ID, &hide{zone: &n.Zone}, write, record).Within(change.Within)
}

// checkFirstZones refuses zones with which a camera cannot begin.
func (cs *Set) checkFirstZones(n api.NewCamera) error {
	if n.Replace && len(n.Zones) > 0 {
		return api.Refuse(api.CodeInvalid, text.ZoneReplaced)
	}
	for i, z := range n.Zones {
		if slices.ContainsFunc(n.Zones[:i], func(other zone.Zone) bool { return other.ID == z.ID }) {
			return api.Refuse(api.CodeExists, text.ZoneExists, n.ID, z.ID)
		}
		if err := cs.checkPurposes(z.Purposes); err != nil {
			return err
		}
		if err := drawing.Check(z); err != nil {
			return api.Because(api.CodeInvalid, err)
		}
	}
	return nil
}

// putFirstZones stores the zones of a camera that does not run yet.
func (cs *Set) putFirstZones(id media.CameraID, all []zone.Zone) error {
	for _, z := range all {
		if err := cs.cfg.Store.PutZone(id, z, false); err != nil {
			return api.FromStore(err)
		}
	}
	return nil
}

// recordFirstZones writes down the zones with which a camera began.
func (cs *Set) recordFirstZones(ctx context.Context, id media.CameraID, all []zone.Zone) error {
	for _, z := range all {
		if err := cs.zoneChange(ctx, id, z.ID, audit.ZoneChanged, saying(z), audit.EventZoneChanged)(); err != nil {
			return err
		}
	}
	return nil
}

// checkPurposes refuses purposes that this gateway does not serve.
func (cs *Set) checkPurposes(purposes []string) error {
	served := consent.LivePurposes(cs.cfg.Purposes)
	for _, p := range purposes {
		if p != consent.SubjectAccess && !slices.Contains(served, p) { // why that one is no use here, the store says
			return api.Refuse(api.CodeInvalid, text.ZonePurposeUnknown, p, strings.Join(served, ", "))
		}
	}
	return nil
}

// SetPurposes says for which purposes tokens count in a consent zone, in place of
// what was said before; with none nobody is shown there. Fewer count at once: the
// error is ErrUnstored where they wait for the disk. More count once they are stored.
func (cs *Set) SetPurposes(ctx context.Context, id media.CameraID, name string, purposes []string) error {
	if err := cs.checkPurposes(purposes); err != nil {
		return err
	}
	z, has, _ := cs.masking.find(id, name)
	if !has {
		return api.Refuse(api.CodeNotFound, text.ZoneNotFound, id, name)
	}
	fewer := !slices.ContainsFunc(purposes, func(p string) bool { return !slices.Contains(z.Purposes, p) })
	z.Purposes, z.Assumed = purposes, false
	if err := drawing.CheckPurposes(z); err != nil {
		return api.Because(api.CodeInvalid, err)
	}
	write := func() error {
		_, err := cs.cfg.Store.PutPurposes(id, name, purposes)
		return err
	}
	record := cs.zoneChange(ctx, id, name, audit.ZoneChanged, saying(z), audit.EventZoneChanged)
	if fewer {
		return cs.hideMore(id, "zone "+name, &hide{zone: &z}, write, record).Within(change.Within)
	}
	return cs.relax(ctx, id, "zone "+name, write, record)
}

// saying is what the audit log says of a zone.
func saying(z zone.Zone) string {
	detail := " kind=" + string(z.Kind)
	if z.Kind == zone.Consent {
		detail += " purposes=" + strings.Join(z.Purposes, ",")
	}
	return detail
}

// zoneChange reports a zone once it is stored.
func (cs *Set) zoneChange(ctx context.Context, id media.CameraID, name string, action audit.Action, more string, event audit.EventType) func() error {
	return func() error {
		cs.cfg.Log.Info("zones changed", "camera", string(id), "zone", name, "action", string(action))
		return cs.cfg.Audit.Did(ctx, action, audit.Camera(id), "zone="+name+more, &audit.Event{Type: event, Camera: id, Zone: name})
	}
}

// RemoveZone removes a zone and stops applying it: at once where it showed
// somebody, where it hid something once that is stored.
func (cs *Set) RemoveZone(ctx context.Context, id media.CameraID, name string) error {
	write := func() error { return cs.cfg.Store.DeleteZone(id, name) }
	record := cs.zoneChange(ctx, id, name, audit.ZoneRemoved, "", audit.EventZoneRemoved)
	if z, has, _ := cs.masking.find(id, name); has && z.Kind == zone.Consent {
		return cs.hideMore(id, "zone "+name, &hide{without: name}, write, record).Within(change.Within)
	}
	return cs.relax(ctx, id, "zone "+name, write, record)
}

// hideMore puts what hides more in force and has it stored; then it is recorded.
func (cs *Set) hideMore(id media.CameraID, what string, c *hide, write, record func() error) *change.Change {
	cs.masking.add(id, c)
	cs.refresh()
	return cs.cfg.Queue.Mask(what, func() error {
		err := write()
		if err != nil && !change.Final(err) {
			return err
		}
		cs.masking.stored(id, c)
		cs.refresh()
		if err != nil {
			return api.FromStore(err)
		}
		return change.ExceptLog(record())
	})
}

// relax stores what may show more, then puts it in force. While anything of the
// camera waits for the disk nothing is: it would hold for less than was asked for.
func (cs *Set) relax(ctx context.Context, id media.CameraID, what string, write, record func() error) error {
	if cs.masking.busy(id) {
		return api.Refuse(api.CodeBusy, text.StoreUnstored)
	}
	return cs.cfg.Queue.Once(what, func() error {
		if err := write(); err != nil {
			return api.FromStore(err)
		}
		cs.masking.load(id)
		cs.refresh()
		return record()
	}).Until(ctx)
}

// snapshotWait is how long a frame without a face shown by consent may be
// in coming.
const snapshotWait = 10 * time.Second

// Snapshot returns a masked frame of a camera as it leaves, small and
// without faces that are shown by consent.
func (cs *Set) Snapshot(ctx context.Context, id media.CameraID) (api.Snapshot, error) {
	c := cs.camera(id)
	if c == nil {
		return api.Snapshot{}, api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	ctx, cancel := context.WithTimeout(ctx, snapshotWait)
	defer cancel()
	jpeg, err := c.handle.Snapshot(ctx)
	if err != nil {
		return api.Snapshot{}, api.Refuse(api.CodeNoPicture, text.ZoneNoFrame, id)
	}
	return api.Snapshot{JPEG: jpeg}, nil
}

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
	protection, width, height := c.protection, c.from.Width, c.from.Height
	reason := cmp.Or(c.by.Reason, text.SlateReason(string(c.from.Reason)))
	c.mu.Unlock()
	if protection == media.Protected || protection == media.OverMasked {
		return media.Still{}, false
	}
	if width > stillWidth {
		width, height = stillWidth, height*stillWidth/width
	}
	return c.handle.SlateStill(reason, width, height, time.Now()), true
}
