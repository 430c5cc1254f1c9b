package drawing

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/zone"
)

func poly(kind zone.Kind, points string) zone.Zone {
	ps, err := ParsePoints(points)
	if err != nil {
		panic(err)
	}
	return zone.Zone{ID: "z", Kind: kind, Points: ps}
}

func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		drawn zone.Zone
		good  bool
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
		"name":                      {zone.Zone{ID: "Front Door", Kind: "private", Points: zone.Everything().Points}, false},
		"no name":                   {zone.Zone{Kind: "private", Points: zone.Everything().Points}, false},
		"everything":                {zone.Everything(), true},
		"64 points":                 {zone.Zone{ID: "z", Kind: "private", Points: circle(64)}, true},
		"65 points":                 {zone.Zone{ID: "z", Kind: "private", Points: circle(65)}, false},
	} {
		err := Check(test.drawn)
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
		kind     zone.Kind
		purposes []string
		good     bool
	}{
		"two":            {zone.Consent, []string{"care", "event"}, true},
		"none":           {zone.Consent, nil, true},
		"most":           {zone.Consent, many[1:], true},
		"too many":       {zone.Consent, many, false},
		"twice":          {zone.Consent, []string{"care", "care"}, false},
		"no slug":        {zone.Consent, []string{"Care!"}, false},
		"empty":          {zone.Consent, []string{""}, false},
		"for films":      {zone.Consent, []string{"care", "subject-access"}, false},
		"no consent":     {zone.Masked, []string{"care"}, false},
		"capture":        {zone.Capture, []string{"care"}, false},
		"no consent, no": {zone.Private, nil, true},
	} {
		z := poly(test.kind, "0,0 1,0 1,1 0,1")
		z.Purposes = test.purposes
		if err := Check(z); (err == nil) != test.good || err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func circle(n int) (ps []zone.Point) {
	for i := range n {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		ps = append(ps, zone.Point{X: 0.5 + 0.4*cos, Y: 0.5 + 0.4*sin})
	}
	return ps
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

// A polygon that passes has an area, and every corner of it counts as inside.
func FuzzZone(f *testing.F) {
	f.Add("0.1,0.1 0.5,0.1 0.3,0.8", "private")
	f.Add("0,0 1,1 1,0 0,1", "masked")
	f.Fuzz(func(t *testing.T, points, kind string) {
		ps, err := ParsePoints(points)
		if err != nil {
			return
		}
		z := zone.Zone{ID: "z", Kind: zone.Kind(kind), Points: ps}
		if Check(z) != nil {
			return
		}
		if zone.Area(ps) < MinArea || len(ps) > MaxPoints {
			t.Errorf("passed: %v", z)
		}
		for _, p := range ps {
			if !zone.Contains(z, p) {
				t.Errorf("corner %v lies outside of %v", p, z)
			}
		}
	})
}
