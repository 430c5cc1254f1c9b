package slate

import "image"

// frame is a frame's luma, padded to whole macroblocks. Chroma is grey all
// over and never stored: every chroma prediction of grey is grey, so it costs
// no bits.
type frame struct {
	mbw, mbh int
	stride   int
	pix      []byte
}

const greyChroma = 128

func newFrame(width, height int) *frame {
	f := &frame{mbw: macroblocks(width), mbh: macroblocks(height)}
	f.stride = f.mbw * 16
	f.pix = make([]byte, f.stride*f.mbh*16)
	return f
}

// gray views the frame, padding included.
func (f *frame) gray() *image.Gray {
	return &image.Gray{Pix: f.pix, Stride: f.stride, Rect: image.Rect(0, 0, f.stride, f.mbh*16)}
}

// row returns n pixels from x, y to the right.
func (f *frame) row(x, y, n int) []byte {
	at := y*f.stride + x
	return f.pix[at : at+n]
}

// sameMacroblock reports whether both frames agree in the macroblock mx, my.
func (f *frame) sameMacroblock(o *frame, mx, my int) bool {
	for y := my * 16; y < my*16+16; y++ {
		if string(f.row(mx*16, y, 16)) != string(o.row(mx*16, y, 16)) {
			return false
		}
	}
	return true
}
