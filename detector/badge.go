package detector

import (
	"encoding/binary"
	"fmt"
	"image"
	"runtime"
	"slices"
	"sync"

	"gocv.io/x/gocv"

	"github.com/bauta-gateway/bauta/config/consent/marker"
	"github.com/bauta-gateway/bauta/detector/bind"
)

// OpenCV has a detector of its own for these markers, but Debian 12 ships it in a
// Package that brings Qt, GDAL and database clients along (133 packages, 199 MB), and Debian 13
// has another interface. This one needs imgproc only, is the same on both, and is
// stricter: no bit is corrected, and the white around the marker must be there.

const (
	// MinMarker is the least side in pixels, after reduction, at which a marker
	// is read: two for each cell.
	MinMarker = 12
	// maxMarkers bounds what one call returns.
	maxMarkers = 32
	// A pixel counts as dark where it is so many steps below the mean of the square
	// around it, which is wider than the black border of the largest marker that the
	// caller looks for.
	darkWindow, darkStep = 31, 9
)

// Badges looks for badge markers (ArUco's DICT_4X4_250, numbers 1 to 249) in a
// part of a frame's luma, reduced factor times each way first. The corners are in
// pixels of the frame. A part outside of the frame is left out.
func Badges(img *image.YCbCr, part image.Rectangle, factor int) ([]bind.Marker, error) {
	part = part.Intersect(img.Rect)
	if min(part.Dx(), part.Dy()) < 2*MinMarker*factor {
		return nil, nil
	}
	luma := Reduce(nil, img.SubImage(part).(*image.YCbCr), factor)
	var pin runtime.Pinner // the Mat points to these bytes while it lives
	defer pin.Unpin()
	pin.Pin(&luma.Pix[0])
	view, err := gocv.NewMatFromBytes(luma.Rect.Dy(), luma.Rect.Dx(), gocv.MatTypeCV8UC1, luma.Pix)
	if err != nil {
		return nil, fmt.Errorf("looking for badges: %w", err)
	}
	defer view.Close()
	markers := searchMarkers(view)
	for i := range markers {
		for k, c := range markers[i].Corners {
			// The middle of a reduced pixel is not its corner.
			markers[i].Corners[k] = bind.Point{
				X: float32(part.Min.X) + (c.X+0.5)*float32(factor), Y: float32(part.Min.Y) + (c.Y+0.5)*float32(factor),
			}
		}
	}
	return markers, nil
}

// searchMarkers returns the markers in a luma frame, the corners in its pixels.
// The arguments of each call into OpenCV are such that it cannot throw: gocv turns an
// exception into the end of the process.
func searchMarkers(luma gocv.Mat) []bind.Marker {
	dark, tree := gocv.NewMat(), gocv.NewMat()
	defer dark.Close()
	defer tree.Close()
	gocv.AdaptiveThreshold(luma, &dark, 255, gocv.AdaptiveThresholdMean, gocv.ThresholdBinaryInv, darkWindow, darkStep)
	contours := gocv.FindContoursWithParams(dark, &tree, gocv.RetrievalCComp, gocv.ChainApproxNone)
	defer contours.Close()
	holes := holesOf(tree)
	var found []bind.Marker
	for i := range min(contours.Size(), len(holes)) {
		if holes[i] {
			continue
		}
		m, ok := readMarker(luma, contours.At(i))
		// A blob may be found more than once where its edge touches itself.
		if ok && len(found) < maxMarkers && !slices.ContainsFunc(found, m.Same) {
			found = append(found, m)
		}
	}
	return found
}

// holesOf reports of each contour whether it bounds a hole in a dark blob. OpenCV gives four
// numbers for each: the next and the one before on its level, the first child, the
// parent; in two levels only holes have a parent, others -1.
func holesOf(tree gocv.Mat) []bool {
	if tree.Empty() {
		return nil
	}
	b := tree.ToBytes()
	holes := make([]bool, len(b)/16)
	for i := range holes {
		holes[i] = int32(binary.NativeEndian.Uint32(b[16*i+12:])) >= 0
	}
	return holes
}

// readMarker reads the marker whose outer edge a contour may be; ok is false where there is none.
func readMarker(luma gocv.Mat, contour gocv.PointVector) (m bind.Marker, ok bool) {
	q, ok := quadOf(contour)
	if !ok {
		return m, false
	}
	q = q.widened()
	bits, ok := readCells(luma, q)
	if !ok {
		return m, false
	}
	found, ok := numbers()[bits]
	m.ID = found.id
	for i := range m.Corners {
		m.Corners[i] = q[(i+found.rotations)%4]
	}
	return m, ok
}

// number is a marker's, and how many quarters its bits were turned to the left.
type number struct{ id, rotations int }

// numbers knows the markers by their bits, in each of their four positions.
// Number 0 is not for badges: what is forgotten to be set is 0.
var numbers = sync.OnceValue(func() map[uint16]number {
	all := make(map[uint16]number, 4*len(marker.Patterns))
	for id, bits := range marker.Patterns[1:] {
		for rotations := range 4 {
			all[bits] = number{id + 1, (4 - rotations) % 4}
			bits = rotated(bits)
		}
	}
	return all
})

// rotated are the bits of the marker turned a quarter to the left.
func rotated(bits uint16) (out uint16) {
	for j := range 4 {
		for i := range 4 {
			out = out<<1 | bits>>(15-(4*i+3-j))&1
		}
	}
	return out
}
