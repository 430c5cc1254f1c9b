package av

/*
#include "accelerator.h"
*/
import "C"

import (
	"bytes"
	"fmt"
	"slices"
	"unsafe"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// EncoderConfig says what the H.264 encoder makes: no B-frames, x264
// "ultrafast" with "zerolatency", parameter sets in-band before each keyframe.
type EncoderConfig struct {
	// FPSNum/FPSDen is the nominal frame rate, for rate control only.
	FPSNum, FPSDen int
	// GOP is the largest distance of keyframes in frames.
	GOP int
	// CRF is x264's constant rate factor; 23 is its usual value.
	CRF int
	// RateCap bounds the bitrate in bits a second; 0 means no bound, and a
	// bound cannot be added later.
	RateCap int64
	// RateBuffer is how many bits may leave at once; 0 means a second of
	// RateCap. It is full when the encoder opens.
	RateBuffer int64
	// Threads: 0 lets libavcodec choose.
	Threads int
}

// Encoder makes H.264. It belongs to one goroutine. All frames must have
// the size of the first.
type Encoder struct {
	c             *C.AVCodecContext
	pkt           *C.AVPacket
	width, height int
	format        frameFormat
	last          int64
	// foreign: it works in an accelerator's memory; steady: its bitrate cannot
	// be changed.
	foreign, steady bool
	sws             *C.struct_SwsContext
}

// frameFormat is what the stream's headers say of the frames' colours and shape.
type frameFormat struct {
	full                   bool
	primaries, trc, matrix int
	sarNum, sarDen         int
}

func formatOf(f *Frame) frameFormat {
	return frameFormat{
		full:      f.p.color_range == C.AVCOL_RANGE_JPEG || f.p.format == C.AV_PIX_FMT_YUVJ420P,
		primaries: int(f.p.color_primaries), trc: int(f.p.color_trc), matrix: int(f.p.colorspace),
		sarNum: int(f.p.sample_aspect_ratio.num), sarDen: int(f.p.sample_aspect_ratio.den),
	}
}

// NewEncoder opens an encoder for frames like first.
func NewEncoder(first *Frame, cfg EncoderConfig) (*Encoder, error) {
	e, c := describe(first, cfg)
	if err := check(C.bauta_encoder_open(&e.c, &c), fmt.Sprintf("opening the H.264 encoder for %dx%d", e.width, e.height)); err != nil {
		return nil, err
	}
	e.begin()
	return e, nil
}

// begin counts the encoder, which is open.
func (e *Encoder) begin() {
	e.pkt = C.av_packet_alloc()
	open.encoders.Add(1)
}

// describe says to libavcodec what is to be opened.
func describe(first *Frame, cfg EncoderConfig) (*Encoder, C.bauta_encoder_config) {
	w, h := first.Size()
	e := &Encoder{width: w, height: h, format: formatOf(first), last: -1 << 62}
	full := 0
	if e.format.full {
		full = 1
	}
	return e, C.bauta_encoder_config{
		width: C.int(w &^ 1), height: C.int(h &^ 1), // 4:2:0 needs even sides: an odd last row or column goes
		fps_num: C.int(cfg.FPSNum), fps_den: C.int(cfg.FPSDen), gop: C.int(cfg.GOP), crf: C.int(cfg.CRF),
		rate_cap: C.int64_t(cfg.RateCap), rate_buffer: C.int64_t(cfg.RateBuffer), threads: C.int(cfg.Threads), full_range: C.int(full),
		primaries: C.int(e.format.primaries), trc: C.int(e.format.trc), space: C.int(e.format.matrix),
		sar_num: C.int(e.format.sarNum), sar_den: C.int(e.format.sarDen),
	}
}

// Fits reports whether f can go into this encoder; otherwise open a new one.
func (e *Encoder) Fits(f *Frame) bool {
	w, h := f.Size()
	return w == e.width && h == e.height && formatOf(f) == e.format
}

// Close frees the encoder.
func (e *Encoder) Close() {
	if e.c == nil {
		return
	}
	C.av_packet_free(&e.pkt)
	C.avcodec_free_context(&e.c)
	C.sws_freeContext(e.sws)
	open.encoders.Add(-1)
}

// Steady says that SetRateCap does nothing: open another encoder instead.
func (e *Encoder) Steady() bool { return e.steady }

// SetRateCap changes RateCap and RateBuffer from the next frame on; only where the
// config had a bound. A larger buffer fills at the pace of the bound.
func (e *Encoder) SetRateCap(bits, buffer int64) {
	C.bauta_encoder_rate(e.c, C.int64_t(bits), C.int64_t(buffer))
}

// Encode compresses one frame and returns its access unit as NAL units
// without start codes: parameter sets and slices, nothing else that the encoder writes. pts counts 1/90000 s and must grow; a keyframe is made where asked or due.
func (e *Encoder) Encode(f *Frame, pts int64, keyframe bool) (nalus [][]byte, key bool, err error) {
	e.last = max(pts, e.last+1)
	tag, w, h := f.p.pts, f.p.width, f.p.height
	f.p.pts, f.p.pict_type = C.int64_t(e.last), C.AV_PICTURE_TYPE_NONE
	if keyframe {
		f.p.pict_type = C.AV_PICTURE_TYPE_I
	}
	f.p.width, f.p.height = e.c.width, e.c.height
	var ret C.int
	if e.foreign {
		ret = C.bauta_accelerated_send(e.c, f.p, &e.sws)
	} else {
		ret = C.avcodec_send_frame(e.c, f.p)
	}
	f.p.pts, f.p.width, f.p.height = tag, w, h
	if err := check(ret, "encoding"); err != nil {
		return nil, false, err
	}
	// zerolatency: each frame comes out at once. An accelerator that holds
	// one back fails here.
	if err := check(C.avcodec_receive_packet(e.c, e.pkt), "encoding"); err != nil {
		return nil, false, err
	}
	defer C.av_packet_unref(e.pkt)
	data := C.GoBytes(unsafe.Pointer(e.pkt.data), e.pkt.size)
	return slices.DeleteFunc(media.SplitAnnexB(bytes.TrimRight(data, "\x00")), isNoFrame), e.pkt.flags&C.AV_PKT_FLAG_KEY != 0, nil
}

// isNoPicture tells NAL units that no decoder needs: x264 writes its version and settings as
// a message, accelerators write delimiters, timing and filler.
func isNoFrame(n []byte) bool {
	switch media.H264Type(n) {
	case h264.NALUTypeNonIDR, h264.NALUTypeIDR, h264.NALUTypeSPS, h264.NALUTypePPS:
		return false
	}
	return true
}
