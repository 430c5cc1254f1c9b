package main

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"

	"golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
)

// deskTop is where the desk's top begins; what is below hides the cut-outs' ends.
const deskTop = 560

// noise is a field of values from -1 to 1 that changes over size pixels.
type noise struct {
	w    int
	v    []float64
	size float64
}

func newNoise(r *rand.Rand, size float64) *noise {
	n := &noise{w: int(width/size) + 3, size: size}
	for range n.w * (int(height/size) + 3) {
		n.v = append(n.v, 2*r.Float64()-1)
	}
	return n
}

// at is the field's value at a pixel, smooth between its corners.
func (n *noise) at(x, y float64) float64 {
	x, y = x/n.size, y/n.size
	ix, iy := int(x), int(y)
	smooth := func(f float64) float64 { return f * f * (3 - 2*f) }
	fx, fy := smooth(x-float64(ix)), smooth(y-float64(iy))
	corner := func(dx, dy int) float64 { return n.v[min((iy+dy)*n.w+ix+dx, len(n.v)-1)] }
	top := corner(0, 0)*(1-fx) + corner(1, 0)*fx
	low := corner(0, 1)*(1-fx) + corner(1, 1)*fx
	return top*(1-fy) + low*fy
}

// paint sets every pixel of r by f, which returns red, green and blue from 0 to 255.
func paint(to *image.RGBA, r image.Rectangle, f func(x, y float64) [3]float64) {
	r = r.Intersect(to.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			c := f(float64(x), float64(y))
			to.SetRGBA(x, y, color.RGBA{clamp(c[0]), clamp(c[1]), clamp(c[2]), 255})
		}
	}
}

func clamp(v float64) uint8 { return uint8(math.Round(min(max(v, 0), 255))) }

func shade(c [3]float64, by float64) [3]float64 { return [3]float64{c[0] * by, c[1] * by, c[2] * by} }

// room is the wall with what hangs on it, under a lamp from the upper left.
func room() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	r := rand.New(rand.NewPCG(7, 11))
	coarse, middle, fine := newNoise(r, 190), newNoise(r, 34), newNoise(r, 2.2)
	light := func(x, y float64) float64 {
		dx, dy := (x-430)/width, (y-150)/height
		return 1.06 - 0.30*(dx*dx+dy*dy)
	}
	plaster := func(x, y float64) [3]float64 {
		n := 0.018*coarse.at(x, y) + 0.012*middle.at(x, y) + 0.022*fine.at(x, y)
		return shade([3]float64{196, 190, 178}, light(x, y)*(1+n))
	}
	paint(m, m.Rect, plaster)
	wood := boards(r)
	paint(m, image.Rect(0, 396, width, height), func(x, y float64) [3]float64 { return shade(wood(x, y, 92), light(x, y)) })
	band(m, image.Rect(0, 386, width, 398), [3]float64{122, 96, 74}, light)
	poster(m, image.Rect(150, 84, 330, 300), light)
	door(m, image.Rect(930, 70, 1150, height), r, light)
	return m
}

// boards is a pattern of upright boards of a given width.
func boards(r *rand.Rand) func(x, y, wide float64) [3]float64 {
	grain, shades := newNoise(r, 5), make([]float64, 40)
	for i := range shades {
		shades[i] = 1 + 0.05*(2*r.Float64()-1)
	}
	return func(x, y, wide float64) [3]float64 {
		board, in := int(x/wide), math.Mod(x, wide)
		by := shades[board%len(shades)] * (1 + 0.045*grain.at(math.Mod(x*1.9, width), y/9))
		if in < 2 {
			by *= 0.72
		} else if in < 4 {
			by *= 1.07
		}
		return shade([3]float64{168, 136, 104}, by)
	}
}

// band is a straight moulding: light above, dark below.
func band(m *image.RGBA, r image.Rectangle, c [3]float64, light func(x, y float64) float64) {
	paint(m, r, func(x, y float64) [3]float64 {
		return shade(c, light(x, y)*(1.25-0.5*(y-float64(r.Min.Y))/float64(r.Dy())))
	})
}

// poster is a framed frame of hills.
func poster(m *image.RGBA, r image.Rectangle, light func(x, y float64) float64) {
	fall(m, r, 10)
	paint(m, r, func(x, y float64) [3]float64 { return shade([3]float64{58, 52, 48}, light(x, y)) })
	paint(m, r.Inset(7), func(x, y float64) [3]float64 { return shade([3]float64{226, 222, 212}, light(x, y)) })
	in := r.Inset(22)
	paint(m, in, func(x, y float64) [3]float64 {
		u, v := (x-float64(in.Min.X))/float64(in.Dx()), (y-float64(in.Min.Y))/float64(in.Dy())
		c := [3]float64{214 - 40*v, 190 - 14*v, 160 + 20*v}
		if v > 0.55+0.10*math.Sin(u*5) {
			c = [3]float64{120, 140, 138}
		}
		if v > 0.70+0.08*math.Sin(u*7+2) {
			c = [3]float64{74, 98, 98}
		}
		if v > 0.86+0.05*math.Sin(u*9+4) {
			c = [3]float64{44, 62, 66}
		}
		if math.Hypot(u-0.7, (v-0.26)*1.1) < 0.09 {
			c = [3]float64{236, 206, 150}
		}
		return shade(c, light(x, y))
	})
}

