package track

import (
	"math"
	"testing"
)

var params = Params{Start: 0.3, Continue: 0.15, Sure: 0.6, Linger: 25, Rest: 75, Keep: 64, Grain: 4}

// moving is a world whose content shifts by (dx, dy) a frame; flow finds it exactly.
func moving(dx, dy float32) Flow {
	return func(from, to int, box, guess Box, reach float32) (Box, float32) {
		d := float32(to - from)
		found := box.Move(dx*d, dy*d)
		if math.Abs(float64(found.X-guess.X)) > float64(reach) {
			return guess, 1
		}
		return found, 0
	}
}

// lost is a world in which nothing is found again.
func lost(_, _ int, _, guess Box, _ float32) (Box, float32) { return guess, 1 }

// covered is a world in which something comes over all that stands still, and stands still
// itself from frame n on.
func covered(n int) Flow {
	return func(from, to int, box, guess Box, reach float32) (Box, float32) {
		if from < n && to >= n {
			return guess, 1
		}
		return moving(0, 0)(from, to, box, guess, reach)
	}
}

func face(x, y, w, score float32) Face { return Face{Box: Box{x, y, w, w}, Score: score} }

// found is a pass at all rotations.
func found(faces ...Face) Pass { return Pass{Faces: faces, Rotations: AllRotations} }

func near(a, b Box) bool { return IoU(a, b) > 0.8 }

// drive advances from frame 0 and has a pass every k frames at what `at` shows.
func drive(s *Set, frames, k int, flow Flow, at func(n int) []Face) {
	before := -1
	for n := range frames {
		s.Advance(n, flow)
		if n%k == 0 {
			s.Observe(n, found(at(n)...), before, max(0, n-k), flow)
			before = n
		}
	}
}

func TestFollowsBetweenPasses(t *testing.T) {
	s := NewSet(params, 1920, 1080)
	pos := func(n int) float32 { return 100 + 9*float32(n) }
	drive(s, 40, 5, moving(9, 0), func(n int) []Face { return []Face{face(pos(n), 300, 60, 0.8)} })
	if len(s.Tracks()) != 1 {
		t.Fatalf("%d tracks, want 1", len(s.Tracks()))
	}
	for n := range 40 {
		positions := s.Positions(n)
		if len(positions) != 1 || !near(positions[0].Box, Box{pos(n), 300, 60, 60}) {
			t.Errorf("frame %d: %+v", n, positions)
		}
	}
}

func TestFollowsWithoutFlow(t *testing.T) {
	s := NewSet(params, 1920, 1080)
	pos := func(n int) float32 { return 100 + 9*float32(n) }
	drive(s, 41, 4, lost, func(n int) []Face { return []Face{face(pos(n), 300, 60, 0.8)} })
	if len(s.Tracks()) != 1 {
		t.Fatalf("%d tracks, want 1", len(s.Tracks()))
	}
	for n := 10; n < 41; n++ {
		p := s.Positions(n)[0]
		if off := math.Abs(float64(p.X - pos(n))); off > float64(p.Slack)+3 {
			t.Errorf("frame %d: %.0f pixels off with a slack of %.0f", n, off, p.Slack)
		}
	}
}

// What has not moved at all is where it was: its mask needs no more room, however long ago
// there was a pass. What moved does.
func TestWhatHoldsStillNeedsNoMoreRoom(t *testing.T) {
	for name, c := range map[string]struct {
		flow        Flow
		least, most float32
	}{"still": {moving(0, 0), 0, 0}, "moves": {moving(2, 0), 5, 18}} {
		s := NewSet(params, 1920, 1080)
		s.Observe(0, found(face(500, 300, 60, 0.8)), -1, 0, c.flow)
		for n := 1; n <= 40; n++ {
			s.Advance(n, c.flow)
		}
		if got := s.Positions(40); len(got) != 1 || got[0].Slack < c.least || got[0].Slack > c.most {
			t.Errorf("%s: %+v, want a slack of %v to %v", name, got, c.least, c.most)
		}
	}
}

