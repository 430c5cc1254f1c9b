package decision

import (
	"image"
	"math"

	"github.com/bauta-gateway/bauta/detector/track"
)

// MaskRect is the rectangle around a mask's ellipse: forehead to chin and both ears
// of the face at the position, and its uncertainty. YuNet's boxes reach from the brows'
// upper edge to the chin and from cheek to cheek. Of what is not proved to be a face the
// inner part is masked.
func MaskRect(s track.Position, proved bool) image.Rectangle {
	left, top, right, bottom := margins(s.Rotation)
	if !proved {
		left, top, right, bottom = -innerPart, -innerPart, -innerPart, -innerPart
	}
	ex, ey := boxError(s)
	ex, ey = ex+s.Slack, ey+s.Slack
	x0 := s.X - left*s.W - ex
	x1 := s.X + (1+right)*s.W + ex
	y0 := s.Y - top*s.H - ey
	y1 := s.Y + (1+bottom)*s.H + ey
	return image.Rect(int(math.Floor(float64(x0))), int(math.Floor(float64(y0))), int(math.Ceil(float64(x1))), int(math.Ceil(float64(y1))))
}

// boxError is how far the box of a small face may be off. The network errs by pixels of
// its own input: where it saw the frame reduced three times a box of 30 pixels is off by 13 of
// the frame's now and then (90th percentile), reduced 1.5 times by 6.
func boxError(s track.Position) (x, y float32) {
	const most, enough = 2.5, 16 // of the input's pixels: for the smallest face; the width from which none is needed
	r := s.Reduced
	if r.X <= 0 || r.Y <= 0 {
		r = track.Reduction{X: 3, Y: 3} // as coarse as the full view of 1080p
	}
	seen := min(s.W/r.X, s.H/r.Y)
	off := most * max(0, 1-seen/enough)
	return off * r.X, off * r.Y
}

// innerPart is what is left out on each side of a doubtful find's box: eyes, nose and
// mouth lie within the rest.
const innerPart = 0.1

// margins are the shares of a face's box that its mask adds, as the face lies in the frame.
func margins(t track.Rotation) (left, top, right, bottom float32) {
	// The ellipse holds the box's upper corners, where the brows end: at their height it is
	// 1.06 boxes wide. The circle of a face aslant, whose box is a square, holds as much as the
	// ellipse of one upright: 1.42 x 1.42 boxes are nearly 1.4 x 1.45.
	const side, above, below, aslant = 0.2, 0.25, 0.2, 0.21
	if t.Aslant() {
		return aslant, aslant, aslant, aslant
	}
	return t.Sides(side, above, side, below)
}
