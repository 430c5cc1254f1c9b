package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The clip's measures.
const (
	width, height = 1280, 720
	fps           = 20
	seconds       = 14
)

// clip draws the frames.
type clip struct {
	room   *image.RGBA
	desk   *image.RGBA // stands before the people, from deskTop down
	actors []actor
	face   font.Face // of the caption
}

// newClip cuts the people out of the photos and sets up the scene.
func newClip(photos string) (*clip, error) {
	beard, err := cutOut(photos, beardMan)
	if err != nil {
		return nil, err
	}
	phone, err := cutOut(photos, phoneMan)
	if err != nil {
		return nil, err
	}
	small, err := typeface(24)
	if err != nil {
		return nil, err
	}
	large, err := typeface(40)
	if err != nil {
		return nil, err
	}
	// From the back to the front.
	return &clip{room: room(), desk: desk(large), face: small, actors: []actor{
		newActor(beard, look{scale: 0.62, mirror: true, tint: [3]float64{1.02, 0.97, 0.92}}, walk{enter: 7.2, speed: 265, right: true, floor: deskTop + 14}),
		newActor(phone, look{scale: 0.72, mirror: true, tint: [3]float64{0.95, 0.98, 1.05}}, walk{enter: 8.4, speed: 300, floor: deskTop + 40}),
		newActor(phone, look{scale: 1.0, tint: [3]float64{1.04, 1, 0.97}}, walk{enter: 3.2, speed: 185, right: true, floor: deskTop + 90}),
		newActor(beard, look{scale: 0.95, tint: [3]float64{1, 1, 1}}, walk{enter: 4.4, speed: 205, floor: deskTop + 40}),
	}}, nil
}

// draw makes frame n.
func (c *clip) draw(to *image.RGBA, n int) {
	copy(to.Pix, c.room.Pix)
	t := float64(n) / fps
	for _, a := range c.actors {
		a.drawShadow(to, t)
	}
	for _, a := range c.actors {
		a.draw(to, t)
	}
	draw.Draw(to, c.desk.Bounds(), c.desk, c.desk.Bounds().Min, draw.Over)
	c.caption(to, fmt.Sprintf("Bauta demo   Lobby   00:00:%02d.%d", n/fps, n%fps*10/fps))
}

// caption writes in white with a dark edge, as cameras do.
func (c *clip) caption(to *image.RGBA, text string) {
	at := fixed.P(26, 46)
	for _, edge := range []fixed.Point26_6{fixed.P(-1, -1), fixed.P(1, -1), fixed.P(-1, 1), fixed.P(1, 1)} {
		write(to, c.face, color.Black, at.Add(edge), text)
	}
	write(to, c.face, color.White, at, text)
}

func write(to draw.Image, face font.Face, in color.Color, at fixed.Point26_6, text string) {
	d := font.Drawer{Dst: to, Src: image.NewUniform(in), Face: face, Dot: at}
	d.DrawString(text)
}

// typeface is Go's own, in pixels.
func typeface(size float64) (font.Face, error) {
	f, err := opentype.Parse(gomedium.TTF)
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72})
}

// walk is how an actor moves.
type walk struct {
	enter float64 // seconds
	speed float64 // pixels a second
	right bool    // from the left to the right
	floor int     // where the cut-out ends, behind the desk
}

// actor is a cut-out that walks through the picture.
type actor struct {
	body, shadow *image.RGBA
	walk
}

// outside is how far from the picture's edge a walk begins and ends: the
// shadow is wider than the body.
const outside = 80

// at is the top left corner at time t, and whether the actor is on the way.
func (a *actor) at(t float64) (image.Point, bool) {
	size := a.body.Rect.Size()
	gone := (t - a.enter) * a.speed
	if gone < 0 || gone > float64(width+size.X+2*outside) {
		return image.Point{}, false
	}
	x := int(gone) - size.X - outside
	if !a.right {
		x = width + outside - int(gone)
	}
	step := math.Abs(math.Sin((t - a.enter) * 5.2)) // two steps in 1.2 s
	return image.Pt(x, a.floor-size.Y-int(5*step)), true
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
