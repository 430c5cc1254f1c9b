package movie

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"slices"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"
	"github.com/bluenviron/mediacommon/v2/pkg/formats/mp4"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// params are what a decoder has to know before the first frame. The sets stand in the
// access units too, where they stay.
type params struct {
	is            media.Codec
	sets          [][]byte // all parameter sets of the keyframe, as they came
	vps, sps, pps []byte   // the first of each
	width, height int      // of MJPEG
}

func (p params) same(q params) bool {
	return p.is == q.is && p.width == q.width && p.height == q.height && slices.EqualFunc(p.sets, q.sets, bytes.Equal)
}

// paramsOf reads those of a keyframe. One without parameter sets goes by the ones before.
func paramsOf(u media.Raw, before params) (params, error) {
	p := params{is: u.Codec}
	switch u.Codec {
	case media.H264:
		for _, n := range u.NALUs {
			switch media.H264Type(n) {
			case h264.NALUTypeSPS:
				p.take(&p.sps, n)
			case h264.NALUTypePPS:
				p.take(&p.pps, n)
			}
		}
	case media.H265:
		for _, n := range u.NALUs {
			switch media.H265Type(n) {
			case h265.NALUType_VPS_NUT:
				p.take(&p.vps, n)
			case h265.NALUType_SPS_NUT:
				p.take(&p.sps, n)
			case h265.NALUType_PPS_NUT:
				p.take(&p.pps, n)
			}
		}
	case media.MJPEG:
		return p, p.measure(u)
	default:
		return p, fmt.Errorf("codec %d is unknown: use the program of the version that sealed it", u.Codec)
	}
	if p.sets == nil && before.is == u.Codec {
		return before, nil
	}
	return p, nil
}

func (p *params) take(first *[]byte, n []byte) {
	n = bytes.Clone(n)
	if *first == nil {
		*first = n
	}
	p.sets = append(p.sets, n)
}

func (p *params) measure(u media.Raw) error {
	image, err := jpeg.DecodeConfig(bytes.NewReader(bytes.Join(u.NALUs, nil)))
	if err != nil {
		return fmt.Errorf("a frame of the camera is no JPEG: %w", err)
	}
	p.width, p.height = image.Width, image.Height
	return nil
}

// codec is what the file's header says.
func (p params) codec() (mp4.Codec, error) {
	switch {
	case p.is == media.MJPEG:
		return &mp4.CodecMJPEG{Width: p.width, Height: p.height}, nil
	case p.sps == nil || p.pps == nil || p.is == media.H265 && p.vps == nil:
		return nil, fmt.Errorf("a keyframe of %s has no parameter sets: nothing can decode it", p.is)
	case p.is == media.H265:
		return &mp4.CodecH265{VPS: p.vps, SPS: p.sps, PPS: p.pps}, nil
	}
	return &mp4.CodecH264{SPS: p.sps, PPS: p.pps}, nil
}

// payload is an access unit as the file has it: each NAL unit behind its length, or the
// JPEG as it is.
func payload(u media.Raw) ([]byte, error) {
	if u.Codec == media.MJPEG {
		return bytes.Join(u.NALUs, nil), nil
	}
	return h264.AVCC(u.NALUs).Marshal()
}
