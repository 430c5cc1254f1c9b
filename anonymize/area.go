package anonymize

import (
	"image"
)

// Area is a set of pixels of any shape, made for one size of frames. A nil
// one is empty.
type Area struct {
	size image.Point
	// Of luma and of chroma, from top to bottom.
	lines  [2][]run
	rows   [2][]int // a row's first line, or that of the next one that has any
	bounds [2]image.Rectangle
}

// run is pixels x0 to x1-1 of row y.
type run struct{ y, x0, x1 int }

// Touched is all pixels that one of the polygons touches. It is rounded
// outward on each plane, so that no sample of chroma holds a part of the inside.
func Touched(size image.Point, polygons []Polygon) *Area { return newArea(size, polygons, false) }

// Beyond is all pixels that do not lie wholly inside one of the polygons,
// whose edges along the frame's border count as inside.
func Beyond(size image.Point, polygons []Polygon) *Area { return newArea(size, polygons, true) }

func newArea(size image.Point, polygons []Polygon, beyond bool) *Area {
	a := &Area{size: size}
	for shift := range a.lines {
		n := image.Pt((size.X+shift)>>shift, (size.Y+shift)>>shift)
		c := newCanvas(n, float64(size.X)/float64(1+shift), float64(size.Y)/float64(1+shift), polygons)
		c.beyond = beyond
		for y := range n.Y {
			c.row(y)
			a.rows[shift] = append(a.rows[shift], len(a.lines[shift]))
			a.lines[shift] = appendRuns(a.lines[shift], y, c.out, !beyond)
		}
	}
	for i, list := range a.lines {
		for _, r := range list {
			a.bounds[i] = a.bounds[i].Union(image.Rect(r.x0, r.y, r.x1, r.y+1))
		}
	}
	return a
}

// appendRuns adds the runs of pixels that are set as wanted.
func appendRuns(list []run, y int, row []bool, wanted bool) []run {
	for x := 0; x < len(row); x++ {
		if row[x] != wanted {
			continue
		}
		from := x
		for x < len(row) && row[x] == wanted {
			x++
		}
		list = append(list, run{y, from, x})
	}
	return list
}

// each calls do with the area's runs on every plane of a frame of its size.
func (a *Area) each(img *image.YCbCr, do func(p plane, r run)) {
	if a == nil {
		return
	}
	a.check(img)
	for i, p := range planes(img) {
		for _, r := range a.lines[min(i, 1)] {
			do(p, r)
		}
	}
}

// check panics where the area was made for frames of another size: going on
// would leave pixels bare.
func (a *Area) check(img *image.YCbCr) {
	if a != nil && img.Rect.Size() != a.size {
		panic("anonymize: area of another picture size")
	}
}

func (p plane) at(r run) []byte { return p.pix[r.y*p.stride+r.x0 : r.y*p.stride+r.x1] }

// holds reports whether a pixel of a plane, 0 for luma and 1 for chroma, lies in the area.
func (a *Area) holds(plane, x, y int) bool {
	if a == nil || !image.Pt(x, y).In(a.bounds[plane]) {
		return false
	}
	lines := a.lines[plane]
	for i := a.rows[plane][y]; i < len(lines) && lines[i].y == y && lines[i].x0 <= x; i++ {
		if x < lines[i].x1 {
			return true
		}
	}
	return false
}

// paint paints the zone on one plane, with what the grid shows there unless it is solid.
func (z Zone) paint(p plane, g *grid, style Style) {
	if z.Area == nil {
		return
	}
	if z.Solid {
		solid := p.grey(p.bounds)
		g, style = &solid, Solid
	}
	within := z.bounds[p.shift]
	if within.Empty() {
		return
	}
	m := g.mask(within, style)
	row, at := make([]byte, within.Dx()), -1
	for _, r := range z.lines[p.shift] {
		if r.y != at {
			at = r.y
			m.row(row, at)
		}
		copy(p.at(r), row[r.x0-within.Min.X:])
	}
}

// Cut appends a copy of the area's pixels to old.
func (a *Area) Cut(img *image.YCbCr, old []byte) []byte {
	a.each(img, func(p plane, r run) { old = append(old, p.at(r)...) })
	return old
}

// Restore puts the pixels back that Cut copied.
func (a *Area) Restore(img *image.YCbCr, from []byte) {
	a.each(img, func(p plane, r run) { from = from[copy(p.at(r), from):] })
}
