package anonymize

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"
)

func pattern(w, h int, seed uint64) *image.YCbCr {
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

// What a mask's soft edge reaches beyond its ellipse counts as changed, but hides little: it is
// a twentieth of the radius at most, and within the ellipse nothing of the frame is left.
func TestSoftEdgeIsNarrow(t *testing.T) {
	img := flat(320, 320, 0)
	for i := range img.Y {
		img.Y[i] = 255
	}
	testFrame{size: img.Rect.Max, faces: []image.Rectangle{image.Rect(60, 60, 260, 260)}}.cover(Blur).Paint(img)
	for at, changed := range map[int]bool{100: true, 99: true, -99: true, 105: false, -106: false} {
		if got := img.Y[img.YOffset(160+at, 160)] != 255; got != changed {
			t.Errorf("%d pixels from the middle of a mask with a radius of 100 the frame is changed: %v", at, got)
		}
	}
	if v := img.Y[img.YOffset(259, 160)]; v > brightest {
		t.Errorf("luma %d at the inner side of the edge: the frame's own shows through", v)
	}
}
