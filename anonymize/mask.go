// Package anonymize paints masks on the planes of decoded frames. What a
// mask shows is made of what is seen around it, of fixed tones and of noise: no pixel
// that it hides has a part in it. Averages of a face are enough to tell whose it is among
// those in the frame, and plain Gaussian blur is reversed by published attacks
// (arXiv 2506.12344).
//
// In: a frame's planes and a Cover of what to hide in them. Out: the same planes, painted;
// an Overlay takes the paint off again. It has no goroutine and is used by one at a time. It
// never decides what is hidden, and never reads a hidden pixel to paint.
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
)

// Style is how a mask looks.
type Style uint8

// The styles.
const (
	// Blur is soft tones in an ellipse with a soft edge, as if out of focus.
	Blur Style = iota
	// Mosaic is the same with hard edges: cells in a rectangle.
	Mosaic
	// Solid is one neutral grey in an ellipse.
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
	// maxCells is the most cells along each side.
	maxCells = 5
	// minCell is the smallest cell in pixels: small masks get fewer cells.
	minCell = 8
	// softEdge is the width of Blur's edge as a share of the ellipse's radius. It lies outside of
	// what has to be hidden: 8 % instead of 4 adds 3 % to what is changed, and saves no face.
	softEdge = 0.04
	solidY   = 96
	solidC   = 128
)

type plane struct {
	pix    []byte
	stride int
	bounds image.Rectangle
	shift  int  // 1 for chroma: half the luma's size
	solid  byte // what Solid paints
	fixed  byte // what the tones of the other styles are drawn towards
}

func planes(img *image.YCbCr) [3]plane {
	luma := img.Rect
	chroma := image.Rect(0, 0, (luma.Dx()+1)/2, (luma.Dy()+1)/2)
	return [3]plane{
		{img.Y, img.YStride, luma, 0, solidY, fixedY},
		{img.Cb, img.CStride, chroma, 1, solidC, fixedC},
		{img.Cr, img.CStride, chroma, 1, solidC, fixedC},
	}
}

// scale brings a luma rectangle to the plane's resolution, rounded outward.
func (p plane) scale(r image.Rectangle) image.Rectangle {
	up := 1<<p.shift - 1
	return image.Rect(r.Min.X>>p.shift, r.Min.Y>>p.shift, (r.Max.X+up)>>p.shift, (r.Max.Y+up)>>p.shift)
}

// grid is the tones of a rectangle, cell by cell.
type grid struct {
	rect   image.Rectangle
	nx, ny int
	v      [maxCells][maxCells]int
}

func (p plane) show(m *mask) {
	if m.right-m.left > C.BAUTA_WIDEST {
		panic("mask of a frame wider than any that a worker takes") // rather than one that hides a part of it
	}
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

// row writes what m shows in frame row y.
func (m *mask) row(dst []byte, y int) {
	C.bauta_row((*C.bauta_mask)(m), C.int(y), (*C.uint8_t)(&dst[0]))
}

// mask shows the tones within area, up to its edges.
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
// between two cells.
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

// middle is the frame column of cell i's middle.
func (g *grid) middle(i int) int { return g.rect.Min.X + (2*i+1)*g.rect.Dx()/(2*g.nx) }
