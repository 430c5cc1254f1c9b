package anonymize

import "image"

// Overlay paints a Cover on the decoder's own frame and takes it off again once the frame is
// encoded: later frames are predicted from it, and a copy of a few faces is cheaper than one
// of everything.
type Overlay struct {
	Cover
	under []Patch  // what faces and parts hide in the frame that is being encoded
	zones [][]byte // what the first few of Zones hide in it
	kept  int      // how many of them
}

// Begin begins a frame.
func (o *Overlay) Begin(style Style, n int, zones []Zone) {
	o.Style, o.Frame, o.Zones = style, n, zones
	o.Faces, o.Shown, o.Parts = o.Faces[:0], o.Shown[:0], o.Parts[:0]
	o.under, o.kept = o.under[:0], 0
}

// PutOn keeps what will be hidden, and hides it.
func (o *Overlay) PutOn(img *image.YCbCr) {
	for _, f := range o.Faces {
		o.keep(img, Reach(img, f.Rect))
	}
	for _, r := range o.Parts {
		o.keep(img, r.Intersect(img.Rect))
	}
	for i, z := range o.Zones {
		if i == len(o.zones) {
			o.zones = append(o.zones, nil)
		}
		o.zones[i] = z.Cut(img, o.zones[i][:0])
		o.kept++
	}
	o.Paint(img)
}

// keep copies pixels, in the memory of an earlier frame.
func (o *Overlay) keep(img *image.YCbCr, r image.Rectangle) {
	var old Patch
	if n := len(o.under); n < cap(o.under) {
		old = o.under[:n+1][n]
	}
	o.under = append(o.under, Cut(img, r, old))
}

// TakeOff gives the decoder its frame back.
func (o *Overlay) TakeOff(img *image.YCbCr) {
	for i, b := range o.zones[:o.kept] {
		o.Zones[i].Restore(img, b)
	}
	for _, p := range o.under {
		p.Restore(img)
	}
	o.under, o.kept = o.under[:0], 0
}
