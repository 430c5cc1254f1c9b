// Package track carries faces between the detector's passes, forward and
// backward in time, so that a face found in one frame is masked in those
// around it. It is pure Go and knows frames only through Flow.
//
// Frames are numbered by the caller, one by one. Time is counted in
// frames; the caller converts.
//
// In: the finds of each pass, and Flow. Out: where each face is in each frame that waits. A
// Set belongs to one goroutine. It never ends a track without a pass that missed it.
package track

import (
	"image"
	"math"
	"slices"
)

// Flow says where the part of frame `from` inside box lies in frame `to`,
// searching around guess. unlike is how much it differs there: 0 is not at all, and then it
// has not moved either where found is box; from 1 on it was not found again.
type Flow func(from, to int, box Box, guess Box, reach float32) (found Box, unlike float32)

// Params tune a Set. All counts are in frames.
type Params struct {
	// Start is the lowest score that begins a track, Continue the lowest that
	// prolongs one; Sure is the score from which a find is certainly a face.
	Start, Continue, Sure float32
	// Linger is how long the mask of a sure face stays after its last find
	// while passes miss it; Rest is the same for one that holds still.
	Linger, Rest int
	// Keep is how many past frames can still be masked (the look-ahead).
	Keep int
	// Grain is the precision of Flow in pixels.
	Grain float32
}

// Position is where a track is in one frame.
type Position struct {
	Box
	// Slack is the uncertainty in pixels that a mask must add on each side.
	Slack float32
	// Seen says that the detector found the face in this very frame.
	Seen bool
	// Rotation and Reduced are those of the last find.
	Rotation Rotation
	Reduced  Reduction
}

// at is where a pass found a face.
func at(f Face) Position {
	return Position{Box: f.Box, Seen: true, Rotation: f.Rotation, Reduced: f.Reduced}
}

func (s *Position) across() float32 { return across(s.Box, s.Rotation) }

// Track is one face over time.
type Track struct {
	ID int
	// Score is the best score of its finds, Hits their number, SureHits that
	// of the finds that are certainly a face.
	Score          float32
	Hits, SureHits int

	first     int // frame of positions[0]
	positions []Position
	lastSeen  int
	// seenBefore is the frame of the find before the last one; the same where there is none.
	seenBefore int
	vx, vy     float32 // pixels a frame
	still      bool
	missed     int // passes in a row that did not find it
	// strayed says that Flow lost it since: what it follows may be what covers the face.
	// adrift is how many passes missed it then.
	strayed bool
	adrift  int
	// confirmed and doubted say what its finds and their second passes made of it.
	confirmed, doubted bool
	// before is the frame of the pass before its first find, negative where there was none.
	before int
	// lapsed says that passes missed it for too long, from the frame missedFrom on: it is nowhere
	// from bareFrom on, unless another find takes it up again.
	lapsed     bool
	missedFrom int
}

// At returns where the track is in frame n.
func (t *Track) At(n int) (Position, bool) {
	if n < t.maskedFrom() || n >= t.first+len(t.positions) || t.lapsed && n >= t.bareFrom() {
		return Position{}, false
	}
	return t.positions[n-t.first], true
}

func (t *Track) end() int        { return t.first + len(t.positions) - 1 }
func (t *Track) last() *Position { return &t.positions[len(t.positions)-1] }

// Missed reports whether the last pass that could have found it did not.
func (t *Track) Missed() bool { return t.missed > 0 }

// Confirmed reports whether it is certainly a face: a sure find or a second pass says so.
func (t *Track) Confirmed() bool { return t.confirmed }

// Proved reports whether it counts as a face: nothing speaks against it, or more for it.
func (t *Track) Proved() bool { return t.confirmed || !t.doubted }

// LastSeen is the frame of the last find.
func (t *Track) LastSeen() int { return t.lastSeen }

// Set is all tracks of one camera. The zero value is not usable: use NewSet.
type Set struct {
	p      Params
	tracks []*Track
	nextID int
	w, h   float32
	jumps  []jump // of the last pass
}

// NewSet makes an empty set for frames of the given size.
func NewSet(p Params, width, height int) *Set {
	return &Set{p: p, nextID: 1, w: float32(width), h: float32(height)}
}

// Tune replaces the parameters, for a frame rate that changed.
func (s *Set) Tune(p Params) { s.p = p }

// Tracks are those alive or still needed for waiting frames. The slice is the set's.
func (s *Set) Tracks() []*Track { return s.tracks }

// Positions returns where all tracks are in frame n.
func (s *Set) Positions(n int) []Position {
	var out []Position
	for _, t := range s.tracks {
		if p, ok := t.At(n); ok {
			out = append(out, p)
		}
	}
	return out
}

