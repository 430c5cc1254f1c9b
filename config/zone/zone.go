// Package zone checks the polygons that are drawn on a camera's picture and
// answers what holds where. Coordinates are relative: 0,0 is the picture's top
// left corner and 1,1 its bottom right, whatever its size.
//
// Where zones overlap, privacy wins: private beats masked, masked beats
// moving, moving beats consent. Where a camera has capture zones, all that lies outside of them is
// private, a consent zone there too.
package zone

import (
	"errors"
	"math"
	"regexp"
	"slices"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/text"
)

// Bounds of a zone and of a camera's zones.
const (
	MinPoints = 3
	MaxPoints = 64
	// MaxZones of one camera, and MaxID bytes of a zone's name.
	MaxZones = 256
	MaxID    = 40
	// MinArea is the smallest part of the picture that a zone may be: 1/10000,
	// about 14 x 14 pixels of Full HD. Less is a slip of the mouse.
	MinArea = 1e-4
	// MaxPurposes of one zone.
	MaxPurposes = 16
)

// ErrInvalid is what all errors of this package wrap.
var ErrInvalid = errors.New("invalid zone")

// Kinds are all kinds, the strictest first.
var Kinds = []wire.ZoneKind{wire.ZonePrivate, wire.ZoneMasked, wire.ZoneMoving, wire.ZoneConsent, wire.ZoneCapture}

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Check refuses what is no zone: a name that is no slug, an unknown kind, too
// few or too many points, points outside of the picture, a polygon that
// crosses or touches itself, one without an area, and purposes that CheckPurposes refuses.
func Check(z wire.Zone) error {
	switch {
	case len(z.ID) > MaxID || !slug.MatchString(z.ID):
		return text.Fail(ErrInvalid, text.ZoneID, z.ID, MaxID)
	case !slices.Contains(Kinds, z.Kind):
		return text.Fail(ErrInvalid, text.ZoneKind, string(z.Kind))
	case len(z.Points) < MinPoints || len(z.Points) > MaxPoints:
		return text.Fail(ErrInvalid, text.ZonePoints, z.ID, len(z.Points), MinPoints, MaxPoints)
	}
	for i, p := range z.Points {
		if !(p.X >= 0 && p.X <= 1 && p.Y >= 0 && p.Y <= 1) { // NaN too
			return text.Fail(ErrInvalid, text.ZoneOutside, z.ID, i+1)
		}
	}
	if i, j, crossed := crossing(z.Points); crossed {
		return text.Fail(ErrInvalid, text.ZoneCrossed, z.ID, i+1, j+1)
	}
	if area(z.Points) < MinArea {
		return text.Fail(ErrInvalid, text.ZoneSmall, z.ID)
	}
	return CheckPurposes(z)
}

// CheckPurposes refuses purposes where no token counts anyway, too many of them,
// one twice, one that is no slug, and the one that never counts on a live picture.
// Which of the others are served, the gateway's settings say.
func CheckPurposes(z wire.Zone) error {
	switch {
	case len(z.Purposes) > 0 && z.Kind != wire.ZoneConsent:
		return text.Fail(ErrInvalid, text.ZonePurposeKind, z.ID)
	case len(z.Purposes) > MaxPurposes:
		return text.Fail(ErrInvalid, text.ZonePurposes, z.ID, len(z.Purposes), MaxPurposes)
	}
	for i, p := range z.Purposes {
		switch {
		case p == consent.SubjectAccess:
			return text.Fail(ErrInvalid, text.ZonePurposeFile, p)
		case !slug.MatchString(p) || len(p) > MaxID || slices.Contains(z.Purposes[:i], p):
			return text.Fail(ErrInvalid, text.ZonePurposeForm, p)
		}
	}
	return nil
}

// area of a simple polygon, by the shoelace formula.
func area(ps []wire.Point) float64 {
	sum := 0.0
	for i, p := range ps {
		q := ps[(i+1)%len(ps)]
		sum += p.X*q.Y - q.X*p.Y
	}
	return math.Abs(sum) / 2
}

