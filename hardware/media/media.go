// Package media holds the words that every other package speaks: camera
// names, 90 kHz time, what a camera sent (Raw) and what may leave (Clean).
package media

import (
	"fmt"
	"regexp"
	"time"
)

// CameraID names a camera: a lower-case slug of 1 to 40 characters, safe in
// an MQTT topic, an RTSP path and a file name.
type CameraID string

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// IsSlug reports whether s is of a-z and 0-9 with single dashes between them, as the
// ids of cameras, zones and clauses are. How long it may be is the caller's to say.
func IsSlug(s string) bool { return slug.MatchString(s) }

// MaxCameraID is the longest CameraID in bytes.
const MaxCameraID = 40

// ParseCameraID checks s and returns it as a CameraID.
func ParseCameraID(s string) (CameraID, error) {
	if len(s) > MaxCameraID || !IsSlug(s) {
		return "", fmt.Errorf("camera name %q is not a slug: use 1 to %d of a-z, 0-9 and single dashes between them", s, MaxCameraID)
	}
	return CameraID(s), nil
}

// Ticks90k is a time or a span in units of 1/90000 s, the clock of RTP video.
// It may be negative. Zero is the start of the stream it belongs to.
type Ticks90k int64

// TicksPerSecond is the rate of Ticks90k.
const TicksPerSecond = 90000

// TicksOf converts a span, rounding towards zero.
func TicksOf(d time.Duration) Ticks90k {
	sec, rest := d/time.Second, d%time.Second
	return Ticks90k(sec)*TicksPerSecond + Ticks90k(rest*TicksPerSecond/time.Second)
}

// Duration converts back, rounding towards zero.
func (t Ticks90k) Duration() time.Duration {
	sec, rest := t/TicksPerSecond, t%TicksPerSecond
	return time.Duration(sec)*time.Second + time.Duration(rest)*time.Second/TicksPerSecond
}

// Codec is the compression of a camera's video track. The zero value is unknown.
type Codec uint8

// The codecs that cameras may send. Only H264 ever leaves the gateway.
const (
	UnknownCodec Codec = iota
	H264
	H265
	MJPEG
)

func (c Codec) String() string {
	switch c {
	case H264:
		return "H264"
	case H265:
		return "H265"
	case MJPEG:
		return "MJPEG"
	}
	return "unknown"
}

// Raw is one access unit as a camera sent it. Only the worker may look inside;
// no viewer ever gets one.
type Raw struct {
	Codec Codec
	// NALUs are the NAL units without start codes, in decoding order. For
	// H264 and H265 the parameter sets precede every keyframe, even where
	// the camera sends them in its SDP only. For MJPEG it is one complete
	// JPEG frame.
	NALUs [][]byte
	// PTS is the presentation time since the connection's start.
	PTS Ticks90k
	// NTP is the absolute capture time by the camera's sender reports, or
	// the time of arrival where it has sent none.
	NTP time.Time
	// Keyframe reports whether decoding can begin here.
	Keyframe bool
}

// Size is the sum of the NAL units' bytes.
func (r Raw) Size() int {
	n := 0
	for _, u := range r.NALUs {
		n += len(u)
	}
	return n
}

// Clean is one access unit that may leave the gateway: an H.264 frame that
// a worker vouched for with a Record of that very frame, or a slate. Its
// fields cannot be set from outside; Vouch and VouchSlate are the only ways
// to make one and only gateway/worker may call them (a test holds this).
type Clean struct {
	nalus    [][]byte
	keyframe bool
	slate    bool
	pts      Ticks90k
	ntp      time.Time
	record   Record
}

// Vouch makes a Clean of the worker's own output and the record that came in
// the same message. It refuses a record that does not say Masked.
func Vouch(nalus [][]byte, keyframe bool, rec Record) (Clean, error) {
	if rec.Code != Masked || len(nalus) == 0 {
		return Clean{}, fmt.Errorf("access unit %d is not vouched for: code %v", rec.Seq, rec.Code)
	}
	return Clean{nalus: nalus, keyframe: keyframe, pts: rec.PTS, ntp: rec.NTP, record: rec}, nil
}

// VouchSlate makes a Clean of a slate, a frame that no camera took.
func VouchSlate(nalus [][]byte, keyframe bool, pts Ticks90k, ntp time.Time) Clean {
	return Clean{nalus: nalus, keyframe: keyframe, slate: true, pts: pts, ntp: ntp}
}

// Still is one picture as JPEG that may leave: of a masked frame, or of the slate. VouchStill is
// the only way to make one, and only gateway/worker may call it (a test holds this).
type Still struct {
	jpeg  []byte
	slate bool
}

// VouchStill makes a Still of what the worker made of a frame that left masked, or of a slate.
func VouchStill(jpeg []byte, slate bool) Still { return Still{jpeg, slate} }

// JPEG is the picture; nil for the zero Still. The bytes are shared: do not write to them.
func (s Still) JPEG() []byte { return s.jpeg }

// Slate reports whether this is a slate instead of a masked frame.
func (s Still) Slate() bool { return s.slate }

// NALUs are H.264 NAL units without start codes, in-band parameter sets
// before each keyframe. The bytes are shared: do not write to them.
func (c Clean) NALUs() [][]byte { return c.nalus }

// Keyframe reports whether a viewer can begin here.
func (c Clean) Keyframe() bool { return c.keyframe }

// Slate reports whether this is a slate instead of a masked frame.
func (c Clean) Slate() bool { return c.slate }

// PTS grows strictly from one Clean of a camera to the next.
func (c Clean) PTS() Ticks90k { return c.pts }

// NTP is the absolute capture time, or for a slate the time it was made.
func (c Clean) NTP() time.Time { return c.ntp }

// Record is what the worker said of this frame; zero for a slate.
func (c Clean) Record() Record { return c.record }
