package decision

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/detector/track"
)

var (
	triangle = []zone.Point{{X: 0.21, Y: 0.13}, {X: 0.83, Y: 0.32}, {X: 0.37, Y: 0.91}}
	whole    = []zone.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 1}}
	left     = []zone.Point{{X: 0, Y: 0}, {X: 0.5, Y: 0}, {X: 0.5, Y: 1}, {X: 0, Y: 1}}
)

// Whatever is wrong with a zone, it hides more, never less, and says so.
func TestInvalidZonesHideMore(t *testing.T) {
	bow := []zone.Point{{X: 0.2, Y: 0.2}, {X: 0.8, Y: 0.8}, {X: 0.8, Y: 0.2}, {X: 0.2, Y: 0.8}}
	nan := []zone.Point{{X: math.NaN(), Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}}
	face := track.Box{X: 100, Y: 100, W: 40, H: 50}
	size := image.Pt(640, 360)
	for name, c := range map[string]struct {
		zones []zone.Zone
		bare  bool // something of the frame is left
		shows bool // a consent counts
		fails bool
	}{
		"none":                {nil, true, false, false},
		"consent":             {[]zone.Zone{{ID: "c", Kind: zone.Consent, Points: whole}}, true, true, false},
		"consent, two points": {[]zone.Zone{{ID: "c", Kind: zone.Consent, Points: whole[:2]}}, true, false, true},
		"consent, bow tie":    {[]zone.Zone{{ID: "c", Kind: zone.Consent, Points: bow}}, true, false, true},
		"consent, twice": {[]zone.Zone{{ID: "c", Kind: zone.Consent, Points: whole}, {ID: "c", Kind: zone.Consent, Points: triangle}},
			true, false, true},
		"private, two points": {[]zone.Zone{{ID: "p", Kind: zone.Private, Points: whole[:2]}}, false, false, true},
		"private, NaN":        {[]zone.Zone{{ID: "p", Kind: zone.Private, Points: nan}}, false, false, true},
		"private, outside":    {[]zone.Zone{{ID: "p", Kind: zone.Private, Points: []zone.Point{{X: -1}, {X: 1}, {X: 1, Y: 1}}}}, false, false, true},
		"masked, bow tie":     {[]zone.Zone{{ID: "m", Kind: zone.Masked, Points: bow}}, false, false, true},
		"moving, bow tie":     {[]zone.Zone{{ID: "v", Kind: zone.Moving, Points: bow}, {ID: "c", Kind: zone.Consent, Points: whole}}, true, false, true},
		"capture, bow tie":    {[]zone.Zone{{ID: "m", Kind: zone.Capture, Points: bow}}, false, false, true},
		"one of two captures": {[]zone.Zone{{ID: "a", Kind: zone.Capture, Points: left}, {ID: "b", Kind: zone.Capture, Points: bow}}, true, false, true},
		"unknown kind":        {[]zone.Zone{{ID: "u", Kind: "free", Points: triangle}}, false, false, true},
		"no kind":             {[]zone.Zone{{ID: "u", Points: triangle}}, false, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			var z zones
			err := z.set(c.zones)
			if (err != nil) != c.fails {
				t.Errorf("error %v", err)
			}
			img := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
			noise := rand.New(rand.NewPCG(1, 3))
			for i := range img.Y {
				img.Y[i] = byte(40 + noise.UintN(160))
			}
			before := slices.Clone(img.Y)
			z.fit(size)
			var on anonymize.Overlay
			on.Begin(anonymize.Blur, 0, z.areas)
			on.PutOn(img)
			same := 0
			for i, v := range img.Y {
				if v == before[i] {
					same++
				}
			}
			if bare := same > len(before)/20; bare != c.bare {
				t.Errorf("%d of %d pixels are as before", same, len(before))
			}
			if _, ok := z.allow(face, size, []string{"*"}); ok != c.shows {
				t.Errorf("a consent counts: %v", ok)
			}
			on.TakeOff(img)
			if !slices.Equal(img.Y, before) {
				t.Error("the frame is not what it was")
			}
		})
	}
}

