package leak

import (
	"image"
	"math"
)

const (
	// confirmIoU is the overlap above which a find in one frame speaks for
	// a find in the next.
	confirmIoU = 0.2
	// linkIoU is the overlap above which a face is taken for the one of the
	// frame before, moved on as before. It is lower: at 8 frames a second
	// somebody who walks by overlaps himself little.
	linkIoU = 0.1
)

// Confirmed leaves out the faces that a detector found in one frame only:
// those are mostly no faces. A face stays when it overlaps one of the frames
// before and after, and also where neither of them has any face, because then
// nothing speaks against it. Known faces (ground truth) need no confirmation.
func Confirmed(frames [][]Box) [][]Box {
	out := make([][]Box, len(frames))
	for i, faces := range frames {
		var near []Box
		if i > 0 {
			near = append(near, frames[i-1]...)
		}
		if i+1 < len(frames) {
			near = append(near, frames[i+1]...)
		}
		for _, f := range faces {
			if len(near) == 0 || overlapsAny(f, near) {
				out[i] = append(out[i], f)
			}
		}
	}
	return out
}

func overlapsAny(f Box, others []Box) bool {
	for _, o := range others {
		if IoU(f, o) > confirmIoU {
			return true
		}
	}
	return false
}

// Example is one leaked face.
type Example struct {
	Frame  int
	Face   Box
	Detail float64
}

// maxExamples bounds a Result's examples.
const maxExamples = 12

// Result is the measure of one output. Zero values mean that there was
// nothing to measure.
type Result struct {
	Frames int
	// Faces are the measured face-frames, Leaked those of them that leak.
	Faces, Leaked int
	// Tracks are the persons' appearances, LeakedTracks those of them that
	// leak in one frame or more.
	Tracks, LeakedTracks int
	// ChangedArea is the mean share of the frame that was altered, 0 to 1.
	ChangedArea float64
	// Changed is the same of each frame.
	Changed []float64
	// EmptyChanged is the mean over the first quarter of the frames, as far
	// as they have no face: what is masked there is masked for nothing. It is
	// NaN where the first frame has a face.
	EmptyChanged float64
	// FaceArea is the mean share of the frame that the faces' boxes cover.
	FaceArea float64
	// Examples are the first leaked faces.
	Examples []Example
}

// Rate is the share of face-frames that leak, 0 to 1.
func (r Result) Rate() float64 { return float64(r.Leaked) / float64(max(1, r.Faces)) }

// TrackRate is the share of tracks with a leaked frame, 0 to 1.
func (r Result) TrackRate() float64 { return float64(r.LeakedTracks) / float64(max(1, r.Tracks)) }

// Meter measures frame by frame. The zero value is ready.
type Meter struct {
	r       Result
	last    []link // the faces of the frame before
	changed []float64
	empty   int // frames before the first face
	seen    bool
	area    float64
}

// link is a face, where it is likely to be in the next frame, and the track
// that it belongs to; nil before its first measured face.
type link struct {
	face, next Box
	on         *appearance
}

type appearance struct{ leaked bool }

// Add measures the next frame. Both planes begin at (0, 0) and have the same
// size; they are not kept. It returns the number of leaked faces in it.
func (m *Meter) Add(src, out *image.Gray, faces []Box) (leaked int) {
	var now []link
	free := append([]link(nil), m.last...)
	for _, f := range faces {
		m.area += max(0, f.W) * max(0, f.H) / float64(max(1, src.Rect.Dx()*src.Rect.Dy()))
		l := follow(&free, f)
		if d, ok := Detail(src, out, f); ok && f.W >= MinWidth {
			l.on = m.count(l.on, f, d)
			if d > Threshold {
				leaked++
			}
		}
		now = append(now, l)
	}
	m.seen = m.seen || len(faces) > 0
	if !m.seen {
		m.empty++
	}
	m.last = now
	m.changed = append(m.changed, ChangedArea(src, out))
	m.r.Frames++
	return leaked
}

// count counts one face; a track begins with its first measured face.
func (m *Meter) count(on *appearance, f Box, d float64) *appearance {
	m.r.Faces++
	if on == nil {
		on = &appearance{}
		m.r.Tracks++
	}
	if d <= Threshold {
		return on
	}
	m.r.Leaked++
	if !on.leaked {
		on.leaked = true
		m.r.LeakedTracks++
	}
	if len(m.r.Examples) < maxExamples {
		m.r.Examples = append(m.r.Examples, Example{m.r.Frames, f, d})
	}
	return on
}

// follow takes the face of the frame before that f continues best and goes
// on with it; where there is none it begins anew.
func follow(free *[]link, f Box) link {
	best, at := linkIoU, -1
	for i, l := range *free {
		if v := max(IoU(l.face, f), IoU(l.next, f)); v > best {
			best, at = v, i
		}
	}
	if at < 0 {
		return link{face: f, next: f}
	}
	l := (*free)[at]
	*free = append((*free)[:at], (*free)[at+1:]...)
	next := f
	next.X += f.X - l.face.X
	next.Y += f.Y - l.face.Y
	return link{face: f, next: next, on: l.on}
}

// Result is the measure of all frames so far.
func (m *Meter) Result() Result {
	r := m.r
	r.Examples = append([]Example(nil), r.Examples...)
	r.ChangedArea, r.Changed = mean(m.changed), append([]float64(nil), m.changed...)
	r.FaceArea = m.area / float64(max(1, r.Frames))
	r.EmptyChanged = math.NaN()
	if n := min(m.empty, r.Frames/4); n > 0 {
		r.EmptyChanged = mean(m.changed[:n])
	}
	return r
}
