package media

import (
	"strconv"
	"strings"
)

// The frame sizes that a worker takes, in pixels as they are stored. They hold either way
// round: a camera mounted on its side sends 4320x7680.
const (
	// MinSide is the least width and height: below it a face has no pixels to be found by.
	MinSide = 96
	// MaxWidth and MaxHeight bound the longer and the shorter side: 7680x4320 is the
	// largest format of ITU-R BT.2020, and with 129600 macroblocks it is within level 6 of
	// H.264 (ITU-T H.264, table A-1: MaxFS 139264).
	MaxWidth  = 7680
	MaxHeight = 4320
)

// FrameFits reports whether a worker takes frames of width x height pixels. It is for
// whoever knows the size before any frame is decoded, and for the worker itself.
func FrameFits(width, height int) bool {
	long, short := max(width, height), min(width, height)
	return short >= MinSide && long <= MaxWidth && short <= MaxHeight
}

// OutputSize is the largest size in which a camera's frames leave: one of the words below or
// WxH, such as 3840x2160. The empty one means OutputFull.
type OutputSize string

// The words.
const (
	// OutputAuto is the camera's own size, save that frames of more than PlayableSide leave
	// at half size where the host cannot keep up.
	OutputAuto OutputSize = "auto"
	// OutputFull is always the camera's own size.
	OutputFull OutputSize = "full"
	// OutputHalf is half of it each way.
	OutputHalf OutputSize = "half"
)

// PlayableSide is the longest side in pixels that viewers' hardware decoders for H.264 can be
// relied on to take: they follow level 5.1 or 5.2, of at most 36864 macroblocks (ITU-T H.264,
// table A-1: 9437184 pixels, 4096x2304), and stop at 4096 whatever the level, such as AMD's
// (https://rocm.docs.amd.com/projects/rocPyDecode/en/latest/reference/rocPyDecode-codecs-and-hardware.html).
const PlayableSide = 4096

// Known reports whether it is one of the words or a size that a worker takes.
func (s OutputSize) Known() bool {
	switch s {
	case "", OutputAuto, OutputFull, OutputHalf:
		return true
	}
	width, height, ok := s.box()
	return ok && FrameFits(width, height)
}

// box is the size of WxH.
func (s OutputSize) box() (width, height int, ok bool) {
	if len(s) > len("7680x4320") {
		return 0, 0, false
	}
	w, h, found := strings.Cut(string(s), "x")
	width, errW := strconv.Atoi(w)
	height, errH := strconv.Atoi(h)
	return width, height, found && errW == nil && errH == nil
}

// Adapts reports whether frames of this size may leave in another one where the host cannot
// keep up.
func (s OutputSize) Adapts(width, height int) bool {
	return s == OutputAuto && max(width, height) > PlayableSide
}

// Of is the size in which frames of width x height leave; behind says that the host cannot keep
// up at their own. It is their own, or even on both sides; WxH holds either way round, and
// enlarges nothing.
func (s OutputSize) Of(width, height int, behind bool) (w, h int) {
	if s == OutputHalf || behind && s.Adapts(width, height) {
		return even(width / 2), even(height / 2)
	}
	w, h, ok := s.box()
	if !ok {
		return width, height
	}
	if (w < h) != (width < height) {
		w, h = h, w
	}
	if width <= w && height <= h {
		return width, height
	}
	if width*h > height*w { // the width decides
		return even(w), even((height*w + width/2) / width)
	}
	return even((width*h + height/2) / height), even(h)
}

// even is the number of pixels that 4:2:0 can have, at least one pair.
func even(n int) int { return max(n&^1, 2) }

// SubSize says how large a sub-stream is beside the frames that leave. The empty one means SubAuto.
type SubSize string

// The sizes.
const (
	// SubAuto is SubHalf of frames of up to 1280 pixels, else SubQuarter.
	SubAuto SubSize = "auto"
	// SubHalf and SubQuarter are of both sides.
	SubHalf    SubSize = "half"
	SubQuarter SubSize = "quarter"
)

// MaxSubFPS bounds a sub-stream's frames a second.
const MaxSubFPS = 30

// Known reports whether it is one of them.
func (s SubSize) Known() bool { return s == "" || s == SubAuto || s == SubHalf || s == SubQuarter }

// Of is the sub-stream's size beside frames of width x height; even on both sides.
func (s SubSize) Of(width, height int) (w, h int) {
	const plain = 1280
	by := 2
	if s == SubQuarter || s != SubHalf && max(width, height) > plain {
		by = 4
	}
	return even(width / by), even(height / by)
}
