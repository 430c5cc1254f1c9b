package detect

import (
	"fmt"
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/stage"
	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
)

// changes marks the cells in which two frames differ.
func changes(a, b *image.YCbCr, scale int) (moving []bool, width int) {
	before, now := detector.Reduce(nil, a, scale), detector.Reduce(nil, b, scale)
	for _, sum := range detector.Cells(now, before, CellSide, nil) {
		moving = append(moving, sum > 4*CellSide*CellSide)
	}
	return moving, now.Rect.Dx() / CellSide
}

// Of a frame in which one of two people moved, the part around that one is searched, and as
// much is found as in all of it: the other one again, whatever way the frame lies.
func TestPartsShowWhatTheWholeShows(t *testing.T) {
	const scale = 2
	f := newModel(t)
	defer f.Close()
	m := f.(*modelFinder)
	heads := stage.FindHeads(t, facesOf(f))
	drawn := func(x int) *image.YCbCr {
		st := stage.New(1280, 720)
		st.Paste(heads["phone"].Image, image.Pt(950, 400))
		st.Paste(heads["beard"].Image, image.Pt(x, 150))
		return st.Frame()
	}
	first, second := drawn(200), drawn(224)
	n := 0
	for rotation := range 4 {
		t.Run(fmt.Sprint("rotation ", rotation), func(t *testing.T) {
			a, b := rotated(first, (4-rotation)%4), rotated(second, (4-rotation)%4)
			n += 100
			v := View{Frame: a, FPS: 15, Scale: scale, Rotation: rotation, N: n, Since: n + 1}
			v.Moving, v.MovingWidth = changes(a, a, scale)
			if _, err := m.Detect(v); err != nil {
				t.Fatal(err)
			}
			v.Frame, v.N, v.Since = b, n+2, 2
			v.Moving, _ = changes(a, b, scale)
			inParts, err := m.Detect(v)
			if err != nil {
				t.Fatal(err)
			}
			m.last.forget()
			v.N, v.Since = n+4, 2
			inAll, err := m.Detect(v)
			if err != nil {
				t.Fatal(err)
			}
			if len(inParts.Parts) != 1 || len(inAll.Parts) != 0 || area(inParts.Parts) > 1280*720/2 {
				t.Fatalf("searched %v, and then %v, none: all", inParts.Parts, inAll.Parts)
			}
			sameFaces(t, inParts.Faces, inAll.Faces)
			for _, g := range inParts.Faces {
				if g.Again == inParts.Saw(g.Box) {
					t.Errorf("%+v counts as found again; searched %v", g, inParts.Parts)
				}
			}
		})
	}
}

func area(parts []image.Rectangle) (n int) {
	for _, r := range parts {
		n += r.Dx() * r.Dy()
	}
	return n
}

func sameFaces(t *testing.T, got, want []track.Face) {
	t.Helper()
	if len(got) != len(want) || len(want) < 2 {
		t.Fatalf("%d faces in parts, %d in all", len(got), len(want))
	}
	for _, w := range want {
		if !slices.ContainsFunc(got, func(g track.Face) bool { return track.IoU(g.Box, w.Box) > 0.85 && g.Score > w.Score-0.05 }) {
			t.Errorf("of %+v, in all, parts show %+v", w, got)
		}
	}
}

// All of the frame is searched where too much changed, in time, and after whatever makes the
// last pass say nothing.
func TestWhenAllIsSearched(t *testing.T) {
	f := newModel(t)
	defer f.Close()
	m := f.(*modelFinder)
	st := stage.New(1280, 720)
	v := View{Frame: st.Frame(), FPS: 15, Scale: 2, N: 1, Since: 2}
	still, width := changes(v.Frame, v.Frame, v.Scale)
	v.Moving, v.MovingWidth = still, width
	some := slices.Clone(still)
	some[20*width+30] = true
	pass := func(change func(*View)) int {
		v.N, v.Since, v.Moving = v.N+1, 1, some
		w := v
		change(&w)
		p, err := m.Detect(w)
		if err != nil {
			t.Fatal(err)
		}
		return len(p.Parts)
	}
	as := func(*View) {}
	if _, err := m.Detect(v); err != nil {
		t.Fatal(err)
	}
	if n := pass(as); n != 1 {
		t.Fatalf("%d parts where one changed", n)
	}
	for name, change := range map[string]func(*View){
		"nothing changed":     func(v *View) { v.Moving = still },
		"much changed":        func(v *View) { v.Moving = slices.Repeat([]bool{true}, len(still)) },
		"nothing is known":    func(v *View) { v.Moving, v.MovingWidth = nil, 0 },
		"the first frame":     func(v *View) { v.Since = v.N + 1 },
		"another rotation":    func(v *View) { v.Rotation = 2 },
		"the rate is unknown": func(v *View) { v.FPS = 0 },
	} {
		pass(as)
		if n := pass(change); n != 0 {
			t.Errorf("%s: %d parts", name, n)
		}
	}
	pass(func(v *View) { v.Moving = still })
	parts := 0
	for ; pass(as) > 0; parts++ {
	}
	if parts != int(wholeEvery*v.FPS)-1 {
		t.Errorf("all is searched after %d frames of which parts are, %v a second", parts, v.FPS)
	}
}

// Parts hold all that changed, but for what rounding leaves, and faces whole; none overlaps another.
func TestPartsHoldWholeFaces(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	frame := image.NewYCbCr(image.Rect(0, 0, 1918, 1078), image.YCbCrSubsampleRatio420)
	random := func() image.Rectangle {
		at, size := image.Pt(rnd.IntN(1900), rnd.IntN(1060)), 8+rnd.IntN(150)
		return image.Rectangle{at, at.Add(image.Pt(size, size))}.Intersect(frame.Rect)
	}
	some := 0
	for range 2000 {
		g := newPartGrid(View{Frame: frame}, pose{track.Quarter(rnd.IntN(4)), 1})
		var changed []image.Rectangle
		var known []track.Box
		for range 1 + rnd.IntN(3) {
			r, f := random(), random()
			changed = append(changed, r)
			g.mark(r)
			known = append(known, track.Box{X: float32(f.Min.X), Y: float32(f.Min.Y), W: float32(f.Dx()), H: float32(f.Dy())})
		}
		parts := g.parts(known)
		if len(parts) == 0 {
			continue
		}
		some++
		for _, r := range changed {
			if !slices.ContainsFunc(parts, func(p part) bool { return r.In(p.core.Inset(-2)) && r.In(p.crop) }) {
				t.Fatalf("%v changed and is in none of %v", r, parts)
			}
		}
		for i, p := range parts {
			for _, b := range known {
				if face := pixels(b).Intersect(frame.Rect); face.Overlaps(p.crop) && !face.In(p.crop) {
					t.Fatalf("%v cuts the face at %v", p.crop, face)
				}
			}
			if slices.ContainsFunc(parts[i+1:], func(q part) bool { return q.crop.Overlaps(p.crop) }) || !p.crop.In(frame.Rect) {
				t.Fatalf("parts %v", parts)
			}
		}
	}
	if some < 1000 {
		t.Errorf("parts of %d frames of 2000 alone", some)
	}
}
