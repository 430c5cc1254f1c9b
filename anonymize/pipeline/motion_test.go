package pipeline

import (
	"image"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/media"
)

var movingSize = image.Pt(640, 352)

// Two walkers, one in each half of the frame, and a part that holds still.
func walkerLeft(n int) image.Rectangle  { return image.Rect(40+3*n, 60, 90+3*n, 160) }
func walkerRight(n int) image.Rectangle { return image.Rect(560-3*n, 180, 610-3*n, 280) }

var stillPart = image.Rect(20, 300, 620, 344)

// stripes is a pattern coarser than the cells of a small mask: a blur that only
// takes fine detail away would leave it.
func stripes(img *image.YCbCr, r image.Rectangle, phase int) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			img.Y[y*img.YStride+x] = 60
			if (x-r.Min.X+phase)/10%2 == 0 {
				img.Y[y*img.YStride+x] = 190
			}
		}
	}
}

// walkers is a room whose walkers stop from frame `until` on.
func walkers(t testing.TB, count, until int) []wire.Unit {
	return encode(t, movingSize, 25, count, false, func(n int, img *image.YCbCr) {
		stripes(img, img.Rect, 0)
		for i := range img.Cb {
			img.Cb[i], img.Cr[i] = 128, 128
		}
		n = min(n, until)
		stripes(img, walkerLeft(n), 5)
		stripes(img, walkerRight(n), 5)
	})
}

// stepsOf is the mean step from a pixel to its right neighbour: about 13 for
// the pattern as it is.
func stepsOf(img *image.YCbCr, r image.Rectangle) float64 {
	sum, count := 0, 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X-1; x++ {
			a, b := img.Y[y*img.YStride+x], img.Y[y*img.YStride+x+1]
			sum, count = sum+int(max(a, b)-min(a, b)), count+1
		}
	}
	return float64(sum) / float64(count)
}

const (
	sharp   = 8 // contrast of what is shown
	blurred = 3 // contrast of what is not
)

// sight is the contrasts that a viewer gets to see of one frame.
type sight struct{ left, right, still float64 }

func watch(t *testing.T, s wire.Settings, f detect.Finder, list []wire.Unit, until int, step func(p *Pipeline, n int)) []sight {
	t.Helper()
	p, v := newPipeline(t, f, s), newViewer(t)
	var out []sight
	push(t, p, list, func(r wire.Result) {
		if r.Record.Code != media.Masked {
			t.Fatalf("unit %d: %v", r.Record.Seq, r.Record.Code)
		}
		n := min(len(out), until)
		v.see(r, func(img *image.YCbCr) {
			out = append(out, sight{stepsOf(img, walkerLeft(n)), stepsOf(img, walkerRight(n)), stepsOf(img, stillPart)})
		})
		if step != nil {
			step(p, len(out)-1)
		}
	})
	return out
}

func moving(points []zone.Point) wire.Settings {
	s := zoned(zone.Moving, points)
	s.RateCap = 0
	return s
}

func TestWhatMovesInAMovingZoneIsBlurred(t *testing.T) {
	list := walkers(t, 60, 60)
	for name, c := range map[string]struct {
		settings    wire.Settings
		left, right bool // blurred
	}{
		"no zone":      {defaults, false, false},
		"left half":    {moving(left), true, false},
		"all of it":    {moving(whole1), true, true},
		"another kind": {zoned(zone.Consent, whole1), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			for n, s := range watch(t, c.settings, &stubFinder{}, list, 60, nil) {
				for what, is := range map[string]struct {
					contrast float64
					blurred  bool
				}{"left walker": {s.left, c.left}, "right walker": {s.right, c.right}, "still part": {s.still, false}} {
					if is.blurred && is.contrast > blurred || !is.blurred && is.contrast < sharp {
						t.Errorf("frame %d: %s has contrast %.1f, blurred is to be %v", n, what, is.contrast, is.blurred)
					}
				}
			}
		})
	}
}

// Motion says nothing of the first frame without a look-ahead: all of it is
// blurred. From then on only what moves is.
func TestUnknownMotionIsBlurred(t *testing.T) {
	s := moving(left)
	s.LookAhead = 0
	for n, s := range watch(t, s, &stubFinder{}, walkers(t, 30, 30), 30, nil) {
		if s.left > blurred || (s.still < sharp) != (n == 0) {
			t.Errorf("frame %d: %+v", n, s)
		}
	}
}

// Who stops is shown again after about a second, but for the face.
func TestWhoStopsIsShownAgain(t *testing.T) {
	const stop = 20
	face := walkerLeft(stop)
	f := &stubFinder{faces: func(n int) []track.Face {
		if n < stop {
			return nil
		}
		return []track.Face{{Box: track.Box{X: float32(face.Min.X), Y: float32(face.Min.Y), W: 50, H: 100}, Score: 0.9}}
	}}
	got := watch(t, moving(whole1), f, walkers(t, 90, stop), stop, nil)
	for n, s := range got {
		switch {
		case n <= stop+10 && s.right > blurred, n > stop+10 && n < 80 && s.left > blurred*2, n >= 75 && s.right < sharp:
			t.Errorf("frame %d: %+v", n, s)
		}
	}
}

// A zone that comes while the camera runs holds for the very next frame
// that leaves, those that wait included.
func TestMovingZoneHoldsForTheNextFrame(t *testing.T) {
	const at = 30
	got := watch(t, defaults, &stubFinder{}, walkers(t, 60, 60), 60, func(p *Pipeline, n int) {
		if n == at {
			if err := p.Apply(moving(whole1)); err != nil {
				t.Fatal(err)
			}
		}
	})
	for n, s := range got {
		if hidden := s.left < blurred && s.right < blurred; hidden != (n > at) {
			t.Errorf("frame %d: %+v", n, s)
		}
	}
	if last := got[len(got)-1]; last.still < sharp {
		t.Errorf("what holds still is blurred for good: %+v", last)
	}
}
