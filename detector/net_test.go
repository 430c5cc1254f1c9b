package detector

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os/exec"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/detector/internal/reference"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// onEach runs a test with each arithmetic that this processor has.
func onEach(t *testing.T, run func(t *testing.T)) {
	defer arithmetic(0)
	for which, name := range []string{"best", "any processor's", "AVX2"} {
		if arithmetic(which) {
			t.Run(name, run)
		}
	}
}

func gradient(w, h int) *image.YCbCr {
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for i := range img.Y {
		img.Y[i] = byte((i%img.YStride)*255/w/2 + (i/img.YStride)*255/h/2)
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = byte((i%img.CStride)*255/(w/2+1)), byte(255-(i/img.CStride)*255/(h/2+1))
	}
	return img
}

// chequered has the hardest contrasts of luma and chroma, in fine patterns.
func chequered(w, h int) *image.YCbCr {
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for i := range img.Y {
		img.Y[i] = byte(255 * ((i%img.YStride/2 + i/img.YStride/2) % 2))
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = byte(255*(i%2)), byte(255*(i/3%2))
	}
	return img
}

func noise(w, h int) *image.YCbCr {
	img := testFrame(w, h)
	r := rand.New(rand.NewPCG(3, 4))
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = byte(r.UintN(256)), byte(r.UintN(256))
	}
	return img
}

// still is a frame of a clip, brought to a size by ffmpeg.
func still(t testing.TB, clip string, second float64, w, h int) *image.YCbCr {
	t.Helper()
	path := clips.Path(t, clip)
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	raw, err := exec.Command("ffmpeg", "-v", "error", "-ss", fmt.Sprint(second), "-i", path, "-frames:v", "1",
		"-vf", fmt.Sprintf("scale=%d:%d", w, h), "-pix_fmt", "yuv420p", "-f", "rawvideo", "-").Output()
	if err != nil || len(raw) != len(img.Y)+len(img.Cb)+len(img.Cr) {
		t.Fatalf("ffmpeg gives no frame of %s: %d bytes, %v", clip, len(raw), err)
	}
	copy(img.Cr, raw[copy(img.Y, raw)+copy(img.Cb, raw[len(img.Y):]):])
	return img
}

var inputs = []image.Point{{640, 352}, {320, 192}, {352, 640}, {480, 288}, {96, 96}, {32, 64}, {64, 32}}

// against holds the kernel's outputs for what it saw to OpenCV's.
func against(t *testing.T, img *image.YCbCr, fullRange bool, size image.Point) {
	t.Helper()
	y, err := NewYuNet(size)
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	r, err := reference.Open(size)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for range 2 { // the second run must find nothing left from the first
		if _, err := y.Detect(img, fullRange, []Tile{{Src: img.Rect, Dst: image.Rectangle{Max: size}}}, 0.15); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.SetInput(y.plane(0), y.plane(1), y.plane(2), fullRange); err != nil {
		t.Fatal(err)
	}
	want, err := r.Forward()
	if err != nil {
		t.Fatal(err)
	}
	if max(size.X, size.Y) > 96 {
		y.same(t, "OpenCV's", want)
		return
	}
	// OpenCV 4.10 is wrong by some hundredths where a map is one cell wide: the
	// definition itself says what is right for small inputs.
	plain, err := r.Plain()
	if err != nil {
		t.Fatal(err)
	}
	y.same(t, "the definition's", plain)
	if min(size.X, size.Y) > 32 {
		y.same(t, "OpenCV's", want)
	}
}

// same holds the last run's outputs to others.
func (y *YuNet) same(t *testing.T, whose string, want [3]reference.Output) {
	t.Helper()
	for level, o := range want {
		got, worst, worstBox := y.output(level), 0., 0.
		for i := range o.Class {
			q := got[headChannels*i:]
			worst = max(worst, apart(sigmoid(q[0]), o.Class[i]), apart(sigmoid(q[1]), o.Object[i]))
			for k := range 4 {
				worstBox = max(worstBox, apart(q[2+k], o.Box[k*len(o.Class)+i]))
			}
		}
		most := [][2]float64{{5e-5, 5e-4}, {0.004, 0.03}, {0.012, 0.05}}[y.values()]
		if !(worst < most[0] && worstBox < most[1]) {
			t.Errorf("input %v, level %d: outputs differ from %s by %.6f and %.6f", y.size, level, whose, worst, worstBox)
		}
	}
}

func apart(a, b float32) float64 { return math.Abs(float64(a - b)) }

func sigmoid(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }

func TestOutputsAreOpenCVs(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for _, size := range inputs {
			against(t, noise(size.X, size.Y), false, size)
			against(t, gradient(size.X+31, size.Y+7), true, size)
			against(t, chequered(size.X, size.Y), true, size)
		}
	})
}

// TestWholeNumbersAreTheSame holds all arithmetic in whole numbers to one result, bit for bit.
func TestWholeNumbersAreTheSame(t *testing.T) {
	defer arithmetic(0)
	outputs := map[int][]float32{}
	for _, which := range []int{0, 2} {
		if !arithmetic(which) {
			t.Skip("this processor has one arithmetic alone")
		}
		for _, img := range stills(t) {
			size := image.Pt(640, 352)
			y, err := NewYuNet(size)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := y.Detect(img, false, []Tile{{Src: img.Rect, Dst: image.Rectangle{Max: size}}}, 0.15); err != nil {
				t.Fatal(err)
			}
			for level := range 3 {
				outputs[which] = append(outputs[which], y.output(level)...)
			}
			y.Close()
		}
	}
	if !slices.Equal(outputs[0], outputs[2]) {
		t.Error("AVX2 and AVX-512 differ")
	}
}

