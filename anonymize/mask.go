// Package anonymize paints masks on the planes of decoded pictures. A mask
// is made of at most 5 x 5 averages of what it covers, so nothing else of the
// face can be in the output, however it is sharpened: plain Gaussian blur is
// reversed by published attacks (arXiv 2506.12344).
package anonymize

/*
#cgo CFLAGS: -O3 -Wall
#cgo LDFLAGS: -lm
#include "paint.h"
*/
import "C"

import (
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
		p.paint(p.scale(r), style)
	}
}

// PaintAll masks the whole picture from 5 x 5 averages.
func PaintAll(img *image.YCbCr, style Style) { PaintParts(img, []image.Rectangle{img.Rect}, style) }

// PaintParts shows in the parts of a picture what PaintAll would make of the
// whole: the cells are larger than those of any mask on a face, however small a part is.
func PaintParts(img *image.YCbCr, parts []image.Rectangle, style Style) {
	if len(parts) == 0 {
		return
	}
	for _, p := range planes(img) {
		g := grid{rect: p.bounds, nx: 1, ny: 1}
		if g.v[0][0] = int(p.solid); style != Solid {
			g = p.average(p.bounds)
		}
		for _, r := range parts {
			if area := p.scale(r).Intersect(p.bounds); !area.Empty() {
				m := g.mask(area, style)
				p.show(&m)
			}
		}
	}
}

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
	sum := int(C.bauta_sum((*C.uint8_t)(&p.pix[0]), C.int(p.stride), C.int(x0), C.int(y0), C.int(x1), C.int(y1)))
	n := (x1 - x0) * (y1 - y0)
	return (sum + n/2) / n
}

func (p plane) paint(whole image.Rectangle, style Style) {
	if whole.Empty() {
		return
	}
	area, round := whole, style != Mosaic
	if round && style == Blur {
		area = whole.Inset(-int(math.Ceil(softEdge * float64(max(whole.Dx(), whole.Dy())) / 2)))
	}
	area, inner := area.Intersect(p.bounds), whole.Intersect(p.bounds)
	if area.Empty() || inner.Empty() {
		return
	}
	g := grid{rect: inner, nx: 1, ny: 1}
	if g.v[0][0] = int(p.solid); style != Solid {
		g = p.average(inner)
	}
	m := g.mask(area, style)
	m.cx, m.cy = C.double(whole.Min.X+whole.Max.X-1)/2, C.double(whole.Min.Y+whole.Max.Y-1)/2
	m.rx, m.ry, m.edge = C.double(whole.Dx())/2, C.double(whole.Dy())/2, softEdge
	m.round, m.soft = truth(round), truth(style == Blur)
	p.show(&m)
}

func (p plane) show(m *mask) {
	C.bauta_paint((*C.uint8_t)(&p.pix[0]), C.int(p.stride), (*C.bauta_mask)(m))
}

func truth(v bool) C.int32_t {
	if v {
		return 1
	}
	return 0
}

// mask is what to paint, as C takes it.
type mask C.bauta_mask

// row writes what m shows in picture row y.
func (m *mask) row(dst []byte, y int) {
	C.bauta_row((*C.bauta_mask)(m), C.int(y), (*C.uint8_t)(&dst[0]))
}

// mask shows the averages within area, up to its edges.
func (g *grid) mask(area image.Rectangle, style Style) mask {
	m := mask{hard: truth(style == Mosaic)}
	m.left, m.top, m.right, m.bottom = C.int32_t(area.Min.X), C.int32_t(area.Min.Y), C.int32_t(area.Max.X), C.int32_t(area.Max.Y)
	m.grid_top, m.grid_height = C.int32_t(g.rect.Min.Y), C.int32_t(g.rect.Dy())
	m.nx, m.ny = C.int32_t(g.nx), C.int32_t(g.ny)
	for j := range g.ny {
		for i := range g.nx {
			m.v[j][i] = C.int32_t(g.v[j][i])
		}
	}
	for i, p := range g.pieces(area, style) {
		m.pieces[i] = C.bauta_piece{x0: C.int32_t(p.x0), x1: C.int32_t(p.x1), a: C.int32_t(p.a), b: C.int32_t(p.b), skip: C.int32_t(p.skip), share: C.int32_t(p.share)}
		m.npieces++
	}
	return m
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
