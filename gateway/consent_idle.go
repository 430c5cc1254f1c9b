package gateway

import (
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// IdleReason is why a consent that is in order shows nobody on any camera.
type IdleReason string

// The reasons.
const (
	IdleFace         IdleReason = "face_off"        // it is bound to an enrolled face
	IdleFileOnly     IdleReason = "file_only"       // for subject-access: only copies of film show its holder
	IdleUnserved     IdleReason = "unknown_purpose" // the settings do not have its purpose any more
	IdleNoZone       IdleReason = "unknown_zone"    // no camera has a consent zone that it names
	IdleOtherPurpose IdleReason = "wrong_purpose"   // none of those zones names its purpose
)

// UnconfirmedZone is a consent zone whose purposes were taken over from its consents.
type UnconfirmedZone struct {
	Camera   media.CameraID `json:"camera"`
	Zone     string         `json:"zone"`
	Purposes []string       `json:"purposes"`
}

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
	if c.state(one, now) != ConsentValid {
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
func (c *consents) idle(one store.Consent, now time.Time, all []view) IdleReason {
	if state := c.state(one, now); state != ConsentValid && state != ConsentFuture {
		return ""
	}
	return c.idleToken(one.Token, all)
}

func (c *consents) idleToken(t consent.Token, all []view) IdleReason {
	switch {
	case t.Face != "":
		return IdleFace
	case t.Purpose == consent.SubjectAccess:
		return IdleFileOnly
	case !c.served(t):
		return IdleUnserved
	case !somewhere(all, func(z zone.Zone) bool { return names(t, z) }):
		return IdleNoZone
	case !somewhere(all, func(z zone.Zone) bool { return names(t, z) && slices.Contains(z.Purposes, t.Purpose) }):
		return IdleOtherPurpose
	}
	return ""
}

// idleNote is said of a token that is taken although it shows nobody.
func (c *consents) idleNote(t consent.Token, all []view) error {
	switch c.idleToken(t, all) {
	case IdleFace:
		return text.Fail(nil, text.ConsentFaceOff)
	case IdleFileOnly:
		return text.Fail(consent.ErrFileOnly, text.ConsentFileOnly)
	case IdleOtherPurpose:
		return text.Fail(consent.ErrOtherPurpose, text.ConsentWrongPurpose, t.Purpose)
	}
	return nil
}

// unconfirmed are the zones of whose purposes a person has to say that they are right.
func unconfirmed(all []view) []UnconfirmedZone {
	zones := []UnconfirmedZone{}
	for _, v := range all {
		for _, z := range v.zones {
			if z.Assumed {
				zones = append(zones, UnconfirmedZone{v.camera, z.ID, append([]string{}, z.Purposes...)})
			}
		}
	}
	return zones
}
