package anonymize

import (
	"fmt"
)

// Point is a position in the frame: 0,0 is its top left corner, 1,1 its bottom
// right, whatever its size.
type Point struct{ X, Y float64 }

// Polygon is a simple polygon of relative points; it closes itself.
type Polygon []Point

// Everything is the polygon of the whole frame.
var Everything = Polygon{{0, 0}, {1, 0}, {1, 1}, {0, 1}}

// MaxPoints bounds a polygon: more corners are no drawing of a person's.
const MaxPoints = 256

// Check refuses what has no clear inside: fewer than 3 points, more than
// MaxPoints, points outside of the frame, edges that cross or touch each other.
func (p Polygon) Check() error {
	if len(p) < 3 || len(p) > MaxPoints {
		return fmt.Errorf("%d points: a polygon has 3 to %d", len(p), MaxPoints)
	}
	for i, v := range p {
		if !(v.X >= 0 && v.X <= 1 && v.Y >= 0 && v.Y <= 1) { // written so that NaN fails
			return fmt.Errorf("point %d lies outside of the picture: use 0 to 1", i+1)
		}
	}
	for i := range p {
		for j := range i {
			if p.collide(i, j) {
				return fmt.Errorf("edges %d and %d cross or touch", j+1, i+1)
			}
		}
	}
	return nil
}

func (p Polygon) edge(i int) (a, b Point) { return p[i], p[(i+1)%len(p)] }

// collide reports whether edges i and j, j before i, share more than the corner
// between neighbours.
func (p Polygon) collide(i, j int) bool {
	a, b := p.edge(i)
	c, d := p.edge(j)
	switch {
	case i == j+1: // d is a
		return foldsBack(c, a, b)
	case (i+1)%len(p) == j: // b is c
		return foldsBack(a, b, d)
	}
	return intersect(a, b, c, d)
}

// orientation is the sign of the turn that the way over a, b, c takes; 0 is straight.
func orientation(a, b, c Point) int {
	v := (b.X-a.X)*(c.Y-a.Y) - (b.Y-a.Y)*(c.X-a.X)
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// foldsBack reports whether the edge from b to c runs over the one from a to b, or
// that one of them has no length.
func foldsBack(a, b, c Point) bool {
	return orientation(a, b, c) == 0 && (b.X-a.X)*(c.X-b.X)+(b.Y-a.Y)*(c.Y-b.Y) <= 0
}

// intersect reports whether the segments ab and cd have a point in common.
func intersect(a, b, c, d Point) bool {
	t1, t2, t3, t4 := orientation(a, b, c), orientation(a, b, d), orientation(c, d, a), orientation(c, d, b)
	if t1 != t2 && t3 != t4 {
		return true
	}
	return t1 == 0 && within(a, b, c) || t2 == 0 && within(a, b, d) || t3 == 0 && within(c, d, a) || t4 == 0 && within(c, d, b)
}

// within reports whether p, on the line through a and b, lies between them.
func within(a, b, p Point) bool {
	return p.X >= min(a.X, b.X) && p.X <= max(a.X, b.X) && p.Y >= min(a.Y, b.Y) && p.Y <= max(a.Y, b.Y)
}

// Rect is a rectangle in relative coordinates.
type Rect struct{ X0, Y0, X1, Y1 float64 }

// Contains reports whether all of r lies in the polygon; its border counts as inside.
func (p Polygon) Contains(r Rect) bool {
	return len(p) >= 3 && p.winds((r.X0+r.X1)/2, (r.Y0+r.Y1)/2) && !p.cuts(r)
}

// Touches reports whether any of r lies in the polygon.
func (p Polygon) Touches(r Rect) bool {
	return len(p) >= 3 && (p.winds((r.X0+r.X1)/2, (r.Y0+r.Y1)/2) || p.cuts(r))
}

// winds reports whether the polygon goes around the point.
func (p Polygon) winds(x, y float64) bool {
	n := 0
	for i := range p {
		a, b := p.edge(i)
		n += crossing(a, b, x, y)
	}
	return n != 0
}

// crossing is 1 or -1 where the edge passes left of the point, down or up, in
// its row; 0 where it does not.
func crossing(a, b Point, x, y float64) int {
	dir := 1
	if a.Y > b.Y {
		a, b, dir = b, a, -1
	}
	if y < a.Y || y >= b.Y || a.X+(y-a.Y)/(b.Y-a.Y)*(b.X-a.X) > x {
		return 0
	}
	return dir
}

// cuts reports whether an edge runs through the inside of r.
func (p Polygon) cuts(r Rect) bool {
	for i := range p {
		a, b := p.edge(i)
		if runsThrough(a, b, r) {
			return true
		}
	}
	return false
}

// runsThrough clips the segment to the open rectangle (Liang and Barsky, "A
// new concept and method for line clipping", 1984).
func runsThrough(a, b Point, r Rect) bool {
	t0, t1 := 0.0, 1.0
	clip := func(d, low, high float64) bool { // low < d*t < high
		if d == 0 {
			return low < 0 && high > 0
		}
		u, v := low/d, high/d
		t0, t1 = max(t0, min(u, v)), min(t1, max(u, v))
		return t0 < t1
	}
	return clip(b.X-a.X, r.X0-a.X, r.X1-a.X) && clip(b.Y-a.Y, r.Y0-a.Y, r.Y1-a.Y)
}