func TestBackFill(t *testing.T) {
	s := NewSet(params, 1920, 1080)
	flow := moving(-20, 0)
	for n := range 11 {
		s.Advance(n, flow)
	}
	s.Observe(10, found(face(500, 300, 60, 0.8)), 5, 4, flow)
	for n := 4; n <= 10; n++ {
		want := Box{500 + 20*float32(10-n), 300, 60, 60}
		if positions := s.Positions(n); len(positions) != 1 || !near(positions[0].Box, want) {
			t.Errorf("frame %d: %+v, want %v", n, positions, want)
		}
	}
	if positions := s.Positions(3); len(positions) != 0 {
		t.Errorf("frame 3, which has left already: %+v", positions)
	}
}

// Where the content is not found again, the frames without a pass
// are masked all the same, and wider.
func TestBackFillInDoubt(t *testing.T) {
	s := NewSet(params, 1920, 1080)
	for n := range 11 {
		s.Advance(n, lost)
	}
	s.Observe(10, found(face(500, 300, 60, 0.8)), 5, 2, lost)
	for n := 6; n < 10; n++ {
		positions := s.Positions(n)
		if len(positions) != 1 || positions[0].Slack < 10 {
			t.Errorf("frame %d: %+v", n, positions)
		}
	}
	if positions := s.Positions(5); len(positions) != 0 {
		t.Errorf("frame 5 had a pass without a find, yet: %+v", positions)
	}
}

func TestLinger(t *testing.T) {
	for _, c := range []struct {
		name       string
		score      float32
		passes     int // with the face in them
		world      Flow
		until, end int // still masked at, no longer masked at
	}{
		{"unsure, one pass", 0.4, 1, moving(3, 0), 4, 6},
		{"unsure, many passes", 0.4, 5, moving(3, 0), 29, 36},
		{"sure, one pass", 0.8, 1, moving(3, 0), 8, 12},
		{"sure, many passes", 0.8, 5, moving(3, 0), 45, 51},
		{"sure and still", 0.8, 6, moving(0, 0), 99, 106},
		{"sure and covered", 0.8, 6, covered(27), 39, 42},
		{"sure and still, covered before the last find", 0.8, 6, covered(23), 99, 106},
	} {
		masked := func(n int) bool {
			s := NewSet(params, 1920, 1080)
			drive(s, n+1, 5, c.world, func(n int) []Face {
				if n/5 < c.passes {
					f := face(400, 300, 60, c.score)
					if p := s.Positions(n); len(p) > 0 {
						f.Box = p[0].Box
					}
					return []Face{f}
				}
				return nil
			})
			return len(s.Positions(n)) > 0
		}
		if !masked(c.until) {
			t.Errorf("%s: not masked at frame %d", c.name, c.until)
		}
		if masked(c.end) {
			t.Errorf("%s: still masked at frame %d", c.name, c.end)
		}
	}
}

// What ends a mask is known before the frames leave that still wait: where a face was weak, or
// lost, it comes off them from the first pass on that missed it. A find as good as one that
// begins a track brings it back to all of them, and a lesser one does not.
func TestLapsedMasks(t *testing.T) {
	for _, c := range []struct {
		name        string
		since       int     // frame of the first find
		score, late float32 // of the finds until 10, and of one at 30
		world       Flow
		first, last int // of the frames that are bare once frame 30 had its pass; none: last is 0
	}{
		{"weak", 0, 0.4, 0, moving(0, 0), 15, 30},
		{"weak, found again", 0, 0.4, 0.4, moving(0, 0), 0, 0},
		{"weak, hardly found again", 0, 0.4, 0.2, moving(0, 0), 15, 30},
		{"weak, a single find", 10, 0.4, 0, moving(0, 0), 16, 30},
		{"sure", 0, 0.8, 0, moving(0, 0), 0, 0},
		{"sure, then lost", 0, 0.8, 0, covered(12), 15, 30},
	} {
		s := NewSet(params, 1920, 1080)
		drive(s, 31, 5, c.world, func(n int) []Face {
			switch {
			case n >= c.since && n <= 10:
				return []Face{face(400, 300, 60, c.score)}
			case n == 30 && c.late > 0:
				return []Face{face(400, 300, 60, c.late)}
			}
			return nil
		})
		for n := 11; n <= 30; n++ {
			bare := c.last > 0 && n >= c.first && n <= c.last
			if got := len(s.Positions(n)) == 0; got != bare {
				t.Errorf("%s: frame %d bare: %v", c.name, n, got)
			}
		}
	}
}

