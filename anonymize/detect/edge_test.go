package detect

import (
	"bytes"
	"image"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/stage"
	"github.com/bauta-gateway/bauta/detector/track"
)

// A third of a face at the edge is found by its reflection, where something
// moves there.
func TestThirdOfAFaceIsFound(t *testing.T) {
	f := newModel(t)
	defer f.Close()
	head := stage.FindHeads(t, facesOf(f))["beard"]
	const cols = stageW / (2 * CellSide)
	moving := make([]bool, cols*(stageH/(2*CellSide)))
	for i := range moving {
		moving[i] = i%cols == 0 || i%cols == cols-1
	}
	n := 0
	for name, x := range map[string]int{
		"left": -int(head.Face.X + 0.66*head.Face.W), "right": stageW - int(head.Face.X+0.34*head.Face.W),
	} {
		st := stage.New(stageW, stageH)
		st.Paste(head.Image, image.Pt(x, 100))
		v := View{N: n, Frame: st.Frame(), FPS: 15, Cheap: true, Scale: 2, MovingWidth: cols, Moving: moving}
		with, err := f.Detect(v)
		if err != nil {
			t.Fatal(err)
		}
		n += 100 // so much later that all of it is searched anew
		v.N, v.Moving = n, make([]bool, len(moving))
		alone, err := f.Detect(v)
		if err != nil {
			t.Fatal(err)
		}
		n += 100
		sure, before := best(with.Faces), best(alone.Faces)
		t.Logf("%s: score %.2f, without the reflection %.2f", name, sure, before)
		if sure < f.Params().Start || sure < before+0.1 {
			t.Errorf("%s: score %.2f, without the reflection %.2f", name, sure, before)
		}
	}
}

func best(faces []track.Face) (score float32) {
	for _, f := range faces {
		score = max(score, f.Score)
	}
	return score
}

func TestMirrored(t *testing.T) {
	img := image.NewYCbCr(image.Rect(0, 0, 20, 4), image.YCbCrSubsampleRatio420)
	for x := range 20 {
		for y := range 4 {
			img.Y[img.YOffset(x, y)] = byte(x)
			img.Cr[img.COffset(x, y)] = byte(100 + x/2)
		}
	}
	left, right := mirrored(nil, img, 6, false, 0, 4), mirrored(nil, img, 6, true, 0, 4)
	for i, want := range []struct{ left, right byte }{{5, 14}, {4, 15}, {3, 16}, {2, 17}, {1, 18}, {0, 19}, {0, 19}, {1, 18}, {2, 17}, {3, 16}, {4, 15}, {5, 14}} {
		if l, r := left.Y[i], right.Y[i]; l != want.left || r != want.right {
			t.Errorf("column %d: %d and %d, want %d and %d", i, l, r, want.left, want.right)
		}
	}
	if left.Cr[0] != 102 || left.Cr[3] != 100 || right.Cr[0] != 107 || right.Cr[3] != 109 {
		t.Errorf("chroma %v, %v", left.Cr[:6], right.Cr[:6])
	}
}

// Finds in a strip come back to where they are in the frame; those in the
// reflection alone are dropped.
func TestBackFromTheStrip(t *testing.T) {
	at := func(x float32) []track.Face {
		return []track.Face{{Box: track.Box{X: x, Y: 10, W: 40, H: 50}, Score: 0.9}}
	}
	for _, c := range []struct {
		x     float32
		right bool
		want  float32
		ok    bool
	}{{80, false, -20, true}, {80, true, 980, true}, {130, false, 30, true}, {10, true, 910, true}, {20, false, 0, false}, {140, true, 0, false}} {
		got := back(at(c.x), 1000, 100, c.right)
		if (len(got) == 1) != c.ok || c.ok && (got[0].X != c.want || got[0].Score != stripScore) {
			t.Errorf("%v, right %v: %+v", c.x, c.right, got)
		}
	}
}

func TestReverse(t *testing.T) {
	for n := range 40 {
		src, dst := make([]byte, n), make([]byte, n)
		for i := range src {
			src[i] = byte(i + 1)
		}
		reverse(dst, src)
		slices.Reverse(src)
		if !bytes.Equal(dst, src) {
			t.Errorf("%d bytes: %v, want %v", n, dst, src)
		}
	}
}
