package mp4

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Orientation is the one of eight that is nearest to how the display matrices show the
// stored frames. What else a matrix can do, such as scale and slant, is left out.
func (i Info) Orientation() media.Orientation {
	t, m := i.Matrix, i.MovieMatrix
	of := func(row, column int) float64 { // of both, without what moves
		return float64(t[3*row])*float64(m[column]) + float64(t[3*row+1])*float64(m[3+column])
	}
	o := media.Orientation{Turn: media.TurnOf(of(0, 1), of(1, 1))}
	o.Mirrored = of(0, 0)*of(1, 1) < of(0, 1)*of(1, 0)
	return o
}

// matrixOf is the display matrix of an orientation, for stored frames that are shown as large
// as this, in 16.16 fixed point, before they are rotated; see ISO/IEC 14496-12, 6.2.2.
func matrixOf(o media.Orientation, width, height uint32) [9]int32 {
	const one = 1 << 16
	w, h := int32(min(width, math.MaxInt32)), int32(min(height, math.MaxInt32))
	var a, b, c, d, x, y int32
	switch o.Turn {
	case 0:
		a, d = one, one
	case 1:
		b, c, x = one, -one, h
	case 2:
		a, d, x, y = -one, -one, w, h
	default:
		b, c, y = -one, one, w
	}
	if o.Mirrored {
		across := w
		if o.Turn%2 == 1 {
			across = h
		}
		a, c, x = -a, -c, across-x
	}
	return [9]int32{a, b, 0, c, d, 0, x, y, 1 << 30}
}

// Stretch is a pixel's width to its height, or 0 where the file does not say.
func (i Info) Stretch() float64 {
	if i.AspectH == 0 || i.AspectV == 0 {
		return 0
	}
	return float64(i.AspectH) / float64(i.AspectV)
}

// How far two figures for the same thing may be apart. Writers round to whole macroblocks,
// cut edges off, and take one of several ratios that television has for the same frame.
const (
	sideSlack   = 16   // pixels
	aspectSlack = 1.02 // of two that are said
	shownSlack  = 1.15 // of a track's size
	plainSlack  = 1.03 // of pixels that count as square
	// mostShown bounds the stretch of a track's size that nothing else speaks of.
	mostShown = 2.5
	// mostStretch bounds all others; the supervisor takes no frame beyond.
	mostStretch = 16
)

// near reports whether two positive ratios differ by no more than a factor.
func near(a, b, slack float64) bool { return a <= b*slack && b <= a*slack }

// checkSize compares the size of a sample entry with that of the coded frames. Writers may
// leave it out, round it up to whole macroblocks, and put the stretched width there.
func (e *sampleEntry) checkSize(width, height int) error {
	wide := e.width
	if e.aspectH != 0 {
		wide = int(uint64(e.width) * uint64(e.aspectH) / uint64(e.aspectV))
	}
	close := func(a, b int) bool { return a-b < sideSlack && b-a < sideSlack }
	if width == 0 && height == 0 || close(e.height, height) && (close(e.width, width) || close(wide, width)) {
		return nil
	}
	return fmt.Errorf("%w: it is described as %dx%d and coded as %dx%d", ErrDisagree, width, height, e.width, e.height)
}

// setAspect takes a pixel aspect ratio of the container, which must not contradict that of
// the coded frames.
func (e *sampleEntry) setAspect(h, v uint32) error {
	if h == 0 || v == 0 {
		return nil
	}
	said := float64(h) / float64(v)
	if !near(said, 1, mostStretch) {
		return fmt.Errorf("%w: pixels of %d:%d", ErrDisagree, h, v)
	}
	if e.aspectH != 0 && !near(said, float64(e.aspectH)/float64(e.aspectV), aspectSlack) {
		return fmt.Errorf("%w: its pixels are described as %d:%d and coded as %d:%d", ErrDisagree, h, v, e.aspectH, e.aspectV)
	}
	e.aspectH, e.aspectV = h, v
	return nil
}

// shown compares the track's size for players with the frames'. It has the pixel aspect
// ratio in it, or has not, may be that of the rotated frame, and its edges may be cut. Where
// nobody says what the ratio is, it follows from the track's size, as players have it.
func (i *Info) shown() error {
	w, h := float64(i.DisplayWidth), float64(i.DisplayHeight)
	if w == 0 || h == 0 || i.Width == 0 || i.Height == 0 {
		return nil
	}
	stored := float64(i.Width) / float64(i.Height)
	implied := w / h / stored
	if rotated := h / w / stored; i.Orientation().Turn%2 == 1 && math.Abs(math.Log(rotated)) < math.Abs(math.Log(implied)) {
		implied = rotated
	}
	said := i.Stretch()
	switch {
	case near(implied, 1, plainSlack), said != 0 && near(implied, said, shownSlack):
		return nil
	case said == 0 && near(implied, 1, mostShown):
		const fine = 1 << 10
		i.AspectH, i.AspectV = uint32(math.Round(implied*fine)), fine
		return nil
	}
	return fmt.Errorf("%w: its track is shown as %dx%d and coded as %dx%d", ErrDisagree, i.DisplayWidth>>16, i.DisplayHeight>>16, i.Width, i.Height)
}

// colour is what a colr box of the kinds nclc and nclx says.
type colour struct {
	values   [3]uint16 // primaries, transfer, matrix
	full     bool
	hasRange bool // nclx: full counts
}

// The highest numbers that ITU-T H.273 gives to primaries, transfers and matrices.
var mostColours = [3]uint16{22, 18, 17}

// parseColour reads a colr box; not ok is one of a kind that is left out, such as a profile.
func parseColour(b []byte) (c colour, ok bool) {
	if len(b) < 10 || string(b[:4]) != "nclc" && string(b[:4]) != "nclx" {
		return c, false
	}
	for k := range c.values {
		if c.values[k] = binary.BigEndian.Uint16(b[4+2*k:]); c.values[k] > mostColours[k] {
			return c, false
		}
	}
	if c.hasRange = string(b[:4]) == "nclx" && len(b) > 10; c.hasRange {
		c.full = b[10]&0x80 != 0
	}
	return c, true
}

// append writes the box's payload.
func (c colour) append(b []byte) []byte {
	kind := "nclc"
	if c.hasRange {
		kind = "nclx"
	}
	b = append(b, kind...)
	for _, v := range c.values {
		b = binary.BigEndian.AppendUint16(b, v)
	}
	switch {
	case c.hasRange && c.full:
		b = append(b, 0x80)
	case c.hasRange:
		b = append(b, 0)
	}
	return b
}
