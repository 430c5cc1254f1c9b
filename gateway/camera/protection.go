package camera

import (
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// situation is all that a camera's protection follows from.
type situation struct {
	// blocked: in a prohibited place.
	blocked bool
	// online: the camera sends. seen: it has sent before, or failed to.
	online, seen bool
	// masking: viewers get the worker's frames. starting: they do not yet,
	// and nothing has gone wrong so far.
	masking, starting bool
	degradation       media.Degradation
}

// protection says what viewers get. It never says protected before a worker
// has vouched for a frame.
func (s situation) protection() media.Protection {
	switch {
	case s.blocked:
		return media.Blocked
	case !s.online && !s.seen:
		return media.UnknownProtection
	case !s.online:
		return media.Offline
	case s.masking && s.degradation == media.BlurFrame:
		return media.OverMasked
	case s.masking:
		return media.Protected
	case s.starting:
		return media.UnknownProtection
	}
	return media.Blocked
}

// What a camera did against the law goes where it outlives the camera: it is removed,
// replaced and started anew, and its own counts begin at zero.

// violated reports what was seen just now.
func (c *camera) violated(kind policy.ViolationKind, count int, seconds float64) {
	c.with.Violated(policy.Violation{Kind: kind, Camera: c.ID(), Count: count, Seconds: seconds})
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
		cs.cfg.Violated(policy.Violation{Kind: policy.ViolationPlace, Camera: id, Place: place})
	}
}

// Prohibited reports whether a camera is in a prohibited place, or may be.
func (cs *Set) Prohibited(id media.CameraID) bool {
	c := cs.camera(id)
	return c != nil && c.isForbidden()
}
