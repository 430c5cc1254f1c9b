package zone

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/wire"
)

func poly(kind wire.ZoneKind, points string) wire.Zone {
	ps, err := ParsePoints(points)
	if err != nil {
		panic(err)
	}
	return wire.Zone{ID: "z", Kind: kind, Points: ps}
}

func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		zone wire.Zone
		good bool
	}{
		"square":                    {poly("private", "0,0 1,0 1,1 0,1"), true},
		"other way round":           {poly("masked", "0,1 1,1 1,0 0,0"), true},
		"concave":                   {poly("consent", "0,0 1,0 1,1 0.5,0.2 0,1"), true},
		"corner on a straight edge": {poly("capture", "0,0 0.5,0 1,0 1,1 0,1"), true},
		"two points":                {poly("private", "0,0 1,1"), false},
		"no points":                 {poly("private", ""), false},
		"bow tie":                   {poly("private", "0,0 1,1 1,0 0,1"), false},
		"folds back":                {poly("private", "0,0 1,0 0.5,0 0,1"), false},
		"same point twice":          {poly("private", "0,0 1,0 1,0 0,1"), false},
		"touches itself":            {poly("private", "0,0 1,0 1,1 0.5,0 0,1"), false},
		"passes a corner twice":     {poly("private", "0,0 1,0 0.5,0.5 1,1 0,1 0.5,0.5"), false},
		"outside":                   {poly("private", "0,0 1.01,0 0,1"), false},
		"negative":                  {poly("private", "-0.1,0 1,0 0,1"), false},
		"not a number":              {poly("private", "NaN,0 1,0 0,1"), false},
		"a speck":                   {poly("private", "0,0 0.005,0 0,0.005"), false},
		"a line":                    {poly("private", "0,0 0.5,0.5 1,1"), false},
		"kind":                      {poly("public", "0,0 1,0 1,1 0,1"), false},
		"name":                      {wire.Zone{ID: "Front Door", Kind: "private", Points: Everything().Points}, false},
		"no name":                   {wire.Zone{Kind: "private", Points: Everything().Points}, false},
		"everything":                {Everything(), true},
		"64 points":                 {wire.Zone{ID: "z", Kind: "private", Points: circle(64)}, true},
		"65 points":                 {wire.Zone{ID: "z", Kind: "private", Points: circle(65)}, false},
	} {
		err := Check(test.zone)
		if (err == nil) != test.good || err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPurposesOfAZone(t *testing.T) {
	many := make([]string, MaxPurposes+1)
	for i := range many {
		many[i] = fmt.Sprintf("p%d", i)
	}
	for name, test := range map[string]struct {
		kind     wire.ZoneKind
		purposes []string
		good     bool
	}{
		"two":            {wire.ZoneConsent, []string{"care", "event"}, true},
		"none":           {wire.ZoneConsent, nil, true},
		"most":           {wire.ZoneConsent, many[1:], true},
		"too many":       {wire.ZoneConsent, many, false},
		"twice":          {wire.ZoneConsent, []string{"care", "care"}, false},
		"no slug":        {wire.ZoneConsent, []string{"Care!"}, false},
		"empty":          {wire.ZoneConsent, []string{""}, false},
		"for films":      {wire.ZoneConsent, []string{"care", "subject-access"}, false},
		"no consent":     {wire.ZoneMasked, []string{"care"}, false},
		"capture":        {wire.ZoneCapture, []string{"care"}, false},
		"no consent, no": {wire.ZonePrivate, nil, true},
	} {
		z := poly(test.kind, "0,0 1,0 1,1 0,1")
		z.Purposes = test.purposes
		if err := Check(z); (err == nil) != test.good || err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func circle(n int) (ps []wire.Point) {
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		ps = append(ps, wire.Point{X: 0.5 + 0.4*cos, Y: 0.5 + 0.4*sin})
	}
	return ps
}

// Where zones overlap, the stricter one holds, in whatever order they come.
func TestOverlapsResolveTowardsPrivacy(t *testing.T) {
	private, masked := poly("private", "0,0 0.5,0 0.5,1 0,1"), poly("masked", "0.25,0 0.75,0 0.75,1 0.25,1")
	consent, capture := poly("consent", "0,0 1,0 1,1 0,1"), poly("capture", "0,0 0.9,0 0.9,1 0,1")
	other := poly("capture", "0.8,0.5 1,0.5 1,1 0.8,1")
	for _, zones := range [][]wire.Zone{
		{private, masked, consent, capture, other}, {other, capture, consent, masked, private}, {consent, other, private, capture, masked},
	} {
		for _, test := range []struct {
			x, y float64
			want wire.ZoneKind
		}{
			{0.1, 0.5, "private"}, {0.4, 0.5, "private"}, {0.6, 0.5, "masked"}, {0.8, 0.2, "consent"},
			{0.95, 0.2, "private"}, {0.95, 0.7, "consent"}, {0.5, 0.5, "private"},
		} {
			if got := At(zones, wire.Point{X: test.x, Y: test.y}); got != test.want {
				t.Errorf("at %v,%v: %q, want %q", test.x, test.y, got, test.want)
			}
		}
	}
	moving := poly("moving", "0,0 0.6,0 0.6,1 0,1")
	for _, zones := range [][]wire.Zone{{masked, moving, consent}, {consent, moving, masked}} {
		for x, want := range map[float64]wire.ZoneKind{0.1: "moving", 0.5: "masked", 0.7: "masked", 0.9: "consent"} {
			if got := At(zones, wire.Point{X: x, Y: 0.5}); got != want {
				t.Errorf("at %v: %q, want %q", x, got, want)
			}
		}
	}
	if got := At([]wire.Zone{masked}, wire.Point{X: 0.1, Y: 0.1}); got != "" {
		t.Errorf("outside of all zones: %q", got)
	}
}

func TestShares(t *testing.T) {
	zones := []wire.Zone{poly("private", "0,0 0.5,0 0.5,0.5 0,0.5"), poly("consent", "0,0 1,0 1,0.5 0,0.5")}
	got := Shares(zones)
	for kind, want := range map[wire.ZoneKind]float64{"private": 0.25, "consent": 0.25, "": 0.5, "masked": 0} {
		if math.Abs(got[kind]-want) > 0.005 {
			t.Errorf("%q: %v, want %v", kind, got[kind], want)
		}
	}
	if got := area(zones[0].Points); math.Abs(got-0.25) > 1e-9 {
		t.Errorf("area %v", got)
	}
}

func TestParse(t *testing.T) {
	if ps, err := ParseRect("0, 0.5,0.3,1"); err != nil || fmt.Sprint(ps) != "[{0 0.5} {0.3 0.5} {0.3 1} {0 1}]" {
		t.Errorf("%v, %v", ps, err)
	}
	for _, bad := range []string{"", "0,0,1", "0,0,1,x", "0,0,1,1,1"} {
		if _, err := ParseRect(bad); !errors.Is(err, ErrInvalid) {
			t.Errorf("rect %q: %v", bad, err)
		}
	}
	for _, bad := range []string{"0", "0,x", "0,0,0", strings.Repeat("0,0 ", 65)} {
		if _, err := ParsePoints(bad); !errors.Is(err, ErrInvalid) {
			t.Errorf("points %.20q: %v", bad, err)
		}
	}
}

func TestSVGIsXML(t *testing.T) {
	drawing := SVG([]byte{0xff, 0xd8}, 640, 360, []wire.Zone{{ID: "a<b", Kind: "private", Points: Everything().Points}})
	d := xml.NewDecoder(bytes.NewReader(drawing))
	seen := map[string]int{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			seen[e.Name.Local]++
		}
	}
	if seen["image"] != 1 || seen["polygon"] != 1 || seen["text"] != 1 {
		t.Errorf("elements: %v", seen)
	}
}

// A polygon that passes has an area, and every corner of it counts as inside.
func FuzzZone(f *testing.F) {
	f.Add("0.1,0.1 0.5,0.1 0.3,0.8", "private")
	f.Add("0,0 1,1 1,0 0,1", "masked")
	f.Fuzz(func(t *testing.T, points, kind string) {
		ps, err := ParsePoints(points)
		if err != nil {
			return
		}
		z := wire.Zone{ID: "z", Kind: wire.ZoneKind(kind), Points: ps}
		if Check(z) != nil {
			return
		}
		if area(ps) < MinArea || len(ps) > MaxPoints {
			t.Errorf("passed: %v", z)
		}
		for _, p := range ps {
			if !Contains(z, p) {
				t.Errorf("corner %v lies outside of %v", p, z)
			}
		}
	})
}
