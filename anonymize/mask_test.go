package anonymize

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"
)

func noise(w, h int, seed uint64) *image.YCbCr {
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	r := rand.New(rand.NewPCG(seed, 1))
	for _, p := range [][]byte{img.Y, img.Cb, img.Cr} {
		for i := range p {
			p[i] = byte(r.UintN(256))
		}
	}
	return img
}

func clone(img *image.YCbCr) *image.YCbCr {
	c := *img
	c.Y, c.Cb, c.Cr = bytes.Clone(img.Y), bytes.Clone(img.Cb), bytes.Clone(img.Cr)
	return &c
}

func same(a, b *image.YCbCr) bool {
	return bytes.Equal(a.Y, b.Y) && bytes.Equal(a.Cb, b.Cb) && bytes.Equal(a.Cr, b.Cr)
}

// shuffle rearranges the pixels inside each cell of the mask's grid, which
// leaves the averages as they are and makes another face of it. Where the mask is
// an ellipse it stays clear of the soft edge, which shows the surroundings.
func shuffle(img *image.YCbCr, r image.Rectangle, style Style, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 2))
	for _, p := range planes(img) {
		box := p.scale(r)
		inner := box.Intersect(p.bounds)
		g := p.average(inner)
		cx, cy := float64(box.Min.X+box.Max.X-1)/2, float64(box.Min.Y+box.Max.Y-1)/2
		cells := map[image.Point][]int{}
		for y := inner.Min.Y; y < inner.Max.Y; y++ {
			for x := inner.Min.X; x < inner.Max.X; x++ {
				dx, dy := (float64(x)-cx)*2/float64(box.Dx()), (float64(y)-cy)*2/float64(box.Dy())
				if style != Mosaic && dx*dx+dy*dy >= 1 {
					continue
				}
				c := image.Pt(cellAt(x-inner.Min.X, inner.Dx(), g.nx), cellAt(y-inner.Min.Y, inner.Dy(), g.ny))
				cells[c] = append(cells[c], y*p.stride+x)
			}
		}
		for _, at := range cells {
			rnd.Shuffle(len(at), func(i, j int) { p.pix[at[i]], p.pix[at[j]] = p.pix[at[j]], p.pix[at[i]] })
		}
	}
}

// cellAt is the cell whose average covers pixel `at` of size.
func cellAt(at, size, n int) int {
	c := 0
	for (c+1)*size/n <= at {
		c++
	}
	return c
}

// The promise of every mask: two faces with the same cell averages give the
// same bytes, so nothing but the averages can be in the output.
func TestOnlyAveragesSurvive(t *testing.T) {
	rects := []image.Rectangle{
		image.Rect(40, 30, 100, 110), image.Rect(41, 31, 54, 47), image.Rect(-20, -10, 50, 60),
		image.Rect(130, 90, 200, 160), image.Rect(0, 0, 160, 120), image.Rect(60, 60, 61, 61),
	}
	for _, style := range []Style{Blur, Mosaic, Solid} {
		for i, r := range rects {
			a := noise(160, 120, uint64(i))
			b := clone(a)
			shuffle(b, r, style, 7)
			if r.Dx() > 20 && same(a, b) {
				t.Fatalf("rectangle %v: shuffling changed nothing", r)
			}
			Paint(a, r, style)
			Paint(b, r, style)
			if !same(a, b) {
				t.Errorf("style %d, rectangle %v: more than the averages survives", style, r)
			}
		}
	}
}

func TestPaintStaysInside(t *testing.T) {
	r := image.Rect(40, 30, 100, 110)
	for _, style := range []Style{Blur, Mosaic, Solid} {
		a := noise(160, 120, 3)
		b := clone(a)
		Paint(b, r, style)
		reach := r.Inset(-8) // the soft edge
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
	img := noise(161, 121, 4)
	before := clone(img)
	var patches []Patch
	for _, r := range []image.Rectangle{image.Rect(-20, -10, 50, 60), image.Rect(31, 31, 94, 87), image.Rect(150, 100, 200, 160), image.Rect(40, 40, 41, 41)} {
		patches = append(patches, Cut(img, Reach(img, r), Patch{}))
		Paint(img, r, Blur)
	}
	if same(before, img) {
		t.Fatal("nothing was painted")
	}
	for i := len(patches) - 1; i >= 0; i-- {
		patches[i].Restore(img)
	}
	if !same(before, img) {
		t.Error("something of the masks stayed")
	}
}

func TestPaintAllHidesEveryPixel(t *testing.T) {
	for _, size := range []image.Point{{96, 96}, {161, 121}, {320, 180}} {
		a := noise(size.X, size.Y, 5)
		b := clone(a)
		shuffle(b, a.Rect, Mosaic, 9)
		PaintAll(a, Blur)
		PaintAll(b, Blur)
		if !same(a, b) {
			t.Errorf("size %v: more than the averages survives", size)
		}
	}
}

// Blur must look like blur: no step between neighbours larger than the grid's slope allows.
func TestBlurIsSmooth(t *testing.T) {
	img := noise(100, 80, 11)
	for i := range img.Y {
		if i%img.YStride >= 50 {
			img.Y[i] = 255
		} else {
			img.Y[i] = 0
		}
	}
	PaintAll(img, Blur)
	for y := range 80 {
		for x := 1; x < 100; x++ {
			if d := int(img.YCbCrAt(x, y).Y) - int(img.YCbCrAt(x-1, y).Y); d < 0 || d > 14 {
				t.Fatalf("step of %d at %d,%d", d, x, y)
			}
		}
	}
}

func TestParseStyle(t *testing.T) {
	for name, want := range map[string]Style{"": Blur, "blur": Blur, "mosaic": Mosaic, "solid": Solid} {
		if got, err := ParseStyle(name); err != nil || got != want {
			t.Errorf("%q: %v, %v", name, got, err)
		}
	}
	if _, err := ParseStyle("gaussian"); err == nil {
		t.Error("gaussian passed")
	}
}

func BenchmarkPaint(b *testing.B) {
	img := noise(1920, 1080, 1)
	for b.Loop() {
		Paint(img, image.Rect(500, 300, 620, 450), Blur)
	}
}

// A part shows what the whole picture would show there, and nothing around it changes.
func TestPaintPartsShowThePictureOfPaintAll(t *testing.T) {
	parts := []image.Rectangle{image.Rect(-9, 10, 33, 41), image.Rect(21, 31, 55, 60), image.Rect(140, 80, 170, 130), image.Rect(300, 0, 310, 20)}
	for _, style := range []Style{Blur, Mosaic, Solid} {
		img := noise(160, 110, 7)
		before, all := clone(img), clone(img)
		PaintAll(all, style)
		PaintParts(img, parts, style)
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

func BenchmarkPaintAll(b *testing.B) {
	img := noise(1920, 1080, 1)
	for b.Loop() {
		PaintAll(img, Blur)
	}
}

func BenchmarkPaintSmall(b *testing.B) {
	img := noise(1920, 1080, 1)
	for b.Loop() {
		Paint(img, image.Rect(500, 300, 584, 420), Blur)
	}
}
