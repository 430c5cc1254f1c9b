package anonymize

import (
	"image"
	"math"
)

// A mask's tones are made of pixels around it. They come from rays that leave
// it in all directions, put together into sectors; a cell takes from each
// sector, and most from the nearest.
const (
	sectors       = 12
	raysPerSector = 8
	rays          = sectors * raysPerSector
	// fixedWeight is how much the fixed tone counts against one pixel of a
	// sector at the distance of one radius: few pixels say little, none nothing.
	fixedWeight = 4
)

// The fixed tones, which a mask has where nothing around it is to be seen, and
// the bounds of all tones, which are those of video.
const (
	fixedY             = 112
	fixedC             = 128
	darkest, brightest = 16, 235
)

// share is how much of a mask's tone follows the surroundings, the rest is
// fixed. Less would stand out of the frame more, more would need stronger noise
// to hide where a mask stands: at a half, masks of one person were told from others by
// their colours twice as often as solid ones, at this share as often.
const share = 0.4

// steps are where on a ray pixels are taken, as multiples of the way from the
// middle to the shape's edge. All lie beyond the soft edge.
var steps = [...]float64{1.12, 1.2, 1.3, 1.42}

// farthest is the last of steps, rounded up.
const farthest = 1.5

var (
	// directions are the rays.
	directions [rays][2]float64
	// sectorWeights says how much a cell takes from a sector.
	sectorWeights weights
	// cellWeights says how much a cell of the whole frame takes from another.
	cellWeights weights
)

// weights are those of the parts for each cell.
type weights [maxCells][maxCells][]float64

func init() {
	for i := range directions {
		s, c := math.Sincos(2 * math.Pi * (float64(i) + 0.5) / rays)
		directions[i] = [2]float64{c, s}
	}
	middle := func(i int) float64 { return float64(2*i+1)/maxCells - 1 } // of a cell, from -1 to 1
	for n := range maxCells * maxCells {
		i, j := n%maxCells, n/maxCells
		for k := range sectors {
			s, c := math.Sincos(2 * math.Pi * (float64(k) + 0.5) / sectors)
			sectorWeights[j][i] = append(sectorWeights[j][i], nearness(middle(i)-1.2*c, middle(j)-1.2*s))
		}
		for k := range maxCells * maxCells {
			dx, dy := middle(i)-middle(k%maxCells), middle(j)-middle(k/maxCells)
			cellWeights[j][i] = append(cellWeights[j][i], nearness(4*dx, 4*dy))
		}
	}
}

// nearness falls with the distance, 1 at a distance of 1.
func nearness(x, y float64) float64 { return math.Pow(1.2/(x*x+y*y+0.2), 1.5) }

// tally is pixels added up.
type tally struct{ sum, count float64 }

// mix is the mean of the parts by their weights, drawn towards the fixed tone
// where there is little of them.
func mix(parts []tally, weights []float64, fixed float64) float64 {
	sum, count := fixed*fixedWeight, float64(fixedWeight)
	for k, t := range parts {
		sum += weights[k] * t.sum
		count += weights[k] * t.count
	}
	return fixed + share*(sum/count-fixed)
}

// shape is the pixels of a plane that something hides: a rectangle, or the
// ellipse inscribed in it.
type shape struct {
	rect           image.Rectangle
	cx, cy, rx, ry float64
	perX, perY     float64 // 1/rx and 1/ry
	round          bool
}

func newShape(rect image.Rectangle, round bool) shape {
	s := shape{
		rect: rect, round: round,
		cx: float64(rect.Min.X+rect.Max.X-1) / 2, cy: float64(rect.Min.Y+rect.Max.Y-1) / 2,
		rx: float64(rect.Dx()) / 2, ry: float64(rect.Dy()) / 2,
	}
	s.perX, s.perY = 1/s.rx, 1/s.ry
	return s
}

// slim is how many times longer than wide an ellipse may be on chroma.
const slim = 3

