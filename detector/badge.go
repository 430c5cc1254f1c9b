package detector

/*
#include "badge.h"
*/
import "C"

import (
	"image"
	"runtime"

	"github.com/bauta-gateway/bauta/config/consent/marker"
	"github.com/bauta-gateway/bauta/detector/bind"
)

// MinMarker is the least side in pixels, after reduction, at which a marker is read.
const MinMarker = 12

const maxMarkers = 32

// Badges looks for badge markers (ArUco's DICT_4X4_250, numbers 1 to 249) in a
// part of a picture's luma, reduced factor times each way first. The corners are in
// pixels of the picture. A part outside of the picture is left out.
func Badges(img *image.YCbCr, part image.Rectangle, factor int) ([]bind.Marker, error) {
	part = part.Intersect(img.Rect)
	if min(part.Dx(), part.Dy()) < 2*MinMarker*factor {
		return nil, nil
	}
	var pin runtime.Pinner
	defer pin.Unpin()
	luma := img.Y[part.Min.Y*img.YStride+part.Min.X:]
	pin.Pin(&luma[0])
	var out [maxMarkers]C.bauta_marker
	var msg errorText
	n := C.bauta_badges(bytePtr(luma), C.int(img.YStride), C.int(part.Dx()), C.int(part.Dy()), C.int(factor),
		(*C.uint16_t)(&marker.Patterns[0]), C.int(len(marker.Patterns)), &out[0], maxMarkers, msg.ptr(), msg.size())
	if n < 0 {
		return nil, msg.err("looking for badges")
	}
	markers := make([]bind.Marker, n)
	for i, m := range out[:n] {
		markers[i].ID = int(m.id)
		for k := range m.x {
			// The middle of a reduced pixel is not its corner.
			markers[i].Corners[k] = bind.Point{
				X: float32(part.Min.X) + (float32(m.x[k])+0.5)*float32(factor), Y: float32(part.Min.Y) + (float32(m.y[k])+0.5)*float32(factor),
			}
		}
	}
	return markers, nil
}
