package detector

import (
	"fmt"
	"image"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/detector/track"
)

// rotatedByQuarters turns a frame clockwise by quarter turns, pixel by pixel; both its sides are even.
func rotatedByQuarters(img *image.YCbCr, rotations int) *image.YCbCr {
	for range rotations {
		w, h := img.Rect.Dx(), img.Rect.Dy()
		out := image.NewYCbCr(image.Rect(0, 0, h, w), image.YCbCrSubsampleRatio420)
		rotatePlane(out.Y, out.YStride, img.Y, img.YStride, w, h)
		rotatePlane(out.Cb, out.CStride, img.Cb, img.CStride, w/2, h/2)
		rotatePlane(out.Cr, out.CStride, img.Cr, img.CStride, w/2, h/2)
		img = out
	}
	return img
}

func rotatePlane(dst []byte, dstStride int, src []byte, stride, w, h int) {
	for y := range h {
		for x := range w {
			dst[x*dstStride+h-1-y] = src[y*stride+x]
		}
	}
}

// rotateBox is where a box of a frame of w x h lies after quarter rotations clockwise.
func rotateBox(b Box, w, h float32, rotations int) Box {
	for range rotations {
		b = Box{X: h - b.Y - b.H, Y: b.X, W: b.H, H: b.W}
		w, h = h, w
	}
	return b
}

// detectFaces returns what is found, and all candidates: of two that score alike, either may be the find.
func detectFaces(t *testing.T, img *image.YCbCr, size image.Point, tiles []Tile) (found, all []Face) {
	t.Helper()
	y, err := NewYuNet(size)
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	if found, err = y.Detect(img, false, tiles, 0.15); err == nil {
		all, err = y.candidates(img, false, tiles, 0.15)
	}
	if err != nil {
		t.Fatal(err)
	}
	return found, all
}

// scaled brings finds to the input's scale and forgets their rotation.
func scaled(faces []Face, by float32) []Face {
	var out []Face
	for _, f := range faces {
		out = append(out, Face{Box: Box{X: f.X * by, Y: f.Y * by, W: f.W * by, H: f.H * by}, Score: f.Score})
	}
	return out
}

// A frame that lies on its side or head is seen as the upright one is, and
// what is found lies where it is in the frame as stored. Where averages alone bring all planes
// to size the network gets the very same pixels; elsewhere straight lines are rounded
// the other way round.
func TestRotatedFramesGiveTheSameFaces(t *testing.T) {
	sizes := []struct {
		frame, input image.Point
		exact        bool
	}{
		{image.Pt(2560, 1408), image.Pt(640, 352), true}, {image.Pt(1280, 704), image.Pt(640, 352), true},
		{image.Pt(704, 960), image.Pt(352, 480), true}, {image.Pt(1920, 1080), image.Pt(640, 352), false},
		{image.Pt(642, 362), image.Pt(640, 352), false}, {image.Pt(534, 718), image.Pt(352, 480), false},
	}
	onEach(t, func(t *testing.T) {
		found := 0
		for _, clip := range []struct {
			name   string
			second float64
		}{{"crowd_1080.mp4", 1}, {"hall_1080.mp4", 8}, {"lobby.mp4", 8}, {"badges.mp4", 9.7}} {
			for _, s := range sizes {
				img := still(t, clip.name, clip.second, s.frame.X, s.frame.Y)
				want, allWanted := detectFaces(t, img, s.input, []Tile{{Src: img.Rect, Dst: image.Rectangle{Max: s.input}}})
				found += len(want)
				for rotation := 1; rotation <= 3; rotation++ {
					name := fmt.Sprintf("%s %v in %v, rotation %d", clip.name, s.frame, s.input, rotation)
					got, allGot := rotatedBack(t, name, img, s.input, rotation)
					if s.exact {
						scale := float32(s.input.X) / float32(s.frame.X)
						finds(t, name+", upright", scaled(want, scale), scaled(allGot, scale), 0.15, byFloats)
						finds(t, name+", lying", scaled(got, scale), scaled(allWanted, scale), 0.15, byFloats)
					} else {
						alike(t, name+", upright", want, allGot)
						alike(t, name+", lying", got, allWanted)
					}
				}
			}
		}
		if found < 40 {
			t.Errorf("only %d faces to compare", found)
		}
	})
}

