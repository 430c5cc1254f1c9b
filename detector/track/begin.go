package track

import (
	"cmp"
	"slices"
)

// begin starts a track at frame n and carries it back. It returns whether the face
// was lost on the way to the last pass.
func (s *Set) begin(n int, f Face, before, oldest int, flow Flow) (t *Track, lost bool) {
	t = s.add(n, f)
	t.before = before
	back := []Position{}
	cur := t.positions[0]
	driftX, driftY := s.drift(f.Box)
	vx, vy := -driftX, -driftY
	for m := n - 1; m >= oldest; m-- {
		guess := cur.Box.Move(vx, vy)
		found, unlike := Box{}, float32(1)
		if !lost {
			found, unlike = s.step(t, m+1, m, cur.Box, guess, max(0.9*cur.W, 8), flow)
		}
		switch {
		case unlike < 1:
			vx, vy = found.X-cur.X, found.Y-cur.Y
			cur = s.back(cur, found)
		case m > before || s.atEdge(cur.Box):
			// There was no pass, or the face is coming in and less of it was to
			// be seen before: nothing to match, but all that was there lies under this.
			lost = lost || m > before
			cur = Position{Box: guess, Slack: min(cur.Slack+0.2*cur.W, 0.8*cur.W), Rotation: f.Rotation, Reduced: f.Reduced}
		default:
			m = oldest - 1
			continue
		}
		back = append(back, cur)
	}
	t.vx, t.vy = driftX, driftY
	if len(back) > 0 {
		t.vx, t.vy = t.positions[0].X-back[0].X, t.positions[0].Y-back[0].Y
	}
	slices.Reverse(back)
	t.positions = append(back, t.positions...)
	t.first = n - len(back)
	return t, lost
}

// back is where a face was a frame before a position, where Flow found it.
func (s *Set) back(p Position, found Box) Position {
	return Position{Box: Box{found.X, found.Y, p.W, p.H}, Slack: min(p.Slack+0.03*p.W+0.2*s.p.Grain, 0.4*p.W), Rotation: p.Rotation, Reduced: p.Reduced}
}

// retrace follows a face that was lost since its last find back from where it was found again, as
// long as it fits well: it may be somebody else's, who was not in between the two places.
func (s *Set) retrace(t *Track, n int, flow Flow) {
	cur := *t.last()
	vx, vy := float32(0), float32(0)
	for m := n - 1; m > t.seenBefore && m >= t.first; m-- {
		found, unlike := s.step(t, m+1, m, cur.Box, cur.Box.Move(vx, vy), max(0.9*cur.W, 8), flow)
		if unlike >= fitsBadly {
			return
		}
		vx, vy = found.X-cur.X, found.Y-cur.Y
		cur = s.back(cur, found)
		t.positions[m-t.first] = cur
	}
}

// shadow masks where a face of a find was before frame n if it is another one's than the track's that
// took it: one that was found once, lost at once, and is far from where it was expected.
func (s *Set) shadow(n int, f Face, before, oldest int, flow Flow) {
	t, _ := s.begin(n, f, before, oldest, flow)
	if t.positions = t.positions[:len(t.positions)-1]; len(t.positions) == 0 {
		s.tracks = s.tracks[:len(s.tracks)-1]
	}
}

// atEdge reports whether a face may be only partly in the frame.
func (s *Set) atEdge(b Box) bool {
	near := 0.3 * b.W
	return b.X < near || b.Y < near || b.X+b.W > s.w-near || b.Y+b.H > s.h-near
}

const (
	// neighbours is how many tracks around a face may say how it moves, neighboursReach how far
	// away they are at most, in its widths.
	neighbours, neighboursReach = 3, 8
	// fitsBadly is the difference from which a face that was just found may be somewhere else.
	fitsBadly = 0.5
)

// step is Flow for a face of a track. From the frame of its last find on, before and after it, the
// speed is least known: where nothing fits well around the guess it may move as those around it
// do. Who moves by a face's width a frame is out of reach of a guess, and what is in reach may
// look a bit like a face all the same.
func (s *Set) step(t *Track, from, to int, box, guess Box, reach float32, flow Flow) (found Box, unlike float32) {
	found, unlike = flow(from, to, box, guess, reach)
	if from != t.lastSeen || unlike < fitsBadly || s.atEdge(box) {
		return found, unlike // at the edge less of it may be seen, which fits nowhere
	}
	for _, o := range s.around(t) {
		d := float32(to - from)
		if f, u := flow(from, to, box, box.Move(d*o.vx, d*o.vy), reach); u < unlike {
			found, unlike = f, u
		}
	}
	return found, unlike
}

// around are the tracks nearest to one that the same pass found, each not for the first time.
func (s *Set) around(t *Track) []*Track {
	x, y := t.last().Centre()
	away := func(o *Track) float32 {
		ox, oy := o.last().Centre()
		return hypot(ox-x, oy-y)
	}
	list := slices.DeleteFunc(slices.Clone(s.tracks), func(o *Track) bool {
		return o == t || o.lastSeen != t.lastSeen || o.Hits < 2 || away(o) > neighboursReach*t.last().W
	})
	slices.SortStableFunc(list, func(a, b *Track) int { return cmp.Compare(away(a), away(b)) })
	return list[:min(len(list), neighbours)]
}
