package track

import (
	"math"
	"slices"
)

// doubleIoU is the overlap from which a track that was not found is of the same face as
// one that was found at another rotation.
const doubleIoU = 0.5

// doubles reports whether a track is of a face that one of those that were found holds:
// between two rotations a face may have been found in either.
func doubles(t *Track, found []*Track) bool {
	return slices.ContainsFunc(found, func(o *Track) bool {
		return o != nil && o.last().Rotation != t.last().Rotation && IoU(o.last().Box, t.last().Box) > doubleIoU
	})
}

// owners are the tracks that the finds belong to, nil where there is none: the nearest,
// and where faces are where no track expected them, those that pass alike.
func (s *Set) owners(n int, live []*Track, faces []Face, flow Flow) []*Track {
	owner := assign(live, faces, pairs(live, faces, s.p.Continue, s.p.Start), make([]*Track, len(faces)))
	s.jumps = s.jumps[:0]
	if !s.scattered(n, live, faces, owner) {
		return owner
	}
	around, all := s.places(n, live, faces, owner)
	if !all && len(around) == 0 {
		return owner
	}
	leaps := assign(live, faces, s.alike(n, live, faces, func(f Face) bool { return all || within(around, f.Box) }, flow), make([]*Track, len(faces)))
	s.note(n, faces, leaps)
	return assign(live, faces, pairs(live, faces, s.p.Continue, s.p.Start), leaps)
}

// assign gives finds that have none a track, likeliest pairs first.
func assign(live []*Track, faces []Face, list []pair, owner []*Track) []*Track {
	for _, m := range list {
		if t := live[m.track]; owner[m.face] == nil && !slices.Contains(owner, t) {
			owner[m.face] = t
		}
	}
	return owner
}

// missing reports whether a sure face is not found where it was just seen.
func (t *Track) missing(n int, owner []*Track) bool {
	return t.SureHits > 0 && t.missed == 0 && t.lastSeen < n && !slices.Contains(owner, t)
}

// places are the parts of a panorama in which a face may have leapt: around finds where nobody
// was, as far as one that is missing may have come from. Somebody is missing somewhere in it
// nearly always, which says nothing of those elsewhere. all is true for any other frame.
func (s *Set) places(n int, live []*Track, faces []Face, owner []*Track) (around []Box, all bool) {
	if !s.panorama() {
		return nil, true
	}
	for _, t := range live {
		was, ok := t.At(t.lastSeen)
		if !ok || !t.missing(n, owner) {
			continue
		}
		for i, f := range faces {
			if place := f.Grow(lensReach/f.W, lensReach/f.H); owner[i] == nil && !f.Again && f.Score >= s.p.Sure && within([]Box{place}, was.Box) {
				around = append(around, place)
			}
		}
	}
	return around, false
}

// within reports whether a box's middle lies in one of several.
func within(list []Box, b Box) bool {
	x, y := b.Centre()
	return slices.ContainsFunc(list, func(o Box) bool { return x >= o.X && x <= o.X+o.W && y >= o.Y && y <= o.Y+o.H })
}

// mayLeap reports whether a face may have come from where a track was last seen.
func (s *Set) mayLeap(n int, t *Track, was Position, f Face) bool {
	x, y := was.Centre()
	fx, fy := f.Centre()
	return unlikeSize(f.Across(), was.across()) <= 0.4 && hypot(fx-x, fy-y) <= float32(n-t.lastSeen)*s.leap(was)
}

// scattered reports whether a sure face is missing where one was just seen, and another one
// is where nobody was.
func (s *Set) scattered(n int, live []*Track, faces []Face, owner []*Track) bool {
	missing := slices.ContainsFunc(live, func(t *Track) bool { return t.missing(n, owner) })
	for i, f := range faces {
		if missing && owner[i] == nil && !f.Again && f.Score >= s.p.Sure {
			return true
		}
	}
	return false
}

const (
	// Panorama is the longer side in pixels beyond which a frame comes from several lenses side by
	// side, or shows a crowd from afar.
	Panorama = 4096
	// leap is how far a face may move in one frame, as a share of the frame's longer side.
	// Frames longer than Panorama are taken as scenes side by side that reach `lensReach` pixels to
	// each side, as far as one of 1080p does; large faces may move by leapWidths in them.
	leap, lensReach, leapWidths = 1.0 / 12, 960, 4
	// alikeReach is how far from a find's middle its likeness is sought, in face widths.
	alikeReach = 0.3
)

// panorama reports whether the frames are longer than Panorama.
func (s *Set) panorama() bool { return max(s.w, s.h) > Panorama }

