package tracker

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/bauta-gateway/bauta/detector/track"
)

// strolling is a reduced frame in which somebody hardly lighter than the wall walks
// a pixel in eight frames, and something else flickers.
func strolling(n int) (img *image.Gray, walker image.Rectangle) {
	img = image.NewGray(image.Rect(0, 0, 320, 176))
	walker = image.Rect(100+n/8, 40, 130+n/8, 120)
	for i := range img.Pix {
		switch p := image.Pt(i%320, i/320); {
		case p.In(walker):
			img.Pix[i] = 112
		case p.X < 16 && p.Y < 16:
			img.Pix[i] = byte(100 + 50*(n%2))
		default:
			img.Pix[i] = 100
		}
	}
	return img, walker
}

func TestWhoWalksSlowlyMoves(t *testing.T) {
	s := New(nil, 640, 352)
	s.f, s.fps = 2, 25
	for n := range 150 {
		small, walker := strolling(n)
		s.newest = n
		s.motion(small)
		s.noteBlocks(n, small, true)
		if n%4 == 0 { // a pass, as something moves
			s.noteSearched(small, nil)
		}
		covered := false
		for _, r := range s.MovingBlocks(n) {
			covered = covered || image.Rectangle{walker.Min.Mul(2), walker.Max.Mul(2)}.In(r)
		}
		if n > 60 && !covered {
			t.Fatalf("frame %d: the walker is open in %v", n, s.MovingBlocks(n))
		}
	}
}

// After frames that nobody compared, who moved in them may stand anywhere:
// all is blurred until a second has been seen again.
func TestMotionAfterAGap(t *testing.T) {
	s := New(nil, 640, 352)
	s.f, s.fps, s.first, s.resumed = 2, 25, 100, true
	whole := image.Rect(0, 0, 640, 352)
	still := image.NewGray(image.Rect(0, 0, 320, 176))
	s.noteSearched(still, nil)
	for n := 100; n < 150; n++ {
		s.newest = n
		s.motion(still)
		s.noteBlocks(n, still, true)
		got := s.MovingBlocks(n)
		if all := len(got) == 1 && got[0] == whole; all != (n < 125) || !all && len(got) > 0 {
			t.Errorf("frame %d: %v", n, got)
		}
	}
}

func TestBlocksOf(t *testing.T) {
	moving := make([]bool, 16*8)
	moving[0], moving[17], moving[5*16+9] = true, true, true
	got := blocksOf(moving, 16, 10)
	if len(got) != 1 || got[0] != image.Rect(-10, -10, 50, 50) {
		t.Errorf("blocks %v: one for the two cells of the first, none for a single cell", got)
	}
	// Cells that fill no whole group count too, at the right and at the bottom.
	moving = make([]bool, 10*9)
	moving[10*8+8], moving[10*8+9] = true, true
	if got := blocksOf(moving, 10, 8); len(got) != 1 || got[0] != image.Rect(56, 56, 104, 104) {
		t.Errorf("blocks %v at the corner", got)
	}
	// A plain coat moves at its rim alone; what is inside is covered too.
	moving = make([]bool, 40*40)
	for i := range 24 {
		for k := range 2 {
			for _, at := range [][2]int{{8 + i, 8 + k}, {8 + i, 30 + k}, {8 + k, 8 + i}, {30 + k, 8 + i}} {
				moving[at[1]*40+at[0]] = true
			}
		}
	}
	if got := blocksOf(moving, 40, 8); len(got) != 1 || !image.Rect(64, 64, 256, 256).In(got[0]) {
		t.Errorf("the rim of a thing gives blocks %v", got)
	}
	if none := blocksOf(nil, 0, 8); none == nil || len(none) > 0 {
		t.Errorf("no cells give %v: that stands for a frame that was not compared", none)
	}
}

// What holds still is found again where it was, and not where it is searched for far from there.
func TestStillPartsAreFoundInTheirPlace(t *testing.T) {
	s := New(nil, 480, 270)
	small := image.NewGray(image.Rect(0, 0, 480, 270))
	noise := rand.New(rand.NewPCG(6, 6))
	for i := range small.Pix {
		small.Pix[i] = byte(noise.IntN(256))
	}
	s.newest, s.ref = 1, small
	s.smalls[0], s.smalls[1] = small, small
	box := track.Box{X: 100, Y: 80, W: 40, H: 40}
	if at, unlike := s.flow(0, 1, box, box.Move(9, 3), 10); at != box || unlike != 0 {
		t.Errorf("near its place: %v, unlike %v", at, unlike)
	}
	if at, unlike := s.flow(0, 1, box, box.Move(100, 30), 10); unlike < 1 {
		t.Errorf("far from its place: %v, unlike %v", at, unlike)
	}
}

// Where a pass did not look, what changes little by little adds up to what moved, and where it did, it begins anew.
func TestChangesAddUpWhereNoPassLooked(t *testing.T) {
	s := New(nil, 640, 352)
	s.f = 2
	wall := func(level byte) *image.Gray {
		g := image.NewGray(image.Rect(0, 0, 320, 176))
		for y := 40; y < 80; y++ {
			for x := range 320 {
				if x < 40 || x >= 280 {
					g.Pix[y*g.Stride+x] = level
				}
			}
		}
		return g
	}
	s.noteSearched(wall(100), nil)
	for n := range 3 {
		now := wall(byte(103 + 3*n))
		s.motion(now)
		left, right := s.movesIn(image.Rect(0, 40, 40, 80)), s.movesIn(image.Rect(280, 40, 320, 80))
		if left || right != (n > 0) {
			t.Fatalf("pass %d: left %v, right %v", n, left, right)
		}
		s.noteSearched(now, []image.Rectangle{image.Rect(0, 0, 320, 352)})
	}
}
