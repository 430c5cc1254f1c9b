package leak

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// texture is a frame of soft noise: it has detail at every scale.
func texture(w, h int, seed uint64) *image.Gray {
	rng := rand.New(rand.NewPCG(seed, 7))
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		g.Pix[i] = uint8(64 + rng.IntN(128))
	}
	for y := range h { // a little softer, as a lens is
		for x := 1; x < w; x++ {
			i := y*g.Stride + x
			g.Pix[i] = uint8((int(g.Pix[i]) + int(g.Pix[i-1])) / 2)
		}
	}
	return g
}

// altered returns a frame with each pixel changed by f.
func altered(g *image.Gray, f func(x, y int, v uint8) uint8) *image.Gray {
	out := image.NewGray(g.Rect)
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			out.Pix[y*out.Stride+x] = f(x, y, g.Pix[y*g.Stride+x])
		}
	}
	return out
}

func TestDetail(t *testing.T) {
	src, other := texture(160, 120, 1), texture(160, 120, 2)
	face := Box{40, 30, 50, 60}
	tests := []struct {
		name string
		out  *image.Gray
		want float64
	}{
		{"the same", src, 1},
		{"darker and flatter", altered(src, func(_, _ int, v uint8) uint8 { return v/2 + 10 }), 1},
		{"negative", altered(src, func(_, _ int, v uint8) uint8 { return 255 - v }), -1},
		{"solid", altered(src, func(_, _ int, _ uint8) uint8 { return 90 }), 0},
		{"another frame", other, 0},
		{"half another frame", altered(src, func(x, y int, v uint8) uint8 { return uint8((int(v) + int(other.GrayAt(x, y).Y)) / 2) }), math.Sqrt2 / 2},
		{"masked in the middle only", altered(src, func(x, y int, v uint8) uint8 {
			if x >= 50 && x < 80 && y >= 42 && y < 78 {
				return 90
			}
			return v
		}), 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, ok := Detail(src, test.out, face)
			if !ok || math.Abs(got-test.want) > 0.07 {
				t.Errorf("detail = %.3f, %v, want about %.2f", got, ok, test.want)
			}
		})
	}
}

func TestDetailOfWhatIsNotMeasured(t *testing.T) {
	g := texture(64, 64, 1)
	for _, face := range []Box{{}, {10, 10, 12, 12}, {60, 10, 40, 40}, {-100, -100, 50, 50}, {10, 10, -20, 30}} {
		if d, ok := Detail(g, g, face); ok {
			t.Errorf("face %v was measured: %v", face, d)
		}
	}
	if d, ok := Detail(g, g, Box{-5, -5, 60, 60}); !ok || d < 0.99 {
		t.Errorf("face at the border: %v, %v", d, ok)
	}
}

// blurredDifference is ChangedArea as its definition has it.
func blurredDifference(a, b *image.Gray) float64 {
	w, h, n := a.Rect.Dx(), a.Rect.Dy(), 0
	for y := range h {
		for x := range w {
			sum := 0
			for dy := -7; dy <= 7; dy++ {
				for dx := -7; dx <= 7; dx++ {
					i := reflect(y+dy, h)*a.Stride + reflect(x+dx, w)
					sum += max(int(a.Pix[i]), int(b.Pix[i])) - min(int(a.Pix[i]), int(b.Pix[i]))
				}
			}
			if sum > 12*225 {
				n++
			}
		}
	}
	return float64(n) / float64(w*h)
}

func TestChangedArea(t *testing.T) {
	src := texture(61, 43, 3)
	if got := ChangedArea(src, src); got != 0 {
		t.Errorf("nothing changed: %v", got)
	}
	if got := ChangedArea(src, altered(src, func(_, _ int, v uint8) uint8 { return v + 12 })); got != 0 {
		t.Errorf("as much as encoding may change: %v", got)
	}
	if got := ChangedArea(src, altered(src, func(_, _ int, v uint8) uint8 { return v + 13 })); got != 1 {
		t.Errorf("all changed: %v", got)
	}
	for _, size := range []image.Point{{61, 43}, {15, 15}, {9, 40}, {3, 2}, {1, 1}} {
		src := texture(size.X, size.Y, 3)
		out := altered(src, func(x, y int, v uint8) uint8 {
			if x > size.X/3 && y > size.Y/4 {
				return v + 25
			}
			return v
		})
		if got, want := ChangedArea(src, out), blurredDifference(src, out); got != want {
			t.Errorf("%v: %v, want %v", size, got, want)
		}
	}
	if ChangedArea(&image.Gray{}, &image.Gray{}) != 0 {
		t.Error("an empty frame changed")
	}
}

