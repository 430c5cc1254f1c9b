package detect

import (
	"image"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/stage"
	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
)

// A pass at one rotation says nothing of faces that lie otherwise.
func TestPassesMissOnlyWhatTheyCouldFind(t *testing.T) {
	far := func(_, _ int, _, guess track.Box, _ float32) (track.Box, float32) { return guess, 0 }
	s := track.NewSet(track.Params{Start: 0.3, Continue: 0.15, Sure: 0.6, Linger: 25, Rest: 75, Keep: 5}, 1280, 720)
	s.Observe(0, track.Pass{Faces: []track.Face{{Box: track.Box{X: 500, Y: 300, W: 60, H: 60}, Score: 0.4, Rotation: 2}}, Rotations: track.AllRotations}, -1, 0, far)
	n := 1
	for ; n <= 100; n++ {
		s.Advance(n, far)
		s.Observe(n, track.Pass{Rotations: 1 << 0}, n-1, n-5, far)
	}
	if positions := s.Positions(100); len(positions) != 1 || s.Tracks()[0].Missed() {
		t.Fatalf("after passes at another rotation: %v", positions)
	}
	s.Observe(100, track.Pass{Rotations: 1<<2 | 1<<0}, 99, 95, far)
	if s.Advance(101, far); len(s.Positions(101)) != 0 {
		t.Error("a pass at its own rotation did not find it, and it is still there")
	}
}

// moves is what a camera before which something moves gives, at 25 frames a second.
func moves(n int) View {
	return View{N: n, Since: 5, FPS: 25, Moving: []bool{true, false, false, false}, MovingWidth: 2}
}

// sidePasses drives passes for some seconds and counts the side passes, by rotation.
func sidePasses(r *rotations, from, seconds int, v func(n int) View, found ...track.Face) (count [track.RotationCount]int) {
	for n := from; n < from+25*seconds; n += 5 {
		view := v(n)
		r.begin(view, r.given)
		_, done := r.full()
		for {
			rotation, ok := r.nextSide(done)
			if !ok {
				break
			}
			done = done.With(rotation)
			r.credit -= sidePrice.of(rotation)
			count[rotation]++
		}
		passed(r, view, found, done)
	}
	return count
}

// passed ends a pass that searched the frame at some rotations, each of which shows the faces
// that have it.
func passed(r *rotations, v View, faces []track.Face, at track.RotationSet) {
	for rotation := range track.Rotation(track.RotationCount) {
		if !at.Has(rotation) {
			continue
		}
		var found []track.Face
		for _, f := range faces {
			if f.Rotation == rotation {
				found = append(found, f)
			}
		}
		r.searched(rotation, found)
	}
	r.learn(v, faces, 0.6)
	r.prefer(faces, 0.6)
}

// Where something moves each rotation has its passes in time, oftener where nobody is found;
// where all is still, hardly ever.
func TestEachRotationHasItsTime(t *testing.T) {
	upright := track.Face{Box: track.Box{X: 10, Y: 10, W: 50, H: 60}, Score: 0.9}
	for name, c := range map[string]struct {
		view        func(n int) View
		found       []track.Face
		least, most int
	}{
		"nobody found":   {moves, nil, 4, 14},
		"somebody found": {moves, []track.Face{upright}, 1, 5},
		"mounted": {func(n int) View {
			v := moves(n)
			v.Mounted = true
			return v
		}, nil, 2, 14},
		"still": {func(n int) View { return View{N: n, Since: 5, FPS: 25, Moving: []bool{false}} }, nil, 0, 2},
	} {
		r := newRotations(0)
		got := sidePasses(&r, 100, 30, c.view, c.found...)
		if got[0] != 0 || slices.Min(got[1:]) < c.least || slices.Max(got[1:]) > c.most {
			t.Errorf("%s: side passes %v in thirty seconds, want none at 0 and %d to %d at others", name, got, c.least, c.most)
		}
	}
}

