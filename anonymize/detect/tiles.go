package detect

import (
	"image"
	"slices"

	"github.com/bauta-gateway/bauta/detector/track"
)

// tileScheduler chooses tiles: parts of a large frame that deserve more
// pixels than the full view gives them. Faces of 20 pixels in 1080p are found this way.
//
// It chooses a bounded number a second, so that a busy frame costs little more than a
// calm one: where something moves that was in no tile lately, then one after the other over
// the rest.
type tileScheduler struct {
	credit float64 // tiles that it may still choose
	stamps []int   // for each motion cell, the frame of the last tile with it
	cols   int
	sums   []int // of the values of all cells above and left of one
	// reduced counts the side passes at this rotation.
	reduced int
	doubts  doubts
}

// CellSide is the side of a motion cell in reduced pixels.
const CellSide = 4

var (
	// tileInput is the network's input for one tile.
	tileInput = image.Pt(320, 192)
	// tileArea is the part of what viewers see that it shows, reduced 1.5 times;
	// pose.area is the same in the frame's own pixels.
	tileArea = image.Pt(480, 288)
)

const (
	// slowRate and fastRate are how many tiles a second go where none was
	// lately: fewer at FastRate and above, where a frame has less time and faces
	// move less between two.
	slowRate, fastRate = 12, 4
	// cheapRate is the same while there is too much to do.
	cheapRate = 2
	// FastRate is in frames a second.
	FastRate = 20
	// tilesMost bounds the tiles of one frame.
	tilesMost = 4
	// tilesFirst bounds those at the first frame of 1080p, which is covered with
	// tiles: what is in it has no history to be found by. Larger ones have as many more.
	tilesFirst = 64
	// tilesScale is the reduction to fullView above which tiles pay.
	tilesScale = 2.2
	// stillWeight brings each part of the frame into a tile in time, slowly.
	stillWeight = 0.02
)

func newTileScheduler() tileScheduler { return tileScheduler{credit: tilesMost} }

// replenish adds the allowance of the frames that went by since the last pass.
func (c *tileScheduler) replenish(v View) {
	rate := float64(slowRate)
	switch {
	case v.Cheap:
		rate = cheapRate
	case v.FPS >= FastRate:
		rate = fastRate
	}
	c.credit = min(c.credit+rate*v.times()*float64(v.Since)/v.FPS, tilesMost*v.times())
}

// choose returns the tiles of this pass.
func (c *tileScheduler) choose(v View, p pose) []image.Rectangle {
	pic, area, first := v.Frame.Rect, p.area(), v.Since > v.N && !v.Cheap
	switch {
	case p.pays(pic):
	case p.fine(pic) && v.Scale > 0:
		area = p.fineArea()
		first = first && c.doubts.many()
	default:
		return nil
	}
	side := CellSide * v.Scale
	c.fit(v)
	if first {
		return everywhere(pic, area, p)
	}
	var out []image.Rectangle
	for c.credit >= 1 {
		r, worth := c.best(v, area, pic, side)
		if worth < 1 {
			break
		}
		out = append(out, r)
		c.credit--
		c.stamp(v.N, r, side)
	}
	return out
}

// all are the tiles of a pass everywhere.
func (c *tileScheduler) all(v View, p pose) []image.Rectangle {
	if !p.pays(v.Frame.Rect) {
		return nil
	}
	return everywhere(v.Frame.Rect, p.area(), p)
}

// fit makes the stamps fit the frame.
func (c *tileScheduler) fit(v View) {
	if cols := max(v.MovingWidth, 1); len(c.stamps) != len(v.Moving) || c.cols != cols {
		c.stamps, c.cols = make([]int, len(v.Moving)), cols
	}
}

// moving is the tile of an area that deserves one pass beyond the allowances.
func (c *tileScheduler) moving(v View, area image.Point) (image.Rectangle, bool) {
	c.fit(v)
	side := CellSide * v.Scale
	r, worth := c.best(v, area, v.Frame.Rect, side)
	if worth >= 1 {
		c.stamp(v.N, r, side)
	}
	return r, worth >= 1
}

// pays reports whether tiles show more of a frame than the full view does.
func (p pose) pays(pic image.Rectangle) bool {
	seen, area := p.view(pic), p.area()
	return float64(max(seen.Dx(), seen.Dy())) >= tilesScale*fullView && pic.Dx() >= area.X && pic.Dy() >= area.Y
}

// everywhere covers the frame with windows that overlap by a small face.
func everywhere(pic image.Rectangle, area image.Point, p pose) []image.Rectangle {
	sx, sy := p.scales()
	overlap := image.Pt(int(64/sx), int(64/sy))
	most := max(tilesFirst, tilesFirst*pic.Dx()*pic.Dy()/usualPixels)
	var out []image.Rectangle
	for y := area.Y / 2; ; y += area.Y - overlap.Y {
		for x := area.X / 2; len(out) < most; x += area.X - overlap.X {
			r := window(image.Pt(x, y), area, pic)
			out = append(out, r)
			if r.Max.X >= pic.Max.X-1 {
				break
			}
		}
		if out[len(out)-1].Max.Y >= pic.Max.Y-1 || len(out) == most {
			return out
		}
	}
}

