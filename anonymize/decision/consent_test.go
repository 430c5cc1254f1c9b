package decision

import (
	"image"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/anonymize/tracker"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/detector/track"
)

// oneFace finds a face where a badge may hang below it.
type oneFace struct{}

func (oneFace) Detect(detect.View) (track.Pass, error) {
	face := track.Face{Box: track.Box{X: 200, Y: 40, W: 60, H: 72}, Score: 0.9}
	return track.Pass{Faces: []track.Face{face}, Rotations: track.AllRotations}, nil
}
func (oneFace) DetectAt(detect.View, track.Position) (track.Face, bool, error) {
	return track.Face{}, false, nil
}
func (oneFace) Params() track.Params { return track.Params{Start: 0.3, Continue: 0.15, Sure: 0.6} }
func (oneFace) Close()               {}

// Badges are searched for only while a consent counts that some zone lets count.
func TestNoConsentCostsNothing(t *testing.T) {
	now := time.Now()
	hall := []zone.Zone{{ID: "hall", Kind: zone.Consent, Points: whole}}
	show := wire.Show{Token: "jti-7", Badge: 7, Zones: []string{"hall"}, NotBefore: now.Add(-time.Hour), Expires: now.Add(time.Hour)}
	with := func(change func(s *wire.Show)) []wire.Show {
		s := show
		change(&s)
		return []wire.Show{s}
	}
	for name, c := range map[string]struct {
		zones    []zone.Zone
		shows    []wire.Show
		searches bool
	}{
		"a consent":  {hall, []wire.Show{show}, true},
		"no tokens":  {hall, nil, false},
		"expired":    {hall, with(func(s *wire.Show) { s.Expires = now.Add(-time.Second) }), false},
		"no zones":   {nil, []wire.Show{show}, false},
		"bad number": {hall, with(func(s *wire.Show) { s.Badge = 0 }), false},
		"too high":   {hall, with(func(s *wire.Show) { s.Badge = 250 }), false},
	} {
		p := New(func(d wire.Decision) { t.Errorf("%s: reported %+v", name, d) })
		if err := p.SetRules(c.zones, c.shows); err != nil {
			t.Fatal(err)
		}
		img := image.NewYCbCr(image.Rect(0, 0, 640, 352), image.YCbCrSubsampleRatio420)
		tr := tracker.New(oneFace{}, 640, 352)
		tr.Tune(5, 25)
		tr.Advance(tracker.Frame{Image: img}, false)
		tr.Detect(tracker.Frame{Image: img}, tracker.Pass{Waiting: func(func(tracker.Frame) bool) {}})
		p.Observe(tr, Frame{Image: img, Now: now})
		if searches := len(p.consent.next) > 0; searches != c.searches {
			t.Errorf("%s: searches for badges: %v", name, searches)
		}
	}
}
