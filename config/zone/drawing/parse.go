package drawing

import (
	"strconv"
	"strings"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
)

// ParsePoints reads corners such as "0.1,0.2 0.5,0.2 0.5,0.9".
func ParsePoints(s string) ([]zone.Point, error) {
	var out []zone.Point
	for _, word := range strings.Fields(s) {
		x, y, ok := strings.Cut(word, ",")
		p, err := parsePoint(x, y)
		if !ok || err != nil || len(out) == MaxPoints {
			return nil, text.Fail(ErrInvalid, text.ZonePointsForm, word, MaxPoints)
		}
		out = append(out, p)
	}
	return out, nil
}

// ParseRect reads "left,top,right,bottom" and returns its four corners.
func ParseRect(s string) ([]zone.Point, error) {
	v := strings.Split(s, ",")
	if len(v) != 4 {
		return nil, text.Fail(ErrInvalid, text.ZoneRectForm, s)
	}
	a, errA := parsePoint(v[0], v[1])
	c, errC := parsePoint(v[2], v[3])
	if errA != nil || errC != nil {
		return nil, text.Fail(ErrInvalid, text.ZoneRectForm, s)
	}
	return []zone.Point{a, {X: c.X, Y: a.Y}, c, {X: a.X, Y: c.Y}}, nil
}

func parsePoint(x, y string) (p zone.Point, err error) {
	if p.X, err = strconv.ParseFloat(strings.TrimSpace(x), 64); err != nil {
		return p, err
	}
	p.Y, err = strconv.ParseFloat(strings.TrimSpace(y), 64)
	return p, err
}
