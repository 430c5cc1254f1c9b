package detector

import (
	"fmt"
	"image"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/detector/internal/reference"
)

// speeds are the inputs that the worker uses most.
var speeds = []image.Point{{640, 352}, {320, 192}, {480, 288}, {640, 480}, {640, 640}}

// view is what the worker brings to an input of this size: a tile's
// part of the frame for the smallest, else all of it.
func view(img *image.YCbCr, size image.Point) []Tile {
	src := img.Rect
	if size.X == 320 {
		src = image.Rect(600, 300, 600+480, 300+288)
	}
	return []Tile{{Src: src, Dst: image.Rectangle{Max: size}}}
}

func BenchmarkDetect(b *testing.B) {
	img := gradient(1920, 1080)
	for _, size := range speeds {
		b.Run(fmt.Sprintf("%dx%d", size.X, size.Y), func(b *testing.B) {
			y, err := NewYuNet(size)
			if err != nil {
				b.Fatal(err)
			}
			defer y.Close()
			best := time.Hour
			for b.Loop() {
				start := time.Now()
				if _, err := y.Detect(img, false, view(img, size), 0.15); err != nil {
					b.Fatal(err)
				}
				best = min(best, time.Since(start))
			}
			b.ReportMetric(best.Seconds()*1000, "best-ms")
		})
	}
}

// BenchmarkAgainstOpenCV times Detect, with all that it does, and OpenCV's
// forward pass alone in rotation, so that both meet the same load, and gives the middle
// time of each and of their ratio.
func BenchmarkAgainstOpenCV(b *testing.B) {
	img := gradient(1920, 1080)
	for _, size := range speeds {
		b.Run(fmt.Sprintf("%dx%d", size.X, size.Y), func(b *testing.B) { pairs(b, img, size) })
	}
}

func pairs(b *testing.B, img *image.YCbCr, size image.Point) {
	y, err := NewYuNet(size)
	if err != nil {
		b.Fatal(err)
	}
	defer y.Close()
	r, err := reference.Open(size)
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	var ours, theirs, ratio []float64
	for b.Loop() {
		start := time.Now()
		if _, err := y.Detect(img, false, view(img, size), 0.15); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		if _, err := r.Forward(); err != nil {
			b.Fatal(err)
		}
		o, t := middle.Sub(start).Seconds()*1000, time.Since(middle).Seconds()*1000
		ours, theirs, ratio = append(ours, o), append(theirs, t), append(ratio, t/o)
	}
	for _, m := range []struct {
		of   []float64
		unit string
	}{{ours, "ours-ms"}, {theirs, "opencv-ms"}, {ratio, "times-faster"}} {
		slices.Sort(m.of)
		b.ReportMetric(m.of[len(m.of)/2], m.unit)
	}
}
