package pipeline

import (
	"image"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/detector/track"
)

// A look in one turn says nothing of faces that lie otherwise.
func TestLooksMissOnlyWhatTheyCouldFind(t *testing.T) {
	far := func(_, _ int, _, guess track.Box, _ float32) (track.Box, bool) { return guess, true }
	s := track.NewSet(track.Params{Start: 0.3, Continue: 0.15, Sure: 0.6, Linger: 25, Rest: 75, Keep: 5}, 1280, 720)
	s.Observe(0, track.Look{Faces: []track.Face{{Box: track.Box{X: 500, Y: 300, W: 60, H: 60}, Score: 0.4, Turn: 1}}, Turns: track.Every}, -1, 0, far)
	n := 1
	for ; n <= 100; n++ {
		s.Advance(n, far)
		s.Observe(n, track.Look{Turns: 1 << 0}, n-1, n-5, far)
	}
	if spots := s.Spots(100); len(spots) != 1 || s.Tracks()[0].Missed() {
		t.Fatalf("after looks at another turn: %v", spots)
	}
	s.Observe(100, track.Look{Turns: 1<<1 | 1<<0}, 99, 95, far)
	if s.Advance(101, far); len(s.Spots(101)) != 0 {
		t.Error("a look at its own turn did not find it, and it is still there")
	}
}

// moves is what a scene in which something moves gives, at 25 pictures a second.
func moves(n int) View {
	return View{N: n, Since: 5, FPS: 25, Moving: []bool{true}, MovingWidth: 1}
}

// asides drives looks for some seconds and counts those aside, by turn.
func asides(tu *turns, from, seconds int, v func(n int) View, found ...track.Face) (count [4]int) {
	for n := from; n < from+25*seconds; n += 5 {
		view := v(n)
		tu.begin(view, tu.given)
		_, done := tu.full()
		for {
			turn, _, ok := tu.aside(view, done)
			if !ok {
				break
			}
			done |= 1 << turn
			tu.credit--
			count[turn]++
		}
		tu.learn(view, found, 0.6)
	}
	return count
}

// Where something moves and nobody is found, each turn is looked at once a
// second; where somebody is found or the mounting is known, once in three; where all is still,
// hardly ever.
func TestEachTurnHasItsTime(t *testing.T) {
	upright := track.Face{Box: track.Box{X: 10, Y: 10, W: 50, H: 60}, Score: 0.9}
	for name, c := range map[string]struct {
		view        func(n int) View
		found       []track.Face
		least, most int
	}{
		"nobody found":   {moves, nil, 9, 11},
		"somebody found": {moves, []track.Face{upright}, 3, 5},
		"mounted": {func(n int) View {
			v := moves(n)
			v.Mounted = true
			return v
		}, nil, 3, 5},
		"still": {func(n int) View { return View{N: n, Since: 5, FPS: 25, Moving: []bool{false}} }, nil, 0, 2},
	} {
		tu := newTurns(0)
		got := asides(&tu, 100, 10, c.view, c.found...)
		if got[0] != 0 || slices.Min(got[1:]) < c.least || slices.Max(got[1:]) > c.most {
			t.Errorf("%s: looks aside %v in ten seconds, want none at 0 and %d to %d at others", name, got, c.least, c.most)
		}
	}
}

// The turn that finds more for a second is preferred; the given one is not given up.
func TestPreferredTurnFollowsTheFaces(t *testing.T) {
	lying := track.Face{Box: track.Box{X: 10, Y: 10, W: 60, H: 50}, Score: 0.9, Turn: 3}
	tu := newTurns(0)
	tu.begin(moves(100), 0)
	if fresh := tu.learn(moves(100), []track.Face{lying}, 0.6); !slices.Equal(fresh, []int{3}) {
		t.Fatalf("fresh turns %v", fresh)
	}
	if list, set := tu.full(); !slices.Contains(list, 0) || !set.Has(3) || tu.preferred != 0 {
		t.Errorf("at once: %v full, %d preferred", list, tu.preferred)
	}
	asides(&tu, 105, 2, moves, lying)
	if tu.preferred != 3 {
		t.Errorf("%d is preferred after two seconds", tu.preferred)
	}
	given := 0
	for n := 200; n < 250; n += 5 {
		tu.begin(moves(n), 0)
		if _, set := tu.full(); set.Has(0) {
			given++
		}
		tu.learn(moves(n), []track.Face{lying}, 0.6)
	}
	if given < 4 || given > 6 {
		t.Errorf("the given turn in %d of 10 looks", given)
	}
	if tu.begin(moves(300), 2); tu.preferred != 2 {
		t.Errorf("%d is preferred where the picture says 2", tu.preferred)
	}
}

