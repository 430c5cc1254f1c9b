package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/gateway/mp4"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// track is the clip's video as RTSP describes and RTP packs it.
type track struct {
	media  *description.Media
	encode func(nalus [][]byte) ([]*rtp.Packet, error)
}

// newTrack describes the video that begins with first, and proves that it can
// be packed: RTP takes only some JPEGs.
func newTrack(first mp4.Sample) (track, error) {
	var t track
	var f format.Format
	var err error
	switch first.Codec {
	case media.H264:
		f, err = t.h264(first.NALUs)
	case media.H265:
		f, err = t.h265(first.NALUs)
	case media.MJPEG:
		f, err = t.mjpeg()
	default:
		err = fmt.Errorf("codec %v cannot be sent", first.Codec)
	}
	if err != nil {
		return t, err
	}
	t.media = &description.Media{Type: description.MediaTypeVideo, Formats: []format.Format{f}}
	if _, err := t.encode(first.NALUs); err != nil {
		return t, fmt.Errorf("the clip cannot be sent over RTP: %w", err)
	}
	return t, nil
}

func (t *track) h264(nalus [][]byte) (format.Format, error) {
	f := &format.H264{PayloadTyp: 96, PacketizationMode: 1}
	for _, u := range nalus {
		switch media.H264Type(u) {
		case h264.NALUTypeSPS:
			f.SPS = u
		case h264.NALUTypePPS:
			f.PPS = u
		}
	}
	e, err := f.CreateEncoder()
	if err == nil {
		t.encode = e.Encode
	}
	return f, err
}

func (t *track) h265(nalus [][]byte) (format.Format, error) {
	f := &format.H265{PayloadTyp: 96}
	for _, u := range nalus {
		switch media.H265Type(u) {
		case h265.NALUType_VPS_NUT:
			f.VPS = u
		case h265.NALUType_SPS_NUT:
			f.SPS = u
		case h265.NALUType_PPS_NUT:
			f.PPS = u
		}
	}
	e, err := f.CreateEncoder()
	if err == nil {
		t.encode = e.Encode
	}
	return f, err
}

func (t *track) mjpeg() (format.Format, error) {
	f := &format.MJPEG{}
	e, err := f.CreateEncoder()
	if err == nil {
		t.encode = func(nalus [][]byte) ([]*rtp.Packet, error) { return e.Encode(nalus[0]) }
	}
	return f, err
}

// player is the clock of a clip that is played again and again.
type player struct {
	info   mp4.Info
	length int64     // of one round, in the track's timescale, above 0
	start  time.Time // when DTS 0 of the first round was due
	played int64     // the rounds before, in the track's timescale
	random uint32    // where RTP time begins
}

func newPlayer(info mp4.Info) *player {
	p := &player{info: info, length: info.Duration, start: time.Now(), random: rand.Uint32()}
	if p.length <= 0 {
		p.length = int64(info.Timescale) // a still picture: once a second
	}
	return p
}

// again begins the next round where the one before ended.
func (p *player) again() { p.played += p.length }

// maxLate is how far the clock may run ahead before it is set back: a computer
// that slept must not send everything that it missed.
const maxLate = time.Second

// until is the time left before a frame is due. It may be negative.
func (p *player) until(dts int64) time.Duration {
	left := time.Until(p.start.Add(p.span(p.played + dts)))
	if left < -maxLate {
		p.start = p.start.Add(-left)
		left = 0
	}
	return left
}

// stamp is a frame's RTP time and its time of day.
func (p *player) stamp(cts int64) (uint32, time.Time) {
	t := p.played + cts
	return p.random + uint32(p.info.Ticks(t)), p.start.Add(p.span(t))
}

// span converts from the track's timescale.
func (p *player) span(t int64) time.Duration {
	scale := int64(p.info.Timescale)
	return time.Duration(t/scale)*time.Second + time.Duration(t%scale)*time.Second/time.Duration(scale)
}
