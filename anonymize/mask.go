// Package anonymize paints masks on the planes of decoded pictures. A mask
// is made of at most 5 x 5 averages of what it covers, so nothing else of the
// face can be in the output, however it is sharpened: plain Gaussian blur is
// reversed by published attacks (arXiv 2506.12344).
package anonymize

import (
	"encoding/binary"
	"fmt"
	"image"
	"math"
)

// Style is how a mask looks.
type Style uint8

// The styles.
const (
	// Blur enlarges the averages smoothly, in an ellipse with a soft edge.
	Blur Style = iota
	// Mosaic shows the averages as hard-edged cells in a rectangle.
	Mosaic
	// Solid is one neutral grey in an ellipse: it holds nothing of the face at all.
	Solid
)

// ParseStyle reads a style's name; the empty one is Blur.
func ParseStyle(name string) (Style, error) {
	switch name {
	case "", "blur":
		return Blur, nil
	case "mosaic":
		return Mosaic, nil
	case "solid":
		return Solid, nil
	}
	return 0, fmt.Errorf("unknown mask %q: use blur, mosaic or solid", name)
}

const (
	// maxCells is the most averages along each side.
	maxCells = 5
	// minCell is the smallest cell in pixels: small faces get fewer cells, or
	// their cells would be fine enough to tell features apart.
	minCell = 8
	// softEdge is the width of Blur's edge as a share of the ellipse's radius.
	softEdge = 0.08
	solidY   = 96
	solidC   = 128
)

// Paint masks the ellipse inscribed in r (for Mosaic r itself) on all three
// planes. r may reach outside of the picture.
func Paint(img *image.YCbCr, r image.Rectangle, style Style) {
	for _, p := range planes(img) {
		p.paint(p.scale(r), style, true)
	}
}

// PaintRect masks all of r, without leaving out corners.
func PaintRect(img *image.YCbCr, r image.Rectangle, style Style) {
	for _, p := range planes(img) {
		p.paint(p.scale(r), style, false)
	}
}

// PaintAll masks the whole picture from 5 x 5 averages.
func PaintAll(img *image.YCbCr, style Style) { PaintRect(img, img.Rect, style) }

// Patch is the pixels of a part of a picture, to be put back after a mask was
// painted over them.
type Patch struct {
	rect  image.Rectangle
	bytes [3][]byte
}

// Reach is the part of a picture that Paint may change for a mask on r.
func Reach(img *image.YCbCr, r image.Rectangle) image.Rectangle {
	edge := int(math.Ceil(softEdge*float64(max(r.Dx(), r.Dy()))/2)) + 2
	return r.Inset(-edge).Intersect(img.Rect)
}

// Cut copies the pixels of r, which lies inside of the picture, reusing the
// memory of old.
func Cut(img *image.YCbCr, r image.Rectangle, old Patch) Patch {
	p := Patch{rect: r, bytes: old.bytes}
	for i, pl := range planes(img) {
		b := pl.scale(r).Intersect(pl.bounds)
		p.bytes[i] = p.bytes[i][:0]
		for y := b.Min.Y; y < b.Max.Y; y++ {
			p.bytes[i] = append(p.bytes[i], pl.pix[y*pl.stride+b.Min.X:y*pl.stride+b.Max.X]...)
		}
	}
	return p
}

// Restore puts the pixels back. Patches that overlap go back in reverse order.
func (p Patch) Restore(img *image.YCbCr) {
	for i, pl := range planes(img) {
		b, from := pl.scale(p.rect).Intersect(pl.bounds), p.bytes[i]
		for y := b.Min.Y; y < b.Max.Y; y++ {
			from = from[copy(pl.pix[y*pl.stride+b.Min.X:y*pl.stride+b.Max.X], from):]
		}
	}
}

type plane struct {
	pix    []byte
	stride int
	bounds image.Rectangle
	shift  int // 1 for chroma: half the luma's size
	solid  byte
}

func planes(img *image.YCbCr) [3]plane {
	luma := img.Rect
	chroma := image.Rect(0, 0, (luma.Dx()+1)/2, (luma.Dy()+1)/2)
	return [3]plane{
		{img.Y, img.YStride, luma, 0, solidY},
		{img.Cb, img.CStride, chroma, 1, solidC},
		{img.Cr, img.CStride, chroma, 1, solidC},
	}
}

