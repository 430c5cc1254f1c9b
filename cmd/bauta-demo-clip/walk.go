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

// actor is a person who walks through the picture.
type actor struct {
	left, right pose // by where the actor walks; right is empty where never
	badge       int
	floor       int // where the cut-out ends, behind the desk
	stops       []stop
}

// newActor is of somebody who looks to the left in the photo.
func newActor(f figure, l look, floor int, stops ...stop) actor {
	a := actor{left: newPose(f, l, false), badge: l.badge, floor: floor, stops: stops}
	for i := 1; i < len(stops); i++ {
		if stops[i].x > stops[i-1].x {
			a.right = newPose(f, l, true)
			break
		}
	}
	return a
}

// at is the actor's pose at time t with its top left corner, and whether the
// actor is on the way.
func (a *actor) at(t float64) (p *pose, corner image.Point, ok bool) {
	p = &a.left
	for i := 1; i < len(a.stops); i++ {
		from, to := a.stops[i-1], a.stops[i]
		if to.x != from.x {
			p = &a.left
			if to.x > from.x {
				p = &a.right
			}
		}
		if t < from.at || t >= to.at {
			continue
		}
		part := (t - from.at) / (to.at - from.at)
		x := from.x + (to.x-from.x)*part*part*(3-2*part) // from rest to rest
		bob := 0.0
		if to.x != from.x {
			bob = 5 * min(1, 8*part*(1-part)) * math.Abs(math.Sin((t-from.at)*5.2)) // two steps in 1.2 s
		}
		size := p.body.Rect.Size()
		return p, image.Pt(int(x)-size.X/2, a.floor-size.Y-int(bob)), true
	}
	return nil, image.Point{}, false
}

func (a *actor) draw(to *image.RGBA, t float64) {
	if p, corner, ok := a.at(t); ok {
		draw.Draw(to, p.body.Rect.Add(corner), p.body, image.Point{}, draw.Over)
	}
}

// drawShadow puts a soft shadow on the wall, which is a little behind.
func (a *actor) drawShadow(to *image.RGBA, t float64) {
	if p, corner, ok := a.at(t); ok {
		draw.Draw(to, p.shadow.Rect.Add(corner).Add(image.Pt(26, 18)), p.shadow, p.shadow.Rect.Min, draw.Over)
	}
}
