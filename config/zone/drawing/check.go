// Package drawing is for zones as people draw them: it reads them, refuses what is
// no zone, in the person's language, and shows them over a frame. It is apart
// from zone because the worker, which links that, has no use for any of this.
//
// In: what a person typed or drew, and a masked JPEG. Out: a Zone or a text that says
// why not, and an SVG. It starts no goroutines and stores nothing.
package drawing

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Bounds of a zone and of a camera's zones.
const (
	MinPoints = 3
	MaxPoints = 64
	// MaxZones of one camera, MaxID bytes of a zone's id and MaxName of its name.
	MaxZones = 256
	MaxID    = 40
	MaxName  = 100
	// MinArea is the smallest part of the frame that a zone may be: 1/10000,
	// about 14 x 14 pixels of Full HD. Less is a slip of the mouse.
	MinArea = 1e-4
	// MaxPurposes of one zone.
	MaxPurposes = 16
)

// ErrInvalid is what all errors of this package wrap.
var ErrInvalid = errors.New("invalid zone")

// Check refuses what is no zone: an id that is no slug, a name that cannot be shown, an unknown kind, too
// few or too many points, points outside of the frame, a polygon that
// crosses or touches itself, one without an area, and purposes that CheckPurposes refuses.
func Check(z zone.Zone) error {
	switch {
	case len(z.ID) > MaxID || !media.IsSlug(z.ID):
		return text.Fail(ErrInvalid, text.ZoneID, z.ID, MaxID)
	case !validName(z.Name):
		return text.Fail(ErrInvalid, text.ZoneName, MaxName)
	case !slices.Contains(zone.Kinds, z.Kind):
		return text.Fail(ErrInvalid, text.ZoneKind, string(z.Kind))
	case len(z.Points) < MinPoints || len(z.Points) > MaxPoints:
		return text.Fail(ErrInvalid, text.ZonePoints, z.ID, len(z.Points), MinPoints, MaxPoints)
	}
	for i, p := range z.Points {
		if !(p.X >= 0 && p.X <= 1 && p.Y >= 0 && p.Y <= 1) { // NaN too
			return text.Fail(ErrInvalid, text.ZoneOutside, z.ID, i+1)
		}
	}
	if i, j, crossed := zone.Crossing(z.Points); crossed {
		return text.Fail(ErrInvalid, text.ZoneCrossed, z.ID, i+1, j+1)
	}
	if zone.Area(z.Points) < MinArea {
		return text.Fail(ErrInvalid, text.ZoneSmall, z.ID)
	}
	return CheckPurposes(z)
}

// validName reports whether people can be shown a name; none will do too.
func validName(name string) bool {
	return len(name) <= MaxName && utf8.ValidString(name) && name == strings.TrimSpace(name) && !strings.ContainsFunc(name, unicode.IsControl)
}

// CheckPurposes refuses purposes where no token counts anyway, too many of them,
// one twice, one that is no slug, and the one that never counts on a live frame.
// Which of the others are served, the gateway's settings say.
func CheckPurposes(z zone.Zone) error {
	switch {
	case len(z.Purposes) > 0 && z.Kind != zone.Consent:
		return text.Fail(ErrInvalid, text.ZonePurposeKind, z.ID)
	case len(z.Purposes) > MaxPurposes:
		return text.Fail(ErrInvalid, text.ZonePurposes, z.ID, len(z.Purposes), MaxPurposes)
	}
	for i, p := range z.Purposes {
		switch {
		case p == consent.SubjectAccess:
			return text.Fail(ErrInvalid, text.ZonePurposeFile, p)
		case !media.IsSlug(p) || len(p) > MaxID || slices.Contains(z.Purposes[:i], p):
			return text.Fail(ErrInvalid, text.ZonePurposeForm, p)
		}
	}
	return nil
}
