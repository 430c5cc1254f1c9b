package pipeline

import (
	"bytes"
	"errors"
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize"
	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/media"
)

var (
	triangle = []zone.Point{{X: 0.21, Y: 0.13}, {X: 0.83, Y: 0.32}, {X: 0.37, Y: 0.91}}
	whole1   = []zone.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 1}}
	left     = []zone.Point{{X: 0, Y: 0}, {X: 0.5, Y: 0}, {X: 0.5, Y: 1}, {X: 0, Y: 1}}
)

func polygonOf(points []zone.Point) (p anonymize.Polygon) {
	for _, v := range points {
		p = append(p, anonymize.Point{X: v.X, Y: v.Y})
	}
	return p
}

func zoned(kind zone.Kind, points []zone.Point) wire.Settings {
	s := defaults
	s.RateCap = 0 // the source's size says something of its content
	s.Zones = []zone.Zone{{ID: "z", Kind: kind, Points: points}}
	return s
}

// twins are two sources that differ only inside (or, beyond, only outside) of the polygon.
func twins(t *testing.T, size image.Point, points []zone.Point, beyond bool) (a, b []wire.Unit) {
	polygon := polygonOf(points)
	other := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	area := anonymize.Touched(size, []anonymize.Polygon{polygon})
	if beyond {
		area = anonymize.Beyond(size, []anonymize.Polygon{polygon})
	}
	same := func(n int, img *image.YCbCr) { confetti(img, uint64(n)) }
	differ := func(n int, img *image.YCbCr) {
		confetti(img, uint64(n))
		confetti(other, uint64(n+1000))
		area.Restore(img, area.Cut(other, nil))
	}
	return encode(t, size, 25, 12, true, same), encode(t, size, 25, 12, true, differ)
}

func outputs(t *testing.T, s wire.Settings, f detect.Finder, list []wire.Unit, prepare func(p *Pipeline)) []byte {
	p := newPipeline(t, f, s)
	if prepare != nil {
		prepare(p)
	}
	var out []byte
	push(t, p, list, func(r wire.Result) {
		if r.Record.Code != media.Masked && r.Record.Code != media.Shed {
			t.Fatalf("unit %d: %v", r.Record.Seq, r.Record.Code)
		}
		out = append(out, slices.Concat(r.NALUs...)...)
	})
	return out
}

// The promise of private zones, from the first frame on and in each way of
// masking: sources that differ inside of the zone alone give the very same bytes.
func TestPrivateZoneHoldsNothingOfTheSource(t *testing.T) {
	size := image.Pt(320, 176)
	a, b := twins(t, size, triangle, false)
	blurred := func(p *Pipeline) { p.levels.Level = media.BlurFrame }
	face := func(int) []track.Face { return []track.Face{{Box: track.Box{X: 100, Y: 60, W: 40, H: 50}, Score: 0.9}} }
	for name, c := range map[string]struct {
		finder  func() detect.Finder
		prepare func(*Pipeline)
		mask    string
	}{
		"plain":          {finder: func() detect.Finder { return &stubFinder{} }},
		"mosaic":         {finder: func() detect.Finder { return &stubFinder{} }, mask: "mosaic"},
		"a face in it":   {finder: func() detect.Finder { return &stubFinder{faces: face} }, mask: "solid"},
		"broken":         {finder: func() detect.Finder { return &stubFinder{err: errors.New("broken")} }, mask: "solid"},
		"blurred by all": {finder: func() detect.Finder { return &stubFinder{} }, prepare: blurred, mask: "solid"},
	} {
		t.Run(name, func(t *testing.T) {
			s := zoned(zone.Private, triangle)
			s.Mask = c.mask
			one, two := outputs(t, s, c.finder(), a, c.prepare), outputs(t, s, c.finder(), b, c.prepare)
			if !bytes.Equal(one, two) {
				t.Error("the output is another one for each source")
			}
			s.Zones = nil
			if c.mask != "solid" && bytes.Equal(outputs(t, s, c.finder(), a, c.prepare), outputs(t, s, c.finder(), b, c.prepare)) {
				t.Error("the sources are the same: nothing was tested")
			}
		})
	}
}

