package detect

import (
	"image"
	"math"

	"github.com/bauta-gateway/bauta/detector/track"
)

// pose is how the stored frame differs from what a viewer sees: its pixels are
// stretched times as wide as high, and it is then rotated clockwise.
type pose struct {
	rotation track.Rotation
	stretch  float64
}

// maxStretch bounds what is believed of a pixel's shape: real ones lie within 1:2 and 2:1,
// and a face squeezed further would be found by nobody.
const maxStretch = 3

func poseOf(v View) pose {
	p := pose{track.Quarter(v.Rotation), v.Stretch}
	if !(p.stretch >= 1.0/maxStretch && p.stretch <= maxStretch) {
		p.stretch = 1
	}
	return p
}

// scales are how many of the viewer's pixels, before rotating, make one of the
// frame's each way. No way loses any.
func (p pose) scales() (x, y float64) { return max(p.stretch, 1), max(1/p.stretch, 1) }

// view is the size in which a viewer sees a frame, rotated by whole quarters.
func (p pose) view(stored image.Rectangle) image.Rectangle {
	x, y := p.scales()
	size := image.Pt(int(math.Round(float64(stored.Dx())*x)), int(math.Round(float64(stored.Dy())*y)))
	return image.Rectangle{Max: p.upright(size)}
}

// area is the part of the frame, in its own pixels, that one tile shows.
func (p pose) area() image.Point {
	if p.rotation.Aslant() {
		return p.stored(aslantArea)
	}
	return p.stored(p.upright(tileArea))
}

// stored is a size of the viewer's pixels, before rotating, in the frame's own.
func (p pose) stored(size image.Point) image.Point {
	x, y := p.scales()
	return image.Pt(int(float64(size.X)/x)&^1, int(float64(size.Y)/y)&^1)
}

// upright swaps a size's sides where the frame lies on its side.
func (p pose) upright(size image.Point) image.Point {
	if p.rotation.OnSide() {
		return image.Pt(size.Y, size.X)
	}
	return size
}