// Advance carries every live track from frame n-1 to n.
func (s *Set) Advance(n int, flow Flow) {
	s.tracks = slices.DeleteFunc(s.tracks, func(t *Track) bool { return t.end() < n-1-s.p.Keep })
	for _, t := range s.tracks {
		if t.end() != n-1 || s.outside(t) || s.overdue(t, n) && !s.lapse(t, n) {
			continue
		}
		s.follow(t, n, flow)
		t.prune(n - 1 - s.p.Keep)
	}
}

func (s *Set) follow(t *Track, n int, flow Flow) {
	from := *t.last()
	guess := from.Box.Move(t.vx, t.vy)
	reach := max(0.35*from.W, 0.4*hypot(t.vx, t.vy), 6)
	found, unlike := s.step(t, n-1, n, from.Box, guess, reach, flow)
	next := Position{Box: guess, Slack: from.Slack, Rotation: from.Rotation, Reduced: from.Reduced}
	if unlike < 1 {
		dx, dy := found.X-from.X, found.Y-from.Y
		t.vx, t.vy = 0.5*t.vx+0.5*dx, 0.5*t.vy+0.5*dy
		next.Box = Box{found.X, found.Y, from.W, from.H}
		t.still = hypot(dx, dy) < 0.03*from.W+0.5
		if unlike > 0 || dx != 0 || dy != 0 { // matching errs by a pixel of the small frame now and then
			next.Slack = min(from.Slack+0.01*from.W+0.1*s.p.Grain, 0.3*from.W)
		}
	} else {
		t.still, t.strayed = false, true
		t.vx, t.vy = 0.9*t.vx, 0.9*t.vy
		next.Slack = min(from.Slack+0.06*from.W, 0.5*from.W)
	}
	t.positions = append(t.positions, next)
}

// outside reports whether a face left the frame.
func (s *Set) outside(t *Track) bool {
	b := t.last().Box
	return b.X+0.6*b.W < 0 || b.Y+0.6*b.H < 0 || b.X+0.4*b.W > s.w || b.Y+0.4*b.H > s.h
}

// lapse takes the mask of a track that is overdue off the frames that still wait, where no
// face is sure to be: it was never surely found, or lost on its way. Measured, this is a tenth
// of all that is masked where faces are small. It reports whether the track is followed all the
// same: a weak one, for as long as another find still changes frames that wait.
func (s *Set) lapse(t *Track, n int) (followed bool) {
	weak := t.SureHits == 0
	t.lapsed = t.lapsed || t.missed < doubled && (weak || t.adrift >= adriftPasses)
	return t.lapsed && weak && n-t.lastSeen <= s.p.Keep
}

// overdue reports whether passes missed a track for longer than its mask may linger.
// Without a pass that missed it no mask ends.
func (s *Set) overdue(t *Track, n int) bool {
	switch {
	case t.missed == 0:
		return false
	case t.missed >= doubled:
		return true
	}
	if t.SureHits == 0 {
		return t.missed > min(t.Hits-1, 2)
	}
	if t.adrift >= adriftPasses {
		return true
	}
	if t.SureHits >= restHits && t.still {
		return n-t.lastSeen > s.p.Rest
	}
	return n-t.lastSeen > s.p.Linger*min(t.SureHits, lingerHits)/lingerHits
}

const (
	// doubled is the number of missed passes that stands for a track that another one holds.
	doubled = 1 << 20
	// lingerHits is how many sure finds earn the full linger: a single one may
	// be a shoe, and large ones cover much of the frame.
	lingerHits = 3
	// adriftPasses is how many passes must miss a face that was lost on its way: it was
	// covered, or went faster than anything can be followed.
	adriftPasses = 3
	// restHits is the same for the longer wait for a face that holds still.
	restHits = 5
)

func (t *Track) prune(oldest int) {
	if drop := oldest - t.first; drop > 0 && drop < len(t.positions) {
		t.positions = slices.Delete(t.positions, 0, drop)
		t.first = oldest
	}
}

// Pass is what a pass at one frame gave.
type Pass struct {
	Faces []Face
	// Rotations are those at which the frame had a full pass: a face that lies so
	// and was not found was missed.
	Rotations RotationSet
	// Rechecked are the tracks at whose positions there was a pass: those that were not
	// found were missed.
	Rechecked []int
	// More says that a further pass may find more even where nothing moves.
	More bool
	// Parts are those of the frame that the pass at its preferred rotation saw; none: all of
	// it. Elsewhere nothing has changed since an earlier pass.
	Parts []image.Rectangle
}

