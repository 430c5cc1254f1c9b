package detector

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/bauta-gateway/bauta/detector/bind"
)

// The bits of some markers, as cv::aruco::drawMarker of OpenCV 4.6 draws them.
var bitsOf = map[int]uint16{0: 0xb532, 7: 0xc4f2, 9: 0xcf56, 123: 0x12b1, 249: 0x6d31}

// card says how light a badge is at (u, v), 0 to 1 across the marker, with a
// white margin of one cell around it; ok is false outside of it.
func card(bits uint16, u, v float64) (white, ok bool) {
	const margin = 1.0 / 6
	if u < -margin || v < -margin || u >= 1+margin || v >= 1+margin {
		return false, false
	}
	i, j := int(math.Floor(u*6)), int(math.Floor(v*6))
	if i < 0 || j < 0 || i > 5 || j > 5 {
		return true, true
	}
	if i == 0 || j == 0 || i == 5 || j == 5 {
		return false, true
	}
	return bits>>(15-((j-1)*4+i-1))&1 == 1, true
}

// pose is how a badge hangs in a frame.
type pose struct {
	x, y, side   float64 // middle and side in pixels
	roll         float64 // radians
	narrow       float64 // the width as a share of the height: a body turned aside
	black, white byte
}

// draw paints the badge, each pixel from 16 samples as a lens would blur it.
func (p pose) draw(img *image.YCbCr, bits uint16) {
	sin, cos := math.Sincos(p.roll)
	reach := int(p.side) + 2
	for y := int(p.y) - reach; y <= int(p.y)+reach; y++ {
		for x := int(p.x) - reach; x <= int(p.x)+reach; x++ {
			if !(image.Pt(x, y).In(img.Rect)) {
				continue
			}
			at := img.YOffset(x, y)
			sum := 0.0
			for k := range 16 {
				dx, dy := float64(x)+(float64(k%4)+0.5)/4-p.x, float64(y)+(float64(k/4)+0.5)/4-p.y
				u, v := (dx*cos+dy*sin)/(p.side*p.narrow)+0.5, (dy*cos-dx*sin)/p.side+0.5
				white, ok := card(bits, u, v)
				switch {
				case !ok:
					sum += float64(img.Y[at])
				case white:
					sum += float64(p.white)
				default:
					sum += float64(p.black)
				}
			}
			img.Y[at] = byte(sum/16 + 0.5)
		}
	}
}

func blank(w, h int, luma byte) *image.YCbCr {
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for i := range img.Y {
		img.Y[i] = luma
	}
	return img
}

func addNoise(img *image.YCbCr, sigma float64, rnd *rand.Rand) {
	for i, v := range img.Y {
		img.Y[i] = byte(min(max(float64(v)+rnd.NormFloat64()*sigma+0.5, 0), 255))
	}
}

func badges(t *testing.T, img *image.YCbCr, factor int) []bind.Marker {
	t.Helper()
	m, err := Badges(img, img.Rect, factor)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Badges as they hang on chests: small, aslant, turned aside, in dim light and noise.
func TestBadgesAreRead(t *testing.T) {
	for name, c := range map[string]struct {
		pose
		noise  float64
		least  int // of 40 that must be read
		factor int
	}{
		"30 pixels":     {pose{side: 30, narrow: 1, black: 20, white: 235}, 4, 40, 1},
		"20 pixels":     {pose{side: 20, narrow: 1, black: 20, white: 235}, 4, 38, 1},
		"16 pixels":     {pose{side: 16, narrow: 1, black: 20, white: 235}, 3, 34, 1},
		"reduced":       {pose{side: 60, narrow: 1, black: 20, white: 235}, 6, 40, 2},
		"large":         {pose{side: 110, narrow: 1, black: 20, white: 235}, 4, 40, 1},
		"aslant":        {pose{side: 40, narrow: 1, roll: 0.5, black: 20, white: 235}, 4, 40, 1},
		"upside down":   {pose{side: 40, narrow: 1, roll: 3.1, black: 20, white: 235}, 4, 40, 1},
		"turned aside":  {pose{side: 40, narrow: 0.6, roll: 0.2, black: 20, white: 235}, 4, 39, 1},
		"dim":           {pose{side: 36, narrow: 1, roll: 0.1, black: 22, white: 70}, 3, 39, 1},
		"bright, noisy": {pose{side: 36, narrow: 1, roll: 0.1, black: 120, white: 240}, 10, 39, 1},
	} {
		t.Run(name, func(t *testing.T) {
			rnd := rand.New(rand.NewPCG(1, 1))
			read := 0
			ids := []int{7, 9, 123, 249}
			for i := range 40 {
				img := blank(320, 240, 90)
				p := c.pose
				p.x, p.y = 160+rnd.Float64(), 120+rnd.Float64()
				p.roll += 0.1 * (rnd.Float64() - 0.5)
				id := ids[i%4]
				p.draw(img, bitsOf[id])
				addNoise(img, c.noise, rnd)
				for _, m := range badges(t, img, c.factor) {
					if m.ID != id {
						t.Errorf("badge %d was read as %d", id, m.ID)
						continue
					}
					read++
					p.compare(t, m)
				}
			}
			if read < c.least || read > 40 {
				t.Errorf("%d of 40 badges were read, want %d", read, c.least)
			}
		})
	}
}

// compare checks where the corners were found, the marker's own first one first.
func (p pose) compare(t *testing.T, m bind.Marker) {
	t.Helper()
	sin, cos := math.Sincos(p.roll)
	for i, c := range [4][2]float64{{-0.5, -0.5}, {0.5, -0.5}, {0.5, 0.5}, {-0.5, 0.5}} {
		dx, dy := c[0]*p.side*p.narrow, c[1]*p.side
		x, y := p.x+dx*cos-dy*sin, p.y+dx*sin+dy*cos
		if d := math.Hypot(float64(m.Corners[i].X)-x, float64(m.Corners[i].Y)-y); d > 2+0.04*p.side {
			t.Errorf("corner %d is %.1f pixels off", i, d)
		}
	}
}

func TestNoBadges(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 1))
	good := pose{x: 160, y: 120, side: 40, narrow: 1, black: 20, white: 235}
	for name, draw := range map[string]func(img *image.YCbCr){
		"nothing":       func(*image.YCbCr) {},
		"noise":         func(img *image.YCbCr) { addNoise(img, 60, rnd) },
		"number 0":      func(img *image.YCbCr) { good.draw(img, bitsOf[0]) },
		"all black":     func(img *image.YCbCr) { good.draw(img, 0) },
		"all white":     func(img *image.YCbCr) { good.draw(img, 0xffff) },
		"another size":  func(img *image.YCbCr) { p := good; p.side = 8; p.draw(img, bitsOf[7]) },
		"mirrored":      func(img *image.YCbCr) { p := good; p.narrow = -1; p.draw(img, bitsOf[7]) },
		"inverted":      func(img *image.YCbCr) { p := good; p.black, p.white = 235, 20; p.draw(img, bitsOf[7]) },
		"covered":       func(img *image.YCbCr) { good.draw(img, bitsOf[7]); cover(img, image.Rect(150, 100, 160, 112)) },
		"without white": func(img *image.YCbCr) { cover(img, img.Rect); good.draw(img, bitsOf[7]); frame(img, good) },
	} {
		for _, factor := range []int{1, 2} {
			img := blank(320, 240, 90)
			draw(img)
			if m := badges(t, img, factor); len(m) > 0 && name != "noise" {
				t.Errorf("%s: read %v", name, m)
			}
		}
	}
}