// When the whole frame becomes another one, a camera may have been turned: all rotations
// are due at once. It may be turned in steps; but where the camera sways all the
// time, every few seconds are enough.
func TestChangedFrameIsSearchedAtAllRotations(t *testing.T) {
	all := func(n int) View {
		return View{N: n, Since: 5, FPS: 25, Moving: []bool{true, true, true, false}, MovingWidth: 2}
	}
	r := newRotations(0)
	for n := 5; n < 100; n += 5 {
		r.begin(moves(n), 0)
	}
	sum := 0
	once := func(n int) (count int) {
		r.begin(all(n), 0)
		r.changed(all(n), nil)
		_, done := r.full()
		for rotation, ok := r.nextSide(done); ok; rotation, ok = r.nextSide(done) {
			done = done.With(rotation)
			r.credit -= sidePrice.of(rotation)
			count++
		}
		return count
	}
	if n := once(100); n != 7 {
		t.Errorf("%d side passes at once, want all 7", n)
	}
	if n := once(105); n != 7 {
		t.Errorf("%d side passes when it changes once more, want all 7", n)
	}
	for n := 110; n <= 725; n += 5 { // 25 seconds
		count := once(n)
		if n == 110 && count != 7 {
			t.Errorf("%d side passes when it changes a third time, want all 7", count)
		}
		sum += count
	}
	if sum < 7*8 || sum > 7*11+30 {
		t.Errorf("%d side passes in 25 seconds of nothing but change", sum)
	}
}

// What was found before most of the frame changed says nothing of how faces lie now:
// neither where they were nor how sure they were holds the new rotation back.
func TestChangedFrameForgetsOldFinds(t *testing.T) {
	box := track.Box{X: 10, Y: 10, W: 60, H: 50}
	set := track.NewSet(track.Params{Start: 0.3, Sure: 0.6}, 320, 240)
	set.Observe(100, track.Pass{Faces: []track.Face{{Box: box, Score: 0.9}}}, 99, 100, nil)
	r := newRotations(0)
	r.begin(moves(95), 0)
	r.learn(moves(95), []track.Face{{Box: box, Score: 0.9}}, 0.6)
	for _, c := range []struct {
		moving []bool
		want   []track.Rotation
	}{{[]bool{true, false, false, false}, nil}, {[]bool{true, true, true, false}, []track.Rotation{2}}} {
		view := View{N: 100, Since: 5, FPS: 25, Moving: c.moving, MovingWidth: 2, Tracks: set.Tracks()}
		r.begin(view, 0)
		r.changed(view, nil)
		if fresh := r.learn(view, []track.Face{{Box: box, Score: 0.7, Rotation: 2}}, 0.6); !slices.Equal(fresh, c.want) {
			t.Errorf("%v moves: rotations to search from now on %v, want %v", c.moving, fresh, c.want)
		}
	}
	if r.lately(0) {
		t.Error("the rotation of before still counts")
	}
}

// Where those who were there are found as they were, the frame changed without the
// camera: people walk close by, or it follows them.
func TestSameFacesAreNoRotatedCamera(t *testing.T) {
	box := track.Box{X: 10, Y: 10, W: 60, H: 50}
	set := track.NewSet(track.Params{Start: 0.3, Sure: 0.6}, 320, 240)
	set.Observe(100, track.Pass{Faces: []track.Face{{Box: box, Score: 0.9}}}, 99, 100, nil)
	view := View{N: 100, Since: 5, FPS: 25, Moving: []bool{true, true, true, false}, MovingWidth: 2, Tracks: set.Tracks()}
	for score, want := range map[float32]float64{0.9: resetMost, 0.65: resetMost - 1} {
		r := newRotations(0)
		r.begin(view, 0)
		r.changed(view, []track.Face{{Box: box, Score: score}})
		if r.resets != want {
			t.Errorf("a face of %v is found: %v passes at all rotations are left, want %v", score, r.resets, want)
		}
	}
}

// A face between two rotations says by its neighbours to which one it is nearer; a single
// one does not change it.
func TestFavouredRotation(t *testing.T) {
	r := newRotations(0)
	r.begin(moves(100), 0)
	r.passes = 9
	for i, want := range []bool{false, false, true, false} {
		if got := r.compared(0, 1); got != want {
			t.Errorf("comparison %d: fresh %v", i, got)
		}
	}
	if _, set := r.full(); !set.Has(1) {
		t.Error("the favoured rotation has no full pass")
	}
	r = newRotations(0)
	r.passes = 9
	for range 20 {
		if r.compared(0, 7) || r.compared(0, 0) {
			t.Fatal("one face in two changes the rotation")
		}
	}
}