// Saw reports whether the pass saw the middle of a box.
func (p Pass) Saw(b Box) bool {
	x, y := b.Centre()
	return len(p.Parts) == 0 || slices.ContainsFunc(p.Parts, func(r image.Rectangle) bool { return image.Pt(int(x), int(y)).In(r) })
}

// Observe takes in the finds of a pass at frame n, to which Advance has
// brought the tracks. A track that this pass could have found and did not was missed.
// Faces that no track explains begin new ones, which flow carries back to frame
// `oldest`; between the last pass (`before`) and n they are masked in any case, for there was
// no pass there. It returns the tracks of sure faces whose ways in between are a guess.
func (s *Set) Observe(n int, pass Pass, before, oldest int, flow Flow) (guessed []*Track) {
	live := slices.DeleteFunc(slices.Clone(s.tracks), func(t *Track) bool { return t.end() != n })
	owner := s.owners(n, live, pass.Faces, flow)
	for i, f := range pass.Faces {
		t := owner[i]
		if t == nil {
			continue
		}
		if f.Again {
			t.seenAgain(n, f)
			continue
		}
		strayed, once := t.strayed, t.Hits == 1
		leapt := t.seen(n, f, s.p.Sure)
		if leapt && t.SureHits > 0 {
			guessed = append(guessed, t)
		}
		if strayed && (once || s.panorama()) { // elsewhere what was found twice is better guessed from both ends
			s.retrace(t, n, flow)
		}
		if strayed && once && leapt {
			s.shadow(n, f, before, oldest, flow)
		}
	}
	for _, t := range live {
		switch {
		case slices.Contains(owner, t):
		case doubles(t, owner):
			t.missed = doubled
		case pass.Rotations.Has(t.last().Rotation) && pass.Saw(t.last().Box), slices.Contains(pass.Rechecked, t.ID):
			t.miss(n)
		}
	}
	for i, f := range pass.Faces {
		if owner[i] == nil && !f.Again && f.Score >= s.p.Start && !s.explained(n, f) {
			if t, lost := s.begin(n, f, before, oldest, flow); lost && t.SureHits > 0 {
				guessed = append(guessed, t)
			}
		}
	}
	return guessed
}

// bareFrom is the frame from which on a track is nowhere that lapsed: that of the first pass
// that missed it, and the one after that for a single find, which in noise may be all there is.
// One that its second pass doubts ends halfway to the pass that missed it.
func (t *Track) bareFrom() int {
	switch {
	case t.Hits > 1:
		return t.missedFrom
	case t.Proved():
		return t.missedFrom + 1
	}
	return (t.lastSeen+t.missedFrom+1)/2 + 1
}

// maskedFrom is the first frame that a track is in. A single find that its second pass doubts
// goes back halfway to the pass before, which did not find it.
func (t *Track) maskedFrom() int {
	if t.Hits > 1 || t.Proved() || t.before < 0 {
		return t.first
	}
	return max(t.first, (t.before+t.lastSeen+1)/2)
}

// miss notes that a pass at frame n could have found the track and did not.
func (t *Track) miss(n int) {
	if t.missed == 0 {
		t.missedFrom = n
	}
	t.missed++
	if t.strayed {
		t.adrift++
	}
}

// SetPosition moves a track to where a second pass found it in frame n, which is not the
// newest any more.
func (t *Track) SetPosition(n int, f Face) {
	if n >= t.first && n < t.end() {
		t.positions[n-t.first] = at(f)
	}
}

// add begins a track at frame n.
func (s *Set) add(n int, f Face) *Track {
	t := &Track{ID: s.nextID, first: n, lastSeen: n, seenBefore: n, positions: []Position{at(f)}}
	t.found(f, s.p.Sure)
	s.nextID++
	s.tracks = append(s.tracks, t)
	return t
}

// explained reports whether a track that was seen in frame n covers f already.
func (s *Set) explained(n int, f Face) bool {
	return slices.ContainsFunc(s.tracks, func(t *Track) bool {
		p, ok := t.At(n)
		return ok && p.Seen && Same(p.Box, f.Box)
	})
}

// seen moves the track to a find in frame n and bends its path since the
// last find to meet it. It returns whether that is far from where it was expected.
func (t *Track) seen(n int, f Face, sure float32) (leapt bool) {
	p := t.last()
	px, py := p.Centre()
	fx, fy := f.Centre()
	dx, dy := fx-px, fy-py
	if gap := n - t.lastSeen; gap > 0 {
		t.bend(n, gap, dx, dy, f)
		t.smooth(n, f)
		t.seenBefore = t.lastSeen
		t.vx += dx / float32(gap)
		t.vy += dy / float32(gap)
	}
	*p = at(f)
	if off := hypot(dx, dy); f.Score < sure && !t.strayed && off > astray*f.W {
		p.Slack = off / 2 // it may be of somebody beside: most of both places is masked
	}
	t.lastSeen, t.missed, t.strayed, t.adrift, t.lapsed = n, 0, false, 0, false
	t.found(f, sure)
	t.still = hypot(t.vx, t.vy) < 0.03*f.W
	return n-t.first > 0 && hypot(dx, dy) > far*f.W
}

