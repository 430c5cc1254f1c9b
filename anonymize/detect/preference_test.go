package detect

import (
	"image"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/stage"
	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
)

// A frame that is tilted by an eighth is judged by that turn from the very first pass on.
func TestFirstPassPrefersTheTilt(t *testing.T) {
	known := newModel(t)
	defer known.Close()
	head := stage.FindHeads(t, facesOf(known))["beard"]
	st := stage.New(stageW, stageH)
	st.Paste(head.Image, image.Pt(stageW/2-head.Image.Rect.Dx()/2, stageH/2-head.Image.Rect.Dy()/2))
	tilt := detector.Window{X: stageW / 2, Y: stageH / 2, Scale: 1, StretchX: 1, StretchY: 1, Aslant: true, Size: image.Pt(stageW, stageH)}
	f := newModel(t)
	defer f.Close()
	pass, err := f.Detect(View{Frame: tilt.Cut(nil, st.Frame()), FPS: 25, N: 0, Since: 1})
	if err != nil {
		t.Fatal(err)
	}
	m := f.(*modelFinder)
	if len(pass.Faces) == 0 || m.rotations.preferred != 7 || pass.Faces[0].Rotation != 7 {
		t.Errorf("%d is preferred, found %+v", m.rotations.preferred, pass.Faces)
	}
}

// Many faces that another rotation alone shows make it the preferred one at once, a single one does
// not: as long as the wrong one is preferred, what it takes for faces is masked as well.
func TestManyFacesAreFollowedAtOnce(t *testing.T) {
	for count, want := range map[int]track.Rotation{1: 0, 4: 2} {
		r := newRotations(0)
		r.passes = 5
		var lying []track.Face
		for i := range count {
			lying = append(lying, track.Face{Box: track.Box{X: 100 * float32(i), Y: 10, W: 60, H: 50}, Score: 0.9, Rotation: 2})
		}
		r.begin(moves(100), 0)
		passed(&r, moves(100), lying, 1<<0|1<<2)
		if r.preferred != want {
			t.Errorf("%d faces: %d is preferred, want %d", count, r.preferred, want)
		}
	}
}
