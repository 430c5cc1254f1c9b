package bind

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/detector/track"
)

// BondReason is why a face is not shown; the words are those of the protocol.
type BondReason uint8

// The reasons. None is that of a face that is shown, or near which no badge is.
const (
	None BondReason = iota
	Unconfirmed
	Competing
	Duplicate
	Proportion
	Hidden
	Lost
)

// Face is a tracked face in the newest frame, a suspected one too: it may
// not be shown, but it competes.
type Face struct {
	ID  int
	Box track.Box
	// Sure says that it certainly is a face.
	Sure bool
	// Found says that a pass found it in this very frame, Missed that the last
	// pass did not.
	Found, Missed bool
	// Changed says that what is in the box is not what was there before:
	// nobody knows whose face it is.
	Changed bool
	// Like is the badge whose last wearer looked as this face does, 0 where there is none.
	Like int
}

// Frame is what is known of a frame.
type Frame struct {
	N int
	// At is the frame's own time.
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
	// gap is the longest time between two frames over which a track holds.
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
	// maxSightings bounds the sightings that are kept.
	maxSightings = 10
	// steady is how far the badge may move about below the face meanwhile, loose
	// how far from one sighting to the next, stray how far in all, in units.
	steady = 0.2
	loose  = 0.4
	stray  = 0.6

	// jump is the error of a box against its course, in units, from which it is
	// another face's; swell the same for its size, as a ratio.
	jump  = 0.45
	swell = 1.35
	// waiting is the most frames that wait to leave.
	waiting = 64
	// apart is the share of its size that a box is grown by to tell whether
	// two touch.
	apart = 0.1
	// memory is how long it is known who wore a badge last.
	memory = 10 * time.Minute
)

// Binder follows faces and badges from frame to frame. The zero value is ready.
type Binder struct {
	faces  map[int]*faceState
	gone   map[int]pastBond // of faces that are not there any more
	n      int
	at     time.Duration
	blocks map[int]time.Duration // numbers in view twice: until when they show nobody
	last   map[int]wearer        // who wore a badge last, by number
}

// wearer is who wore a badge last, and what became of that.
type wearer struct {
	face int
	at   time.Duration // when the badge was last seen there
	// parted says that the badge left the face, which stayed.
	parted bool
	// company says that another face was in view since then, doubtful that the
	// track may have gone over to another face.
	company, doubtful bool
}

// faceState is what is known of one face.
type faceState struct {
	face   Face
	vx, vy float32 // of the box's middle, in pixels a frame
	moves  int     // frames since the last break
	reason BondReason

	badge     int        // 0 is none
	sightings []sighting // the latest since first
	first     offset
	since     time.Duration
	last      time.Duration // of the last sighting
	offset    offset        // smoothed
	confirmed bool
	from      int // frame from which it is shown
	found     int // last frame in which a pass found it
	past      pastBond
}

// pastBond is a bond that held up to a frame which may still wait to leave.
type pastBond struct{ badge, from, until int }

// drop forgets the face's badge. Frames that still wait are masked as well.
func (b *Binder) drop(s *faceState, r BondReason) {
	if s.badge != 0 {
		s.reason = r
		b.part(s, r)
	}
	s.badge, s.confirmed, s.past = 0, false, pastBond{}
}

// part notes how a face and its badge came apart.
func (b *Binder) part(s *faceState, r BondReason) {
	if w := b.last[s.badge]; s.confirmed && w.face == s.face.ID {
		w.at, w.parted = s.last, r == Hidden || r == Proportion
		b.last[s.badge] = w
	}
}

// doubt notes that a track may have gone over to another face.
func (b *Binder) doubt(face int) {
	for badge, w := range b.last {
		if w.face == face {
			w.doubtful = true
			b.last[badge] = w
		}
	}
}

// lose drops the badge of a face that a pass missed. Up to its last find it was there.
func (b *Binder) lose(s *faceState) {
	if s.badge == 0 {
		return
	}
	p := pastBond{s.badge, s.from, s.found}
	if !s.confirmed {
		p = pastBond{}
	}
	b.drop(s, Lost)
	s.past = p
}

// Observe takes in the next frame. Where one is missing before it, all begins anew.
func (b *Binder) Observe(p Frame) {
	if b.faces == nil || p.N != b.n+1 || p.At < b.at || p.At-b.at > gap {
		*b = Binder{faces: map[int]*faceState{}, gone: map[int]pastBond{}, blocks: map[int]time.Duration{}, last: map[int]wearer{}}
	}
	b.n, b.at = p.N, p.At
	b.follow(p)
	b.compete()
	b.observeMarkers(p)
	for _, s := range b.faces {
		switch since := p.At - s.last; {
		case s.badge == 0:
		case s.confirmed && since > hold:
			b.drop(s, Hidden)
		case !s.confirmed && since > patience:
			b.drop(s, Unconfirmed)
		}
	}
	b.watch()
}