// far is the distance in face widths from which a face is not where it was expected.
const far = 0.6

// doubtfulAgain is the score from which a second doubtful find proves the first.
const doubtfulAgain = 0.6

// seenAgain notes that the track is in frame n where an earlier pass found it: it would be found there.
func (t *Track) seenAgain(n int, f Face) {
	t.seenBefore, t.lastSeen, t.missed, t.lapsed = t.lastSeen, n, 0, false
	*t.last() = at(f)
}

func (t *Track) found(f Face, sure float32) {
	t.Hits++
	t.Score = max(t.Score, f.Score)
	switch {
	case f.Second == Confirms, f.Second == NoOpinion && f.Score >= sure, t.Hits > 1 && f.Score >= doubtfulAgain:
		t.confirmed = true
	case f.Second == Doubts:
		t.doubted = true
	}
	if f.Score >= sure {
		t.SureHits++
	}
}

// bend spreads the error of prediction over the gap. Half of the correction
// stays as slack, for nobody knows which of the two paths was right.
func (t *Track) bend(n, gap int, dx, dy float32, f Face) {
	for m := max(t.first, t.lastSeen+1); m < n; m++ {
		s := &t.positions[m-t.first]
		part := float32(m-t.lastSeen) / float32(gap)
		s.Box = s.Box.Move(dx*part, dy*part)
		s.Slack = max(s.Slack*0.5, 0.5*part*hypot(dx, dy))
		w, h := s.W+(f.W-s.W)*part, s.H+(f.H-s.H)*part
		s.Box = Box{s.X + (s.W-w)/2, s.Y + (s.H-h)/2, w, h}
	}
}

// smooth moves the last find of a small face towards the way from the one before to f, and the
// frames since with it: boxes of faces that are ten pixels wide in the network's input are off by
// two of them each way (standard deviation), and three finds know better than one. Where it
// lies far beside that way the rest of it is slack.
func (t *Track) smooth(n int, f Face) {
	was, ok := t.At(t.seenBefore)
	if _, kept := t.At(t.lastSeen); !ok || !kept || t.seenBefore == t.lastSeen {
		return
	}
	s := &t.positions[t.lastSeen-t.first]
	dx, dy := beside(was.Box, f.Box, float32(t.lastSeen-t.seenBefore)/float32(n-t.seenBefore), s.Box)
	off := hypot(dx, dy)
	if s.across() >= small || off >= astray*s.W {
		return
	}
	share := wayShare(s.Reduced, was.Reduced, f.Reduced)
	if off > besideMost*s.W {
		s.Slack = max(s.Slack, off*(1-share))
	}
	t.shift(n, share*dx, share*dy)
}

// shift moves the last find, and the frames from there to n by ever less.
func (t *Track) shift(n int, dx, dy float32) {
	for m := t.lastSeen; m < n; m++ {
		left := float32(n-m) / float32(n-t.lastSeen)
		p := &t.positions[m-t.first]
		p.Box = p.Box.Move(left*dx, left*dy)
	}
}

// beside is how far the middle of `at` is from where the way from a to b is, part of it gone.
func beside(a, b Box, part float32, at Box) (dx, dy float32) {
	ax, ay := a.Centre()
	bx, by := b.Centre()
	x, y := at.Centre()
	return ax + (bx-ax)*part - x, ay + (by-ay)*part - y
}

// wayShare is how much the way between two finds counts against one between them, whose error
// is its own: the less its pass reduced the frame, the less. Each alike, it is two thirds.
func wayShare(own, a, b Reduction) float32 {
	if own.X <= 0 || a.X <= 0 || b.X <= 0 {
		return 2.0 / 3
	}
	way := (a.X*a.X + b.X*b.X) / 4 // squares of errors: of the middle of two, and of the find
	return own.X * own.X / (own.X*own.X + way)
}

const (
	// small is the width in pixels below which a find that is off may leave a part bare.
	small = 48
	// besideMost is the distance in face widths from which a find lies beside its way, astray
	// that from which it moved in another way than straight on.
	besideMost, astray = 0.15, 0.4
)

func hypot(x, y float32) float32 { return float32(math.Hypot(float64(x), float64(y))) }
