package main

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"os"
	"path/filepath"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

// outline is a person in a photo: a closed curve around head and body, in the
// photo's pixels. The curve rounds its corners.
type outline struct {
	photo  string
	face   image.Rectangle // where the detector finds it, from the brows to the chin
	chest  int             // rows to add where the photo ends at the shoulders
	points [][2]float32
}

var beardMan = outline{"face.jpg", image.Rect(263, 136, 447, 383), 215, [][2]float32{{96, 720}, {100, 580}, {118, 494}, {143, 447}, {174, 421}, {217, 398}, {255, 383}, {281, 368}, {286, 357},
	{276, 330}, {273, 303}, {264, 280}, {258, 250}, {255, 230}, {247, 220}, {238, 202}, {234, 182}, {236, 164}, {244, 143}, {254, 117}, {271, 103}, {296, 98}, {311, 92},
	{317, 78}, {341, 71}, {367, 76}, {387, 88}, {411, 91}, {432, 103}, {447, 119}, {455, 136}, {465, 151}, {470, 170}, {475, 197},
	{472, 212}, {463, 226}, {459, 242}, {457, 262}, {450, 283}, {439, 300}, {436, 322}, {434, 347}, {446, 354}, {479, 371},
	{544, 386}, {585, 403}, {607, 426}, {622, 454}, {635, 494}, {638, 580}, {638, 720}}}

var phoneMan = outline{"distortion.jpg", image.Rect(685, 349, 786, 472), 0, [][2]float32{{658, 722}, {660, 690}, {654, 640}, {654, 610}, {658, 585}, {657, 565}, {656, 548}, {657, 508}, {672, 502},
	{671, 486}, {686, 466}, {705, 452}, {706, 447}, {699, 436}, {688, 416}, {681, 400}, {678, 378}, {679, 360}, {687, 342}, {703, 330},
	{723, 322}, {744, 322}, {764, 326}, {780, 340}, {790, 356}, {798, 371}, {798, 391}, {796, 413}, {815, 419}, {821, 439},
	{851, 455}, {875, 467}, {892, 488}, {905, 511}, {913, 539}, {923, 571}, {929, 599}, {931, 619}, {921, 643}, {903, 647},
	{901, 680}, {900, 722}}}

// mask draws the outline's inside, in a rectangle of the photo.
func (o outline) mask(r image.Rectangle) *image.Alpha {
	at := func(i int) (x, y float32) {
		p := o.points[(i+len(o.points))%len(o.points)]
		return p[0] - float32(r.Min.X), p[1] - float32(r.Min.Y)
	}
	between := func(i int) (x, y float32) {
		ax, ay := at(i)
		bx, by := at(i + 1)
		return (ax + bx) / 2, (ay + by) / 2
	}
	z := vector.NewRasterizer(r.Dx(), r.Dy())
	z.MoveTo(between(-1))
	for i := range o.points {
		cx, cy := at(i)
		x, y := between(i)
		z.QuadTo(cx, cy, x, y)
	}
	z.ClosePath()
	m := image.NewAlpha(image.Rect(0, 0, r.Dx(), r.Dy()))
	z.Draw(m, m.Rect, image.Opaque, image.Point{})
	return soften(m, 2)
}

// bounds is the outline's rectangle within the photo.
func (o outline) bounds(photo image.Rectangle) image.Rectangle {
	var r image.Rectangle
	for _, p := range o.points {
		at := image.Pt(int(p[0]), int(p[1]))
		r = r.Union(image.Rectangle{at, at.Add(image.Pt(1, 1))})
	}
	return r.Inset(-4).Intersect(photo)
}

// soften is a box blur in both directions, over 2*n+1 pixels.
func soften(m *image.Alpha, n int) *image.Alpha {
	for range 2 { // blur the rows and turn, twice
		rotated := image.NewAlpha(image.Rect(0, 0, m.Rect.Dy(), m.Rect.Dx()))
		for y := range m.Rect.Dy() {
			row := m.Pix[y*m.Stride:][:m.Rect.Dx()]
			for x := range row {
				sum := 0
				for k := x - n; k <= x+n; k++ {
					sum += int(row[min(max(k, 0), len(row)-1)])
				}
				rotated.Pix[x*rotated.Stride+y] = uint8(sum / (2*n + 1))
			}
		}
		m = rotated
	}
	return m
}

