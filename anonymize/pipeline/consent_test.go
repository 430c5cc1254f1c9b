package pipeline

import (
	"errors"
	"image"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/anonymize/stage"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// wearerAt is where the face of the stub's wearer is: it goes to the right by
// 6 pixels a frame.
func wearerAt(n int) track.Box { return track.Box{X: float32(20 + 6*n), Y: 40, W: 60, H: 72} }

var wearerUnits []wire.Unit

// wearerClip shows a pattern in place of the face and a badge below it.
func wearerClip(t *testing.T, count int) []wire.Unit {
	if wearerUnits == nil {
		wearerUnits = drawWearer(t)
	}
	return wearerUnits[:count]
}

func drawWearer(t *testing.T) []wire.Unit {
	pattern := image.NewYCbCr(image.Rect(0, 0, 64, 64), image.YCbCrSubsampleRatio420)
	confetti(pattern, 9)
	return encode(t, image.Pt(640, 352), 25, 80, false, func(n int, img *image.YCbCr) {
		s := stage.New(640, 352)
		box := wearerAt(n)
		s.Marker(7, int(box.X)+30, int(box.Y)+72+90, 30)
		p := s.Frame()
		for y := range 72 {
			for x := range 60 {
				// Blocks of 4 pixels: finer detail would not survive the encoder.
				p.Y[p.YOffset(int(box.X)+x, int(box.Y)+y)] = pattern.Y[pattern.YOffset(x/4, y/4)]
			}
		}
		copy(img.Y, p.Y)
		copy(img.Cb, p.Cb)
		copy(img.Cr, p.Cr)
	})
}

func wearerFinder() *stubFinder {
	return &stubFinder{faces: func(n int) []track.Face { return []track.Face{{Box: wearerAt(n), Score: 0.9}} }}
}

// showing pushes the clip; step may change things after each frame that
// left. It returns which frames show the face, and the decisions.
func showing(t *testing.T, f detect.Finder, s wire.Settings, count int, step func(p *Pipeline, n int)) ([]bool, outcome) {
	t.Helper()
	var out []bool
	var reports outcome
	p := newPipeline(t, f, s)
	push(t, p, wearerClip(t, count), func(r wire.Result) {
		reports.add(t, p.Messages())
		if r.Record.Code == media.Masked && r.Record.Faces != r.Record.Masked+r.Record.Shown {
			t.Errorf("frame %d: %+v", len(out), r.Record)
		}
		out = append(out, r.Record.Shown == 1)
		if step != nil {
			step(p, len(out)-1)
		}
	})
	return out, reports
}

func runOf(list []bool) (first, last, n int) {
	first, last = -1, -1
	for i, v := range list {
		if v {
			if n++; first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last, n
}

func TestConsentShowsTheWearer(t *testing.T) {
	got, reports := showing(t, wearerFinder(), consented(), 80, nil)
	first, last, n := runOf(got)
	if first < 3 || first > 20 || last != 79 || n != last-first+1 {
		t.Errorf("shown in %d frames from %d to %d", n, first, last)
	}
	d := reports.reasons[len(reports.reasons)-1]
	if !d.Shown || d.Token != "jti-7" || d.Zone != "hall" || d.Reason != "" || d.Seq != uint64(first) {
		t.Errorf("reported %+v, shown from %d", reports.reasons, first)
	}
}

// What masks somebody who is shown must do so in the very next frame that
// leaves, those that wait included.
func TestSettingsHoldForTheNextFrame(t *testing.T) {
	const at = 40
	left := func(x float64) []zone.Point {
		return []zone.Point{{X: 0, Y: 0}, {X: x, Y: 0}, {X: x, Y: 1}, {X: 0, Y: 1}}
	}
	for name, c := range map[string]struct {
		change func(s *wire.Settings)
		reason wire.DecisionReason
	}{
		"withdrawn":      {func(s *wire.Settings) { s.Shows = nil }, wire.ReasonWithdrawn},
		"another badge":  {func(s *wire.Settings) { s.Shows[0].Badge = 8 }, wire.ReasonWithdrawn},
		"expired":        {func(s *wire.Settings) { s.Shows[0].Expires = time.Now() }, wire.ReasonExpired},
		"not yet valid":  {func(s *wire.Settings) { s.Shows[0].NotBefore = time.Now().Add(time.Minute) }, wire.ReasonExpired},
		"another zone":   {func(s *wire.Settings) { s.Shows[0].Zones = []string{"yard"} }, wire.ReasonOutside},
		"no zones":       {func(s *wire.Settings) { s.Shows[0].Zones = nil }, wire.ReasonOutside},
		"zone removed":   {func(s *wire.Settings) { s.Zones = nil }, wire.ReasonOutside},
		"zone too small": {func(s *wire.Settings) { s.Zones[0].Points = left(0.3) }, wire.ReasonOutside},
		"zone invalid":   {func(s *wire.Settings) { s.Zones[0].Points = left(0.3)[:2] }, wire.ReasonOutside},
		"masked zone": {func(s *wire.Settings) {
			s.Zones = append(s.Zones, zone.Zone{ID: "m", Kind: zone.Masked, Points: whole1})
		}, wire.ReasonOutside},
		"moving zone": {func(s *wire.Settings) {
			s.Zones = append(s.Zones, zone.Zone{ID: "v", Kind: zone.Moving, Points: whole1})
		}, wire.ReasonOutside},
		"private zone": {func(s *wire.Settings) {
			s.Zones = append(s.Zones, zone.Zone{ID: "p", Kind: zone.Private, Points: whole1})
		}, wire.ReasonOutside},
		"outside of capture": {func(s *wire.Settings) {
			s.Zones = append(s.Zones, zone.Zone{ID: "c", Kind: zone.Capture, Points: left(0.3)})
		}, wire.ReasonOutside},
	} {
		t.Run(name, func(t *testing.T) {
			f := wearerFinder()
			got, reports := showing(t, f, consented(), 60, func(p *Pipeline, n int) {
				if n == at {
					s := consented()
					c.change(&s)
					if err := p.Apply(s); err != nil {
						t.Fatal(err)
					}
					p.Messages() // the notice of the invalid zone
				}
			})
			if first, last, _ := runOf(got); first < 0 || last != at {
				t.Errorf("shown from %d to %d, want up to %d", first, last, at)
			}
			if !reports.hasReason(c.reason) {
				t.Errorf("no decision says %q: %+v", c.reason, reports.reasons)
			}
		})
	}
}

func TestNothingIsShownInDoubt(t *testing.T) {
	broken := wearerFinder()
	for name, c := range map[string]struct {
		finder *stubFinder
		step   func(p *Pipeline, n int)
		last   int // last frame that may be shown
	}{
		"detector breaks": {broken, func(_ *Pipeline, n int) {
			if n == 40 {
				broken.err = errors.New("broken")
			}
		}, 46},
		"overload": {wearerFinder(), func(p *Pipeline, n int) {
			if n == 40 {
				p.levels.Level = media.BlurFrame
			}
		}, 40},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := showing(t, c.finder, consented(), 70, c.step)
			if first, last, _ := runOf(got); last > c.last || (c.last >= 0) != (first >= 0) {
				t.Errorf("shown from %d to %d, want up to %d", first, last, c.last)
			}
		})
	}
}

// Without a consent that counts nobody is shown, and nothing is reported.
func TestNoConsentShowsNobody(t *testing.T) {
	for name, change := range map[string]func(s *wire.Settings){
		"no tokens":  func(s *wire.Settings) { s.Shows = nil },
		"expired":    func(s *wire.Settings) { s.Shows[0].Expires = time.Now().Add(-time.Second) },
		"no zones":   func(s *wire.Settings) { s.Zones = nil },
		"bad number": func(s *wire.Settings) { s.Shows[0].Badge = 0 },
		"too high":   func(s *wire.Settings) { s.Shows[0].Badge = 250 },
	} {
		s := consented()
		change(&s)
		got, reports := showing(t, wearerFinder(), s, 40, nil)
		if _, _, n := runOf(got); n > 0 || len(reports.reasons) > 0 {
			t.Errorf("%s: shown in %d frames, reported %+v", name, n, reports.reasons)
		}
	}
}

// A badge shows a face above it. Where the face lies, what is below it in the
// stored frame is somebody else's.
func TestLyingFacesAreNeverShown(t *testing.T) {
	for rotation := 1; rotation <= 3; rotation++ {
		f := wearerFinder()
		upright := f.faces
		f.faces = func(n int) []track.Face {
			faces := upright(n)
			for i := range faces {
				if n >= 40 || rotation < 3 { // the third falls after it was shown
					faces[i].Rotation = track.Quarter(rotation)
				}
			}
			return faces
		}
		got, _ := showing(t, f, consented(), 80, nil)
		_, last, n := runOf(got)
		if rotation < 3 && n > 0 || rotation == 3 && (n == 0 || last >= 40) {
			t.Errorf("rotation %d: shown in %d frames up to %d", rotation, n, last)
		}
	}
}
