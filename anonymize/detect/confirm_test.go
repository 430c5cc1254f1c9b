package detect

import (
	"image"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/stage"
	"github.com/bauta-gateway/bauta/detector/track"
)

// A surer find at another rotation that its second pass refuses takes no true one with it.
func TestARefusedFindTakesNoOtherWithIt(t *testing.T) {
	m := newModel(t).(*modelFinder)
	defer m.Close()
	head := stage.FindHeads(t, facesOf(m))["beard"].Sized(0.6)
	st := stage.New(stageW, stageH)
	st.Paste(head.Image, image.Pt(400, 120))
	v := View{Frame: st.Frame(), FPS: 25}
	face := head.Face.Move(400, 120)
	find := func(score float32, rotation track.Rotation) track.Face {
		return track.Face{Box: face.Grow(0.05, 0.05), Score: score, Rotation: rotation}
	}
	for name, c := range map[string]struct {
		finds []track.Face
		want  track.Rotation
		left  float64 // of ten second passes
	}{
		"refused, over an upright one": {[]track.Face{find(0.8, 2), find(0.7, 0)}, 0, 9},
		"two refused":                  {[]track.Face{find(0.7, 0), find(0.8, 2), find(0.75, 6)}, 0, 8},
		"the upright one is surer":     {[]track.Face{find(0.7, 2), find(0.8, 0)}, 0, 10},
		"not to be refused":            {[]track.Face{find(0.7, 0), find(0.9, 2)}, 2, 10},
	} {
		m.faces.confirms = 10
		got, err := m.confirm(v, asSeen, c.finds)
		if err != nil || len(got) != 1 || got[0].Rotation != c.want || m.faces.confirms != c.left {
			t.Errorf("%s: kept %+v, %v passes left, %v", name, got, m.faces.confirms, err)
		}
	}
}

// A second pass that shows the face beside a find says nothing for the find itself.
func TestTheFaceBesideConfirmsNothing(t *testing.T) {
	m := newModel(t).(*modelFinder)
	defer m.Close()
	head := stage.FindHeads(t, facesOf(m))["beard"].Sized(0.6)
	st := stage.New(stageW, stageH)
	st.Paste(head.Image, image.Pt(400, 120))
	v := View{Frame: st.Frame(), FPS: 25}
	face := track.Face{Box: head.Face.Move(400, 120), Score: 0.9}
	beside := track.Face{Box: face.Move(0.6*face.W, 0), Score: 0.5}
	for name, c := range map[string]struct {
		preferred track.Rotation
		finds     []track.Face
		want      []track.Opinion
	}{
		"beside, at the preferred rotation": {0, []track.Face{face, beside}, []track.Opinion{track.NoOpinion, track.Doubts}},
		"beside, at another one":            {2, []track.Face{face, beside}, []track.Opinion{track.NoOpinion}},
		"by itself":                         {2, []track.Face{beside}, []track.Opinion{track.Confirms}},
	} {
		m.rotations.preferred, m.faces.confirms = c.preferred, 10
		got, err := m.confirm(v, asSeen, c.finds)
		var opinions []track.Opinion
		for _, f := range got {
			opinions = append(opinions, f.Second)
		}
		if err != nil || !slices.Equal(opinions, c.want) {
			t.Errorf("%s: kept %+v, %v", name, got, err)
		}
	}
}

// Small people who hold still before a camera that hangs another way up are found in its first
// frame: nothing moves that would draw a close pass later.
func TestSmallFacesAreInTheFirstFrame(t *testing.T) {
	known := newModel(t)
	defer known.Close()
	head := stage.FindHeads(t, facesOf(known))["beard"]
	st := stage.New(1280, 720)
	st.Paste(head.Sized(20/float64(head.Face.W)).Image, image.Pt(600, 300))
	for rotation := range 4 {
		f := newModel(t)
		defer f.Close()
		pass, err := f.Detect(View{Frame: rotated(st.Frame(), (4-rotation)%4), FPS: 25, N: 0, Since: 1})
		if err != nil || len(pass.Faces) == 0 || pass.Faces[0].Rotation != track.Quarter(rotation) || pass.Faces[0].Score < 0.5 {
			t.Errorf("rotation %d: found %+v, %v", rotation, pass.Faces, err)
		}
	}
}
