package track

import (
	"slices"
	"testing"
)

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

// A new face is sought where those around it came from, in a panorama not where others did: who
// walks the other way before another lens stays masked in the frames before it was found.
func TestNewFacesComeFromWhereThoseAroundDid(t *testing.T) {
	for name, c := range map[string]struct {
		w    int
		x, v float32 // of the new face, in frame 2
	}{
		"with the others":               {1920, 1700, -50},
		"with the others in a panorama": {7680, 1000, -50},
		"elsewhere in a panorama":       {7680, 6000, 20},
	} {
		walk := func(from, to int, box, guess Box, reach float32) (Box, float32) {
			speed := float32(-50)
			if box.X > 4000 {
				speed = c.v
			}
			if is := box.Move(speed*float32(to-from), 0); hypot(is.X-guess.X, is.Y-guess.Y) <= reach {
				return is, 0.1
			}
			return guess, 1
		}
		s := NewSet(Params{Start: 0.3, Continue: 0.15, Sure: 0.6, Linger: 25, Rest: 75, Keep: 5}, c.w, 1080)
		s.Observe(0, found(face(600, 300, 40, 0.9), face(700, 300, 40, 0.9)), -1, 0, walk)
		s.Advance(1, walk)
		s.Advance(2, walk)
		s.Observe(2, found(face(500, 300, 40, 0.9), face(600, 300, 40, 0.9), face(c.x, 300, 40, 0.9)), 0, 0, walk)
		tracks := slices.DeleteFunc(slices.Clone(s.Tracks()), func(t *Track) bool { return t.end() < 2 })
		if len(tracks) != 3 {
			t.Fatalf("%s: %d tracks of frame 2, want 3", name, len(tracks))
		}
		if p, ok := tracks[2].At(1); !ok || !near(p.Box, Box{c.x - c.v, 300, 40, 40}) {
			t.Errorf("%s: in the frame before it is at %v, want x %v", name, p.Box, c.x-c.v)
		}
	}
}
