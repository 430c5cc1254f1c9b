package detect

import (
	"image"
	"math"

	"github.com/bauta-gateway/bauta/detector/track"
)

// partGrid divides the frame into units, partUnit pixels of the full view's input each way, and
// gathers those that are marked.
type partGrid struct {
	cols, rows int
	w, h       float64         // of a unit, in the frame's pixels
	frame      image.Rectangle // all of it
	view       image.Point     // the size of the full view, as the frame lies
	marked     []bool
}

func newPartGrid(v View, p pose) *partGrid {
	_, dst := fit(p.view(v.Frame.Rect), v.side(fullView))
	g := &partGrid{view: p.upright(dst.Max), frame: v.Frame.Rect}
	g.cols, g.rows = (g.view.X+partUnit-1)/partUnit, (g.view.Y+partUnit-1)/partUnit
	g.w = partUnit * float64(g.frame.Dx()) / float64(g.view.X)
	g.h = partUnit * float64(g.frame.Dy()) / float64(g.view.Y)
	g.marked = make([]bool, g.cols*g.rows)
	return g
}

// seen reports whether the full view may find a face of a size.
func (g *partGrid) seen(b track.Box) bool {
	return max(float64(b.W)/g.w, float64(b.H)/g.h)*partUnit >= seenWidth
}

// units are those that a rectangle of the frame touches.
func (g *partGrid) units(r image.Rectangle) image.Rectangle {
	u := image.Rectangle{
		image.Pt(int(float64(r.Min.X)/g.w), int(float64(r.Min.Y)/g.h)),
		image.Pt(int(math.Ceil(float64(r.Max.X)/g.w)), int(math.Ceil(float64(r.Max.Y)/g.h))),
	}
	return u.Intersect(image.Rect(0, 0, g.cols, g.rows))
}

func (g *partGrid) mark(r image.Rectangle) {
	u := g.units(r.Intersect(g.frame))
	for y := u.Min.Y; y < u.Max.Y; y++ {
		for x := u.Min.X; x < u.Max.X; x++ {
			g.marked[y*g.cols+x] = true
		}
	}
}

// markMoving marks what moves.
func (g *partGrid) markMoving(v View) {
	side := CellSide * v.Scale
	for i, moves := range v.Moving {
		if moves {
			x, y := i%v.MovingWidth*side, i/v.MovingWidth*side
			g.mark(image.Rect(x, y, x+side, y+side))
		}
	}
}

// parts are those of the frame with all marked units; none where nothing is marked, or where
// they would be most of the frame. A part that touches a known face has all of it.
func (g *partGrid) parts(known []track.Box) []part {
	var faces []image.Rectangle
	for _, b := range known {
		faces = append(faces, g.units(pixels(b.Grow(partAround, partAround)).Intersect(g.frame)))
	}
	var list []part // in units
	for i := range g.marked {
		if g.marked[i] {
			list = g.join(list, g.grown(g.take(image.Pt(i%g.cols, i/g.cols))), faces)
		}
	}
	area := 0
	for i := range list {
		area += list[i].crop.Dx() * list[i].crop.Dy()
		list[i] = part{g.pixels(list[i].core), g.pixels(list[i].crop)}
	}
	if float64(area) > partsMost*float64(g.cols*g.rows) {
		return nil
	}
	return list
}

// take unmarks the units that are joined to one, and returns the rectangle around them.
func (g *partGrid) take(p image.Point) image.Rectangle {
	around := image.Rectangle{}
	for next := []image.Point{p}; len(next) > 0; {
		p, next = next[len(next)-1], next[:len(next)-1]
		if !p.In(image.Rect(0, 0, g.cols, g.rows)) || !g.marked[p.Y*g.cols+p.X] {
			continue
		}
		g.marked[p.Y*g.cols+p.X] = false
		around = around.Union(image.Rectangle{Min: p, Max: p.Add(image.Pt(1, 1))})
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				next = append(next, p.Add(image.Pt(dx, dy)))
			}
		}
	}
	return around
}

// grown is the part around what changed.
func (g *partGrid) grown(core image.Rectangle) part {
	margin := partMargin + max(core.Dx(), core.Dy())/partShare
	return part{core, core.Inset(-margin).Intersect(image.Rect(0, 0, g.cols, g.rows))}
}

// join adds a part, as one with all that it touches.
func (g *partGrid) join(list []part, p part, faces []image.Rectangle) []part {
	for again := true; again; {
		again = false
		for _, f := range faces {
			if p.crop.Overlaps(f) && !f.In(p.crop) {
				p.crop, again = p.crop.Union(f), true
			}
		}
		var apart []part
		for _, q := range list {
			if q.crop.Overlaps(p.crop) {
				p, again = part{p.core.Union(q.core), p.crop.Union(q.crop)}, true
				continue
			}
			apart = append(apart, q)
		}
		list = apart
	}
	return append(list, p)
}

// pixels are those of the frame in units; where they begin is even, for the colours.
func (g *partGrid) pixels(u image.Rectangle) image.Rectangle {
	at := func(n int, size float64, most int) int { return min(int(math.Round(float64(n)*size))&^1, most) }
	r := image.Rect(at(u.Min.X, g.w, g.frame.Max.X), at(u.Min.Y, g.h, g.frame.Max.Y), at(u.Max.X, g.w, g.frame.Max.X), at(u.Max.Y, g.h, g.frame.Max.Y))
	if u.Max.X == g.cols {
		r.Max.X = g.frame.Max.X
	}
	if u.Max.Y == g.rows {
		r.Max.Y = g.frame.Max.Y
	}
	return r
}

// size is that of a part of the frame in the network's input, as viewers see it.
func (g *partGrid) size(r image.Rectangle, p pose) image.Point {
	scaled := func(n int, unit float64) int { return max(1, int(math.Round(float64(n)*partUnit/unit))) }
	return p.upright(image.Pt(scaled(r.Dx(), g.w), scaled(r.Dy(), g.h)))
}
