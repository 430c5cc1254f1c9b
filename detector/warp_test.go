package detector

import (
	"image"
	"math"
	"testing"
)

// A straight window of the picture's own scale holds its very pixels, and grey where
// there are none.
func TestWindowIsThePicture(t *testing.T) {
	img := noise(160, 120)
	got := Window{X: 40, Y: 30, Scale: 1, StretchX: 1, StretchY: 1, Size: image.Pt(96, 96)}.Cut(nil, img)
	for y := range 96 {
		for x := range 96 {
			at, want := image.Pt(x-8, y-18), byte(128)
			if at.In(img.Rect) {
				want = img.Y[at.Y*img.YStride+at.X]
			}
			if v := got.Y[y*got.YStride+x]; v != want {
				t.Fatalf("pixel %d, %d is %d, want %d", x, y, v, want)
			}
		}
	}
}

// Whatever a window's place, scale, stretch and turn, a spot that is seen in it lies in the picture
// where Back says.
func TestWindowsMapBack(t *testing.T) {
	spot := image.Pt(300, 170)
	img := image.NewYCbCr(image.Rect(0, 0, 640, 360), image.YCbCrSubsampleRatio420)
	for y := spot.Y - 8; y < spot.Y+8; y++ {
		for x := spot.X - 8; x < spot.X+8; x++ {
			img.Y[y*img.YStride+x] = 255
		}
	}
	for _, w := range []Window{
		{X: 320, Y: 180, Scale: 1, StretchX: 1, StretchY: 1, Size: image.Pt(128, 128)},
		{X: 310, Y: 150, Scale: 0.5, StretchX: 1, StretchY: 1, Size: image.Pt(160, 128)},
		{X: 290, Y: 190, Scale: 1, StretchX: 1, StretchY: 1, Aslant: true, Size: image.Pt(128, 128)},
		{X: 330, Y: 160, Scale: 2, StretchX: 2, StretchY: 1, Aslant: true, Size: image.Pt(128, 160)},
		{X: 280, Y: 180, Scale: 3.5, StretchX: 1, StretchY: 2, Size: image.Pt(96, 96)},
		{X: 320, Y: 180, Scale: 4, StretchX: 1, StretchY: 1, Aslant: true, Size: image.Pt(192, 192)},
	} {
		cut := w.Cut(nil, img)
		var sum, sx, sy float64
		for y := range w.Size.Y {
			for x := range w.Size.X {
				if v := float64(cut.Y[y*cut.YStride+x]); v > 160 { // lighter than the grey outside
					sum, sx, sy = sum+v, sx+v*(float64(x)+0.5), sy+v*(float64(y)+0.5)
				}
			}
		}
		if sum == 0 {
			t.Fatalf("%+v does not show the spot", w)
		}
		f := w.Back(Face{Box: Box{X: float32(sx/sum) - 5, Y: float32(sy/sum) - 5, W: 10, H: 10}})
		x, y := f.Centre()
		if math.Hypot(float64(x)-float64(spot.X), float64(y)-float64(spot.Y)) > w.Scale {
			t.Errorf("%+v: the spot at %v is mapped to %v, %v", w, spot, x, y)
		}
		if aslant := f.Turn == 1; aslant != w.Aslant {
			t.Errorf("%+v: turn %d", w, f.Turn)
		}
	}
}
