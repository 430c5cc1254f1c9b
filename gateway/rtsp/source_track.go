package rtsp

import (
	"errors"
	"strings"

	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/gortsplib/v4/pkg/format/rtph264"
	"github.com/bluenviron/gortsplib/v4/pkg/format/rtph265"
	"github.com/pion/rtp"

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

// pickTrack chooses the first video track that can be decoded and names the
// others.
func pickTrack(desc *description.Session, hide secrets) (track, []string, error) {
	var chosen track
	var ignored, codecs []string
	for _, m := range desc.Medias {
		t, ok := videoTrack(m)
		if ok && chosen.media == nil {
			chosen = t
			continue
		}
		name := codecNames(m, hide)
		ignored = append(ignored, hide.clean(string(m.Type))+" "+name)
		if m.Type == description.MediaTypeVideo && !m.IsBackChannel {
			codecs = append(codecs, name)
		}
	}
	switch {
	case chosen.media != nil:
		return chosen, ignored, nil
	case len(codecs) > 0:
		return track{}, ignored, &Error{Reason: ReasonUnknownCodec,
			Detail: "the camera's video is " + strings.Join(codecs, ", ") + ": set it to H.264, H.265 or Motion JPEG"}
	}
	return track{}, ignored, &Error{Reason: ReasonNoVideo, Detail: "the camera offers no video at this path: check the address"}
}

func videoTrack(m *description.Media) (track, bool) {
	if m.Type != description.MediaTypeVideo || m.IsBackChannel {
		return track{}, false
	}
	for _, f := range m.Formats {
		if t := decodable(f); t.decode != nil {
			t.media, t.format = m, f
			return t, true
		}
	}
	return track{}, false
}

// decodable returns a track without a decoder where f is not for us.
func decodable(f format.Format) track {
	switch f := f.(type) {
	case *format.H264:
		if d, err := f.CreateDecoder(); err == nil {
			sps, pps := f.SafeParams()
			return track{codec: media.H264, sets: [][]byte{sps, pps}, decode: nalUnits(d.Decode, rtph264.ErrMorePacketsNeeded)}
		}
	case *format.H265:
		if d, err := f.CreateDecoder(); err == nil {
			vps, sps, pps := f.SafeParams()
			return track{codec: media.H265, sets: [][]byte{vps, sps, pps}, decode: nalUnits(d.Decode, rtph265.ErrMorePacketsNeeded)}
		}
	case *format.MJPEG:
		return track{codec: media.MJPEG, decode: jpegImages()}
	}
	return track{}
}

// nalUnits makes the library's decoder give up NAL units as soon as they are
// complete, by marking every packet as a last one. The assembler puts them
// together instead: unlike the decoder it knows of lost packets, and has no
// limit of 25 NAL units, which cameras with many slices exceed.
func nalUnits(decode packetDecoder, more error) packetDecoder {
	return func(pkt *rtp.Packet) ([][]byte, error) {
		last := *pkt
		last.Marker = true
		nalus, err := decode(&last)
		if errors.Is(err, more) {
			return nil, nil
		}
		return nalus, err
	}
}

func codecNames(m *description.Media, hide secrets) string {
	var names []string
	for _, f := range m.Formats {
		name := f.Codec()
		if g, ok := f.(*format.Generic); ok && g.RTPMap() != "" {
			name, _, _ = strings.Cut(g.RTPMap(), "/")
			name = hide.clean(name)
		}
		names = append(names, name)
	}
	return strings.Join(names, "/")
}
