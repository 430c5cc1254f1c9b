// Package decision decides what each frame shows and what it hides: by the tracks, the
// zones, and the consents that count at that moment.
//
// In: the tracker, the newest frame as it comes, the camera's zones and consents. Out:
// what an anonymize.Cover has to hide in the frame that is about to leave, and, through a
// callback, each decision that is another than the last one on a face. It has no
// goroutine: the pipeline's owns it. It never shows a face in doubt, never paints, and
// knows no person: a consent is a badge's number.
package decision

import (
	"image"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/anonymize"
	"github.com/bauta-gateway/bauta/anonymize/tracker"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Frame is a frame to decide on.
type Frame struct {
	// N is the number by which the tracker knows it.
	N   int
	Seq uint64
	PTS media.Ticks90k
	// Image is valid for the call it is given to.
	Image *image.YCbCr
	// Corrupt says that the decoder had to conceal a part of it.
	Corrupt bool
	// Now is the time by which consents count in it.
	Now time.Time
}

// Planner holds the zones and consents of one camera.
type Planner struct {
	zones   zones
	consent shownFaces
}

// New makes a planner without zones and consents: it hides all faces. report is called
// within Plan and HideAll.
func New(report func(wire.Decision)) *Planner {
	return &Planner{consent: newConsent(report)}
}

// SetRules replaces zones and consents, from the very next frame that leaves. The error
// names a zone that cannot be used; it hides more then, never less, and all else holds.
func (p *Planner) SetRules(zones []zone.Zone, shows []wire.Show) error {
	err := p.zones.set(zones)
	p.consent.setShows(shows)
	return err
}

// WantsMotion reports whether some zone asks for what moves to be blurred.
func (p *Planner) WantsMotion() bool { return len(p.zones.moving) > 0 }

// Observe follows faces and badges into the newest frame.
func (p *Planner) Observe(t *tracker.Tracker, f Frame) { p.consent.observe(t, &p.zones, f) }

// Zones are the areas to hide whole in frames of a size.
func (p *Planner) Zones(size image.Point) []anonymize.Zone {
	p.zones.fit(size)
	return p.zones.areas
}

// HideAll notes that a frame leaves in which nothing is shown.
func (p *Planner) HideAll(f Frame) { p.consent.end(f, nil) }

// Counts are the faces of a frame. Faces is the sum of the other two.
type Counts struct{ Faces, Masked, Shown int }

// Plan adds to the cover what is to be hidden in a frame that is about to leave, zones
// aside. Where mayShow is false no consent counts.
func (p *Planner) Plan(c *anonymize.Cover, t *tracker.Tracker, f Frame, mayShow bool) (n Counts) {
	var shown map[int]bool
	if mayShow {
		shown = p.consent.decide(&p.zones, t.Tracks(), f)
	} else {
		p.HideAll(f)
	}
	c.Parts = append(c.Parts, p.movingBlocks(t, f.N)...)
	for _, face := range t.Tracks().Tracks() {
		position, ok := face.At(f.N)
		if !ok {
			continue
		}
		rect := MaskRect(position, face.Proved())
		if n.Faces++; shown[face.ID] {
			n.Shown++
			c.Shown = append(c.Shown, rect)
			continue
		}
		n.Masked++
		c.Faces = append(c.Faces, anonymize.Face{Rect: rect, Track: face.ID})
	}
	return n
}

// movingBlocks are the parts of frame n that are blurred because something moves there
// and a zone asks for it.
func (p *Planner) movingBlocks(t *tracker.Tracker, n int) []image.Rectangle {
	if !p.WantsMotion() {
		return nil
	}
	return slices.DeleteFunc(t.MovingBlocks(n), func(r image.Rectangle) bool { return !p.zones.moves(r, t.Size()) })
}
