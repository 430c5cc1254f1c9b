// Package leak measures how much of the faces in a source survives in what was
// made of it, on luma planes alone.
//
// A face leaks in a frame when its fine detail is still there: the
// correlation of the high-pass luma in the middle of the face, source against
// output, lies above Threshold. Blurred, mosaicked or filled faces come out
// near 0, faces that were merely encoded again above 0.8.
//
// Luma is full range (0 to 255); frames of limited range are to be expanded
// first, or the changed area comes out too small.
//
// In: luma of source and output, and where faces are. Out: figures. It has no goroutine. No
// product depends on it: tests and developers' programs measure by it.
package leak

import (
	"image"
	"math"
)

// Box is a face in pixels of the frame; it may reach outside.
type Box struct{ X, Y, W, H float64 }

const (
	// Threshold is the correlation above which a face counts as leaked.
	Threshold = 0.5
	// MinWidth of a face in pixels: smaller ones name nobody and are not measured.
	MinWidth = 16
	// ChangeThreshold is the blurred difference in luma that re-encoding does
	// not reach.
	ChangeThreshold = 12

	margin    = 0.2 // of the box on each side: what is left is inner face, not background
	minInner  = 8   // pixels: with less there is too little detail to correlate
	changeBox = 15  // pixels, odd: side of the box that blurs the difference
)

// IoU is the overlap of two boxes as a share of their union, 0 to 1.
func IoU(a, b Box) float64 {
	w := min(a.X+a.W, b.X+b.W) - max(a.X, b.X)
	h := min(a.Y+a.H, b.Y+b.H) - max(a.Y, b.Y)
	if w <= 0 || h <= 0 {
		return 0
	}
	return w * h / (a.W*a.H + b.W*b.H - w*h)
}

// Detail is the zero-mean normalised correlation, -1 to 1, of the fine detail
// in the inner 60 % of a face. It is 0 where one of the two has no detail at
// all. ok is false for a face too small or too far outside to be measured. Both
// frames are of the same size and begin at (0, 0).
func Detail(src, out *image.Gray, face Box) (correlation float64, ok bool) {
	inner := innerBox(face).Intersect(src.Rect)
	if inner.Dx() < minInner || inner.Dy() < minInner {
		return 0, false
	}
	sigma := max(1, face.W/16)
	pad := int(3*sigma) + 1
	around := inner.Inset(-pad).Intersect(src.Rect)
	k := kernel(sigma)
	a := highPass(src, around, inner, k)
	b := highPass(out, around, inner, k)
	return correlate(a, b), true
}

// innerBox truncates towards zero like the program that this measure has to
// agree with.
func innerBox(f Box) image.Rectangle {
	return image.Rectangle{
		Min: image.Pt(int(f.X+f.W*margin), int(f.Y+f.H*margin)),
		Max: image.Pt(int(f.X+f.W*(1-margin)), int(f.Y+f.H*(1-margin))),
	}
}

// correlate returns 0 where one side is flat: the small number in the
// denominator stands for the noise that any real frame has.
func correlate(a, b []float64) float64 {
	meanA, meanB := mean(a), mean(b)
	var ab, aa, bb float64
	for i := range a {
		x, y := a[i]-meanA, b[i]-meanB
		ab += x * y
		aa += x * x
		bb += y * y
	}
	return ab / (math.Sqrt(aa*bb) + 1e-6)
}

func mean(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// ChangedArea is the share of the frame, 0 to 1, that was altered by more
// than encoding it again does. Both frames are of the same size and begin
// at (0, 0).
func ChangedArea(src, out *image.Gray) float64 {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	if w == 0 || h == 0 {
		return 0
	}
	const limit = ChangeThreshold * changeBox * changeBox
	columns := make([]int32, w) // the sum of each column within the box's height
	for i := -(changeBox / 2); i <= changeBox/2; i++ {
		addRow(columns, src, out, reflect(i, h), 1)
	}
	changed := 0
	for y := 0; ; y++ {
		changed += countAbove(columns, limit)
		if y == h-1 {
			return float64(changed) / float64(w*h)
		}
		addRow(columns, src, out, reflect(y-changeBox/2, h), -1)
		addRow(columns, src, out, reflect(y+1+changeBox/2, h), 1)
	}
}

func addRow(columns []int32, src, out *image.Gray, y int, sign int32) {
	a, b := row(src, y), row(out, y)
	b = b[:len(a)]
	for x, v := range a {
		d := int32(v) - int32(b[x])
		if d < 0 {
			d = -d
		}
		columns[x] += sign * d
	}
}

// countAbove slides the box along one row of column sums.
func countAbove(columns []int32, limit int32) int {
	w := len(columns)
	var sum int32
	for i := -(changeBox / 2); i <= changeBox/2; i++ {
		sum += columns[reflect(i, w)]
	}
	n := 0
	for x := range columns {
		if sum > limit {
			n++
		}
		sum += columns[reflect(x+1+changeBox/2, w)] - columns[reflect(x-changeBox/2, w)]
	}
	return n
}

func row(g *image.Gray, y int) []byte {
	return g.Pix[y*g.Stride : y*g.Stride+g.Rect.Dx()]
}
