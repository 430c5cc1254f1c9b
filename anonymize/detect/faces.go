package detect

import (
	"image"
	"math"
	"slices"

	"github.com/bauta-gateway/bauta/detector/track"
)

// faceLooks bounds the looks at single faces: those that prove a find, and those
// again at the places of tracks that the look at the frame did not find.
type faceBudget struct {
	confirms, rechecks, comparisons float64 // looks that may still be taken
	next                            int
}

const (
	// proofRate and againRate are how many looks at single faces a second pays for,
	// proofMost and againMost how many go into one look at the frame. The first
	// frame, where all is new, has more.
	confirmRate, confirmMost, confirmFirst = 10, 6, 64
	recheckRate, recheckMost               = 15, 6
	// compareRate is how many faces a second are looked at in the neighbouring turns,
	// compareFirst how many of the first frame.
	compareRate, compareFirst = 1, 4
	// largeFace is the share of the frame's width from which a find has to be proved
	// by a second one: a false one would hide much, and a true one is easy to see.
	largeFace = 0.1
	// proofScore and largeProof are the least scores of a find's second look, in another
	// turn than the preferred one and of a large face. Measured on photographs of crowds and
	// on streets: of large finds that are no faces none reaches it, of others one in five.
	confirmScore, largeConfirm = 0.6, 0.45
	// largeBoth is the least sum of both looks' scores of a large face.
	largeBoth = 1.05
	// largeAlone is the least score of a large find that no second look confirms.
	largeAlone = 0.5
	// smallProof is the score of the second look below which a small unsure find is doubtful.
	smallConfirm = 0.15
	// unlikeMost is how much the sizes may differ of a face and of one in an earlier frame.
	unlikeMost = 0.5
	// certain is the score from which a find needs no second one.
	certain = 0.85
)

// The looks at a single face: the part shown is so many times as large as the face, the
// input so many pixels a side.
var (
	confirmPass = facePass{2, 96}
	recheckPass = facePass{3, 96}
	earlierPass = facePass{5, 128}
)

type facePass struct {
	times float32
	side  int
}

func (l *faceBudget) begin(v View) {
	if v.Since > v.N {
		l.confirms, l.rechecks, l.comparisons = confirmFirst, 0, compareFirst
		return
	}
	passed := float64(v.Since) / max(v.FPS, 1)
	l.confirms = min(l.confirms+confirmRate*passed, confirmMost)
	l.rechecks = min(l.rechecks+recheckRate*passed, recheckMost)
	l.comparisons = min(l.comparisons+compareRate*passed, 1)
}

// at looks at the place of one face, and returns what lies nearest to there.
func (m *modelFinder) detectFace(v View, p pose, b track.Box, rotation track.Rotation, l facePass) (best track.Face, ok bool, err error) {
	found, err := m.detectAround(v, p, b, rotation, l)
	if err != nil {
		return best, false, err
	}
	overlap := float32(0.1)
	for _, f := range found {
		if o := track.IoU(f.Box, b); o > overlap {
			best, ok, overlap = f, true, o
		}
	}
	return best, ok, nil
}

// around looks at the place of one face.
func (m *modelFinder) detectAround(v View, p pose, b track.Box, rotation track.Rotation, l facePass) ([]track.Face, error) {
	p.rotation = rotation
	sx, sy := p.scales()
	seen := max(float64(b.W)*sx, float64(b.H)*sy)
	x, y := b.Centre()
	w := p.window(x, y, seen*float64(l.times)/float64(l.side), image.Pt(l.side, l.side))
	return m.detectWindow(v, p, w)
}

// At looks around a spot; it must not lie where another track was found.
func (m *modelFinder) DetectAt(v View, s track.Position) (track.Face, bool, error) {
	p := poseOf(v)
	v = m.enhancer.earlier(v)
	found, err := m.detectAround(v, p, s.Box, s.Rotation, earlierPass)
	best, least := track.Face{}, float32(math.Inf(1))
	for _, f := range found {
		if f.Score < m.Params().Start || track.Unlike(f, s) > unlikeMost || claimed(v, f) {
			continue
		}
		x, y := f.Centre()
		sx, sy := s.Centre()
		if d := float32(math.Hypot(float64(x-sx), float64(y-sy))); d < least {
			best, least = f, d
		}
	}
	return best, !math.IsInf(float64(least), 1), err
}

// claimed tells that another track was found where f is.
func claimed(v View, f track.Face) bool {
	return slices.ContainsFunc(v.Tracks, func(t *track.Track) bool {
		s, ok := t.At(v.N)
		return ok && s.Seen && track.Same(s.Box, f.Box)
	})
}

// prove looks a second time at finds that ought to be proved and that no track
// explains. Those in another turn than the preferred one that are not are dropped:
// hands, prints and folds of cloth look like faces from somewhere. Large ones that are
// not become doubtful.
func (m *modelFinder) confirm(v View, p pose, faces []track.Face) ([]track.Face, error) {
	var kept []track.Face
	for _, f := range faces {
		aside, wide := f.Rotation != m.rotations.preferred, large(v, p, f)
		if f.Score >= certain || !aside && !wide && (f.Score >= m.Params().Sure || tracked(v, f, 0)) || tracked(v, f, 1) {
			kept = append(kept, f)
			continue
		}
		second, looked, err := m.secondPass(v, p, f)
		switch {
		case err != nil:
			return nil, err
		case aside && second < confirmScore:
			continue
		case aside:
			f.Score = max(f.Score, second)
			f.Doubtful = wide && f.Score < sideSure
		case wide:
			f.Doubtful = second < largeConfirm || f.Score+second < largeBoth
			if f.Doubtful && f.Score < largeAlone {
				continue
			}
		default:
			f.Doubtful = looked && second < smallConfirm
		}
		kept = append(kept, f)
	}
	return kept, nil
}

