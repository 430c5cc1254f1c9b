package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// The clip's measures.
const (
	width, height = 1280, 720
	fps           = 20
	seconds       = 23
)

// clip draws the frames.
type clip struct {
	room    *image.RGBA
	desk    *image.RGBA // stands before the people, from deskTop down
	actors  []actor
	face    font.Face   // of the caption
	upright *image.RGBA // what is shown rotated, drawn upright first
}

// newClip cuts the people out of the photos and puts them into the room.
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
	return &clip{room: room(), desk: desk(large), face: small, upright: image.NewRGBA(image.Rect(0, 0, width, height)), actors: []actor{
		newActor(phone, appearance{scale: 0.72, mirror: true, tint: [3]float64{0.95, 0.98, 1.05}}, deskTop+40,
			stop{0, -180}, stop{2.2, 640}, stop{3.4, 640}, stop{6, 1460}, // and once more
			stop{6, -180}, stop{8, 900}, stop{10.8, 900}, stop{13, 1460}, // and while the frame is rotated
			stop{18, 1460}, stop{19.6, 860}, stop{21.4, 860}, stop{22.8, 1460}),
		newActor(beard, appearance{scale: 0.52, badge: 9, tint: [3]float64{1.02, 0.97, 0.92}}, deskTop+16,
			stop{0.2, 1520}, stop{2.6, 1000}, stop{3.6, 1000}, stop{6.4, -240}),
		newActor(beard, appearance{scale: 0.60, mirror: true, badge: 7, tint: [3]float64{1, 1, 1}}, deskTop+22,
			stop{6.8, -260}, stop{8.8, 480}, stop{12.8, 480}, stop{15.4, 1540}),
		newActor(phone, appearance{scale: 1.0, mirror: true, tint: [3]float64{1.04, 1, 0.97}}, deskTop+90,
			stop{0.5, -240}, stop{2.6, 330}, stop{4.6, 330}, stop{7.4, 1540},
			stop{7.4, -240}, stop{16, -240}, stop{17.3, 500}, stop{21.4, 500}, stop{22.8, -240}),
	}}, nil
}

// draw makes frame n.
func (c *clip) draw(to *image.RGBA, n int) {
	if !isRotated(n) {
		c.drawUpright(to, n)
		return
	}
	c.drawUpright(c.upright, n)
	rotateInto(to, c.upright)
	c.caption(to, image.Pt(26, 46), "Demo: the camera")
	c.caption(to, image.Pt(26, 80), "was turned")
}

// drawUpright is what frame n shows, upright.
func (c *clip) drawUpright(to *image.RGBA, n int) {
	copy(to.Pix, c.room.Pix)
	t := float64(n) / fps
	for _, a := range c.actors {
		a.drawShadow(to, t)
	}
	for _, a := range c.actors {
		a.draw(to, t)
	}
	draw.Draw(to, c.desk.Bounds(), c.desk, c.desk.Bounds().Min, draw.Over)
	c.caption(to, image.Pt(26, 46), fmt.Sprintf("Bauta demo   Lobby   00:00:%02d.%d", n/fps, n%fps*10/fps))
}

// caption writes in white with a dark edge, as cameras do.
func (c *clip) caption(to *image.RGBA, where image.Point, text string) {
	at := fixed.P(where.X, where.Y)
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