// A single find is masked from the pass before it, where nothing says that it came later, to the
// pass that misses it; one that its second pass doubts is from halfway to halfway.
func TestSingleFinds(t *testing.T) {
	for _, c := range []struct {
		name        string
		since       int
		second      Opinion
		again       float32
		first, last int // of the frames that are masked
	}{
		{"no opinion", 10, NoOpinion, 0, 5, 15},
		{"confirmed", 10, Confirms, 0, 5, 15},
		{"doubted", 10, Doubts, 0, 8, 13},
		{"doubted, in the first frame", 0, Doubts, 0, 0, 3},
		{"doubted, found again", 10, Doubts, 0.4, 5, 15},
	} {
		s := NewSet(params, 1920, 1080)
		drive(s, 17, 5, moving(0, 0), func(n int) []Face {
			f := face(400, 300, 60, 0.4)
			switch f.Second = c.second; {
			case n == c.since:
				return []Face{f}
			case n == 15 && c.again > 0:
				return []Face{face(400, 300, 60, c.again)}
			}
			return nil
		})
		for n := range 16 {
			masked := n >= c.first && n <= c.last
			if got := len(s.Positions(n)) == 1; got != masked {
				t.Errorf("%s: frame %d masked: %v", c.name, n, got)
			}
		}
	}
}

// A mask never ends without a pass that misses the face.
func TestMasksEndByAPassOnly(t *testing.T) {
	s := NewSet(params, 1920, 1080)
	s.Advance(0, lost)
	s.Observe(0, found(face(400, 300, 60, 0.4)), -1, 0, lost)
	for n := 1; n < 500; n++ {
		s.Advance(n, lost)
	}
	if len(s.Positions(499)) != 1 {
		t.Error("the mask ended although there was no pass")
	}
}

// A find of a small face beside the way from the one before to the one after is moved towards
// it, the less the better the find is, and the frames after it with it; where it lies far beside,
// what is left is slack. What goes another way stays where it is, and so does a large face,
// whose finds are exact.
func TestFindBesideTheWay(t *testing.T) {
	coarse, fine := Reduction{3, 3}, Reduction{1.5, 1.5}
	for _, c := range []struct {
		name            string
		size, off       float32
		others, own     Reduction
		at, then, slack float32 // below the way, of the find and of two frames later; of the find
	}{
		{"straight on", 30, 0, coarse, coarse, 0, 0, 0},
		{"a little beside", 30, 3, coarse, coarse, 1, 0.5, 0},
		{"beside", 30, 9, coarse, coarse, 3, 1.5, 3},
		{"beside, not known how", 30, 9, Reduction{}, Reduction{}, 3, 1.5, 3},
		{"a better find beside", 30, 9, coarse, fine, 6, 3, 6},
		{"a worse one", 30, 9, fine, coarse, 1, 0.5, 1},
		{"another way", 30, 20, coarse, coarse, 20, 10, 0},
		{"a large face", 90, 20, coarse, coarse, 20, 10, 0},
	} {
		s := NewSet(params, 1920, 1080)
		drive(s, 9, 4, moving(10, 0), func(n int) []Face {
			f := face(400+10*float32(n), 300, c.size, 0.8)
			f.Reduced = c.others
			if n == 4 {
				f.Box, f.Reduced = f.Box.Move(0, c.off), c.own
			}
			return []Face{f}
		})
		for n, want := range map[int]float32{4: c.at, 6: c.then} {
			got := s.Positions(n)
			if len(got) != 1 || math.Abs(float64(got[0].Y-300-want)) > 0.01 || n == 4 && math.Abs(float64(got[0].Slack-c.slack)) > 0.01 {
				t.Errorf("%s, frame %d: %+v, want %v below the way", c.name, n, got, want)
			}
		}
	}
}

