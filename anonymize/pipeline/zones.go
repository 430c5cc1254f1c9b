package pipeline

import (
	"fmt"
	"image"
	"slices"

	"github.com/bauta-gateway/bauta/anonymize"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/detector/track"
)

// zones is what the camera's zones ask for, drawn for the size of its pictures.
type zones struct {
	list    []wire.Zone
	private []anonymize.Polygon
	masked  []anonymize.Polygon
	moving  []anonymize.Polygon // what moves in them is blurred
	capture []anonymize.Polygon
	consent map[string]anonymize.Polygon
	limited bool // there is a capture zone, usable or not

	size  image.Point
	areas []anonymize.Zone
}

// set takes new zones. One that cannot be used hides more, never less: a
// private, masked or moving one, or one of a kind not known, stands for the whole picture, a
// consent zone for nothing and a capture zone for no capture. The error names such zones.
func (z *zones) set(list []wire.Zone) error {
	if slices.EqualFunc(list, z.list, sameZone) {
		return nil
	}
	*z = zones{list: list, consent: map[string]anonymize.Polygon{}}
	var bad error
	for _, zone := range list {
		p := polygonOf(zone)
		err := p.Check()
		if err != nil {
			p = anonymize.Everything
		}
		switch zone.Kind {
		case wire.ZoneCapture:
			z.limited = true
			if err == nil {
				z.capture = append(z.capture, p)
			}
		case wire.ZoneConsent:
			if _, twice := z.consent[zone.ID]; twice {
				err = fmt.Errorf("there is another zone of this name")
			}
			if err != nil {
				p = nil
			}
			z.consent[zone.ID] = p
		case wire.ZoneMasked:
			z.masked = append(z.masked, p)
		case wire.ZoneMoving:
			z.moving = append(z.moving, p)
		case wire.ZonePrivate:
			z.private = append(z.private, p)
		default:
			err = fmt.Errorf("kind %q is not known", zone.Kind)
			z.private = append(z.private, anonymize.Everything)
		}
		if err != nil && bad == nil {
			bad = fmt.Errorf("zone %q is invalid and hides all that it may: %w; remove it and draw it anew", zone.ID, err)
		}
	}
	return bad
}

func sameZone(a, b wire.Zone) bool {
	return a.ID == b.ID && a.Kind == b.Kind && slices.Equal(a.Points, b.Points)
}

func polygonOf(zone wire.Zone) anonymize.Polygon {
	p := make(anonymize.Polygon, len(zone.Points))
	for i, v := range zone.Points {
		p[i] = anonymize.Point{X: v.X, Y: v.Y}
	}
	return p
}

// fit draws the zones for pictures of a size.
func (z *zones) fit(size image.Point) {
	if z.size == size {
		return
	}
	z.size, z.areas = size, nil
	if len(z.masked) > 0 {
		z.areas = append(z.areas, anonymize.Zone{Area: anonymize.Touched(size, z.masked)})
	}
	if len(z.private) > 0 {
		z.areas = append(z.areas, anonymize.Zone{Area: anonymize.Touched(size, z.private), Solid: true})
	}
	if z.limited {
		z.areas = append(z.areas, anonymize.Zone{Area: anonymize.Beyond(size, z.capture), Solid: true})
	}
}

// allow returns the first of the consent zones named in which the whole face
// lies, "*" naming all, and tells whether no stricter zone touches it.
func (z *zones) allow(box track.Box, size image.Point, named []string) (string, bool) {
	r, ok := relative(box, size)
	if !ok || z.stricter(r) {
		return "", false
	}
	for _, zone := range z.list {
		if zone.Kind == wire.ZoneConsent && (slices.Contains(named, zone.ID) || slices.Contains(named, "*")) && z.consent[zone.ID].Contains(r) {
			return zone.ID, true
		}
	}
	return "", false
}

func (z *zones) stricter(r anonymize.Rect) bool {
	touches := func(p anonymize.Polygon) bool { return p.Touches(r) }
	within := func(p anonymize.Polygon) bool { return p.Contains(r) }
	return slices.ContainsFunc(z.private, touches) || slices.ContainsFunc(z.masked, touches) || slices.ContainsFunc(z.moving, touches) ||
		z.limited && !slices.ContainsFunc(z.capture, within)
}

// moves tells whether what moves in a block of the picture is to be blurred.
func (z *zones) moves(block image.Rectangle, size image.Point) bool {
	r, ok := relative(track.Box{X: float32(block.Min.X), Y: float32(block.Min.Y), W: float32(block.Dx()), H: float32(block.Dy())}, size)
	return ok && slices.ContainsFunc(z.moving, func(p anonymize.Polygon) bool { return p.Touches(r) })
}

// relative is the part of the box that is in the picture; ok is false where
// there is none.
func relative(b track.Box, size image.Point) (r anonymize.Rect, ok bool) {
	w, h := float64(size.X), float64(size.Y)
	r = anonymize.Rect{
		X0: max(float64(b.X)/w, 0), Y0: max(float64(b.Y)/h, 0),
		X1: min(float64(b.X+b.W)/w, 1), Y1: min(float64(b.Y+b.H)/h, 1),
	}
	return r, r.X0 < r.X1 && r.Y0 < r.Y1
}
