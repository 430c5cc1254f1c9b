package tracker

import (
	"errors"
	"image"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// stub finds one face that moves by 4 pixels a frame.
type stub struct {
	passes, earlier []int
	cheap           bool
	err             error
}

func (s *stub) face(n int) track.Face {
	return track.Face{Box: track.Box{X: float32(40 + 4*n), Y: 60, W: 50, H: 60}, Score: 0.9}
}

func (s *stub) Detect(v detect.View) (track.Pass, error) {
	s.passes, s.cheap = append(s.passes, v.N), v.Cheap
	return track.Pass{Faces: []track.Face{s.face(v.N)}, Rotations: track.AllRotations}, s.err
}

func (s *stub) DetectAt(v detect.View, _ track.Position) (track.Face, bool, error) {
	s.earlier = append(s.earlier, v.N)
	return s.face(v.N), true, s.err
}
func (s *stub) Params() track.Params { return track.Params{Start: 0.3, Continue: 0.15, Sure: 0.6} }
func (s *stub) Close()               {}

// drawn is frame n: a bright square moves before a dark wall, or nothing does.
func drawn(n int, moves bool) Frame {
	img := image.NewYCbCr(image.Rect(0, 0, 640, 352), image.YCbCrSubsampleRatio420)
	x := 40
	if moves {
		x += 4 * n
	}
	for y := 60; y < 120; y++ {
		for i := x; i < x+50; i++ {
			img.Y[y*img.YStride+i] = 200
		}
	}
	return Frame{N: n, Image: img}
}

// drive brings a tracker through some frames as the pipeline does, with 5 that wait.
func drive(s *Tracker, from, to int, moves bool, level media.Degradation) {
	driveAt(s, 25, from, to, moves, level)
}

func driveAt(s *Tracker, fps float64, from, to int, moves bool, level media.Degradation) {
	for n := from; n < to; n++ {
		s.Tune(5, fps)
		f := drawn(n, moves)
		s.Advance(f, false)
		if s.Due(n, 5, level) {
			s.Detect(f, Pass{Level: level, Oldest: max(from, n-5), Waiting: slices.Values([]Frame{f})})
		}
	}
}

// What moves is searched in time, less often under load; what holds still is searched once
// in a while, and the pass before covers it.
func TestPassesAreDue(t *testing.T) {
	for name, c := range map[string]struct {
		fps   float64
		moves bool
		level media.Degradation
		want  []int
	}{
		"moves":            {25, true, media.Normal, []int{0, 5, 10, 15, 20, 25}},
		"slow":             {10, true, media.Normal, []int{0, 4, 8, 12, 16, 20, 24}},
		"slow, overload":   {10, true, media.DetectLess, []int{0, 5, 10, 15, 20, 25}},
		"still":            {25, false, media.Normal, []int{0}},
		"still, overload":  {25, false, media.DetectLess, []int{0}},
		"moves, blur soon": {25, true, media.LowerRate, []int{0, 5, 10, 15, 20, 25}},
	} {
		f := &stub{}
		s := New(f, 640, 352)
		driveAt(s, c.fps, 0, 28, c.moves, c.level)
		if !slices.Equal(f.passes, c.want) {
			t.Errorf("%s: passes at %v, want %v", name, f.passes, c.want)
		}
		if f.cheap != (c.level > media.Normal) {
			t.Errorf("%s: cheap %v", name, f.cheap)
		}
		if !s.Covered(24) || s.Covered(28) || s.Failed(20) {
			t.Errorf("%s: frame 24 covered %v, 28 %v, 20 failed %v", name, s.Covered(24), s.Covered(28), s.Failed(20))
		}
	}
}

// The frames since the last pass that succeeded are those that a failed one leaves open.
func TestFailedPassesAreKnown(t *testing.T) {
	f := &stub{}
	s := New(f, 640, 352)
	drive(s, 0, 6, true, media.Normal)
	f.err = errors.New("broken")
	drive(s, 6, 11, true, media.Normal)
	for n := 5; n <= 10; n++ {
		if s.Failed(n) != (n > 5) || !s.Covered(n) {
			t.Errorf("frame %d: failed %v, covered %v", n, s.Failed(n), s.Covered(n))
		}
	}
}

// After a gap nothing carries over, the tracks are another set, and a pass is due at once.
func TestGapBeginsAnew(t *testing.T) {
	f := &stub{}
	s := New(f, 640, 352)
	drive(s, 0, 8, true, media.Normal)
	before := s.Tracks()
	if len(before.Tracks()) != 1 || s.LastPass() != 5 || s.Reduced(7) == nil {
		t.Fatalf("%d tracks, last pass at %d", len(before.Tracks()), s.LastPass())
	}
	drive(s, 20, 21, true, media.Normal)
	if s.Tracks() == before || s.Reduced(7) != nil || s.LastPass() != 20 || !s.Covered(20) {
		t.Errorf("after a gap: the same tracks %v, last pass at %d", s.Tracks() == before, s.LastPass())
	}
	drive(s, 21, 22, true, media.Normal)
	if s.Size() != image.Pt(640, 352) || s.Scale() != 1 || s.FPS() != 25 || !s.Fits(640, 352) || s.Fits(352, 640) {
		t.Errorf("size %v, scale %d, %v frames a second", s.Size(), s.Scale(), s.FPS())
	}
}
