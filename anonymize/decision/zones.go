package decision

import (
	"fmt"
	"image"
	"slices"

	"github.com/bauta-gateway/bauta/anonymize"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/detector/track"
)

// zones is what the camera's zones ask for, drawn for the size of its frames.
type zones struct {
	list    []zone.Zone
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
// private, masked or moving one, or one of a kind not known, stands for the whole frame, a
// consent zone for nothing and a capture zone for no capture. The error names such zones.
func (z *zones) set(list []zone.Zone) error {
	if slices.EqualFunc(list, z.list, sameZone) {
		return nil
	}
	*z = zones{list: list, consent: map[string]anonymize.Polygon{}}
	var bad error
	for _, one := range list {
		p := polygonOf(one)
		err := p.Check()
		if err != nil {
			p = anonymize.Everything
		}
		switch one.Kind {
		case zone.Capture:
			z.limited = true
			if err == nil {
				z.capture = append(z.capture, p)
			}
		case zone.Consent:
			if _, twice := z.consent[one.ID]; twice {
				err = fmt.Errorf("there is another zone of this name")
			}
			if err != nil {
				p = nil
			}
			z.consent[one.ID] = p
		case zone.Masked:
			z.masked = append(z.masked, p)
		case zone.Moving:
			z.moving = append(z.moving, p)
		case zone.Private:
			z.private = append(z.private, p)
		default:
			err = fmt.Errorf("kind %q is not known", one.Kind)
			z.private = append(z.private, anonymize.Everything)
		}
		if err != nil && bad == nil {
			bad = fmt.Errorf("zone %q is invalid and hides all that it may: %w; remove it and draw it anew", one.ID, err)
		}
	}
	return bad
}

func sameZone(a, b zone.Zone) bool {
	return a.ID == b.ID && a.Kind == b.Kind && slices.Equal(a.Points, b.Points)
}

func polygonOf(one zone.Zone) anonymize.Polygon {
	p := make(anonymize.Polygon, len(one.Points))
	for i, v := range one.Points {
		p[i] = anonymize.Point{X: v.X, Y: v.Y}
	}
	return p
}

// fit draws the zones for frames of a size.
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
// lies, "*" naming all, and reports whether no stricter zone touches it.
func (z *zones) allow(box track.Box, size image.Point, named []string) (string, bool) {
	r, ok := relative(box, size)
	if !ok || z.stricter(r) {
		return "", false
	}
	for _, one := range z.list {
		if one.Kind == zone.Consent && (slices.Contains(named, one.ID) || slices.Contains(named, "*")) && z.consent[one.ID].Contains(r) {
			return one.ID, true
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

// moves reports whether what moves in a block of the frame is to be blurred.
func (z *zones) moves(block image.Rectangle, size image.Point) bool {
	r, ok := relative(track.Box{X: float32(block.Min.X), Y: float32(block.Min.Y), W: float32(block.Dx()), H: float32(block.Dy())}, size)
	return ok && slices.ContainsFunc(z.moving, func(p anonymize.Polygon) bool { return p.Touches(r) })
}

// relative is the part of the box that is in the frame; ok is false where
// there is none.
func relative(b track.Box, size image.Point) (r anonymize.Rect, ok bool) {
	w, h := float64(size.X), float64(size.Y)
	r = anonymize.Rect{
		X0: max(float64(b.X)/w, 0), Y0: max(float64(b.Y)/h, 0),
		X1: min(float64(b.X+b.W)/w, 1), Y1: min(float64(b.Y+b.H)/h, 1),
	}
	return r, r.X0 < r.X1 && r.Y0 < r.Y1
}