// scale brings a luma rectangle to the plane's resolution, rounded outward.
func (p plane) scale(r image.Rectangle) image.Rectangle {
	up := 1<<p.shift - 1
	return image.Rect(r.Min.X>>p.shift, r.Min.Y>>p.shift, (r.Max.X+up)>>p.shift, (r.Max.Y+up)>>p.shift)
}

// grid is the averages of a rectangle.
type grid struct {
	rect   image.Rectangle
	nx, ny int
	v      [maxCells][maxCells]int
}

func (p plane) average(r image.Rectangle) grid {
	cell := minCell >> p.shift
	g := grid{rect: r, nx: min(max(r.Dx()/cell, 1), maxCells), ny: min(max(r.Dy()/cell, 1), maxCells)}
	for j := range g.ny {
		y0, y1 := r.Min.Y+j*r.Dy()/g.ny, r.Min.Y+(j+1)*r.Dy()/g.ny
		for i := range g.nx {
			x0, x1 := r.Min.X+i*r.Dx()/g.nx, r.Min.X+(i+1)*r.Dx()/g.nx
			g.v[j][i] = p.mean(x0, y0, x1, y1)
		}
	}
	return g
}

func (p plane) mean(x0, y0, x1, y1 int) int {
	sum := 0
	for y := y0; y < y1; y++ {
		sum += sumBytes(p.pix[y*p.stride+x0 : y*p.stride+x1])
	}
	n := (x1 - x0) * (y1 - y0)
	return (sum + n/2) / n
}

// sumBytes adds eight bytes at a time, in four lanes of 16 bits.
func sumBytes(b []byte) int {
	const low = 0x00ff00ff00ff00ff
	sum := 0
	for len(b) >= 8 {
		var lanes uint64
		for range min(len(b)/8, 128) { // 128 x 2 x 255 still fits a lane
			v := binary.LittleEndian.Uint64(b)
			lanes += v&low + v>>8&low
			b = b[8:]
		}
		sum += int(lanes&0xffff + lanes>>16&0xffff + lanes>>32&0xffff + lanes>>48)
	}
	for _, v := range b {
		sum += int(v)
	}
	return sum
}

func (p plane) paint(whole image.Rectangle, style Style, ellipse bool) {
	if whole.Empty() {
		return
	}
	shape := oval{round: ellipse && style != Mosaic, soft: style == Blur}
	shape.cx, shape.cy = float64(whole.Min.X+whole.Max.X-1)/2, float64(whole.Min.Y+whole.Max.Y-1)/2
	shape.rx, shape.ry = float64(whole.Dx())/2, float64(whole.Dy())/2
	area := whole
	if shape.round && shape.soft {
		area = whole.Inset(-int(math.Ceil(softEdge * max(shape.rx, shape.ry))))
	}
	area, inner := area.Intersect(p.bounds), whole.Intersect(p.bounds)
	if area.Empty() || inner.Empty() {
		return
	}
	g := p.average(inner)
	if style == Solid {
		g = grid{rect: inner, nx: 1, ny: 1}
		g.v[0][0] = int(p.solid)
	}
	row := make([]byte, area.Dx())
	pieces := g.pieces(area, style)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		x0, x1 := shape.span(y, area)
		if x0 >= x1 {
			continue
		}
		g.row(row, pieces, y, style)
		dst := p.pix[y*p.stride+area.Min.X : y*p.stride+area.Max.X]
		shape.blend(dst, row, y, area.Min.X, x0, x1)
	}
}

// piece is a run of columns over which the mask's value is one straight line
// between two averages.
type piece struct {
	x0, x1, a, b int // columns from the row's start on; cells
	skip         int // columns from cell a's middle to x0
	share        int // 1/65536 of the way from a to b for each column
}

// pieces cuts the columns of area; a row is then painted without a division.
func (g *grid) pieces(area image.Rectangle, style Style) []piece {
	var out []piece
	add := func(x0, x1, a, b, from, width int) {
		x0, x1 = max(x0, area.Min.X), min(x1, area.Max.X)
		if x0 < x1 {
			out = append(out, piece{x0 - area.Min.X, x1 - area.Min.X, a, b, x0 - from, 1 << 16 / width})
		}
	}
	left, right := area.Min.X, area.Max.X
	if style == Mosaic {
		for i := range g.nx {
			end := g.rect.Min.X + (i+1)*g.rect.Dx()/g.nx
			add(left, end, i, i, left, 1)
			left = end
		}
		return out
	}
	add(left, g.middle(0), 0, 0, left, 1)
	for i := range g.nx - 1 {
		from, to := g.middle(i), g.middle(i+1)
		add(from, to, i, i+1, from, to-from)
	}
	add(g.middle(g.nx-1), right, g.nx-1, g.nx-1, right, 1)
	return out
}

