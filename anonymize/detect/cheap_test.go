package detect

import (
	"image"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/stage"
	"github.com/bauta-gateway/bauta/detector/track"
)

// While there is too much to do tiles and passes at lost tracks go on, few of them.
func TestUnderLoadLittleIsSearchedClosely(t *testing.T) {
	const seconds, cols, rows = 20, 120, 67
	for name, c := range map[string]struct {
		size  image.Point
		cheap bool
		want  int // tiles a second
	}{
		"1080p": {image.Pt(1920, 1080), false, fastRate}, "1080p under load": {image.Pt(1920, 1080), true, cheapRate},
		"720p full of doubts": {image.Pt(1280, 720), false, fineMost}, "720p under load": {image.Pt(1280, 720), true, cheapFine},
	} {
		s := newTileScheduler()
		s.credit, s.doubts.level = 0, 100
		v := View{Frame: image.NewYCbCr(image.Rectangle{Max: c.size}, image.YCbCrSubsampleRatio420), Scale: c.size.X / 480, Cheap: c.cheap, FPS: 25, Since: 5}
		v.Moving, v.MovingWidth = make([]bool, cols*rows), cols
		for i := range v.Moving {
			v.Moving[i] = true
		}
		got := 0
		for v.N = 5; v.N <= 25*seconds; v.N += 5 {
			if asSeen.pays(v.Frame.Rect) {
				s.replenish(v)
			} else {
				s.replenishFine(v)
			}
			got += len(s.choose(v, asSeen))
		}
		if got < (c.want-1)*seconds || got > c.want*seconds {
			t.Errorf("%s: %d tiles in %d seconds, want about %d a second", name, got, seconds, c.want)
		}
	}
	for cheap, want := range map[bool]float64{false: recheckMost, true: cheapRechecks * 0.5} {
		var b faceBudget
		if b.begin(View{N: 100, Since: 10, FPS: 20, Cheap: cheap}); b.rechecks != want {
			t.Errorf("under load %v: %v passes at lost tracks, want %v", cheap, b.rechecks, want)
		}
	}
}

// Who comes in the distance while there is too much to do is found within a second, and found
// again where the full view alone shows nobody.
func TestSmallFacesAreFoundUnderLoad(t *testing.T) {
	m := newModel(t).(*modelFinder)
	defer m.Close()
	head := stage.FindHeads(t, facesOf(m))["beard"]
	st := stage.New(1920, 1080)
	v := View{FPS: 25, Cheap: true, Scale: 4, Since: 1, Moving: make([]bool, 120*67), MovingWidth: 120, Frame: st.Frame()}
	if pass, err := m.Detect(v); err != nil || len(pass.Faces) > 0 {
		t.Fatalf("found %v in an empty frame, %v", pass.Faces, err)
	}
	st.Paste(head.Sized(18/float64(head.Face.W)).Image, image.Pt(700, 500))
	v.Frame, v.Since = st.Frame(), 5
	set := track.NewSet(m.Params(), 1920, 1080)
	still := func(_, _ int, b, _ track.Box, _ float32) (track.Box, float32) { return b, 0 }
	found := 0
	for v.N = 5; v.N <= 100; v.N += 5 {
		for y := range 2 { // a hand moves, for as long as nobody is found
			v.Moving[(32+y)*120+44] = found == 0
		}
		for n := v.N - 4; n <= v.N; n++ {
			set.Advance(n, still)
		}
		v.Tracks = set.Tracks()
		pass, err := m.Detect(v)
		if err != nil {
			t.Fatal(err)
		}
		set.Observe(v.N, pass, v.N-5, v.N-5, still)
		if len(pass.Faces) > 0 {
			found++
		} else if found > 0 && len(set.Positions(v.N)) == 0 {
			t.Fatalf("frame %d: lost again", v.N)
		}
		if found == 0 && v.N > 30 {
			t.Fatalf("frame %d of 25 a second: nobody was found", v.N)
		}
	}
	if found < 8 {
		t.Errorf("found in %d of some 20 passes", found)
	}
}
