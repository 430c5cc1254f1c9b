package pipeline

import (
	"math"
	"slices"

	"github.com/bauta-gateway/bauta/detector/track"
)

// turns chooses by which quarter turns the picture is looked at: cameras hang
// sideways, phones tilt, people lie down, and the network finds upright faces only.
//
// Each look is at the preferred turn, and at those in which somebody was surely found
// lately. An allowance pays for looks aside, at the others in turn.
type turns struct {
	given     int // the turn that the picture is said to have
	preferred int
	now       float64    // seconds of pictures that went by
	sure      [4]float64 // when a turn last had a sure find that no other turn explains
	tally     [4]float64 // such finds of the last second or so
	behind    float64    // when another turn began to find more than the preferred one; never: infinite
	credit    float64
	next      int
	looks     int
}

const (
	// turnStart is the least score of a find in a turn where nobody was surely found lately.
	turnStart = 0.5
	// turnSure is the score from which a find in another turn counts as sure while
	// somebody is surely found in the preferred one.
	turnSure = 0.75
	// turnLarge is the same for a large face in any turn but the preferred one.
	turnLarge = 0.85
	// turnKeep is how many seconds a turn is looked at fully after its last sure find.
	turnKeep = 2
	// turnLead is how many seconds a turn must have found more before it is preferred.
	turnLead = 1
	// searchRate and patrolRate are how many looks aside go in a second where something
	// moves: while nobody was surely found lately in the preferred turn and nobody said which
	// way is up, and otherwise.
	// Nearly none go where all is still.
	searchRate, patrolRate, stillRate = 3, 1, 0.25
	// turnMost bounds the looks aside at one picture.
	turnMost = 3
	// asideView is the full view's longer side in a look aside; fullPrice is what the
	// whole full view costs in such looks.
	asideView = 320
	fullPrice = 4
)

func newTurns(given int) turns {
	never := math.Inf(-1)
	return turns{given: given, preferred: given, sure: [4]float64{never, never, never, never}, behind: math.Inf(1), next: given}
}

// begin notes that a look begins.
func (t *turns) begin(v View, given int) {
	if v.Since > v.N {
		*t = newTurns(given)
	}
	if t.given != given { // who says so may err: who was found so far is looked for as before, and all turns once
		t.given, t.preferred, t.behind, t.credit = given, given, math.Inf(1), turnMost
	}
	t.looks++
	if v.FPS <= 0 {
		return
	}
	passed := float64(v.Since) / v.FPS
	t.now += passed
	rate := stillRate
	switch {
	case !slices.Contains(v.Moving, true):
	case v.Mounted || t.lately(t.preferred):
		rate = patrolRate
	default:
		rate = searchRate
	}
	t.credit = min(t.credit+rate*passed, turnMost)
	for i := range t.tally {
		t.tally[i] *= math.Exp(-passed)
	}
}

func (t *turns) lately(turn int) bool { return t.now-t.sure[turn] <= turnKeep }

// full are the turns that a look is at fully. The given one is never quite given up.
func (t *turns) full() (list []int, set track.Turns) {
	for turn := range 4 {
		if turn == t.preferred || t.lately(turn) || turn == t.given && t.looks%2 == 0 {
			list = append(list, turn)
			set |= 1 << turn
		}
	}
	return list, set
}

// aside is the next turn for a look aside: one in which somebody is tracked, else
// each of the others when its time comes.
func (t *turns) aside(v View, done track.Turns) (turn int, tracked, ok bool) {
	if t.credit < 1 || done == track.Every {
		return 0, false, false
	}
	for _, tr := range v.Tracks {
		if s, ok := tr.At(v.N); ok && !done.Has(s.Turn) {
			return s.Turn, true, true
		}
	}
	for done.Has(t.next) {
		t.next = (t.next + 1) % 4
	}
	turn = t.next
	t.next = (t.next + 1) % 4
	return turn, false, true
}

// learn takes in what a look found in all turns together. It returns those in which
// somebody was surely found and nobody was lately: they were hardly looked at so far.
func (t *turns) learn(v View, faces []track.Face, sure float32) (fresh []int) {
	other := sure
	if t.lately(t.preferred) {
		other = turnSure
	}
	for _, f := range faces {
		if (f.Score >= other || f.Turn == t.preferred && f.Score >= sure) && !explained(v, f) {
			if f.Turn != t.preferred && !t.lately(f.Turn) {
				fresh = append(fresh, f.Turn)
			}
			t.sure[f.Turn] = t.now
			t.tally[f.Turn]++
		}
	}
	best := t.preferred
	for turn, n := range t.tally {
		if n > t.tally[best] {
			best = turn
		}
	}
	switch {
	case best == t.preferred:
		t.behind = math.Inf(1)
	case math.IsInf(t.behind, 1):
		t.behind = t.now
	case t.now-t.behind >= turnLead:
		t.preferred, t.behind = best, math.Inf(1)
	}
	return fresh
}

// explained tells that a find is of a face that another turn has shown better:
// upside down and aslant the network finds some as well.
func explained(v View, f track.Face) bool {
	const better = 0.05
	return slices.ContainsFunc(v.Tracks, func(t *track.Track) bool {
		s, ok := t.At(v.N)
		return ok && s.Turn != f.Turn && t.SureHits > 0 && t.Score > f.Score-better && track.IoU(s.Box, f.Box) > 0.3
	})
}

// doubtful drops finds in a turn that is not preferred: large ones that are not nearly
// certain, for turned hands, prints and folds of cloth look like faces and would hide much,
// and below `least` all, save those where a face of that turn is tracked.
func doubtful(v View, p pose, faces []track.Face, least float32) []track.Face {
	large := largeFace * float32(p.view(v.Picture.Rect).Dx())
	return slices.DeleteFunc(faces, func(f track.Face) bool {
		needs := least
		if f.Across() >= large {
			needs = turnLarge
		}
		return f.Score < needs && !slices.ContainsFunc(v.Tracks, func(t *track.Track) bool {
			s, ok := t.At(v.N)
			return ok && s.Turn == f.Turn && track.IoU(s.Box, f.Box) > 0.3
		})
	})
}
