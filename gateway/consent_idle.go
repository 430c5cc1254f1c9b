package gateway

import (
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// view is a camera's zones at one moment.
type view struct {
	camera media.CameraID
	zones  []zone.Zone
}

// views are those of all cameras: the store is read once for many consents.
func (g *Gateway) views() (all []view) {
	for _, cam := range g.sorted() {
		id := cam.cfg.source.ID
		all = append(all, view{id, g.zonesOf(id)})
	}
	return all
}

// somewhere tells whether any zone is of that kind.
func somewhere(all []view, is func(zone.Zone) bool) bool {
	return slices.ContainsFunc(all, func(v view) bool { return slices.ContainsFunc(v.zones, is) })
}

// cameras are those on which a consent counts now; the caller holds mu.
func (c *consents) cameras(one store.Consent, now time.Time, all []view) []media.CameraID {
	on := []media.CameraID{}
	if c.state(one, now) != api.ConsentValid {
		return on
	}
	for _, v := range all {
		if len(c.zonesFor(one, v.zones)) > 0 {
			on = append(on, v.camera)
		}
	}
	return on
}

// idle is why a consent counts nowhere; empty where it counts somewhere, has
// ended or is not trusted. The caller holds mu.
func (c *consents) idle(one store.Consent, now time.Time, all []view) api.IdleReason {
	if state := c.state(one, now); state != api.ConsentValid && state != api.ConsentFuture {
		return ""
	}
	return c.idleToken(one.Token, all)
}

func (c *consents) idleToken(t consent.Token, all []view) api.IdleReason {
	switch {
	case t.Face != "":
		return api.IdleFace
	case t.Purpose == consent.SubjectAccess:
		return api.IdleFileOnly
	case !c.served(t):
		return api.IdleUnserved
	case !somewhere(all, func(z zone.Zone) bool { return names(t, z) }):
		return api.IdleNoZone
	case !somewhere(all, func(z zone.Zone) bool { return names(t, z) && slices.Contains(z.Purposes, t.Purpose) }):
		return api.IdleOtherPurpose
	}
	return ""
}

// idleNote is said of a token that is taken although it shows nobody.
func (c *consents) idleNote(t consent.Token, all []view) error {
	switch c.idleToken(t, all) {
	case api.IdleFace:
		return text.Fail(nil, text.ConsentFaceOff)
	case api.IdleFileOnly:
		return text.Fail(consent.ErrFileOnly, text.ConsentFileOnly)
	case api.IdleOtherPurpose:
		return text.Fail(consent.ErrOtherPurpose, text.ConsentWrongPurpose, t.Purpose)
	}
	return nil
}

// unconfirmed are the zones of whose purposes a person has to say that they are right.
func unconfirmed(all []view) []api.UnconfirmedZone {
	zones := []api.UnconfirmedZone{}
	for _, v := range all {
		for _, z := range v.zones {
			if z.Assumed {
				zones = append(zones, api.UnconfirmedZone{Camera: v.camera, Zone: z.ID, Purposes: append([]string{}, z.Purposes...)})
			}
		}
	}
	return zones
}
