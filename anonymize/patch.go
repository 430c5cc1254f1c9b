package anonymize

import (
	"image"
	"math"
)

// Patch is the pixels of a part of a frame, to be put back after a mask was
// painted over them.
type Patch struct {
	rect  image.Rectangle
	bytes [3][]byte
}

// Reach is the part of a frame that the mask of a face on r may change.
func Reach(img *image.YCbCr, r image.Rectangle) image.Rectangle {
	// The ellipse on chroma is larger by two pixels of luma, and three are for rounding.
	edge := int(math.Ceil(softEdge*float64(max(r.Dx(), r.Dy()))/2)) + 5
	return r.Inset(-edge).Intersect(img.Rect)
}

// Cut copies the pixels of r, which lies inside of the frame, reusing the
// memory of old.
func Cut(img *image.YCbCr, r image.Rectangle, old Patch) Patch {
	p := Patch{rect: r, bytes: old.bytes}
	for i, pl := range planes(img) {
		b := pl.scale(r).Intersect(pl.bounds)
		p.bytes[i] = p.bytes[i][:0]
		for y := b.Min.Y; y < b.Max.Y; y++ {
			p.bytes[i] = append(p.bytes[i], pl.pix[y*pl.stride+b.Min.X:y*pl.stride+b.Max.X]...)
		}
	}
	return p
}

// Restore puts the pixels back. Patches that overlap go back in reverse order.
func (p Patch) Restore(img *image.YCbCr) {
	for i, pl := range planes(img) {
		b, from := pl.scale(p.rect).Intersect(pl.bounds), p.bytes[i]
		for y := b.Min.Y; y < b.Max.Y; y++ {
			from = from[copy(pl.pix[y*pl.stride+b.Min.X:y*pl.stride+b.Max.X], from):]
		}
	}
}