func TestCrossing(t *testing.T) {
	s := NewSet(params, 1920, 1080)
	a := func(n int) Box { return Box{200 + 8*float32(n), 300, 60, 60} }
	b := func(n int) Box { return Box{680 - 8*float32(n), 320, 60, 60} }
	flow := func(from, to int, box, guess Box, reach float32) (Box, float32) {
		d := float32(to - from)
		if IoU(box, a(from)) > IoU(box, b(from)) {
			return box.Move(8*d, 0), 0
		}
		return box.Move(-8*d, 0), 0
	}
	drive(s, 60, 5, flow, func(n int) []Face {
		if math.Abs(float64(a(n).X-b(n).X)) < 40 {
			return []Face{{Box: a(n), Score: 0.8}} // b is hidden behind a
		}
		return []Face{{Box: a(n), Score: 0.8}, {Box: b(n), Score: 0.8}}
	})
	for n := range 60 {
		for _, want := range []Box{a(n), b(n)} {
			ok := false
			for _, p := range s.Positions(n) {
				ok = ok || IoU(p.Box.Grow(0.2, 0.2), want) > 0.4
			}
			if !ok {
				t.Errorf("frame %d: nothing covers %v: %+v", n, want, s.Positions(n))
			}
		}
	}
}

func TestLeavesTheFrame(t *testing.T) {
	s := NewSet(params, 640, 480)
	drive(s, 60, 5, moving(20, 0), func(n int) []Face {
		if x := 400 + 20*float32(n); x < 600 {
			return []Face{face(x, 100, 60, 0.9)}
		}
		return nil
	})
	if got := s.Positions(59); len(got) != 0 {
		t.Errorf("a face that left is still masked: %+v", got)
	}
}

// Doubtful finds are proved by a second pass or by another find that is good, not by one that
// is even weaker.
func TestDoubtfulFindsNeedMore(t *testing.T) {
	s := NewSet(params, 1920, 1080)
	doubtful := func(score float32) Face { return Face{Box: Box{900, 100, 250, 250}, Score: score, Second: Doubts} }
	s.Advance(0, lost)
	s.Observe(0, found(doubtful(0.55), face(500, 600, 60, 0.35)), -1, 0, lost)
	if n := len(s.Tracks()); n != 2 {
		t.Fatalf("%d tracks, want 2", n)
	}
	large, small := s.Tracks()[0], s.Tracks()[1]
	if large.Proved() || !small.Proved() {
		t.Errorf("proved: the doubtful one %v, the other %v", large.Proved(), small.Proved())
	}
	for n, c := range []struct {
		score  float32
		second Opinion
		want   bool
	}{{0.4, Doubts, false}, {0.2, NoOpinion, false}, {0.65, Doubts, true}, {0.4, Doubts, true}} {
		s.Advance(n+1, lost)
		f := doubtful(c.score)
		f.Second = c.second
		s.Observe(n+1, found(f), n, n, lost)
		if large.Proved() != c.want {
			t.Errorf("proved by find %d of %v: %v", n+2, c.score, large.Proved())
		}
	}
	if f := doubtful(0.4); small.Confirmed() || !large.Confirmed() {
		t.Errorf("confirmed: the small one %v, the large one %v", small.Confirmed(), large.Confirmed())
	} else if small.found(f, params.Sure); small.Proved() {
		t.Error("a find that its second pass doubts leaves a track proved that was never confirmed")
	}
}

