package rtsp

import (
	"errors"
	"slices"

	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/gortsplib/v4/pkg/format/rtph264"
	"github.com/bluenviron/gortsplib/v4/pkg/format/rtph265"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/gateway/rtsp/describe"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// track is the video track that was chosen.
type track struct {
	media  *description.Media
	format format.Format
	codec  media.Codec
	sets   [][]byte // parameter sets of the SDP
	decode packetDecoder
}

// packetDecoder takes one RTP packet and returns what it completed: NAL units,
// or a JPEG image. Nothing and no error mean that more packets are needed.
type packetDecoder func(*rtp.Packet) ([][]byte, error)

// newTrack takes the video medium that the library was given, and what the camera's description
// says of it.
func newTrack(m *description.Media, video describe.Video) (track, error) {
	t := track{media: m, format: m.Formats[0], codec: video.Codec, sets: video.Sets}
	switch f := t.format.(type) {
	case *format.H264:
		d, err := f.CreateDecoder()
		if err != nil {
			return track{}, err
		}
		t.decode = nalUnits(d.Decode, rtph264.ErrMorePacketsNeeded)
	case *format.H265:
		d, err := f.CreateDecoder()
		if err != nil {
			return track{}, err
		}
		t.decode = mendH265(nalUnits(d.Decode, rtph265.ErrMorePacketsNeeded), video.DON)
	case *format.MJPEG:
		var named []frameSize
		for _, s := range video.Sizes {
			named = append(named, frameSize{s.Width, s.Height})
		}
		t.decode = jpegImages(named...)
	default:
		return track{}, &Error{Reason: ReasonUnknownCodec, Detail: "the camera's video cannot be decoded: set it to H.264, H.265 or Motion JPEG"}
	}
	return t, nil
}

// nalUnits makes the library's decoder give up NAL units as soon as they are
// complete, by marking every packet as a last one. The assembler puts them
// together instead: unlike the decoder it knows of lost packets, and has no
// limit of 25 NAL units, which cameras with many slices exceed. What some cameras put into one
// unit, with start codes between, is cut.
func nalUnits(decode packetDecoder, more error) packetDecoder {
	return func(pkt *rtp.Packet) ([][]byte, error) {
		last := *pkt
		last.Marker = true
		nalus, err := decode(&last)
		if errors.Is(err, more) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		var units [][]byte
		for _, n := range nalus {
			units = append(units, media.SplitAnnexB(n)...)
		}
		return units, nil
	}
}

// Sizes and types of RFC 7798, 4.4.
const (
	h265Header    = 2 // of a payload
	fuHeader      = 1
	donField      = 2
	aggregation   = 48
	fragmentation = 49
	fuStart       = 0x80
	fuEnd         = 0x40
)

// mendH265 takes packets as cameras send them: a fragment that is start and end at once is a whole
// NAL unit, and decoding order numbers are left out. A camera that writes them sends its frames
// in the order of decoding all the same, for nothing here asked for another one.
func mendH265(decode packetDecoder, don bool) packetDecoder {
	return func(pkt *rtp.Packet) ([][]byte, error) {
		p := pkt.Payload
		if don {
			p = withoutDON(p)
		}
		if len(p) > h265Header+fuHeader && h265Type(p) == fragmentation && p[h265Header]&(fuStart|fuEnd) == fuStart|fuEnd {
			head := p[0]&0x81 | p[h265Header]&0x3f<<1
			p = append([]byte{head, p[1]}, p[h265Header+fuHeader:]...)
		}
		other := *pkt
		other.Payload = p
		return decode(&other)
	}
}

func h265Type(p []byte) byte { return p[0] >> 1 & 0x3f }

// withoutDON leaves out the fields that RFC 7798 adds where sprop-max-don-diff is above 0.
func withoutDON(p []byte) []byte {
	if len(p) <= h265Header+donField {
		return p
	}
	switch h265Type(p) {
	case fragmentation:
		if p[h265Header]&fuStart == 0 {
			return p
		}
		at := h265Header + fuHeader
		return slices.Concat(p[:at], p[min(at+donField, len(p)):])
	case aggregation:
		return aggregationWithoutDON(p)
	}
	return slices.Concat(p[:h265Header], p[h265Header+donField:])
}

// aggregationWithoutDON leaves out the number of the first unit and the differences of the others.
func aggregationWithoutDON(p []byte) []byte {
	out := append([]byte(nil), p[:h265Header]...)
	rest := p[h265Header+donField:]
	for first := true; len(rest) > 0; first = false {
		if !first {
			rest = rest[1:]
		}
		if len(rest) < 2 {
			break
		}
		size := 2 + (int(rest[0])<<8 | int(rest[1]))
		if size > len(rest) {
			break
		}
		out, rest = append(out, rest[:size]...), rest[size:]
	}
	return out
}
