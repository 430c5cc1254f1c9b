// Package icon draws the program's icon as PNG, for home screens. In: the path of the icon's
// SVG. Out: images. It starts no goroutine, and draws what our own file says: it is no reader
// of other SVGs.
package icon

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"regexp"
	"strconv"

	"golang.org/x/image/vector"
)

// box is the side of the icon's view box, and share how much of the PNG it takes: a home screen
// may cut a circle of 80 % out of it.
const box, share = 32, .62

var (
	ground = color.RGBA{0x0a, 0x55, 0x63, 0xff}
	pathIn = regexp.MustCompile(` d="([^"]+)"`)
	token  = regexp.MustCompile(`[MmCcSsZz]|-?(?:\d+\.\d+|\d+|\.\d+)`)
)

// PNG draws the icon in white on its colour.
func PNG(svg []byte, side int) ([]byte, error) {
	d := pathIn.FindSubmatch(svg)
	if d == nil {
		return nil, fmt.Errorf("icon: no path in %d bytes", len(svg))
	}
	out := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(out, out.Rect, image.NewUniform(ground), image.Point{}, draw.Src)
	p := pen{z: vector.NewRasterizer(side, side), scale: share * float32(side) / box, margin: (1 - share) / 2 * float32(side)}
	if err := p.trace(string(d[1])); err != nil {
		return nil, err
	}
	p.z.Draw(out, out.Rect, image.White, image.Point{})
	var b bytes.Buffer
	err := png.Encode(&b, out)
	return b.Bytes(), err
}

// pen draws a path; x and y are where it is, fromX and fromY where the outline began, lastX and
// lastY the last control point of a curve.
type pen struct {
	z                  *vector.Rasterizer
	scale, margin      float32
	x, y, fromX, fromY float32
	lastX, lastY       float32
}

func (p *pen) at(x, y float32) (float32, float32) { return p.margin + x*p.scale, p.margin + y*p.scale }

// trace draws moves, curves and ends, which are all that the icon has.
func (p *pen) trace(d string) error {
	var command byte
	var n []float32
	for _, t := range token.FindAllString(d, -1) {
		switch c := t[0]; {
		case c == 'Z' || c == 'z':
			p.z.ClosePath()
			p.x, p.y, n = p.fromX, p.fromY, nil
		case c >= 'A':
			command, n = c, nil
		default:
			v, err := strconv.ParseFloat(t, 32)
			if err != nil {
				return fmt.Errorf("icon: %w", err)
			}
			if n = append(n, float32(v)); p.draw(command, n) {
				n = nil
			}
		}
	}
	return nil
}

// draw does what a command says once it has all of its numbers.
func (p *pen) draw(command byte, n []float32) bool {
	var x, y float32
	if command >= 'a' { // from where the pen is
		x, y = p.x, p.y
	}
	switch {
	case command|0x20 == 'm' && len(n) == 2:
		p.x, p.y = x+n[0], y+n[1]
		p.fromX, p.fromY = p.x, p.y
		p.z.MoveTo(p.at(p.x, p.y))
	case command|0x20 == 'c' && len(n) == 6:
		p.curve(x+n[0], y+n[1], x+n[2], y+n[3], x+n[4], y+n[5])
	case command|0x20 == 's' && len(n) == 4: // goes on smoothly
		p.curve(2*p.x-p.lastX, 2*p.y-p.lastY, x+n[0], y+n[1], x+n[2], y+n[3])
	default:
		return false
	}
	return true
}

func (p *pen) curve(bx, by, cx, cy, x, y float32) {
	p.lastX, p.lastY, p.x, p.y = cx, cy, x, y
	bx, by = p.at(bx, by)
	cx, cy = p.at(cx, cy)
	x, y = p.at(x, y)
	p.z.CubeTo(bx, by, cx, cy, x, y)
}