// shapeOf brings what hides a luma rectangle to the plane's resolution. A
// sample of chroma stands for four pixels: an ellipse grows by one, so that
// it holds all samples of which a part lies in the ellipse on luma. In a slim
// one that leaves some bare at its tips: its rectangle holds them all.
func (p plane) shapeOf(r image.Rectangle, round bool) shape {
	rect := p.scale(r)
	if round && p.shift > 0 {
		rect = rect.Inset(-p.shift)
		round = max(r.Dx(), r.Dy()) <= slim*min(r.Dx(), r.Dy())
	}
	return newShape(rect, round)
}

// holds reports whether the shape hides a pixel. Of a soft edge the inner half counts as hidden.
func (s *shape) holds(x, y int) bool {
	if !s.round {
		return image.Pt(x, y).In(s.rect)
	}
	dx, dy := (float64(x)-s.cx)*s.perX, (float64(y)-s.cy)*s.perY
	return dx*dx+dy*dy < (1+softEdge/2)*(1+softEdge/2)
}

// around is a rectangle that holds all pixels that a ring around s takes.
func (s *shape) around() image.Rectangle {
	dx, dy := int(farthest*s.rx)+2, int(farthest*s.ry)+2
	x, y := int(s.cx), int(s.cy)
	return image.Rect(x-dx, y-dy, x+dx+1, y+dy+1)
}

// hidden is what of a plane is not to be seen, by whatever hides it.
type hidden struct {
	plane  plane
	shapes []shape
	zones  []Zone
	near   []shape // those of shapes that a search may meet
}

// search prepares for pixels within r, none of which lies in the shape own.
func (h *hidden) search(r image.Rectangle, own *shape) {
	h.near = h.near[:0]
	for _, s := range h.shapes {
		if own != nil && s.rect == own.rect && s.round == own.round {
			continue
		}
		if s.rect.Inset(-2 - int(softEdge*max(s.rx, s.ry))).Overlaps(r) {
			h.near = append(h.near, s)
		}
	}
}

// add counts a pixel if it is in the frame and to be seen.
func (h *hidden) add(t *tally, x, y int) {
	if !image.Pt(x, y).In(h.plane.bounds) {
		return
	}
	for i := range h.near {
		if h.near[i].holds(x, y) {
			return
		}
	}
	for _, z := range h.zones {
		if z.Area.holds(h.plane.shift, x, y) {
			return
		}
	}
	t.sum += float64(h.plane.pix[y*h.plane.stride+x])
	t.count++
}

// roughly is the radius below which rounding to whole pixels may lead from a
// ray back into its own shape.
const roughly = 8

// ring is what is seen around a shape.
func (h *hidden) ring(s *shape) (out [sectors]tally) {
	own := s
	if min(s.rx, s.ry) < roughly {
		own = nil
	}
	h.search(s.around(), own)
	for i := 0; i < rays; i += 1 + h.plane.shift {
		d := directions[i]
		if !s.round { // to the rectangle's edge
			far := max(math.Abs(d[0]), math.Abs(d[1]))
			d[0], d[1] = d[0]/far, d[1]/far
		}
		for _, step := range steps {
			x, y := s.cx+d[0]*step*s.rx, s.cy+d[1]*step*s.ry
			h.add(&out[i/raysPerSector], int(math.Floor(x+0.5)), int(math.Floor(y+0.5)))
		}
	}
	return out
}

// perCell is how many pixels each way stand for a cell of the whole frame.
const perCell = 8

// cells is what is seen of the whole frame, cell by cell.
func (h *hidden) cells() (out [maxCells * maxCells]tally) {
	b := h.plane.bounds
	h.search(b, nil)
	const n = maxCells * perCell
	for j := range n {
		for i := range n {
			h.add(&out[j/perCell*maxCells+i/perCell], (2*i+1)*b.Dx()/(2*n), (2*j+1)*b.Dy()/(2*n))
		}
	}
	return out
}
