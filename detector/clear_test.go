package detector

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// spread is the standard deviation of a part of a luma frame.
func spread(g *image.Gray, part image.Rectangle) float64 {
	var n, sum, squares float64
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			v := float64(g.GrayAt(x, y).Y)
			n, sum, squares = n+1, sum+v, squares+v*v
		}
	}
	return math.Sqrt(max(0, squares/n-sum/n*sum/n))
}

func grainy(w, h int, luma byte, sigma float64, rnd *rand.Rand) *image.YCbCr {
	img := blank(w, h, luma)
	addNoise(img, sigma, rnd)
	return img
}

func TestNoiseIsMeasured(t *testing.T) {
	for _, sigma := range []float64{3, 6, 12, 20} {
		if got := Noise(grainy(1280, 720, 100, sigma, rand.New(rand.NewPCG(1, 2)))); got < 0.8*sigma || got > 1.1*sigma {
			t.Errorf("noise of %v was measured as %.2f", sigma, got)
		}
	}
	for _, img := range []*image.YCbCr{gradient(1280, 720), blank(1280, 720, 60)} {
		if got := Noise(img); got > 1.5 {
			t.Errorf("a frame without noise was measured as %.2f", got)
		}
	}
	if got := Noise(blank(16, 8, 0)); got != 0 {
		t.Errorf("a tiny frame: %v", got)
	}
}

// The mean of n still frames has a root of n less noise.
func TestStillNoiseIsAveraged(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	var a Average
	var mean *image.Gray
	for n := 1; n <= averageMost; n++ {
		if a.Full() {
			t.Errorf("full after %d frames", n-1)
		}
		img := grainy(640, 360, 60, 10, rnd)
		mean = a.Add(img, Reduce(nil, img, 2), 2)
		want := 10 / math.Sqrt(float64(n))
		if got := spread(mean, mean.Rect); got < 0.9*want || got > 1.35*want {
			t.Errorf("noise after %d frames: %.2f, want about %.2f", n, got, want)
		}
	}
	if !a.Full() {
		t.Error("not full")
	}
	if got, before := spread(Soften(nil, mean), mean.Rect), spread(mean, mean.Rect); got > 0.5*before {
		t.Errorf("softened from %.2f to %.2f only", before, got)
	}
}

// Where something moves, the mean is the newest frame alone: nothing that was
// there before is left in it, whatever moves and however noisy it is.
func TestWhatMovesIsNeverAveraged(t *testing.T) {
	for seed := range uint64(12) {
		rnd := rand.New(rand.NewPCG(seed, 9))
		scale := 2 + rnd.IntN(3)
		w, h := 90*scale+rnd.IntN(9), 70*scale+rnd.IntN(9)
		sigma, luma := 1+8*rnd.Float64(), byte(110+rnd.IntN(100))
		side, step := 24*scale, 5*scale+rnd.IntN(8*scale)
		x := 4
		var a Average
		for n := range 8 {
			img := grainy(w, h, 60, sigma, rnd)
			face := image.Rect(x, 20, min(x+side, w), 20+side)
			was := image.Rect(max(0, x-step), 20, x, 20+side).Intersect(img.Rect)
			patch := grainy(w, h, luma, sigma, rnd)
			for y := face.Min.Y; y < face.Max.Y; y++ {
				copy(img.Y[y*img.YStride+face.Min.X:y*img.YStride+face.Max.X], patch.Y[y*img.YStride+face.Min.X:])
			}
			mean := a.Add(img, Reduce(nil, img, scale), scale)
			if n > 0 {
				same(t, mean, img, was)
				same(t, mean, img, image.Rect(face.Max.X-step, 20, face.Max.X, 20+side).Intersect(img.Rect))
			}
			if x += step; x > w-side {
				x = 4
				a.Reset()
				break
			}
		}
	}
}

func same(t *testing.T, mean *image.Gray, img *image.YCbCr, part image.Rectangle) {
	t.Helper()
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			if got, want := mean.GrayAt(x, y).Y, img.Y[y*img.YStride+x]; got != want {
				t.Fatalf("at %d,%d of %v the mean is %d, the frame %d", x, y, part, got, want)
			}
		}
	}
}

// After Reset nothing of earlier frames is left, nor of those of another size.
func TestAverageForgets(t *testing.T) {
	add := func(a *Average, w, h int, luma byte) byte {
		img := blank(w, h, luma)
		return a.Add(img, Reduce(nil, img, 3), 3).Pix[w*h/2]
	}
	var a Average
	add(&a, 120, 90, 50)
	if got := add(&a, 120, 90, 52); got != 51 {
		t.Errorf("mean of 50 and 52: %d", got)
	}
	a.Reset()
	if got := add(&a, 120, 90, 52); got != 52 {
		t.Errorf("after Reset: %d", got)
	}
	if got := add(&a, 96, 120, 53); got != 53 {
		t.Errorf("after another size: %d", got)
	}
	if got := add(&a, 9, 9, 53); got != 53 {
		t.Errorf("a frame without a whole cell: %d", got)
	}
}

// Dim detail gets more range, black and white stay within what video holds, and
// frames of any size work.
func TestContrastIsEvened(t *testing.T) {
	img := blank(640, 360, 0)
	for i := range img.Y {
		img.Y[i] = byte(20 + (i/7)%9) // stripes of nine levels
	}
	whole := image.Rect(0, 0, 640, 360)
	before := spread(Luma(img), whole)
	for full, limits := range map[bool][2]byte{false: {16, 235}, true: {0, 255}} {
		even := Even(nil, Luma(img), full)
		if got := spread(even, whole); got < 3*before {
			t.Errorf("detail was evened from %.2f to %.2f only", before, got)
		}
		for _, v := range even.Pix {
			if v < limits[0] || v > limits[1] {
				t.Fatalf("luma %d, full range %v", v, full)
			}
		}
	}
	for _, size := range []image.Point{{1, 1}, {3, 700}, {97, 13}, {640, 360}} {
		img := grainy(size.X, size.Y, 40, 9, rand.New(rand.NewPCG(4, 4)))
		if got := Soften(Even(nil, Luma(img), false), Luma(img)); got.Rect.Max != size {
			t.Errorf("%v became %v", size, got.Rect)
		}
	}
}

// BenchmarkClear is what a pass costs more in noise and in the dark.
func BenchmarkClear(b *testing.B) {
	img := grainy(1280, 720, 30, 8, rand.New(rand.NewPCG(1, 1)))
	small := Reduce(nil, img, 3)
	var a Average
	var soft, even *image.Gray
	for name, do := range map[string]func(){
		"noise":   func() { Noise(img) },
		"average": func() { a.Add(img, small, 3) },
		"soften":  func() { soft = Soften(soft, Luma(img)) },
		"even":    func() { even = Even(even, Luma(img), false) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				do()
			}
		})
	}
}
