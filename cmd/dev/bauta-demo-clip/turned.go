package main

import (
	"image"
	"image/color"
	"image/draw"

	"github.com/bauta-gateway/bauta/hardware/clips"
)

// For some seconds the frame lies on its side, as after somebody knocked against
// the camera. One person stands in view when that begins and two when it ends:
// whoever is in view tells the worker which way is up.
const turnedFrom, turnedTo = 17.5, 21 // seconds

// turnedPart is what can be seen of the scene then: as much as the frame's height
// holds of its width. It comes out a quarter turn clockwise between dark bars.
var turnedPart = image.Rect((width-height)/2, 0, (width+height)/2, height)

func isTurned(n int) bool { return n >= turnedFrom*fps && n < turnedTo*fps }

// turnScene lays the part of the scene on its side.
func turnScene(to, scene *image.RGBA) {
	draw.Draw(to, to.Rect, image.NewUniform(color.RGBA{24, 24, 24, 255}), image.Point{}, draw.Src)
	for y := range turnedPart.Dy() {
		for x := range turnedPart.Dx() {
			to.SetRGBA(turnedPart.Max.X-1-y, x, scene.RGBAAt(turnedPart.Min.X+x, y))
		}
	}
}

// turnedFace is where a face of the scene is then.
func turnedFace(f clips.Face) clips.Face {
	f.X, f.Y, f.W, f.H = float64(turnedPart.Max.X)-f.Y-f.H, f.X-float64(turnedPart.Min.X), f.H, f.W
	return f
}
