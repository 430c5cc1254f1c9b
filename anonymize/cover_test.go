package anonymize

import (
	"image"
	"math/rand/v2"
	"slices"
	"testing"
)

var seed = Seed{1, 2, 3}

// testFrame is a frame size and what is hidden in it.
type testFrame struct {
	size         image.Point
	faces, parts []image.Rectangle
	masked       []Polygon
	private      []Polygon
}

func (s testFrame) cover(style Style) *Cover {
	c := &Cover{Style: style, Seed: seed, Frame: 31, Parts: s.parts}
	for i, r := range s.faces {
		c.Faces = append(c.Faces, Face{r, i + 1})
	}
	if s.masked != nil {
		c.Zones = append(c.Zones, Zone{Area: Touched(s.size, s.masked)})
	}
	if s.private != nil {
		c.Zones = append(c.Zones, Zone{Touched(s.size, s.private), true})
	}
	return c
}

// replace puts other content, as different as may be, wherever the frame hides a
// pixel. It finds these pixels by itself: by the middle of each pixel of luma, and
// samples of chroma by the pixels that they stand for.
func (s testFrame) replace(img *image.YCbCr, style Style, rnd *rand.Rand) {
	inside := func(x, y int) bool {
		for _, r := range s.parts {
			if image.Pt(x, y).In(r) {
				return true
			}
		}
		for _, r := range s.faces {
			dx, dy := float64(2*x+1-r.Min.X-r.Max.X)/float64(r.Dx()), float64(2*y+1-r.Min.Y-r.Max.Y)/float64(r.Dy())
			if style == Mosaic && image.Pt(x, y).In(r) || style != Mosaic && dx*dx+dy*dy <= 1 {
				return true
			}
		}
		return false
	}
	level := byte(rnd.UintN(256)) // a face may be light or dark as a whole
	for y := range s.size.Y {
		for x := range s.size.X {
			if inside(x, y) {
				img.Y[img.YOffset(x, y)] = level ^ byte(rnd.UintN(64))
				img.Cb[img.COffset(x, y)], img.Cr[img.COffset(x, y)] = level+byte(rnd.UintN(64)), level-byte(rnd.UintN(64))
			}
		}
	}
	for _, p := range slices.Concat(s.masked, s.private) {
		disturb(img, p, rnd)
	}
}

// leaks reports whether two frames with the same surroundings can be told
// apart after hide, and fails where they were the same before.
func (s testFrame) leaks(t *testing.T, style Style, n uint64, hide func(*image.YCbCr)) bool {
	t.Helper()
	a := pattern(s.size.X, s.size.Y, n)
	b := clone(a)
	s.replace(b, style, rand.New(rand.NewPCG(n, 7)))
	if same(a, b) {
		t.Fatalf("%+v: both frames are the same", s)
	}
	hide(a)
	hide(b)
	return !same(a, b)
}