// door is a closed door with its frame and handle.
func door(m *image.RGBA, r image.Rectangle, rnd *rand.Rand, light func(x, y float64) float64) {
	grain := newNoise(rnd, 4)
	fall(m, r, 6)
	paint(m, r, func(x, y float64) [3]float64 { return shade([3]float64{146, 142, 134}, light(x, y)) })
	leaf := image.Rect(r.Min.X+12, r.Min.Y+12, r.Max.X-12, r.Max.Y)
	paint(m, leaf, func(x, y float64) [3]float64 {
		return shade([3]float64{96, 108, 112}, light(x, y)*(1+0.03*grain.at(x, y/8)))
	})
	for _, panel := range []image.Rectangle{image.Rect(leaf.Min.X+26, leaf.Min.Y+30, leaf.Max.X-26, leaf.Min.Y+230), image.Rect(leaf.Min.X+26, leaf.Min.Y+262, leaf.Max.X-26, leaf.Max.Y)} {
		paint(m, panel, func(x, y float64) [3]float64 { return shade([3]float64{72, 82, 86}, light(x, y)) })
		paint(m, panel.Inset(3), func(x, y float64) [3]float64 {
			return shade([3]float64{102, 114, 118}, light(x, y)*(1+0.03*grain.at(x, y/8)))
		})
	}
	handle := image.Rect(leaf.Min.X+8, leaf.Min.Y+300, leaf.Min.X+16, leaf.Min.Y+352)
	band(m, handle, [3]float64{190, 186, 176}, light)
}

// fall darkens the wall to the lower right of a thing that stands off it.
func fall(m *image.RGBA, r image.Rectangle, by int) {
	soft := image.NewAlpha(r.Inset(-2 * by))
	draw.Draw(soft, r, image.NewUniform(color.Alpha{A: 90}), image.Point{}, draw.Src)
	flat := image.NewAlpha(image.Rect(0, 0, soft.Rect.Dx(), soft.Rect.Dy()))
	draw.Draw(flat, flat.Rect, soft, soft.Rect.Min, draw.Src)
	flat = soften(soften(flat, by/2), by/2)
	draw.DrawMask(m, flat.Rect.Add(soft.Rect.Min).Add(image.Pt(by, by)), image.Black, image.Point{}, flat, image.Point{}, draw.Over)
}

// desk is the reception desk in front: a top and a panelled front.
func desk(face font.Face) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, deskTop-14, width, height))
	r := rand.New(rand.NewPCG(3, 5))
	grain, fine := newNoise(r, 7), newNoise(r, 2.5)
	for y := m.Rect.Min.Y; y < deskTop; y++ { // its shadow on what is behind
		a := uint8(60 * (y - m.Rect.Min.Y) / 14)
		draw.Draw(m, image.Rect(0, y, width, y+1), image.NewUniform(color.RGBA{A: a}), image.Point{}, draw.Src)
	}
	paint(m, image.Rect(0, deskTop, width, deskTop+34), func(x, y float64) [3]float64 {
		lit := 1.12 - 0.25*(y-deskTop)/34 - 0.22*math.Abs(x-480)/width
		return shade([3]float64{206, 200, 190}, lit*(1+0.02*fine.at(x, y)+0.02*grain.at(x, y)))
	})
	paint(m, image.Rect(0, deskTop+34, width, height), func(x, y float64) [3]float64 {
		lit := 0.92 - 0.22*math.Abs(x-480)/width
		if y < deskTop+52 { // under the overhanging top
			lit *= 0.55 + 0.45*(y-deskTop-34)/18
		}
		if in := math.Mod(x+60, 214); in < 3 {
			lit *= 0.6
		}
		return shade([3]float64{104, 74, 54}, lit*(1+0.10*grain.at(math.Mod(x/6, width), y)+0.03*fine.at(x, y)))
	})
	sign(m, face)
	return m
}

// sign puts letters of brass on the desk's front.
func sign(m *image.RGBA, face font.Face) {
	const text = "RECEPTION"
	at := fixed.P(width/2, deskTop+116)
	at.X -= font.MeasureString(face, text) / 2
	write(m, face, color.RGBA{28, 20, 14, 255}, at.Add(fixed.P(2, 2)), text)
	write(m, face, color.RGBA{206, 178, 122, 255}, at, text)
}
