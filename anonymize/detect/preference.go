package detect

import (
	"math"

	"github.com/bauta-gateway/bauta/detector/track"
)

const (
	// leadPart is the least difference of two scores that says as much as a face that one
	// rotation finds and the other does not, leadLeast from how much more of that a rotation
	// may be preferred. Of what it was a pass ago leadDecay is left.
	leadPart, leadLeast, leadDecay = 0.2, 0.5, 0.8
	// leadMany is from how much more it is preferred at once: several faces say so.
	leadMany = 2.5
	// leadSmall is what a face scores less in the smaller view that eighths have which are
	// not preferred.
	leadSmall = 0.03
)

// comparison is what is known of two rotations at which the same frames are searched.
type comparison struct {
	found  [track.RotationCount][]track.Face // by this pass, at each rotation by itself
	known  track.RotationSet                 // those of which found is known
	untold track.RotationSet                 // those of them that do not count in lead yet
	// lead is how much better a rotation shows the faces than the preferred one does.
	lead [track.RotationCount]float64
}

// begin forgets the pass before.
func (c *comparison) begin() { c.known, c.untold = 0, 0 }

// searched notes what a pass at all of the frame found at one rotation.
func (c *comparison) searched(rotation track.Rotation, found []track.Face) {
	c.found[rotation] = found
	c.known, c.untold = c.known.With(rotation), c.untold.With(rotation)
}

// weigh compares the rotations of this pass with the preferred one by the sure ones of the
// faces that all of them found together.
func (c *comparison) weigh(faces []track.Face, preferred track.Rotation, sure float32) {
	for rotation := range track.Rotation(track.RotationCount) {
		if rotation == preferred || !c.untold.Has(rotation) || !c.known.Has(preferred) {
			continue
		}
		c.lead[rotation] *= leadDecay
		small := float32(0)
		if rotation.Aslant() {
			small = leadSmall
		}
		for _, f := range faces {
			if f.Score >= sure && f.Second != track.Doubts {
				more := c.score(rotation, f) + small - c.score(preferred, f)
				c.lead[rotation] += float64(max(-1, min(more/leadPart, 1)))
			}
		}
	}
	c.untold = 0
}

// score is that of a face at one rotation, 0 where it was not found.
func (c *comparison) score(rotation track.Rotation, f track.Face) (score float32) {
	for _, o := range c.found[rotation] {
		if track.Same(o.Box, f.Box) {
			score = max(score, o.Score)
		}
	}
	return score
}

// best is the rotation that shows the faces best.
func (t *rotations) best() track.Rotation {
	best, most := t.preferred, leadLeast
	for rotation, lead := range t.lead {
		if lead > most {
			best, most = track.Rotation(rotation), lead
		}
	}
	return best
}

// prefer takes in what a pass found at all rotations together, and goes over to the rotation
// that has shown the faces better for a while, or shows many better.
func (t *rotations) prefer(faces []track.Face, sure float32) {
	t.weigh(faces, t.preferred, sure)
	for rotation := range t.lead {
		if !t.lately(track.Rotation(rotation)) {
			t.lead[rotation] = 0 // it has no passes of all of the frame any more
		}
	}
	switch best := t.best(); {
	case best == t.preferred:
		t.behind = math.Inf(1)
	case t.passes == 1, t.lead[best] >= leadMany, t.now-t.behind >= rotationLead:
		t.preferred, t.behind = best, math.Inf(1)
		t.lead = [track.RotationCount]float64{}
	default:
		t.behind = min(t.behind, t.now)
	}
}

// compared notes which rotation showed a face best that another one found, and reports
// whether that rotation is to have full passes from now on.
func (t *rotations) compared(found, best track.Rotation) (fresh bool) {
	weight := 1.0
	if t.passes == 1 {
		weight = favourLead // nothing is known yet that would speak against it
	}
	if found == best {
		for i := range t.favoured {
			t.favoured[i] = max(0, t.favoured[i]-weight)
		}
		return false
	}
	if t.favoured[best] += weight; t.favoured[best] < favourLead {
		return false
	}
	fresh = !t.lately(best)
	t.sure[best] = t.now
	return fresh
}
