package anonymize

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// star is a polygon of n corners around a point, which never crosses itself.
func star(r *rand.Rand, n int) Polygon {
	cx, cy := 0.2+0.6*r.Float64(), 0.2+0.6*r.Float64()
	var p Polygon
	for i := range n {
		a := 2 * math.Pi * (float64(i) + 0.8*r.Float64()) / float64(n)
		d := 0.03 + 0.6*r.Float64()
		p = append(p, Point{min(max(cx+d*math.Cos(a), 0), 1), min(max(cy+d*math.Sin(a), 0), 1)})
	}
	return p
}

// stars draws valid polygons until enough are found: where corners are moved
// to the border, edges may meet.
func stars(r *rand.Rand, count int) []Polygon {
	var out []Polygon
	for len(out) < count {
		if p := star(r, 3+r.IntN(9)); p.Check() == nil {
			out = append(out, p)
		}
	}
	return out
}

// fill paints an area solid.
func fill(a *Area, img *image.YCbCr) { (&Cover{Zones: []Zone{{a, true}}}).Paint(img) }

// sizes of frames, odd ones too.
var sizes = []image.Point{{160, 90}, {97, 131}, {322, 242}}

// disturb changes every sample of the frame whose square is touched by the
// polygon, found by sampling points inside it densely, not as Touched does it.
func disturb(img *image.YCbCr, p Polygon, rnd *rand.Rand) {
	for i, pl := range planes(img) {
		side := float64(1 + min(i, 1))
		for y := range pl.bounds.Dy() {
			for x := range pl.bounds.Dx() {
				for k := range 25 {
					u, v := (float64(x)+float64(k%5)/4.001)*side/float64(img.Rect.Dx()), (float64(y)+float64(k/5)/4.001)*side/float64(img.Rect.Dy())
					if p.winds(u, v) {
						pl.pix[y*pl.stride+x] = byte(rnd.UintN(256))
						break
					}
				}
			}
		}
	}
}

// The promise of private zones: two frames that differ only inside give the same bytes.
func TestFillHidesAllOfThePolygon(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, size := range sizes {
		for _, p := range stars(rnd, 12) {
			a := pattern(size.X, size.Y, 5)
			b := clone(a)
			disturb(b, p, rnd)
			area := Touched(size, []Polygon{p})
			fill(area, a)
			fill(area, b)
			if !same(a, b) {
				t.Fatalf("%v: something of the inside of %v is left", size, p)
			}
		}
	}
}

// The promise of capture areas: what lies outside of all of them is gone.
func TestBeyondHidesAllAround(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 1))
	for _, size := range sizes {
		for range 8 {
			keep := stars(rnd, 1+rnd.IntN(3))
			area := Beyond(size, keep)
			img := pattern(size.X, size.Y, 5)
			before := clone(img)
			fill(area, img)
			kept := 0
			for i, pl := range planes(img) {
				old := planes(before)[i]
				side := float64(1 + min(i, 1))
				for y := range pl.bounds.Dy() {
					for x := range pl.bounds.Dx() {
						at := y*pl.stride + x
						if pl.pix[at] == pl.solid || pl.pix[at] != old.pix[at] {
							continue
						}
						kept++
						for k := range 25 {
							u, v := (float64(x)+0.001+float64(k%5)/4.01)*side/float64(size.X), (float64(y)+0.001+float64(k/5)/4.01)*side/float64(size.Y)
							if !anyWinds(keep, u, v) {
								t.Fatalf("%v: sample %d,%d of plane %d is bare outside of %v", size, x, y, i, keep)
							}
						}
					}
				}
			}
			if kept == 0 {
				t.Errorf("%v: nothing is left of %v", size, keep)
			}
		}
	}
}

func anyWinds(list []Polygon, x, y float64) bool {
	for _, p := range list {
		if p.winds(x, y) {
			return true
		}
	}
	return false
}

func TestCutAndRestore(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 1))
	for _, size := range sizes {
		img := pattern(size.X, size.Y, 7)
		before := clone(img)
		one, two := Touched(size, stars(rnd, 2)), Beyond(size, stars(rnd, 2))
		a := one.Cut(img, nil)
		(&Cover{Zones: []Zone{{Area: one}}}).Paint(img)
		b := two.Cut(img, nil)
		fill(two, img)
		if same(img, before) {
			t.Error("nothing was painted")
		}
		two.Restore(img, b)
		one.Restore(img, a)
		if !same(img, before) {
			t.Errorf("%v: the frame is not what it was", size)
		}
	}
}

func TestEverything(t *testing.T) {
	for _, size := range sizes {
		img := pattern(size.X, size.Y, 8)
		fill(Touched(size, []Polygon{Everything}), img)
		for i, p := range planes(img) {
			for y := range p.bounds.Dy() {
				for x, v := range p.pix[y*p.stride : y*p.stride+p.bounds.Dx()] {
					if v != p.solid {
						t.Fatalf("%v: plane %d is bare at %d,%d", size, i, x, y)
					}
				}
			}
		}
	}
	if a := Beyond(image.Pt(160, 90), []Polygon{Everything}); len(a.lines[0])+len(a.lines[1]) != 0 {
		t.Errorf("a capture area of the whole frame paints %d runs", len(a.lines[0]))
	}
	if a := Beyond(image.Pt(160, 90), nil); len(a.lines[0]) != 90 {
		t.Error("no capture area is left, yet something is bare")
	}
}

