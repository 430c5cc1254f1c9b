package anonymize

import (
	"image"
	"math"
)

// canvas finds the pixels of polygons on a plane, row by row.
type canvas struct {
	w, h     float64 // the frame's size in samples of the plane: the last ones may reach over its border
	polygons []outline
	beyond   bool
	out      []bool // the row's pixels
	touched  []bool
	inside   []bool
	passed   []int
}

// outline is a polygon in pixels of a plane, and the pixels around it.
type outline struct {
	Polygon
	around image.Rectangle
}

func newCanvas(size image.Point, w, h float64, polygons []Polygon) *canvas {
	c := &canvas{w: w, h: h, out: make([]bool, size.X), touched: make([]bool, size.X), inside: make([]bool, size.X), passed: make([]int, size.X+1)}
	for _, p := range polygons {
		o := outline{}
		for i, v := range p {
			o.Polygon = append(o.Polygon, Point{v.X * w, v.Y * h})
			x, y := int(v.X*w), int(v.Y*h)
			if r := image.Rect(x-1, y-1, x+2, y+2); i == 0 {
				o.around = r
			} else {
				o.around = o.around.Union(r)
			}
		}
		o.around = o.around.Intersect(image.Rectangle{Max: size})
		c.polygons = append(c.polygons, o)
	}
	return c
}

// row sets in out the pixels that a polygon touches or, for beyond, those
// that are wholly inside of one. A pixel that a polygon touches holds a part of its
// border or has its middle inside.
func (c *canvas) row(y int) {
	clear(c.out)
	for _, p := range c.polygons {
		if y < p.around.Min.Y || y >= p.around.Max.Y {
			continue
		}
		x0, x1 := p.around.Min.X, p.around.Max.X
		c.touch(p, y)
		c.fill(p, y)
		for x := x0; x < x1; x++ {
			if c.beyond {
				c.out[x] = c.out[x] || c.inside[x] && !c.touched[x]
			} else {
				c.out[x] = c.out[x] || c.inside[x] || c.touched[x]
			}
		}
	}
}

// touch marks the pixels of row y that hold a part of the border.
func (c *canvas) touch(p outline, y int) {
	clear(c.touched[p.around.Min.X:p.around.Max.X])
	top, bottom := float64(y), float64(y+1)
	for i := range p.Polygon {
		a, b := p.edge(i)
		if a.Y > b.Y {
			a, b = b, a
		}
		if b.Y < top || a.Y > bottom || c.beyond && c.border(a, b) {
			continue
		}
		x0, x1 := a.X, b.X
		if b.Y > a.Y {
			x0, x1 = along(a, b, max(top, a.Y)), along(a, b, min(bottom, b.Y))
		}
		mark(c.touched, min(x0, x1), max(x0, x1))
	}
}

// border reports whether an edge runs along the frame's.
func (c *canvas) border(a, b Point) bool {
	return a.X == b.X && (a.X == 0 || a.X == c.w) || a.Y == b.Y && (a.Y == 0 || a.Y == c.h)
}

// mark sets the pixels from x0 to x1, with a hair more for rounding.
func mark(row []bool, x0, x1 float64) {
	const hair = 1e-6
	for x := max(0, int(math.Floor(x0-hair))); x < len(row) && float64(x) <= x1+hair; x++ {
		row[x] = true
	}
}

// fill marks the pixels of row y whose middle is inside (nonzero winding).
func (c *canvas) fill(p outline, y int) {
	clear(c.passed[p.around.Min.X:p.around.Max.X])
	middle := float64(y) + 0.5
	for i := range p.Polygon {
		a, b := p.edge(i)
		if dir := crossing(a, b, math.Inf(1), middle); dir != 0 {
			x := int(math.Ceil(along(a, b, middle) - 0.5))
			c.passed[min(max(x, 0), len(c.passed)-1)] += dir
		}
	}
	wind := 0
	for x := p.around.Min.X; x < p.around.Max.X; x++ {
		wind += c.passed[x]
		c.inside[x] = wind != 0
	}
}

// along is the edge's column at height y.
func along(a, b Point, y float64) float64 { return a.X + (y-a.Y)/(b.Y-a.Y)*(b.X-a.X) }
