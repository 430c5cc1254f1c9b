package detect

import (
	"image"
	"slices"

	"github.com/bauta-gateway/bauta/detector/track"
)

// Side passes see the frame much reduced, in which small faces are none, least where noise, a
// lens or a coarse encoder took their detail. What moves and is of nobody whose face was found is
// therefore searched closely at other rotations: a camera may hang sideways, or a person lie down.

var (
	// nearOrder is the order of close passes while nobody is surely found, lyingOrder that of
	// those for who lies among others.
	nearOrder  = []track.Rotation{2, 6, 4, 1, 7}
	lyingOrder = []track.Rotation{2, 6}
)

const (
	// nearRate and lyingRate are what a second pays for of close passes, while nobody is surely
	// found and otherwise; nearMost bounds what is saved up, nearPrice is what a tile costs.
	nearRate, lyingRate, nearMost, nearPrice = 1.5, 0.75, 6, 1.1
)

// near is the allowance of close passes.
type near struct {
	credit float64
	next   int // how many rotations had their turn
}

// replenish adds the allowance of some seconds, of a frame with so many times as much to search.
func (c *near) replenish(seconds, times float64, found bool) {
	rate := nearRate
	if found {
		rate = lyingRate
	}
	c.credit = min(c.credit+rate*seconds*times, nearMost*times)
}

// nextNear is the next rotation for a close pass, if one can be paid for.
func (t *rotations) nextNear(done track.RotationSet) (track.Rotation, bool) {
	order := nearOrder
	if t.lately(t.preferred) {
		order = lyingOrder
	}
	for range order {
		rotation := (t.preferred + order[t.near.next%len(order)]) % track.RotationCount
		if t.near.credit < nearPrice {
			return 0, false
		}
		if t.near.next++; !done.Has(rotation) {
			t.near.credit -= nearPrice
			return rotation, true
		}
	}
	return 0, false
}

// nearPasses has close passes at rotations that are not in done.
func (m *modelFinder) nearPasses(v View, p pose, done track.RotationSet) (faces []track.Face, err error) {
	small := p.closeArea(v.Frame.Rect) == image.Point{} // then side passes see enough of who lies among others
	if m.rotations.near.credit < nearPrice || small && m.rotations.lately(m.rotations.preferred) {
		return nil, nil
	}
	if v.Moving = unexplained(v); !slices.Contains(v.Moving, true) {
		return nil, nil
	}
	for {
		rotation, ok := m.rotations.nextNear(done)
		if !ok {
			return faces, nil
		}
		p.rotation, done = rotation, done.With(rotation)
		found, err := m.nearPass(v, p)
		if err != nil {
			return nil, err
		}
		faces = append(faces, found...)
	}
}

// nearPass searches the tile where most moves; of frames that have no more than the full view
// shows, that one, cut to what moves.
func (m *modelFinder) nearPass(v View, p pose) ([]track.Face, error) {
	area := p.closeArea(v.Frame.Rect)
	if area == (image.Point{}) {
		m.rotations.near.credit -= fullPrice.of(p.rotation) - nearPrice
		return m.detectMoving(v, p)
	}
	r, ok := m.tiles[p.rotation].moving(v, area)
	if !ok {
		return nil, nil
	}
	return m.detectTile(v, p, r)
}

// detectMoving searches the parts of the full view in which something moves.
func (m *modelFinder) detectMoving(v View, p pose) ([]track.Face, error) {
	if !p.rotation.Aslant() && v.MovingWidth > 0 {
		g := newPartGrid(v, p)
		g.markMoving(v)
		if parts := g.parts(nil); len(parts) > 0 {
			return m.detectParts(v, p, parts)
		}
	}
	return m.detectFullView(v, p, fullView)
}

// unexplained marks the cells that move and lie on nobody whose face was surely found.
func unexplained(v View) []bool {
	cells, side := slices.Clone(v.Moving), float32(CellSide*v.Scale)
	for _, t := range v.Tracks {
		s, ok := t.At(v.N)
		if !ok || t.SureHits == 0 || v.MovingWidth < 1 {
			continue
		}
		b := body(s)
		rows := len(cells) / v.MovingWidth
		for y := max(int(b.Y/side), 0); y < min(int((b.Y+b.H)/side)+1, rows); y++ {
			for x := max(int(b.X/side), 0); x < min(int((b.X+b.W)/side)+1, v.MovingWidth); x++ {
				cells[y*v.MovingWidth+x] = false
			}
		}
	}
	return cells
}

// body is about where the person is whose face lies so: a standing one is some eight faces high,
// with arms as far as a face and a half to each side.
func body(s track.Position) track.Box {
	const side, above, below, aslant = 1.5, 0.5, 8, 5
	if s.Rotation.Aslant() {
		return s.Box.Grow(aslant, aslant)
	}
	left, top, right, bottom := s.Rotation.Sides(side, above, side, below)
	return track.Box{X: s.X - left*s.W, Y: s.Y - top*s.H, W: (1 + left + right) * s.W, H: (1 + top + bottom) * s.H}
}