// testFrames are those that are most likely to go wrong, and random ones.
func testFrames(rnd *rand.Rand) []testFrame {
	list := []testFrame{
		{size: image.Pt(160, 120), faces: []image.Rectangle{image.Rect(40, 30, 100, 110)}},
		{size: image.Pt(161, 121), faces: []image.Rectangle{image.Rect(41, 31, 54, 47), image.Rect(120, 101, 151, 131)}},
		{size: image.Pt(161, 121), faces: []image.Rectangle{image.Rect(-20, -10, 50, 60), image.Rect(130, 90, 200, 160)}},
		// Shoulder to shoulder, and one over the other.
		{size: image.Pt(160, 120), faces: []image.Rectangle{image.Rect(20, 30, 60, 90), image.Rect(58, 31, 99, 92), image.Rect(50, 35, 90, 101)}},
		// Too small for cells, larger than the frame, and far larger.
		{size: image.Pt(97, 131), faces: []image.Rectangle{image.Rect(60, 60, 61, 61), image.Rect(70, 61, 73, 63)}},
		{size: image.Pt(97, 131), faces: []image.Rectangle{image.Rect(-60, -60, 160, 190)}},
		{size: image.Pt(97, 131), faces: []image.Rectangle{image.Rect(-1<<30, -1<<30, 1<<30, 1<<30)}},
		{size: image.Pt(97, 131), faces: []image.Rectangle{image.Rect(-9000, -9000, 60, 9131)}},
		{size: image.Pt(160, 120), parts: []image.Rectangle{image.Rect(0, 0, 160, 120)}},
		{size: image.Pt(160, 120), parts: []image.Rectangle{image.Rect(-9, 10, 33, 41), image.Rect(21, 31, 55, 60)}, faces: []image.Rectangle{image.Rect(40, 50, 70, 90)}},
		{size: image.Pt(160, 120), masked: []Polygon{Everything}},
	}
	for range 12 {
		s := testFrame{size: sizes[rnd.IntN(2)]}
		for range 1 + rnd.IntN(6) {
			at := image.Pt(rnd.IntN(s.size.X+40)-20, rnd.IntN(s.size.Y+40)-20)
			s.faces = append(s.faces, image.Rectangle{at, at.Add(image.Pt(3+rnd.IntN(60), 3+rnd.IntN(80)))})
		}
		s.faces = append(s.faces, image.Rect(5, 5, 9, 9)) // one at least is in the frame
		if rnd.IntN(2) == 0 {
			s.masked = stars(rnd, 1)
		}
		if rnd.IntN(2) == 0 {
			s.private = stars(rnd, 1)
		}
		if rnd.IntN(2) == 0 {
			s.parts = append(s.parts, image.Rect(10, 20, 10+rnd.IntN(80), 20+rnd.IntN(50)))
		}
		list = append(list, s)
	}
	return list
}

// The promise of every mask: given the same surroundings, two faces give the
// same bytes, so nothing of a face can be in the output.
func TestNothingOfWhatIsHiddenSurvives(t *testing.T) {
	for _, style := range []Style{Blur, Mosaic, Solid} {
		for i, s := range testFrames(rand.New(rand.NewPCG(5, 5))) {
			if s.leaks(t, style, uint64(i), func(img *image.YCbCr) { s.cover(style).Paint(img) }) {
				t.Errorf("style %d: the hidden parts of %+v can be told apart", style, s)
			}
		}
	}
}

// paintAverages masks as it was done before: with averages of what is hidden.
func paintAverages(img *image.YCbCr, r image.Rectangle) {
	for _, p := range planes(img) {
		s := p.shapeOf(r, true)
		in := s.rect.Intersect(p.bounds)
		var t tally
		for y := in.Min.Y; y < in.Max.Y; y++ {
			for x := in.Min.X; x < in.Max.X; x++ {
				t.sum, t.count = t.sum+float64(p.pix[y*p.stride+x]), t.count+1
			}
		}
		g := p.grey(s.rect)
		g.v[0][0] = int(t.sum / t.count)
		m := g.ellipse(&s, in, Blur)
		p.show(&m)
	}
}

// The test above can fail: it finds masks made of averages, a mask that is
// too small, and one that takes another face for its surroundings.
func TestWhatSurvivesIsNoticed(t *testing.T) {
	one := testFrame{size: image.Pt(160, 120), faces: []image.Rectangle{image.Rect(40, 30, 100, 110)}}
	two := testFrame{size: image.Pt(160, 120), faces: []image.Rectangle{image.Rect(20, 30, 60, 90), image.Rect(58, 31, 99, 92)}}
	for name, c := range map[string]struct {
		frame testFrame
		hide  func(*image.YCbCr)
	}{
		"averages": {one, func(img *image.YCbCr) { paintAverages(img, one.faces[0]) }},
		"a mask too small": {one, func(img *image.YCbCr) {
			testFrame{size: one.size, faces: []image.Rectangle{one.faces[0].Inset(4)}}.cover(Blur).Paint(img)
		}},
		"one after the other": {two, func(img *image.YCbCr) {
			for _, r := range two.faces {
				testFrame{size: two.size, faces: []image.Rectangle{r}}.cover(Blur).Paint(img)
			}
		}},
	} {
		if !c.frame.leaks(t, Blur, 1, c.hide) {
			t.Errorf("%s: nothing was noticed", name)
		}
	}
}