// large tells that a find is so wide, as its turn sees the frame, that it has to be proved.
func large(v View, p pose, f track.Face) bool {
	seen := pose{f.Rotation, p.stretch}.view(v.Frame.Rect)
	return f.Across() >= largeFace*float32(seen.Dx())
}

// twice is the score of a second look at a find's place, if there was one. Where no
// look is left it is a sure find's own.
func (m *modelFinder) secondPass(v View, p pose, f track.Face) (score float32, looked bool, err error) {
	switch {
	case f.Score < m.Params().Start:
		return 0, false, nil
	case m.faces.confirms < 1 && f.Score >= sideSure:
		return f.Score, false, nil
	case m.faces.confirms < 1:
		return 0, false, nil
	}
	m.faces.confirms--
	second, _, err := m.detectFace(v, p, f.Box, f.Rotation, confirmPass)
	return second.Score, true, err
}

// tracked tells that a find belongs to a face that is known, and was surely found so often.
func tracked(v View, f track.Face, sure int) bool {
	return slices.ContainsFunc(v.Tracks, func(t *track.Track) bool {
		s, ok := t.At(v.N)
		return ok && t.Proved() && t.SureHits >= sure && s.Rotation == f.Rotation && track.Same(s.Box, f.Box)
	})
}

// again looks closely at the places of tracks that were not found: first of those that
// the look could not have found, for the way they lie, then one after the other.
func (m *modelFinder) recheck(v View, p pose, pass *track.Pass) error {
	if v.Cheap {
		return nil
	}
	for _, seen := range []bool{false, true} {
		for i := range v.Tracks {
			t := v.Tracks[(m.faces.next+i)%len(v.Tracks)]
			s, ok := t.At(v.N)
			if !ok || pass.Rotations.Has(s.Rotation) != seen || nearby(pass.Faces, s.Box) {
				continue
			}
			if m.faces.rechecks < 1 && (seen || m.faces.rechecks < -recheckMost) {
				break
			}
			if err := m.recheckTrack(v, p, t, s, pass); err != nil {
				return err
			}
		}
	}
	return nil
}

// lookAgain looks at the place of a track. What was found already is another's face,
// who is in front perhaps.
func (m *modelFinder) recheckTrack(v View, p pose, t *track.Track, s track.Position, pass *track.Pass) error {
	m.faces.rechecks--
	f, ok, err := m.detectFace(v, p, s.Box, s.Rotation, recheckPass)
	if err != nil {
		return err
	}
	pass.Rechecked = append(pass.Rechecked, t.ID)
	if ok && !nearby(pass.Faces, f.Box) && (t.SureHits > 0 || f.Score >= m.Params().Start) {
		pass.Faces = append(pass.Faces, f)
	}
	return nil
}

// compare looks at sure faces in the neighbouring turns as well: between two turns
// both find faces, but the one that is further off misses more. It returns those to look
// at from now on.
func (m *modelFinder) compareRotations(v View, p pose, faces []track.Face) (better []track.Rotation, err error) {
	for i := 0; i < len(faces) && m.faces.comparisons >= 1 && !v.Cheap; i++ {
		f := faces[(m.faces.next+i)%len(faces)]
		if f.Score < m.Params().Sure || f.Doubtful || f.Rotation != m.rotations.preferred {
			continue
		}
		m.faces.comparisons--
		best, err := m.bestRotation(v, p, f)
		if err != nil {
			return nil, err
		}
		if m.rotations.compared(f.Rotation, best) {
			better = append(better, best)
		}
		if best != f.Rotation && m.rotations.passes > 1 { // the next look will make sure of it
			m.faces.comparisons++
			break
		}
	}
	m.faces.next++
	return better, nil
}

// bestTurn is the turn that a face's own is nearest to: that which found it, unless
// one neighbour shows it about as well and much better than the other one does.
func (m *modelFinder) bestRotation(v View, p pose, f track.Face) (track.Rotation, error) {
	const about, much = 0.03, 0.2
	var scores [3]float32 // of the turn before, its own and the one after
	for i := range scores {
		seen, ok, err := m.detectFace(v, p, f.Box, track.Eighth(int(f.Rotation)+i-1), confirmPass)
		if err != nil {
			return f.Rotation, err
		}
		if ok {
			scores[i] = seen.Score
		}
	}
	for i, other := range []int{2, 0} {
		side := 2 * i
		if scores[side] > scores[1]-about && scores[side] > scores[other]+much {
			return track.Eighth(int(f.Rotation) + side - 1), nil
		}
	}
	return f.Rotation, nil
}

// nearby tells that a find lies where a box does, or in part.
func nearby(faces []track.Face, b track.Box) bool {
	return slices.ContainsFunc(faces, func(f track.Face) bool { return track.IoU(f.Box, b) > 0.2 })
}