func TestAreaOfAnotherSize(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("painted an area of another size")
		}
	}()
	fill(Touched(image.Pt(160, 90), []Polygon{Everything}), pattern(100, 90, 1))
}

func TestCheck(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	many := star(rand.New(rand.NewPCG(1, 1)), MaxPoints+1)
	for name, c := range map[string]struct {
		p  Polygon
		ok bool
	}{
		"none":          {nil, false},
		"two":           {Polygon{{0, 0}, {1, 1}}, false},
		"triangle":      {Polygon{{0, 0}, {1, 0}, {0.5, 1}}, true},
		"everything":    {Everything, true},
		"concave":       {Polygon{{0, 0}, {1, 0}, {0.5, 0.2}, {0.5, 1}}, true},
		"other way":     {Polygon{{0.5, 1}, {1, 0}, {0, 0}}, true},
		"left of it":    {Polygon{{-0.1, 0}, {1, 0}, {0.5, 1}}, false},
		"below it":      {Polygon{{0, 0}, {1, 0}, {0.5, 1.01}}, false},
		"NaN":           {Polygon{{0, 0}, {nan, 0}, {0.5, 1}}, false},
		"infinite":      {Polygon{{0, 0}, {inf, 0}, {0.5, 1}}, false},
		"bow tie":       {Polygon{{0, 0}, {1, 1}, {1, 0}, {0, 1}}, false},
		"pentagram":     {Polygon{{0.5, 0}, {0.8, 0.9}, {0, 0.35}, {1, 0.35}, {0.2, 0.9}}, false},
		"touches":       {Polygon{{0, 0}, {1, 0}, {1, 1}, {0.5, 0}, {0, 1}}, false},
		"line":          {Polygon{{0, 0}, {0.5, 0.5}, {1, 1}}, false},
		"spike":         {Polygon{{0, 0}, {1, 0}, {0.5, 0}, {0.5, 1}}, false},
		"same corner":   {Polygon{{0, 0}, {0, 0}, {1, 0}, {0.5, 1}}, false},
		"straight edge": {Polygon{{0, 0}, {0.5, 0}, {1, 0}, {0.5, 1}}, true},
		"too many":      {many, false},
	} {
		if err := c.p.Check(); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestContainsAndTouches(t *testing.T) {
	// A U: what hangs between its arms is not inside.
	u := Polygon{{0.1, 0.1}, {0.3, 0.1}, {0.3, 0.7}, {0.7, 0.7}, {0.7, 0.1}, {0.9, 0.1}, {0.9, 0.9}, {0.1, 0.9}}
	for name, c := range map[string]struct {
		p                 Polygon
		r                 Rect
		contains, touches bool
	}{
		"arm":           {u, Rect{0.12, 0.2, 0.28, 0.4}, true, true},
		"between":       {u, Rect{0.4, 0.2, 0.6, 0.4}, false, false},
		"over the gap":  {u, Rect{0.15, 0.2, 0.85, 0.4}, false, true},
		"corner out":    {u, Rect{0.05, 0.2, 0.2, 0.4}, false, true},
		"around it":     {u, Rect{0, 0, 1, 1}, false, true},
		"on the border": {Everything, Rect{0, 0, 1, 1}, true, true},
		"at the edge":   {Everything, Rect{0.9, 0.9, 1, 1}, true, true},
		"outside":       {u, Rect{0.92, 0.1, 1, 0.9}, false, false},
		"no polygon":    {nil, Rect{0, 0, 1, 1}, false, false},
	} {
		if got := c.p.Contains(c.r); got != c.contains {
			t.Errorf("%s: contains is %v", name, got)
		}
		if got := c.p.Touches(c.r); got != c.touches {
			t.Errorf("%s: touches is %v", name, got)
		}
	}
}

func FuzzArea(f *testing.F) {
	f.Add(uint16(10), uint16(20), uint16(60), uint16(5), uint16(30), uint16(60), uint16(0), uint16(64))
	f.Fuzz(func(t *testing.T, x0, y0, x1, y1, x2, y2, x3, y3 uint16) {
		p := Polygon{}
		for _, v := range [][2]uint16{{x0, y0}, {x1, y1}, {x2, y2}, {x3, y3}} {
			p = append(p, Point{float64(v[0]) / 65535, float64(v[1]) / 65535})
		}
		if p.Check() != nil {
			return
		}
		size := image.Pt(48, 33)
		a := pattern(size.X, size.Y, 5)
		b := clone(a)
		disturb(b, p, rand.New(rand.NewPCG(9, 9)))
		area := Touched(size, []Polygon{p})
		fill(area, a)
		fill(area, b)
		if !same(a, b) {
			t.Errorf("something of the inside of %v is left", p)
		}
	})
}

func BenchmarkArea(b *testing.B) {
	img := pattern(1920, 1080, 1)
	area := Touched(img.Rect.Size(), []Polygon{{{0.1, 0.1}, {0.6, 0.2}, {0.3, 0.8}}})
	b.Run("paint", func(b *testing.B) {
		for b.Loop() {
			(&Cover{Zones: []Zone{{Area: area}}}).Paint(img)
		}
	})
	b.Run("fill", func(b *testing.B) {
		for b.Loop() {
			fill(area, img)
		}
	})
	b.Run("make", func(b *testing.B) {
		for b.Loop() {
			Touched(img.Rect.Size(), []Polygon{{{0.1, 0.1}, {0.6, 0.2}, {0.3, 0.8}}})
		}
	})
}
