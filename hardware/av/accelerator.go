package av

/*
#include "accelerator.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

// Accelerator is a chip's own unit for video that libavcodec can use. It
// belongs to one goroutine and outlives its decoders and encoders.
type Accelerator struct {
	name   string
	how    method
	device *C.AVBufferRef // nil where its codecs open their devices themselves
}

// method is how libavcodec reaches an accelerator.
type method struct {
	// device is the type of the context that its codecs share; empty without one.
	device string
	// byPath: the device is chosen by its file.
	byPath bool
	// decoders by name; empty with a device: libavcodec's own, whose work is
	// done on the device.
	decoders map[Codec]string
	// output is the pixel format to ask the decoder for; empty: what it gives.
	output string
	// encoder by name; empty: none that could be opened once the worker is locked down.
	encoder string
	options map[string]string
	// steady: the encoder cannot change its bitrate while it runs.
	steady bool
}

var methods = map[string]method{
	"vaapi": {device: "vaapi", byPath: true, output: "vaapi", encoder: "h264_vaapi", steady: true,
		options: map[string]string{"async_depth": "1", "rc_mode": "VBR", "sei": "0"}},
	"nvidia": {device: "cuda", decoders: map[Codec]string{H264: "h264_cuvid", H265: "hevc_cuvid"}, output: "nv12",
		encoder: "h264_nvenc", options: map[string]string{"preset": "p1", "tune": "ull", "zerolatency": "1", "delay": "0", "forced-idr": "1", "a53cc": "0", "s12m_tc": "0", "udu_sei": "0"}},
	"jetson":  {decoders: map[Codec]string{H264: "h264_nvv4l2dec", H265: "hevc_nvv4l2dec"}},
	"rkmpp":   {decoders: map[Codec]string{H264: "h264_rkmpp", H265: "hevc_rkmpp"}},
	"v4l2m2m": {decoders: map[Codec]string{H264: "h264_v4l2m2m", H265: "hevc_v4l2m2m"}},
}

// ErrNoCodec means that this build of libavcodec does not have what an
// accelerator needs.
var ErrNoCodec = errors.New("this libavcodec has no")

// OpenAccelerator opens the accelerator of a name. device is the path of its
// device file where there may be several to choose from; empty leaves it to libavutil.
func OpenAccelerator(name, device string) (*Accelerator, error) {
	how, known := methods[name]
	if !known {
		return nil, fmt.Errorf("no accelerator is named %q", name)
	}
	if d := how.decoders[H264]; d != "" && !hasDecoder(d) {
		return nil, fmt.Errorf("%w %s", ErrNoCodec, d)
	}
	a := &Accelerator{name: name, how: how}
	if how.device != "" {
		if !how.byPath {
			device = ""
		}
		kind, path := C.CString(how.device), C.CString(device)
		defer C.free(unsafe.Pointer(kind))
		defer C.free(unsafe.Pointer(path))
		if err := check(C.bauta_device_open(&a.device, kind, path), "opening the device of "+name); err != nil {
			return nil, err
		}
	}
	open.accelerators.Add(1)
	return a, nil
}

func hasDecoder(name string) bool {
	n := C.CString(name)
	defer C.free(unsafe.Pointer(n))
	return C.avcodec_find_decoder_by_name(n) != nil
}

// Name is what OpenAccelerator was given.
func (a *Accelerator) Name() string { return a.name }

// Close lets the device go.
func (a *Accelerator) Close() {
	C.av_buffer_unref(&a.device)
	open.accelerators.Add(-1)
}

// Decodes reports whether it may decode this codec.
func (a *Accelerator) Decodes(codec Codec) bool {
	name := a.how.decoders[codec]
	if len(a.how.decoders) > 0 {
		return name != "" && hasDecoder(name)
	}
	return codec == H264 || codec == H265
}

// Encodes reports whether it may encode H.264.
func (a *Accelerator) Encodes() bool {
	if a.how.encoder == "" {
		return false
	}
	n := C.CString(a.how.encoder)
	defer C.free(unsafe.Pointer(n))
	return C.avcodec_find_encoder_by_name(n) != nil
}

// NewDecoder opens a decoder that does its work there. Its frames are copied
// into memory of their own: what it gives may be the very frames that
// it predicts from, and it has few of them.
func (a *Accelerator) NewDecoder(codec Codec) (*Decoder, error) {
	d := &Decoder{foreign: true}
	name, output := C.CString(a.how.decoders[codec]), C.CString(a.how.output)
	defer C.free(unsafe.Pointer(name))
	defer C.free(unsafe.Pointer(output))
	if err := check(C.bauta_accelerated_decoder(&d.c, codecIDs[codec], name, a.device, output), "opening the decoder of "+a.name); err != nil {
		return nil, err
	}
	d.begin()
	return d, nil
}

// NewEncoder opens an encoder that does its work there, for frames like first.
func (a *Accelerator) NewEncoder(first *Frame, cfg EncoderConfig) (*Encoder, error) {
	var options *C.AVDictionary
	defer C.av_dict_free(&options)
	for k, v := range a.how.options {
		key, value := C.CString(k), C.CString(v)
		C.av_dict_set(&options, key, value, 0)
		C.free(unsafe.Pointer(key))
		C.free(unsafe.Pointer(value))
	}
	name := C.CString(a.how.encoder)
	defer C.free(unsafe.Pointer(name))
	e, c := describe(first, cfg)
	e.foreign, e.steady = true, a.how.steady
	if err := check(C.bauta_accelerated_encoder(&e.c, name, &c, a.device, &options), "opening the encoder of "+a.name); err != nil {
		return nil, err
	}
	e.begin()
	return e, nil
}
