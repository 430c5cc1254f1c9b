package detector

import (
	"image"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/detector/track"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if n := Open(); n != 0 {
		println("detectors not closed:", n)
		code = 1
	}
	os.Exit(code)
}

func testFrame(w, h int) *image.YCbCr {
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range img.Y {
		img.Y[i] = byte(r.UintN(256))
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = 128, 128
	}
	return img
}

func TestInputSizeIsChecked(t *testing.T) {
	for _, size := range []image.Point{{320, 180}, {0, 32}, {-32, 32}, {33, 64}} {
		if _, err := NewYuNet(size); err == nil {
			t.Errorf("an input of %v passed", size)
		}
	}
}

// One network takes inputs of all sizes as one of each size would, in the memory of
// the largest.
func TestResize(t *testing.T) {
	sizes := []image.Point{{352, 640}, {96, 96}, {640, 352}, {64, 32}, {320, 192}, {352, 640}}
	onEach(t, func(t *testing.T) {
		shared, err := NewYuNet(sizes[0])
		if err != nil {
			t.Fatal(err)
		}
		defer shared.Close()
		held := shared.held()
		for i, size := range sizes {
			own, err := NewYuNet(size)
			if err != nil {
				t.Fatal(err)
			}
			if err := shared.Resize(size); err != nil {
				t.Fatal(err)
			}
			img := noise(300+10*i, 200)
			for _, y := range []*YuNet{own, shared} {
				if _, err := y.Detect(img, false, []Tile{{Src: img.Rect, Dst: image.Rectangle{Max: size}}}, 0.15); err != nil {
					t.Fatal(err)
				}
			}
			for level := range 3 {
				if !slices.Equal(own.output(level), shared.output(level)) {
					t.Errorf("%v after other sizes: level %d differs", size, level)
				}
			}
			own.Close()
		}
		if grown := shared.held() - held; grown > held/5 { // some maps grow with the width alone
			t.Errorf("the maps took %d bytes at first and take %d now", held, shared.held())
		}
		for _, size := range []image.Point{{320, 180}, {0, 32}} {
			if err := shared.Resize(size); err == nil || shared.Size() != sizes[len(sizes)-1] {
				t.Errorf("an input of %v: %v, size is %v", size, err, shared.Size())
			}
		}
	})
}

func TestDetectRefusesTilesOutside(t *testing.T) {
	y, err := NewYuNet(image.Pt(64, 64))
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	img := testFrame(128, 128)
	for _, tile := range []Tile{
		{Src: image.Rect(0, 0, 129, 64), Dst: image.Rect(0, 0, 64, 64)},
		{Src: image.Rect(0, 0, 64, 64), Dst: image.Rect(1, 0, 65, 64)},
		{Src: image.Rect(0, 0, 0, 64), Dst: image.Rect(0, 0, 64, 64)},
		{Src: image.Rect(0, 0, 64, 64), Dst: image.Rect(0, 0, 64, 64), Rotation: 4},
		{Src: image.Rect(0, 0, 64, 64), Dst: image.Rect(0, 0, 64, 64), Rotation: -1},
	} {
		if _, err := y.Detect(img, false, []Tile{tile}, 0.5); err == nil {
			t.Errorf("tile %v passed", tile)
		}
	}
	if f, err := y.Detect(img, false, nil, 0.5); err != nil || f != nil {
		t.Errorf("no tiles: %v, %v", f, err)
	}
}

// naiveReduce is the definition that the fast code must agree with.
func naiveReduce(img *image.YCbCr, f int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, img.Rect.Dx()/f, img.Rect.Dy()/f))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			sum := 0
			for j := range f {
				for i := range f {
					sum += int(img.Y[(y*f+j)*img.YStride+x*f+i])
				}
			}
			out.Pix[y*out.Stride+x] = byte((sum + f*f/2) / (f * f))
		}
	}
	return out
}

func TestReduce(t *testing.T) { onEach(t, reduces) }

func reduces(t *testing.T) {
	for _, size := range []image.Point{{320, 180}, {61, 37}} {
		img := testFrame(size.X, size.Y)
		for f := 1; f <= 9; f++ {
			got, want := Reduce(nil, img, f), naiveReduce(img, f)
			if got.Rect != want.Rect {
				t.Fatalf("%v by %d: size %v, want %v", size, f, got.Rect, want.Rect)
			}
			for i := range want.Pix {
				if got.Pix[i] != want.Pix[i] {
					t.Fatalf("%v by %d: pixel %d is %d, want %d", size, f, i, got.Pix[i], want.Pix[i])
				}
			}
		}
	}
}

