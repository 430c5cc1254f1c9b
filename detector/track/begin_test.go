package track

import (
	"slices"
	"testing"
)

// striding is a world in which all moves by v pixels a frame; elsewhere than where a thing is
// something looks a bit like it.
func striding(v float32) Flow {
	return func(from, to int, box, guess Box, reach float32) (Box, float32) {
		if is := box.Move(v*float32(to-from), 0); hypot(is.X-guess.X, is.Y-guess.Y) <= reach {
			return is, 0.2
		}
		return guess.Move(0.5*reach, 0), 0.85
	}
}

// A face that was never seen before is sought where those around it move, back and on: each step
// of theirs is wider than a face.
func TestNewFacesMoveAsThoseAroundDo(t *testing.T) {
	const v = 50
	s := NewSet(params, 1920, 1080)
	for n, x := range []float32{0, 1, 2} {
		s.Advance(n, striding(v))
		s.Observe(n, found(face(500+v*x, 300, 40, 0.9)), n-1, 0, striding(v))
	}
	s.Advance(3, striding(v))
	s.Advance(4, striding(v))
	s.Observe(4, found(face(500+4*v, 300, 40, 0.9), face(540+4*v, 310, 40, 0.9)), 2, 1, striding(v))
	s.Advance(5, striding(v))
	if len(s.Tracks()) != 2 {
		t.Fatalf("%d tracks, want 2", len(s.Tracks()))
	}
	for n := 1; n <= 5; n++ {
		if p, ok := s.Tracks()[1].At(n); !ok || !near(p.Box, Box{540 + v*float32(n), 310, 40, 40}) {
			t.Errorf("frame %d: %v %t, want x %d", n, p.Box, ok, 540+v*n)
		}
	}
}

// Those around are the nearest that were found before as well: nobody far away, and no other
// new face, whose speed is not known either.
func TestWhoIsAround(t *testing.T) {
	s := NewSet(params, 1920, 1080)
	still := moving(0, 0)
	at := []Face{face(300, 300, 40, 0.9), face(380, 300, 40, 0.9), face(460, 300, 40, 0.9), face(540, 300, 40, 0.9), face(1500, 300, 40, 0.9)}
	s.Observe(0, found(at...), -1, 0, still)
	s.Advance(1, still)
	s.Observe(1, found(append(at, face(220, 300, 40, 0.9), face(220, 380, 40, 0.9))...), 0, 0, still)
	var got []int
	for _, o := range s.around(s.Tracks()[5]) {
		got = append(got, o.ID)
	}
	if len(got) != 3 || got[0] != 1 || got[1] != 2 || got[2] != 3 {
		t.Errorf("around the new face: %v, want 1 2 3", got)
	}
}

// A find that is not sure, beside where a face was followed to, may be of somebody beside: the
// mask holds most of both places. A sure find is where the face is, and so is any of one that was lost.
func TestFindBesideTheFollowed(t *testing.T) {
	for name, c := range map[string]struct {
		score, by, slack float32
		flow             Flow
	}{
		"sure":            {0.9, 20, 0, moving(0, 0)},
		"not sure":        {0.5, 20, 10, moving(0, 0)},
		"not sure but on": {0.5, 10, 0, moving(0, 0)},
		"not sure, lost":  {0.5, 20, 0, lost},
	} {
		s := NewSet(params, 1920, 1080)
		s.Observe(0, found(face(500, 500, 40, 0.9)), -1, 0, c.flow)
		s.Advance(1, c.flow)
		s.Observe(1, found(face(500+c.by, 500, 40, c.score)), 0, 0, c.flow)
		p := s.Positions(1)
		if len(p) != 1 || p[0].X != 500+c.by || p[0].Slack != c.slack {
			t.Errorf("%s: %+v, want slack %.0f", name, p, c.slack)
		}
	}
}

// At the edge of the frame less of a face may be seen than before, so that it fits nowhere: it is not
// taken for one that moves as its neighbours do.
func TestNoNeighboursAtTheEdge(t *testing.T) {
	for name, c := range map[string]struct {
		x     float32
		asked int
	}{"within": {500, 2}, "at the edge": {2, 1}} {
		s := NewSet(params, 1920, 1080)
		still := moving(0, 0)
		s.Observe(0, found(face(c.x+80, 300, 40, 0.9)), -1, 0, still)
		s.Advance(1, still)
		s.Observe(1, found(face(c.x+80, 300, 40, 0.9), face(c.x, 300, 40, 0.9)), 0, 0, still)
		own, asked := s.Tracks()[1], 0
		s.step(own, 1, 2, own.last().Box, own.last().Box, 10, func(from, to int, box, guess Box, reach float32) (Box, float32) {
			asked++
			return box, 1
		})
		if asked != c.asked {
			t.Errorf("%s: looked %d times, want %d", name, asked, c.asked)
		}
	}
}

// A face that was lost on the way may be found again in somebody else's: where that one was in
// between is where it is followed back to, and not halfway between the two.
func TestWhoWasLostIsRetraced(t *testing.T) {
	const v = 40 // who is found again comes from the right, nobody can be followed on
	for name, c := range map[string]struct{ unlike, x float32 }{"fits": {0.2, 525 + v}, "fits badly": {0.85, 512.5}} {
		flow := func(from, to int, box, guess Box, reach float32) (Box, float32) {
			if to > from {
				return guess, 1
			}
			return box.Move(v, 0), c.unlike
		}
		s := NewSet(params, 1920, 1080)
		s.Observe(0, found(face(500, 300, 60, 0.9)), -1, 0, flow)
		s.Advance(1, flow)
		s.Advance(2, flow)
		s.Observe(2, found(face(525, 300, 60, 0.9)), 0, 0, flow)
		if p, ok := s.Tracks()[0].At(1); !ok || len(s.Tracks()) != 1 || p.X != c.x {
			t.Errorf("%s: %v %t, want x %v", name, p.Box, ok, c.x)
		}
	}
}

// A face that was found once and lost at once is perhaps not the one that is found beside: where
// that one was in the frames before is masked as well, and no longer than that.
func TestShadowOfWhoWasFoundBeside(t *testing.T) {
	const v = 22
	flow := func(from, to int, box, guess Box, reach float32) (Box, float32) {
		if to > from {
			return guess, 1
		}
		return box.Move(-v, 0), 0.2 // who is found there came from the left
	}
	s := NewSet(params, 1920, 1080)
	s.Observe(0, found(face(500, 300, 40, 0.9)), -1, 0, flow)
	s.Advance(1, flow)
	s.Advance(2, flow)
	s.Observe(2, found(face(530, 300, 40, 0.9)), 0, -2, flow)
	if p, ok := s.Tracks()[0].At(2); !ok || p.X != 530 {
		t.Fatalf("the track is at %v %t", p, ok)
	}
	at := func(n int, x float32) bool {
		return slices.ContainsFunc(s.Positions(n), func(p Position) bool { return p.X == x })
	}
	if !at(1, 530-v) || !at(0, 530-2*v) {
		t.Errorf("before it is masked at %v and %v", s.Positions(0), s.Positions(1))
	}
	s.Advance(3, flow)
	if got := len(s.Positions(3)); got != 1 {
		t.Errorf("%d positions in the next frame, want the track's alone", got)
	}
}
