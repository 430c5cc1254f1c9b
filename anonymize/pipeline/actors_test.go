package pipeline

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

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/detector/track"
)

// head is somebody's head cut out of a photo, about 90 pixels wide in the
// face, and where the detector finds the face in it.
type head struct {
	img  *image.RGBA
	face track.Box
}

// Two people of gocv's sample photos, as in cmd/bauta-demo-clip.
var cuts = map[string]struct {
	photo string
	cut   image.Rectangle
	scale float64
}{
	"beard": {"face.jpg", image.Rect(215, 60, 495, 365), 0.5},
	"phone": {"distortion.jpg", image.Rect(665, 310, 815, 465), 0.95},
}

var heads = sync.OnceValues(func() (map[string]head, error) {
	out, err := exec.Command("go", "mod", "download", "-json", "gocv.io/x/gocv@v0.31.0").Output()
	if err != nil {
		return nil, err
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		return nil, err
	}
	all := map[string]head{}
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
		all[name] = head{img: img}
	}
	return all, nil
})

// cast is the heads with their faces found.
func cast(t *testing.T, f Finder) map[string]head {
	t.Helper()
	all, err := heads()
	if err != nil {
		t.Fatal("gocv's photos are not at hand: ", err)
	}
	found := map[string]head{}
	for name, h := range all {
		stage := newStage(640, 352)
		at := image.Pt(200, 100)
		stage.paste(h.img, at)
		look, err := f.Look(View{Picture: stage.picture(), FPS: 15, Cheap: true})
		faces := look.Faces
		if err != nil || len(faces) != 1 || faces[0].Score < 0.6 {
			t.Fatalf("%s: faces %v, %v", name, faces, err)
		}
		h.face = faces[0].Box.Move(float32(-at.X), float32(-at.Y))
		found[name] = h
	}
	return found
}

// actor is somebody in the clip. Positions are of the middle of the face.
type actor struct {
	head  string // "" is somebody whose face is not seen: from behind
	body  bool   // a torso hangs below, which covers what is behind it
	at    func(n int) (x, y int, there bool)
	badge badge
	// may tells that consent lets the face be seen.
	may bool
}

// badge hangs at an offset from the middle of the face, all in pixels.
type badge struct {
	id     int // 0 is none
	dx, dy int
	side   int
	hidden func(n int) bool
}

// chest is a badge where it should be: the faces are about 90 pixels wide.
var chest = badge{id: 7, dy: 160, side: 42}

// stage is the picture that is being drawn.
type stage struct {
	img *image.RGBA
}

func newStage(w, h int) *stage {
	s := &stage{image.NewRGBA(image.Rect(0, 0, w, h))}
	for y := 0; y < h; y += 40 {
		for x := 0; x < w; x += 40 {
			s.fill(image.Rect(x, y, x+40, y+40), color.Gray{uint8(120 + (x/40+y/40)%2*14)})
		}
	}
	return s
}

func (s *stage) paste(img *image.RGBA, at image.Point) {
	draw.Draw(s.img, img.Rect.Add(at), img, image.Point{}, draw.Src)
}

func (s *stage) fill(r image.Rectangle, c color.Gray) {
	draw.Draw(s.img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// markerBits are the inner cells of ArUco's DICT_4X4_250.
var markerBits = map[int]uint16{7: 0xc4f2, 9: 0xcf56}

func (s *stage) marker(b badge, x, y int) {
	x, y = x-b.side/2, y-b.side/2
	at := func(i int) int { return i * b.side / 6 }
	s.fill(image.Rect(x-b.side/6, y-b.side/6, x+b.side+b.side/6, y+b.side+b.side/6), color.Gray{235})
	s.fill(image.Rect(x, y, x+b.side, y+b.side), color.Gray{20})
	for k := range 16 {
		if i, j := k%4+1, k/4+1; markerBits[b.id]>>(15-k)&1 == 1 {
			s.fill(image.Rect(x+at(i), y+at(j), x+at(i+1), y+at(j+1)), color.Gray{235})
		}
	}
}

func (s *stage) picture() *image.YCbCr {
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

// truth is a face in a picture that nobody stands before.
type truth struct {
	actor int
	box   leak.Box
}

// play draws picture n from the back to the front.
func play(s *stage, faces map[string]head, actors []actor, n int) []truth {
	var seen []truth
	for i, a := range actors {
		x, y, there := a.at(n)
		if !there {
			continue
		}
		var covers []image.Rectangle
		if a.body {
			torso := image.Rect(x-75, y+72, x+75, y+360)
			s.fill(torso, color.Gray{uint8(60 + 15*i)})
			covers = append(covers, torso)
		}
		if h, ok := faces[a.head]; ok {
			cx, cy := h.face.Centre()
			at := image.Pt(x-int(cx), y-int(cy))
			s.paste(h.img, at)
			covers = append(covers, h.img.Rect.Add(at))
			b := h.face.Move(float32(at.X), float32(at.Y))
			if cut := 0.1 * b.W; b.X > -cut && b.X+b.W < float32(s.img.Rect.Dx())+cut { // else there is little of it to judge
				seen = append(seen, truth{i, leak.Box{X: float64(b.X), Y: float64(b.Y), W: float64(b.W), H: float64(b.H)}})
			}
		}
		if b := a.badge; b.id != 0 && (b.hidden == nil || !b.hidden(n)) {
			s.marker(b, x+b.dx, y+b.dy)
			covers = append(covers, image.Rect(x+b.dx-b.side, y+b.dy-b.side, x+b.dx+b.side, y+b.dy+b.side))
		}
		seen = uncovered(seen, i, covers)
	}
	return seen
}

// uncovered leaves out the faces of others that actor i covers by more than a fifth.
func uncovered(seen []truth, i int, covers []image.Rectangle) []truth {
	var out []truth
	for _, t := range seen {
		r := image.Rect(int(t.box.X), int(t.box.Y), int(t.box.X+t.box.W), int(t.box.Y+t.box.H))
		hidden := 0
		for _, c := range covers {
			q := c.Intersect(r)
			hidden = max(hidden, q.Dx()*q.Dy())
		}
		if t.actor == i || hidden*5 < r.Dx()*r.Dy() {
			out = append(out, t)
		}
	}
	return out
}
