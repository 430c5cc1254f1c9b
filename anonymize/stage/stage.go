// Package stage draws people and badges for tests, of whom it is known where they are. It
// knows neither detector nor pipeline: those who test these import it.
//
// In: sample photos of gocv's module, which the Go command fetches. Out: frames. It has no
// goroutine and is in no product.
package stage

import (
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/image/draw"

	"github.com/bauta-gateway/bauta/detector/track"
)

// Head is somebody's head cut out of a photo, about 90 pixels wide in the
// face, and where the detector finds the face in it.
type Head struct {
	Image *image.RGBA
	Face  track.Box
}

// Two people of gocv's sample photos, as in cmd/dev/bauta-demo-clip, and a third who looks
// much like the first.
var cuts = map[string]struct {
	photo  string
	cut    image.Rectangle
	scale  float64
	mirror bool
}{
	"beard":  {"face.jpg", image.Rect(215, 60, 495, 365), 0.5, false},
	"phone":  {"distortion.jpg", image.Rect(665, 310, 815, 465), 0.95, false},
	"double": {"face.jpg", image.Rect(215, 60, 495, 365), 0.5, true},
}

var heads = sync.OnceValues(func() (map[string]Head, error) {
	out, err := exec.Command("go", "mod", "download", "-json", "gocv.io/x/gocv@v0.31.0").Output()
	if err != nil {
		return nil, err
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		return nil, err
	}
	all := map[string]Head{}
	for name, c := range cuts {
		f, err := os.Open(filepath.Join(module.Dir, "images", c.photo))
		if err != nil {
			return nil, err
		}
		photo, err := jpeg.Decode(f)
		f.Close()
		if err != nil {
			return nil, err
		}
		size := image.Pt(int(float64(c.cut.Dx())*c.scale), int(float64(c.cut.Dy())*c.scale))
		img := image.NewRGBA(image.Rectangle{Max: size})
		draw.CatmullRom.Scale(img, img.Rect, photo, c.cut, draw.Src, nil)
		if c.mirror {
			mirror(img)
		}
		all[name] = Head{Image: img}
	}
	return all, nil
})

func mirror(img *image.RGBA) {
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() / 2 {
			a, b := img.RGBAAt(x, y), img.RGBAAt(img.Rect.Dx()-1-x, y)
			img.SetRGBA(x, y, b)
			img.SetRGBA(img.Rect.Dx()-1-x, y, a)
		}
	}
}

// Sized is the head, k times as large.
func (h Head) Sized(k float64) Head {
	img := image.NewRGBA(image.Rect(0, 0, int(k*float64(h.Image.Rect.Dx())), int(k*float64(h.Image.Rect.Dy()))))
	draw.CatmullRom.Scale(img, img.Rect, h.Image, h.Image.Rect, draw.Src, nil)
	f := float32(k)
	return Head{img, track.Box{X: f * h.Face.X, Y: f * h.Face.Y, W: f * h.Face.W, H: f * h.Face.H}}
}

// FindHeads is the heads by name, "beard", "phone" and "double", with their faces found.
func FindHeads(t testing.TB, find func(*image.YCbCr) ([]track.Face, error)) map[string]Head {
	t.Helper()
	all, err := heads()
	if err != nil {
		t.Fatal("gocv's photos are not at hand: ", err)
	}
	found := map[string]Head{}
	for name, h := range all {
		s := New(640, 352)
		at := image.Pt(200, 100)
		s.Paste(h.Image, at)
		faces, err := find(s.Frame())
		if err != nil || len(faces) != 1 || faces[0].Score < 0.6 {
			t.Fatalf("%s: faces %v, %v", name, faces, err)
		}
		h.Face = faces[0].Box.Move(float32(-at.X), float32(-at.Y))
		found[name] = h
	}
	return found
}

// Stage is the frame that is being drawn.
type Stage struct {
	img *image.RGBA
}

// New makes a stage with a chequered wall.
func New(w, h int) *Stage {
	s := &Stage{image.NewRGBA(image.Rect(0, 0, w, h))}
	for y := 0; y < h; y += 40 {
		for x := 0; x < w; x += 40 {
			s.Fill(image.Rect(x, y, x+40, y+40), color.Gray{uint8(120 + (x/40+y/40)%2*14)})
		}
	}
	return s
}

// Paste draws an image, its upper left corner at a point.
func (s *Stage) Paste(img *image.RGBA, at image.Point) {
	draw.Draw(s.img, img.Rect.Add(at), img, image.Point{}, draw.Src)
}

// Fill draws a rectangle.
func (s *Stage) Fill(r image.Rectangle, c color.Gray) {
	draw.Draw(s.img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// markerBits are the inner cells of ArUco's DICT_4X4_250.
var markerBits = map[int]uint16{7: 0xc4f2, 9: 0xcf56}

// Marker draws a badge's marker around a point, with white around it.
func (s *Stage) Marker(id, x, y, side int) {
	x, y = x-side/2, y-side/2
	at := func(i int) int { return i * side / 6 }
	s.Fill(image.Rect(x-side/6, y-side/6, x+side+side/6, y+side+side/6), color.Gray{235})
	s.Fill(image.Rect(x, y, x+side, y+side), color.Gray{20})
	for k := range 16 {
		if i, j := k%4+1, k/4+1; markerBits[id]>>(15-k)&1 == 1 {
			s.Fill(image.Rect(x+at(i), y+at(j), x+at(i+1), y+at(j+1)), color.Gray{235})
		}
	}
}

// Frame is what was drawn so far, as a decoder gives it.
func (s *Stage) Frame() *image.YCbCr {
	img := image.NewYCbCr(s.img.Rect, image.YCbCrSubsampleRatio420)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			c := s.img.Pix[s.img.PixOffset(x, y):]
			l, cb, cr := color.RGBToYCbCr(c[0], c[1], c[2])
			img.Y[y*img.YStride+x] = l
			if at := y/2*img.CStride + x/2; x%2 == 0 && y%2 == 0 {
				img.Cb[at], img.Cr[at] = cb, cr
			}
		}
	}
	return img
}

// Bounds are the frame's.
func (s *Stage) Bounds() image.Rectangle { return s.img.Rect }
