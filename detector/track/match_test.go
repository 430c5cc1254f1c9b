package track

import "testing"

// A face that leaps as far as one may in one frame is followed along whichever side of the frame
// is the longer one: people who walk before a camera on its side move along its height.
func TestLeapsFollowTheLongerSide(t *testing.T) {
	alike := func(_, _ int, _, guess Box, _ float32) (Box, float32) { return guess, 0 }
	for name, c := range map[string]struct{ w, h, dx, dy, tracks int }{
		"along the width":             {1280, 720, 200, 0, 1},
		"along the height, on a side": {720, 1280, 0, 200, 1},
		"too far":                     {720, 1280, 0, 230, 2},
		"in a panorama":               {7680, 2160, 310, 0, 1},
		"too far in a panorama":       {7680, 2160, 400, 0, 2},
	} {
		s := NewSet(Params{Start: 0.3, Continue: 0.15, Sure: 0.6, Linger: 25, Rest: 75, Keep: 5}, c.w, c.h)
		face := Face{Box: Box{300, 300, 40, 50}, Score: 0.9}
		s.Observe(0, Pass{Faces: []Face{face}, Rotations: 1}, -1, 0, alike)
		s.Advance(1, alike)
		s.Advance(2, alike)
		face.Box = face.Move(float32(c.dx), float32(c.dy))
		if s.Observe(2, Pass{Faces: []Face{face}, Rotations: 1}, 0, 0, alike); len(s.Tracks()) != c.tracks {
			t.Errorf("%s: %d tracks, want %d", name, len(s.Tracks()), c.tracks)
		}
	}
}