// middle is the picture column of cell i's middle.
func (g *grid) middle(i int) int { return g.rect.Min.X + (2*i+1)*g.rect.Dx()/(2*g.nx) }

// row writes the mask's values for picture row y.
func (g *grid) row(dst []byte, pieces []piece, y int, style Style) {
	line := g.line(y, style)
	for _, p := range pieces {
		slope := (line[p.b] - line[p.a]) * p.share >> 8
		v := line[p.a]<<8 + slope*p.skip + 1<<15
		part := dst[p.x0:p.x1]
		for i := range part {
			part[i] = byte(v >> 16)
			v += slope
		}
	}
}

// line is the averages of picture row y, in 1/256.
func (g *grid) line(y int, style Style) (line [maxCells]int) {
	at, size := min(max(y-g.rect.Min.Y, 0), g.rect.Dy()-1), g.rect.Dy()
	a, b, part := cellAt(at, size, g.ny), 0, 0
	if style != Mosaic {
		pos := min(max((2*at+1)*g.ny*128/size-128, 0), (g.ny-1)*256)
		a, part = pos>>8, pos&255
		b = min(a+1, g.ny-1)
	}
	for i := range g.nx {
		line[i] = g.v[a][i]*(256-part) + g.v[b][i]*part
	}
	return line
}

// cellAt is the cell whose average covers pixel `at` of size: the same division as in average.
func cellAt(at, size, n int) int {
	at = min(max(at, 0), size-1)
	c := min((at+1)*n/size, n-1)
	for c*size/n > at {
		c--
	}
	return c
}

// oval is the mask's outline.
type oval struct {
	cx, cy, rx, ry float64
	round, soft    bool
}

// span is the part of row y that the outline, edge included, may touch.
func (o oval) span(y int, area image.Rectangle) (int, int) {
	if !o.round {
		return area.Min.X, area.Max.X
	}
	half := o.half(y, o.outer())
	if half < 0 {
		return 0, 0
	}
	return max(area.Min.X, int(math.Ceil(o.cx-half))), min(area.Max.X, int(math.Floor(o.cx+half))+1)
}

func (o oval) outer() float64 {
	if o.soft {
		return 1 + softEdge
	}
	return 1
}

// half is half the width of the ellipse scaled by r in row y, negative where
// the row misses it.
func (o oval) half(y int, r float64) float64 {
	dy := (float64(y) - o.cy) / o.ry
	d := r*r - dy*dy
	if d < 0 {
		return -1
	}
	return o.rx * math.Sqrt(d)
}

// blend copies src over dst between x0 and x1, mixing in the soft edge. Both
// begin at picture column left.
func (o oval) blend(dst, src []byte, y, left, x0, x1 int) {
	full0, full1 := x0, x1
	if o.round && o.soft {
		half := o.half(y, 1)
		full0, full1 = int(math.Ceil(o.cx-half)), int(math.Floor(o.cx+half))+1
		if half < 0 {
			full0, full1 = x1, x1
		}
		full0, full1 = min(max(full0, x0), x1), min(max(full1, x0), x1)
	}
	copy(dst[full0-left:max(full0, full1)-left], src[full0-left:])
	o.edge(dst, src, y, left, x0, full0)
	o.edge(dst, src, y, left, max(full0, full1), x1)
}

// edge mixes src into dst by how far the pixel lies between the ellipse and
// its outer border, counted in squared radii.
func (o oval) edge(dst, src []byte, y, left, x0, x1 int) {
	const outer = (1 + softEdge) * (1 + softEdge)
	dy := (float64(y) - o.cy) / o.ry
	rest, inv := outer-dy*dy, 1/o.rx
	for x := x0; x < x1; x++ {
		dx := (float64(x) - o.cx) * inv
		a := min(max(int((rest-dx*dx)*(256/(outer-1))), 0), 256)
		i := x - left
		dst[i] = byte((int(src[i])*a + int(dst[i])*(256-a) + 128) >> 8)
	}
}
