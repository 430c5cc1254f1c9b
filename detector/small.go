package detector

/*
#include "kernel.h"
*/
import "C"

import "image"

// Reduce averages f x f blocks of a frame's luma into dst, which is made
// anew where its size does not fit, and returns it.
func Reduce(dst *image.Gray, img *image.YCbCr, f int) *image.Gray {
	w, h := img.Rect.Dx()/f, img.Rect.Dy()/f
	if dst == nil || dst.Rect.Dx() != w || dst.Rect.Dy() != h {
		dst = image.NewGray(image.Rect(0, 0, w, h))
	}
	C.bauta_reduce(bytePtr(img.Y), C.int(img.YStride), C.int(w*f), C.int(h*f), C.int(f), bytePtr(dst.Pix), C.int(dst.Stride))
	return dst
}

// Cells returns the sums of absolute differences of a and b, which have one
// size, over blocks of cell x cell pixels, row by row; out is reused where large enough.
// Pixels right and below of the last whole block do not count.
func Cells(a, b *image.Gray, cell int, out []uint32) []uint32 {
	n := (a.Rect.Dx() / cell) * (a.Rect.Dy() / cell)
	if cap(out) < n {
		out = make([]uint32, n)
	}
	out = out[:n]
	if n > 0 {
		C.bauta_cells(bytePtr(a.Pix), bytePtr(b.Pix), C.int(a.Stride), C.int(a.Rect.Dx()), C.int(a.Rect.Dy()), C.int(cell), (*C.uint32_t)(&out[0]))
	}
	return out
}

// Match looks in b, within reach pixels of guess, for the part of a that
// template names, and returns the top left corner of the best place and the mean absolute
// difference of the pixels there. The template is cut to the frame; an empty one gives 255.
func Match(a, b *image.Gray, template image.Rectangle, guess image.Point, reach int) (image.Point, float32) {
	cut := template.Intersect(a.Rect)
	if cut.Dx() < 4 || cut.Dy() < 4 {
		return guess, 255
	}
	guess = guess.Add(cut.Min.Sub(template.Min))
	var x, y C.int
	diff := C.bauta_match(bytePtr(a.Pix), bytePtr(b.Pix), C.int(a.Stride), C.int(a.Rect.Dx()), C.int(a.Rect.Dy()),
		C.int(cut.Min.X), C.int(cut.Min.Y), C.int(cut.Dx()), C.int(cut.Dy()), C.int(guess.X), C.int(guess.Y), C.int(reach), &x, &y)
	return image.Pt(int(x), int(y)).Sub(cut.Min.Sub(template.Min)), float32(diff)
}