// leap is the farthest that a face may move from a position in one frame.
func (s *Set) leap(from Position) float32 {
	long := max(s.w, s.h)
	if s.panorama() {
		return min(leap*long, max(leap*2*lensReach, leapWidths*from.across()))
	}
	return leap * long
}

// alike lists the pairs of which the find looks like the track when it was last seen,
// and could have come from there; only finds that count are in it.
func (s *Set) alike(n int, live []*Track, faces []Face, counts func(Face) bool, flow Flow) []pair {
	var out []pair
	for ti, t := range live {
		was, ok := t.At(t.lastSeen)
		if !ok || t.lastSeen == n {
			continue
		}
		x, y := was.Centre()
		for fi, f := range faces {
			if f.Again || f.Score < s.p.Start || !s.mayLeap(n, t, was, f) || !counts(f) {
				continue
			}
			fx, fy := f.Centre()
			if _, unlike := flow(t.lastSeen, n, was.Box, was.Box.Move(fx-x, fy-y), alikeReach*was.W); unlike < 1 {
				out = append(out, pair{ti, fi, unlike})
			}
		}
	}
	return likeliest(out)
}

// jump is where a face was found to which it moved far, and by how much a frame.
type jump struct {
	Box
	x, y float32
}

// note keeps how the faces moved that moved far.
func (s *Set) note(n int, faces []Face, owner []*Track) {
	for i, t := range owner {
		if t == nil {
			continue
		}
		was, _ := t.At(t.lastSeen)
		x, y := was.Centre()
		fx, fy := faces[i].Centre()
		gap := float32(n - t.lastSeen)
		s.jumps = append(s.jumps, jump{faces[i].Box, (fx - x) / gap, (fy - y) / gap})
	}
}

// drift is how the faces around a box moved in a frame, 0 where fewer than two moved far: new ones
// come from the same side. In a panorama those elsewhere say nothing.
func (s *Set) drift(around Box) (x, y float32) {
	place := around.Grow(lensReach/around.W, lensReach/around.H)
	var xs, ys []float32
	for _, j := range s.jumps {
		if !s.panorama() || within([]Box{place}, j.Box) {
			xs, ys = append(xs, j.x), append(ys, j.y)
		}
	}
	if len(xs) < 2 {
		return 0, 0
	}
	slices.Sort(xs)
	slices.Sort(ys)
	return xs[len(xs)/2], ys[len(ys)/2]
}

type pair struct {
	track, face int
	cost        float32
}

const (
	// weakIoU is how much of a track that was never surely a face a find must cover that
	// could not begin one itself: else such tracks wander about and grow.
	weakIoU = 0.35
	// weakUnlike is the difference in size from which such a find is of no track: a picture
	// full of small faces looks like a large one, weakly.
	weakUnlike = 0.4
)

// takesWeak reports whether a find that could not begin a track may be of this one.
func (t *Track) takesWeak(f Face) bool {
	p := t.last()
	switch {
	case Unlike(f, *p) > weakUnlike:
		return false
	case t.SureHits > 0:
		return true
	}
	return !t.lapsed && IoU(p.Box, f.Box) >= weakIoU
}

// pairs lists the possible track-face pairs, likeliest first.
func pairs(live []*Track, faces []Face, minScore, startScore float32) []pair {
	var out []pair
	for ti, t := range live {
		p := t.last()
		for fi, f := range faces {
			if f.Score < minScore {
				continue
			}
			if f.Score < startScore && !t.takesWeak(f) {
				continue
			}
			if c, ok := cost(p, f); ok {
				out = append(out, pair{ti, fi, c})
			}
		}
	}
	return likeliest(out)
}

func likeliest(out []pair) []pair {
	slices.SortFunc(out, func(a, b pair) int {
		switch {
		case a.cost < b.cost:
			return -1
		case a.cost > b.cost:
			return 1
		}
		return 0
	})
	return out
}

// cost rates how well a find fits where a track should be: the distance of
// the centres in face widths, dearer for unlike sizes.
func cost(p *Position, f Face) (float32, bool) {
	px, py := p.Centre()
	fx, fy := f.Centre()
	size := max(p.W, f.W)
	d := hypot(fx-px, fy-py) / size
	ratio := unlikeSize(f.Across(), p.across())
	if d > 0.8+p.Slack/size || ratio > 0.8 {
		return 0, false
	}
	return d + 0.5*ratio, true
}

// Unlike is how much the sizes of a find and of a position differ: 0 is not at all, 0.7 twice.
func Unlike(f Face, s Position) float32 { return unlikeSize(f.Across(), s.across()) }

func unlikeSize(a, b float32) float32 { return float32(math.Abs(math.Log(float64(a / b)))) }
