package detect

import (
	"image"

	"github.com/bauta-gateway/bauta/detector/track"
)

// Frames of about 720p are shown to the network reduced by two. In good light that is
// enough for faces of 20 pixels; where noise, darkness or a coarse encoder took their
// detail it is not, and each pixel as it is finds nearly all of them. How much of this
// there is shows in what the full view finds: where many small finds are half sure and few
// are sure, tiles pay.

const (
	// fineScale is the reduction of the full view above which tiles of single pixels pay.
	fineScale = 1.5
	// smallFace is the width in the full view below which a face is small.
	smallFace = 20
	// fineLeast is how many such tiles a second are taken in any frame that moves,
	// finePerDoubt how many more for each doubtful find, fineMost the most. What a
	// fineSaved part of a second brings is saved up.
	fineLeast, finePerDoubt, fineMost = 0.5, 3, 15
	fineSaved                         = 4
	// cheapFine is the most while there is too much to do.
	cheapFine = 1
	// manyDoubts is from how many doubtful finds in the first frame all of it is covered with tiles.
	manyDoubts = 2
	// doubtKeep is the weight of what earlier passes found against the newest one.
	doubtKeep = 0.8
	// doubtValue is what a doubtful find adds to a tile, in cells that move.
	doubtValue = 4
)

// fineArea is the part of what viewers see that such a tile shows, not reduced.
var fineArea = tileInput

// doubts are the small faces that the full view sees badly.
type doubts struct {
	level float64     // how many more of them are doubtful than sure, on average
	at    []track.Box // those of the last pass
	any   bool        // something was noticed
}

// notice takes in what the full view found.
func (d *doubts) notice(v View, p pose, faces []track.Face, scores track.Params) {
	d.at = d.at[:0]
	seen := p.view(v.Frame.Rect)
	limit := smallFace * float32(max(seen.Dx(), seen.Dy())) / float32(v.side(fullView))
	sx, sy := p.scales()
	more := 0.0
	for _, f := range faces {
		switch {
		case max(f.W*float32(sx), f.H*float32(sy)) >= limit:
			continue
		case f.Score >= scores.Sure:
			more--
			continue
		case f.Score >= scores.Start:
			more++
		}
		d.at = append(d.at, f.Box)
	}
	if !d.any || v.Since > v.N {
		d.level, d.any = more, true
		return
	}
	d.level = doubtKeep*d.level + (1-doubtKeep)*more
}

// replenishFine adds the allowance of the frames that went by since the last pass.
func (c *tileScheduler) replenishFine(v View) {
	rate := c.doubts.rate()
	if v.Cheap {
		rate = min(rate, cheapFine)
	}
	most := min(tilesMost, max(1, rate/fineSaved))
	c.credit = min(c.credit+rate*float64(v.Since)/v.FPS, most)
}

// rate is how many tiles a second the doubts are worth.
func (d *doubts) rate() float64 {
	return min(fineLeast+finePerDoubt*max(d.level, 0), fineMost)
}

func (d *doubts) many() bool { return d.level >= manyDoubts }

// value is what the doubtful finds add to a tile; age tells how long a point was in
// none.
func (d *doubts) value(v View, r image.Rectangle, age func(image.Point) int) float64 {
	sum := 0.0
	for _, b := range d.at {
		x, y := b.Centre()
		if at := image.Pt(int(x), int(y)); at.In(r) {
			sum += doubtValue * float64(age(at))
		}
	}
	return sum
}

// fine reports whether tiles of single pixels show more of a frame than the full view,
// where those of larger frames do not pay.
func (p pose) fine(pic image.Rectangle) bool {
	seen, area := p.view(pic), p.fineArea()
	return !p.rotation.Aslant() && float64(max(seen.Dx(), seen.Dy())) >= fineScale*fullView && pic.Dx() >= area.X && pic.Dy() >= area.Y
}

// closeArea is the area of tiles that show more of a frame than the full view; empty where the
// full view shows all.
func (p pose) closeArea(pic image.Rectangle) image.Point {
	switch area := p.area(); {
	case p.pays(pic), p.rotation.Aslant() && pic.Dx() >= area.X && pic.Dy() >= area.Y:
		return area
	case p.fine(pic):
		return p.fineArea()
	}
	return image.Point{}
}

// fineArea is the part of the frame, in its own pixels, that one such tile shows.
func (p pose) fineArea() image.Point { return p.stored(p.upright(fineArea)) }
