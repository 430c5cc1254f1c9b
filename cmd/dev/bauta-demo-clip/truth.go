package main

import (
	"image"

	"github.com/bauta-gateway/bauta/hardware/clips"
)

// A face counts as seen with so much of it inside the frame and before
// everybody else.
const (
	insideShare = 0.90
	bareShare   = 0.95
)

// truth is where the faces are that can be seen, and the badges that they wear.
func (c *clip) truth() clips.Truth {
	t := clips.Truth{FPS: fps, Width: width, Height: height}
	for n := range fps * seconds {
		faces := []clips.Face{}
		for i := range c.actors {
			if r, ok := c.seen(i, n); ok {
				f := clips.Face{X: float64(r.Min.X), Y: float64(r.Min.Y), W: float64(r.Dx()), H: float64(r.Dy()), Badge: c.actors[i].badge}
				if isRotated(n) {
					f = rotatedFace(f)
				}
				faces = append(faces, f)
			}
		}
		t.Frames = append(t.Frames, faces)
	}
	return t
}

// seen is the face of an actor in frame n, where it can be seen.
func (c *clip) seen(i, n int) (image.Rectangle, bool) {
	t, view := float64(n)/fps, image.Rect(0, 0, width, deskTop)
	if isRotated(n) {
		view = view.Intersect(rotatedPart)
	}
	corner, ok := c.actors[i].at(t)
	if !ok {
		return image.Rectangle{}, false
	}
	r := c.actors[i].face.Add(corner)
	in := r.Intersect(view)
	if float64(area(in)) < insideShare*float64(area(r)) {
		return r, false
	}
	return r, float64(c.bare(in, i, t)) >= bareShare*float64(area(in))
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }

// bare counts the pixels of r that nobody hides who stands before actor i.
func (c *clip) bare(r image.Rectangle, i int, t float64) int {
	type cover struct {
		body   *image.RGBA
		corner image.Point
	}
	var before []cover
	for k := i + 1; k < len(c.actors); k++ {
		body := c.actors[k].body
		if corner, ok := c.actors[k].at(t); ok && body.Rect.Add(corner).Overlaps(r) {
			before = append(before, cover{body, corner})
		}
	}
	n := area(r)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			for _, b := range before {
				if b.body.RGBAAt(x-b.corner.X, y-b.corner.Y).A >= 128 {
					n--
					break
				}
			}
		}
	}
	return n
}
