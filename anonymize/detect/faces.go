package detect

import (
	"image"
	"math"
	"slices"

	"github.com/bauta-gateway/bauta/detector/track"
)

// faceBudget bounds the passes at single faces: those that confirm a find, and those at
// the positions of tracks that the pass at the frame did not find.
type faceBudget struct {
	confirms, rechecks, comparisons float64 // passes that may still be taken
	next                            int
}

const (
	// confirmRate and recheckRate are how many passes at single faces a second pays for,
	// confirmMost and recheckMost how many go into one pass at the frame. The first
	// frame, where all is new, has more.
	confirmRate, confirmMost, confirmFirst = 30, 12, 64
	recheckRate, recheckMost               = 15, 6
	// cheapRechecks is recheckRate while there is too much to do.
	cheapRechecks = 6
	// compareRate is how many faces a second are compared at the neighbouring rotations,
	// compareFirst how many of the first frame.
	compareRate, compareFirst = 1, 4
	// largeFace is the share of the frame's width from which a find has to be confirmed
	// by a second one: a false one would hide much, and a true one is easy to see.
	largeFace = 0.1
	// confirmScore and largeConfirm are the least scores of a find's second pass, at another
	// rotation than the preferred one and of a large face. Measured on photographs of crowds and
	// on streets: of large finds that are no faces none reaches it, of others one in five.
	confirmScore, largeConfirm = 0.6, 0.45
	// largeBoth is the least sum of both passes' scores of a large face.
	largeBoth = 1.05
	// largeAlone is the least score of a large find that no second pass confirms.
	largeAlone = 0.5
	// smallConfirm is the score of the second pass below which a small unsure find is doubtful.
	smallConfirm = 0.3
	// unlikeMost is how much the sizes may differ of a face and of one in an earlier frame.
	unlikeMost = 0.5
	// certain is the score from which a find needs no second one.
	certain = 0.85
)

// The passes at a single face: the part shown is so many times as large as the face, the
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
		l.confirms, l.rechecks, l.comparisons = confirmFirst*v.times(), 0, compareFirst
		return
	}
	passed, times, rechecks := float64(v.Since)/max(v.FPS, 1), v.times(), float64(recheckRate)
	if v.Cheap {
		rechecks = cheapRechecks
	}
	l.confirms = min(l.confirms+confirmRate*passed*times, confirmMost*times)
	l.rechecks = min(l.rechecks+rechecks*passed*times, recheckMost*times)
	l.comparisons = min(l.comparisons+compareRate*passed, 1)
}

// detectFace searches where one face is, and returns the find that covers it best.
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

// detectAround searches where one face is and around it.
func (m *modelFinder) detectAround(v View, p pose, b track.Box, rotation track.Rotation, l facePass) ([]track.Face, error) {
	p.rotation = rotation
	sx, sy := p.scales()
	seen := max(float64(b.W)*sx, float64(b.H)*sy)
	x, y := b.Centre()
	w := p.window(x, y, seen*float64(l.times)/float64(l.side), image.Pt(l.side, l.side))
	return m.detectWindow(v, p, w)
}

// DetectAt searches around a position; the find must not lie where another track was found.
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

// claimed reports whether another track was found where f is.
func claimed(v View, f track.Face) bool {
	return slices.ContainsFunc(v.Tracks, func(t *track.Track) bool {
		s, ok := t.At(v.N)
		return ok && s.Seen && track.Same(s.Box, f.Box)
	})
}

// confirm keeps the best of overlapping finds that no second pass refuses. A find at one rotation
// may lie over that of another, and be the surer one of the two without being a face: so none is
// left out for one that is refused itself.
func (m *modelFinder) confirm(v View, p pose, faces []track.Face) ([]track.Face, error) {
	faces = slices.Clone(faces)
	track.BestFirst(faces)
	var kept []track.Face
	for _, f := range faces {
		if track.Covered(kept, f) {
			continue
		}
		f, ok, err := m.evaluate(v, p, f, kept, faces)
		if err != nil {
			return nil, err
		}
		if ok {
			kept = append(kept, f)
		}
	}
	return kept, nil
}

// evaluate has a second pass at a find that ought to be confirmed and that no track
// explains. One at another rotation than the preferred one that is not confirmed is refused:
// hands, prints and folds of cloth look like faces from somewhere. A large one that is
// not becomes doubtful, and a small unsure one where the frame is clear: in noise and in the dark
// a second pass misses what the first one found.
func (m *modelFinder) evaluate(v View, p pose, f track.Face, kept, all []track.Face) (evaluated track.Face, ok bool, err error) {
	if f.Again {
		return f, true, nil
	}
	aside, wide := f.Rotation != m.rotations.preferred, isWide(v, p, f)
	if f.Score >= certain || !aside && !wide && (f.Score >= m.Params().Sure || m.enhancer.on() || tracked(v, f, 0)) || tracked(v, f, 1) {
		return f, true, nil
	}
	if aside && m.holdsSurer(f, all) {
		return f, false, nil
	}
	second, passed, err := m.secondPass(v, p, f, kept)
	switch {
	case err != nil || aside && second < confirmScore:
		return f, false, err
	case aside:
		f.Score = max(f.Score, second)
		f.Second = opinion(!wide || f.Score >= sideSure)
	case wide:
		f.Second = opinion(second >= largeConfirm && f.Score+second >= largeBoth)
		return f, f.Second == track.Confirms || f.Score >= largeAlone, nil
	case passed:
		f.Second = opinion(second >= smallConfirm)
	}
	return f, true, nil
}

