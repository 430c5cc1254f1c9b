package detect

import (
	"image"
	"slices"
	"testing"
)

// All of a first frame is covered with tiles, whatever its shape.
func TestTilesCoverLargeFrames(t *testing.T) {
	for _, size := range []image.Point{{1920, 1080}, {3840, 2160}, {4608, 1728}, {7680, 2160}, {7680, 4320}, {2160, 7680}} {
		pic := image.Rectangle{Max: size}
		list := everywhere(pic, asSeen.area(), asSeen)
		for y := 8; y < size.Y; y += 16 {
			for x := 8; x < size.X; x += 16 {
				if !slices.ContainsFunc(list, func(r image.Rectangle) bool { return image.Pt(x, y).In(r) }) {
					t.Fatalf("%v: %d,%d is in none of %d tiles", size, x, y, len(list))
				}
			}
		}
	}
}

// A large frame is reduced no more for its full view than 1080p is, and what is searched of it
// grows with its pixels; for others nothing changes.
func TestLargeFramesAreSearchedAsOthers(t *testing.T) {
	for _, c := range []struct {
		w, h, side int
		cheap      bool
		times      float64
	}{
		{1920, 1080, 640, false, 1}, {3840, 2160, 640, false, 1}, {4096, 4096, 640, false, 1},
		{4608, 1728, 1536, false, 3.84}, {7680, 2160, 2560, false, 8}, {2160, 7680, 2560, false, 8}, {7680, 2160, 1280, true, 8}, {7680, 96, 2560, false, 1},
	} {
		v := View{Frame: &image.YCbCr{Rect: image.Rect(0, 0, c.w, c.h)}, Cheap: c.cheap}
		if got := v.side(fullView); got != c.side {
			t.Errorf("%dx%d: the view is %d long, want %d", c.w, c.h, got, c.side)
		}
		if got := v.times(); got < c.times-0.01 || got > c.times+0.01 {
			t.Errorf("%dx%d: %v times as much, want %v", c.w, c.h, got, c.times)
		}
	}
}