// The rotation that finds more for a second is preferred; the given one is not given up.
func TestPreferredRotationFollowsTheFaces(t *testing.T) {
	lying := track.Face{Box: track.Box{X: 10, Y: 10, W: 60, H: 50}, Score: 0.9, Rotation: 6}
	r := newRotations(0)
	r.begin(moves(100), 0)
	r.passes = 5
	if fresh := r.learn(moves(100), []track.Face{lying}, 0.6); !slices.Equal(fresh, []track.Rotation{6}) {
		t.Fatalf("fresh rotations %v", fresh)
	}
	if list, set := r.full(); !slices.Contains(list, 0) || !set.Has(6) || r.preferred != 0 {
		t.Errorf("at once: %v full, %d preferred", list, r.preferred)
	}
	sidePasses(&r, 105, 2, moves, lying)
	if r.preferred != 6 {
		t.Errorf("%d is preferred after two seconds", r.preferred)
	}
	given := 0
	for n := 200; n < 250; n += 5 {
		r.begin(moves(n), 0)
		_, set := r.full()
		if set.Has(0) {
			given++
		}
		passed(&r, moves(n), []track.Face{lying}, set)
	}
	if given < 4 || given > 6 {
		t.Errorf("the given rotation in %d of 10 passes", given)
	}
	if r.begin(moves(300), 2); r.preferred != 2 {
		t.Errorf("%d is preferred where the frame says 2", r.preferred)
	}
}

// Where another rotation is given while frames run, it is preferred at once, who was found so far
// goes on being searched for, and the other rotations have passes without delay.
func TestAnotherRotationIsGiven(t *testing.T) {
	upright := track.Face{Box: track.Box{X: 10, Y: 10, W: 50, H: 60}, Score: 0.9}
	r := newRotations(0)
	sidePasses(&r, 100, 2, moves, upright)
	r.credit = 0
	r.begin(moves(155), 6)
	if list, _ := r.full(); r.preferred != 6 || !slices.Equal(list, []track.Rotation{0, 6}) {
		t.Errorf("%d is preferred, %v have full passes, want 6 and [0 6]", r.preferred, list)
	}
	got := sidePasses(&r, 160, 1, moves, upright)
	for rotation, n := range got {
		if n == 0 && rotation != 0 && rotation != 6 {
			t.Errorf("rotation %d had no pass in the first second: %v", rotation, got)
		}
	}
}

// A face that its own rotation shows better is no reason for a pass upside down.
func TestUprightFacesDrawNoRotation(t *testing.T) {
	box := track.Box{X: 100, Y: 100, W: 50, H: 60}
	s := track.NewSet(track.Params{Start: 0.3, Continue: 0.15, Sure: 0.6}, 1280, 720)
	s.Observe(100, track.Pass{Faces: []track.Face{{Box: box, Score: 0.9}}, Rotations: track.AllRotations}, 99, 100, nil)
	v := moves(100)
	v.Tracks = s.Tracks()
	for _, c := range []struct {
		face track.Face
		want int
	}{
		{track.Face{Box: box, Score: 0.8, Rotation: 4}, 1}, {track.Face{Box: box, Score: 0.96, Rotation: 4}, 2},
		{track.Face{Box: box.Move(300, 0), Score: 0.8, Rotation: 4}, 2}, {track.Face{Box: box.Move(300, 0), Score: 0.5, Rotation: 4}, 1},
	} {
		r := newRotations(0)
		r.begin(v, 0)
		r.passes = 3
		r.learn(v, []track.Face{c.face}, 0.6)
		r.passes = 1
		if list, _ := r.full(); len(list) != c.want {
			t.Errorf("%+v: passes at %v", c.face, list)
		}
	}
}

