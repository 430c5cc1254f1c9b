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
const rotatedFrom, rotatedTo = 17.5, 21 // seconds

// rotatedPart is what can be seen of the room then: as much as the frame's height
// holds of its width. It comes out a quarter turn clockwise between dark bars.
var rotatedPart = image.Rect((width-height)/2, 0, (width+height)/2, height)

func isRotated(n int) bool { return n >= rotatedFrom*fps && n < rotatedTo*fps }

// rotateInto lays a part of the upright frame on its side.
func rotateInto(to, whole *image.RGBA) {
	draw.Draw(to, to.Rect, image.NewUniform(color.RGBA{24, 24, 24, 255}), image.Point{}, draw.Src)
	for y := range rotatedPart.Dy() {
		for x := range rotatedPart.Dx() {
			to.SetRGBA(rotatedPart.Max.X-1-y, x, whole.RGBAAt(rotatedPart.Min.X+x, y))
		}
	}
}

// rotatedFace is where a face of the upright frame is then.
func rotatedFace(f clips.Face) clips.Face {
	f.X, f.Y, f.W, f.H = float64(rotatedPart.Max.X)-f.Y-f.H, f.X-float64(rotatedPart.Min.X), f.H, f.W
	return f
}
