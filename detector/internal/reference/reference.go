// Package reference runs YuNet through OpenCV's DNN module: what the
// detector's own kernel is tested and timed against. Only tests use it.
package reference

/*
#cgo CXXFLAGS: -std=c++17 -O3 -Wall
#cgo CXXFLAGS: -I/usr/include/opencv4
#cgo LDFLAGS: -lopencv_core -lopencv_imgproc -lopencv_dnn
#include "reference.h"
*/
import "C"

import (
	"errors"
	"image"
	"math"
	"unsafe"

	"github.com/bauta-gateway/bauta/detector/track"
)

// Net is the network for one size of input. It belongs to one goroutine.
type Net struct {
	c    *C.reference
	size image.Point
}

// Open loads the model; both sides of size are multiples of 32.
func Open(onnx []byte, size image.Point) (*Net, error) {
	c := C.reference_open((*C.uint8_t)(unsafe.SliceData(onnx)), C.size_t(len(onnx)), C.int(size.X), C.int(size.Y))
	if c == nil {
		return nil, errors.New("OpenCV does not load the model")
	}
	return &Net{c, size}, nil
}

// Close frees the network.
func (n *Net) Close() { C.reference_close(n.c) }

// Scale brings part of a plane to the size of to, which is a part of a plane as well.
func Scale(from, to *image.Gray) {
	C.reference_scale((*C.uint8_t)(&from.Pix[0]), C.int(from.Stride), C.int(from.Rect.Dx()), C.int(from.Rect.Dy()),
		(*C.uint8_t)(&to.Pix[0]), C.int(to.Stride), C.int(to.Rect.Dx()), C.int(to.Rect.Dy()))
}

// SetInput takes planes of the input's size, turned to colours by BT.601.
func (n *Net) SetInput(y, cb, cr []byte, fullRange bool) {
	area := n.size.X * n.size.Y
	in := unsafe.Slice((*float32)(C.reference_input(n.c)), 3*area)
	gain, lift, cg := float32(255./219), float32(16), float32(255./224)
	if fullRange {
		gain, lift, cg = 1, 0, 1
	}
	for i := range area {
		l, u, v := (float32(y[i])-lift)*gain, (float32(cb[i])-128)*cg, (float32(cr[i])-128)*cg
		in[i] = max(0, min(255, l+1.772*u))
		in[area+i] = max(0, min(255, l-0.344136*u-0.714136*v))
		in[2*area+i] = max(0, min(255, l+1.402*v))
	}
}

// Output is one level's result: for each cell the class's and the object's
// score and four numbers of the box.
type Output struct{ Class, Object, Box []float32 }

// Forward runs the network. The outputs, for strides 8, 16 and 32, are valid until the next run.
func (n *Net) Forward() (out [3]Output, err error) {
	if C.reference_forward(n.c) < 0 {
		return out, errors.New("OpenCV does not run the model")
	}
	part := func(level, i int) []float32 {
		var count C.int
		p := C.reference_output(n.c, C.int(level), C.int(i), &count)
		return unsafe.Slice((*float32)(p), int(count))
	}
	for level := range out {
		out[level] = Output{part(level, 0), part(level, 1), part(level, 2)}
	}
	return out, nil
}

// Faces are the boxes in the input's pixels that score at least minScore, not merged.
func (n *Net) Faces(out [3]Output, minScore float32) []track.Face {
	var faces []track.Face
	for level, o := range out {
		stride := float32(int(8) << level)
		cols := n.size.X >> (3 + level)
		for i := range o.Class {
			s := min(o.Class[i], 1) * min(o.Object[i], 1)
			if s <= minScore*minScore {
				continue
			}
			q := o.Box[4*i:]
			w, h := exp(q[2])*stride, exp(q[3])*stride
			cx, cy := (float32(i%cols)+q[0])*stride, (float32(i/cols)+q[1])*stride
			faces = append(faces, track.Face{Box: track.Box{X: cx - w/2, Y: cy - h/2, W: w, H: h}, Score: float32(math.Sqrt(float64(s)))})
		}
	}
	return faces
}

func exp(x float32) float32 { return float32(math.Exp(float64(x))) }
