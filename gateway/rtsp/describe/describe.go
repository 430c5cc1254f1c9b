// Package describe reads a camera's description of its stream (SDP, RFC 8866) as cameras write
// it, and writes one of the video medium alone. It takes the bytes of an answer and gives a
// description that any reader takes; it knows no connection and never fails for a line that
// the video does not need.
package describe

import (
	"bytes"
	"cmp"
	"errors"
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Bounds on what is read of a description.
const (
	maxLines   = 4096
	maxMedia   = 64
	maxFormats = 64
	maxSizes   = 4
	maxSide    = 1 << 15 // pixels
	maxNamed   = 40      // bytes of a name that is reported
	maxUnknown = 3
)

// ErrNoVideo means that a description has no video at all.
var ErrNoVideo = errors.New("the description has no video")

// CodecError means that there is video, and none that can be decoded.
type CodecError struct{ Names string }

func (e *CodecError) Error() string { return "the video is " + e.Names }

// Video is the video medium that was chosen: the first one that can be decoded.
type Video struct {
	Codec       media.Codec
	PayloadType uint8
	// Sets are the parameter sets that the description has, without start codes.
	Sets [][]byte
	// Control is the medium's address as it was written, empty where it has none.
	Control string
	// Sizes are the sizes in pixels that it gives for the video, by RFC 6064 (a=framesize) and
	// as ONVIF's cameras do (a=x-dimensions).
	Sizes []Size
	// DON reports that H.265's packets carry decoding order numbers (RFC 7798, 4.4).
	DON bool
	// Others name what else the camera offers, such as "audio PCMA".
	Others []string
}

// Size is in pixels.
type Size struct{ Width, Height int }

// medium is one m= line with what belongs to it.
type medium struct {
	kind    string // "video", "audio"
	formats []string
	control string
	maps    map[string]string // format: encoding name
	params  map[string]string // format: the parameters
	sizes   []Size
}

// session is all that is read.
type session struct {
	control string // absolute, or empty
	media   []*medium
}

// Cut reads a description and returns the video medium of it with a description of that one
// alone. An error is ErrNoVideo or a CodecError.
func Cut(sdp []byte) (Video, []byte, error) {
	s := read(sdp)
	video, at, err := s.choose()
	if err != nil {
		return Video{}, nil, err
	}
	for i, m := range s.media {
		if i != at {
			video.Others = append(video.Others, printable(m.kind)+" "+m.names())
		}
	}
	return video, write(s.control, video), nil
}

// read never fails: what cannot be read is left out.
func read(sdp []byte) session {
	var s session
	var m *medium
	for n := 0; n < maxLines && len(sdp) > 0; n++ {
		var line []byte
		line, sdp, _ = bytes.Cut(sdp, []byte{'\n'})
		key, value, ok := strings.Cut(plain(line), "=")
		switch {
		case !ok:
		case strings.TrimSpace(key) == "m" && len(s.media) < maxMedia:
			m = readMedium(value)
			s.media = append(s.media, m)
		case strings.TrimSpace(key) != "a":
		case m == nil:
			if name, v, _ := strings.Cut(value, ":"); name == "control" && absolute(v) {
				s.control = strings.TrimSpace(v)
			}
		default:
			m.attribute(value)
		}
	}
	return s
}

// plain is a line without control characters and the mark that some systems put before texts.
func plain(line []byte) string {
	s := strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f || r == 0xfeff {
			return -1
		}
		return r
	}, string(line))
	return strings.TrimSpace(s)
}

// absolute reports whether a session's control names an address: others, as "*", add nothing to
// the one that was asked.
func absolute(v string) bool {
	v = strings.ToLower(strings.TrimSpace(v))
	return strings.HasPrefix(v, "rtsp://") || strings.HasPrefix(v, "rtsps://")
}

// readMedium reads "video 0 RTP/AVP 96 97".
func readMedium(value string) *medium {
	m := &medium{maps: map[string]string{}, params: map[string]string{}}
	fields := strings.Fields(value)
	if len(fields) > 0 {
		m.kind = strings.ToLower(fields[0])
	}
	if len(fields) > 3 {
		for _, f := range fields[3:min(len(fields), 3+maxFormats)] {
			m.add(f)
		}
	}
	return m
}

