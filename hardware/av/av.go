// Package av wraps what Bauta needs of libavcodec: decoding H.264, H.265 and
// Motion JPEG, encoding H.264, and bringing odd pixel formats to planar 4:2:0.
// It builds against FFmpeg 5.1 and 7.1 and never uses libavformat.
//
// Every value that holds C memory has a Close; Open counts those not closed.
package av

/*
#cgo pkg-config: libavcodec libavutil libswscale
#include <malloc.h>
#include "shim.h"
*/
import "C"

import (
	"fmt"
	"sync/atomic"
	"unsafe"
)

// Codec is a compression that Decoder takes.
type Codec uint8

// The codecs.
const (
	H264 Codec = iota + 1
	H265
	MJPEG
)

var codecIDs = map[Codec]C.enum_AVCodecID{H264: C.AV_CODEC_ID_H264, H265: C.AV_CODEC_ID_HEVC, MJPEG: C.AV_CODEC_ID_MJPEG}

// open counts live C handles, by kind.
var open struct{ frames, decoders, encoders, accelerators atomic.Int64 }

// Open returns how many frames, decoders and encoders are not closed yet;
// accelerators count as decoders. Tests hold it to zero at their end.
func Open() (frames, decoders, encoders int) {
	return int(open.frames.Load()), int(open.decoders.Load() + open.accelerators.Load()), int(open.encoders.Load())
}

// Version names the libavcodec in use.
func Version() string {
	v := uint(C.avcodec_version())
	return fmt.Sprintf("libavcodec %d.%d.%d", v>>16, v>>8&0xff, v&0xff)
}

// Error is a negative code from libavcodec.
type Error int

func (e Error) Error() string {
	var buf [128]C.char
	C.av_strerror(C.int(e), &buf[0], C.size_t(len(buf)))
	return C.GoString(&buf[0])
}

func check(ret C.int, what string) error {
	if ret >= 0 {
		return nil
	}
	return fmt.Errorf("%s: %w", what, Error(ret))
}

// Quiet sends libavcodec's own messages nowhere. A damaged camera stream
// writes thousands of them; the record of each access unit says the same.
func Quiet() { C.av_log_set_level(C.AV_LOG_QUIET) }

// largeBlock is the size in bytes from which the C library takes blocks straight from the system.
const largeBlock = 128 << 10

// ReturnMemory has the C library give frames and other large blocks back to the system
// as soon as they are closed, for the rest of the process. By itself it stops doing so
// after the first ones and keeps them in one heap for each thread: a third more memory in all.
func ReturnMemory() { C.mallopt(C.M_MMAP_THRESHOLD, largeBlock) }

func cBytes(b []byte) (*C.uint8_t, C.int) {
	return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(b))), C.int(len(b))
}