func cover(img *image.YCbCr, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			img.Y[img.YOffset(x, y)] = 20
		}
	}
}

// frame blackens the white margin.
func frame(img *image.YCbCr, p pose) {
	in := image.Rect(int(p.x-p.side/2)+1, int(p.y-p.side/2)+1, int(p.x+p.side/2)-1, int(p.y+p.side/2)-1)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if !image.Pt(x, y).In(in) {
				img.Y[img.YOffset(x, y)] = 20
			}
		}
	}
}

// Random detail must not look like badges: each find there could be somebody's number.
func TestConfettiIsNoBadge(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 1))
	found := 0
	for range 60 {
		img := blank(480, 480, 128)
		for range 600 { // squares and bars of all sizes
			x, y, w, h := rnd.IntN(480), rnd.IntN(480), 2+rnd.IntN(30), 2+rnd.IntN(30)
			v := byte(rnd.UintN(256))
			for j := y; j < min(y+h, 480); j++ {
				for i := x; i < min(x+w, 480); i++ {
					img.Y[img.YOffset(i, j)] = v
				}
			}
		}
		addNoise(img, 3, rnd)
		found += len(badges(t, img, 1))
	}
	if found > 0 {
		t.Errorf("%d badges in 60 frames without any", found)
	}
}

func TestPartsOutside(t *testing.T) {
	img := blank(320, 240, 90)
	p := pose{x: 290, y: 210, side: 30, narrow: 1, black: 20, white: 235}
	p.draw(img, bitsOf[7])
	for _, r := range []image.Rectangle{{}, image.Rect(-50, -50, 0, 0), image.Rect(5000, 5000, 5100, 5100), image.Rect(310, 230, 400, 400)} {
		if m, err := Badges(img, r, 1); err != nil || len(m) > 0 {
			t.Errorf("%v: %v, %v", r, m, err)
		}
	}
	m, err := Badges(img, image.Rect(250, 170, 500, 500), 1)
	if err != nil || len(m) != 1 || m[0].ID != 7 {
		t.Fatalf("%v, %v", m, err)
	}
	p.compare(t, m[0])
}

func TestTwoAlike(t *testing.T) {
	img := blank(320, 240, 90)
	for _, x := range []float64{80, 220} {
		pose{x: x, y: 120, side: 40, narrow: 1, black: 20, white: 235}.draw(img, bitsOf[9])
	}
	if m := badges(t, img, 1); len(m) != 2 || m[0].ID != 9 || m[1].ID != 9 {
		t.Errorf("read %v", m)
	}
}

func BenchmarkBadges(b *testing.B) {
	rnd := rand.New(rand.NewPCG(4, 1))
	img := blank(320, 320, 128)
	pose{x: 160, y: 120, side: 40, narrow: 1, black: 20, white: 235}.draw(img, bitsOf[9])
	addNoise(img, 5, rnd)
	for b.Loop() {
		Badges(img, img.Rect, 1)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(320*320), "ns/pixel")
}
