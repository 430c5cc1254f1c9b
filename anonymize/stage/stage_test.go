package stage

import (
	"image"
	"image/color"
	"testing"
)

// What is drawn is in the frame, where it was drawn, and what comes later covers it.
func TestFrameShowsWhatWasDrawn(t *testing.T) {
	s := New(320, 176)
	s.Fill(image.Rect(100, 40, 140, 80), color.Gray{200})
	patch := image.NewRGBA(image.Rect(0, 0, 10, 10))
	for i := range patch.Pix {
		patch.Pix[i] = 255
	}
	s.Paste(patch, image.Pt(120, 60))
	s.Marker(7, 240, 100, 36)
	img := s.Frame()
	if img.Rect != s.Bounds() {
		t.Fatalf("frame %v of a stage of %v", img.Rect, s.Bounds())
	}
	for at, want := range map[image.Point]uint8{
		{0, 0}: 120, {40, 0}: 134, {110, 50}: 200, {125, 65}: 255, {135, 75}: 200,
		{219, 100}: 235, {223, 100}: 20, {231, 91}: 235, // the white around it, its border, and a white cell
	} {
		if got := img.Y[img.YOffset(at.X, at.Y)]; got < want-1 || got > want && got-want > 1 {
			t.Errorf("luma at %v is %d, want %d", at, got, want)
		}
	}
}

func TestHeadsKeepTheirProportions(t *testing.T) {
	h := Head{Image: image.NewRGBA(image.Rect(0, 0, 80, 100))}
	h.Face.W, h.Face.H = 40, 50
	big := h.Sized(1.5)
	if big.Image.Rect.Size() != image.Pt(120, 150) || big.Face.W != 60 || big.Face.H != 75 {
		t.Errorf("%v, face %+v", big.Image.Rect, big.Face)
	}
}
