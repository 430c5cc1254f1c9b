package decision

import (
	"image"
	"math"

	"github.com/bauta-gateway/bauta/detector/track"
)

// MaskRect is the rectangle around a mask's ellipse: hair to chin and both ears
// of the face at the position, and its uncertainty. YuNet's boxes reach from the brows'
// upper edge to the chin and from cheek to cheek. Of what is not proved to be a face the
// inner part is masked.
func MaskRect(s track.Position, proved bool) image.Rectangle {
	left, top, right, bottom := margins(s.Rotation)
	if !proved {
		left, top, right, bottom = -innerPart, -innerPart, -innerPart, -innerPart
	}
	s.Slack += max(0, 6-s.W/8) // the boxes of small faces err by some pixels
	x0 := s.X - left*s.W - s.Slack
	x1 := s.X + (1+right)*s.W + s.Slack
	y0 := s.Y - top*s.H - s.Slack
	y1 := s.Y + (1+bottom)*s.H + s.Slack
	return image.Rect(int(math.Floor(float64(x0))), int(math.Floor(float64(y0))), int(math.Ceil(float64(x1))), int(math.Ceil(float64(y1))))
}

// innerPart is what is left out on each side of a doubtful find's box: eyes, nose and
// mouth lie within the rest.
const innerPart = 0.1

// margins are the shares of a face's box that its mask adds, as the face lies in the frame.
func margins(t track.Rotation) (left, top, right, bottom float32) {
	// The circle of a face aslant, whose box is a square, holds as much as the ellipse of
	// one upright: 1.44 x 1.44 boxes are nearly 1.4 x 1.5.
	const side, above, below, aslant = 0.2, 0.3, 0.2, 0.22
	if t.Aslant() {
		return aslant, aslant, aslant, aslant
	}
	left, top, right, bottom = side, above, side, below
	for range t.Quarters() {
		left, top, right, bottom = top, right, bottom, left
	}
	return left, top, right, bottom
}