func opinion(confirmed bool) track.Opinion {
	if confirmed {
		return track.Confirms
	}
	return track.Doubts
}

// holdsSurer reports whether a find covers the middle of a much smaller face that the preferred
// rotation shows more surely, or another one at which faces were surely found lately: two faces
// beside each other look like one from another side.
func (m *modelFinder) holdsSurer(f track.Face, faces []track.Face) bool {
	const smaller = 0.7
	return slices.ContainsFunc(faces, func(o track.Face) bool {
		x, y := o.Centre()
		within := x > f.X && y > f.Y && x < f.X+f.W && y < f.Y+f.H
		trusted := o.Rotation == m.rotations.preferred || o.Rotation != f.Rotation && m.rotations.lately(o.Rotation)
		return within && trusted && o.Score >= m.Params().Sure && o.Score > f.Score && o.Across() < smaller*f.Across()
	})
}

// isWide reports whether a find is so wide, as its rotation sees the frame, that it has to be
// confirmed. A large frame counts as no wider than 16:9: what several lenses see is wider.
func isWide(v View, p pose, f track.Face) bool {
	seen := pose{f.Rotation, p.stretch}.view(v.Frame.Rect)
	width := seen.Dx()
	if large(v.Frame.Rect) {
		width = min(width, seen.Dy()*16/9)
	}
	return f.Across() >= largeFace*float32(width)
}

// secondPass is the score of a second pass where a find is, if there was one. Where no
// pass is left it is a sure find's own. A pass that shows one of the faces that are known
// already, beside it, says nothing for it.
func (m *modelFinder) secondPass(v View, p pose, f track.Face, known []track.Face) (score float32, passed bool, err error) {
	switch {
	case f.Score < m.Params().Start:
		return 0, false, nil
	case m.faces.confirms < 1 && f.Score >= sideSure:
		return f.Score, false, nil
	case m.faces.confirms < 1:
		return 0, false, nil
	}
	m.faces.confirms--
	second, found, err := m.detectFace(v, p, f.Box, f.Rotation, confirmPass)
	if found && slices.ContainsFunc(known, func(o track.Face) bool { return track.IoU(o.Box, second.Box) > track.IoU(f.Box, second.Box) }) {
		return 0, true, nil
	}
	return second.Score, true, err
}

// tracked reports whether a find belongs to a face that is confirmed, and was surely found so often.
func tracked(v View, f track.Face, sure int) bool {
	return slices.ContainsFunc(v.Tracks, func(t *track.Track) bool {
		s, ok := t.At(v.N)
		return ok && t.Confirmed() && t.SureHits >= sure && s.Rotation == f.Rotation && track.Same(s.Box, f.Box)
	})
}

// recheck has a pass at the positions of tracks that were not found: first of those that
// the pass at the frame could not have found, for the way they lie, then one after the other.
func (m *modelFinder) recheck(v View, p pose, pass *track.Pass) error {
	for _, seen := range []bool{false, true} {
		for i := range v.Tracks {
			t := v.Tracks[(m.faces.next+i)%len(v.Tracks)]
			s, ok := t.At(v.N)
			if !ok || pass.Rotations.Has(s.Rotation) != seen || nearby(pass.Faces, s.Box) || !t.Missed() && !pass.Saw(s.Box) {
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

// recheckTrack searches where a track is. What was found already is another's face,
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

// compareRotations searches for sure faces at the neighbouring rotations as well: between two
// rotations both find faces, but the one that is further off misses more. It returns those
// that have full passes from now on.
func (m *modelFinder) compareRotations(v View, p pose, faces []track.Face) (better []track.Rotation, err error) {
	for i := 0; i < len(faces) && m.faces.comparisons >= 1; i++ {
		f := faces[(m.faces.next+i)%len(faces)]
		if f.Score < m.Params().Sure || f.Second == track.Doubts || f.Rotation != m.rotations.preferred {
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
		if best != f.Rotation && m.rotations.passes > 1 { // the next pass will make sure of it
			m.faces.comparisons++
			break
		}
	}
	m.faces.next++
	return better, nil
}

// bestRotation is the rotation that a face's own is nearest to: that which found it, unless
// one neighbour shows it about as well and much better than the other one does, or it is shown
// better upside down.
func (m *modelFinder) bestRotation(v View, p pose, f track.Face) (track.Rotation, error) {
	const about, much = 0.03, 0.2
	score := func(eighths int) (float32, error) {
		seen, _, err := m.detectFace(v, p, f.Box, track.Eighth(int(f.Rotation)+eighths), confirmPass)
		return seen.Score, err
	}
	var scores [3]float32 // of the rotation before, its own and the one after
	for i := range scores {
		var err error
		if scores[i], err = score(i - 1); err != nil {
			return f.Rotation, err
		}
	}
	if scores[1] < certain { // upside down the network finds faces as well, but less surely
		if upside, err := score(4); err != nil || upside > scores[1]+about {
			return track.Eighth(int(f.Rotation) + 4), err
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

// nearby reports whether a find lies where a box does, or in part.
func nearby(faces []track.Face, b track.Box) bool {
	return slices.ContainsFunc(faces, func(f track.Face) bool { return track.IoU(f.Box, b) > 0.2 })
}
