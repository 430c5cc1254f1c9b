package decision

import (
	"image"
	"testing"

	"github.com/bauta-gateway/bauta/detector/track"
)

// Whatever way a face lies, its mask reaches furthest above its brows.
func TestMaskFollowsTheRotation(t *testing.T) {
	box := track.Box{X: 100, Y: 200, W: 50, H: 50}
	for rotation, want := range []image.Rectangle{
		image.Rect(90, 185, 160, 260), image.Rect(85, 190, 160, 260),
		image.Rect(90, 190, 160, 265), image.Rect(90, 190, 165, 260),
	} {
		if got := MaskRect(track.Position{Box: box, Rotation: track.Quarter(rotation)}, true); got != want {
			t.Errorf("rotation %d: mask %v, want %v", rotation, got, want)
		}
	}
}
