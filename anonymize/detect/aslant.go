package detect

import (
	"image"
	"math"

	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
)

// Passes at frames that are rotated by eighths, and at single faces, are at a copy of
// the part: the network's own input takes parts that lie straight.

// aslantInput is the network's input for a tile aslant, aslantArea the straight
// part of the frame that lies wholly within it.
var (
	aslantInput = image.Pt(256, 256)
	aslantArea  = image.Pt(270, 270)
)

// tileScale is the reduction of tiles.
const tileScale = 1.5

// aslantFull is what the full view is reduced to aslant, unless that is the preferred
// rotation: its corners are empty, and with them it would cost more than twice as much as the
// straight one.
const aslantFull = 512

// aslantView is the window of the whole frame, its longer side brought down to `side`;
// up to 5 % further where it may be squeezed and that saves 32 pixels each way.
func aslantView(p pose, pic image.Rectangle, side int, squeeze bool) detector.Window {
	seen := p.view(pic)
	long := max(seen.Dx(), seen.Dy())
	scale := float64(long) / float64(min(side, long))
	across := float64(seen.Dx()+seen.Dy()) * math.Sqrt2 / 2 / scale
	input := (int(math.Ceil(across)) + 31) &^ 31
	if less := float64(input - 32); squeeze && less >= 0.95*across {
		input, scale = input-32, scale*across/less
	}
	return p.window(float32(pic.Dx())/2, float32(pic.Dy())/2, scale, image.Pt(input, input))
}

func (p pose) window(x, y float32, scale float64, size image.Point) detector.Window {
	sx, sy := p.scales()
	return detector.Window{X: x, Y: y, Scale: scale, StretchX: sx, StretchY: sy, Aslant: p.rotation.Aslant(), Size: size}
}

// detectWindow searches a window of the frame at one rotation.
func (m *modelFinder) detectWindow(v View, p pose, w detector.Window) ([]track.Face, error) {
	net, err := m.net(w.Size)
	if err != nil {
		return nil, err
	}
	m.cuts[w.Size] = w.Cut(m.cuts[w.Size], v.Frame)
	img := m.cuts[w.Size]
	tile := detector.Tile{Src: img.Rect, Dst: img.Rect, Rotation: p.rotation.Quarters()}
	found, err := net.Detect(img, v.FullRange, []detector.Tile{tile}, m.Params().Continue)
	var out []track.Face
	for _, f := range found {
		if inside(f.Box, img.Rect) {
			out = append(out, w.Back(f))
		}
	}
	return out, err
}

// inside reports whether a find is not cut by the border of the window that shows it.
func inside(b track.Box, window image.Rectangle) bool {
	const edge = 2
	return b.X >= edge && b.Y >= edge && b.X+b.W <= float32(window.Dx()-edge) && b.Y+b.H <= float32(window.Dy()-edge)
}
