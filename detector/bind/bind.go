package bind

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/detector/track"
)

// Reason is why a face is not shown; the words are those of the protocol.
type Reason uint8

// The reasons. None is that of a face that is shown, or near which no badge is.
const (
	None Reason = iota
	Unconfirmed
	Competing
	Duplicate
	Proportion
	Hidden
	Lost
)

// Face is a tracked face in the newest picture, a suspected one too: it may
// not be shown, but it competes.
type Face struct {
	ID  int
	Box track.Box
	// Sure tells that it certainly is a face.
	Sure bool
	// Found tells that a look found it in this very picture, Missed that the last
	// look did not find it.
	Found, Missed bool
	// Changed tells that what is in the box is not what was there before:
	// nobody knows whose face it is.
	Changed bool
}

// Picture is what is known of a picture.
type Picture struct {
	N int
	// At is the picture's own time.
	At      time.Duration
	Faces   []Face
	Markers []Marker
}

const (
	// hold is how long a face stays shown without its badge being seen.
	hold = 2 * time.Second
	// twice is how long a number that was in view twice shows nobody: one of the
	// two may be hidden for a while, and one of them is a copy.
	twice = 10 * time.Second
	// patience is how long a badge that is not confirmed waits for being seen again.
	patience = 700 * time.Millisecond
	// gap is the longest time between two pictures over which a track holds.
	gap = time.Second

	// A badge is confirmed after so many sightings in which it moved together
	// with the face over togetherWay units, one as fast as the other but for a tenth, or
	// stayed below it for restTime. Who walks past somebody else's badge does neither.
	together      = 4
	togetherTime  = 150 * time.Millisecond
	togetherWay   = 0.5
	togetherDrift = 0.1
	restTime      = time.Second
	// middle is how far aside of the face the badge may be for that.
	middle = 0.5
	// manySights bounds the sightings that are kept.
	manySights = 10
	// steady is how far the badge may move about below the face meanwhile, loose
	// how far from one sighting to the next, stray how far in all, in units.
	steady = 0.2
	loose  = 0.4
	stray  = 0.6

	// jump is the error of a box against its course, in units, from which it is
	// another face's; swell the same for its size, as a ratio.
	jump  = 0.45
	swell = 1.35
	// waiting is the most pictures that wait to leave.
	waiting = 64
	// apart is the share of its size that a box is grown by to tell whether
	// two touch.
	apart = 0.1
)

// Binder follows faces and badges from picture to picture. The zero value is ready.
type Binder struct {
	faces  map[int]*state
	gone   map[int]past // of faces that are not there any more
	n      int
	at     time.Duration
	blocks map[int]time.Duration // numbers in view twice: until when they show nobody
}

// state is what is known of one face.
type state struct {
	face   Face
	vx, vy float32 // of the box's middle, in pixels a picture
	moves  int     // pictures since the last break
	reason Reason

	badge     int     // 0 is none
	sights    []sight // the latest since first
	first     place
	since     time.Duration
	last      time.Duration // of the last sighting
	place     place         // smoothed
	confirmed bool
	from      int // picture from which it is shown
	found     int // last picture in which a look found it
	past      past
}

// past is a bond that held up to a picture which may still wait to leave.
type past struct{ badge, from, until int }

// drop forgets the badge. Pictures that still wait are masked as well.
func (s *state) drop(r Reason) {
	if s.badge != 0 {
		s.reason = r
	}
	s.badge, s.confirmed, s.past = 0, false, past{}
}

// lose drops the badge of a face that a look missed. Up to its last find it was there.
func (s *state) lose() {
	if s.badge == 0 {
		return
	}
	p := past{s.badge, s.from, s.found}
	if !s.confirmed {
		p = past{}
	}
	s.drop(Lost)
	s.past = p
}

