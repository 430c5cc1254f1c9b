package detector

/*
#include <stdlib.h>
#include "shim.h"
*/
import "C"

import (
	"fmt"
	"image"
	"path/filepath"
	"unsafe"

	"github.com/bauta-gateway/bauta/detector/track"
)

// Reserve finds faces without the model: frontal and both profile cascades,
// and the heads of whole persons. It misses more than YuNet; those who use it
// mask wider and say that assurance is reduced. It belongs to one goroutine.
type Reserve struct {
	c   *C.bauta_reserve
	out []C.bauta_box
}

// The cascades' files, in Debian's package opencv-data.
const (
	frontalFile = "haarcascade_frontalface_alt2.xml"
	profileFile = "haarcascade_profileface.xml"
)

// NewReserve loads the cascades from folder.
func NewReserve(folder string) (*Reserve, error) {
	frontal, profile := C.CString(filepath.Join(folder, frontalFile)), C.CString(filepath.Join(folder, profileFile))
	defer C.free(unsafe.Pointer(frontal))
	defer C.free(unsafe.Pointer(profile))
	var msg errorText
	c := C.bauta_reserve_open(frontal, profile, msg.ptr(), msg.size())
	if c == nil {
		return nil, fmt.Errorf("%w; install the package opencv-data or fetch the model with `bauta models fetch`", msg.err("loading cascades from "+folder))
	}
	open.Add(1)
	return &Reserve{c: c, out: make([]C.bauta_box, 256)}, nil
}

// Close frees the cascades.
func (r *Reserve) Close() {
	if r.c == nil {
		return
	}
	C.bauta_reserve_close(r.c)
	r.c = nil
	open.Add(-1)
}

// ReserveKind is one of the reserve's detectors.
type ReserveKind int

// The reserve's detectors; People gives the head's region of each person.
const (
	Frontal ReserveKind = iota
	Profile
	People
)

// Detect looks with one detector at a reduced luma picture; faces come back
// in full picture pixels, scale times larger.
func (r *Reserve) Detect(luma *image.Gray, scale float32, kind ReserveKind) ([]Face, error) {
	var msg errorText
	n := C.bauta_reserve_run(r.c, bytePtr(luma.Pix), C.int(luma.Stride), C.int(luma.Rect.Dx()), C.int(luma.Rect.Dy()),
		C.int(kind), &r.out[0], C.int(len(r.out)), msg.ptr(), msg.size())
	if n < 0 {
		return nil, msg.err("looking for faces without the model")
	}
	faces := make([]Face, 0, n)
	for _, b := range r.out[:n] {
		box := Box{X: float32(b.x) * scale, Y: float32(b.y) * scale, W: float32(b.w) * scale, H: float32(b.h) * scale}
		if kind == People {
			box = headOf(box)
		}
		faces = append(faces, Face{Box: box, Score: float32(b.score)})
	}
	return track.Merge(faces), nil
}

// headOf is the part of a person's box where the head is: OpenCV's people
// detector frames a person with a margin of about a tenth on each side.
func headOf(p Box) Box {
	return Box{X: p.X + 0.28*p.W, Y: p.Y + 0.04*p.H, W: 0.44 * p.W, H: 0.2 * p.H}
}
