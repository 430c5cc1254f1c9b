package pipeline

import (
	"bytes"
	"image"
	"image/jpeg"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// A snapshot is for drawing zones on: it need not be large, and it must not
// take the time of many frames.
const (
	snapshotWidth   = 960 // pixels at most
	snapshotQuality = 80
)

// RequestSnapshot has a JPEG of the next frame that leaves handed to send,
// masked as it leaves. Frames that show a face by consent are passed over:
// a consent to be seen is none to be kept in a file.
func (p *Pipeline) RequestSnapshot(send func(jpeg []byte)) { p.snapshot = send }

// takeSnapshot is called between the masking of a frame and its unmasking, for one
// that was encoded and leaves.
func (p *Pipeline) takeSnapshot(e *pendingFrame, r media.Record) {
	if p.snapshot == nil || r.Shown > 0 {
		return
	}
	var b bytes.Buffer
	small := shrink(e.frame.YCbCr(), snapshotWidth, e.frame.FullRange())
	if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: snapshotQuality}); err != nil {
		return // of a frame that is too large, which a small one is not
	}
	p.snapshot(b.Bytes())
	p.snapshot = nil
}

// shrink copies every n-th pixel, so that the result is at most width wide,
// in the full range of values that JPEG has.
func shrink(src *image.YCbCr, width int, full bool) *image.YCbCr {
	n := (src.Rect.Dx() + width - 1) / width
	w, h := src.Rect.Dx()/n&^1, src.Rect.Dy()/n&^1
	dst := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	luma, chroma := ranges(full)
	for y := range h {
		pick(dst.Y[y*dst.YStride:][:w], src.Y[y*n*src.YStride:], n, luma)
	}
	for y := range h / 2 {
		pick(dst.Cb[y*dst.CStride:][:w/2], src.Cb[y*n*src.CStride:], n, chroma)
		pick(dst.Cr[y*dst.CStride:][:w/2], src.Cr[y*n*src.CStride:], n, chroma)
	}
	return dst
}

func pick(dst, src []byte, n int, scale *[256]byte) {
	for x := range dst {
		dst[x] = scale[src[x*n]]
	}
}

// ranges stretch the values of video, 16 to 235 and 16 to 240 (ITU-R BT.601),
// to 0 to 255; full ones stay.
func ranges(full bool) (luma, chroma *[256]byte) {
	luma, chroma = new([256]byte), new([256]byte)
	for v := range 256 {
		luma[v], chroma[v] = byte(v), byte(v)
		if !full {
			luma[v] = byte(min(max((v-16)*255/219, 0), 255))
			chroma[v] = byte(min(max((v-128)*255/224+128, 0), 255))
		}
	}
	return luma, chroma
}