// crossing finds two edges that meet elsewhere than at the corner that they
// share; the edges are numbered by their first point.
func crossing(ps []wire.Point) (i, j int, found bool) {
	n := len(ps)
	for i := range n {
		a, b := ps[i], ps[(i+1)%n]
		if a == b {
			return i, (i + 1) % n, true
		}
		for j := i + 1; j < n; j++ {
			c, d := ps[j], ps[(j+1)%n]
			switch {
			case j == i+1:
				found = foldsBack(a, b, d)
			case (j+1)%n == i:
				found = foldsBack(b, a, c)
			default:
				found = meet(a, b, c, d)
			}
			if found {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

// turn is positive where c lies left of the way from a to b, 0 on its line.
func turn(a, b, c wire.Point) float64 {
	return (b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X)
}

// foldsBack tells whether the edge from b to c runs back over the one from a to b.
func foldsBack(a, b, c wire.Point) bool {
	return turn(a, b, c) == 0 && (c.X-b.X)*(a.X-b.X)+(c.Y-b.Y)*(a.Y-b.Y) > 0
}

// meet tells whether two edges have a point in common.
func meet(a, b, c, d wire.Point) bool {
	abc, abd, cda, cdb := turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)
	if abc*abd < 0 && cda*cdb < 0 {
		return true
	}
	return abc == 0 && between(a, b, c) || abd == 0 && between(a, b, d) ||
		cda == 0 && between(c, d, a) || cdb == 0 && between(c, d, b)
}

// between tells whether p, on the line through a and b, lies between them.
func between(a, b, p wire.Point) bool {
	return min(a.X, b.X) <= p.X && p.X <= max(a.X, b.X) && min(a.Y, b.Y) <= p.Y && p.Y <= max(a.Y, b.Y)
}

// Contains tells whether p lies in z or on its edge.
func Contains(z wire.Zone, p wire.Point) bool {
	inside := false
	for i, a := range z.Points {
		b := z.Points[(i+1)%len(z.Points)]
		if turn(a, b, p) == 0 && between(a, b, p) {
			return true
		}
		if (a.Y > p.Y) != (b.Y > p.Y) && p.X < (b.X-a.X)*(p.Y-a.Y)/(b.Y-a.Y)+a.X {
			inside = !inside
		}
	}
	return inside
}

// At returns what holds at p: private, masked, moving, consent, or empty where no zone
// says anything, which means that faces are masked and no consent counts.
func At(zones []wire.Zone, p wire.Point) wire.ZoneKind {
	var here wire.ZoneKind
	hasCapture, captured := false, false
	for _, z := range zones {
		in := Contains(z, p)
		if z.Kind == wire.ZoneCapture {
			hasCapture, captured = true, captured || in
		} else if in && stricter(z.Kind, here) {
			here = z.Kind
		}
	}
	if hasCapture && !captured {
		return wire.ZonePrivate
	}
	return here
}

func stricter(a, b wire.ZoneKind) bool {
	return b == "" || slices.Index(Kinds, a) < slices.Index(Kinds, b)
}

// The grid of Shares.
const gridX, gridY = 256, 144

// Shares returns which part of the picture, 0 to 1, each kind holds after
// overlaps are resolved; the rest is under the key "". It looks at the centres
// of 256 x 144 cells, so each share is exact to about the zones' edges.
func Shares(zones []wire.Zone) map[wire.ZoneKind]float64 {
	out := map[wire.ZoneKind]float64{}
	for y := range gridY {
		for x := range gridX {
			out[At(zones, wire.Point{X: (float64(x) + 0.5) / gridX, Y: (float64(y) + 0.5) / gridY})]++
		}
	}
	for k := range out {
		out[k] /= gridX * gridY
	}
	return out
}

// Has tells whether a zone of this kind is among them.
func Has(zones []wire.Zone, kind wire.ZoneKind) bool {
	return slices.ContainsFunc(zones, func(z wire.Zone) bool { return z.Kind == kind })
}

// Everything is a private zone over the whole picture: what to use where the
// real zones cannot be read.
func Everything() wire.Zone {
	return wire.Zone{ID: "everything", Kind: wire.ZonePrivate, Points: []wire.Point{{}, {X: 1}, {X: 1, Y: 1}, {Y: 1}}}
}