// Step takes in the next picture. Where one is missing before it, all begins anew.
func (b *Binder) Step(p Picture) {
	if b.faces == nil || p.N != b.n+1 || p.At < b.at || p.At-b.at > gap {
		*b = Binder{faces: map[int]*state{}, gone: map[int]past{}, blocks: map[int]time.Duration{}}
	}
	b.n, b.at = p.N, p.At
	b.follow(p)
	b.part()
	b.sight(p)
	for _, s := range b.faces {
		switch since := p.At - s.last; {
		case s.badge == 0:
		case s.confirmed && since > hold:
			s.drop(Hidden)
		case !s.confirmed && since > patience:
			s.drop(Unconfirmed)
		}
	}
}

// Badge returns the number that shows the face in picture n, one of the last
// that Step took, or 0 and why. What was learned since then counts too.
func (b *Binder) Badge(face, n int) (int, Reason) {
	s := b.faces[face]
	if s == nil {
		s = &state{past: b.gone[face]}
	}
	switch {
	case n >= s.past.from && n <= s.past.until && s.past.badge != 0:
		return s.past.badge, None
	case s.badge != 0 && s.confirmed && n >= s.from:
		return s.badge, None
	case s.badge != 0:
		return 0, Unconfirmed
	}
	return 0, s.reason
}

// Bond is what ties a badge to a face.
type Bond struct {
	Badge     int // 0 is none
	Confirmed bool
	// Seen tells that the badge was seen in the newest picture.
	Seen bool
}

// Bond returns the newest picture's bond of a face.
func (b *Binder) Bond(face int) Bond {
	if s := b.faces[face]; s != nil {
		return Bond{s.badge, s.confirmed, s.badge != 0 && s.last == b.at}
	}
	return Bond{}
}

// follow moves the faces on and drops what broke on the way.
func (b *Binder) follow(p Picture) {
	next := make(map[int]*state, len(p.Faces))
	for _, f := range p.Faces {
		s := b.faces[f.ID]
		if s == nil {
			s = &state{face: f}
		} else if s.broke(f) || f.Changed || !f.Sure {
			s.drop(Lost)
			s.moves = 0
		} else if f.Missed {
			s.lose()
			s.moves = 0
		}
		if f.Found {
			s.found = p.N
		}
		x0, y0 := s.face.Box.Centre()
		x1, y1 := f.Box.Centre()
		s.vx, s.vy, s.face = x1-x0, y1-y0, f
		s.moves++
		next[f.ID] = s
		delete(b.faces, f.ID)
	}
	for id, s := range b.faces {
		if s.lose(); s.past.badge != 0 {
			b.gone[id] = s.past
		}
	}
	maps.DeleteFunc(b.gone, func(_ int, g past) bool { return g.until < p.N-waiting })
	b.faces = next
}

// broke tells that a box left its course: a track that went over to another face.
func (s *state) broke(f Face) bool {
	x0, y0 := s.face.Box.Centre()
	x1, y1 := f.Box.Centre()
	u := unit(s.face.Box)
	ratio := unit(f.Box) / u
	if s.moves < 2 { // no course yet
		return math.Hypot(float64(x1-x0), float64(y1-y0)) > float64(u) || ratio > swell || ratio < 1/swell
	}
	return math.Hypot(float64(x1-x0-s.vx), float64(y1-y0-s.vy)) > float64(jump*u) || ratio > swell || ratio < 1/swell
}

// part drops the badges of faces that touch each other, and of those whose
// badge another face might wear as well, seen or not.
func (b *Binder) part() {
	for id, s := range b.faces {
		for other, o := range b.faces {
			if id == other || s.badge == 0 && s.past.badge == 0 {
				continue
			}
			at, side := s.place.where(s.face.Box)
			if touch(s.face.Box, o.face.Box) || near.holds(placeOf(o.face.Box, at, side)) {
				s.drop(Competing)
			}
		}
	}
}