// Where another turn is given while pictures run, it is preferred at once, who was found so far
// goes on being looked for, and the other turns are looked at without delay.
func TestAnotherTurnIsGiven(t *testing.T) {
	upright := track.Face{Box: track.Box{X: 10, Y: 10, W: 50, H: 60}, Score: 0.9}
	tu := newTurns(0)
	asides(&tu, 100, 2, moves, upright)
	tu.credit = 0
	tu.begin(moves(155), 3)
	if list, _ := tu.full(); tu.preferred != 3 || !slices.Equal(list, []int{0, 3}) {
		t.Errorf("%d is preferred, %v are looked at fully, want 3 and [0 3]", tu.preferred, list)
	}
	got := asides(&tu, 160, 1, moves, upright)
	if got[1] == 0 || got[2] == 0 {
		t.Errorf("looks aside in the first second: %v", got)
	}
}

// A face that its own turn shows better is no reason to look upside down.
func TestUprightFacesDrawNoTurn(t *testing.T) {
	box := track.Box{X: 100, Y: 100, W: 50, H: 60}
	s := track.NewSet(track.Params{Start: 0.3, Continue: 0.15, Sure: 0.6}, 1280, 720)
	s.Observe(100, track.Look{Faces: []track.Face{{Box: box, Score: 0.9}}, Turns: track.Every}, 99, 100, nil)
	v := moves(100)
	v.Tracks = s.Tracks()
	for _, c := range []struct {
		face track.Face
		want int
	}{
		{track.Face{Box: box, Score: 0.8, Turn: 2}, 1}, {track.Face{Box: box, Score: 0.96, Turn: 2}, 2},
		{track.Face{Box: box.Move(300, 0), Score: 0.8, Turn: 2}, 2}, {track.Face{Box: box.Move(300, 0), Score: 0.5, Turn: 2}, 1},
	} {
		tu := newTurns(0)
		tu.begin(v, 0)
		tu.learn(v, []track.Face{c.face}, 0.6)
		tu.looks = 1
		if list, _ := tu.full(); len(list) != c.want {
			t.Errorf("%+v: looks at %v", c.face, list)
		}
	}
}

func TestDoubtfulFindsAside(t *testing.T) {
	v := View{Picture: image.NewYCbCr(image.Rect(0, 0, 1000, 500), image.YCbCrSubsampleRatio420)}
	at := func(h, score float32) track.Face {
		return track.Face{Box: track.Box{W: h, H: h}, Score: score, Turn: 1}
	}
	got := doubtful(v, pose{1, 1}, []track.Face{at(50, 0.4), at(50, 0.5), at(64, 0.55), at(66, 0.8), at(66, 0.9)}, turnStart)
	if len(got) != 3 || got[0].Score != 0.5 || got[1].Score != 0.55 || got[2].Score != 0.9 {
		t.Errorf("kept %v: small from 0.5, large (a seventh of what its turn sees as the width) from 0.85", got)
	}
}

// However a camera hangs, and though nobody says so, whoever is there at first is
// masked, and whoever comes later within a second or so.
func TestTurnedFacesAreFoundUntold(t *testing.T) {
	known := model(t)
	defer known.Close()
	head := cast(t, known)["beard"]
	st := newStage(stageW, stageH)
	empty := quarter(st.picture(), 0)
	st.paste(head.img, image.Pt(400, 120))
	upright := st.picture()
	for turn := 1; turn <= 3; turn++ {
		f := model(t)
		defer f.Close()
		laid := func(img *image.YCbCr) *image.YCbCr { return quarter(img, 4-turn) }
		surely := func(look track.Look) bool {
			return slices.ContainsFunc(look.Faces, func(f track.Face) bool { return f.Turn == turn && f.Score > 0.7 })
		}
		view := View{Picture: laid(upright), FPS: 25, N: 0, Since: 1}
		if look, err := f.Look(view); err != nil || !surely(look) {
			t.Errorf("turn %d: the first look found %v, %v", turn, look, err)
		}
		later := model(t)
		defer later.Close()
		if look, err := later.Look(View{Picture: laid(empty), FPS: 25, N: 0, Since: 1}); err != nil || len(look.Faces) > 0 {
			t.Errorf("turn %d: found %v in an empty scene, %v", turn, look, err)
		}
		at := 0
		for n := 5; n <= 50 && at == 0; n += 5 {
			look, err := later.Look(View{Picture: laid(upright), FPS: 25, N: n, Since: 5, Moving: []bool{true}, MovingWidth: 1, Scale: 2})
			if err != nil {
				t.Fatal(err)
			}
			if surely(look) {
				at = n
			}
		}
		if at == 0 || at > 25 {
			t.Errorf("turn %d: found in picture %d of 25 a second", turn, at)
		}
	}
}