// Badge returns the number that shows the face in frame n, one of the last
// that Step took, or 0 and why. What was learned since then counts too.
func (b *Binder) Badge(face, n int) (int, BondReason) {
	s := b.faces[face]
	if s == nil {
		s = &faceState{past: b.gone[face]}
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
	// Seen says that the badge was seen in the newest frame.
	Seen bool
}

// Bond returns the newest frame's bond of a face.
func (b *Binder) Bond(face int) Bond {
	if s := b.faces[face]; s != nil {
		return Bond{s.badge, s.confirmed, s.badge != 0 && s.last == b.at}
	}
	return Bond{}
}

// follow moves the faces on and drops what broke on the way.
func (b *Binder) follow(p Frame) {
	next := make(map[int]*faceState, len(p.Faces))
	for _, f := range p.Faces {
		s := b.faces[f.ID]
		if s == nil {
			s = &faceState{face: f}
		} else if s.broke(f) || f.Changed || !f.Sure {
			b.drop(s, Lost)
			b.doubt(f.ID)
			s.moves = 0
		} else if f.Missed {
			b.lose(s)
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
		if b.lose(s); s.past.badge != 0 {
			b.gone[id] = s.past
		}
	}
	maps.DeleteFunc(b.gone, func(_ int, g pastBond) bool { return g.until < p.N-waiting })
	b.faces = next
}

// watch notes who is in view beside those who wore a badge last.
func (b *Binder) watch() {
	for badge, w := range b.last {
		s := b.faces[w.face]
		seen := s != nil && s.confirmed && s.last == b.at
		w.company = w.company && !seen || len(b.faces) > 1
		b.last[badge] = w
	}
}

// broke reports whether a box left its course: a track that went over to another face.
func (s *faceState) broke(f Face) bool {
	x0, y0 := s.face.Box.Centre()
	x1, y1 := f.Box.Centre()
	u := unit(s.face.Box)
	ratio := unit(f.Box) / u
	if s.moves < 2 { // no course yet
		return math.Hypot(float64(x1-x0), float64(y1-y0)) > float64(u) || ratio > swell || ratio < 1/swell
	}
	return math.Hypot(float64(x1-x0-s.vx), float64(y1-y0-s.vy)) > float64(jump*u) || ratio > swell || ratio < 1/swell
}

// compete drops the badges of faces that touch another, for the tracks may have
// changed places, and of those whose badge another face might wear as well, seen or not.
func (b *Binder) compete() {
	for id, s := range b.faces {
		for other, o := range b.faces {
			switch {
			case id == other:
			case touch(s.face.Box, o.face.Box):
				b.drop(s, Competing)
				b.doubt(id)
			case (s.badge != 0 || s.past.badge != 0) && s.contested(o.face.Box):
				b.drop(s, Competing)
			}
		}
	}
}

// contested reports whether another face might wear the badge of this one. Where it was
// confirmed while no other face was near, only a face before the body that wears it might.
func (s *faceState) contested(other track.Box) bool {
	if s.confirmed || s.past.badge != 0 {
		x, y := other.Centre()
		return overlap(s.offset.body(s.face.Box), track.Box{X: x, Y: y})
	}
	at, side := s.offset.where(s.face.Box)
	return near.holds(offsetOf(other, at, side))
}

func touch(a, b track.Box) bool { return overlap(a.Grow(apart, apart), b.Grow(apart, apart)) }

func overlap(a, b track.Box) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

// observeMarkers takes in the markers.
func (b *Binder) observeMarkers(p Frame) {
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
			b.drop(wearer, r)
			wearer.reason = r
		case b.elsewhere(m.ID, wearer):
			b.block(m.ID, p.At)
			wearer.reason = Duplicate
		case sighted[wearer.face.ID] != 0: // two badges below one face
			b.drop(wearer, Competing)
			wearer.reason = Competing
		default:
			sighted[wearer.face.ID] = m.ID
			b.sighted(wearer, m, p)
		}
	}
}

// block makes a number show nobody for a while.
func (b *Binder) block(id int, at time.Duration) {
	b.blocks[id] = at + twice
	for _, s := range b.faces {
		if s.badge == id || s.past.badge == id {
			b.drop(s, Duplicate)
		}
	}
	maps.DeleteFunc(b.gone, func(_ int, g pastBond) bool { return g.badge == id })
}

