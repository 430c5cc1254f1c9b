package pipeline

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize"
	"github.com/bauta-gateway/bauta/anonymize/decision"
	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// seeded gives a pipeline the same noise whatever its source.
func seeded(p *Pipeline) { p.cover.Seed, p.cover.seeded = anonymize.Seed{7}, true }

// ellipse is a polygon inside of the mask that a face has.
func ellipse(size image.Point, box track.Box) (out []zone.Point) {
	r := decision.MaskRect(track.Position{Box: box}, true)
	for i := range 32 {
		s, c := math.Sincos(2 * math.Pi * float64(i) / 32)
		x := float64(r.Min.X+r.Max.X)/2 + 0.95*c*float64(r.Dx())/2
		y := float64(r.Min.Y+r.Max.Y)/2 + 0.95*s*float64(r.Dy())/2
		out = append(out, zone.Point{X: x / float64(size.X), Y: y / float64(size.Y)})
	}
	return out
}

// standing is a source of one frame that holds still, with other content inside
// of a polygon for each face.
func standing(t *testing.T, size image.Point, points []zone.Point, face uint64) []wire.Unit {
	area := anonymize.Touched(size, []anonymize.Polygon{polygonOf(points)})
	other := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	confetti(other, face)
	for i := range other.Y {
		other.Y[i] = other.Y[i]/4 + byte(face*60) // light or dark as a whole
	}
	return encode(t, size, 25, 12, true, func(_ int, img *image.YCbCr) {
		confetti(img, 99)
		area.Restore(img, area.Cut(other, nil))
	})
}

// The promise of masks, through decoder and encoder: sources that differ in a
// face alone give the very same bytes, by each style and whatever else is masked.
func TestMaskHoldsNothingOfTheFace(t *testing.T) {
	size := image.Pt(320, 176)
	box := track.Box{X: 130, Y: 50, W: 60, H: 70}
	points := ellipse(size, box)
	a, b := standing(t, size, points, 1), standing(t, size, points, 3)
	finder := func() detect.Finder {
		near := track.Box{X: 210, Y: 50, W: 50, H: 60} // its surroundings are the first one
		return &stubFinder{faces: func(int) []track.Face { return []track.Face{{Box: box, Score: 0.9}, {Box: near, Score: 0.9}} }}
	}
	for _, mask := range []string{"blur", "mosaic", "solid"} {
		t.Run(mask, func(t *testing.T) {
			s := defaults
			s.RateCap, s.Mask = 0, mask
			if !bytes.Equal(outputs(t, s, finder(), a, seeded), outputs(t, s, finder(), b, seeded)) {
				t.Error("the output is another one for each face")
			}
		})
	}
	if bytes.Equal(outputs(t, defaults, &stubFinder{}, a, seeded), outputs(t, defaults, &stubFinder{}, b, seeded)) {
		t.Error("the sources are the same: nothing was tested")
	}
}

// Where all of a frame is hidden none of it is in what is shown.
func TestHiddenFrameHoldsNothingOfTheSource(t *testing.T) {
	size := image.Pt(320, 176)
	a, b := standing(t, size, whole1, 1), standing(t, size, whole1, 3)
	blurred := func(p *Pipeline) { seeded(p); p.levels.Level = media.BlurFrame }
	for name, c := range map[string]struct {
		zones   wire.Settings
		finder  stubFinder
		prepare func(*Pipeline)
	}{
		"blurred by level": {zones: defaults, prepare: blurred},
		"no pass":          {zones: defaults, finder: stubFinder{err: fmt.Errorf("broken")}, prepare: seeded},
		"a masked zone":    {zones: zoned(zone.Masked, whole1), prepare: seeded},
	} {
		c.zones.RateCap = 0
		one, two := c.finder, c.finder
		if !bytes.Equal(outputs(t, c.zones, &one, a, c.prepare), outputs(t, c.zones, &two, b, c.prepare)) {
			t.Errorf("%s: the output is another one for each source", name)
		}
	}
}

// The seed of a file comes with its first frame; a camera has another one each time.
func TestSeed(t *testing.T) {
	seed := func(live bool, first string) anonymize.Seed {
		c := newCover(live)
		c.begin(wire.Unit{NALUs: [][]byte{[]byte(first)}})
		kept := c.Seed
		c.begin(wire.Unit{NALUs: [][]byte{[]byte("the next")}})
		if c.Seed != kept {
			t.Error("the seed changed on the way")
		}
		return kept
	}
	if one, again, other := seed(false, "a"), seed(false, "a"), seed(false, "b"); one != again || one == other {
		t.Error("a file's seed is not that of its first frame")
	}
	if one, other := seed(true, "a"), seed(true, "a"); one == other {
		t.Error("two cameras have the same seed")
	}
}
