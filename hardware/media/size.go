package media

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
