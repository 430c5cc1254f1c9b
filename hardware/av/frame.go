package av

/*
#include "shim.h"
*/
import "C"

import (
	"image"
	"unsafe"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Frame is a decoded frame, planar 8-bit 4:2:0. Its planes may be shared
// with the decoder, which still predicts from them: write only after Own.
type Frame struct {
	p *C.AVFrame
	// shared is true while the decoder may hold references to the planes.
	shared bool
	// orientation is what came with the frame, said whether anything came.
	orientation media.Orientation
	said        bool
}

func newFrame(p *C.AVFrame) *Frame {
	open.frames.Add(1)
	return &Frame{p: p, shared: true}
}

// NewFrame makes a frame of a size in pixels, limited range, whose content
// is undefined.
func NewFrame(width, height int) (*Frame, error) {
	var p *C.AVFrame
	if err := check(C.bauta_frame_new(&p, C.int(width), C.int(height)), "making a picture"); err != nil {
		return nil, err
	}
	f := newFrame(p)
	f.shared = false
	return f, nil
}

// Close frees the frame; its YCbCr views are invalid from then on. Closing twice is fine.
func (f *Frame) Close() {
	if f.p == nil {
		return
	}
	C.av_frame_free(&f.p)
	open.frames.Add(-1)
}

// Tag is the number that Send was given with the access unit of this frame.
func (f *Frame) Tag() int64 { return int64(f.p.pts) }

// Size is the frame's size in pixels, cropping applied.
func (f *Frame) Size() (width, height int) { return int(f.p.width), int(f.p.height) }

// Corrupt says that libavcodec had to conceal parts of the frame.
func (f *Frame) Corrupt() bool {
	return f.p.decode_error_flags != 0 || f.p.flags&C.AV_FRAME_FLAG_CORRUPT != 0
}

// YCbCr views the planes without copying. The view is valid until Close or Own.
func (f *Frame) YCbCr() *image.YCbCr {
	w, h := f.Size()
	plane := func(i, rows int) ([]byte, int) {
		stride := int(f.p.linesize[i])
		return unsafe.Slice((*byte)(unsafe.Pointer(f.p.data[i])), stride*rows), stride
	}
	img := &image.YCbCr{SubsampleRatio: image.YCbCrSubsampleRatio420, Rect: image.Rect(0, 0, w, h)}
	img.Y, img.YStride = plane(0, h)
	img.Cb, img.CStride = plane(1, (h+1)/2)
	img.Cr, _ = plane(2, (h+1)/2)
	return img
}

// Own gives the frame planes of its own, so that they may be painted. The
// decoder's reference frames stay as they are.
func (f *Frame) Own() error {
	if !f.shared {
		return nil
	}
	var none *C.struct_SwsContext
	if err := check(C.bauta_frame_planar(&f.p, &none, 1), "copying a picture"); err != nil {
		return err
	}
	f.shared = false
	return nil
}

// maxStretch bounds a pixel's longer side to its shorter one. What is beyond counts as not said:
// no camera means it, and the supervisor refuses it.
const maxStretch = 16

// Stretch is a pixel's width to its height, or 0 where the stream does not say.
func (f *Frame) Stretch() float64 {
	num, den := int(f.p.sample_aspect_ratio.num), int(f.p.sample_aspect_ratio.den)
	if num <= 0 || den <= 0 {
		return 0
	}
	return float64(num) / float64(den)
}

// Orientation is how the frame is shown by what came with it: a message in H.264 and H.265,
// Exif in JPEG. Where nothing came, said is false.
func (f *Frame) Orientation() (o media.Orientation, said bool) { return f.orientation, f.said }

// strip takes all from the frame that is not pixels. The orientation is kept as one of
// eight, nothing else: captions, timecodes, user data, clip grain and the like must not reach
// an encoder, which would write them into the masked stream.
func (f *Frame) strip() error {
	if s := f.Stretch(); s > maxStretch || s < 1./maxStretch {
		f.p.sample_aspect_ratio = C.AVRational{}
	}
	var m [9]C.int32_t
	ret := C.bauta_frame_strip(f.p, &m[0])
	if err := check(ret, "taking side data from a picture"); err != nil || ret == 0 {
		return err
	}
	f.said = true
	f.orientation.Turn = media.TurnOf(float64(m[1]), float64(m[4]))
	f.orientation.Mirrored = float64(m[0])*float64(m[4]) < float64(m[1])*float64(m[3])
	return nil
}

// FullRange says that luma reaches from 0 to 255 instead of 16 to 235.
func (f *Frame) FullRange() bool { return formatOf(f).full }
