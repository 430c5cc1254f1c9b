package pipeline

import (
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"math"
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
		if c.mirror {
			mirror(img)
		}
		all[name] = head{img: img}
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

// sized is the head, k times as large.
func (h head) sized(k float64) head {
	img := image.NewRGBA(image.Rect(0, 0, int(k*float64(h.img.Rect.Dx())), int(k*float64(h.img.Rect.Dy()))))
	draw.CatmullRom.Scale(img, img.Rect, h.img, h.img.Rect, draw.Src, nil)
	f := float32(k)
	return head{img, track.Box{X: f * h.face.X, Y: f * h.face.Y, W: f * h.face.W, H: f * h.face.H}}
}

// cast is the heads with their faces found.
func findHeads(t *testing.T, f Finder) map[string]head {
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
		pass, err := f.Detect(View{Frame: stage.picture(), FPS: 15, Cheap: true})
		faces := pass.Faces
		if err != nil || len(faces) != 1 || faces[0].Score < 0.6 {
			t.Fatalf("%s: faces %v, %v", name, faces, err)
		}
		h.face = faces[0].Box.Move(float32(-at.X), float32(-at.Y))
		found[name] = h
	}
	return found
}

// path is where the middle of a face is in pixels, and whether it is there, at a time in beats.
type path func(at float64) (x, y float64, there bool)

// beats is how many go into a second.
const beats = 15

// actor is somebody in the clip.
type actor struct {
	head  string // "" is somebody whose face is not seen: from behind
	body  bool   // a torso hangs below, which covers what is behind it
	at    path
	badge badge
	// size is how large the actor is drawn; 0 is 1.
	size float64
	// away tells when the back of the head is seen; nil is never.
	away func(at float64) bool
	// may tells that consent lets the face be seen.
	may bool
}

// badge hangs at an offset from the middle of the face, all in pixels.
type badge struct {
	id     int // 0 is none
	dx, dy int
	side   int
	hidden func(at float64) bool
	// held is where it is instead, if it is held by hand, as an offset from the face; nil: it hangs.
	held func(at float64) (dx, dy float64)
}

// chest is a badge where it should be: the faces are about 90 pixels wide.
var chest = badge{id: 7, dy: 160, side: 42}

// take is how a scene is filmed.
type variant struct {
	fps int
	// speed is how fast all goes, size how large all is, around the upper edge's middle.
	speed, size float64
}

var plain = variant{stageFPS, 1, 1}

// at is the time of a picture in beats.
func (k variant) at(n int) float64 { return float64(n) * beats / float64(k.fps) * k.speed }

// count is how many pictures a scene of some beats has.
func (k variant) count(length float64) int { return int(length * float64(k.fps) / beats / k.speed) }

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

func (s *stage) marker(id, x, y, side int) {
	x, y = x-side/2, y-side/2
	at := func(i int) int { return i * side / 6 }
	s.fill(image.Rect(x-side/6, y-side/6, x+side+side/6, y+side+side/6), color.Gray{235})
	s.fill(image.Rect(x, y, x+side, y+side), color.Gray{20})
	for k := range 16 {
		if i, j := k%4+1, k/4+1; markerBits[id]>>(15-k)&1 == 1 {
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

// play draws the picture at a time from the back to the front.
func play(s *stage, faces map[string]head, actors []actor, k variant, at float64) []truth {
	var seen []truth
	for i, a := range actors {
		x, y, there := a.at(at)
		if !there {
			continue
		}
		size := k.size * a.scale()
		mid := image.Pt(int(math.Round(stageW/2+(x-stageW/2)*k.size)), int(math.Round(y*k.size)))
		px := func(v float64) int { return int(math.Round(v * size)) }
		var covers []image.Rectangle
		if a.body {
			torso := image.Rect(-px(75), px(72), px(75), px(360)).Add(mid)
			s.fill(torso, color.Gray{uint8(60 + 15*i)})
			covers = append(covers, torso)
		}
		if h, ok := faces[a.head]; ok {
			h = h.sized(size)
			cx, cy := h.face.Centre()
			at0 := mid.Sub(image.Pt(int(cx), int(cy)))
			covers = append(covers, h.img.Rect.Add(at0))
			if a.away != nil && a.away(at) {
				s.fill(h.img.Rect.Add(at0), color.Gray{40})
			} else {
				s.paste(h.img, at0)
				if b := h.face.Move(float32(at0.X), float32(at0.Y)); s.holds(b) {
					seen = append(seen, truth{i, leak.Box{X: float64(b.X), Y: float64(b.Y), W: float64(b.W), H: float64(b.H)}})
				}
			}
		}
		if b := a.badge; b.id != 0 && (b.hidden == nil || !b.hidden(at)) {
			dx, dy := float64(b.dx), float64(b.dy)
			if b.held != nil {
				dx, dy = b.held(at)
			}
			position, side := mid.Add(image.Pt(px(dx), px(dy))), px(float64(b.side))
			s.marker(b.id, position.X, position.Y, side)
			covers = append(covers, image.Rect(-side, -side, side, side).Add(position))
		}
		seen = uncovered(seen, i, covers)
	}
	return seen
}

func (a actor) scale() float64 {
	if a.size == 0 {
		return 1
	}
	return a.size
}

// holds tells that enough of a face is in the picture to be judged.
func (s *stage) holds(b track.Box) bool {
	cut := 0.1 * b.W
	return b.X > -cut && b.X+b.W < float32(s.img.Rect.Dx())+cut && b.Y > -cut
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
