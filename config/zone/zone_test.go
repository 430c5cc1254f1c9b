package zone_test

import (
	"math"
	"testing"

	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
)

func poly(kind zone.Kind, points string) zone.Zone {
	ps, err := drawing.ParsePoints(points)
	if err != nil {
		panic(err)
	}
	return zone.Zone{ID: "z", Kind: kind, Points: ps}
}

// Where zones overlap, the stricter one holds, in whatever order they come.
func TestOverlapsResolveTowardsPrivacy(t *testing.T) {
	private, masked := poly("private", "0,0 0.5,0 0.5,1 0,1"), poly("masked", "0.25,0 0.75,0 0.75,1 0.25,1")
	consent, capture := poly("consent", "0,0 1,0 1,1 0,1"), poly("capture", "0,0 0.9,0 0.9,1 0,1")
	other := poly("capture", "0.8,0.5 1,0.5 1,1 0.8,1")
	for _, zones := range [][]zone.Zone{
		{private, masked, consent, capture, other}, {other, capture, consent, masked, private}, {consent, other, private, capture, masked},
	} {
		for _, test := range []struct {
			x, y float64
			want zone.Kind
		}{
			{0.1, 0.5, "private"}, {0.4, 0.5, "private"}, {0.6, 0.5, "masked"}, {0.8, 0.2, "consent"},
			{0.95, 0.2, "private"}, {0.95, 0.7, "consent"}, {0.5, 0.5, "private"},
		} {
			if got := zone.At(zones, zone.Point{X: test.x, Y: test.y}); got != test.want {
				t.Errorf("at %v,%v: %q, want %q", test.x, test.y, got, test.want)
			}
		}
	}
	moving := poly("moving", "0,0 0.6,0 0.6,1 0,1")
	for _, zones := range [][]zone.Zone{{masked, moving, consent}, {consent, moving, masked}} {
		for x, want := range map[float64]zone.Kind{0.1: "moving", 0.5: "masked", 0.7: "masked", 0.9: "consent"} {
			if got := zone.At(zones, zone.Point{X: x, Y: 0.5}); got != want {
				t.Errorf("at %v: %q, want %q", x, got, want)
			}
		}
	}
	if got := zone.At([]zone.Zone{masked}, zone.Point{X: 0.1, Y: 0.1}); got != "" {
		t.Errorf("outside of all zones: %q", got)
	}
}

func TestShares(t *testing.T) {
	zones := []zone.Zone{poly("private", "0,0 0.5,0 0.5,0.5 0,0.5"), poly("consent", "0,0 1,0 1,0.5 0,0.5")}
	got := zone.Shares(zones)
	for kind, want := range map[zone.Kind]float64{"private": 0.25, "consent": 0.25, "": 0.5, "masked": 0} {
		if math.Abs(got[kind]-want) > 0.005 {
			t.Errorf("%q: %v, want %v", kind, got[kind], want)
		}
	}
	if got := zone.Area(zones[0].Points); math.Abs(got-0.25) > 1e-9 {
		t.Errorf("area %v", got)
	}
}
