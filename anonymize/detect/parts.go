package detect

import (
	"image"
	"slices"

	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
)

// A full view finds the same faces again where nothing has changed. Between two views of all of
// the frame only parts of it are searched: those in which something changed since they were
// last searched, and where a face is not sure. What was found elsewhere is taken as found again.

const (
	// wholeEvery is the time in seconds after which all of the frame is searched again.
	wholeEvery = 2
	// partUnit is what the sides of parts are multiples of, in pixels of the network's input.
	partUnit = 32
	// partMargin is how many units around what changed are searched, partShare of how large that
	// is comes on top: large faces need more around them.
	partMargin, partShare = 1, 4
	// partsMost is the share of the full view from which all of it is searched.
	partsMost = 0.7
	// partAround is what of a face's width belongs to it on each side.
	partAround = 0.25
	// seenWidth is the width in the network's input below which the full view finds hardly a face.
	seenWidth = 10
)

// lastView is what the full view at the preferred rotation has found, all in all.
type lastView struct {
	known    bool
	rotation track.Rotation
	side     int          // of the view
	whole    int          // the frame in which all was searched
	found    []track.Face // by the view of this pass
	faces    []track.Face // those of them that were kept
}

func (l *lastView) forget() { *l = lastView{} }

// remember keeps those faces of a pass that the view found.
func (l *lastView) remember(v View, faces []track.Face) {
	l.known, l.faces = true, l.faces[:0]
	for _, f := range faces {
		if f.Rotation == l.rotation && track.Covered(l.found, f) {
			f.Again = true
			l.faces = append(l.faces, f)
		}
	}
}

// part is a part of the frame: what changed in it, and what is searched.
type part struct{ core, crop image.Rectangle }

func crops(parts []part) (out []image.Rectangle) {
	for _, p := range parts {
		out = append(out, p.crop)
	}
	return out
}

// detectChanged searches the parts of the full view that changed. Faces elsewhere are found again.
func (m *modelFinder) detectChanged(v View, p pose) (faces []track.Face, err error) {
	if p.rotation != m.rotations.preferred {
		return m.detectFullView(v, p, fullView)
	}
	if len(m.parts) == 0 {
		faces, err = m.detectFullView(v, p, fullView)
		m.last.whole, m.last.rotation, m.last.side = v.N, p.rotation, v.side(fullView)
	} else {
		faces, err = m.detectParts(v, p, m.parts)
		faces = track.Merge(append(faces, m.last.outside(m.parts)...))
	}
	m.last.found = append(m.last.found[:0], faces...)
	return faces, err
}

func (m *modelFinder) detectParts(v View, p pose, parts []part) ([]track.Face, error) {
	var faces []track.Face
	g := newPartGrid(v, p)
	for _, q := range parts {
		dst := g.size(q.crop, p)
		net, err := m.net(image.Pt((dst.X+partUnit-1)&^(partUnit-1), (dst.Y+partUnit-1)&^(partUnit-1)))
		if err != nil {
			return nil, err
		}
		found, err := net.Detect(v.Frame, v.FullRange, []detector.Tile{{Src: q.crop, Dst: image.Rectangle{Max: dst}, Rotation: p.rotation.Quarters()}}, m.Params().Continue)
		if err != nil {
			return nil, err
		}
		faces = append(faces, whole(found, q.crop, v.Frame.Rect, v.plain())...)
	}
	return faces, nil
}

// outside are the faces that lie in nothing of parts that changed.
func (l *lastView) outside(parts []part) (faces []track.Face) {
	for _, f := range l.faces {
		if !slices.ContainsFunc(parts, func(q part) bool { return touches(f.Box, q.core) }) {
			faces = append(faces, f)
		}
	}
	return faces
}

// touches reports whether a box and a rectangle have something in common.
func touches(b track.Box, r image.Rectangle) bool {
	return b.X < float32(r.Max.X) && b.X+b.W > float32(r.Min.X) && b.Y < float32(r.Max.Y) && b.Y+b.H > float32(r.Min.Y)
}

// changedParts are the parts of the frame that the full view of this pass is cut to; none: all of it.
func (m *modelFinder) changedParts(v View, p pose, list []track.Rotation) []part {
	l := &m.last
	switch {
	case v.Since > v.N, len(list) != 1, list[0] != l.rotation, list[0].Aslant(), !l.known, l.side != v.side(fullView):
		return nil
	case m.enhancer.on(), v.MovingWidth < 1, len(v.Moving) < v.MovingWidth, v.FPS <= 0, float64(v.N-l.whole) >= wholeEvery*v.FPS:
		return nil
	}
	g := newPartGrid(v, pose{list[0], p.stretch})
	g.markMoving(v)
	var known []track.Box
	for _, f := range l.faces {
		known = append(known, f.Box)
		if f.Score < m.Params().Sure || f.Second == track.Doubts {
			g.mark(pixels(f.Box))
		}
	}
	for _, t := range v.Tracks {
		if s, ok := t.At(v.N); ok {
			known = append(known, s.Box)
			if t.Missed() && g.seen(s.Box) {
				g.mark(pixels(s.Box))
			}
		}
	}
	return g.parts(known)
}

func pixels(b track.Box) image.Rectangle {
	return image.Rect(int(b.X), int(b.Y), int(b.X+b.W)+1, int(b.Y+b.H)+1)
}
