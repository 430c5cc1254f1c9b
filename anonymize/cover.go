package anonymize

// #include "paint.h"
import "C"

import (
	"image"
	"math"
)

// Face is a face to hide: the rectangle of its mask, which may reach outside
// of the frame, and the track whose noise it has.
type Face struct {
	Rect  image.Rectangle
	Track int
}

// Zone is an area that is hidden whole: in the grey of Solid, or in Cover's style.
type Zone struct {
	*Area
	Solid bool
}

// Cover is all that hides something in one frame. It is painted at once
// because what one part of it hides must not be in the tones of another.
type Cover struct {
	Style Style
	Seed  Seed
	Frame int
	Faces []Face
	// Shown are the masks that faces shown by consent would have: they stay
	// bare, and no mask takes a tone of them.
	Shown []image.Rectangle
	// Parts are rectangles that are hidden whole. Where one is the whole frame
	// no pixel has a part in what is shown, for any may be a face's.
	Parts []image.Rectangle
	Zones []Zone

	// Used again for every frame and plane.
	hidden hidden
	noises [][3]noise
	whole  [3]noise
	masks  []mask
}

// Paint hides all of it: zones over faces over parts. On each plane all tones
// are found before anything is painted.
func (c *Cover) Paint(img *image.YCbCr) {
	for _, z := range c.Zones {
		z.check(img)
	}
	c.draw()
	for i, p := range planes(img) {
		c.conceal(p)
		cells := c.cells(i)
		c.masks = c.masks[:0]
		for k, f := range c.Faces {
			c.masks = append(c.masks, c.hidden.face(f.Rect, c.Style, &c.noises[k][i]))
		}
		for _, r := range c.Parts {
			if area := p.scale(r).Intersect(p.bounds); !area.Empty() {
				m := cells.mask(area, c.Style)
				p.show(&m)
			}
		}
		for k := range c.masks {
			p.show(&c.masks[k])
		}
		for _, z := range c.Zones {
			z.paint(p, &cells, c.Style)
		}
	}
}

// draw makes the noise.
func (c *Cover) draw() {
	c.noises = c.noises[:0]
	for _, f := range c.Faces {
		var n [3]noise
		if c.Style != Solid {
			n = c.Seed.noiseOf(f.Track, c.Frame)
		}
		c.noises = append(c.noises, n)
	}
	if c.needsCells() {
		c.whole = c.Seed.noiseOf(wholeTrack, c.Frame)
	}
}

// cells is what is shown of what is hidden whole.
func (c *Cover) cells(plane int) grid {
	p := c.hidden.plane
	if !c.needsCells() {
		return p.grey(p.bounds)
	}
	seen := c.hidden.cells()
	return p.tones(p.bounds, seen[:], &cellWeights, &c.whole[plane])
}

// needsCells reports whether anything is hidden in the tones of the whole frame.
func (c *Cover) needsCells() bool {
	need := len(c.Parts) > 0
	for _, z := range c.Zones {
		need = need || !z.Solid
	}
	return need && c.Style != Solid
}

// conceal notes what is hidden on a plane.
func (c *Cover) conceal(p plane) {
	h := &c.hidden
	h.plane, h.zones, h.shapes = p, c.Zones, h.shapes[:0]
	add := func(r image.Rectangle, round bool) {
		if !r.Empty() {
			h.shapes = append(h.shapes, p.shapeOf(r, round))
		}
	}
	for _, f := range c.Faces {
		add(f.Rect, c.Style != Mosaic)
	}
	for _, r := range c.Shown {
		add(r, true)
	}
	for _, r := range c.Parts {
		add(r, false)
	}
}

// farOutside bounds how far outside of the frame a mask's cells reach, in
// pixels, so that 32 bits are enough in C; its ellipse may be larger.
const farOutside = 4096

// face is the mask of a face; it paints nothing where none of it is in the frame.
func (h *hidden) face(r image.Rectangle, style Style, n *noise) mask {
	p := h.plane
	s := p.shapeOf(r, style != Mosaic)
	area := s.rect
	if style == Blur {
		area = area.Inset(-int(math.Ceil(softEdge * max(s.rx, s.ry))))
	}
	area = area.Intersect(p.bounds)
	if r.Empty() || area.Empty() {
		return mask{}
	}
	box := s.rect.Intersect(p.bounds.Inset(-farOutside))
	g := p.grey(box)
	if style != Solid {
		ring := h.ring(&s)
		g = p.tones(box, ring[:], &sectorWeights, n)
	}
	return g.ellipse(&s, area, style)
}

// ellipse is the mask of shape s within area, or its rectangle where it is one.
func (g *grid) ellipse(s *shape, area image.Rectangle, style Style) mask {
	m := g.mask(area, style)
	m.cx, m.cy, m.rx, m.ry, m.edge = C.double(s.cx), C.double(s.cy), C.double(s.rx), C.double(s.ry), softEdge
	m.round, m.soft = truth(s.round), truth(style == Blur)
	return m
}

// grey is the grid of Solid.
func (p plane) grey(r image.Rectangle) grid {
	g := grid{rect: r, nx: 1, ny: 1}
	g.v[0][0] = int(p.solid)
	return g
}

// tones fills a grid over r from what is seen around it.
func (p plane) tones(r image.Rectangle, seen []tally, w *weights, n *noise) grid {
	cell := minCell >> p.shift
	g := grid{rect: r, nx: min(max(r.Dx()/cell, 1), maxCells), ny: min(max(r.Dy()/cell, 1), maxCells)}
	for j := range g.ny {
		for i := range g.nx {
			// Of fewer cells each stands for one of the full number.
			a, b := (2*i+1)*maxCells/(2*g.nx), (2*j+1)*maxCells/(2*g.ny)
			v := mix(seen, w[b][a], float64(p.fixed)) + n[b][a]
			g.v[j][i] = int(math.Round(min(max(v, darkest), brightest)))
		}
	}
	return g
}
