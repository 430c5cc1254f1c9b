// Package mp4 reads the video of MP4 and MOV files, progressive or fragmented,
// and writes H.264 frames to a progressive MP4 with the timing of the file
// that they came from.
//
// In: files of anybody, bounded and checked. Out: compressed frames with their times, and
// a file that is complete or not there. It owns no goroutine and decodes nothing. It must
// never copy a byte of the source's boxes, or read past what a file has.
//
// # Time
//
// All times of this package are whole numbers in units of the video track's
// own timescale (Info.Timescale a second), so that nothing is rounded:
//
//   - DTS and CTS are a frame's decoding and composition times on the media's
//     timeline: what the sample tables say.
//   - PTS is when a player shows it: CTS moved by the edit list, which cuts a
//     reordering delay off the start or puts a pause before it.
//
// Frames leave a Reader in decoding order. A worker gives its frames back
// in presentation order and without B-frames: Timings keeps each frame's
// time on that way, and Writer takes it.
//
// # What is written
//
// One video track; sound, subtitles, metadata and dates of the source are left
// out on purpose. The edit list, the display matrix (a phone's rotation, as one of eight), the
// pixel aspect ratio and the colour tags say what the source's say; they are written anew, and no
// byte of the source's boxes is copied. The index
// (moov) comes first in the file, so that browsers start to play before they
// have it all. The sample entry is avc1, or avc3 where parameter sets change
// in mid-file; parameter sets also stand before every keyframe.
package mp4

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Errors of reading. All are final: the file cannot be redacted as it is. Each
// comes wrapped with the place and with advice on what to do.
var (
	ErrNotMP4    = errors.New("not an MP4 or MOV file")
	ErrNoVideo   = errors.New("no video track")
	ErrCodec     = errors.New("video codec not supported")
	ErrEncrypted = errors.New("video is encrypted")
	ErrEmpty     = errors.New("video track without pictures")
	ErrTruncated = errors.New("file is cut short")
	ErrCorrupt   = errors.New("file is damaged")
	// ErrDisagree: two places of the file say different things of how its frames
	// are shown. Players choose between them: what is masked by one may be bare in the other.
	ErrDisagree = errors.New("file contradicts itself")
)

// Errors of writing.
var (
	ErrSameFile = errors.New("output is the input file")
	// ErrOrder: a frame comes with an earlier time than the one before, or
	// long after it. With a worker's frames it means that the source's
	// times contradict what is coded.
	ErrOrder = errors.New("pictures do not come in presentation order")
)

// MaxSample is the largest compressed frame in bytes.
const MaxSample = 16 << 20

// Limits on what a file's tables may claim. They are far above real files and
// keep a lying one from taking memory.
const (
	maxSmallBox    = 64 << 10 // a box that is read whole
	maxEntries     = 64       // sample entries of a track
	maxRuns        = 1 << 14  // runs in one fragment
	maxNALUs       = 4096     // NAL units of one frame
	maxMediaTime   = 1 << 56
	maxTrackDelta  = 1<<31 - 1
	maxReservation = 256 << 20
)

// Info describes the video track that a Reader reads.
type Info struct {
	Codec media.Codec
	// Width and Height are in pixels as coded, before rotation.
	Width, Height int
	// Timescale is the number of time units in a second, at least 1.
	Timescale uint32
	// Samples is the number of frames, at least 1.
	Samples int64
	// Bytes is the sum of the compressed frames' sizes.
	Bytes int64
	// Duration is how long the media lasts, before edits.
	Duration int64
	// Created is the creation time in the movie's header, in UTC as the standard
	// has it; zero where there is none. Whether it is true, the file cannot say.
	Created time.Time
	// FirstCTS is the smallest composition time.
	FirstCTS int64
	// Edits is the source's edit list; empty means that CTS is PTS.
	Edits []Edit
	// Matrix and MovieMatrix are the display matrices of the track and of
	// the movie, as in the file (16.16 and 2.30 fixed point).
	Matrix, MovieMatrix [9]int32
	// DisplayWidth and DisplayHeight are the track's size for players, 16.16 fixed point.
	DisplayWidth, DisplayHeight uint32
	// AspectH to AspectV is a pixel's width to its height; 0 and 0 where the file does not say.
	AspectH, AspectV uint32
	// Color is the payload of the source's colr box; nil where there is none.
	Color []byte
	// Dropped counts the tracks that are not read, by kind: "video",
	// "audio", "other".
	Dropped map[string]int
	// Fragmented reports that frames are in movie fragments.
	Fragmented bool

	// lead is the time between the first span's beginning and the first
	// frame in it, which ffmpeg cuts off; see Reader.scan.
	lead int64
}

