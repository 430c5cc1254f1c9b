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