func touch(a, b track.Box) bool {
	a, b = a.Grow(apart, apart), b.Grow(apart, apart)
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

// sight takes in the markers.
func (b *Binder) sight(p Picture) {
	for i, m := range p.Markers {
		if slices.ContainsFunc(p.Markers[i+1:], func(o Marker) bool { return o.ID == m.ID }) {
			b.block(m.ID, p.At)
		}
	}
	sighted := map[int]int{} // badges by face
	for _, m := range p.Markers {
		wearer, r := b.wearer(m)
		if wearer == nil {
			continue
		}
		until, blocked := b.blocks[m.ID]
		switch {
		case blocked && p.At < until:
			wearer.reason = Duplicate
		case r != None && wearer.badge != 0 && wearer.badge != m.ID:
			// Not on the chest, and not the badge that is there.
		case r != None:
			wearer.drop(r)
			wearer.reason = r
		case b.elsewhere(m.ID, wearer):
			b.block(m.ID, p.At)
			wearer.reason = Duplicate
		case sighted[wearer.face.ID] != 0: // two badges below one face
			wearer.drop(Competing)
			wearer.reason = Competing
		default:
			sighted[wearer.face.ID] = m.ID
			wearer.sighted(m, p)
		}
	}
}

// block makes a number show nobody for a while.
func (b *Binder) block(id int, at time.Duration) {
	b.blocks[id] = at + twice
	for _, s := range b.faces {
		if s.badge == id || s.past.badge == id {
			s.drop(Duplicate)
		}
	}
	maps.DeleteFunc(b.gone, func(_ int, g past) bool { return g.badge == id })
}

// elsewhere tells that another face has the badge.
func (b *Binder) elsewhere(id int, wearer *state) bool {
	for _, s := range b.faces {
		if s != wearer && s.badge == id {
			return true
		}
	}
	return false
}

// wearer is the one face near the marker, and why it cannot be the one that
// wears it; nil where there is none or more than one.
func (b *Binder) wearer(m Marker) (*state, Reason) {
	var all []*state
	at, side := m.Centre(), m.Side()
	for _, s := range b.faces {
		if near.holds(placeOf(s.face.Box, at, side)) {
			all = append(all, s)
		}
	}
	if len(all) != 1 {
		for _, s := range all {
			s.drop(Competing)
			s.reason = Competing
		}
		return nil, None
	}
	s := all[0]
	switch {
	case !chest.holds(placeOf(s.face.Box, at, side)) || !m.upright():
		return s, Proportion
	case s.face.Missed || s.face.Changed || !s.face.Sure:
		return s, Lost
	}
	return s, None
}

// sighted counts a badge in its place below the face.
func (s *state) sighted(m Marker, p Picture) {
	at := placeOf(s.face.Box, m.Centre(), m.Side())
	if s.badge != 0 && s.badge != m.ID {
		s.drop(Competing)
	}
	if s.badge != 0 && (at.off(s.place) > loose || at.off(s.first) > stray) {
		s.drop(Proportion) // the badge or the face has gone: another pair begins
	}
	if s.badge == 0 || !s.confirmed && at.off(s.first) > steady {
		s.badge, s.confirmed, s.reason = m.ID, false, Unconfirmed
		s.sights, s.first, s.place, s.since = nil, at, at, p.At
	}
	x, y := s.face.Box.Centre()
	s.sights = append(s.sights, sight{p.At, Point{x, y}, at.aside})
	s.sights = s.sights[max(0, len(s.sights)-manySights):]
	s.last = p.At
	s.place = place{(3*s.place.aside + at.aside) / 4, (3*s.place.below + at.below) / 4, (3*s.place.side + at.side) / 4}
	if !s.confirmed && len(s.sights) >= together && (p.At-s.since >= restTime || s.movedTogether()) {
		s.confirmed, s.from, s.reason = true, p.N, None
	}
}

// sight is one sighting of the badge.
type sight struct {
	at    time.Duration
	face  Point
	aside float32
}

// movedTogether tells that the badge kept its place below the face over the
// last sightings while both went some way.
func (s *state) movedTogether() bool {
	last, u := s.sights[len(s.sights)-1], unit(s.face.Box)
	for _, first := range s.sights[:len(s.sights)-together+1] {
		way := dist(first.face, last.face) / u
		drift := float32(math.Abs(float64(last.aside - first.aside)))
		if last.at-first.at >= togetherTime && way >= togetherWay && drift <= togetherDrift*way && last.aside > -middle && last.aside < middle {
			return true
		}
	}
	return false
}
