package pipeline

import (
	"image"

	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
)

// closer chooses close looks: parts of a large picture that deserve more
// pixels than the full view gives them. Faces of 20 pixels in 1080p are found this way.
//
// It looks a bounded number of times a second, so that a busy scene costs little
// more than a calm one: first where a track was just missed, and with an allowance of
// its own where something moves and nobody looked lately, then in turn over the rest.
type closer struct {
	again  float64 // looks that it may still take at missed tracks
	afresh float64 // and elsewhere
	stamps []int   // for each motion cell, the picture of its last close look
	cols   int
}

var (
	// closeInput is the network's input for one close look.
	closeInput = image.Pt(320, 192)
	// closeArea is the part of the picture that it shows, reduced 1.5 times.
	closeArea = image.Pt(480, 288)
)

const (
	// slowRate and fastRate are how many close looks a second go where nobody
	// looked lately: fewer at fastPace and above, where a picture has less time and faces
	// move less between two. missedRate is how many more go to missed tracks.
	slowRate, fastRate, missedRate = 12, 4, 8
	// fastPace is in pictures a second.
	fastPace = 20
	// closeMost bounds the looks of either kind at one picture.
	closeMost = 4
	// closeFirst bounds those at the first picture, all of which is looked at
	// closely: what is in it has no history to be found by.
	closeFirst = 64
	// largeScale is the reduction of the full view above which close looks pay.
	largeScale = 2.2
	// restWeight makes the whole picture looked at in turn, slowly.
	restWeight = 0.02
)

func newCloser() closer { return closer{again: closeMost, afresh: closeMost} }

// earn adds the allowance of some pictures that went by.
func (c *closer) earn(pictures int, fps float64) {
	rate := float64(slowRate)
	if fps >= fastPace {
		rate = fastRate
	}
	passed := float64(pictures) / fps
	c.afresh = min(c.afresh+rate*passed, closeMost)
	c.again = min(c.again+missedRate*passed, closeMost)
}

// choose returns the windows to look at closely.
func (c *closer) choose(v View, found []track.Face) []image.Rectangle {
	pic := v.Picture.Rect
	if float64(pic.Dx()) < largeScale*fullView || pic.Dy() < closeArea.Y {
		return nil
	}
	side := cell * v.Scale
	if v.Since > v.N { // the first look of all
		return everywhere(pic)
	}
	if cols := max(v.MovingWidth, 1); len(c.stamps) != len(v.Moving) || c.cols != cols {
		c.stamps, c.cols = make([]int, len(v.Moving)), cols
	}
	var out []image.Rectangle
	for _, b := range missed(v, found) {
		if c.again < 1 {
			break
		}
		x, y := b.Centre()
		r := window(image.Pt(int(x), int(y)), pic)
		if !coveredBy(out, b) {
			out = append(out, r)
			c.again--
			c.stamp(v.N, r, side)
		}
	}
	for c.afresh >= 1 {
		r, worth := c.best(v, pic, side)
		if worth < 1 {
			break
		}
		out = append(out, r)
		c.afresh--
		c.stamp(v.N, r, side)
	}
	return out
}

// everywhere covers the picture with windows that overlap by a small face.
func everywhere(pic image.Rectangle) []image.Rectangle {
	const overlap = 64
	var out []image.Rectangle
	for y := closeArea.Y / 2; ; y += closeArea.Y - overlap {
		for x := closeArea.X / 2; len(out) < closeFirst; x += closeArea.X - overlap {
			r := window(image.Pt(x, y), pic)
			out = append(out, r)
			if r.Max.X >= pic.Max.X-1 {
				break
			}
		}
		if out[len(out)-1].Max.Y >= pic.Max.Y-1 || len(out) == closeFirst {
			return out
		}
	}
}

// window is a close look's part of the picture around a point, moved inside
// and to even pixels for the chroma's sake.
func window(middle image.Point, pic image.Rectangle) image.Rectangle {
	at := middle.Sub(closeArea.Div(2))
	at.X = min(max(at.X, 0), pic.Dx()-closeArea.X) &^ 1
	at.Y = min(max(at.Y, 0), pic.Dy()-closeArea.Y) &^ 1
	return image.Rectangle{at, at.Add(closeArea)}
}

func coveredBy(windows []image.Rectangle, b track.Box) bool {
	r := image.Rect(int(b.X), int(b.Y), int(b.X+b.W), int(b.Y+b.H))
	for _, w := range windows {
		if r.In(w) {
			return true
		}
	}
	return false
}

// missed are the boxes of small tracks that the full view did not find.
func missed(v View, found []track.Face) []track.Box {
	var out []track.Box
	for _, t := range v.Tracks {
		s, ok := t.At(v.N)
		if !ok || s.W > float32(closeArea.X)/3 {
			continue
		}
		seen := false
		for _, f := range found {
			seen = seen || track.IoU(f.Box, s.Box) > 0.2
		}
		if !seen {
			out = append(out, s.Box)
		}
	}
	return out
}

// stamp notes a look at r.
func (c *closer) stamp(n int, r image.Rectangle, side int) {
	c.each(r, side, func(i int) { c.stamps[i] = n })
}

func (c *closer) each(r image.Rectangle, side int, do func(i int)) {
	for y := (r.Min.Y + side - 1) / side; y < r.Max.Y/side; y++ {
		for x := (r.Min.X + side - 1) / side; x < min(r.Max.X/side, c.cols); x++ {
			if i := y*c.cols + x; i < len(c.stamps) {
				do(i)
			}
		}
	}
}

// best is the window with the most motion that was not looked at lately.
func (c *closer) best(v View, pic image.Rectangle, side int) (image.Rectangle, float64) {
	var best image.Rectangle
	worth := 0.0
	for y := 0; y < pic.Dy(); y += closeArea.Y / 3 {
		for x := 0; x < pic.Dx(); x += closeArea.X / 3 {
			r := window(image.Pt(x, y).Add(closeArea.Div(2)), pic)
			sum := 0.0
			c.each(r, side, func(i int) {
				age := float64(v.N - c.stamps[i])
				if v.Moving[i] {
					sum += age
				} else {
					sum += restWeight * min(age, 100) / 100
				}
			})
			if sum > worth {
				best, worth = r, sum
			}
		}
	}
	return best, worth
}

// closeTile is how a window goes into the network.
func closeTile(r image.Rectangle) detector.Tile {
	return detector.Tile{Src: r, Dst: image.Rectangle{Max: closeInput}}
}

// whole drops finds that the window's edge cuts: their boxes are wrong. At
// the picture's own edge there is nothing more to see.
func whole(faces []track.Face, r, pic image.Rectangle) []track.Face {
	const edge = 3
	cut := func(near, bound bool) bool { return near && !bound }
	var out []track.Face
	for _, f := range faces {
		if cut(f.X < float32(r.Min.X+edge), r.Min.X == pic.Min.X) || cut(f.X+f.W > float32(r.Max.X-edge), r.Max.X >= pic.Max.X-1) ||
			cut(f.Y < float32(r.Min.Y+edge), r.Min.Y == pic.Min.Y) || cut(f.Y+f.H > float32(r.Max.Y-edge), r.Max.Y >= pic.Max.Y-1) {
			continue
		}
		out = append(out, f)
	}
	return out
}
