package detect

import (
	"image"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/stage"
	"github.com/bauta-gateway/bauta/detector"
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
