package detect

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/bauta-gateway/bauta/detector/track"
)

// noisyView is of a frame of one luma with noise, as the tracker gives it.
func noisyView(n int, luma, sigma float64, rnd *rand.Rand) View {
	img := image.NewYCbCr(image.Rect(0, 0, 640, 360), image.YCbCrSubsampleRatio420)
	small := image.NewGray(image.Rect(0, 0, 320, 180))
	for i := range img.Y {
		img.Y[i] = byte(min(max(luma+rnd.NormFloat64()*sigma+0.5, 0), 255))
	}
	for i := range small.Pix {
		x, y := 2*(i%320), 2*(i/320)
		small.Pix[i] = byte((int(img.Y[y*640+x]) + int(img.Y[y*640+x+1]) + int(img.Y[(y+1)*640+x]) + int(img.Y[(y+1)*640+x+1]) + 2) / 4)
	}
	return View{Frame: img, Small: small, Scale: 2, N: n, Since: 2, FPS: 15}
}

// What is clean and light is searched as it is; the frame itself is never changed; a
// still noisy one has passes until the mean is as good as it gets.
func TestEnhancedOnlyWhereItHelps(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 5))
	for name, c := range map[string]struct {
		luma, sigma float64
		changed     bool
		improves    bool
	}{
		"clean": {120, 0.5, false, false}, "noisy": {120, 9, true, true}, "dark": {24, 0.5, true, false}, "dark and noisy": {30, 8, true, true},
	} {
		var e enhancer
		for n := 0; n < 30; n += 2 {
			v := noisyView(n, c.luma, c.sigma, rnd)
			if n == 0 {
				v.Since = 1
			}
			before := append([]byte{}, v.Frame.Y...)
			got := e.newest(v)
			if changed := &got.Frame.Y[0] != &v.Frame.Y[0]; changed != c.changed {
				t.Fatalf("%s: changed: %v", name, changed)
			}
			if string(before) != string(v.Frame.Y) {
				t.Fatalf("%s: the frame itself was changed", name)
			}
			if want := c.improves && n < 14; e.improves() != want {
				t.Errorf("%s, frame %d: more passes help: %v", name, n, e.improves())
			}
			if e.earlier(v).Frame != v.Frame != c.changed {
				t.Errorf("%s: an earlier frame changed: %v", name, !c.changed)
			}
		}
	}
}

// Tiles at 720p are few where small faces are well seen or there are none, and many
// where they are seen badly; a doubtful find draws the next one.
func TestDoubtsDrawTiles(t *testing.T) {
	img := image.NewYCbCr(image.Rect(0, 0, 1280, 720), image.YCbCrSubsampleRatio420)
	view := func(n int) View {
		return View{Frame: img, Scale: 3, N: n, Since: 2, FPS: 15, Moving: make([]bool, 106*60), MovingWidth: 106}
	}
	face := func(x, score float32) track.Face {
		return track.Face{Box: track.Box{X: x, Y: 300, W: 22, H: 26}, Score: score}
	}
	scores := track.Params{Start: 0.3, Sure: 0.6}
	for name, c := range map[string]struct {
		faces       []track.Face
		least, most int
	}{
		"nobody":         {nil, 0, 6},
		"well seen":      {[]track.Face{face(100, 0.9), face(300, 0.8), face(500, 0.4)}, 0, 6},
		"seen badly":     {[]track.Face{face(100, 0.4), face(300, 0.5), face(500, 0.4), face(900, 0.7), face(1100, 0.4)}, 80, 110},
		"large, dubious": {[]track.Face{{Box: track.Box{X: 100, Y: 100, W: 90, H: 110}, Score: 0.4}}, 0, 6},
	} {
		c2, tiles, at := newTileScheduler(), 0, 0
		c2.credit = 0
		for n := 0; n < 150; n += 2 {
			v := view(n + 10)
			c2.doubts.notice(v, asSeen, c.faces, scores)
			c2.replenishFine(v)
			for _, r := range c2.choose(v, asSeen) {
				tiles++
				if r.Size() != fineArea || !r.In(img.Rect) {
					t.Fatalf("%s: window %v", name, r)
				}
				if image.Pt(111, 313).In(r) {
					at++
				}
			}
		}
		if tiles < c.least || tiles > c.most {
			t.Errorf("%s: %d tiles in ten seconds, want %d to %d", name, tiles, c.least, c.most)
		}
		if name == "seen badly" && at < tiles/6 {
			t.Errorf("%s: %d of %d tiles are at a doubtful find", name, at, tiles)
		}
	}
	if (pose{stretch: 1}).fine(image.Rect(0, 0, 640, 480)) || !asSeen.fine(image.Rect(0, 0, 720, 1280)) {
		t.Error("tiles at single pixels pay from about 1000 pixels on, upright too")
	}
}
