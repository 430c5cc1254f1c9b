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
		image.Rect(90, 187, 160, 260), image.Rect(87, 190, 160, 260),
		image.Rect(90, 190, 160, 263), image.Rect(90, 190, 163, 260),
	} {
		if got := MaskRect(track.Position{Box: box, Rotation: track.Quarter(rotation)}, true); got != want {
			t.Errorf("rotation %d: mask %v, want %v", rotation, got, want)
		}
	}
}

// The room for a small face's error follows the pass that found it: pixels of the network's
// input, each way as many of the frame's as make one of them. Large faces need none.
func TestMaskMarginFollowsThePass(t *testing.T) {
	for name, c := range map[string]struct {
		w, h    float32
		reduced track.Reduction
		x, y    float32
	}{
		"full view of 1080p":           {24, 30, track.Reduction{X: 3, Y: 3}, 3.75, 3.75},
		"not known":                    {24, 30, track.Reduction{}, 3.75, 3.75},
		"tile of 1080p":                {24, 30, track.Reduction{X: 1.5, Y: 1.5}, 0, 0},
		"small one in a tile":          {12, 15, track.Reduction{X: 1.5, Y: 1.5}, 1.875, 1.875},
		"full view of 720p":            {24, 30, track.Reduction{X: 2, Y: 2}, 1.25, 1.25},
		"pixels twice as wide as high": {12, 30, track.Reduction{X: 1.5, Y: 3}, 1.875, 3.75},
		"on its side":                  {30, 24, track.Reduction{X: 3, Y: 3}, 3.75, 3.75},
		"large":                        {60, 75, track.Reduction{X: 3, Y: 3}, 0, 0},
		"large, in a frame of 4K":      {120, 150, track.Reduction{X: 6, Y: 6}, 0, 0},
		"as small in the input, in 4K": {48, 60, track.Reduction{X: 6, Y: 6}, 7.5, 7.5},
		"enlarged":                     {24, 30, track.Reduction{X: 0.75, Y: 0.75}, 0, 0},
	} {
		x, y := boxError(track.Position{Box: track.Box{W: c.w, H: c.h}, Reduced: c.reduced})
		if x != c.x || y != c.y {
			t.Errorf("%s: %v and %v, want %v and %v", name, x, y, c.x, c.y)
		}
	}
	at := track.Position{Box: track.Box{X: 100, Y: 200, W: 12, H: 30}, Slack: 2, Reduced: track.Reduction{X: 1.5, Y: 3}}
	if got, want := MaskRect(at, true), image.Rect(93, 186, 119, 242); got != want {
		t.Errorf("mask %v, want %v", got, want)
	}
}
