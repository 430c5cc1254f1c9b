package detect

import (
	"math"
	"slices"

	"github.com/bauta-gateway/bauta/detector/track"
)

// rotations chooses how the frame is rotated for a pass: cameras hang sideways, phones and
// brackets tilt, people lie down, and the network finds faces that are nearly upright.
//
// Each pass is at the preferred rotation, and at those in which somebody was surely found
// lately. An allowance pays for side passes, at the others one after the other.
type rotations struct {
	given     track.Rotation // the rotation that the frame is said to have
	preferred track.Rotation
	comparison
	near     near
	now      float64                      // seconds of frames that went by
	sure     [track.RotationCount]float64 // when a rotation last had a sure find that no other rotation explains
	behind   float64                      // when another rotation began to find more than the preferred one; never: infinite
	favoured [track.RotationCount]float64 // how often a rotation showed a face better lately than the one that found it
	credit   float64
	spare    float64
	resetAt  float64 // when most of the frame last changed and all rotations were tried
	resets   float64 // how often that may happen again
	mounted  bool    // a person said which way is up
	next     int     // index in the order
	passes   int
}

// sideOrder and mountedOrder are the rotations of the side passes, from the preferred one
// on: quarters are likelier than eighths. Where a person said which way is up eighths are
// unlikely, but a quarter may have been mistaken for another.
var (
	sideOrder    = []track.Rotation{2, 6, 1, 4, 7, 2, 6, 3, 5}
	mountedOrder = []track.Rotation{2, 6, 4, 1, 2, 6, 4, 7, 2, 6, 4, 3, 2, 6, 4, 5}
)

// aslantRotations are the eighths.
const aslantRotations track.RotationSet = 1<<1 | 1<<3 | 1<<5 | 1<<7

const (
	// sideSure is the score from which a find at another rotation counts as sure while
	// somebody is surely found in the preferred one.
	sideSure = 0.75
	// rotationKeep is how many seconds a rotation has full passes after its last sure find.
	rotationKeep = 2
	// rotationLead is how many seconds a rotation must have found more before it is preferred.
	rotationLead = 0.6
	// searchRate and patrolRate are the side passes that a second pays for where something
	// moves: while nobody was surely found lately at the preferred rotation, and otherwise.
	// Nearly none go where all is still.
	searchRate, patrolRate, stillRate = 1.5, 0.45, 0.2
	// creditMost bounds what is saved up.
	creditMost = 4
	// spareRate and spareMost are the same for full passes at rotations that are not the
	// preferred one: enough for a camera that was just turned, little for what lasts.
	spareRate, spareMost = 1, 50
	// resetShare is the share of the frame that changes when the camera is turned.
	resetShare = 0.5
	// resetRest is the time in seconds that pays for a pass at all rotations for that,
	// resetMost how many are saved up: a camera that sways has one now and then, one that is
	// turned in steps has one after each. resetSpare is what full passes may cost after it.
	resetRest, resetMost, resetSpare = 3, 3, 30
	// favourKeep is for about how many seconds it counts that a rotation showed a face
	// better, favourLead by how often it must have done so to have full passes.
	favourKeep, favourLead = 3, 2.5
	// sideView is the full view's longer side in a side pass, sideAslant that of an
	// eighth, whose corners are empty.
	sideView, sideAslant = 320, 240
)

// What side passes cost: at the view much reduced, and at all of it.
var sidePrice, fullPrice = price{1, 1.5}, price{4, 7}

// price is of a pass at a quarter, and at an eighth, where the frame has empty corners.
type price struct{ quarter, aslant float64 }

func (p price) of(t track.Rotation) float64 {
	if t.Aslant() {
		return p.aslant
	}
	return p.quarter
}

// everyRotation pays for passes at all rotations.
func (p price) everyRotation() float64 { return 3*p.quarter + 4*p.aslant }

func newRotations(given track.Rotation) rotations {
	t := rotations{given: given, preferred: given, spare: spareMost, behind: math.Inf(1), resetAt: math.Inf(-1), resets: resetMost}
	t.forget()
	return t
}

// forget makes no rotation one in which somebody was found lately.
func (t *rotations) forget() {
	for i := range t.sure {
		t.sure[i], t.lead[i] = math.Inf(-1), 0
	}
}

// reset makes all rotations due: most of the frame changed, and where faces lay
// before says little of where they lie now.
func (t *rotations) reset() {
	t.credit, t.spare, t.behind = sidePrice.everyRotation(), max(t.spare, resetSpare), math.Inf(1)
	t.near.credit = nearMost
	t.resetAt, t.resets = t.now, t.resets-1
	t.forget()
}

