package track

import (
	"cmp"
	"slices"
)

// Box is a rectangle in pixels of the full frame; it may reach outside.
type Box struct{ X, Y, W, H float32 }

// Face is one find. Score lies between 0 and 1.
type Face struct {
	Box
	Score    float32
	Rotation Rotation
	// Second is what a second, closer pass said of the find. While it is Doubts and no
	// other find confirms the face, only its inner part is masked.
	Second Opinion
	// Reduced is what the frame was brought down by for the pass that found the face.
	Reduced Reduction
	// Again says that an earlier pass found it and nothing has changed there since: it is no
	// further find.
	Again bool
}

// Opinion is what a second pass says of a find.
type Opinion uint8

const (
	// NoOpinion says that there was no second pass.
	NoOpinion Opinion = iota
	// Doubts says that the find may well be no face.
	Doubts
	// Confirms says that the second pass found the face too.
	Confirms
)

// Reduction is how many pixels of the frame, each way, make one of the network's
// input; zero is not known.
type Reduction struct{ X, Y float32 }

// Across is the face's own width, from ear to ear.
func (f Face) Across() float32 { return across(f.Box, f.Rotation) }

func across(b Box, rotation Rotation) float32 {
	switch {
	case rotation.Aslant(): // the box is square and holds as much as the face's own
		return 0.9 * b.W
	case rotation.OnSide():
		return b.H
	}
	return b.W
}

// IoU is the overlap of two boxes as a share of their union, 0 to 1.
func IoU(a, b Box) float32 {
	w := min(a.X+a.W, b.X+b.W) - max(a.X, b.X)
	h := min(a.Y+a.H, b.Y+b.H) - max(a.Y, b.Y)
	if w <= 0 || h <= 0 {
		return 0
	}
	inter := w * h
	return inter / (a.W*a.H + b.W*b.H - inter)
}

// Grow widens the box by the given shares of its width and height on each side.
func (b Box) Grow(x, y float32) Box {
	return Box{b.X - x*b.W, b.Y - y*b.H, b.W * (1 + 2*x), b.H * (1 + 2*y)}
}

// Move shifts the box.
func (b Box) Move(dx, dy float32) Box { return Box{b.X + dx, b.Y + dy, b.W, b.H} }

// Centre is the box's middle.
func (b Box) Centre() (x, y float32) { return b.X + b.W/2, b.Y + b.H/2 }

// Union is the smallest box around both.
func (b Box) Union(o Box) Box {
	x, y := min(b.X, o.X), min(b.Y, o.Y)
	return Box{x, y, max(b.X+b.W, o.X+o.W) - x, max(b.Y+b.H, o.Y+o.H) - y}
}

// mergeIoU is the overlap above which two finds are one face, as in YuNet's own demo.
const mergeIoU = 0.3

// Same reports whether two boxes overlap so far that they are of one face.
func Same(a, b Box) bool { return IoU(a, b) > mergeIoU }

// Merge keeps the best of overlapping finds, best first.
func Merge(faces []Face) []Face {
	BestFirst(faces)
	var kept []Face
	for _, f := range faces {
		if !Covered(kept, f) {
			kept = append(kept, f)
		}
	}
	return kept
}

// BestFirst sorts finds by their scores.
func BestFirst(faces []Face) {
	slices.SortStableFunc(faces, func(a, b Face) int { return cmp.Compare(b.Score, a.Score) })
}

// Covered reports whether a find is of the same face as one of some others.
func Covered(others []Face, f Face) bool {
	return slices.ContainsFunc(others, func(o Face) bool { return Same(o.Box, f.Box) })
}
