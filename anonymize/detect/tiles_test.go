package detect

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/detector/track"
)

func TestFit(t *testing.T) {
	for _, c := range []struct{ w, h, inW, inH, useW, useH int }{
		{1920, 1080, 640, 352, 640, 352}, {1280, 720, 640, 352, 640, 352}, {640, 480, 640, 480, 640, 480},
		{320, 180, 320, 192, 320, 180}, {1080, 1920, 352, 640, 352, 640}, {704, 576, 640, 512, 640, 512},
	} {
		in, dst := fit(image.Rect(0, 0, c.w, c.h), fullView)
		if in != image.Pt(c.inW, c.inH) || dst != image.Rect(0, 0, c.useW, c.useH) {
			t.Errorf("%dx%d: input %v, used %v", c.w, c.h, in, dst)
		}
	}
}

// Tiles must reach every part of a still frame in time.
func TestTilesReachEveryPart(t *testing.T) {
	c := newTileScheduler()
	img := image.NewYCbCr(image.Rect(0, 0, 1920, 1080), image.YCbCrSubsampleRatio420)
	const cols, rows = 120, 67
	seen := make([]bool, cols*rows)
	for n := range 4000 {
		c.replenish(View{Since: 4, FPS: 25})
		for _, r := range c.choose(View{Frame: img, Scale: 4, N: 4 * n, Moving: make([]bool, cols*rows), MovingWidth: cols}, asSeen) {
			if !r.In(img.Rect) || r.Size() != tileArea {
				t.Fatalf("window %v", r)
			}
			c.each(r, 16, func(i int) { seen[i] = true })
		}
	}
	missed := 0
	for _, s := range seen {
		if !s {
			missed++
		}
	}
	if missed > 2*cols { // cells cut by the frame's edge
		t.Errorf("%d of %d cells were never in a tile", missed, len(seen))
	}
}

// The window that is worth most is that of a count of its cells one by one.
func TestBestWindowIsWorthMost(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	pic := image.Rect(0, 0, 1280, 720)
	const cols, rows, side = 106, 60, 12
	for n := range 20 {
		c := newTileScheduler()
		v := View{N: 500 + n, Moving: make([]bool, cols*rows), MovingWidth: cols, Scale: 3}
		c.fit(v)
		for i := range c.stamps {
			c.stamps[i], v.Moving[i] = rnd.IntN(v.N), rnd.IntN(50) < n%3
		}
		got, worth := c.best(v, tileArea, pic, side)
		most := 0.0
		for y := 0; y < pic.Dy(); y += tileArea.Y / 3 {
			for x := 0; x < pic.Dx(); x += tileArea.X / 3 {
				sum := 0.0
				c.each(window(image.Pt(x, y).Add(tileArea.Div(2)), tileArea, pic), side, func(i int) {
					if age := float64(v.N - c.stamps[i]); v.Moving[i] {
						sum += age
					} else {
						sum += stillWeight * min(age, 100) / 100
					}
				})
				most = max(most, sum)
			}
		}
		if math.Abs(worth-most) > 1e-6*most || !got.In(pic) {
			t.Errorf("frame %d: window %v is worth %v, one is worth %v", n, got, worth, most)
		}
	}
}

// At the first pass no face of 40 pixels lies outside of all windows or on
// the edge of each.
func TestEverywhereIsEverywhere(t *testing.T) {
	for _, size := range []image.Point{{1920, 1080}, {1440, 1080}, {2560, 1440}, {1080, 1920}} {
		pic := image.Rectangle{Max: size}
		windows := everywhere(pic, asSeen.area(), asSeen)
		for y := 0; y+40 <= size.Y; y += 20 {
			for x := 0; x+40 <= size.X; x += 20 {
				face := image.Rect(x, y, x+40, y+40)
				if !slices.ContainsFunc(windows, func(w image.Rectangle) bool { return w.In(pic) && face.In(w) }) {
					t.Fatalf("%v: no tile shows %v", size, face)
				}
			}
		}
	}
}

func TestWholeDropsCutFinds(t *testing.T) {
	pic, r := image.Rect(0, 0, 1920, 1080), image.Rect(0, 300, 480, 588)
	at := func(x, y float32) track.Face { return track.Face{Box: track.Box{X: x, Y: y, W: 40, H: 40}} }
	got := whole([]track.Face{at(0, 400), at(439, 400), at(200, 300), at(200, 400)}, r, pic, math.MaxFloat32)
	if len(got) != 2 || got[0].X != 0 || got[1].X != 200 {
		t.Errorf("kept %v", got)
	}
}
