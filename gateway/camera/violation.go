package camera

import (
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// What a camera did against the law goes where it outlives the camera: it is removed,
// replaced and started anew, and its own counts begin at zero.

// violated reports what was seen just now.
func (c *camera) violated(kind policy.ViolationKind, count int, seconds float64) {
	c.with.Violated(policy.Violation{Kind: kind, Camera: c.ID(), Name: c.saidNow().name, Count: count, Seconds: seconds})
}

// late reports withdrawn consents that counted too long, while they still do.
func (c *camera) late() {
	if n, longest := c.monitor.Late(); longest > 0 {
		c.violated(policy.ViolationLate, n, longest.Seconds())
	}
}

// found reports a camera in a prohibited place.
func (cs *Set) found(id media.CameraID, place policy.Place) {
	if place.Prohibited() {
		cs.cfg.Violated(policy.Violation{Kind: policy.ViolationPlace, Camera: id, Name: cs.nameOf(id), Place: place})
	}
}

// nameOf is what people call a camera; empty where there is none.
func (cs *Set) nameOf(id media.CameraID) string {
	if c := cs.camera(id); c != nil {
		return c.saidNow().name
	}
	return ""
}

// Prohibited reports whether a camera is in a prohibited place, or may be.
func (cs *Set) Prohibited(id media.CameraID) bool {
	c := cs.camera(id)
	return c != nil && c.isForbidden()
}