// window is the part of the frame around a point that a tile shows, moved inside
// and to even pixels for the chroma's sake.
func window(middle, area image.Point, pic image.Rectangle) image.Rectangle {
	at := middle.Sub(area.Div(2))
	at.X = min(max(at.X, 0), pic.Dx()-area.X) &^ 1
	at.Y = min(max(at.Y, 0), pic.Dy()-area.Y) &^ 1
	return image.Rectangle{at, at.Add(area)}
}

// stamp notes a tile at r.
func (c *tileScheduler) stamp(n int, r image.Rectangle, side int) {
	c.each(r, side, func(i int) { c.stamps[i] = n })
}

func (c *tileScheduler) each(r image.Rectangle, side int, do func(i int)) {
	for y := (r.Min.Y + side - 1) / side; y < r.Max.Y/side; y++ {
		for x := (r.Min.X + side - 1) / side; x < min(r.Max.X/side, c.cols); x++ {
			if i := y*c.cols + x; i < len(c.stamps) {
				do(i)
			}
		}
	}
}

// age is how many frames ago a point was in a tile.
func (c *tileScheduler) age(v View, at image.Point, side int) int {
	if i := at.Y/side*c.cols + at.X/side; at.X >= 0 && at.Y >= 0 && at.X/side < c.cols && i < len(c.stamps) {
		return v.N - c.stamps[i]
	}
	return 0
}

// valueParts is how many parts make the value of a moving cell for each frame that it was
// in no tile; one that holds still has one, of up to a hundred frames.
const valueParts = 100 / stillWeight

// sum brings the sums of the cells' values up to date.
func (c *tileScheduler) sum(v View) {
	rows, wide := len(c.stamps)/c.cols, c.cols+1
	c.sums = slices.Grow(c.sums[:0], (rows+1)*wide)[:(rows+1)*wide]
	clear(c.sums[:wide])
	for y := range rows {
		line, above, below := 0, c.sums[y*wide:(y+1)*wide], c.sums[(y+1)*wide:(y+2)*wide]
		below[0] = 0
		for x := range c.cols {
			age := v.N - c.stamps[y*c.cols+x]
			if v.Moving[y*c.cols+x] {
				line += age * valueParts
			} else {
				line += min(age, 100)
			}
			below[x+1] = above[x+1] + line
		}
	}
}

// value is what the cells within r are worth together, in moving ones.
func (c *tileScheduler) value(r image.Rectangle, side int) float64 {
	rows, wide := len(c.stamps)/c.cols, c.cols+1
	x0, x1 := (r.Min.X+side-1)/side, min(r.Max.X/side, c.cols)
	y0, y1 := (r.Min.Y+side-1)/side, min(r.Max.Y/side, rows)
	if x0 >= x1 || y0 >= y1 {
		return 0
	}
	parts := c.sums[y1*wide+x1] - c.sums[y0*wide+x1] - c.sums[y1*wide+x0] + c.sums[y0*wide+x0]
	return float64(parts) / valueParts
}

// best is the tile with the most motion that was in none lately.
func (c *tileScheduler) best(v View, area image.Point, pic image.Rectangle, side int) (image.Rectangle, float64) {
	c.sum(v)
	var best image.Rectangle
	most := 0.0
	for y := 0; y < pic.Dy(); y += area.Y / 3 {
		for x := 0; x < pic.Dx(); x += area.X / 3 {
			r := window(image.Pt(x, y).Add(area.Div(2)), area, pic)
			worth := c.value(r, side) + c.doubts.value(v, r, func(at image.Point) int { return c.age(v, at, side) })
			if worth > most {
				best, most = r, worth
			}
		}
	}
	return best, most
}

// whole drops finds that the window's edge cuts: their boxes are wrong. At
// the frame's own edge there is nothing more to see. Of faces that are `plain` wide in the full
// view those that may be cut are dropped too.
func whole(faces []track.Face, r, pic image.Rectangle, plain float32) []track.Face {
	const sure, share = 3, 0.25
	cut := func(near, bound bool) bool { return near && !bound }
	var out []track.Face
	for _, f := range faces {
		edge := float32(sure)
		if f.Across() >= plain {
			edge = max(sure, share*f.Across())
		}
		if cut(f.X < float32(r.Min.X)+edge, r.Min.X == pic.Min.X) || cut(f.X+f.W > float32(r.Max.X)-edge, r.Max.X >= pic.Max.X-1) ||
			cut(f.Y < float32(r.Min.Y)+edge, r.Min.Y == pic.Min.Y) || cut(f.Y+f.H > float32(r.Max.Y)-edge, r.Max.Y >= pic.Max.Y-1) {
			continue
		}
		out = append(out, f)
	}
	return out
}

// cutMost is how much of a face, as a share of its sides, a tile may cut: its box in the full view
// is no more exact than that.
const cutMost = 0.15

// cutByAll reports whether none of some tiles shows a face whole.
func cutByAll(tiles []image.Rectangle, f track.Face, pic image.Rectangle) bool {
	x, y := cutMost*f.W, cutMost*f.H
	inner := image.Rect(int(f.X+x), int(f.Y+y), int(f.X+f.W-x), int(f.Y+f.H-y)).Intersect(pic)
	return !slices.ContainsFunc(tiles, func(r image.Rectangle) bool { return inner.In(r) })
}
