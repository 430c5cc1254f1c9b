package pipeline

import (
	"image"
	"image/color"
	"math"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/anonymize/stage"
	"github.com/bauta-gateway/bauta/detector/track"
)

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
	// away is true when the back of the head is seen; nil is never.
	away func(at float64) bool
	// may says that consent lets the face be seen.
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

// variant is how a clip is drawn.
type variant struct {
	fps int
	// speed is how fast all goes, size how large all is, around the upper edge's middle.
	speed, size float64
}

var plain = variant{stageFPS, 1, 1}

// at is the time of a frame in beats.
func (k variant) at(n int) float64 { return float64(n) * beats / float64(k.fps) * k.speed }

// count is how many frames a clip of some beats has.
func (k variant) count(length float64) int { return int(length * float64(k.fps) / beats / k.speed) }

// truth is a face in a frame that nobody stands before.
type truth struct {
	actor int
	box   leak.Box
}

// play draws the frame at a time from the back to the front.
func play(s *stage.Stage, faces map[string]stage.Head, actors []actor, k variant, at float64) []truth {
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
			s.Fill(torso, color.Gray{uint8(60 + 15*i)})
			covers = append(covers, torso)
		}
		if h, ok := faces[a.head]; ok {
			h = h.Sized(size)
			cx, cy := h.Face.Centre()
			at0 := mid.Sub(image.Pt(int(cx), int(cy)))
			covers = append(covers, h.Image.Rect.Add(at0))
			if a.away != nil && a.away(at) {
				s.Fill(h.Image.Rect.Add(at0), color.Gray{40})
			} else {
				s.Paste(h.Image, at0)
				if b := h.Face.Move(float32(at0.X), float32(at0.Y)); holds(s, b) {
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
			s.Marker(b.id, position.X, position.Y, side)
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

// holds reports whether enough of a face is in the frame to be measured.
func holds(s *stage.Stage, b track.Box) bool {
	cut := 0.1 * b.W
	return b.X > -cut && b.X+b.W < float32(s.Bounds().Dx())+cut && b.Y > -cut
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
