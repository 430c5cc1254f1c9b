package icon

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// The mask is white on the colour, its eyes and the edge are not.
func TestIcon(t *testing.T) {
	svg, err := os.ReadFile(filepath.Join("..", "web", "static", "icon.svg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, side := range []int{192, 512} {
		b, err := PNG(svg, side)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil || img.Bounds().Dx() != side {
			t.Fatalf("%v, %v", img.Bounds(), err)
		}
		if dir := os.Getenv("BAUTA_SCREENSHOTS"); dir != "" {
			_ = os.WriteFile(filepath.Join(dir, "icon.png"), b, 0o644)
		}
		for what, c := range map[string]struct {
			x, y  float64 // of the view box
			white bool
		}{"forehead": {16, 6, true}, "left eye": {11.5, 13.3, false}, "right eye": {20.5, 13.3, false}, "chin": {16, 27, true}, "beside": {2, 28, false}} {
			px := int((.19 + share*c.x/box) * float64(side))
			py := int((.19 + share*c.y/box) * float64(side))
			r, _, _, _ := img.At(px, py).RGBA()
			if white := r > 0xf000; white != c.white {
				t.Errorf("%d pixels: %s is white: %v", side, what, white)
			}
		}
	}
	if _, err := PNG([]byte("<svg/>"), 192); err == nil {
		t.Error("an icon of nothing")
	}
}
