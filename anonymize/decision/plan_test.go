package decision

import (
	"image"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize"
	"github.com/bauta-gateway/bauta/anonymize/tracker"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
)

// Without a consent each face is masked, whatever the zones; a zone that wants motion
// hides what moved, which of a first frame is all; other zones are areas.
func TestPlanHidesFacesAndZones(t *testing.T) {
	size := image.Pt(640, 352)
	img := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	for name, c := range map[string]struct {
		kinds        []zone.Kind
		parts, areas int
	}{
		"no zone": {}, "consent": {kinds: []zone.Kind{zone.Consent}},
		"moving":           {kinds: []zone.Kind{zone.Moving}, parts: 1},
		"masked":           {kinds: []zone.Kind{zone.Masked}, areas: 1},
		"masked, private":  {kinds: []zone.Kind{zone.Masked, zone.Private}, areas: 2},
		"moving, captured": {kinds: []zone.Kind{zone.Moving, zone.Capture}, parts: 1, areas: 1},
	} {
		p := New(func(d wire.Decision) { t.Errorf("%s: reported %+v", name, d) })
		var zones []zone.Zone
		for i, kind := range c.kinds {
			zones = append(zones, zone.Zone{ID: string(rune('a' + i)), Kind: kind, Points: whole})
		}
		if err := p.SetRules(zones, nil); err != nil {
			t.Fatal(err)
		}
		tr := tracker.New(oneFace{}, size.X, size.Y)
		tr.Tune(5, 25)
		tr.Advance(tracker.Frame{Image: img}, p.WantsMotion())
		tr.Detect(tracker.Frame{Image: img}, tracker.Pass{Waiting: func(func(tracker.Frame) bool) {}})
		f := Frame{Image: img, Now: time.Now()}
		p.Observe(tr, f)
		for _, mayShow := range []bool{true, false} {
			var cover anonymize.Cover
			n := p.Plan(&cover, tr, f, mayShow)
			if n != (Counts{Faces: 1, Masked: 1}) || len(cover.Faces) != 1 || len(cover.Shown) != 0 {
				t.Errorf("%s: %+v, %d masks", name, n, len(cover.Faces))
			}
			if len(cover.Parts) != c.parts || len(p.Zones(size)) != c.areas {
				t.Errorf("%s: parts %v, %d areas", name, cover.Parts, len(p.Zones(size)))
			}
		}
		p.HideAll(f)
	}
}
