package pipeline

import (
	"crypto/rand"
	"crypto/sha256"
	"image"

	"github.com/bauta-gateway/bauta/anonymize"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// cover paints on the decoder's own picture and takes it off again once the
// picture is encoded: later pictures are predicted from it, and a copy of a few
// faces is cheaper than one of everything.
type cover struct {
	anonymize.Cover
	seeded bool
	under  []anonymize.Patch // what faces and parts hide in the picture that is being encoded
	zones  [][]byte          // what the first few of Zones hide in it
	kept   int               // how many of them
}

// newCover draws a camera's seed, another one each time. It is called before
// the lock-down, which leaves no source of randomness.
func newCover(live bool) (c cover) {
	if live {
		rand.Read(c.Seed[:]) // never fails
		c.seeded = true
	}
	return c
}

// begin makes a file's seed of its first access unit: masking the file again
// gives the same bytes, and whoever has not got the file cannot know it.
func (c *cover) begin(u wire.Unit) {
	if c.seeded {
		return
	}
	h := sha256.New()
	for _, n := range u.NALUs {
		h.Write(n)
	}
	copy(c.Seed[:], h.Sum(nil))
	c.seeded = true
}

// clear begins a picture.
func (c *cover) clear(style anonymize.Style, n int, zones []anonymize.Zone) {
	c.Style, c.Frame, c.Zones = style, n, zones
	c.Faces, c.Shown, c.Parts = c.Faces[:0], c.Shown[:0], c.Parts[:0]
	c.under, c.kept = c.under[:0], 0
}

// putOn keeps what will be hidden, and hides it.
func (c *cover) putOn(img *image.YCbCr) {
	for _, f := range c.Faces {
		c.keep(img, anonymize.Reach(img, f.Rect))
	}
	for _, r := range c.Parts {
		c.keep(img, r.Intersect(img.Rect))
	}
	for i, z := range c.Zones {
		if i == len(c.zones) {
			c.zones = append(c.zones, nil)
		}
		c.zones[i] = z.Cut(img, c.zones[i][:0])
		c.kept++
	}
	c.Paint(img)
}

// keep copies pixels, in the memory of an earlier picture.
func (c *cover) keep(img *image.YCbCr, r image.Rectangle) {
	var old anonymize.Patch
	if n := len(c.under); n < cap(c.under) {
		old = c.under[:n+1][n]
	}
	c.under = append(c.under, anonymize.Cut(img, r, old))
}

// takeOff gives the decoder its picture back.
func (c *cover) takeOff(img *image.YCbCr) {
	for i, b := range c.zones[:c.kept] {
		c.Zones[i].Restore(img, b)
	}
	for _, p := range c.under {
		p.Restore(img)
	}
	c.under, c.kept = c.under[:0], 0
}

// mask paints the picture and counts what it painted. Where no look covers
// it, or the detector failed, all of it is masked.
func (p *Pipeline) mask(e *pendingFrame, r *media.Record) error {
	img := e.frame.YCbCr()
	p.zones.fit(img.Rect.Size())
	p.cover.clear(p.style, e.n, p.zones.areas)
	if e.blur || p.tracker.Failed(e.n) || !p.tracker.Covered(e.n) {
		p.consent.end(e, nil)
		return p.maskAll(e.frame)
	}
	var shown map[int]bool
	if r.Step == media.BlurPicture { // the pictures that still waited when it came to that
		p.consent.end(e, nil)
	} else {
		shown = p.consent.decide(&p.zones, p.tracker.tracks, e, p.clock(e))
	}
	p.cover.Parts = append(p.cover.Parts, p.movingBlocks(e.n)...)
	for _, t := range p.tracker.tracks.Tracks() {
		s, ok := t.At(e.n)
		if !ok {
			continue
		}
		if r.Faces++; shown[t.ID] {
			r.Shown++
			p.cover.Shown = append(p.cover.Shown, MaskRect(s, t.Proved()))
			continue
		}
		r.Masked++
		p.cover.Faces = append(p.cover.Faces, anonymize.Face{Rect: MaskRect(s, t.Proved()), Track: t.ID})
	}
	p.cover.putOn(img)
	return nil
}

// maskAll hides the whole picture, on a copy: there is little to save.
func (p *Pipeline) maskAll(f *av.Frame) error {
	if err := f.Own(); err != nil {
		return err
	}
	img := f.YCbCr()
	p.cover.Parts = append(p.cover.Parts, img.Rect)
	p.cover.Paint(img)
	return nil
}
