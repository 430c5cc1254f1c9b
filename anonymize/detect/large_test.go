package detect

import (
	"image"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/detector/track"
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

// A tile's box of a face is the better one, but not where all tiles cut it.
func TestFacesThatTilesCut(t *testing.T) {
	pic := image.Rect(0, 0, 7680, 2160)
	full := track.Face{Box: track.Box{X: 6756, Y: 1590, W: 59, H: 82}, Score: 0.86}
	for name, c := range map[string]struct {
		tiles []image.Rectangle
		found track.Box
		want  track.Box
	}{
		"cut by both":       {[]image.Rectangle{image.Rect(6400, 1344, 6880, 1632), image.Rect(6400, 1632, 6880, 1920)}, track.Box{X: 6760, Y: 1635, W: 57, H: 38}, full.Box},
		"whole in one":      {[]image.Rectangle{image.Rect(6400, 1344, 6880, 1632), image.Rect(6400, 1440, 6880, 1728)}, track.Box{X: 6760, Y: 1592, W: 57, H: 80}, track.Box{X: 6760, Y: 1592, W: 57, H: 80}},
		"hardly cut in one": {[]image.Rectangle{image.Rect(6400, 1600, 6880, 1888)}, track.Box{X: 6760, Y: 1604, W: 57, H: 68}, track.Box{X: 6760, Y: 1604, W: 57, H: 68}},
	} {
		got := mergeTiles([]track.Face{full}, []track.Face{{Box: c.found, Score: 0.7}}, func(f track.Face) bool { return cutByAll(c.tiles, f, pic) })
		if len(got) != 1 || got[0].Box != c.want || got[0].Score != 0.86 {
			t.Errorf("%s: %+v, want %v", name, got, c.want)
		}
	}
	edge := track.Face{Box: track.Box{X: 7640, Y: 100, W: 59, H: 82}}
	if cutByAll([]image.Rectangle{image.Rect(7200, 0, 7680, 288)}, edge, pic) {
		t.Error("the frame's own edge cuts a face: a tile there shows all that is to be seen")
	}
}