// Edit maps a span of presentation to the media.
type Edit struct {
	// Duration is the span's length; 0 means up to the media's end.
	Duration int64
	// MediaTime is the CTS that the span begins with; -1 is a pause.
	MediaTime int64
	// Rate is the speed: 1, or 0 for a still frame.
	Rate int16
}

// Shift is what must be added to a CTS to have its PTS: the pauses before the
// first span with frames, less where its first frame is.
func (i Info) Shift() int64 {
	pause, begin := i.opening()
	return pause - begin - i.lead
}

// opening is how long the pauses before the first span with frames last,
// and the CTS that this span begins with.
func (i Info) opening() (pause, begin int64) {
	for _, e := range i.Edits {
		if e.MediaTime >= 0 {
			return pause, e.MediaTime
		}
		pause += e.Duration
	}
	return pause, 0
}

// Ticks converts a time of the track to 90 kHz, rounding down.
func (i Info) Ticks(t int64) media.Ticks90k {
	scale := int64(max(i.Timescale, 1))
	sec, rest := t/scale, t%scale
	if rest < 0 {
		sec, rest = sec-1, rest+scale
	}
	return media.Ticks90k(sec*media.TicksPerSecond + rest*media.TicksPerSecond/scale)
}

// Timing is when a frame is shown, on the media's timeline.
type Timing struct {
	CTS int64
	// Duration is the span that the source's table gives the frame. It
	// matters for the last frame only; others last until the next.
	Duration int64
}

// Sample is one compressed frame, in decoding order.
type Sample struct {
	// Index counts from 0.
	Index int64
	Codec media.Codec
	// NALUs are as in media.Raw: without start codes, parameter sets before
	// each keyframe; one JPEG for MJPEG. The bytes are the caller's.
	NALUs [][]byte
	DTS   int64
	Timing
	// PTS may be negative: such a frame is decoded but not shown.
	PTS int64
	// Ticks is PTS at 90 kHz.
	Ticks media.Ticks90k
	// Sync reports whether decoding can begin here.
	Sync bool
}

// Raw is s as a camera's access unit. It has no absolute time.
func (s Sample) Raw() media.Raw {
	return media.Raw{Codec: s.Codec, NALUs: s.NALUs, PTS: s.Ticks, Keyframe: s.Sync}
}

// advise puts the file's name before an error of this package and what to do
// about it behind.
func advise(path string, err error) error {
	if err == nil {
		return nil
	}
	shown := path
	if shown == "" {
		shown = "IN"
	} else if strings.ContainsAny(path, " '\"$&;()<>|*?\\`") {
		shown = "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
	}
	var hint string
	switch {
	case errors.Is(err, ErrNoVideo):
		hint = "give a file with a video track; list the tracks: ffprobe " + shown
	case errors.Is(err, ErrEncrypted):
		hint = "decrypt it first with the program that recorded it"
	case errors.Is(err, ErrEmpty):
		hint = "nothing was recorded: record it again"
	case errors.Is(err, errNoIndex):
		hint = "copy the file again from where it was recorded, or mend it with the recorder's own program"
	case errors.Is(err, ErrTruncated):
		hint = "copy the file again from where it was recorded, or try to rescue what is there: ffmpeg -i " + shown + " -c:v libx264 -an OUT.mp4"
	case errors.Is(err, ErrNotMP4), errors.Is(err, ErrCodec), errors.Is(err, ErrCorrupt), errors.Is(err, ErrOrder), errors.Is(err, ErrDisagree):
		hint = "convert it first: ffmpeg -i " + shown + " -c:v libx264 -an OUT.mp4"
	default:
		return err
	}
	if path == "" {
		return fmt.Errorf("%w; %s", err, hint)
	}
	return fmt.Errorf("%s: %w; %s", path, err, hint)
}
