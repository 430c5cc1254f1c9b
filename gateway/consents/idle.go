package consents

import (
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// somewhere reports whether any zone is of that kind.
func somewhere(all []camera.View, is func(zone.Zone) bool) bool {
	return slices.ContainsFunc(all, func(v camera.View) bool { return slices.ContainsFunc(v.Zones, is) })
}

// cameras are those on which a consent counts now; the caller holds mu.
func (c *Consents) cameras(one store.ConsentRow, now time.Time, all []camera.View) []media.CameraID {
	on := []media.CameraID{}
	if c.state(one, now) != api.ConsentValid || c.stale(one, now) {
		return on
	}
	for _, v := range all {
		if len(c.zonesFor(one, v.Zones)) > 0 {
			on = append(on, v.Camera)
		}
	}
	return on
}

// idle is why a consent counts nowhere; empty where it counts somewhere, has
// ended or is not trusted. The caller holds mu.
func (c *Consents) idle(one store.ConsentRow, now time.Time, all []camera.View) api.IdleReason {
	if state := c.state(one, now); state != api.ConsentValid && state != api.ConsentFuture {
		return ""
	}
	if c.stale(one, now) {
		return api.IdleStale
	}
	return c.idleToken(one.Token, all)
}

func (c *Consents) idleToken(t consent.Token, all []camera.View) api.IdleReason {
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
func (c *Consents) idleNote(t consent.Token, all []camera.View) error {
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
func unconfirmed(all []camera.View) []api.UnconfirmedZone {
	zones := []api.UnconfirmedZone{}
	for _, v := range all {
		for _, z := range v.Zones {
			if z.Assumed {
				zones = append(zones, api.UnconfirmedZone{Camera: v.Camera, Zone: z.ID, Purposes: append([]string{}, z.Purposes...)})
			}
		}
	}
	return zones
}
