package media

import "time"

// Code is the outcome of one access unit. Numbers are fixed: they cross the
// pipe between the two processes.
type Code uint8

// The outcomes. Only Masked comes with a frame.
const (
	// NoCode is the zero value and never sent.
	NoCode Code = iota
	// Masked: detection covered this frame and it was painted.
	Masked
	// AwaitKeyframe: nothing can be decoded before the next keyframe.
	AwaitKeyframe
	// Undecodable: the decoder refused the access unit or gave no frame.
	Undecodable
	// Unsupported: frame size or format outside what the worker takes.
	Unsupported
	// Shed: left out on purpose by the degradation levels.
	Shed
	// EncodeFailed: the encoder refused the masked frame.
	EncodeFailed
	// Disagreeing: two of the frame's sources contradict each other, such as its size and its data.
	Disagreeing
)

func (c Code) String() string {
	switch c {
	case Masked:
		return "masked"
	case AwaitKeyframe:
		return "await-keyframe"
	case Undecodable:
		return "undecodable"
	case Unsupported:
		return "unsupported"
	case Shed:
		return "shed"
	case EncodeFailed:
		return "encode-failed"
	case Disagreeing:
		return "disagreeing"
	}
	return "none"
}

// Degradation is a level of cheaper work; a higher one costs less.
type Degradation uint8

// The levels, from the design.
const (
	Normal     Degradation = iota // faces every k frames
	DetectLess                    // detection as seldom as the look-ahead allows
	LowerRate                     // some frames left out
	BlurFrame                     // the whole frame blurred, no detection
)

// String is the level as the API says it.
func (d Degradation) String() string {
	switch d {
	case Normal:
		return "normal"
	case DetectLess:
		return "detect_less"
	case LowerRate:
		return "lower_rate"
	case BlurFrame:
		return "blur_picture"
	}
	return "unknown"
}

// Record is the worker's result for one access unit: there is exactly one for
// each that it was given. It holds counts and times, nothing personal.
type Record struct {
	// Seq is the number the supervisor gave the access unit.
	Seq uint64
	// PTS and NTP are those of the access unit.
	PTS Ticks90k
	NTP time.Time
	// Code is the outcome.
	Code Code
	// Width and Height are the frame's in pixels; 0 where none was decoded.
	Width, Height int
	// Orientation is how the source says that the frame is shown.
	Orientation Orientation
	// Faces are the tracks in the frame, Masked of them painted, Shown
	// left visible by consent.
	Faces, Masked, Shown int
	// Fresh says that the detector searched this very frame; otherwise
	// its faces come from tracks between two looks.
	Fresh bool
	// Degradation is the level in force.
	Degradation Degradation
	// Held is the time between the access unit's arrival in the worker and
	// its leaving; Work the processing time spent on it.
	Held, Work time.Duration
}