// However a camera hangs, and though nobody says so, whoever is there at first is
// masked, and whoever comes later within a second or so.
func TestRotatedFacesAreFoundByThemselves(t *testing.T) {
	known := newModel(t)
	defer known.Close()
	head := stage.FindHeads(t, facesOf(known))["beard"]
	st := stage.New(stageW, stageH)
	empty := rotated(st.Frame(), 0)
	st.Paste(head.Image, image.Pt(400, 120))
	upright := st.Frame()
	for rotation := 1; rotation <= 3; rotation++ {
		f := newModel(t)
		defer f.Close()
		laid := func(img *image.YCbCr) *image.YCbCr { return rotated(img, 4-rotation) }
		surely := func(pass track.Pass) bool {
			return slices.ContainsFunc(pass.Faces, func(f track.Face) bool { return f.Rotation == track.Quarter(rotation) && f.Score > 0.7 })
		}
		// Of a live camera the rate is not known yet then, and the first frame may be left out.
		for _, view := range []View{{FPS: 25, N: 0, Since: 1}, {N: 0, Since: 1}, {N: 1, Since: 2}} {
			view.Frame = laid(upright)
			if pass, err := f.Detect(view); err != nil || !surely(pass) {
				t.Errorf("rotation %d, %v a second: the first pass found %v, %v", rotation, view.FPS, pass, err)
			}
		}
		later := newModel(t)
		defer later.Close()
		if pass, err := later.Detect(View{Frame: laid(empty), FPS: 25, N: 0, Since: 1}); err != nil || len(pass.Faces) > 0 {
			t.Errorf("rotation %d: found %v in an empty frame, %v", rotation, pass, err)
		}
		at := 0
		for n := 5; n <= 50 && at == 0; n += 5 {
			pass, err := later.Detect(View{Frame: laid(upright), FPS: 25, N: n, Since: 5, Moving: []bool{true}, MovingWidth: 1, Scale: 2})
			if err != nil {
				t.Fatal(err)
			}
			if surely(pass) {
				at = n
			}
		}
		if at == 0 || at > 25 {
			t.Errorf("rotation %d: found in frame %d of 25 a second", rotation, at)
		}
	}
}

// A find is large by the width that its own rotation sees, and a large one that a second
// pass does not confirm is doubtful, or dropped where it was weak itself; aside it is
// dropped. Small unsure ones that a second pass does not see are doubtful.
func TestLargeFindsAreProved(t *testing.T) {
	v := View{Frame: image.NewYCbCr(image.Rect(0, 0, 1000, 500), image.YCbCrSubsampleRatio420), FPS: 25}
	find := func(x, w, h, score float32, rotation track.Rotation) track.Face {
		return track.Face{Box: track.Box{X: x, Y: 200, W: w, H: h}, Score: score, Rotation: rotation}
	}
	f := newModel(t)
	defer f.Close()
	m := f.(*modelFinder)
	m.faces.confirms = 10
	got, err := m.confirm(v, asSeen, []track.Face{
		find(0, 90, 110, 0.7, 0), find(100, 90, 110, 0.4, 0), find(200, 110, 90, 0.4, 0), find(320, 110, 90, 0.6, 0),
		find(440, 110, 130, 0.9, 0), find(560, 80, 60, 0.7, 2), find(650, 60, 40, 0.86, 2),
	})
	want := map[float32]bool{0: false, 100: true, 320: true, 440: false, 650: false} // by X: doubtful
	if err != nil || len(got) != len(want) || m.faces.confirms != 6 {
		t.Fatalf("kept %v, %v passes left, %v", got, m.faces.confirms, err)
	}
	for _, f := range got {
		if doubtful, kept := want[f.X]; !kept || (f.Second == track.Doubts) != doubtful {
			t.Errorf("%+v: doubtful", f)
		}
	}
}

// A find of a track that nothing has confirmed has a second pass each time that one can be
// afforded; one of a confirmed track needs none, nor has one that is too weak to begin a track.
func TestTracksAreConfirmed(t *testing.T) {
	v := View{Frame: image.NewYCbCr(image.Rect(0, 0, 1000, 500), image.YCbCrSubsampleRatio420), FPS: 25}
	find := func(x float32, score float32, second track.Opinion) track.Face {
		return track.Face{Box: track.Box{X: x, Y: 200, W: 30, H: 40}, Score: score, Second: second}
	}
	f := newModel(t)
	defer f.Close()
	m := f.(*modelFinder)
	set := track.NewSet(m.Params(), 1000, 500)
	nothing := func(int, int, track.Box, track.Box, float32) (track.Box, float32) { return track.Box{}, 1 }
	set.Observe(0, track.Pass{Faces: []track.Face{find(100, 0.4, track.NoOpinion), find(300, 0.4, track.Confirms), find(500, 0.4, track.NoOpinion)}}, -1, 0, nothing)
	v.Tracks = set.Tracks()
	for _, c := range []struct{ budget, left float64 }{{10, 9}, {0, 0}} {
		m.faces.confirms = c.budget
		got, err := m.confirm(v, asSeen, []track.Face{find(100, 0.4, track.NoOpinion), find(300, 0.4, track.NoOpinion), find(500, 0.2, track.NoOpinion)})
		if err != nil || len(got) != 3 || m.faces.confirms != c.left {
			t.Fatalf("kept %v, %v passes left of %v, %v", got, m.faces.confirms, c.budget, err)
		}
		for i, f := range got {
			want := track.NoOpinion
			if i == 0 && c.budget > 0 {
				want = track.Doubts // the frame is empty
			}
			if f.Second != want {
				t.Errorf("find %d: opinion %v, want %v", i, f.Second, want)
			}
		}
	}
}

