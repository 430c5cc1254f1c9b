package detector

/*
#include "kernel.h"
*/
import "C"

import (
	"image"
	"math"

	"github.com/bauta-gateway/bauta/detector/track"
)

// Window is a part of a frame that may lie aslant, as a frame of its own.
type Window struct {
	// X and Y are its middle in the frame.
	X, Y float32
	// Scale is how many of the viewer's pixels make one of its own, StretchX and
	// StretchY how many of the viewer's make one of the frame's.
	Scale, StretchX, StretchY float64
	// Aslant says that the frame is turned by an eighth clockwise.
	Aslant bool
	Size   image.Point // even
}

// axes are the steps in the frame for one pixel to the right and one down.
func (w Window) axes() (rightX, rightY, downX, downY float64) {
	c, s := w.Scale, 0.0
	if w.Aslant {
		c, s = w.Scale*math.Sqrt2/2, w.Scale*math.Sqrt2/2
	}
	return c / w.StretchX, -s / w.StretchY, s / w.StretchX, c / w.StretchY
}

// Cut makes the window's frame in dst, which is made anew where its size does not
// fit, and returns it. What lies outside of the frame is grey.
func (w Window) Cut(dst, img *image.YCbCr) *image.YCbCr {
	if dst == nil || dst.Rect.Max != w.Size {
		dst = image.NewYCbCr(image.Rectangle{Max: w.Size}, image.YCbCrSubsampleRatio420)
	}
	planes, unpin := planesOf(img, false)
	defer unpin()
	rx, ry, dx, dy := w.axes()
	C.bauta_warp(&planes, &C.bauta_axes{x: C.double(w.X), y: C.double(w.Y), right_x: C.double(rx), right_y: C.double(ry), down_x: C.double(dx), down_y: C.double(dy)},
		bytePtr(dst.Y), bytePtr(dst.Cb), bytePtr(dst.Cr), C.int(dst.YStride), C.int(dst.CStride), C.int(w.Size.X), C.int(w.Size.Y))
	return dst
}

// Back maps a find in the window's frame to the frame.
func (w Window) Back(f Face) Face {
	x, y := f.Centre()
	u, v := float64(x)-float64(w.Size.X)/2, float64(y)-float64(w.Size.Y)/2
	rx, ry, dx, dy := w.axes()
	cx, cy := w.X+float32(u*rx+v*dx), w.Y+float32(u*ry+v*dy)
	width, height := f.W, f.H
	if w.Aslant {
		width = (f.W + f.H) / 2 // aslant it reaches about as far each way
		height = width
		f.Rotation = track.Eighth(int(f.Rotation) + 1)
	}
	sx, sy := float32(w.Scale/w.StretchX), float32(w.Scale/w.StretchY)
	width, height = width*sx, height*sy
	f.Reduced = track.Reduction{X: f.Reduced.X * sx, Y: f.Reduced.Y * sy}
	f.Box = Box{X: cx - width/2, Y: cy - height/2, W: width, H: height}
	return f
}