func FuzzNothingOfWhatIsHiddenSurvives(f *testing.F) {
	f.Add(int16(10), int16(20), int16(60), int16(50), int16(30), int16(30), int16(90), int16(64), uint8(48), uint8(33), uint8(0))
	f.Add(int16(-300), int16(-20), int16(200), int16(500), int16(3), int16(3), int16(4), int16(4), uint8(31), uint8(33), uint8(1))
	f.Add(int16(-361), int16(-185), int16(-135), int16(492), int16(-92), int16(-1), int16(174), int16(0), uint8(78), uint8(85), uint8(0)) // beside the frame
	f.Add(int16(-155), int16(10), int16(32), int16(7), int16(-104), int16(32), int16(147), int16(15), uint8(49), uint8(94), uint8(2))     // a slim one's tip
	f.Fuzz(func(t *testing.T, x0, y0, x1, y1, x2, y2, x3, y3 int16, w, h, style uint8) {
		s := testFrame{size: image.Pt(int(w)%100+1, int(h)%100+1)}
		seen := image.Rectangle{Max: s.size}
		s.faces = append(s.faces, image.Rect(int(x0), int(y0), int(x1), int(y1)), image.Rect(int(x2), int(y2), int(x3), int(y3)))
		s.faces = slices.DeleteFunc(s.faces, func(r image.Rectangle) bool { return r.Empty() })
		if !slices.ContainsFunc(s.faces, func(r image.Rectangle) bool {
			return image.Pt((r.Min.X+r.Max.X)/2, (r.Min.Y+r.Max.Y)/2).In(seen.Intersect(r))
		}) {
			return // nothing need be in the frame
		}
		st := Style(style) % 3
		if s.leaks(t, st, 1, func(img *image.YCbCr) { s.cover(st).Paint(img) }) {
			t.Errorf("style %d: the hidden parts of %+v can be told apart", st, s)
		}
	})
}

// A face that is shown is there for all to see, yet no mask says anything of it.
func TestShownFaceIsInNoMask(t *testing.T) {
	masked, shown := image.Rect(40, 30, 80, 90), image.Rect(84, 30, 124, 90)
	paint := func(level byte) *image.YCbCr {
		img := pattern(160, 120, 3)
		testFrame{size: image.Pt(160, 120), faces: []image.Rectangle{shown}}.replace(img, Blur, rand.New(rand.NewPCG(uint64(level), 1)))
		bare := clone(img)
		c := testFrame{size: image.Pt(160, 120), faces: []image.Rectangle{masked}}.cover(Blur)
		c.Shown = []image.Rectangle{shown}
		c.Paint(img)
		if at := img.YOffset(104, 60); img.Y[at] != bare.Y[at] {
			t.Error("the shown face is not as it was")
		}
		return img
	}
	a, b := paint(1), paint(2)
	if same(a, b) {
		t.Fatal("both shown faces are the same")
	}
	for y := masked.Min.Y; y < masked.Max.Y; y++ {
		for x := masked.Min.X; x < masked.Max.X; x++ {
			if a.YCbCrAt(x, y) != b.YCbCrAt(x, y) {
				t.Fatalf("the mask at %d,%d tells the shown faces apart", x, y)
			}
		}
	}
}

// flat is a frame of one tone.
func flat(w, h int, luma byte) *image.YCbCr {
	img := pattern(w, h, 1)
	for i := range img.Y {
		img.Y[i] = luma
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = 128, 128
	}
	return img
}

