// Package tracker follows faces from frame to frame, and has the newest frame searched when
// that is due.
//
// In: the frames of one size, by number, and a detect.Finder. Out: the tracks, what moves,
// and which frames a pass covers. It has no goroutine: the pipeline's owns it. It keeps
// reduced copies of frames for as long as those wait, never the frames themselves, and
// knows neither zones nor consents.
package tracker

import (
	"image"
	"iter"
	"maps"
	"math"
	"slices"

	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Tracker is what is known of the frames of one size: their reduced luma for motion and
// matching, the tracks, and the motion state since the last pass.
type Tracker struct {
	finder detect.Finder
	w, h   int
	f      int // how many pixels make one of a reduced frame, each way
	tracks *track.Set
	smalls map[int]*image.Gray
	spare  []*image.Gray
	ref    *image.Gray // what each part showed, reduced, when a pass last saw it
	cells  []uint32
	moving []bool // cells that changed since a pass last saw them
	first  int    // the number of the first frame
	// resumed: frames came before the first one, and what moved in them is not known.
	resumed bool
	// earlier and later are reduced frames of up to a second ago, where moving
	// parts are asked for; laterAt is the newer one's number.
	earlier, later *image.Gray
	laterAt        int
	newest         int
	covered        int  // newest frame that a pass covers
	lastPass       int  // frame of the last pass that really ran
	unclear        bool // that pass does not do for a still frame: it failed, or a further one may find more
	errors         map[int]bool
	blocks         map[int][]image.Rectangle // what moved in a frame; none where nobody asked
	keep           int
	stillPeriod    int // frames after which a still camera's gets a pass all the same
	fps            float64
	still          bool // no cell moved since the last pass
}

// Frame is one decoded frame.
type Frame struct {
	// N numbers the frames one by one; a gap means that some were left out.
	N int
	// Image is valid for the call it is given to.
	Image     *image.YCbCr
	FullRange bool
}

// Pass says how the newest frame is searched for faces.
type Pass struct {
	// Shape is how the frames are shown; Mounted is true where a person said so.
	Shape   wire.Shape
	Mounted bool
	Level   media.Degradation
	// Oldest is the number of the oldest frame that waits, Waiting are those that wait and
	// show more than a blur, oldest first.
	Oldest  int
	Waiting iter.Seq[Frame]
}

const (
	// smallWidth is about the longer side of the reduced frame, largeWidth that of frames of
	// more than track.Panorama: a small face must not vanish within a motion cell.
	smallWidth, largeWidth = 480, 1920
	// recent is how many frames before one its masks still draw on.
	recent = 4
	// moved is the mean difference of a cell, in luma levels, that counts as motion in a
	// frame without noise.
	moved = 4
)

// New makes a tracker for frames of a size. The finder stays the caller's.
func New(finder detect.Finder, w, h int) *Tracker {
	f := reduction(w, h)
	s := &Tracker{finder: finder, w: w, h: h, f: f, smalls: map[int]*image.Gray{}, newest: -1, covered: -1, lastPass: -1,
		errors: map[int]bool{}, blocks: map[int][]image.Rectangle{}}
	s.tracks = track.NewSet(track.Params{}, w, h)
	return s
}

// reduction is how many pixels make one of a reduced frame, each way.
func reduction(w, h int) int {
	long, width := max(w, h), smallWidth
	if long > track.Panorama {
		width = largeWidth
	}
	return max(1, int(math.Round(float64(long)/float64(width))))
}

// Size is that of the frames.
func (s *Tracker) Size() image.Point { return image.Pt(s.w, s.h) }

// Scale is how many pixels make one of a reduced frame, each way.
func (s *Tracker) Scale() int { return s.f }

// FPS is the frame rate of the last Tune.
func (s *Tracker) FPS() float64 { return s.fps }

// Tracks are all tracks. A gap in the frames' numbers begins another set.
func (s *Tracker) Tracks() *track.Set { return s.tracks }

// Reduced is the luma of frame n reduced Scale times, nil where it is not kept any more.
func (s *Tracker) Reduced(n int) *image.Gray { return s.smalls[n] }

// LastPass is the number of the frame of the last pass, -1 before the first.
func (s *Tracker) LastPass() int { return s.lastPass }

// Fits reports whether frames of a size are those of this tracker.
func (s *Tracker) Fits(w, h int) bool { return w == s.w && h == s.h }

// Tune sets what depends on the frame rate.
func (s *Tracker) Tune(ahead int, fps float64) {
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

// Covered reports whether a pass happened at frame n or later.
func (s *Tracker) Covered(n int) bool { return n <= s.covered }

// Failed reports whether the detector failed on the pass that covers n.
func (s *Tracker) Failed(n int) bool { return s.errors[n] }

// Advance brings the tracks to the newest frame, and notes what moves where that is asked for.
func (s *Tracker) Advance(f Frame, noting bool) {
	if f.N != s.newest+1 {
		*s = *New(s.finder, s.w, s.h) // frames are missing in between: nothing carries over
		s.first, s.resumed = f.N, true
	}
	s.newest = f.N
	small := detector.Reduce(s.take(), f.Image, s.f)
	s.smalls[f.N] = small
	s.forget(f.N - s.keep)
	s.motion(small)
	if s.smalls[f.N-1] != nil {
		s.tracks.Advance(f.N, s.flow)
	}
	s.noteBlocks(f.N, small, noting)
}

func (s *Tracker) take() *image.Gray {
	if n := len(s.spare); n > 0 {
		g := s.spare[n-1]
		s.spare = s.spare[:n-1]
		return g
	}
	return nil
}

// forget drops what belongs to frames before n.
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

// motion marks the cells that differ from the last pass's frame by more
// than the noise does.
func (s *Tracker) motion(small *image.Gray) {
	if s.ref == nil {
		return
	}
	s.cells = detector.Cells(small, s.ref, detect.CellSide, s.cells)
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
// noise only, unless most of the frame moves, and then all is motion anyway.
func (s *Tracker) limit() uint32 {
	const area = detect.CellSide * detect.CellSide
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

// Due reports whether frame n is due for a pass. Where nothing moved the last pass covers it
// as well: its frame is the one that was searched then.
func (s *Tracker) Due(n, ahead int, level media.Degradation) bool {
	if s.lastPass < 0 {
		return true
	}
	every := ahead
	if level == media.Normal && s.fps < detect.FastRate {
		// One frame less than the look-ahead holds: a face that enters is seen
		// twice, and its speed known, before its first frame leaves. At higher rates
		// matching from frame to frame does that as well.
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

// unsettled reports whether some track was missed by the last pass that could have found it, and is not lost.
func (s *Tracker) unsettled() bool {
	return slices.ContainsFunc(s.tracks.Tracks(), func(t *track.Track) bool {
		_, alive := t.At(s.newest)
		return alive && t.Missed()
	})
}

// Detect has the newest frame searched and updates the tracks back to the oldest frame
// that waits. It returns false where the detector failed: the frames since the last pass
// are then Failed.
func (s *Tracker) Detect(f Frame, p Pass) (fresh bool) {
	v := s.view(f, p)
	v.Since = f.N - s.lastPass
	found, err := s.finder.Detect(v)
	if err != nil {
		for n := s.covered + 1; n <= f.N; n++ {
			s.errors[n] = true
		}
	}
	before := s.covered
	guessed := s.tracks.Observe(f.N, found, before, p.Oldest, s.flow)
	s.covered, s.lastPass = f.N, f.N
	s.unclear = err != nil || found.More
	s.noteSearched(s.smalls[f.N], found.Parts)
	if len(guessed) > 0 && p.Level == media.Normal {
		s.detectEarlier(guessed, before, p)
	}
	return err == nil
}

// detectEarlier looks for faces in the frames since the pass before that still wait: they
// moved too far in between for their ways to be known.
func (s *Tracker) detectEarlier(tracks []*track.Track, before int, p Pass) {
	for f := range p.Waiting {
		if f.N <= before || f.N >= s.covered {
			continue
		}
		v := s.view(f, p)
		for _, t := range tracks {
			position, ok := t.At(f.N)
			if !ok {
				continue
			}
			if face, ok, err := s.finder.DetectAt(v, position); ok && err == nil {
				t.SetPosition(f.N, face)
			}
		}
	}
}

func (s *Tracker) view(f Frame, p Pass) detect.View {
	return detect.View{
		Frame: f.Image, FullRange: f.FullRange, Rotation: p.Shape.Turn, Mounted: p.Mounted, Stretch: p.Shape.Stretch, Small: s.smalls[f.N], Scale: s.f,
		Moving: s.moving, MovingWidth: s.w / s.f / detect.CellSide, Tracks: s.tracks.Tracks(), N: f.N, FPS: s.fps, Cheap: p.Level > media.Normal,
	}
}

// noteSearched keeps what the newest frame shows in the parts that were searched, none: all of it.
func (s *Tracker) noteSearched(g *image.Gray, parts []image.Rectangle) {
	if s.ref == nil {
		s.ref = clone(g)
	}
	if len(parts) == 0 {
		copy(s.ref.Pix, g.Pix)
	}
	for _, p := range parts {
		// Pixels that were searched in part differ from the ones that were searched before.
		r := image.Rect((p.Min.X+s.f-1)/s.f, (p.Min.Y+s.f-1)/s.f, p.Max.X/s.f, p.Max.Y/s.f).Intersect(g.Rect)
		for y := r.Min.Y; y < r.Max.Y; y++ {
			copy(s.ref.Pix[y*s.ref.Stride+r.Min.X:y*s.ref.Stride+r.Max.X], g.Pix[y*g.Stride+r.Min.X:])
		}
	}
}

// flowLimit is the mean difference above which a match is no match.
const flowLimit = 16

// flow is track.Flow on the reduced frames.
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

// holdsStill reports whether what is in a part of the newest reduced frame has not moved
// since the last pass: it is neither another one nor fits better beside.
func (s *Tracker) holdsStill(r image.Rectangle, newest *image.Gray) bool {
	const beside = 2
	if s.ref == nil || s.movesIn(r) {
		return false
	}
	at, _ := detector.Match(s.ref, newest, r, r.Min, beside)
	return at == r.Min
}

// movesIn reports whether a cell within a part of the reduced frame has moved.
func (s *Tracker) movesIn(r image.Rectangle) bool {
	cols := s.w / s.f / detect.CellSide
	rows := len(s.moving) / max(cols, 1)
	for y := max(r.Min.Y/detect.CellSide, 0); y < min((r.Max.Y+detect.CellSide-1)/detect.CellSide, rows); y++ {
		for x := max(r.Min.X/detect.CellSide, 0); x < min((r.Max.X+detect.CellSide-1)/detect.CellSide, cols); x++ {
			if s.moving[y*cols+x] {
				return true
			}
		}
	}
	return false
}

func abs(v float32) float32 { return max(v, -v) }

func round(v float32) int { return int(math.Round(float64(v))) }