// begin notes that a pass begins.
func (t *rotations) begin(v View, given track.Rotation) {
	if v.Since > v.N {
		*t = newRotations(given)
		t.credit, t.near.credit = fullPrice.everyRotation(), nearMost
	}
	if t.given != given { // who says so may err: who was found so far is looked for as before, and at all rotations once
		t.given, t.preferred, t.behind, t.credit = given, given, math.Inf(1), sidePrice.everyRotation()
		t.lead = [track.RotationCount]float64{}
	}
	if t.mounted != v.Mounted {
		t.mounted, t.next = v.Mounted, 0
	}
	t.passes++
	t.comparison.begin()
	if v.FPS <= 0 { // of a live camera it is not known yet when the first frame comes
		return
	}
	passed := float64(v.Since) / v.FPS
	t.now += passed
	rate := stillRate
	switch {
	case !slices.Contains(v.Moving, true):
	case t.lately(t.preferred):
		rate = patrolRate
	default:
		rate = searchRate
	}
	t.credit = max(t.credit, min(t.credit+rate*passed, creditMost))
	t.spare = min(t.spare+spareRate*passed, spareMost)
	t.near.replenish(passed, v.times(), t.lately(t.preferred))
	t.resets = min(t.resets+passed/resetRest, resetMost)
	for i := range t.favoured {
		t.favoured[i] *= math.Exp(-passed / favourKeep)
	}
}

// changed begins anew where most of the frame is another one and hardly anybody who
// was there is found where they should be: the camera may have been turned.
func (t *rotations) changed(v View, faces []track.Face) {
	if t.resets < 1 || !mostMoves(v) {
		return
	}
	var sure []track.Face
	for _, f := range faces {
		if f.Score >= sideSure { // upside down some are found that score less
			sure = append(sure, f)
		}
	}
	were, are := 0, 0
	for _, tr := range v.Tracks {
		s, ok := tr.At(v.N)
		if !ok || tr.SureHits == 0 || tr.Missed() {
			continue
		}
		if were++; nearby(sure, s.Box) {
			are++
		}
	}
	if were == 0 || 2*are < were {
		t.reset()
	}
}

// order is that of side passes.
func (t *rotations) order() []track.Rotation {
	if t.mounted {
		return mountedOrder
	}
	return sideOrder
}

// mostMoves reports whether most of the frame is another one.
func mostMoves(v View) bool {
	n := 0
	for _, m := range v.Moving {
		if m {
			n++
		}
	}
	return float64(n) > resetShare*float64(len(v.Moving))
}

func (t *rotations) lately(rotation track.Rotation) bool {
	return t.now-t.sure[rotation] <= rotationKeep
}

// full are the rotations of this pass's full passes. The given one is never quite given up.
func (t *rotations) full() (list []track.Rotation, set track.RotationSet) {
	for rotation := range track.Rotation(track.RotationCount) {
		switch {
		case rotation == t.preferred, rotation == t.given && t.passes%2 == 0:
		case t.lately(rotation) && t.spare >= fullPrice.of(rotation):
			t.spare -= fullPrice.of(rotation)
		default:
			continue
		}
		list = append(list, rotation)
		set = set.With(rotation)
	}
	return list, set
}

// nextSide is the next rotation for a side pass, if one can be paid for.
func (t *rotations) nextSide(done track.RotationSet) (track.Rotation, bool) {
	order := t.order()
	for range order {
		rotation := (t.preferred + order[t.next]) % track.RotationCount
		if !done.Has(rotation) && t.credit < sidePrice.of(rotation) {
			return 0, false
		}
		t.next = (t.next + 1) % len(order)
		if !done.Has(rotation) {
			return rotation, true
		}
	}
	return 0, false
}

// learn takes in what a pass found at all rotations together. It returns those in which
// somebody was surely found and nobody was lately: they had hardly any pass so far.
func (t *rotations) learn(v View, faces []track.Face, sure float32) (fresh []track.Rotation) {
	other := sure
	if t.lately(t.preferred) {
		other = sideSure
	}
	reset := t.now == t.resetAt // then tracks say where faces lay before
	for _, f := range faces {
		if (f.Score >= other || f.Rotation == t.preferred && f.Score >= sure) && f.Second != track.Doubts && (reset || !explained(v, f)) {
			if f.Rotation != t.preferred && !t.lately(f.Rotation) {
				fresh = append(fresh, f.Rotation)
			}
			t.sure[f.Rotation] = t.now
		}
	}
	return fresh
}

// explained reports whether a find is of a face that another rotation has shown better:
// upside down and aslant the network finds some as well.
func explained(v View, f track.Face) bool {
	const better = 0.05
	return slices.ContainsFunc(v.Tracks, func(t *track.Track) bool {
		s, ok := t.At(v.N)
		return ok && s.Rotation != f.Rotation && t.SureHits > 0 && t.Score > f.Score-better && track.Same(s.Box, f.Box)
	})
}
