package av

/*
#include "accelerator.h"
*/
import "C"

import (
	"fmt"
)

// Decoder turns access units into frames. It belongs to one goroutine.
type Decoder struct {
	c   *C.AVCodecContext
	pkt *C.AVPacket
	sws *C.struct_SwsContext
	buf []byte
	raw bool // access units go in as they are, without start codes
	// foreign: the frames lie in an accelerator's memory.
	foreign bool
}

// NewDecoder opens a decoder with the number of slice threads given. delay is the number of
// frames that it may hold back to put B-frames in order before the stream
// tells; use 0 for cameras.
func NewDecoder(codec Codec, threads, delay int) (*Decoder, error) {
	id, ok := codecIDs[codec]
	if !ok {
		return nil, fmt.Errorf("no decoder for codec %d", codec)
	}
	d := &Decoder{raw: codec == MJPEG}
	if err := check(C.bauta_decoder_open(&d.c, id, C.int(threads), C.int(delay)), "opening the decoder"); err != nil {
		return nil, err
	}
	d.begin()
	return d, nil
}

// begin counts the decoder, which is open.
func (d *Decoder) begin() {
	d.pkt = C.av_packet_alloc()
	open.decoders.Add(1)
}

// Close frees the decoder. Frames that it gave out stay valid.
func (d *Decoder) Close() {
	if d.c == nil {
		return
	}
	C.av_packet_free(&d.pkt)
	C.avcodec_free_context(&d.c)
	C.sws_freeContext(d.sws)
	open.decoders.Add(-1)
}

// Send gives the decoder one access unit. Its frames, if any, come from
// Receive with the same tag.
func (d *Decoder) Send(nalus [][]byte, tag int64, keyframe bool) error {
	d.buf = d.buf[:0]
	for _, u := range nalus {
		if !d.raw {
			d.buf = append(d.buf, 0, 0, 0, 1)
		}
		d.buf = append(d.buf, u...)
	}
	if len(d.buf) == 0 {
		return fmt.Errorf("empty access unit")
	}
	data, n := cBytes(d.buf)
	key := C.int(0)
	if keyframe {
		key = 1
	}
	return check(C.bauta_decoder_send(d.c, d.pkt, data, n, C.int64_t(tag), key), "decoding")
}

// Drain tells the decoder that nothing more comes: Receive gives what is left.
func (d *Decoder) Drain() { C.bauta_decoder_send(d.c, d.pkt, nil, 0, 0, 0) }

// Receive returns the next frame in presentation order, or nil when the
// decoder wants more input first or is drained. The caller closes it.
func (d *Decoder) Receive() (*Frame, error) {
	p := C.av_frame_alloc()
	ret := C.avcodec_receive_frame(d.c, p)
	if ret < 0 {
		C.av_frame_free(&p)
		if ret == C.bauta_eagain() || ret == C.bauta_eof() {
			return nil, nil
		}
		return nil, check(ret, "decoding")
	}
	f := newFrame(p)
	err := f.strip()
	if err == nil {
		err = d.bring(f)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// bring makes the frame planar 8-bit 4:2:0 in memory that can be read.
func (d *Decoder) bring(f *Frame) error {
	var ret C.int
	switch {
	case d.foreign:
		ret = C.bauta_frame_fetch(&f.p, &d.sws)
	case C.bauta_frame_is_planar(f.p) == 0:
		ret = C.bauta_frame_planar(&f.p, &d.sws, 0)
	default:
		return nil
	}
	f.shared = false
	return check(ret, "converting the pixel format")
}
