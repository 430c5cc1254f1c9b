package main

import (
	"context"
	"fmt"
	"image"
	"io"

	"github.com/bauta-gateway/bauta/anonymize/leak"
)

const (
	// near is how many frames around the likeliest one are compared too: the
	// best of them counts, so that no face is hidden by a wrong guess.
	near = 2
	// sharp is the lowest correlation that background of the same frame keeps
	// when it is encoded again; blurred it falls to about 0.
	sharp = 0.5
	// mostBlurred is the largest share of frames whose background may be blurred
	// by itself: means over the recording alone would let nearly half of them pass.
	mostBlurred = 0.1
	// mostChanged is the largest share of the frame that masks may take in the
	// demo. The whole frame blurred changes more than 0.5.
	mostChanged = 0.3
	// fewestFaces that have to be met: fewer say nothing.
	fewestFaces = 10
)

// result is what a recording shows.
type result struct {
	frames, faces, open int
	highest             float64 // correlation of a face
	kept, samples       float64 // background: sum of correlations, and how many
	area                float64 // sum of the changed areas of all frames
	blurred             int     // frames whose own background is not sharp
}

func (r result) background() float64 { return r.kept / max(1, r.samples) }

func (r result) changed() float64 { return r.area / max(1, float64(r.frames)) }

func (r result) verdict() error {
	switch {
	case r.faces < fewestFaces:
		return fmt.Errorf("only %d faces were met: record for longer", r.faces)
	case r.open > 0:
		return fmt.Errorf("%w: %d of %d faces are open", errNotMasked, r.open, r.faces)
	case r.background() < sharp || r.changed() > mostChanged:
		return fmt.Errorf("%w: the background is altered", errNotMasked)
	case float64(r.blurred) > mostBlurred*float64(r.frames):
		return fmt.Errorf("%w: %d of %d frames are blurred as a whole", errNotMasked, r.blurred, r.frames)
	}
	return nil
}

// measure compares each frame of the recording with those of the clip that it
// may show.
func measure(ctx context.Context, c clip, recording string) (result, error) {
	v, err := open(ctx, recording, c.truth.Width, c.truth.Height)
	if err != nil {
		return result{}, err
	}
	defer v.close()
	var r result
	shown := image.NewGray(image.Rect(0, 0, c.truth.Width, c.truth.Height))
	for {
		if err := v.read(shown); err == io.EOF {
			return r, nil
		} else if err != nil {
			return r, err
		}
		r.add(c, shown)
	}
}

// add compares one recorded frame.
func (r *result) add(c clip, shown *image.Gray) {
	n := c.find(shown)
	first, last := max(0, n-near), min(n+near, len(c.frames)-1)
	for _, f := range c.truth.Frames[n] {
		if f.W < leak.MinWidth {
			continue
		}
		r.faces++
		best := 0.0
		for _, frame := range c.frames[first : last+1] {
			if d, ok := leak.Detail(frame, shown, box(f)); ok {
				best = max(best, d)
			}
		}
		r.highest = max(r.highest, best)
		if best > leak.Threshold {
			r.open++
		}
	}
	r.addBackground(c, n, shown)
	r.frames++
	r.area += leak.ChangedArea(c.frames[n], shown)
}

// addBackground compares what surrounds the faces of frame n.
func (r *result) addBackground(c clip, n int, shown *image.Gray) {
	kept, tiles := 0.0, c.background(n)
	for _, b := range tiles {
		d, _ := leak.Detail(c.frames[n], shown, b)
		kept += d
	}
	if kept < sharp*float64(len(tiles)) {
		r.blurred++
	}
	r.kept, r.samples = r.kept+kept, r.samples+float64(len(tiles))
}