// meanOf is the mean luma of a rectangle.
func meanOf(img *image.YCbCr, r image.Rectangle) float64 {
	sum := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			sum += int(img.Y[img.YOffset(x, y)])
		}
	}
	return float64(sum) / float64(r.Dx()*r.Dy())
}

// A mask goes with what is around it, so that it looks like blur and not like a sign.
func TestTonesFollowTheSurroundings(t *testing.T) {
	r := image.Rect(100, 60, 160, 140)
	for _, style := range []Style{Blur, Mosaic} {
		level := func(luma byte) float64 {
			img := flat(320, 240, luma)
			testFrame{size: img.Rect.Max, faces: []image.Rectangle{r}}.cover(style).Paint(img)
			return meanOf(img, r.Inset(20))
		}
		if dark, light := level(40), level(200); light-dark < 160*share*0.9 {
			t.Errorf("style %d: the mask has %.0f in a dark room and %.0f in a light one", style, dark, light)
		}
	}
}

// Where nothing is to be seen around a mask it has fixed tones, which noise
// moves by no more than it may.
func TestFixedTonesWhereNothingIsSeen(t *testing.T) {
	most := float64(noiseWhole+2*noiseSlope+noiseCell) * 1.5 // two draws together
	for name, s := range map[string]testFrame{
		"a face that fills the frame": {faces: []image.Rectangle{image.Rect(-200, -200, 500, 500)}},
		"hidden whole":                {parts: []image.Rectangle{image.Rect(0, 0, 320, 240)}},
	} {
		s.size = image.Pt(320, 240)
		img := flat(320, 240, 235)
		s.cover(Blur).Paint(img)
		for i, v := range img.Y {
			if d := float64(v) - fixedY; d < -most || d > most {
				t.Fatalf("%s: luma %d at %d", name, v, i)
			}
		}
	}
}

// Blur must look like blur: no step between neighbours that the eye takes for an edge.
func TestBlurIsSmooth(t *testing.T) {
	img := flat(320, 240, 0)
	for i := range img.Y {
		if i%img.YStride >= 130 {
			img.Y[i] = 255
		}
	}
	r := image.Rect(100, 60, 160, 140)
	testFrame{size: img.Rect.Max, faces: []image.Rectangle{r}}.cover(Blur).Paint(img)
	for y := 70; y < 130; y++ {
		for x := 115; x < 145; x++ {
			across, down := int(img.Y[img.YOffset(x+1, y)])-int(img.Y[img.YOffset(x, y)]), int(img.Y[img.YOffset(x, y+1)])-int(img.Y[img.YOffset(x, y)])
			if max(across, -across, down, -down) > 6 {
				t.Fatalf("steps of %d and %d at %d,%d", across, down, x, y)
			}
		}
	}
	if left, right := meanOf(img, image.Rect(105, 90, 115, 110)), meanOf(img, image.Rect(145, 90, 155, 110)); right-left < 20 {
		t.Errorf("%.0f on the dark side and %.0f on the light one", left, right)
	}
}

// Mosaic has cells with edges: few values, each in a rectangle.
func TestMosaicHasCells(t *testing.T) {
	img := pattern(320, 240, 4)
	r := image.Rect(100, 60, 160, 140)
	testFrame{size: img.Rect.Max, faces: []image.Rectangle{r}}.cover(Mosaic).Paint(img)
	edges := 0
	for x := r.Min.X + 1; x < r.Max.X; x++ {
		if img.Y[img.YOffset(x, 61)] != img.Y[img.YOffset(x-1, 61)] {
			edges++
		}
	}
	if edges == 0 || edges >= maxCells {
		t.Errorf("%d edges in a row of %d cells", edges, maxCells)
	}
}