func TestMatchFindsAShift(t *testing.T) {
	img := testFrame(200, 120)
	a := Reduce(nil, img, 1)
	for _, shift := range []image.Point{{0, 0}, {5, -3}, {-7, 6}} {
		b := image.NewGray(a.Rect)
		for y := range 120 {
			for x := range 200 {
				if p := image.Pt(x, y).Sub(shift); p.In(a.Rect) {
					b.SetGray(x, y, a.GrayAt(p.X, p.Y))
				}
			}
		}
		r := image.Rect(80, 40, 110, 70)
		// Random noise has no slope towards the right place: search without the coarse step.
		at, diff := Match(a, b, r, r.Min.Add(shift).Add(image.Pt(1, 1)), 3)
		if at != r.Min.Add(shift) || diff != 0 {
			t.Errorf("shift %v: found %v, difference %v", shift, at.Sub(r.Min), diff)
		}
	}
	if _, diff := Match(a, a, image.Rect(-50, 0, -10, 20), image.Pt(0, 0), 3); diff != 255 {
		t.Errorf("a template outside of the frame: difference %v", diff)
	}
}

func TestCells(t *testing.T) { onEach(t, cells) }

func cells(t *testing.T) {
	for _, size := range []image.Point{{21, 9}, {480, 270}, {97, 33}} {
		a, b := Reduce(nil, testFrame(size.X, size.Y), 1), Reduce(nil, gradient(size.X, size.Y), 1)
		for _, cell := range []int{3, 4, 16} {
			got, cols := Cells(a, b, cell, nil), size.X/cell
			if len(got) != cols*(size.Y/cell) {
				t.Errorf("%v: %d cells of %d", size, len(got), cell)
			}
			for i, sum := range got {
				if want := naiveCell(a, b, image.Pt(i%cols, i/cols).Mul(cell), cell); sum != want {
					t.Fatalf("%v: cell %d of %d is %d, want %d", size, i, cell, sum, want)
				}
			}
		}
	}
}

// naiveCell is the sum of absolute differences of one block.
func naiveCell(a, b *image.Gray, at image.Point, cell int) (sum uint32) {
	for y := at.Y; y < at.Y+cell; y++ {
		for x := at.X; x < at.X+cell; x++ {
			p, q := a.GrayAt(x, y).Y, b.GrayAt(x, y).Y
			sum += uint32(max(p, q) - min(p, q))
		}
	}
	return sum
}

func BenchmarkFullView1080(b *testing.B) {
	y, err := NewYuNet(image.Pt(640, 384))
	if err != nil {
		b.Fatal(err)
	}
	defer y.Close()
	img := testFrame(1920, 1080)
	for b.Loop() {
		if _, err := y.Detect(img, false, []Tile{{Src: img.Rect, Dst: image.Rect(0, 0, 640, 360)}}, 0.3); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReduce1080(b *testing.B) {
	img := testFrame(1920, 1080)
	var g *image.Gray
	for b.Loop() {
		g = Reduce(g, img, 4)
	}
}

func BenchmarkCells(b *testing.B) {
	g := Reduce(nil, testFrame(1920, 1080), 4)
	var out []uint32
	for b.Loop() {
		out = Cells(g, g, 4, out)
	}
}

func BenchmarkMatch(b *testing.B) {
	g := Reduce(nil, testFrame(1920, 1080), 4)
	for b.Loop() {
		Match(g, g, image.Rect(100, 100, 120, 120), image.Pt(103, 101), 6)
	}
}

// A find says by how much its tile was reduced, each way of the frame however it was rotated.
func TestFindsSayHowTheyWereReduced(t *testing.T) {
	tiles := []Tile{
		{Src: image.Rect(0, 0, 480, 288), Dst: image.Rect(0, 0, 320, 192)},
		{Src: image.Rect(0, 0, 384, 160), Dst: image.Rect(320, 0, 640, 192), Rotation: 1},
	}
	for x, want := range map[float32]track.Reduction{100: {X: 1.5, Y: 1.5}, 400: {X: 2, Y: 0.5}} {
		f, ok := backFrom(tiles, Face{Box: Box{X: x, Y: 80, W: 20, H: 20}})
		if !ok || f.Reduced != want {
			t.Errorf("find at %v: reduced %v, want %v", x, f.Reduced, want)
		}
	}
}
