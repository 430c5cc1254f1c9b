package detector

import (
	"image"
	"math"
	"testing"

	"github.com/bauta-gateway/bauta/detector/track"
)

// A straight window of the frame's own scale holds its very pixels, and grey where
// there are none.
func TestWindowIsTheFrame(t *testing.T) {
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

// Whatever a window's place, scale, stretch and rotation, a spot that is seen in it lies in the frame
// where Back says.
func TestWindowsMapBack(t *testing.T) {
	point := image.Pt(300, 170)
	img := image.NewYCbCr(image.Rect(0, 0, 640, 360), image.YCbCrSubsampleRatio420)
	for y := point.Y - 8; y < point.Y+8; y++ {
		for x := point.X - 8; x < point.X+8; x++ {
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
		f := w.Back(Face{Box: Box{X: float32(sx/sum) - 5, Y: float32(sy/sum) - 5, W: 10, H: 10}, Reduced: track.Reduction{X: 1, Y: 1}})
		if want := (track.Reduction{X: float32(w.Scale / w.StretchX), Y: float32(w.Scale / w.StretchY)}); f.Reduced != want {
			t.Errorf("%+v: reduced %v, want %v", w, f.Reduced, want)
		}
		x, y := f.Centre()
		if math.Hypot(float64(x)-float64(point.X), float64(y)-float64(point.Y)) > w.Scale {
			t.Errorf("%+v: the spot at %v is mapped to %v, %v", w, point, x, y)
		}
		if aslant := f.Rotation == 1; aslant != w.Aslant {
			t.Errorf("%+v: rotation %d", w, f.Rotation)
		}
	}
}

// plainly is what a window shows of a plane at one of its pixels: the mean of four places
// where it is reduced three times or more, and otherwise what lies between four pixels.
func plainly(pix []byte, stride, w, h int, x, y float64, steps [4]float64, size image.Point, i, j int) byte {
	fixed := func(v float64) int { return int(math.Round(v * 65536)) }
	rx, ry, dx, dy := fixed(steps[0]), fixed(steps[1]), fixed(steps[2]), fixed(steps[3])
	px := int(x*65536) + (rx*(1-size.X)+dx*(2*j+1-size.Y))/2 + i*rx
	py := int(y*65536) + (ry*(1-size.X)+dy*(2*j+1-size.Y))/2 + i*ry
	at := func(x, y int) int {
		if x < 0 || y < 0 || x>>16 >= w || y>>16 >= h {
			return 128
		}
		return int(pix[(y>>16)*stride+x>>16])
	}
	if max(math.Hypot(float64(rx), float64(ry)), math.Hypot(float64(dx), float64(dy))) >= 3*65536 {
		sum := 2
		for _, p := range [][2]int{{-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
			sum += at(px+(rx*p[0]+dx*p[1])/4, py+(ry*p[0]+dy*p[1])/4)
		}
		return byte(sum / 4)
	}
	px, py = px-32768, py-32768
	a, b := px&65535>>8, py&65535>>8
	top := at(px, py)*(256-a) + at(px+65536, py)*a
	bottom := at(px, py+65536)*(256-a) + at(px+65536, py+65536)*a
	return byte((top*(256-b) + bottom*b + 32768) >> 16)
}

// Windows wholly inside of the frame, partly and not at all hold what the definition says.
func TestWindowsAreTheirDefinition(t *testing.T) {
	img := noise(230, 150)
	for _, size := range []image.Point{{96, 96}, {64, 128}} {
		for _, aslant := range []bool{false, true} {
			for _, scale := range []float64{0.4, 1, 1.7, 2.99, 3, 4.3} {
				for _, middle := range []image.Point{{115, 75}, {0, 0}, {229, 20}, {60, 160}, {-300, 40}, {90, 900}} {
					w := Window{X: float32(middle.X) + 0.3, Y: float32(middle.Y) + 0.7, Scale: scale, StretchX: 1.5, StretchY: 1, Aslant: aslant, Size: size}
					got := w.Cut(nil, img)
					rx, ry, dx, dy := w.axes()
					for y := range size.Y {
						for x := range size.X {
							want := plainly(img.Y, img.YStride, 230, 150, float64(w.X), float64(w.Y), [4]float64{rx, ry, dx, dy}, size, x, y)
							if v := got.Y[y*got.YStride+x]; v != want {
								t.Fatalf("%+v: pixel %d, %d is %d, want %d", w, x, y, v, want)
							}
						}
					}
				}
			}
		}
	}
}
