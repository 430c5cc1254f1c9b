package main

import (
	"image"
	"image/draw"
	"math"
)

// stop is where an actor's middle is at a time; between two stops with different
// places the actor walks, else stands.
type stop struct {
	at float64 // seconds
	x  float64 // pixels
}

// actor is a person who walks through the frame.
type actor struct {
	body, shadow *image.RGBA
	face         image.Rectangle // within the body
	badge        int
	floor        int // where the cut-out ends, behind the desk
	stops        []stop
}

// at is the actor's top left corner at time t, and whether the actor is on the way.
func (a *actor) at(t float64) (corner image.Point, ok bool) {
	for i := 1; i < len(a.stops); i++ {
		from, to := a.stops[i-1], a.stops[i]
		if t < from.at || t >= to.at {
			continue
		}
		part := (t - from.at) / (to.at - from.at)
		x := from.x + (to.x-from.x)*part*part*(3-2*part) // from rest to rest
		bob := 0.0
		if to.x != from.x {
			bob = 5 * min(1, 8*part*(1-part)) * math.Abs(math.Sin((t-from.at)*5.2)) // two steps in 1.2 s
		}
		size := a.body.Rect.Size()
		return image.Pt(int(x)-size.X/2, a.floor-size.Y-int(bob)), true
	}
	return image.Point{}, false
}

func (a *actor) draw(to *image.RGBA, t float64) {
	if p, ok := a.at(t); ok {
		draw.Draw(to, a.body.Rect.Add(p), a.body, image.Point{}, draw.Over)
	}
}

// drawShadow puts a soft shadow on the wall, which is a little behind.
func (a *actor) drawShadow(to *image.RGBA, t float64) {
	if p, ok := a.at(t); ok {
		draw.Draw(to, a.shadow.Rect.Add(p).Add(image.Pt(26, 18)), a.shadow, a.shadow.Rect.Min, draw.Over)
	}
}