func TestPaintStaysInside(t *testing.T) {
	r := image.Rect(40, 30, 100, 110)
	for _, style := range []Style{Blur, Mosaic, Solid} {
		a := pattern(160, 120, 3)
		b := clone(a)
		testFrame{size: image.Pt(160, 120), faces: []image.Rectangle{r}}.cover(style).Paint(b)
		reach := Reach(a, r)
		for y := range 120 {
			for x := range 160 {
				if !image.Pt(x, y).In(reach) && (a.YCbCrAt(x, y) != b.YCbCrAt(x, y)) {
					t.Fatalf("style %d changes %d,%d outside of %v", style, x, y, r)
				}
			}
		}
		if c := b.YCbCrAt(70, 70); style == Solid && (c.Y != solidY || c.Cb != solidC) {
			t.Errorf("solid paints %v", c)
		}
	}
}

func TestRestore(t *testing.T) {
	for _, style := range []Style{Blur, Mosaic, Solid} {
		for i, s := range testFrames(rand.New(rand.NewPCG(6, 6))) {
			img := pattern(s.size.X, s.size.Y, uint64(i))
			before := clone(img)
			c, under := s.cover(style), [][]byte{}
			var patches []Patch
			for _, f := range c.Faces {
				patches = append(patches, Cut(img, Reach(img, f.Rect), Patch{}))
			}
			for _, r := range c.Parts {
				patches = append(patches, Cut(img, r.Intersect(img.Rect), Patch{}))
			}
			for _, z := range c.Zones {
				under = append(under, z.Cut(img, nil))
			}
			c.Paint(img)
			if same(before, img) {
				t.Fatalf("nothing was painted of %+v", s)
			}
			for k, z := range c.Zones {
				z.Restore(img, under[k])
			}
			for _, p := range patches {
				p.Restore(img)
			}
			if !same(before, img) {
				t.Errorf("style %d: something of %+v stayed", style, s)
			}
		}
	}
}

// A part shows what the whole frame would show there, and nothing around it changes.
func TestPartsAreOfOnePiece(t *testing.T) {
	parts := []image.Rectangle{image.Rect(-9, 10, 33, 41), image.Rect(21, 31, 55, 60), image.Rect(140, 80, 170, 130), image.Rect(300, 0, 310, 20)}
	for _, style := range []Style{Blur, Mosaic, Solid} {
		img := flat(160, 110, fixedY) // whatever is seen, the tones are the fixed ones
		before, all := clone(img), clone(img)
		(&Cover{Style: style, Seed: seed, Parts: []image.Rectangle{img.Rect}}).Paint(all)
		(&Cover{Style: style, Seed: seed, Parts: parts}).Paint(img)
		for y := range 110 {
			for x := range 160 {
				want, i := before, img.YOffset(x, y)
				for _, r := range parts {
					if image.Pt(x, y).In(r) {
						want = all
					}
				}
				if img.Y[i] != want.Y[i] {
					t.Fatalf("style %d: luma at %d,%d is %d, want %d", style, x, y, img.Y[i], want.Y[i])
				}
			}
		}
	}
}

func benchmarkFaces(b *testing.B, n int, size image.Point) {
	img := pattern(1920, 1080, 1)
	c := Cover{Seed: seed}
	for i := range n {
		at := image.Pt(100+i*170, 300+i%3*90)
		c.Faces = append(c.Faces, Face{image.Rectangle{at, at.Add(size)}, i})
	}
	for b.Loop() {
		c.Frame++
		c.Paint(img)
	}
}

func BenchmarkFace(b *testing.B)      { benchmarkFaces(b, 1, image.Pt(120, 150)) }
func BenchmarkFaceSmall(b *testing.B) { benchmarkFaces(b, 1, image.Pt(40, 50)) }
func BenchmarkTenFaces(b *testing.B)  { benchmarkFaces(b, 10, image.Pt(84, 120)) }

func BenchmarkWholeFrame(b *testing.B) {
	img := pattern(1920, 1080, 1)
	c := Cover{Seed: seed, Parts: []image.Rectangle{img.Rect}}
	for b.Loop() {
		c.Paint(img)
	}
}