func TestConfirmed(t *testing.T) {
	a, near, far := Box{10, 10, 40, 40}, Box{14, 10, 40, 40}, Box{200, 10, 40, 40}
	got := Confirmed([][]Box{{a}, {near, far}, {}, {far}, {}})
	want := []int{1, 1, 0, 1, 0} // far is alone in its frame, but once nothing speaks against it
	for i, n := range want {
		if len(got[i]) != n {
			t.Errorf("frame %d: %v, want %d", i, got[i], n)
		}
	}
}

// Two people walk, one is uncovered in one frame; a third is too small to name.
func TestMeter(t *testing.T) {
	const leaksAt = 9
	src := texture(320, 160, 4)
	covered := altered(src, func(_, _ int, _ uint8) uint8 { return 90 })
	open := altered(covered, func(x, y int, v uint8) uint8 {
		if x > 180 {
			return src.GrayAt(x, y).Y
		}
		return v
	})
	var m Meter
	for i := range 16 {
		out, faces := src, []Box(nil)
		if i >= 6 {
			step := float64(i - 6)
			out, faces = covered, []Box{{20 + 4*step, 20, 48, 48}, {200 + 4*step, 60, 48, 48}, {100, 100, 12, 12}}
		}
		if i == leaksAt {
			out = open
		}
		want := 0
		if i == leaksAt {
			want = 1
		}
		if got := m.Add(src, out, faces); got != want {
			t.Errorf("frame %d: %d leaked, want %d", i, got, want)
		}
	}
	r := m.Result()
	if r.Frames != 16 || r.Faces != 20 || r.Leaked != 1 || r.Tracks != 2 || r.LeakedTracks != 1 {
		t.Errorf("result = %+v", r)
	}
	if r.Rate() != 1.0/20 || r.TrackRate() != 0.5 || len(r.Examples) != 1 || r.Examples[0].Frame != leaksAt {
		t.Errorf("rates %v, %v, examples %v", r.Rate(), r.TrackRate(), r.Examples)
	}
	if len(r.Changed) != 16 || r.Changed[5] != 0 || r.Changed[6] < 0.9 {
		t.Errorf("changed, by frame: %v", r.Changed)
	}
	if r.EmptyChanged != 0 || r.ChangedArea < 0.5 {
		t.Errorf("changed %v, while empty %v", r.ChangedArea, r.EmptyChanged)
	}
	if want := 10.0 / 16 * (2*48*48 + 12*12) / (320 * 160); math.Abs(r.FaceArea-want) > 1e-9 {
		t.Errorf("face area %v, want %v", r.FaceArea, want)
	}
}

// A face that leaves and another that comes later are two tracks.
func TestMeterCountsAppearances(t *testing.T) {
	src := texture(320, 160, 5)
	var m Meter
	for i := range 9 {
		faces := []Box{{20, 20, 48, 48}}
		if i == 4 {
			faces = nil
		}
		m.Add(src, src, faces)
	}
	if r := m.Result(); r.Tracks != 2 || r.LeakedTracks != 2 || r.Rate() != 1 || !math.IsNaN(r.EmptyChanged) {
		t.Errorf("result = %+v", r)
	}
}

func TestZeroMeter(t *testing.T) {
	var m Meter
	if r := m.Result(); r.Rate() != 0 || r.TrackRate() != 0 || r.ChangedArea != 0 || r.FaceArea != 0 {
		t.Errorf("result = %+v", r)
	}
}

func BenchmarkChangedArea1080p(b *testing.B) {
	src, out := texture(1920, 1080, 1), texture(1920, 1080, 2)
	for b.Loop() {
		ChangedArea(src, out)
	}
}