func (m *medium) add(format string) {
	if _, ok := payloadType(format); !ok || len(m.formats) >= maxFormats {
		return
	}
	for _, f := range m.formats {
		if f == format {
			return
		}
	}
	m.formats = append(m.formats, format)
}

// attribute reads an a= line of the medium.
func (m *medium) attribute(value string) {
	name, v, _ := strings.Cut(value, ":")
	v = strings.TrimSpace(v)
	format, rest, _ := strings.Cut(v, " ")
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "control":
		m.control = v
	case "rtpmap":
		encoding, _, _ := strings.Cut(strings.TrimSpace(rest), "/")
		m.add(format)
		m.maps[format] = strings.TrimSpace(encoding)
	case "fmtp":
		m.params[format] = rest
	case "framesize": // 96 1920-1080
		m.size(rest, "-")
	case "x-dimensions": // 1920,1080
		m.size(v, ",")
	}
}

func (m *medium) size(value, between string) {
	w, h, _ := strings.Cut(value, between)
	s := Size{side(w), side(h)}
	if s.Width > 0 && s.Height > 0 && len(m.sizes) < maxSizes {
		m.sizes = append(m.sizes, s)
	}
}

// side is 0 for what is no size in pixels.
func side(s string) int {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 16)
	if err != nil || n > maxSide {
		return 0
	}
	return int(n)
}

func payloadType(format string) (uint8, bool) {
	n, err := strconv.ParseUint(format, 10, 7)
	return uint8(n), err == nil
}

// choose returns the first video that can be decoded and its place among the media.
func (s session) choose() (Video, int, error) {
	var unknown []string
	for i, m := range s.media {
		if m.kind != "video" {
			continue
		}
		if v, ok := m.video(); ok {
			return v, i, nil
		}
		unknown = append(unknown, m.names())
	}
	if unknown != nil {
		return Video{}, 0, &CodecError{strings.Join(unknown[:min(len(unknown), maxUnknown)], ", ")}
	}
	return Video{}, 0, ErrNoVideo
}

func (m *medium) video() (Video, bool) {
	for _, f := range m.formats {
		codec, ok := m.codec(f)
		if !ok {
			continue
		}
		pt, _ := payloadType(f)
		v := Video{Codec: codec, PayloadType: pt, Control: m.control, Sizes: m.sizes}
		v.parameters(m.params[f])
		return v, true
	}
	return Video{}, false
}

// jpegPayloadType is the only static one that is decoded here (RFC 3551, 6).
const jpegPayloadType = "26"

// codec is that of a format: by its parameters, which only one codec has, or its name.
func (m *medium) codec(format string) (media.Codec, bool) {
	params := strings.ToLower(m.params[format])
	switch name := strings.ToUpper(m.maps[format]); {
	case strings.Contains(params, "sprop-parameter-sets"):
		return media.H264, true
	case strings.Contains(params, "sprop-vps"):
		return media.H265, true
	case name == "H264", name == "H264-SVC":
		return media.H264, true
	case name == "H265", name == "HEVC":
		return media.H265, true
	case name == "JPEG", name == "" && format == jpegPayloadType:
		return media.MJPEG, true
	}
	return 0, false
}

// static are the names of some formats that need none in a description (RFC 3551, 6).
var static = map[string]string{"0": "PCMU", "3": "GSM", "8": "PCMA", "9": "G722", "14": "MPA", "32": "MPV"}

// names are those of the medium's formats, for people.
func (m *medium) names() string {
	var names []string
	for _, f := range m.formats {
		names = append(names, printable(cmp.Or(m.maps[f], static[f], "format "+f)))
	}
	if names == nil {
		return "without a format"
	}
	return strings.Join(names, "/")
}

// printable is a short name without what could spoil a log.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
	return s[:min(len(s), maxNamed)]
}
