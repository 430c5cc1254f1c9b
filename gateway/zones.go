package gateway

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/media"
	"github.com/bauta-gateway/bauta/gateway/wire"
)

// zonesOf returns the zones in force on a camera. Where one of them cannot be
// read it may have been a private one: then all of the picture is private.
func (g *Gateway) zonesOf(id media.CameraID) []wire.Zone {
	zones, err := g.store.Zones(id)
	if err != nil {
		g.log.Error("a zone cannot be read, so the whole picture is hidden: remove the zone and draw it again", "camera", string(id), "error", err)
		return append(zones, zone.Everything())
	}
	return zones
}

// Zones lists a camera's zones and which part of the picture each kind holds.
func (g *Gateway) Zones(id media.CameraID) (Zones, error) {
	if g.camera(id) == nil {
		return Zones{}, refuse(CodeNotFound, text.CameraNotFound, id)
	}
	all, err := g.store.Zones(id)
	if err != nil {
		return Zones{}, err
	}
	if all == nil {
		all = []wire.Zone{}
	}
	return Zones{Zones: all, Shares: zone.Shares(all)}, nil
}

// PutZone stores a zone and puts it in force at once.
func (g *Gateway) PutZone(ctx context.Context, id media.CameraID, n NewZone) error {
	g.admin.Lock()
	defer g.admin.Unlock()
	if g.camera(id) == nil {
		return refuse(CodeNotFound, text.CameraNotFound, id)
	}
	if err := g.checkPurposes(n.Purposes); err != nil {
		return err
	}
	if err := g.store.PutZone(id, n.Zone, n.Replace); err != nil {
		return storeError(err)
	}
	return g.zoneChanged(ctx, id, n.Zone)
}

// zoneChanged puts a zone in force that was stored.
func (g *Gateway) zoneChanged(ctx context.Context, id media.CameraID, z wire.Zone) error {
	g.consents.refresh()
	detail := "zone=" + z.ID + " kind=" + string(z.Kind)
	if z.Kind == wire.ZoneConsent {
		detail += " purposes=" + strings.Join(z.Purposes, ",")
	}
	g.log.Info("zone changed", "camera", string(id), "zone", z.ID, "kind", string(z.Kind), "purposes", z.Purposes)
	return g.changed(ctx, "zone.changed", subject(id), detail, &Event{Type: EventZoneChanged, Camera: id, Zone: z.ID})
}

// checkPurposes refuses purposes that this gateway does not serve.
func (g *Gateway) checkPurposes(purposes []string) error {
	served := consent.LivePurposes(g.consents.purposes)
	for _, p := range purposes {
		if p != consent.SubjectAccess && !slices.Contains(served, p) { // why that one is no use here, the store says
			return refuse(CodeInvalid, text.ZonePurposeUnknown, p, strings.Join(served, ", "))
		}
	}
	return nil
}

// SetPurposes says for which purposes tokens count in a consent zone, in place of
// what was said before; with none nobody is shown there. It is in force at once.
func (g *Gateway) SetPurposes(ctx context.Context, id media.CameraID, name string, purposes []string) error {
	g.admin.Lock()
	defer g.admin.Unlock()
	if err := g.checkPurposes(purposes); err != nil {
		return err
	}
	z, err := g.store.PutPurposes(id, name, purposes)
	if err != nil {
		return storeError(err)
	}
	return g.zoneChanged(ctx, id, z)
}

// RemoveZone removes a zone and stops applying it at once.
func (g *Gateway) RemoveZone(ctx context.Context, id media.CameraID, name string) error {
	g.admin.Lock()
	defer g.admin.Unlock()
	if err := g.store.DeleteZone(id, name); err != nil {
		return storeError(err)
	}
	g.consents.refresh()
	g.log.Info("zone removed", "camera", string(id), "zone", name)
	return g.changed(ctx, "zone.removed", subject(id), "zone="+name, &Event{Type: EventZoneRemoved, Camera: id, Zone: name})
}

// snapshotWait is how long a picture without a face shown by consent may be
// in coming.
const snapshotWait = 10 * time.Second

// Snapshot returns a masked picture of a camera as it leaves, small and
// without faces that are shown by consent.
func (g *Gateway) Snapshot(ctx context.Context, id media.CameraID) (Snapshot, error) {
	c := g.camera(id)
	if c == nil {
		return Snapshot{}, refuse(CodeNotFound, text.CameraNotFound, id)
	}
	ctx, cancel := context.WithTimeout(ctx, snapshotWait)
	defer cancel()
	jpeg, err := c.handle.Snapshot(ctx)
	if err != nil {
		return Snapshot{}, refuse(CodeNoPicture, text.ZoneNoPicture, id)
	}
	return Snapshot{JPEG: jpeg}, nil
}
