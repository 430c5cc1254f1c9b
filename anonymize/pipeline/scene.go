package pipeline

import (
	"image"
	"maps"
	"math"
	"slices"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// scene is what is known of the pictures of one size: reduced luma pictures
// for motion and matching, the tracks, and when the detector last looked.
type Tracker struct {
	finder Finder
	w, h   int
	f      int // how many pixels make one of the reduced picture, each way
	tracks *track.Set
	smalls map[int]*image.Gray
	spare  []*image.Gray
	ref    *image.Gray // reduced picture of the last look
	cells  []uint32
	moving []bool // cells that changed since the last look
	first  int    // the scene's first picture
	// resumed: pictures came before the first one, and what moved in them is not known.
	resumed bool
	// earlier and later are reduced pictures of up to a second ago, where moving
	// parts are asked for; laterAt is the newer one's number.
	earlier, later *image.Gray
	laterAt        int
	newest         int
	covered        int  // newest picture that a look covers
	lastPass       int  // picture of the last look that really ran
	unclear        bool // a still scene is not known by that look: it failed, or more of them find more
	errors         map[int]bool
	blocks         map[int][]image.Rectangle // what moved in a picture; none where nobody asked
	keep           int
	stillPeriod    int // pictures after which a still scene gets a look all the same
	fps            float64
	still          bool
	// shape is how the pictures are shown; mounted tells that a person said so.
	shape   wire.Shape
	mounted bool
}

const (
	// smallWidth is about the width of the reduced picture.
	smallWidth = 480
	// cell is the side of a motion cell in reduced pixels.
	CellSide = 4
	// recent is how many pictures before one its masks still draw on.
	recent = 4
	// moved is the mean difference of a cell, in luma steps, that counts as motion in a
	// picture without noise.
	moved = 4
)

func NewTracker(finder Finder, w, h int) *Tracker {
	f := max(1, int(math.Round(float64(max(w, h))/smallWidth)))
	s := &Tracker{finder: finder, w: w, h: h, f: f, smalls: map[int]*image.Gray{}, newest: -1, covered: -1, lastPass: -1,
		errors: map[int]bool{}, blocks: map[int][]image.Rectangle{}}
	s.tracks = track.NewSet(track.Params{}, w, h)
	return s
}

func (s *Tracker) Fits(w, h int) bool { return w == s.w && h == s.h }

// tune sets what depends on the picture rate.
func (s *Tracker) Tune(ahead int, pc FrameRate) {
	fps := pc.FPS()
	s.fps = fps
	s.keep = ahead + recent
	s.stillPeriod = int(4 * fps)
	p := s.finder.Params()
	p.Linger = int(fps)
	p.Rest = int(3 * fps)
	p.Keep = s.keep
	p.Grain = float32(s.f)
	s.tracks.Tune(p)
}

// covered tells that a look happened at picture n or later.
func (s *Tracker) Covered(n int) bool { return n <= s.covered }

// failed tells that the detector failed on the look that covers n.
func (s *Tracker) Failed(n int) bool { return s.errors[n] }

// advance brings the tracks to picture e, and notes what moves where that is asked for.
func (s *Tracker) Advance(e *pendingFrame, noting bool) {
	if e.n != s.newest+1 {
		*s = *NewTracker(s.finder, s.w, s.h) // pictures are missing in between: nothing carries over
		s.first, s.resumed = e.n, true
	}
	s.newest = e.n
	small := detector.Reduce(s.take(), e.frame.YCbCr(), s.f)
	s.smalls[e.n] = small
	s.forget(e.n - s.keep)
	s.motion(small)
	if s.smalls[e.n-1] != nil {
		s.tracks.Advance(e.n, s.flow)
	}
	s.noteBlocks(e.n, small, noting)
}

func (s *Tracker) take() *image.Gray {
	if n := len(s.spare); n > 0 {
		g := s.spare[n-1]
		s.spare = s.spare[:n-1]
		return g
	}
	return nil
}

// forget drops what belongs to pictures before n.
func (s *Tracker) forget(n int) {
	for m, g := range s.smalls {
		if m < n {
			delete(s.smalls, m)
			s.spare = append(s.spare, g)
		}
	}
	maps.DeleteFunc(s.errors, func(m int, _ bool) bool { return m < n })
	maps.DeleteFunc(s.blocks, func(m int, _ []image.Rectangle) bool { return m < n-s.stay() })
}

// motion marks the cells that differ from the last look's picture by more
// than the noise does.
func (s *Tracker) motion(small *image.Gray) {
	if s.ref == nil {
		return
	}
	s.cells = detector.Cells(small, s.ref, CellSide, s.cells)
	if len(s.moving) != len(s.cells) {
		s.moving = make([]bool, len(s.cells))
	}
	limit := s.limit()
	s.still = true
	for i, v := range s.cells {
		s.moving[i] = v > limit
		s.still = s.still && !s.moving[i]
	}
}

// limit is the difference above which a cell has moved: the median cell holds
// noise only, unless most of the picture moves, and then all is motion anyway.
func (s *Tracker) limit() uint32 {
	const area = CellSide * CellSide
	var histogram [3 * moved]int // of mean differences
	for _, v := range s.cells {
		histogram[min(v/area, uint32(len(histogram)-1))]++
	}
	median := uint32(0)
	for seen := histogram[0]; seen <= len(s.cells)/2 && int(median) < len(histogram)-1; seen += histogram[median] {
		median++
	}
	return area * max(moved, min(3*(median+1), 3*moved))
}

// due tells whether picture n wants a look. A still scene counts as looked
// at: its picture is the one that the last look saw.
func (s *Tracker) Due(n, ahead int, step media.Step) bool {
	if s.lastPass < 0 {
		return true
	}
	every := ahead
	if step == media.Normal && s.fps < FastRate {
		// One picture less than the look-ahead holds: a face that enters is seen
		// twice, and its speed known, before its first picture leaves. At higher rates
		// matching from picture to picture does that as well.
		every--
	}
	if n-s.covered < max(1, every) {
		return false
	}
	if s.still && !s.unclear && n-s.lastPass < s.stillPeriod && !s.unsettled() {
		s.covered = n
		return false
	}
	return true
}

// unsettled tells that some track was missed by the last look that could have found it, and is not lost.
func (s *Tracker) unsettled() bool {
	return slices.ContainsFunc(s.tracks.Tracks(), func(t *track.Track) bool {
		_, alive := t.At(s.newest)
		return alive && t.Missed()
	})
}

// look runs the detector on the newest picture and updates the tracks back to
// the oldest picture that waits.
func (s *Tracker) Detect(e *pendingFrame, waiting []*pendingFrame, step media.Step) {
	v := s.view(e, step)
	v.Since = e.n - s.lastPass
	found, err := s.finder.Detect(v)
	if err != nil {
		for n := s.covered + 1; n <= e.n; n++ {
			s.errors[n] = true
		}
	}
	before := s.covered
	guessed := s.tracks.Observe(e.n, found, before, waiting[0].n, s.flow)
	s.covered, s.lastPass = e.n, e.n
	e.fresh, s.unclear = err == nil, err != nil || found.More
	s.ref = s.copyRef(s.smalls[e.n])
	if len(guessed) > 0 && step == media.Normal {
		s.detectEarlier(guessed, before, waiting)
	}
}

// lookBack looks for faces in the pictures since the look before that still wait: they
// moved too far in between for their ways to be known.
func (s *Tracker) detectEarlier(tracks []*track.Track, before int, waiting []*pendingFrame) {
	for _, e := range waiting {
		if e.n <= before || e.n >= s.covered || e.blur {
			continue
		}
		v := s.view(e, media.Normal)
		for _, t := range tracks {
			position, ok := t.At(e.n)
			if !ok {
				continue
			}
			if f, ok, err := s.finder.DetectAt(v, position); ok && err == nil {
				t.SetPosition(e.n, f)
			}
		}
	}
}

func (s *Tracker) view(e *pendingFrame, step media.Step) View {
	return View{
		Frame: e.frame.YCbCr(), FullRange: e.frame.FullRange(), Rotation: s.shape.Turn, Mounted: s.mounted, Stretch: s.shape.Stretch, Small: s.smalls[e.n], Scale: s.f,
		Moving: s.moving, MovingWidth: s.w / s.f / CellSide, Tracks: s.tracks.Tracks(), N: e.n, FPS: s.fps, Cheap: step > media.Normal,
	}
}

func (s *Tracker) copyRef(g *image.Gray) *image.Gray {
	if s.ref == nil {
		s.ref = image.NewGray(g.Rect)
	}
	copy(s.ref.Pix, g.Pix)
	return s.ref
}

// flowLimit is the mean difference above which a match is no match.
const flowLimit = 16

// flow is track.Flow on the reduced pictures.
func (s *Tracker) flow(from, to int, box, guess track.Box, reach float32) (track.Box, float32) {
	a, b := s.smalls[from], s.smalls[to]
	if a == nil || b == nil {
		return guess, 1
	}
	f := float32(s.f)
	grown := box.Grow(0.15, 0.15) // a little context holds the face better than its inside alone
	r := image.Rect(int(grown.X/f), int(grown.Y/f), int((grown.X+grown.W)/f)+1, int((grown.Y+grown.H)/f)+1)
	if max(abs(guess.X-box.X), abs(guess.Y-box.Y)) <= reach && to == s.newest && s.holdsStill(r, b) {
		return box, 0
	}
	shift := image.Pt(round((guess.X-box.X)/f), round((guess.Y-box.Y)/f))
	at, diff := detector.Match(a, b, r, r.Min.Add(shift), min(int(reach/f)+1, 24))
	d := at.Sub(r.Min)
	return box.Move(float32(d.X)*f, float32(d.Y)*f), diff / flowLimit
}

// holdsStill tells that what is in a part of the newest reduced picture has not moved
// since the last look: it is neither another one nor fits better beside.
func (s *Tracker) holdsStill(r image.Rectangle, newest *image.Gray) bool {
	const beside = 2
	if s.ref == nil || s.movesIn(r) {
		return false
	}
	at, _ := detector.Match(s.ref, newest, r, r.Min, beside)
	return at == r.Min
}

// movesIn tells that a cell within a part of the reduced picture has moved.
func (s *Tracker) movesIn(r image.Rectangle) bool {
	cols := s.w / s.f / CellSide
	rows := len(s.moving) / max(cols, 1)
	for y := max(r.Min.Y/CellSide, 0); y < min((r.Max.Y+CellSide-1)/CellSide, rows); y++ {
		for x := max(r.Min.X/CellSide, 0); x < min((r.Max.X+CellSide-1)/CellSide, cols); x++ {
			if s.moving[y*cols+x] {
				return true
			}
		}
	}
	return false
}

func abs(v float32) float32 { return max(v, -v) }

func round(v float32) int { return int(math.Round(float64(v))) }

// maskOf is the rectangle around a mask's ellipse: hair to chin and both ears
// of the face in the spot, and its uncertainty. YuNet's boxes reach from the brows'
// upper edge to the chin and from cheek to cheek. Of what is not proved to be a face the
// inner part is masked.
func MaskRect(s track.Position, proved bool) image.Rectangle {
	left, top, right, bottom := margins(s.Rotation)
	if !proved {
		left, top, right, bottom = -innerPart, -innerPart, -innerPart, -innerPart
	}
	s.Slack += max(0, 6-s.W/8) // the boxes of small faces err by some pixels
	x0 := s.X - left*s.W - s.Slack
	x1 := s.X + (1+right)*s.W + s.Slack
	y0 := s.Y - top*s.H - s.Slack
	y1 := s.Y + (1+bottom)*s.H + s.Slack
	return image.Rect(int(math.Floor(float64(x0))), int(math.Floor(float64(y0))), int(math.Ceil(float64(x1))), int(math.Ceil(float64(y1))))
}

// innerPart is what is left out on each side of a doubtful find's box: eyes, nose and
// mouth lie within the rest.
const innerPart = 0.1

// margins are the shares of a face's box that its mask adds, as the face lies in the picture.
func margins(t track.Rotation) (left, top, right, bottom float32) {
	// The circle of a face aslant, whose box is a square, holds as much as the ellipse of
	// one upright: 1.44 x 1.44 boxes are nearly 1.4 x 1.5.
	const side, above, below, aslant = 0.2, 0.3, 0.2, 0.22
	if t.Aslant() {
		return aslant, aslant, aslant, aslant
	}
	left, top, right, bottom = side, above, side, below
	for range t.Quarters() {
		left, top, right, bottom = top, right, bottom, left
	}
	return left, top, right, bottom
}
