package detect

import (
	"image"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/stage"
	"github.com/bauta-gateway/bauta/detector/track"
)

// Close passes cost no more than their allowance, go on the side first, and while somebody is
// surely found only there.
func TestClosePassesHaveAnAllowance(t *testing.T) {
	upright := track.Face{Box: track.Box{X: 10, Y: 10, W: 50, H: 60}, Score: 0.9}
	for name, c := range map[string]struct {
		found       []track.Face
		order       []track.Rotation
		least, most int // in thirty seconds, at each of order
	}{
		"nobody found":   {nil, nearOrder, 8, 12},
		"somebody found": {[]track.Face{upright}, lyingOrder, 10, 15},
	} {
		r := newRotations(0)
		var count [track.RotationCount]int
		all := 0
		for n := 0; n < 25*30; n += 5 {
			v := moves(n)
			if n == 0 {
				v.Since = 1
			}
			r.begin(v, 0)
			r.learn(v, c.found, 0.6)
			var done track.RotationSet
			for rotation, ok := r.nextNear(done); ok; rotation, ok = r.nextNear(done) {
				if count[rotation]++; done.Has(rotation) {
					t.Fatalf("%s: rotation %d twice in one frame", name, rotation)
				}
				done, all = done.With(rotation), all+1
			}
		}
		sum := 0
		for _, rotation := range c.order {
			if sum += count[rotation]; count[rotation] < c.least || count[rotation] > c.most {
				t.Errorf("%s: close passes %v, want %d to %d at each of %v", name, count, c.least, c.most, c.order)
				break
			}
		}
		if sum != all {
			t.Errorf("%s: close passes %v, want some at %v alone", name, count, c.order)
		}
	}
}

// What moves on the body of somebody whose face was surely found needs no close pass; what moves
// beside does.
func TestWhatMovesIsExplainedByFaces(t *testing.T) {
	const wide, tall, scale = 96, 54, 5 // cells of 20 pixels in 1920 x 1080
	view := func(f track.Face) View {
		s := track.NewSet(track.Params{Start: 0.3, Continue: 0.15, Sure: 0.6}, 1920, 1080)
		s.Observe(100, track.Pass{Faces: []track.Face{f}, Rotations: track.AllRotations}, 99, 100, nil)
		return View{N: 100, Since: 5, FPS: 25, Moving: make([]bool, wide*tall), MovingWidth: wide, Scale: scale, Tracks: s.Tracks()}
	}
	at := func(rotation track.Rotation, score float32) track.Face {
		return track.Face{Box: track.Box{X: 900, Y: 500, W: 60, H: 60}, Score: score, Rotation: rotation}
	}
	for name, c := range map[string]struct {
		face track.Face
		x, y int
		left bool
	}{
		"the face":                        {at(0, 0.9), 930, 530, false},
		"the feet":                        {at(0, 0.9), 930, 1000, false},
		"an arm":                          {at(0, 0.9), 830, 700, false},
		"somebody beside":                 {at(0, 0.9), 1100, 530, true},
		"what is above":                   {at(0, 0.9), 930, 400, true},
		"the feet of who lies":            {at(2, 0.9), 1400, 530, false},
		"what is below who lies":          {at(2, 0.9), 930, 900, true},
		"the feet of who hangs upside":    {at(4, 0.9), 930, 60, false},
		"who is aslant":                   {at(1, 0.9), 1200, 800, false},
		"a find that is no sure face":     {at(0, 0.4), 930, 530, true},
		"the feet of who is not sure too": {at(0, 0.4), 930, 1000, true},
	} {
		v := view(c.face)
		v.Moving[c.y/20*wide+c.x/20] = true
		if got := slices.Contains(unexplained(v), true); got != c.left {
			t.Errorf("%s: left to search: %v", name, got)
		}
		if !slices.Contains(v.Moving, true) {
			t.Fatal("the view itself was changed")
		}
	}
}

// Faces that are found upside down, less surely, show which way is up.
func TestUpsideDownFacesShowTheWay(t *testing.T) {
	known := newModel(t)
	defer known.Close()
	upside := 0
	for name, head := range stage.FindHeads(t, facesOf(known)) {
		st := stage.New(stageW, stageH)
		st.Paste(head.Image, image.Pt(400, 120))
		for turn, want := range map[int]track.Rotation{0: 0, 2: 4} {
			m := newModel(t).(*modelFinder)
			defer m.Close()
			v := View{Frame: rotated(st.Frame(), turn), FPS: 25, N: 0, Since: 1}
			found, err := m.detectFullView(v, poseOf(v), fullView)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				if turn == 2 && f.Score >= certain {
					continue // near is another pass, which may be as certain
				}
				upside += turn / 2
				if best, err := m.bestRotation(v, poseOf(v), f); err != nil || best != want {
					t.Errorf("%s turned by %d quarters, found with %.2f: best at %d, %v", name, turn, f.Score, best, err)
				}
			}
		}
	}
	if upside == 0 {
		t.Error("nobody was found upside down")
	}
}