// figure is a person cut out of a photo.
type figure struct {
	img  *image.RGBA
	face image.Rectangle // within img
}

// cutOut reads a photo and keeps what is inside the outline.
func cutOut(photos string, o outline) (figure, error) {
	f, err := os.Open(filepath.Join(photos, o.photo))
	if err != nil {
		return figure{}, fmt.Errorf("sample photo is missing: %w; name gocv's images folder with -photos", err)
	}
	defer f.Close()
	photo, err := jpeg.Decode(f)
	if err != nil {
		return figure{}, fmt.Errorf("%s: %w", o.photo, err)
	}
	taller := photo.Bounds()
	taller.Max.Y += o.chest
	r := o.bounds(taller)
	inside, whole := o.mask(r), image.NewRGBA(image.Rectangle{Max: r.Size()})
	draw.Draw(whole, whole.Rect, photo, r.Min, draw.Src)
	if o.chest > 0 {
		addChest(whole, inside, photo.Bounds().Max.Y-r.Min.Y)
	}
	cut := image.NewRGBA(whole.Rect)
	draw.DrawMask(cut, cut.Rect, whole, image.Point{}, inside, image.Point{}, draw.Src)
	return figure{cut, o.face.Sub(r.Min)}, nil
}

// appearance is how a cut-out is shown.
type appearance struct {
	scale  float64
	mirror bool
	badge  int        // the number of the badge on the chest; 0: none
	tint   [3]float64 // gain of red, green, blue
}

func newActor(f figure, l appearance, floor int, stops ...stop) actor {
	if l.mirror {
		f = f.mirror()
	}
	if l.badge > 0 {
		f = f.wear(l.badge)
	}
	scaled := func(v int) int { return int(float64(v) * l.scale) }
	size := f.img.Rect.Size()
	body := image.NewRGBA(image.Rect(0, 0, scaled(size.X), scaled(size.Y)))
	xdraw.CatmullRom.Scale(body, body.Rect, f.img, f.img.Rect, xdraw.Src, nil)
	tint(body, l.tint)
	face := image.Rect(scaled(f.face.Min.X), scaled(f.face.Min.Y), scaled(f.face.Max.X), scaled(f.face.Max.Y))
	return actor{body: body, shadow: shadow(body), face: face, badge: l.badge, floor: floor, stops: stops}
}

// mirror swaps left and right.
func (f figure) mirror() figure {
	m := image.NewRGBA(f.img.Rect)
	w := m.Rect.Dx()
	for y := range m.Rect.Dy() {
		for x := range w {
			m.SetRGBA(w-1-x, y, f.img.RGBAAt(x, y))
		}
	}
	return figure{m, image.Rect(w-f.face.Max.X, f.face.Min.Y, w-f.face.Min.X, f.face.Max.Y)}
}

func tint(m *image.RGBA, gain [3]float64) {
	for i := 0; i < len(m.Pix); i += 4 {
		for k, g := range gain { // premultiplied: no colour above alpha
			m.Pix[i+k] = uint8(min(float64(m.Pix[i+k])*g, float64(m.Pix[i+3])))
		}
	}
}

// shadow is a blurred dark copy of a body's shape, larger by its blur.
func shadow(body *image.RGBA) *image.RGBA {
	const coarse, spread, dark = 8, 3, 0.30
	edge := coarse * spread * 2
	r := body.Rect.Inset(-edge)
	shape := image.NewAlpha(r)
	for y := range body.Rect.Dy() {
		for x := range body.Rect.Dx() {
			shape.SetAlpha(x, y, color.Alpha{A: uint8(float64(body.RGBAAt(x, y).A) * dark)})
		}
	}
	small := image.NewAlpha(image.Rect(0, 0, r.Dx()/coarse, r.Dy()/coarse))
	xdraw.ApproxBiLinear.Scale(small, small.Rect, shape, r, xdraw.Src, nil)
	soft := image.NewRGBA(r)
	xdraw.BiLinear.Scale(soft, r, soften(soften(small, spread), spread), small.Rect, xdraw.Src, nil)
	for i := 0; i < len(soft.Pix); i += 4 { // an alpha image scales to white
		soft.Pix[i], soft.Pix[i+1], soft.Pix[i+2] = 0, 0, 0
	}
	return soft
}