// planes brings a frame to the input's size by OpenCV.
func planes(img *image.YCbCr, size image.Point) (out [3][]byte) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for i, p := range []*image.Gray{
		{Pix: img.Y, Stride: img.YStride, Rect: image.Rect(0, 0, w, h)},
		{Pix: img.Cb, Stride: img.CStride, Rect: image.Rect(0, 0, max(1, w/2), max(1, h/2))},
		{Pix: img.Cr, Stride: img.CStride, Rect: image.Rect(0, 0, max(1, w/2), max(1, h/2))},
	} {
		to := image.NewGray(image.Rectangle{Max: size})
		reference.Scale(p, to)
		out[i] = to.Pix
	}
	return out
}

func TestPlanesAreOpenCVs(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for _, c := range []struct{ from, to image.Point }{
			{image.Pt(1920, 1080), image.Pt(640, 352)}, {image.Pt(1280, 720), image.Pt(640, 352)},
			{image.Pt(640, 480), image.Pt(640, 480)}, {image.Pt(641, 363), image.Pt(640, 352)},
			{image.Pt(431, 333), image.Pt(320, 192)}, {image.Pt(333, 777), image.Pt(96, 96)},
			{image.Pt(20, 18), image.Pt(64, 32)}, {image.Pt(1, 1), image.Pt(32, 32)}, {image.Pt(30, 17), image.Pt(32, 32)},
		} {
			y, err := NewYuNet(c.to)
			if err != nil {
				t.Fatal(err)
			}
			img := noise(c.from.X, c.from.Y)
			if _, err := y.Detect(img, false, []Tile{{Src: img.Rect, Dst: image.Rectangle{Max: c.to}}}, 0.5); err != nil {
				t.Fatal(err)
			}
			for i, want := range planes(img, c.to) {
				if far, at := farthest(y.plane(i), want); far > 1 {
					t.Errorf("%v to %v: plane %d, pixel %d of %v differs by %d", c.from, c.to, i, at%c.to.X, at/c.to.X, far)
				}
			}
			y.Close()
		}
	})
}

func farthest(a, b []byte) (far, at int) {
	for i := range a {
		if d := max(a[i], b[i]) - min(a[i], b[i]); int(d) > far {
			far, at = int(d), i
		}
	}
	return far, at
}

// stills are real frames in the shapes that cameras send.
func stills(t testing.TB) []*image.YCbCr {
	return []*image.YCbCr{
		still(t, "crowd_1080.mp4", 1, 1920, 1080), still(t, "crowd_1080.mp4", 2, 1280, 720),
		still(t, "hall_1080.mp4", 8, 1920, 1080), still(t, "lobby.mp4", 8, 641, 363),
		still(t, "closeup_480.mp4", 1, 360, 640), still(t, "corridor_dark.mp4", 8, 640, 480),
	}
}

// apartness is how far a find's score and its corners, in pixels of the input, may lie from another's.
type apartness struct{ score, corner float32 }

var (
	byFloats = apartness{0.002, 0.25}
	byWords  = apartness{0.008, 0.5}
	byHalves = apartness{0.02, 0.5}
)

// finds reports whether every sure find of a has one of b in its place: sure,
// because a score at the limit may fall on either side.
func finds(t *testing.T, name string, a, b []Face, least float32, far apartness) {
	t.Helper()
	for _, f := range a {
		if f.Score < least+far.score {
			continue
		}
		same := func(g Face) bool {
			worst := max(apart(f.X, g.X), apart(f.Y, g.Y), apart(f.X+f.W, g.X+g.W), apart(f.Y+f.H, g.Y+g.H))
			return apart(f.Score, g.Score) < float64(far.score) && worst < float64(far.corner)
		}
		if !slices.ContainsFunc(b, same) {
			t.Errorf("%s: %+v has no counterpart in %+v", name, f, b)
		}
	}
}

// TestFacesAreOpenCVs holds what is found, from planes to boxes, to what
// OpenCV finds with its own way of bringing frames to size.
func TestFacesAreOpenCVs(t *testing.T) {
	const least = 0.15
	onEach(t, func(t *testing.T) {
		found := 0
		for _, img := range stills(t) {
			for _, size := range inputs {
				found += sameFaces(t, img, size, least)
			}
		}
		if found < 50 {
			t.Errorf("only %d faces to compare", found)
		}
	})
}

func sameFaces(t *testing.T, img *image.YCbCr, size image.Point, least float32) int {
	t.Helper()
	y, err := NewYuNet(size)
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	r, err := reference.Open(size)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	tile := Tile{Src: img.Rect, Dst: image.Rectangle{Max: size}}
	got, err := y.candidates(img, false, []Tile{tile}, least)
	if err != nil {
		t.Fatal(err)
	}
	p := planes(img, size)
	if err := r.SetInput(p[0], p[1], p[2], false); err != nil {
		t.Fatal(err)
	}
	out, err := r.Forward()
	if err != nil {
		t.Fatal(err)
	}
	want := r.Faces(out, least)
	sx, sy := float32(size.X)/float32(img.Rect.Dx()), float32(size.Y)/float32(img.Rect.Dy())
	for i, f := range got {
		got[i].Box = Box{X: f.X * sx, Y: f.Y * sy, W: f.W * sx, H: f.H * sy}
	}
	name := fmt.Sprintf("%v in %v", img.Rect.Max, size)
	far := []apartness{byFloats, byWords, byHalves}[y.values()]
	finds(t, name+", OpenCV's", want, got, least, far)
	finds(t, name+", ours", got, want, least, far)
	return len(track.Merge(want))
}