// A face counts as inside only where all of its box is.
func TestAllow(t *testing.T) {
	area := func(id string, kind zone.Kind, x0, y0, x1, y1 float64) zone.Zone {
		return zone.Zone{ID: id, Kind: kind, Points: []zone.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}}
	}
	size := image.Pt(1000, 1000)
	consent := area("hall", zone.Consent, 0, 0, 0.5, 1)
	for name, c := range map[string]struct {
		zones []zone.Zone
		box   track.Box
		named []string
		want  string
	}{
		"inside":           {[]zone.Zone{consent}, track.Box{X: 100, Y: 100, W: 50, H: 60}, []string{"hall"}, "hall"},
		"all zones":        {[]zone.Zone{consent}, track.Box{X: 100, Y: 100, W: 50, H: 60}, []string{"*"}, "hall"},
		"over the frame":   {[]zone.Zone{consent}, track.Box{X: -10, Y: 950, W: 50, H: 60}, []string{"*"}, "hall"},
		"off the frame":    {[]zone.Zone{consent}, track.Box{X: -60, Y: 950, W: 50, H: 60}, []string{"*"}, ""},
		"another zone":     {[]zone.Zone{consent}, track.Box{X: 100, Y: 100, W: 50, H: 60}, []string{"yard"}, ""},
		"no zone named":    {[]zone.Zone{consent}, track.Box{X: 100, Y: 100, W: 50, H: 60}, nil, ""},
		"no zones":         {nil, track.Box{X: 100, Y: 100, W: 50, H: 60}, []string{"*"}, ""},
		"half outside":     {[]zone.Zone{consent}, track.Box{X: 480, Y: 100, W: 50, H: 60}, []string{"*"}, ""},
		"a corner outside": {[]zone.Zone{consent}, track.Box{X: 451, Y: 100, W: 50, H: 60}, []string{"*"}, ""},
		"two halves": {[]zone.Zone{consent, area("yard", zone.Consent, 0.5, 0, 1, 1)},
			track.Box{X: 480, Y: 100, W: 50, H: 60}, []string{"*"}, ""},
		"masked touches":  {[]zone.Zone{consent, area("m", zone.Masked, 0, 0, 0.11, 1)}, track.Box{X: 100, Y: 100, W: 50, H: 60}, []string{"*"}, ""},
		"masked near":     {[]zone.Zone{consent, area("m", zone.Masked, 0, 0, 0.09, 1)}, track.Box{X: 100, Y: 100, W: 50, H: 60}, []string{"*"}, "hall"},
		"moving touches":  {[]zone.Zone{consent, area("v", zone.Moving, 0, 0, 0.11, 1)}, track.Box{X: 100, Y: 100, W: 50, H: 60}, []string{"*"}, ""},
		"moving near":     {[]zone.Zone{consent, area("v", zone.Moving, 0, 0, 0.09, 1)}, track.Box{X: 100, Y: 100, W: 50, H: 60}, []string{"*"}, "hall"},
		"private inside":  {[]zone.Zone{consent, area("p", zone.Private, 0.11, 0.11, 0.12, 0.12)}, track.Box{X: 100, Y: 100, W: 50, H: 60}, []string{"*"}, ""},
		"outside capture": {[]zone.Zone{consent, area("c", zone.Capture, 0.12, 0, 1, 1)}, track.Box{X: 100, Y: 100, W: 50, H: 60}, []string{"*"}, ""},
		"inside capture":  {[]zone.Zone{consent, area("c", zone.Capture, 0.05, 0, 1, 1)}, track.Box{X: 100, Y: 100, W: 50, H: 60}, []string{"*"}, "hall"},
	} {
		var z zones
		if err := z.set(c.zones); err != nil {
			t.Fatal(err)
		}
		if got, ok := z.allow(c.box, size, c.named); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
}
