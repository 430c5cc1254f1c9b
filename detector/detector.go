// Package detector finds faces: with YuNet through a kernel made for that one
// network, whose weights are part of the program. It also holds the
// small-frame arithmetic (reduction, motion, matching) that decides what to search.
//
// OpenCV is called through gocv. The Makefile builds it with gocv's tag customenv and
// lets the linker drop what nobody calls: the worker then loads OpenCV's core and imgproc
// alone. A plain go build works as well, and loads all of OpenCV.
//
// In: planes of one frame. Out: finds with their scores, and badges with their numbers. A
// YuNet belongs to one goroutine at a time; the rest has no state. It never keeps or changes
// a frame, and knows nothing of what came before.
package detector

/*
#cgo CXXFLAGS: -std=c++17 -O3 -Wall
#include "kernel.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"image"
	"runtime"
	"sync/atomic"
	"unsafe"

	"gocv.io/x/gocv"

	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/detector/yunet"
)

// Box and Face are the tracker's: it is pure Go, so it owns them.
type (
	Box  = track.Box
	Face = track.Face
)

var open atomic.Int64

// Open returns how many detectors are not closed yet; tests hold it to zero.
func Open() int { return int(open.Load()) }

// Version names the OpenCV in use.
func Version() string { return "OpenCV " + gocv.OpenCVVersion() }

// Tile is a part of the frame and where it goes in a network's input, which
// is how several tiles share one run.
type Tile struct {
	Src, Dst image.Rectangle
	// Rotation is how many quarter rotations clockwise, 0 to 3, bring Src upright: the network
	// sees it turned, and what it finds there lies in the frame as it is. Mirror
	// images need nothing: the network finds faces in them as well.
	Rotation int
}

// YuNet finds faces from about 10 to 300 pixels wide in its input. It belongs
// to one goroutine.
type YuNet struct {
	net  *C.bauta_net
	size image.Point
	out  []C.bauta_box
}

const maxCandidates = 4096

// NewYuNet opens the network for inputs of the given size, whose sides must be
// multiples of 32.
func NewYuNet(size image.Point) (*YuNet, error) {
	if err := checkInput(size); err != nil {
		return nil, err
	}
	weights, err := yunet.Weights()
	if err != nil {
		return nil, err
	}
	net := C.bauta_net_open((*C.float)(unsafe.SliceData(weights)), C.size_t(len(weights)), C.int(size.X), C.int(size.Y))
	if net == nil {
		return nil, fmt.Errorf("opening the face model: no memory for an input of %v", size)
	}
	open.Add(1)
	return &YuNet{net: net, size: size, out: make([]C.bauta_box, maxCandidates)}, nil
}

func checkInput(size image.Point) error {
	if size.X <= 0 || size.Y <= 0 || size.X%32 != 0 || size.Y%32 != 0 {
		return fmt.Errorf("network input %v: both sides must be multiples of 32", size)
	}
	return nil
}

// Resize brings the input to another size, whose sides must be multiples of 32. It costs
// little: all sizes share the memory of the largest so far. After an error the size is what it was.
func (y *YuNet) Resize(size image.Point) error {
	if err := checkInput(size); err != nil {
		return err
	}
	if C.bauta_net_resize(y.net, C.int(size.X), C.int(size.Y)) != 0 {
		return fmt.Errorf("no memory for a network input of %v", size)
	}
	y.size = size
	return nil
}

// Close frees the network.
func (y *YuNet) Close() {
	if y.net == nil {
		return
	}
	C.bauta_net_close(y.net)
	y.net = nil
	open.Add(-1)
}

// Size is the network's input size.
func (y *YuNet) Size() image.Point { return y.size }

// Detect runs the network once over the tiles and returns the faces that
// score at least minScore, overlapping finds merged.
func (y *YuNet) Detect(img *image.YCbCr, fullRange bool, tiles []Tile, minScore float32) ([]Face, error) {
	faces, err := y.candidates(img, fullRange, tiles, minScore)
	return track.Merge(faces), err
}

// candidates are all finds, also those that overlap.
func (y *YuNet) candidates(img *image.YCbCr, fullRange bool, tiles []Tile, minScore float32) ([]Face, error) {
	ct := make([]C.bauta_tile, 0, len(tiles))
	for _, t := range tiles {
		if t.Src.Empty() || t.Dst.Empty() || !t.Src.In(img.Rect) || !t.Dst.In(image.Rectangle{Max: y.size}) {
			return nil, fmt.Errorf("tile %v to %v lies outside the picture %v or the input %v", t.Src, t.Dst, img.Rect, y.size)
		}
		if t.Rotation < 0 || t.Rotation > 3 {
			return nil, fmt.Errorf("tile %v is to be rotated %d times: 0 to 3 quarter turns are possible", t.Src, t.Rotation)
		}
		ct = append(ct, C.bauta_tile{
			sx: C.int(t.Src.Min.X), sy: C.int(t.Src.Min.Y), sw: C.int(t.Src.Dx()), sh: C.int(t.Src.Dy()),
			dx: C.int(t.Dst.Min.X), dy: C.int(t.Dst.Min.Y), dw: C.int(t.Dst.Dx()), dh: C.int(t.Dst.Dy()), rotation: C.int(t.Rotation),
		})
	}
	if len(ct) == 0 {
		return nil, nil
	}
	planes, unpin := planesOf(img, fullRange)
	defer unpin()
	n := C.bauta_net_run(y.net, &planes, &ct[0], C.int(len(ct)), C.float(minScore), &y.out[0], C.int(len(y.out)))
	if n < 0 {
		return nil, errors.New("looking for faces: no memory to bring the picture to size")
	}
	var faces []Face
	for _, b := range y.out[:n] {
		found := Face{Box: Box{X: float32(b.x), Y: float32(b.y), W: float32(b.w), H: float32(b.h)}, Score: float32(b.score)}
		if f, ok := backFrom(tiles, found); ok {
			faces = append(faces, f)
		}
	}
	return faces, nil
}

// backFrom maps a find in the network's input to the frame by the tile that
// holds its centre.
func backFrom(tiles []Tile, f Face) (Face, bool) {
	b := f.Box
	centre := image.Pt(int(b.X+b.W/2), int(b.Y+b.H/2))
	for _, t := range tiles {
		if centre.In(t.Dst) {
			return Face{Box: t.back(b), Score: f.Score, Rotation: track.Quarter(t.Rotation), Reduced: t.reduction()}, true
		}
	}
	return Face{}, false
}

// back maps a box in the network's input to the frame.
func (t Tile) back(b Box) Box {
	w, h := float32(t.Dst.Dx()), float32(t.Dst.Dy())
	b = b.Move(-float32(t.Dst.Min.X), -float32(t.Dst.Min.Y))
	switch t.Rotation {
	case 1:
		b = Box{X: b.Y, Y: w - b.X - b.W, W: b.H, H: b.W}
	case 2:
		b = Box{X: w - b.X - b.W, Y: h - b.Y - b.H, W: b.W, H: b.H}
	case 3:
		b = Box{X: h - b.Y - b.H, Y: b.X, W: b.H, H: b.W}
	}
	r := t.reduction()
	return Box{X: float32(t.Src.Min.X) + b.X*r.X, Y: float32(t.Src.Min.Y) + b.Y*r.Y, W: b.W * r.X, H: b.H * r.Y}
}

func (t Tile) reduction() track.Reduction {
	w, h := t.Dst.Dx(), t.Dst.Dy()
	if t.Rotation%2 == 1 {
		w, h = h, w
	}
	return track.Reduction{X: float32(t.Src.Dx()) / float32(w), Y: float32(t.Src.Dy()) / float32(h)}
}

// planesOf points C at a frame's planes; unpin must be called after the call into C.
func planesOf(img *image.YCbCr, fullRange bool) (C.bauta_planes, func()) {
	var pin runtime.Pinner
	for _, p := range [][]byte{img.Y, img.Cb, img.Cr} {
		pin.Pin(unsafe.SliceData(p))
	}
	p := C.bauta_planes{
		y: bytePtr(img.Y), cb: bytePtr(img.Cb), cr: bytePtr(img.Cr),
		y_stride: C.int(img.YStride), c_stride: C.int(img.CStride),
		width: C.int(img.Rect.Dx()), height: C.int(img.Rect.Dy()),
	}
	if fullRange {
		p.full_range = 1
	}
	return p, pin.Unpin
}

func bytePtr(b []byte) *C.uint8_t { return (*C.uint8_t)(unsafe.SliceData(b)) }
