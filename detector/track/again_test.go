package track

import (
	"image"
	"testing"
)

// What an earlier pass found and nothing has changed since is no further find, and no miss. Nor is
// one who lies where the pass did not look.
func TestFoundAgain(t *testing.T) {
	s := NewSet(params, 1920, 1080)
	still, moves, unseen := face(100, 100, 60, 0.5), face(900, 300, 60, 0.9), face(1500, 300, 60, 0.9)
	s.Observe(0, found(still, moves, unseen), -1, 0, moving(0, 0))
	still.Again = true
	begun := face(300, 100, 60, 0.9)
	begun.Again = true
	part := []image.Rectangle{image.Rect(800, 200, 1200, 600)}
	for n := 1; n < 20; n++ {
		s.Advance(n, moving(0, 0))
		pass := found(still, moves, begun)
		pass.Parts = part
		s.Observe(n, pass, n-1, n-1, moving(0, 0))
	}
	if len(s.Tracks()) != 3 {
		t.Fatalf("%d tracks of three faces", len(s.Tracks()))
	}
	for i, want := range []struct {
		hits, lastSeen int
		seen           bool
	}{{1, 19, true}, {20, 19, true}, {1, 0, false}} {
		tr := s.Tracks()[i]
		p, ok := tr.At(19)
		if tr.Hits != want.hits || tr.LastSeen() != want.lastSeen || tr.Missed() || !ok || p.Seen != want.seen {
			t.Errorf("track %d: %d finds, the last in frame %d, missed %v, at %+v %v", i, tr.Hits, tr.LastSeen(), tr.Missed(), p, ok)
		}
	}
}

// Who leapt is not where somebody was found before and is found again.
func TestNobodyLeapsToWhoIsFoundAgain(t *testing.T) {
	s := NewSet(params, 1920, 1080)
	s.Observe(0, found(face(900, 300, 60, 0.9)), -1, 0, moving(0, 0))
	again := face(1000, 300, 60, 0.9)
	again.Again = true
	s.Advance(1, lost)
	s.Observe(1, found(again), 0, 0, moving(100, 0))
	if tr := s.Tracks()[0]; !tr.Missed() || tr.LastSeen() != 0 {
		t.Errorf("last seen in frame %d, missed %v", tr.LastSeen(), tr.Missed())
	}
}