func TestCaptureZoneHidesAllAround(t *testing.T) {
	a, b := twins(t, image.Pt(320, 176), triangle, true)
	s := zoned(zone.Capture, triangle)
	if !bytes.Equal(outputs(t, s, &stubFinder{}, a, nil), outputs(t, s, &stubFinder{}, b, nil)) {
		t.Error("the output is another one for each source")
	}
}

// Blurring the frame must not let a private zone show, not even as an average.
func TestPrivateZoneIsSolidInEachFrame(t *testing.T) {
	polygon := polygonOf(triangle)
	solid := func(t *testing.T, img *image.YCbCr) {
		t.Helper()
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				const border = 0.03 // the encoder's ringing
				u, v := (float64(x)+0.5)/float64(img.Rect.Dx()), (float64(y)+0.5)/float64(img.Rect.Dy())
				if polygon.Contains(anonymize.Rect{X0: u - border, Y0: v - border, X1: u + border, Y1: v + border}) {
					if d := int(img.YCbCrAt(x, y).Y) - 96; d < -3 || d > 3 {
						t.Fatalf("luma at %d,%d is %d off", x, y, d)
					}
				}
			}
		}
	}
	list := units(t, 0, "testsrc2=s=640x360:r=25:d=1")
	more := units(t, uint64(len(list)), "testsrc2=s=320x180:r=25:d=1")
	for i := range more {
		more[i].PTS += list[len(list)-1].PTS + 3600
	}
	f := &stubFinder{}
	p := newPipeline(t, f, zoned(zone.Private, triangle))
	v, seen := newViewer(t), 0
	push(t, p, append(list, more...), func(r wire.Result) {
		if r.Record.Code == media.Masked {
			v.see(r, func(img *image.YCbCr) { solid(t, img) })
			seen++
		}
		p.levels.Level = media.Normal
		f.err = nil
		switch {
		case seen%12 > 9:
			p.levels.Level = media.BlurFrame
		case seen%12 > 7:
			f.err = errors.New("broken")
		}
	})
	if seen < 40 {
		t.Errorf("only %d frames", seen)
	}
}

// A zone that is set while frames wait holds for the very next one that leaves.
func TestZoneHoldsForTheNextFrame(t *testing.T) {
	s := defaults
	p := newPipeline(t, &stubFinder{}, s)
	v, seen := newViewer(t), 0
	mean := func(img *image.YCbCr) int {
		sum := 0
		for _, y := range img.Y[:320] {
			sum += int(y)
		}
		return sum / 320
	}
	push(t, p, encode(t, image.Pt(320, 176), 25, 40, false, func(_ int, img *image.YCbCr) {
		for i := range img.Y {
			img.Y[i] = 200
		}
	}), func(r wire.Result) {
		v.see(r, func(img *image.YCbCr) {
			want := 200
			if seen > 20 && seen <= 30 {
				want = 96
			}
			if got := mean(img); got < want-3 || got > want+3 {
				t.Errorf("frame %d: luma %d, want %d", seen, got, want)
			}
		})
		switch seen++; seen {
		case 21:
			s.Zones = []zone.Zone{{ID: "z", Kind: zone.Private, Points: whole1}}
		case 31:
			s.Zones = nil
		}
		if err := p.Apply(s); err != nil {
			t.Fatal(err)
		}
	})
}

func TestInvalidZoneIsReported(t *testing.T) {
	p := newPipeline(t, &stubFinder{}, zoned(zone.Private, triangle[:2]))
	sent := p.Messages()
	if len(sent) != 1 || sent[0].Kind != wire.KindNotice || !strings.Contains(string(sent[0].Body), `zone \"z\"`) {
		t.Errorf("sent %q", sent)
	}
}
