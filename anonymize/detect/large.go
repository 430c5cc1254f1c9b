package detect

import (
	"image"
	"math"

	"github.com/bauta-gateway/bauta/detector/track"
)

// Frames longer than track.Panorama come from several lenses side by side, or show a crowd
// from afar: each part of them is searched as a 1080p frame is, and costs as much for its
// pixels. Nothing here assumes that they are 16:9.
const (
	// largeScale and cheapScale are how many times a larger frame is reduced for its full
	// view: 1080p is reduced three times to fullView, 4K six times; the latter while there is
	// too much to do.
	largeScale, cheapScale = 3, 6
	// plainWidth is the width in the network's input of a face whose box it gives well.
	plainWidth = 20
	// usualPixels is what the rates of passes are meant for: 1080p.
	usualPixels = 1920 * 1080
)

// large reports whether a frame is larger than the rates and views are meant for.
func large(pic image.Rectangle) bool { return max(pic.Dx(), pic.Dy()) > track.Panorama }

// times is how many times as much there is to search as in a frame of 1080p, 1 for all
// frames that are not large.
func (v View) times() float64 {
	if v.Frame == nil || !large(v.Frame.Rect) {
		return 1
	}
	return max(1, float64(v.Frame.Rect.Dx()*v.Frame.Rect.Dy())/usualPixels)
}

// plain is the width from which the full view of a large frame shows a face as well as a tile,
// plainWidth pixels of the network's input. So many tiles are taken of it that some cut faces.
// For others there is none: few are taken, and the full view shows less.
func (v View) plain() float32 {
	if !large(v.Frame.Rect) {
		return math.MaxFloat32
	}
	return plainWidth * float32(max(v.Frame.Rect.Dx(), v.Frame.Rect.Dy())) / float32(v.side(fullView))
}

// side is the longer side of a view of the whole frame that has `usual` for most frames.
func (v View) side(usual int) int {
	long, scale := max(v.Frame.Rect.Dx(), v.Frame.Rect.Dy()), largeScale
	if v.Cheap {
		scale = cheapScale
	}
	if long <= track.Panorama || long <= scale*fullView {
		return usual
	}
	return usual * (long / scale) / fullView
}
