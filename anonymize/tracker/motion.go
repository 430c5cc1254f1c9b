package tracker

import (
	"image"
	"slices"

	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/detector"
)

// noteBlocks keeps the moving parts of the newest frame, where they are
// asked for and there is a frame to compare with.
func (s *Tracker) noteBlocks(n int, small *image.Gray, wanted bool) {
	if !wanted {
		s.earlier = nil
		return
	}
	if len(s.moving) > 0 {
		s.blocks[n] = blocksOf(s.movedLately(n, small), s.w/s.f/detect.CellSide, detect.CellSide*s.f)
	}
}

// movedLately marks the cells that differ from the last pass's frame or from one
// of up to a second ago: who walks slowly, or is hardly lighter than the wall, differs
// little from a moment ago.
func (s *Tracker) movedLately(n int, small *image.Gray) []bool {
	const area = detect.CellSide * detect.CellSide
	if s.earlier == nil {
		s.earlier, s.later, s.laterAt = clone(small), clone(small), n
	}
	s.cells = detector.Cells(small, s.earlier, detect.CellSide, s.cells)
	limit := min(s.limit(), 2*area*moved)
	moved := slices.Clone(s.moving)
	for i, v := range s.cells {
		moved[i] = moved[i] || v > limit
	}
	if n-s.laterAt >= s.stay()/2 {
		s.earlier, s.later = s.later, s.earlier
		copy(s.later.Pix, small.Pix)
		s.laterAt = n
	}
	return moved
}

func clone(g *image.Gray) *image.Gray {
	return &image.Gray{Pix: slices.Clone(g.Pix), Stride: g.Stride, Rect: g.Rect}
}

// MovingBlocks are the parts of frame n that moved in it or around it. Like
// a face's mask, a block stays for a second: who stops for a moment is not
// uncovered. Where a frame was not compared, all of it may have moved, and
// after a gap until a second has been seen again.
func (s *Tracker) MovingBlocks(n int) []image.Rectangle {
	if !s.compared(n) || s.resumed && n < s.first+s.stay() {
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

// compared is whether motion is known of frame n and all that came since.
// Nothing came before a tracker's first frame: those after it show what moves in it.
func (s *Tracker) compared(n int) bool {
	from := max(n, s.first+1)
	for m := from; m <= s.newest; m++ {
		if _, known := s.blocks[m]; !known {
			return false
		}
	}
	return from <= s.newest
}

// stay is how many frames a moving block outlasts its motion.
func (s *Tracker) stay() int { return max(recent, int(s.fps)) }

const (
	// group is the side of a block in cells.
	group = 4
	// joined is how many blocks away another one is still of the same thing.
	joined = 3
)

// blocksOf gathers moving cells into blocks of group x group cells. Blocks near each
// other are one thing that moves: all of the rectangle around them is taken, for the inside
// of a plain coat has no cell that changed. It is grown by a cell.
func blocksOf(moving []bool, cols, side int) []image.Rectangle {
	out := []image.Rectangle{}
	if cols == 0 {
		return out
	}
	moved := blockGrid(moving, cols)
	for y, row := range moved {
		for x := range row {
			if !row[x] {
				continue
			}
			r := moved.take(image.Pt(x, y))
			out = append(out, image.Rectangle{r.Min.Mul(group * side), r.Max.Mul(group * side)}.Inset(-side))
		}
	}
	return out
}

// blocks is true, by rows and columns, for blocks that move.
type blocks [][]bool

func blockGrid(moving []bool, cols int) blocks {
	grid := make(blocks, (len(moving)/cols+group-1)/group)
	counts := make([][]int, len(grid))
	for y := range grid {
		grid[y], counts[y] = make([]bool, (cols+group-1)/group), make([]int, (cols+group-1)/group)
	}
	for i, m := range moving[:len(moving)/cols*cols] {
		if m {
			x, y := i%cols/group, i/cols/group
			counts[y][x]++
			grid[y][x] = counts[y][x] >= 2 // one cell alone is noise
		}
	}
	return grid
}

// take removes the blocks that are joined to p, and returns the rectangle around them.
func (b blocks) take(p image.Point) image.Rectangle {
	around := image.Rectangle{Min: p, Max: p}
	for next := []image.Point{p}; len(next) > 0; {
		p, next = next[len(next)-1], next[:len(next)-1]
		if p.Y < 0 || p.Y >= len(b) || p.X < 0 || p.X >= len(b[p.Y]) || !b[p.Y][p.X] {
			continue
		}
		b[p.Y][p.X] = false
		around = around.Union(image.Rectangle{Min: p, Max: p.Add(image.Pt(1, 1))})
		for dy := -joined; dy <= joined; dy++ {
			for dx := -joined; dx <= joined; dx++ {
				next = append(next, p.Add(image.Pt(dx, dy)))
			}
		}
	}
	return around
}
