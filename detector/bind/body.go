// Package bind decides which face a badge on a chest shows. It is fail-safe:
// a badge shows one face or none, and whatever is doubtful shows none. It is pure Go and
// knows neither frames nor tokens.
//
// In: the faces and markers of each frame, in order. Out: the badge that shows a face in a
// frame, or why none does. A Binder belongs to one goroutine.
package bind

import (
	"math"

	"github.com/bauta-gateway/bauta/detector/track"
)

// Point is a position in pixels of the frame.
type Point struct{ X, Y float32 }

// Marker is a badge's marker as it was found in a frame.
type Marker struct {
	ID int
	// Corners are the marker's own: top left first, then clockwise.
	Corners [4]Point
}

// Centre is the mean of the corners.
func (m Marker) Centre() Point {
	var c Point
	for _, p := range m.Corners {
		c.X += p.X / 4
		c.Y += p.Y / 4
	}
	return c
}

// Side is the mean length of the sides in pixels.
func (m Marker) Side() float32 {
	sum := float32(0)
	for i, p := range m.Corners {
		sum += dist(p, m.Corners[(i+1)%4]) / 4
	}
	return sum
}

// upright reports whether the marker's upper side is up, give or take maxRoll.
func (m Marker) upright() bool {
	left, right := m.Corners[3], m.Corners[2] // of the lower side
	x := float64(m.Corners[0].X + m.Corners[1].X - left.X - right.X)
	y := float64(m.Corners[0].Y + m.Corners[1].Y - left.Y - right.Y)
	return math.Abs(math.Atan2(x, -y)) < maxRoll
}

func dist(a, b Point) float32 { return float32(math.Hypot(float64(a.X-b.X), float64(a.Y-b.Y))) }

// The proportions of a body with a badge, in face widths. The face boxes reach from
// cheek to cheek and from the brows to the chin. An adult's face is about 14 cm wide at
// the cheekbones (Gordon et al., "2012 Anthropometric Survey of U.S. Army Personnel",
// bizygomatic breadth, 5th to 95th percentile: 12.3 to 15.1 cm), and the boxes
// are a little wider: one unit is about 16 cm. The face turns, bows and the
// box errs by a tenth; the limits are wider than the body by about that much.
//
// A badge's marker is 5 to 15 cm wide. Worn on the chest, its middle is a hand to two
// feet below the chin (from the collar bone to the lower end of the breastbone it
// is 10 to 40 cm, with a lanyard up to 55 cm), and no further aside than a breast pocket
// (15 cm), of a body that leans.
var (
	chest = reach{sideMin: 0.22, sideMax: 1.15, belowMin: 0.45, belowMax: 3.6, aside: 0.9}
	// near is where another face counts as one that might wear the badge all
	// the same: the limits are half as tight, or twice as wide; aside it ends where the
	// shoulders do (biacromial breadth, 95th percentile: 45 cm).
	near = reach{sideMin: 0.11, sideMax: 2.3, belowMin: -0.5, belowMax: 5, aside: 1.25}
)

// maxRoll is how far, in radians, a badge may hang aslant: 40 degrees.
const maxRoll = 40 * math.Pi / 180

// reach is where a marker may be, seen from a face, in units of it.
type reach struct {
	sideMin, sideMax   float32 // the marker's side
	belowMin, belowMax float32 // its middle below the chin
	aside              float32 // its middle left or right of the face's
}

// offset is a marker seen from a face, in units of the face.
type offset struct{ aside, below, side float32 }

// unit is the face's width where it looks ahead. In profile the box is narrower, its height stays.
func unit(b track.Box) float32 { return max(b.W, 0.8*b.H) }

func offsetOf(b track.Box, at Point, side float32) offset {
	x, _ := b.Centre()
	u := unit(b)
	return offset{(at.X - x) / u, (at.Y - b.Y - b.H) / u, side / u}
}

// where is the inverse of offsetOf.
func (p offset) where(b track.Box) (at Point, side float32) {
	x, _ := b.Centre()
	u := unit(b)
	return Point{x + p.aside*u, b.Y + b.H + p.below*u}, p.side * u
}

// The body of somebody with a badge, in units: it begins shoulderBelow below the chin, ends
// bellyBelow below the badge, and is as wide as the shoulders around face and badge.
const (
	shoulderBelow = 0.5
	bellyBelow    = 1.5
	shoulderAside = 1.25
)

// body is where the body is that belongs to a face and its badge.
func (p offset) body(face track.Box) track.Box {
	x, _ := face.Centre()
	u := unit(face)
	top, bottom := min(shoulderBelow, p.below), p.below+bellyBelow
	left, right := min(0, p.aside)-shoulderAside, max(0, p.aside)+shoulderAside
	return track.Box{X: x + left*u, Y: face.Y + face.H + top*u, W: (right - left) * u, H: (bottom - top) * u}
}

func (r reach) holds(p offset) bool {
	return p.side >= r.sideMin && p.side <= r.sideMax && p.below >= r.belowMin && p.below <= r.belowMax &&
		p.aside >= -r.aside && p.aside <= r.aside
}

// distance is how far two offsets are apart, in units; a difference in the marker's size
// counts as the distance to or from the camera that it takes.
func (p offset) distance(q offset) float32 {
	return float32(math.Hypot(float64(p.aside-q.aside), float64(p.below-q.below))) +
		0.5*float32(math.Abs(math.Log(float64(max(p.side, 1e-3)/max(q.side, 1e-3)))))
}

// Part is where to search for the badge of a face: wide enough to hold each
// marker that the face might wear.
func Part(b track.Box) (x0, y0, x1, y1 float32) {
	x, _ := b.Centre()
	u := unit(b)
	half := chest.aside + 0.8*chest.sideMax // with the white around it
	return x - half*u, b.Y + b.H + (chest.belowMin-0.8*chest.sideMax)*u, x + half*u, b.Y + b.H + (chest.belowMax+0.4)*u
}

// Unit is the length of one unit of a face in pixels.
func Unit(b track.Box) float32 { return unit(b) }

// Same reports whether two finds in one frame are one marker.
func (m Marker) Same(o Marker) bool {
	return m.ID == o.ID && dist(m.Centre(), o.Centre()) < 0.5*min(m.Side(), o.Side())
}