// However the frame is rotated and whatever tiles there are, there is one network:
// each has maps of some megabytes.
func TestOneNetworkTakesAllSizes(t *testing.T) {
	m := newModel(t).(*modelFinder)
	defer m.Close()
	img := image.NewYCbCr(image.Rect(0, 0, 1280, 720), image.YCbCrSubsampleRatio420)
	v := View{Frame: img, FPS: 25}
	for rotation := range track.Rotation(track.RotationCount) {
		p := pose{rotation, 1}
		if _, err := m.detectFullView(v, p, fullView); err != nil {
			t.Fatal(err)
		}
		if _, err := m.detectTile(v, p, image.Rect(0, 0, 192, 192)); err != nil {
			t.Fatal(err)
		}
		if _, err := m.detectAround(v, p, track.Box{X: 500, Y: 300, W: 60, H: 60}, rotation, confirmPass); err != nil {
			t.Fatal(err)
		}
	}
	if n := detector.Open(); n != 1 {
		t.Errorf("%d networks are open, want 1", n)
	}
}

// Of two rotations that both find the same faces, the one that shows them more surely is
// preferred; what one of them shows a little better now and then changes nothing.
func TestTheSurerRotationIsPreferred(t *testing.T) {
	box := track.Box{X: 10, Y: 10, W: 60, H: 50}
	for score, want := range map[float32]track.Rotation{0.95: 1, 0.66: 0} {
		r := newRotations(0)
		for n := 100; n < 160; n += 5 {
			r.begin(moves(n), 0)
			r.sure[1] = r.now // both have passes at all of the frame
			upright, aslant := track.Face{Box: box, Score: 0.7}, track.Face{Box: box, Score: score, Rotation: 1}
			r.searched(0, []track.Face{upright})
			r.searched(1, []track.Face{aslant})
			r.prefer(track.Merge([]track.Face{upright, aslant}), 0.6)
		}
		if r.preferred != want {
			t.Errorf("%d is preferred where 1 has a score of %.2f", r.preferred, score)
		}
	}
}

// Two faces beside each other look like one large face from another side: that is none where
// one of them is surer, unless it is about as large itself. How they lie is known from the
// preferred rotation, or from another one at which faces were just found.
func TestAFindOverASurerFaceIsNone(t *testing.T) {
	m := &modelFinder{rotations: newRotations(0)}
	m.rotations.sure[2], m.rotations.sure[1] = m.rotations.now, m.rotations.now
	aslant := track.Face{Box: track.Box{X: 100, Y: 100, W: 100, H: 100}, Score: 0.7, Rotation: 1}
	for name, c := range map[string]struct {
		other track.Face
		want  bool
	}{
		"surer, much smaller": {track.Face{Box: track.Box{X: 120, Y: 120, W: 40, H: 50}, Score: 0.9}, true},
		"less sure":           {track.Face{Box: track.Box{X: 120, Y: 120, W: 40, H: 50}, Score: 0.65}, false},
		"as large":            {track.Face{Box: track.Box{X: 110, Y: 105, W: 85, H: 95}, Score: 0.9}, false},
		"beside it":           {track.Face{Box: track.Box{X: 210, Y: 120, W: 40, H: 50}, Score: 0.9}, false},
		"lying, as others do": {track.Face{Box: track.Box{X: 120, Y: 120, W: 50, H: 40}, Score: 0.9, Rotation: 2}, true},
		"lying by itself":     {track.Face{Box: track.Box{X: 120, Y: 120, W: 50, H: 40}, Score: 0.9, Rotation: 6}, false},
		"aslant itself":       {track.Face{Box: track.Box{X: 120, Y: 120, W: 40, H: 50}, Score: 0.9, Rotation: 1}, false},
	} {
		if got := m.holdsSurer(aslant, []track.Face{aslant, c.other}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
