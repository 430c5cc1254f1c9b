package anonymize

import (
	"bytes"
	"image"
	"math/rand/v2"
	"testing"
)

// What the overlay hides is hidden while it is on, and as it was once it is off, frame
// after frame in the same memory.
func TestOverlayGivesTheFrameBack(t *testing.T) {
	size := image.Pt(320, 176)
	img := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	noise := rand.New(rand.NewPCG(4, 4))
	triangle := Polygon{{X: 0.1, Y: 0.1}, {X: 0.4, Y: 0.2}, {X: 0.2, Y: 0.7}}
	zones := []Zone{{Area: Touched(size, []Polygon{triangle}), Solid: true}}
	var on Overlay
	for n, c := range []struct {
		style Style
		faces []Face
		parts []image.Rectangle
		zones []Zone
	}{
		{Blur, []Face{{image.Rect(100, 40, 160, 120), 1}, {image.Rect(140, 60, 200, 130), 2}}, nil, nil},
		{Mosaic, []Face{{image.Rect(-20, -20, 40, 60), 1}}, []image.Rectangle{image.Rect(200, 20, 300, 90)}, zones},
		{Solid, nil, []image.Rectangle{image.Rect(300, 150, 400, 300)}, zones},
		{Blur, []Face{{image.Rect(10, 10, 20, 20), 1}}, nil, nil},
	} {
		for _, plane := range [][]byte{img.Y, img.Cb, img.Cr} {
			for i := range plane {
				plane[i] = byte(noise.UintN(256))
			}
		}
		y, cb, cr := bytes.Clone(img.Y), bytes.Clone(img.Cb), bytes.Clone(img.Cr)
		on.Begin(c.style, n, c.zones)
		on.Faces, on.Parts = append(on.Faces, c.faces...), append(on.Parts, c.parts...)
		on.PutOn(img)
		if bytes.Equal(img.Y, y) {
			t.Errorf("frame %d: nothing is hidden", n)
		}
		on.TakeOff(img)
		if !bytes.Equal(img.Y, y) || !bytes.Equal(img.Cb, cb) || !bytes.Equal(img.Cr, cr) {
			t.Errorf("frame %d is not what it was", n)
		}
	}
}