// A track that was never surely a face goes where finds cover it, not from one weak
// find to the next.
func TestWeakFindsDoNotLeadAway(t *testing.T) {
	s := NewSet(params, 1920, 1080)
	s.Observe(0, found(face(500, 500, 60, 0.4)), -1, 0, lost)
	s.Advance(1, lost)
	s.Observe(1, found(face(540, 500, 60, 0.2)), 0, 0, lost)
	if tr := s.Tracks()[0]; tr.Hits != 1 || !tr.Missed() {
		t.Errorf("%d hits after a weak find beside it", tr.Hits)
	}
	s.Observe(1, found(face(510, 500, 60, 0.2)), 0, 0, lost)
	if tr := s.Tracks()[0]; tr.Hits != 2 {
		t.Errorf("%d hits after a weak find on it", tr.Hits)
	}
}

// A weak find of another size does not swell a sure face's mask, one of about its size moves it.
func TestWeakFindsKeepTheSize(t *testing.T) {
	for wide, taken := range map[float32]bool{60: true, 75: true, 95: false, 30: false} {
		s := NewSet(params, 1920, 1080)
		s.Advance(0, moving(0, 0))
		s.Observe(0, found(face(300, 300, 60, 0.9)), -1, 0, moving(0, 0))
		s.Advance(1, moving(0, 0))
		s.Observe(1, found(face(330-wide/2, 330-wide/2, wide, 0.25)), 0, 0, moving(0, 0))
		p := s.Positions(1)
		if len(p) != 1 || p[0].Seen != taken || !taken && p[0].W != 60 {
			t.Errorf("%.0f pixels wide: %+v", wide, p)
		}
	}
}

func TestMerge(t *testing.T) {
	got := Merge([]Face{face(0, 0, 10, 0.5), face(1, 1, 10, 0.9), face(100, 0, 10, 0.4)})
	if len(got) != 2 || got[0].Score != 0.9 || got[1].X != 100 {
		t.Errorf("got %+v", got)
	}
}

// A lying face is as large as it is high, and keeps its track when it is found
// upright next: its box changed shape, not its width.
func TestRotatedFaces(t *testing.T) {
	p := Params{Start: 0.3, Continue: 0.15, Sure: 0.6, Keep: 5}
	s := NewSet(p, 1000, 500)
	lying := func(h, score float32) Face { return Face{Box: Box{300, 100, 1.3 * h, h}, Score: score, Rotation: 2} }
	s.Observe(0, found(lying(60, 0.4)), -1, 0, lost)
	if n := len(s.Tracks()); n != 1 {
		t.Fatalf("%d tracks of a small face", n)
	}
	if position, _ := s.Tracks()[0].At(0); position.Rotation != 2 {
		t.Errorf("rotation %d", position.Rotation)
	}
	s.Advance(1, lost)
	if position, _ := s.Tracks()[0].At(1); position.Rotation != 2 {
		t.Errorf("rotation %d in the next frame", position.Rotation)
	}
	s.Observe(1, found(Face{Box: Box{300, 100, 60, 78}, Score: 0.4}), 0, 0, lost)
	if n := len(s.Tracks()); n != 1 {
		t.Errorf("%d tracks once it stands", n)
	}
}

// Wherever a track is by the same find, the find's error is the same.
func TestPositionsKeepTheReduction(t *testing.T) {
	for name, flow := range map[string]Flow{"followed": moving(4, 0), "lost": lost} {
		coarse, fine := Reduction{3, 3}, Reduction{1.5, 1.5}
		s := NewSet(params, 1920, 1080)
		drive(s, 10, 4, flow, func(n int) []Face {
			f := face(400+4*float32(n), 300, 30, 0.8)
			f.Reduced = fine
			if n == 4 {
				f.Reduced = coarse
			}
			if n == 0 {
				return nil
			}
			return []Face{f}
		})
		for n, want := range map[int]Reduction{2: coarse, 4: coarse, 8: fine, 9: fine} {
			if got := s.Positions(n); len(got) != 1 || got[0].Reduced != want {
				t.Errorf("%s, frame %d: %+v, want %v", name, n, got, want)
			}
		}
	}
}
