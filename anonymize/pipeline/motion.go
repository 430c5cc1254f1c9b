package pipeline

import (
	"image"
	"slices"
)

// noteBlocks keeps the moving parts of the newest picture, where they are
// asked for and there is a picture to compare with.
func (s *scene) noteBlocks(n int, wanted bool) {
	if wanted && len(s.moving) > 0 {
		s.blocks[n] = blocksOf(s.moving, s.w/s.f/cell, cell*s.f)
	}
}

// movingBlocks are the parts of picture n that moved in it or around it. Like
// a face's mask, a block stays for a second: who stops for a moment is not
// uncovered. Where a picture was not compared, all of it may have moved.
func (s *scene) movingBlocks(n int) []image.Rectangle {
	if !s.compared(n) {
		return []image.Rectangle{image.Rect(0, 0, s.w, s.h)}
	}
	seen := map[image.Rectangle]bool{}
	var out []image.Rectangle
	for m := n - s.stay(); m <= s.newest; m++ {
		for _, r := range s.blocks[m] {
			if !seen[r] {
				seen[r] = true
				out = append(out, r)
			}
		}
	}
	return out
}

// compared tells whether motion is known of picture n and all that came since.
// Nothing came before a scene's first picture: those after it tell.
func (s *scene) compared(n int) bool {
	from := max(n, s.first+1)
	for m := from; m <= s.newest; m++ {
		if _, known := s.blocks[m]; !known {
			return false
		}
	}
	return from <= s.newest
}

// stay is how many pictures a moving block outlasts its motion.
func (s *scene) stay() int { return max(recent, int(s.fps)) }

// blocksOf gathers moving cells into blocks of 4 x 4 cells, each grown by a
// cell: single cells would let features through between them.
func blocksOf(moving []bool, cols, side int) []image.Rectangle {
	const group = 4
	out := []image.Rectangle{}
	if cols == 0 {
		return out
	}
	across := (cols + group - 1) / group
	count := make([]int, across*((len(moving)/cols+group)/group))
	for i, m := range moving {
		if m {
			count[i/cols/group*across+i%cols/group]++
		}
	}
	for i, n := range count {
		if n >= 2 { // one cell alone is noise
			q := image.Pt(i%across, i/across).Mul(group * side)
			out = append(out, image.Rectangle{q, q.Add(image.Pt(group*side, group*side))}.Inset(-side))
		}
	}
	return out
}

// movingBlocks are the parts of picture n that are blurred because something
// moves there and a zone asks for it.
func (p *Pipeline) movingBlocks(n int) []image.Rectangle {
	if len(p.zones.moving) == 0 {
		return nil
	}
	size := image.Pt(p.scene.w, p.scene.h)
	return slices.DeleteFunc(p.scene.movingBlocks(n), func(r image.Rectangle) bool { return !p.zones.moves(r, size) })
}
