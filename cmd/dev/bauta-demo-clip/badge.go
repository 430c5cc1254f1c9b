package main

import (
	"image"
	"image/color"
	"image/draw"
	"math/rand/v2"
	"time"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/vector"

	"github.com/bauta-gateway/bauta/config/consent/badge"
)

// addChest continues a shirt below row end, where the photo ends: at first with
// the mirror image of its last rows, as far as they lie inside the outline, then
// with their mean colour and folds.
func addChest(m *image.RGBA, inside *image.Alpha, end int) {
	const (
		known = 6  // rows that the mean colour is taken of, all of them below the collar
		fade  = 40 // rows from the mirror image to the mean colour
		arm   = 34 // columns at the sides in which the photo shows what is behind
	)
	folds := newNoise(rand.New(rand.NewPCG(5, 9)), 38)
	for x := range m.Rect.Dx() {
		sleeve := min(max(x, arm), m.Rect.Dx()-arm)
		cloth := mean(m, image.Rect(sleeve-12, end-known, sleeve+13, end))
		for y := end; y < m.Rect.Max.Y; y++ {
			c := shade(cloth, 1+0.22*folds.at(float64(x), float64(y)/2))
			gone, mirrored := float64(y-end)/fade, 2*end-1-y
			if gone < 1 && inside.AlphaAt(x, mirrored).A == 255 {
				was := m.RGBAAt(x, mirrored)
				for i, v := range []uint8{was.R, was.G, was.B} {
					c[i] = gone*c[i] + (1-gone)*float64(v)
				}
			}
			m.SetRGBA(x, y, color.RGBA{clamp(c[0]), clamp(c[1]), clamp(c[2]), 255})
		}
	}
}

// mean is the mean colour of r.
func mean(m *image.RGBA, r image.Rectangle) (c [3]float64) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p := m.RGBAAt(x, y)
			c[0], c[1], c[2] = c[0]+float64(p.R), c[1]+float64(p.G), c[2]+float64(p.B)
		}
	}
	return shade(c, 1/float64(area(r)))
}

// faceMM is the width of a face that looks ahead, in millimetres; the height of
// the detector's box is 1.25 times as much.
const faceMM = 160

// wear hangs the card that `bauta consent badge` prints, at its true size, from
// a ribbon around the neck.
func (f figure) wear(number int) figure {
	m := image.NewRGBA(f.img.Rect)
	copy(m.Pix, f.img.Pix)
	perMM := max(float64(f.face.Dx()), 0.8*float64(f.face.Dy())) / faceMM
	px := func(mm float64) int { return int(mm * perMM) }
	x, top := (f.face.Min.X+f.face.Max.X)/2, f.face.Max.Y+px(70)
	for _, side := range []int{-1, 1} {
		ribbon(m, x+side*px(56), f.face.Max.Y+px(6), x+side*px(6), top, px(5))
	}
	card := badge.Badge{Number: number, Expires: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}.Image()
	for i, v := range card.Pix {
		card.Pix[i] = uint8(24 + int(v)*208/255) // ink and paper in a room's light
	}
	r := image.Rect(x-px(badge.Width/2), top, x+px(badge.Width/2), top+px(badge.Height))
	draw.Draw(m, r.Add(image.Pt(3, 4)), image.NewUniform(color.RGBA{A: 70}), image.Point{}, draw.Over)
	xdraw.CatmullRom.Scale(m, r, card, card.Rect, xdraw.Over, nil)
	return figure{m, f.face}
}

// ribbon is a straight band of a width.
func ribbon(m *image.RGBA, x0, y0, x1, y1, width int) {
	z := vector.NewRasterizer(m.Rect.Dx(), m.Rect.Dy())
	half := float32(width) / 2
	z.MoveTo(float32(x0)-half, float32(y0))
	z.LineTo(float32(x0)+half, float32(y0))
	z.LineTo(float32(x1)+half, float32(y1))
	z.LineTo(float32(x1)-half, float32(y1))
	z.ClosePath()
	z.Draw(m, m.Rect, image.NewUniform(color.RGBA{34, 104, 118, 255}), image.Point{})
}
