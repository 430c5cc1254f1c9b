package pipeline

import (
	"fmt"
	"image"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// asSeen is the pose of a picture that viewers see as it is stored.
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
			t.Errorf("%+v, %v: close looks pay: %v", p, c.stored, got)
		}
	}
}

// Close looks show all of a picture in every pose, faces of 40 of the viewer's pixels whole.
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
						t.Fatalf("%+v: nobody looks at %v", p, face)
					}
				}
			}
		}
	}
}

// Whatever way a face lies, its mask reaches furthest above its brows.
func TestMaskTurnsWithTheFace(t *testing.T) {
	box := track.Box{X: 100, Y: 200, W: 50, H: 50}
	for rotation, want := range []image.Rectangle{
		image.Rect(90, 185, 160, 260), image.Rect(85, 190, 160, 260),
		image.Rect(90, 190, 160, 265), image.Rect(90, 190, 165, 260),
	} {
		if got := MaskRect(track.Position{Box: box, Rotation: track.Quarter(rotation)}, true); got != want {
			t.Errorf("turn %d: mask %v, want %v", rotation, got, want)
		}
	}
}

// The finder is told how pictures are shown: by who mounted the camera before the header, by
// the header before the stream.
func TestFinderIsToldTheShape(t *testing.T) {
	for _, c := range []struct {
		mounting media.Mounting
		header   wire.Shape
		sar      string
		message  string
		want     wire.Shape
	}{
		{"", wire.Shape{}, "0", "", wire.Shape{}},
		{"", wire.Shape{}, "2/1", "", wire.Shape{Stretch: 2}},
		{"", wire.Shape{Turn: 3}, "2/1", "", wire.Shape{Turn: 3, Stretch: 2}},
		{"", wire.Shape{Turn: 1, Stretch: 0.5}, "2/1", "", wire.Shape{Turn: 1, Stretch: 0.5}},
		{"", wire.Shape{}, "0", "90", wire.Shape{Turn: 3}},
		{"auto", wire.Shape{}, "2/1", "270", wire.Shape{Turn: 1, Stretch: 2}},
		{"auto", wire.Shape{Turn: 3}, "0", "90", wire.Shape{Turn: 3}},
		{"180", wire.Shape{}, "2/1", "", wire.Shape{Turn: 2, Stretch: 2}},
		{"0", wire.Shape{Turn: 1}, "0", "90", wire.Shape{}},
		{"90", wire.Shape{Turn: 2}, "0", "90", wire.Shape{Turn: 1}},
	} {
		f := &stubFinder{}
		s := defaults
		s.Mounting = c.mounting
		p := newPipeline(t, f, s)
		p.cfg.Shape = c.header
		run(t, p, oriented(t, 0, c.message, "-vf", "setsar="+c.sar))
		if len(f.shapes) == 0 {
			t.Fatal("nobody looked")
		}
		_, mounted := c.mounting.Turn()
		for i, got := range f.shapes {
			if got != c.want || f.mounted[i] != mounted {
				t.Errorf("%+v: told %+v, mounted %v", c, got, f.mounted[i])
			}
		}
	}
}

// oriented makes a second of a stream that says by how many degrees anticlockwise it is to be
// turned; it says nothing where that is empty.
func oriented(t *testing.T, seq uint64, degrees string, more ...string) []wire.Unit {
	t.Helper()
	if degrees != "" {
		more = append(more, "-bsf:v", "h264_metadata=display_orientation=insert:rotate="+degrees)
	}
	return units(t, seq, "testsrc2=s=320x180:r=25:d=1", more...)
}

// A header that says one turn and a stream that says another leave nobody knowing how the
// pictures are shown: there is none.
func TestContradictingTurnsGiveNoPicture(t *testing.T) {
	for _, c := range []struct {
		header  int
		stream  string // anticlockwise
		refused bool
	}{{1, "90", true}, {1, "180", true}, {1, "270", false}, {2, "180", false}, {0, "90", false}, {3, "", false}} {
		p, err := New(Config{Codec: media.H264, Settings: defaults, Shape: wire.Shape{Turn: c.header}, Finder: &stubFinder{}})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		refused := 0
		push(t, p, oriented(t, 1, c.stream), func(r wire.Result) {
			if r.Record.Code == media.Disagreeing && len(r.NALUs) == 0 {
				refused++
			}
		})
		if c.refused && refused != 25 || !c.refused && refused > 0 {
			t.Errorf("header %d, stream %q: %d pictures refused", c.header, c.stream, refused)
		}
	}
}

// A camera that is turned says so from a keyframe on, and says nothing once it hangs upright again;
// who is asked for the way up answers while pictures run.
func TestShapeChangesWhileRunning(t *testing.T) {
	f := &stubFinder{}
	p := newPipeline(t, f, defaults)
	var list []wire.Unit
	for i, degrees := range []string{"", "90", "180", ""} {
		list = append(list, oriented(t, uint64(i*25), degrees)...)
	}
	for i := range list {
		list[i].PTS = media.Ticks90k(i) * media.TicksPerSecond / 25
	}
	emit := func(wire.Result) error { return nil }
	for _, u := range list {
		if err := p.Push(u, time.Now(), emit); err != nil {
			t.Fatal(err)
		}
		if u.Seq == 85 {
			s := defaults
			s.Mounting = "90"
			if err := p.Apply(s); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, n := range f.looks {
		want := []int{0, 3, 2, 0}[n/25]
		switch {
		case n > 85:
			want = 1
		case n > 80:
			continue // the decoder holds some back
		}
		if got := f.shapes[i].Turn; got != want {
			t.Errorf("picture %d: turn %d, want %d", n, got, want)
		}
	}
	if last := f.looks[len(f.looks)-1]; last < 90 {
		t.Errorf("the last look is at picture %d", last)
	}
	if err := p.Apply(wire.Settings{Mounting: "45"}); err == nil {
		t.Error("a mounting of 45 degrees passed")
	}
}

// quarter turns a picture clockwise, pixel by pixel.
func quarter(img *image.YCbCr, turns int) *image.YCbCr {
	for range turns {
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

// stage with one face in it, looked at as an installer's camera may lie.
func TestTurnedAndStretchedFacesAreFound(t *testing.T) {
	f := newModel(t)
	defer f.Close()
	head := findHeads(t, f)["beard"]
	st := newStage(stageW, stageH)
	st.paste(head.img, image.Pt(400, 120))
	upright := st.picture()
	want := top(t, f, View{Frame: upright, FPS: 15, Cheap: true})
	for rotation := range 4 {
		t.Run(fmt.Sprint("turn ", rotation), func(t *testing.T) {
			got := top(t, f, View{Frame: quarter(upright, (4-rotation)%4), FPS: 15, Cheap: true, Rotation: rotation})
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
