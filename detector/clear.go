package detector

/*
#include "kernel.h"
*/
import "C"

import (
	"image"
	"math"
	"slices"
)

// Noise estimates the standard deviation of a frame's noise in luma steps: what is left
// of some rows after all that is smooth is taken away, where there is least of it. An
// encoder that smooths the noise away leaves little to measure.
func Noise(img *image.YCbCr) float64 {
	const every, part = 64, 16
	var parts []int
	for y := every / 2; y+1 < img.Rect.Dy(); y += every {
		a, b, c := img.Y[(y-1)*img.YStride:], img.Y[y*img.YStride:], img.Y[(y+1)*img.YStride:]
		for x := 1; x+part < img.Rect.Dx(); x += part {
			parts = append(parts, roughness(a[x-1:x+part+1], b[x-1:x+part+1], c[x-1:x+part+1]))
		}
	}
	if len(parts) == 0 {
		return 0
	}
	slices.Sort(parts)
	return math.Sqrt(math.Pi/2) / 6 * float64(parts[len(parts)/4]) / part
}

// roughness sums up how far the middle row's pixels lie from what their neighbours say.
func roughness(a, b, c []byte) int {
	sum := 0
	for x := 1; x+1 < len(b); x++ {
		d := int(a[x-1]) + int(a[x+1]) + int(c[x-1]) + int(c[x+1]) + 4*int(b[x]) - 2*(int(a[x])+int(c[x])+int(b[x-1])+int(b[x+1]))
		sum += max(d, -d)
	}
	return sum
}

const (
	// averageCell is the side in reduced pixels of the cells that hold still or move.
	averageCell = 4
	// averageMost is how many frames an average is of at most.
	averageMost = 8
	// stillTimes and stillSteps are how much more than the middle one a cell may differ
	// from the average and count as still, as a factor and in luma steps.
	stillTimes, stillSteps = 1.6, 0.5
)

// Average is the mean over time of the luma of frames of one size, where they hold
// still. A cell that moves, or that has one beside it that does, is the newest frame's alone.
// The zero value is empty.
type Average struct {
	sum   []uint16 // in 128ths
	mean  *image.Gray
	small *image.Gray // the mean, reduced
	cells []uint32
	moved []bool
	ages  []uint8
	n     int // frames
}

// Reset forgets all frames.
func (a *Average) Reset() { a.small, a.n = nil, 0 }

// Full reports whether more frames make the mean no better.
func (a *Average) Full() bool { return a.n >= averageMost }

// Add takes in a frame, which small is reduced scale times each way, and returns the mean.
// It is valid until the next call.
func (a *Average) Add(img *image.YCbCr, small *image.Gray, scale int) *image.Gray {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	cols, rows := small.Rect.Dx()/averageCell, small.Rect.Dy()/averageCell
	if a.mean == nil || a.mean.Rect.Max != image.Pt(w, h) || len(a.ages) != cols*rows {
		*a = Average{sum: make([]uint16, w*h), mean: image.NewGray(image.Rect(0, 0, w, h)), ages: make([]uint8, cols*rows), moved: make([]bool, cols*rows)}
	}
	a.age(small, cols)
	a.n++
	if len(a.ages) == 0 {
		return Luma(img)
	}
	C.bauta_average((*C.uint16_t)(&a.sum[0]), bytePtr(a.mean.Pix), bytePtr(img.Y), C.int(img.YStride), C.int(w), C.int(h),
		bytePtr(a.ages), C.int(averageCell*scale), C.int(cols), C.int(rows))
	a.small = Reduce(a.small, &image.YCbCr{Y: a.mean.Pix, YStride: a.mean.Stride, Rect: a.mean.Rect}, scale)
	return a.mean
}

// age counts for how many frames each cell has been still.
func (a *Average) age(small *image.Gray, cols int) {
	if a.small == nil {
		for i := range a.ages {
			a.ages[i] = 1
		}
		return
	}
	a.cells = Cells(small, a.small, averageCell, a.cells)
	limit := stillLimit(a.cells)
	for i, v := range a.cells {
		a.moved[i] = v > limit
	}
	for i := range a.ages {
		if movesNear(a.moved, i, cols) {
			a.ages[i] = 1
		} else {
			a.ages[i] = min(a.ages[i]+1, averageMost)
		}
	}
}

// stillLimit is the difference up to which a cell counts as still: the middle one holds
// noise only, unless most of the frame moves, and then some of it is left as it is for nothing.
func stillLimit(cells []uint32) uint32 {
	sorted := slices.Clone(cells)
	slices.Sort(sorted)
	middle := uint32(0)
	if len(sorted) > 0 {
		middle = sorted[len(sorted)/2]
	}
	const most = 8 * averageCell * averageCell // no noise differs more, reduced
	return min(uint32(stillTimes*float64(middle)+stillSteps*averageCell*averageCell), most)
}

func movesNear(moved []bool, i, cols int) bool {
	x := i % cols
	for y := i - x - cols; y <= i-x+cols; y += cols {
		if y < 0 || y >= len(moved) {
			continue
		}
		for _, m := range moved[y+max(x-1, 0) : y+min(x+2, cols)] {
			if m {
				return true
			}
		}
	}
	return false
}

// Luma is a frame's luma.
func Luma(img *image.YCbCr) *image.Gray {
	return &image.Gray{Pix: img.Y, Stride: img.YStride, Rect: img.Rect}
}

// Soften weighs each pixel with its neighbours into dst, which is made anew where its size
// does not fit, and returns it. Noise becomes less than half.
func Soften(dst, luma *image.Gray) *image.Gray {
	dst = sized(dst, luma.Rect)
	C.bauta_soften(bytePtr(luma.Pix), C.int(luma.Stride), C.int(luma.Rect.Dx()), C.int(luma.Rect.Dy()), bytePtr(dst.Pix), C.int(dst.Stride))
	return dst
}

const (
	// evenTile is about the side of the tiles by which contrast is evened, in 1280ths
	// of the longer side; evenMost is how many times the mean a level may count there: it
	// bounds how much noise is raised.
	evenTile, evenMost = 90, 4
)

// Even evens the contrast into dst as Soften does: what is dim in its surroundings gets
// the range that all of the frame has (CLAHE). Without memory it is a copy.
func Even(dst, luma *image.Gray, fullRange bool) *image.Gray {
	dst = sized(dst, luma.Rect)
	low, high := 16, 235
	if fullRange {
		low, high = 0, 255
	}
	w, h := luma.Rect.Dx(), luma.Rect.Dy()
	side := max(evenTile*max(w, h)/1280, 1)
	columns, rows := max(1, w/side), max(1, h/side)
	if C.bauta_even(bytePtr(luma.Pix), C.int(luma.Stride), C.int(w), C.int(h), C.int(columns), C.int(rows), evenMost, C.int(low), C.int(high), bytePtr(dst.Pix), C.int(dst.Stride)) != 0 {
		return luma
	}
	return dst
}

func sized(g *image.Gray, r image.Rectangle) *image.Gray {
	if g == nil || g.Rect != r {
		return image.NewGray(r)
	}
	return g
}
