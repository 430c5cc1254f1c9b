package detect

import (
	"fmt"
	"image"
	"os"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/stage"
	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
)

// asSeen is the pose of a frame that viewers see as it is stored.
var asSeen = pose{stretch: 1}

func TestPose(t *testing.T) {
	for _, c := range []struct {
		view       View
		stored     image.Point
		seen, area image.Point
		pays       bool
	}{
		{View{}, image.Pt(1920, 1080), image.Pt(1920, 1080), image.Pt(480, 288), true},
		{View{Stretch: 1}, image.Pt(1280, 720), image.Pt(1280, 720), image.Pt(480, 288), false},
		{View{Rotation: 1}, image.Pt(1080, 1920), image.Pt(1920, 1080), image.Pt(288, 480), true},
		{View{}, image.Pt(1080, 1920), image.Pt(1080, 1920), image.Pt(480, 288), true},
		{View{Rotation: 2}, image.Pt(640, 360), image.Pt(640, 360), image.Pt(480, 288), false},
		{View{Stretch: 2}, image.Pt(960, 1080), image.Pt(1920, 1080), image.Pt(240, 288), true},
		{View{Stretch: 2, Rotation: 3}, image.Pt(960, 1080), image.Pt(1080, 1920), image.Pt(144, 480), true},
		{View{Stretch: 0.5}, image.Pt(1920, 540), image.Pt(1920, 1080), image.Pt(480, 144), true},
		{View{Stretch: 100}, image.Pt(960, 1080), image.Pt(960, 1080), image.Pt(480, 288), false},
		{View{Stretch: -1}, image.Pt(960, 1080), image.Pt(960, 1080), image.Pt(480, 288), false},
	} {
		p := poseOf(c.view)
		if got := p.view(image.Rectangle{Max: c.stored}).Size(); got != c.seen {
			t.Errorf("%+v, %v: seen as %v, want %v", p, c.stored, got, c.seen)
		}
		if got := p.area(); got != c.area {
			t.Errorf("%+v: area %v, want %v", p, got, c.area)
		}
		if got := p.pays(image.Rectangle{Max: c.stored}); got != c.pays {
			t.Errorf("%+v, %v: tiles pay: %v", p, c.stored, got)
		}
	}
}

// Tiles show all of a frame in every pose, faces of 40 of the viewer's pixels whole.
func TestEverywhereInEveryPose(t *testing.T) {
	for rotation := range 4 {
		for _, stretch := range []float64{0.5, 1, 2} {
			p := pose{track.Quarter(rotation), stretch}
			pic := image.Rect(0, 0, 1440, 1440)
			windows := everywhere(pic, p.area(), p)
			sx, sy := p.scales()
			w, h := int(40/sx), int(40/sy)
			for y := 0; y+h <= pic.Dy(); y += h / 2 {
				for x := 0; x+w <= pic.Dx(); x += w / 2 {
					face := image.Rect(x, y, x+w, y+h)
					if !slices.ContainsFunc(windows, func(r image.Rectangle) bool { return r.In(pic) && face.In(r) }) {
						t.Fatalf("%+v: no tile shows %v", p, face)
					}
				}
			}
		}
	}
}

// A frame with one face in it, as an installer's camera may lie.
func TestRotatedAndStretchedFacesAreFound(t *testing.T) {
	f := newModel(t)
	defer f.Close()
	head := stage.FindHeads(t, facesOf(f))["beard"]
	st := stage.New(stageW, stageH)
	st.Paste(head.Image, image.Pt(400, 120))
	upright := st.Frame()
	want := top(t, f, View{Frame: upright, FPS: 15, Cheap: true})
	for rotation := range 4 {
		t.Run(fmt.Sprint("rotation ", rotation), func(t *testing.T) {
			got := top(t, f, View{Frame: rotated(upright, (4-rotation)%4), FPS: 15, Cheap: true, Rotation: rotation})
			if got.Rotation != track.Quarter(rotation) || got.Score < want.Score-0.05 {
				t.Errorf("found %+v, upright %+v", got, want)
			}
		})
	}
	narrow := image.NewYCbCr(image.Rect(0, 0, stageW/2, stageH), image.YCbCrSubsampleRatio420)
	for y := range stageH {
		for x := range stageW / 2 {
			narrow.Y[y*narrow.YStride+x] = upright.Y[y*upright.YStride+2*x]
			c := y/2*narrow.CStride + x/2
			narrow.Cb[c], narrow.Cr[c] = upright.Cb[y/2*upright.CStride+x], upright.Cr[y/2*upright.CStride+x]
		}
	}
	squeezed := top(t, f, View{Frame: narrow, FPS: 15, Cheap: true})
	got := top(t, f, View{Frame: narrow, FPS: 15, Cheap: true, Stretch: 2})
	if got.Score < want.Score-0.05 || got.Score < squeezed.Score {
		t.Errorf("stretched %+v, squeezed %+v, as it was %+v", got, squeezed, want)
	}
}

// top is the surest find.
func top(t *testing.T, f Finder, v View) track.Face {
	t.Helper()
	pass, err := f.Detect(v)
	faces := pass.Faces
	if err != nil || len(faces) == 0 {
		t.Fatalf("found %v, %v", faces, err)
	}
	return slices.MaxFunc(faces, func(a, b track.Face) int {
		if a.Score < b.Score {
			return -1
		}
		return 1
	})
}

// quarter rotations a frame clockwise, pixel by pixel.
func rotated(img *image.YCbCr, rotations int) *image.YCbCr {
	for range rotations {
		w, h := img.Rect.Dx(), img.Rect.Dy()
		out := image.NewYCbCr(image.Rect(0, 0, h, w), image.YCbCrSubsampleRatio420)
		for y := range h {
			for x := range w {
				out.Y[x*out.YStride+h-1-y] = img.Y[y*img.YStride+x]
				if x%2 == 0 && y%2 == 0 {
					from, to := y/2*img.CStride+x/2, x/2*out.CStride+h/2-1-y/2
					out.Cb[to], out.Cr[to] = img.Cb[from], img.Cr[from]
				}
			}
		}
		img = out
	}
	return img
}

func newModel(t testing.TB) Finder {
	t.Helper()
	f, err := NewModel()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// facesOf looks for faces in the full view alone.
func facesOf(f Finder) func(*image.YCbCr) ([]track.Face, error) {
	return func(img *image.YCbCr) ([]track.Face, error) {
		pass, err := f.Detect(View{Frame: img, FPS: 15, Cheap: true})
		return pass.Faces, err
	}
}

const stageW, stageH = 960, 544

func TestMain(m *testing.M) {
	code := m.Run()
	if n := detector.Open(); n != 0 {
		fmt.Printf("not closed: %d detectors\n", n)
		code = 1
	}
	os.Exit(code)
}
