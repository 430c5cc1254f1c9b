package pipeline

import (
	"crypto/rand"
	"crypto/sha256"

	"github.com/bauta-gateway/bauta/anonymize"
	"github.com/bauta-gateway/bauta/anonymize/decision"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// cover is what hides faces and zones in the frame that leaves, with the seed of its noise.
type cover struct {
	anonymize.Overlay
	seeded bool
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

// mask paints the frame and counts what it painted. Where no pass covers it, or the
// detector failed, all of it is masked.
func (p *Pipeline) mask(e *pendingFrame, r *media.Record) error {
	img := e.frame.YCbCr()
	p.cover.Begin(p.style, e.n, p.planner.Zones(img.Rect.Size()))
	f := p.toDecide(e)
	if e.blur || p.tracker.Failed(e.n) || !p.tracker.Covered(e.n) {
		p.planner.HideAll(f)
		return p.maskAll(e.frame)
	}
	// At BlurPicture these are the frames that still waited when it came to that.
	n := p.planner.Plan(&p.cover.Cover, p.tracker, f, r.Degradation < media.BlurFrame)
	r.Faces, r.Masked, r.Shown = n.Faces, n.Masked, n.Shown
	p.cover.PutOn(img)
	return nil
}

// toDecide is a frame as the planner takes it.
func (p *Pipeline) toDecide(e *pendingFrame) decision.Frame {
	return decision.Frame{N: e.n, Seq: e.unit.Seq, PTS: e.unit.PTS, Image: e.frame.YCbCr(), Corrupt: e.frame.Corrupt(), Now: p.clock(e)}
}

// maskAll hides the whole frame, on a copy: there is little to save.
func (p *Pipeline) maskAll(f *av.Frame) error {
	if err := f.Own(); err != nil {
		return err
	}
	img := f.YCbCr()
	p.cover.Parts = append(p.cover.Parts, img.Rect)
	p.cover.Paint(img)
	return nil
}
