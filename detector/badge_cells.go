package detector

import (
	"image"
	"image/color"
	"math"
	"slices"

	"gocv.io/x/gocv"

	"github.com/bauta-gateway/bauta/detector/bind"
)

// quad is what may be a marker's outer edge, clockwise.
type quad [4]bind.Point

// quadOf returns the corners of a contour; ok is false where it has not the shape of
// a marker.
func quadOf(contour gocv.PointVector) (q quad, ok bool) {
	length := contour.Size() // every pixel is in it
	if length < 3*MinMarker {
		return q, false
	}
	polygon := gocv.ApproxPolyDP(contour, 0.05*float64(length), true)
	defer polygon.Close()
	if polygon.Size() != len(q) {
		return q, false
	}
	for i := range q {
		p := polygon.At(i)
		q[i] = bind.Point{X: float32(p.X), Y: float32(p.Y)}
	}
	return q.clockwise(), q.convex() && q.sized()
}

// turn is the cross product of the sides before and after a corner: positive
// where the way goes clockwise in a frame whose y grows downward.
func (q quad) turn(i int) float32 {
	a, b, c := q[(i+3)%4], q[i], q[(i+1)%4]
	return (b.X-a.X)*(c.Y-b.Y) - (b.Y-a.Y)*(c.X-b.X)
}

func (q quad) convex() bool {
	right := 0
	for i := range q {
		if t := q.turn(i); t == 0 {
			return false
		} else if t > 0 {
			right++
		}
	}
	return right == 0 || right == len(q)
}

// clockwise is a convex quad, clockwise whichever way it ran.
func (q quad) clockwise() quad {
	if q.turn(0) < 0 {
		q[1], q[3] = q[3], q[1]
	}
	return q
}

// sized reports whether the sides are as long as a marker's that hangs on a chest.
func (q quad) sized() bool {
	shortest, longest := float32(math.Inf(1)), float32(0)
	for i := range q {
		side := dist(q[i], q[(i+1)%4])
		shortest, longest = min(shortest, side), max(longest, side)
	}
	return shortest >= MinMarker && shortest >= 0.4*longest
}

func dist(a, b bind.Point) float32 {
	return float32(math.Hypot(float64(a.X-b.X), float64(a.Y-b.Y)))
}

// widened brings the corners from the middles of the outermost black pixels, where
// contours run, to the edge: half a pixel further out each way.
func (q quad) widened() quad {
	middle := bind.Point{X: (q[0].X + q[1].X + q[2].X + q[3].X) / 4, Y: (q[0].Y + q[1].Y + q[2].Y + q[3].Y) / 4}
	for i, p := range q {
		by := 1 + 0.7/max(1, dist(p, middle))
		q[i] = bind.Point{X: middle.X + (p.X-middle.X)*by, Y: middle.Y + (p.Y-middle.Y)*by}
	}
	return q
}

const (
	// markerCells of a marker's side, its black border included.
	markerCells = 6
	// cellPixels is the side of a cell in the upright frame of a marker, whose
	// margin is one cell wide.
	cellPixels  = 5
	uprightSide = (markerCells + 2) * cellPixels
	// leastContrast is the difference of white and black, in luma steps, from which bits are read.
	leastContrast = 24
)

// upright is the luma of a marker brought to a square, with one cell of its
// surroundings on each side.
type upright []byte

// straighten takes a marker out of a frame. Outside of the frame the border goes on.
func straighten(luma gocv.Mat, q quad) upright {
	// Pixel 0 of the square lies half a pixel inside of its edge.
	const near, far = cellPixels - 0.5, uprightSide - cellPixels - 0.5
	from := gocv.NewPoint2fVectorFromPoints([]gocv.Point2f{{X: q[0].X, Y: q[0].Y}, {X: q[1].X, Y: q[1].Y}, {X: q[2].X, Y: q[2].Y}, {X: q[3].X, Y: q[3].Y}})
	defer from.Close()
	to := gocv.NewPoint2fVectorFromPoints([]gocv.Point2f{{X: near, Y: near}, {X: far, Y: near}, {X: far, Y: far}, {X: near, Y: far}})
	defer to.Close()
	warp := gocv.GetPerspectiveTransform2f(from, to)
	defer warp.Close()
	square := gocv.NewMat()
	defer square.Close()
	gocv.WarpPerspectiveWithParams(luma, &square, warp, image.Pt(uprightSide, uprightSide), gocv.InterpolationLinear, gocv.BorderReplicate, color.RGBA{})
	return square.ToBytes()
}

// cell is the mean luma of the middle of cell (i, j); -1 and 6 are the white
// around the marker.
func (u upright) cell(i, j int) float32 {
	sum := 0
	for y := (j+1)*cellPixels + 1; y < (j+2)*cellPixels-1; y++ {
		for x := (i+1)*cellPixels + 1; x < (i+2)*cellPixels-1; x++ {
			sum += int(u[y*uprightSide+x])
		}
	}
	return float32(sum) / ((cellPixels - 2) * (cellPixels - 2))
}

// readCells reads the 16 bits; ok is false where the quad has no black border in
// white or a cell is neither black nor white.
func readCells(luma gocv.Mat, q quad) (bits uint16, ok bool) {
	u := straighten(luma, q)
	black, white, ok := u.tones()
	if !ok {
		return 0, false
	}
	contrast, middle := white-black, (black+white)/2
	for j := 1; j < markerCells-1; j++ {
		for i := 1; i < markerCells-1; i++ {
			v := u.cell(i, j)
			if math.Abs(float64(v-middle)) < float64(0.12*contrast) {
				return 0, false
			}
			bits <<= 1
			if v > middle {
				bits |= 1
			}
		}
	}
	return bits, true
}

// tones are the marker's black and the white around it; ok is false where they
// are not what a marker has.
func (u upright) tones() (black, white float32, ok bool) {
	var border, around []float32
	for i := range markerCells {
		border = append(border, u.cell(i, 0), u.cell(0, i), u.cell(i, markerCells-1), u.cell(markerCells-1, i))
		around = append(around, u.cell(i, -1), u.cell(-1, i), u.cell(i, markerCells), u.cell(markerCells, i))
	}
	black, white = median(border), median(around)
	middle := (black + white) / 2
	light := func(tones []float32) (n int) {
		for _, v := range tones {
			if v > middle {
				n++
			}
		}
		return n
	}
	// Two cells of the border and a quarter of the white may be dirty or covered.
	return black, white, white-black >= leastContrast && light(border) <= 2 && light(around) >= 18
}

func median(v []float32) float32 {
	slices.Sort(v)
	return v[len(v)/2]
}