// elsewhere reports whether another face has the badge, or had it a moment ago and is still there.
func (b *Binder) elsewhere(id int, wearer *faceState) bool {
	for _, s := range b.faces {
		if s != wearer && s.badge == id {
			return true
		}
	}
	w := b.last[id]
	s := b.faces[w.face]
	return s != nil && s != wearer && (w.parted || !s.face.Missed) && b.at-w.at < twice
}

// wearer is the one face near the marker, or the one of several that has it, and
// why it cannot be the one that wears it; nil where there is none.
func (b *Binder) wearer(m Marker) (*faceState, BondReason) {
	var all []*faceState
	var owner *faceState
	at, side := m.Centre(), m.Side()
	for _, s := range b.faces {
		p := offsetOf(s.face.Box, at, side)
		if !near.holds(p) {
			continue
		}
		all = append(all, s)
		if s.confirmed && s.badge == m.ID && p.distance(s.offset) <= loose {
			owner = s
		}
	}
	if owner == nil && len(all) == 1 {
		owner = all[0]
	}
	for _, s := range all {
		if s != owner {
			b.contend(s, m)
		}
	}
	switch {
	case owner == nil:
		return nil, None
	case !chest.holds(offsetOf(owner.face.Box, at, side)) || !m.upright():
		return owner, Proportion
	case owner.face.Missed || owner.face.Changed || !owner.face.Sure:
		return owner, Lost
	}
	return owner, None
}

// contend drops the badge of a face near which a marker is that may be another's.
// A confirmed one stays, unless the marker is on the face's chest as well.
func (b *Binder) contend(s *faceState, m Marker) {
	if s.confirmed && s.badge != m.ID && !chest.holds(offsetOf(s.face.Box, m.Centre(), m.Side())) {
		return
	}
	r := Competing
	if s.badge == m.ID {
		r = Proportion // it has left its position
	}
	b.drop(s, r)
	s.reason = Competing
}

// sighted counts a badge in its position below the face.
func (b *Binder) sighted(s *faceState, m Marker, p Frame) {
	at := offsetOf(s.face.Box, m.Centre(), m.Side())
	if s.badge != 0 && s.badge != m.ID {
		b.drop(s, Competing)
	}
	if s.badge != 0 && (at.distance(s.offset) > loose || at.distance(s.first) > stray) {
		b.drop(s, Proportion) // the badge or the face has gone: another pair begins
	}
	if s.badge == 0 || !s.confirmed && at.distance(s.first) > steady {
		s.badge, s.confirmed, s.reason = m.ID, false, Unconfirmed
		s.sightings, s.first, s.offset, s.since = nil, at, at, p.At
	}
	x, y := s.face.Box.Centre()
	s.sightings = append(s.sightings, sighting{p.At, Point{x, y}, at.aside})
	s.sightings = s.sightings[max(0, len(s.sightings)-maxSightings):]
	s.last = p.At
	s.offset = offset{(3*s.offset.aside + at.aside) / 4, (3*s.offset.below + at.below) / 4, (3*s.offset.side + at.side) / 4}
	if !s.confirmed && len(s.sightings) >= together && (p.At-s.since >= restTime && b.familiar(s, p.At) || s.movedTogether()) {
		s.confirmed, s.from, s.reason = true, p.N, None
		b.last[m.ID] = wearer{face: s.face.ID, at: p.At}
	}
}

// familiar reports whether nobody but the badge's last wearer can have come into the face's
// place, as far as is known: such a face may rest above the badge as well.
func (b *Binder) familiar(s *faceState, now time.Duration) bool {
	w, known := b.last[s.badge]
	return !known || s.face.Like == s.badge || !w.doubtful && !w.company || now-w.at > memory
}

// sighting is one sighting of the badge.
type sighting struct {
	at    time.Duration
	face  Point
	aside float32
}

// movedTogether reports whether the badge kept its position below the face over the
// last sightings while both went some way.
func (s *faceState) movedTogether() bool {
	last, u := s.sightings[len(s.sightings)-1], unit(s.face.Box)
	for _, first := range s.sightings[:len(s.sightings)-together+1] {
		way := dist(first.face, last.face) / u
		drift := float32(math.Abs(float64(last.aside - first.aside)))
		if last.at-first.at >= togetherTime && way >= togetherWay && drift <= togetherDrift*way && last.aside > -middle && last.aside < middle {
			return true
		}
	}
	return false
}