// rotatedBack searches an upright frame that was laid down, and rotates the finds upright.
func rotatedBack(t *testing.T, name string, upright *image.YCbCr, size image.Point, rotation int) (found, all []Face) {
	t.Helper()
	lying := rotatedByQuarters(upright, 4-rotation)
	found, all = detectFaces(t, lying, size, []Tile{{Src: lying.Rect, Dst: image.Rectangle{Max: size}, Rotation: rotation}})
	for _, faces := range [][]Face{found, all} {
		for i, f := range faces {
			if f.Rotation != track.Quarter(rotation) {
				t.Errorf("%s: the find says rotation %d", name, f.Rotation)
			}
			faces[i] = rotatedUpright(f, lying, rotation)
		}
	}
	return found, all
}

// rotatedUpright is a find in a lying frame as it is in the upright one.
func rotatedUpright(f Face, lying *image.YCbCr, rotation int) Face {
	return Face{Box: rotateBox(f.Box, float32(lying.Rect.Dx()), float32(lying.Rect.Dy()), rotation), Score: f.Score}
}

// alike asks for every sure find of a in b, with a score and a box near its own. The planes
// differ by up to one, which moves a score by up to 0.02; whole numbers add some thousandths at either side.
func alike(t *testing.T, name string, a, b []Face) {
	t.Helper()
	for _, f := range a {
		same := func(g Face) bool { return track.IoU(f.Box, g.Box) > 0.85 && apart(f.Score, g.Score) < 0.025 }
		if f.Score > 0.5 && !slices.ContainsFunc(b, same) {
			t.Errorf("%s: %+v has no counterpart in %+v", name, f, b)
		}
	}
}

// Several tiles of one input may be rotated differently, and odd sizes fit.
func TestTilesRotateEachForItself(t *testing.T) {
	img := still(t, "crowd_1080.mp4", 2, 960, 540)
	size := image.Pt(640, 640)
	for rotation := range 4 {
		lying := rotatedByQuarters(img, (4-rotation)%4)
		flat, tall := image.Rect(0, 0, 307, 173), image.Rect(320, 192, 320+173, 192+307)
		both, _ := detectFaces(t, lying, size, []Tile{{Src: lying.Rect, Dst: flat, Rotation: rotation}, {Src: img.Rect.Intersect(lying.Rect), Dst: tall, Rotation: (rotation + 1) % 4}})
		var got []Face
		for _, f := range both {
			if f.Rotation == track.Quarter(rotation) {
				got = append(got, rotatedUpright(f, lying, rotation))
			}
		}
		want, _ := detectFaces(t, img, size, []Tile{{Src: img.Rect, Dst: flat}})
		sure := 0
		for _, f := range want {
			if f.Score < 0.6 {
				continue
			}
			sure++
			near := func(g Face) bool { return track.IoU(g.Box, f.Box) > 0.8 && g.Score > 0.5 }
			if !slices.ContainsFunc(got, near) {
				t.Errorf("rotation %d: nothing at %+v among %+v", rotation, f, got)
			}
		}
		if sure < 2 {
			t.Errorf("only %d faces to compare", sure)
		}
	}
}

// Every pixel goes where its rotation says, at sizes that no block of the arithmetic divides.
func TestPlanesRotate(t *testing.T) {
	onEach(t, func(t *testing.T) {
		for _, from := range []image.Point{{62, 94}, {128, 64}, {334, 202}, {98, 36}} {
			img := noise(from.X, from.Y)
			for rotation := range 4 {
				lying := rotatedByQuarters(img, (4-rotation)%4)
				size := image.Pt((from.X+31)&^31, (from.Y+31)&^31)
				y, err := NewYuNet(size)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := y.Detect(lying, false, []Tile{{Src: lying.Rect, Dst: img.Rect, Rotation: rotation}}, 0.5); err != nil {
					t.Fatal(err)
				}
				for j := range from.Y {
					for i := range from.X {
						if got, want := y.plane(0)[j*size.X+i], img.Y[j*img.YStride+i]; got != want {
							t.Fatalf("%v, rotation %d: pixel %d, %d is %d, want %d", from, rotation, i, j, got, want)
						}
					}
				}
				y.Close()
			}
		}
	})
}
