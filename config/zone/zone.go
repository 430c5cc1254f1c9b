// Package zone holds the polygons that are drawn on a camera's frame and
// answers what holds where. Coordinates are relative: 0,0 is the frame's top
// left corner and 1,1 its bottom right, whatever its size.
//
// The worker knows this package too, so it needs no other; what may be drawn
// and stored is checked by package drawing.
//
// In: polygons and a point or a size. Out: what holds there. It starts no goroutines and
// never shows more for a polygon that it cannot make sense of.
//
// Where zones overlap, privacy wins: private beats masked, masked beats
// moving, moving beats consent. Where a camera has capture zones, all that lies outside of them is
// private, a consent zone there too.
package zone

import (
	"cmp"
	"math"
	"slices"
)

// Kind says what a zone asks for. Private beats masked beats moving beats
// consent beats none.
type Kind string

// The kinds of zones.
const (
	// Private is always painted solid.
	Private Kind = "private"
	// Masked is blurred whole, faces in it included.
	Masked Kind = "masked"
	// Moving is where all that moves is blurred, whoever it is, beside faces.
	Moving Kind = "moving"
	// Consent is where consent tokens count.
	Consent Kind = "consent"
	// Capture is the area that may be captured at all: where a camera has
	// any, everything outside them is painted solid.
	Capture Kind = "capture"
)

// Zone is a polygon on a camera's frame.
type Zone struct {
	// ID is a slug, what tokens name.
	ID string `json:"id"`
	// Name is for people, in any script; empty: they are shown ID.
	Name string `json:"name,omitempty"`
	Kind Kind   `json:"kind"`
	// Purposes are those for which tokens count in a consent zone; none means
	// that nobody is shown. The supervisor heeds them.
	Purposes []string `json:"purposes,omitempty"`
	// Assumed: nobody named Purposes, they were taken over from the consents that
	// counted here when zones got purposes. A person has to confirm them.
	Assumed bool `json:"assumed,omitempty"`
	// Points are the corners in order, at least 3; the polygon closes itself.
	Points []Point `json:"points"`
}

// Point is a place in the frame: 0,0 is its top left corner, 1,1 its bottom right.
type Point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Kinds are all kinds, the strictest first.
var Kinds = []Kind{Private, Masked, Moving, Consent, Capture}

// Shown is how people know it: its name, or its id where it has none.
func (z Zone) Shown() string { return cmp.Or(z.Name, z.ID) }

// Area of a simple polygon, by the shoelace formula.
func Area(ps []Point) float64 {
	sum := 0.0
	for i, p := range ps {
		q := ps[(i+1)%len(ps)]
		sum += p.X*q.Y - q.X*p.Y
	}
	return math.Abs(sum) / 2
}

// Crossing finds two edges that meet elsewhere than at the corner that they
// share; the edges are numbered by their first point.
func Crossing(ps []Point) (i, j int, found bool) {
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
func turn(a, b, c Point) float64 {
	return (b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X)
}

// foldsBack reports whether the edge from b to c runs back over the one from a to b.
func foldsBack(a, b, c Point) bool {
	return turn(a, b, c) == 0 && (c.X-b.X)*(a.X-b.X)+(c.Y-b.Y)*(a.Y-b.Y) > 0
}

// meet reports whether two edges have a point in common.
func meet(a, b, c, d Point) bool {
	abc, abd, cda, cdb := turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)
	if abc*abd < 0 && cda*cdb < 0 {
		return true
	}
	return abc == 0 && between(a, b, c) || abd == 0 && between(a, b, d) ||
		cda == 0 && between(c, d, a) || cdb == 0 && between(c, d, b)
}

// between reports whether p, on the line through a and b, lies between them.
func between(a, b, p Point) bool {
	return min(a.X, b.X) <= p.X && p.X <= max(a.X, b.X) && min(a.Y, b.Y) <= p.Y && p.Y <= max(a.Y, b.Y)
}

// Contains reports whether p lies in z or on its edge.
func Contains(z Zone, p Point) bool {
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
func At(zones []Zone, p Point) Kind {
	var here Kind
	hasCapture, captured := false, false
	for _, z := range zones {
		in := Contains(z, p)
		if z.Kind == Capture {
			hasCapture, captured = true, captured || in
		} else if in && stricter(z.Kind, here) {
			here = z.Kind
		}
	}
	if hasCapture && !captured {
		return Private
	}
	return here
}

func stricter(a, b Kind) bool {
	return b == "" || slices.Index(Kinds, a) < slices.Index(Kinds, b)
}

// The grid of Shares.
const gridX, gridY = 256, 144

// Shares returns which part of the frame, 0 to 1, each kind holds after
// overlaps are resolved; the rest is under the key "". It looks at the centres
// of 256 x 144 cells, so each share is exact to about the zones' edges.
func Shares(zones []Zone) map[Kind]float64 {
	out := map[Kind]float64{}
	for y := range gridY {
		for x := range gridX {
			out[At(zones, Point{X: (float64(x) + 0.5) / gridX, Y: (float64(y) + 0.5) / gridY})]++
		}
	}
	for k := range out {
		out[k] /= gridX * gridY
	}
	return out
}

// Has reports whether a zone of this kind is among them.
func Has(zones []Zone, kind Kind) bool {
	return slices.ContainsFunc(zones, func(z Zone) bool { return z.Kind == kind })
}

// Everything is a private zone over the whole frame: what to use where the
// real zones cannot be read.
func Everything() Zone {
	return Zone{ID: "everything", Kind: Private, Points: []Point{{}, {X: 1}, {X: 1, Y: 1}, {Y: 1}}}
}
