package bind

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/detector/track"
)

const fps = 25

// stamp is a marker of a number around a point.
func stamp(id int, x, y, side float32) Marker {
	h := side / 2
	return Marker{ID: id, Corners: [4]Point{{x - h, y - h}, {x + h, y - h}, {x + h, y + h}, {x - h, y + h}}}
}

// person is a sure face, 100 pixels wide, whose middle is at (x, y).
func person(id int, x, y float32) Face {
	return Face{ID: id, Box: track.Box{X: x - 50, Y: y - 60, W: 100, H: 120}, Sure: true, Found: true}
}

// chestOf is where the badge of a person hangs: 160 pixels below the chin.
func chestOf(id int, f Face) Marker {
	x, _ := f.Box.Centre()
	return stamp(id, x, f.Box.Y+f.Box.H+160, 40)
}

// play steps through count frames and returns, for each, who was shown by
// which number as the frame left, `ahead` frames later.
func play(b *Binder, count, ahead int, at func(n int) ([]Face, []Marker)) []map[int]int {
	out := make([]map[int]int, count)
	seen := make([][]Face, count)
	for n := range count + ahead {
		if n < count {
			p := Frame{N: n, At: time.Duration(n) * time.Second / fps}
			p.Faces, p.Markers = at(n)
			seen[n] = p.Faces
			b.Observe(p)
		}
		if m := n - ahead; m >= 0 {
			out[m] = map[int]int{}
			for _, f := range seen[m] {
				if badge, _ := b.Badge(f.ID, m); badge != 0 {
					out[m][f.ID] = badge
				}
			}
		}
	}
	return out
}

func TestGoodCases(t *testing.T) {
	for name, c := range map[string]struct {
		at   func(n int) ([]Face, []Marker)
		from int // frame from which it must be shown, for good
	}{
		"walks by": {func(n int) ([]Face, []Marker) {
			f := person(1, float32(100+10*n), 200)
			return []Face{f}, []Marker{chestOf(7, f)}
		}, 6},
		"stands": {func(int) ([]Face, []Marker) {
			f := person(1, 300, 200)
			return []Face{f}, []Marker{chestOf(7, f)}
		}, 26},
		"comes nearer": {func(n int) ([]Face, []Marker) {
			s := 1 + float32(n)/60
			f := Face{ID: 1, Box: track.Box{X: 300 - 50*s, Y: 200, W: 100 * s, H: 120 * s}, Sure: true, Found: true}
			return []Face{f}, []Marker{stamp(7, 300, 200+280*s, 40*s)}
		}, 27},
		"seen now and then": {func(n int) ([]Face, []Marker) {
			f := person(1, float32(100+10*n), 200)
			if n > 10 && n%10 != 0 {
				return []Face{f}, nil
			}
			return []Face{f}, []Marker{chestOf(7, f)}
		}, 6},
		"somebody two steps aside": {func(n int) ([]Face, []Marker) {
			f := person(1, float32(100+10*n), 200)
			return []Face{f, person(2, float32(340+10*n), 190)}, []Marker{chestOf(7, f)}
		}, 6},
		"somebody comes up behind, seen above": {func(n int) ([]Face, []Marker) {
			f := person(1, 300, 400)
			return []Face{f, person(2, float32(max(310, 1000-10*n)), 240)}, []Marker{chestOf(7, f)}
		}, 26},
		"somebody nearer to the camera stays beside": {func(n int) ([]Face, []Marker) {
			f := person(1, 300, 300)
			x := float32(max(480, 1000-10*n))
			return []Face{f, {ID: 2, Box: track.Box{X: x - 90, Y: 230, W: 180, H: 216}, Sure: true, Found: true}}, []Marker{chestOf(7, f)}
		}, 26},
		"two with a badge each": {func(n int) ([]Face, []Marker) {
			f, g := person(1, float32(100+10*n), 200), person(2, float32(400+10*n), 190)
			return []Face{f, g}, []Marker{chestOf(7, f), chestOf(9, g)}
		}, 6},
	} {
		t.Run(name, func(t *testing.T) {
			for n, m := range play(new(Binder), 100, 5, c.at) {
				if (m[1] == 7) != (n >= c.from) && (n < 3 || n >= c.from) {
					t.Errorf("frame %d: shown by %d", n, m[1])
				}
				if m[2] != 0 && m[2] != 9 {
					t.Errorf("frame %d: the other is shown by %d", n, m[2])
				}
			}
		})
	}
}

// None of these may show anybody, ever.
func TestNobodyIsShown(t *testing.T) {
	walker := func(n int) Face { return person(1, float32(100+10*n), 300) }
	with := func(id int, side, aside, below float32) func(n int) ([]Face, []Marker) {
		return func(n int) ([]Face, []Marker) {
			f := walker(n)
			x, _ := f.Box.Centre()
			return []Face{f}, []Marker{stamp(id, x+aside, f.Box.Y+f.Box.H+below, side)}
		}
	}
	for name, at := range map[string]func(n int) ([]Face, []Marker){
		"tiny":            with(7, 15, 0, 160),
		"huge":            with(7, 130, 0, 200),
		"beside the head": with(7, 40, 90, -60),
		"at the ear":      with(7, 40, 70, 20),
		"above the head":  with(7, 40, 0, -200),
		"on the forehead": with(7, 40, 0, -100),
		"at the knees":    with(7, 40, 0, 420),
		"far aside":       with(7, 40, 110, 160),
		"upside down": func(n int) ([]Face, []Marker) {
			f := walker(n)
			m := chestOf(7, f)
			m.Corners = [4]Point{m.Corners[2], m.Corners[3], m.Corners[0], m.Corners[1]}
			return []Face{f}, []Marker{m}
		},
		"on its side": func(n int) ([]Face, []Marker) {
			f := walker(n)
			m := chestOf(7, f)
			m.Corners = [4]Point{m.Corners[1], m.Corners[2], m.Corners[3], m.Corners[0]}
			return []Face{f}, []Marker{m}
		},
		"two faces close together": func(n int) ([]Face, []Marker) {
			f := walker(n)
			return []Face{f, person(2, float32(210+10*n), 290)}, []Marker{chestOf(7, f)}
		},
		"one above the other": func(n int) ([]Face, []Marker) {
			f := walker(n)
			return []Face{f, person(2, float32(110+10*n), 120)}, []Marker{chestOf(7, f)}
		},
		"a suspected face beside": func(n int) ([]Face, []Marker) {
			f, o := walker(n), person(2, float32(210+10*n), 290)
			o.Sure = false
			return []Face{f, o}, []Marker{chestOf(7, f)}
		},
		"a missed face beside": func(n int) ([]Face, []Marker) {
			f, o := walker(n), person(2, float32(210+10*n), 290)
			o.Found, o.Missed = false, true
			return []Face{f, o}, []Marker{chestOf(7, f)}
		},
		"only suspected": func(n int) ([]Face, []Marker) {
			f := walker(n)
			f.Sure = false
			return []Face{f}, []Marker{chestOf(7, f)}
		},
		"the number twice": func(n int) ([]Face, []Marker) {
			f := walker(n)
			return []Face{f}, []Marker{chestOf(7, f), stamp(7, 1500, 100, 40)}
		},
		"the number twice, by turns": func(n int) ([]Face, []Marker) {
			f, g := walker(n), person(2, float32(600+10*n), 300)
			if n%2 == 0 {
				return []Face{f, g}, []Marker{chestOf(7, f)}
			}
			return []Face{f, g}, []Marker{chestOf(7, g)}
		},
		"two badges": func(n int) ([]Face, []Marker) {
			f := walker(n)
			m := chestOf(9, f)
			x, y := f.Box.Centre()
			return []Face{f}, []Marker{stamp(7, x+20, y+150, 40), m}
		},
		"a poster that is walked past": func(n int) ([]Face, []Marker) {
			return []Face{walker(n)}, []Marker{stamp(7, 500, 520, 40)}
		},
		"a badge on a back, a face crosses above": func(n int) ([]Face, []Marker) {
			return []Face{person(1, float32(100+6*n), 300)}, []Marker{stamp(7, float32(700-4*n), 520, 40)}
		},
		"a face that is overtaken slowly": func(n int) ([]Face, []Marker) {
			return []Face{person(1, float32(100+10*n), 300)}, []Marker{stamp(7, float32(160+8*n), 520, 40)}
		},
		"a track that jumps": func(n int) ([]Face, []Marker) {
			f := person(1, float32(100+10*n+n/4*60), 300)
			return []Face{f}, []Marker{chestOf(7, f)}
		},
		"a face that swells": func(n int) ([]Face, []Marker) {
			f := walker(n)
			if n/4%2 == 0 {
				f.Box = f.Box.Grow(0.3, 0.3)
			}
			return []Face{f}, []Marker{chestOf(7, f)}
		},
		"seen twice only": func(n int) ([]Face, []Marker) {
			f := walker(n)
			if n%25 > 1 {
				return []Face{f}, nil
			}
			return []Face{f}, []Marker{chestOf(7, f)}
		},
		"changes all the time": func(n int) ([]Face, []Marker) {
			f := walker(n)
			f.Changed = n%3 == 0
			return []Face{f}, []Marker{chestOf(7, f)}
		},
	} {
		for _, ahead := range []int{0, 5} {
			for n, m := range play(new(Binder), 120, ahead, at) {
				if len(m) > 0 {
					t.Errorf("%s: frame %d shows %v", name, n, m)
					break
				}
			}
		}
	}
}

// What ends the showing of somebody who was shown for two seconds, and when.
func TestEnds(t *testing.T) {
	const at = 50
	wearer := func(n int) Face { return person(1, float32(100+10*n), 300) }
	for name, c := range map[string]struct {
		then   func(n int, f Face) ([]Face, []Marker)
		last   int // last frame that may be shown, looking 5 ahead
		least  int // and must be
		reason BondReason
	}{
		"hidden": {func(_ int, f Face) ([]Face, []Marker) { return []Face{f}, nil }, at + 2*fps - 5, at + 2*fps - 6, Hidden},
		"missed": {func(_ int, f Face) ([]Face, []Marker) {
			f.Missed, f.Found = true, false
			return []Face{f}, nil
		}, at - 1, at - 1, Lost},
		"gone": {func(int, Face) ([]Face, []Marker) { return nil, nil }, at - 1, at - 1, None},
		"changed": {func(n int, f Face) ([]Face, []Marker) {
			f.Changed = n == at
			return []Face{f}, nil
		}, at - 6, at - 6, Lost},
		"jumped": {func(_ int, f Face) ([]Face, []Marker) {
			f.Box = f.Box.Move(70, 0)
			return []Face{f}, nil
		}, at - 6, at - 6, Lost},
		"another number": {func(_ int, f Face) ([]Face, []Marker) { return []Face{f}, []Marker{chestOf(9, f)} }, at - 6, at - 6, Unconfirmed},
		"number elsewhere": {func(_ int, f Face) ([]Face, []Marker) {
			return []Face{f}, []Marker{chestOf(7, f), stamp(7, 100, 100, 40)}
		}, at - 6, at - 6, Duplicate},
		"crossed": {func(n int, f Face) ([]Face, []Marker) {
			return []Face{f, person(2, f.Box.X+50+float32(10*(at+6-n)), 290)}, nil
		}, at - 6, at - 6, Competing},
		"a face before the trunk": {func(n int, f Face) ([]Face, []Marker) {
			return []Face{f, smaller(2, f.Box.X+100, f.Box.Y+250)}, []Marker{chestOf(7, f)}
		}, at - 6, at - 6, Competing},
		"a face before the belly": {func(n int, f Face) ([]Face, []Marker) {
			return []Face{f, smaller(2, f.Box.X+20, f.Box.Y+350)}, []Marker{chestOf(7, f)}
		}, at - 6, at - 6, Competing},
		"a suspected face before the trunk": {func(n int, f Face) ([]Face, []Marker) {
			o := smaller(2, f.Box.X+20, f.Box.Y+250)
			o.Sure = false
			return []Face{f, o}, []Marker{chestOf(7, f)}
		}, at - 6, at - 6, Competing},
		"another number on the chest, near somebody else too": {func(_ int, f Face) ([]Face, []Marker) {
			m := chestOf(9, f)
			for i := range m.Corners {
				m.Corners[i].X += 60
			}
			return []Face{f, person(2, f.Box.X+200, 300)}, []Marker{chestOf(7, f), m}
		}, at - 6, at - 6, Competing},
		"badge moved up": {func(_ int, f Face) ([]Face, []Marker) {
			m := chestOf(7, f)
			for i := range m.Corners {
				m.Corners[i].Y -= 150
			}
			return []Face{f}, []Marker{m}
		}, at - 6, at - 6, Proportion},
	} {
		t.Run(name, func(t *testing.T) {
			var b Binder
			list := play(&b, 200, 5, func(n int) ([]Face, []Marker) {
				f := wearer(n)
				if n < at {
					return []Face{f}, []Marker{chestOf(7, f)}
				}
				return c.then(n, f)
			})
			last := 0
			for n, m := range list {
				if m[1] == 7 && n < at+2*fps+5 {
					last = n
				}
			}
			if last > c.last || last < c.least {
				t.Errorf("shown up to frame %d, want %d to %d", last, c.least, c.last)
			}
		})
	}
}

func TestReasons(t *testing.T) {
	var b Binder
	f, g := person(1, 300, 300), person(2, 400, 310)
	for n, c := range []struct {
		faces   []Face
		markers []Marker
		want    BondReason
	}{
		{[]Face{f}, nil, None},
		{[]Face{f}, []Marker{chestOf(7, f)}, Unconfirmed},
		{[]Face{f, g}, []Marker{chestOf(7, f)}, Competing},
		{[]Face{f}, []Marker{stamp(7, 300, 420, 15)}, Proportion},
		{[]Face{f}, []Marker{chestOf(7, f), stamp(7, 1000, 10, 40)}, Duplicate},
	} {
		b.Observe(Frame{N: n, At: time.Duration(n) * 40 * time.Millisecond, Faces: c.faces, Markers: c.markers})
		if badge, got := b.Badge(1, n); badge != 0 || got != c.want {
			t.Errorf("step %d: badge %d, reason %d, want %d", n, badge, got, c.want)
		}
	}
}

// A gap in the frames or a clock that goes back begins all anew.
func TestGaps(t *testing.T) {
	for name, c := range map[string]struct {
		n  int
		at time.Duration
	}{"time back": {60, time.Second}, "frame missing": {61, 60 * time.Second / fps}, "pause": {60, 10 * time.Second}} {
		var b Binder
		play(&b, 60, 0, func(n int) ([]Face, []Marker) {
			f := person(1, float32(100+10*n), 300)
			return []Face{f}, []Marker{chestOf(7, f)}
		})
		if badge, _ := b.Badge(1, 59); badge != 7 {
			t.Fatalf("badge %d", badge)
		}
		f := person(1, 700, 300)
		b.Observe(Frame{N: c.n, At: c.at, Faces: []Face{f}, Markers: []Marker{chestOf(7, f)}})
		if badge, _ := b.Badge(1, c.n); badge != 0 {
			t.Errorf("%s: still shown by %d", name, badge)
		}
	}
}

// walker moves at random; the course changes now and then.
type walker struct{ x, y, vx, vy, size float64 }

func (w *walker) step(r *rand.Rand) {
	if r.IntN(30) == 0 {
		w.vx, w.vy = 14*(r.Float64()-0.5), 4*(r.Float64()-0.5)
	}
	w.x, w.y = w.x+w.vx, w.y+w.vy
	if w.x < 100 || w.x > 1100 {
		w.vx = -w.vx
	}
	if w.y < 150 || w.y > 350 {
		w.vy = -w.vy
	}
	w.x, w.y = min(max(w.x, 100), 1100), min(max(w.y, 150), 350)
}

// together reports whether somebody walks along with w: should w's face not be
// found, nothing tells whose badge it is.
func (w *walker) together(people []walker) bool {
	for i := range people {
		o := &people[i]
		if o != w && math.Abs(o.vx-w.vx) < 0.025*o.size {
			return true
		}
	}
	return false
}

// swap makes tracks of faces that overlap change places now and then.
func swap(r *rand.Rand, people []walker, ids []int) {
	for i := range people {
		for j := range i {
			a, b := people[i], people[j]
			if size := (a.size + b.size) / 2; math.Abs(a.x-b.x) < size && math.Abs(a.y-b.y) < 1.2*size && r.IntN(4) == 0 {
				ids[i], ids[j] = ids[j], ids[i]
			}
		}
	}
}

// Whatever people do, and whatever the detector misses, a badge shows nobody
// but the one who wears it. The others keep walking, for a face that stays
// above somebody else's badge for long looks just like its wearer's.
func TestOnlyTheWearerIsEverShown(t *testing.T) {
	wearerShown := 0
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed/2, 7))
		swaps := seed%2 == 1 // where two faces meet their tracks may change places
		people := make([]walker, 2+r.IntN(3))
		for i := range people {
			people[i] = walker{x: 100 + 1000*r.Float64(), y: 150 + 200*r.Float64(), vx: 14 * (r.Float64() - 0.5), size: 60 + 60*r.Float64()}
		}
		wears := []int{7, 0, 9, 0, 0}[:len(people)]
		hidden, unseen, ids := make([]int, len(people)), make([]int, len(people)), make([]int, len(people))
		for i := range ids {
			ids[i] = i + 1
		}
		var owners []map[int]int // by frame: whose face a track is on
		var b Binder
		list := play(&b, 250, r.IntN(7), func(n int) ([]Face, []Marker) {
			var faces []Face
			var markers []Marker
			for i := range people {
				w := &people[i]
				if w.step(r); r.IntN(60) == 0 {
					hidden[i] = r.IntN(40)
				}
				if r.IntN(60) == 0 {
					unseen[i] = r.IntN(60)
				}
				hidden[i]--
				if unseen[i]--; unseen[i] <= 0 || w.together(people) {
					f := Face{ID: ids[i], Sure: true, Found: n%3 == 0, Box: track.Box{W: float32(w.size), H: float32(1.2 * w.size)}}
					f.Box = f.Box.Move(float32(w.x-w.size/2+r.NormFloat64()), float32(w.y-0.6*w.size+r.NormFloat64()))
					faces = append(faces, f)
				}
				if wears[i] != 0 && hidden[i] <= 0 {
					markers = append(markers, stamp(wears[i], float32(w.x), float32(w.y+2.2*w.size), float32(0.4*w.size)))
				}
			}
			owner := map[int]int{}
			for i, id := range ids {
				owner[id] = i
			}
			owners = append(owners, owner)
			if swaps {
				swap(r, people, ids)
			}
			return faces, markers
		})
		for n, m := range list {
			for face, badge := range m {
				if who := owners[n][face]; wears[who] != badge {
					t.Fatalf("seed %d, frame %d: face %d is shown by badge %d, it wears %d", seed, n, who, badge, wears[who])
				}
				wearerShown++
			}
		}
	}
	if wearerShown < 10000 {
		t.Errorf("wearers were shown in %d frames only: nothing was tested", wearerShown)
	}
}

func TestPart(t *testing.T) {
	f := person(1, 500, 500)
	x0, y0, x1, y1 := Part(f.Box)
	for _, p := range []offset{{0.9, 0.5, 1}, {-0.9, 3.5, 1}, {0, 0.5, 0.3}} {
		at, side := p.where(f.Box)
		if h := 0.7 * side; at.X-h < x0 || at.X+h > x1 || at.Y-h < y0-0.1*side || at.Y+h > y1+0.4*side {
			t.Errorf("a badge at %v lies outside of %v,%v to %v,%v", p, x0, y0, x1, y1)
		}
		if got := offsetOf(f.Box, at, side); got.distance(p) > 1e-3 {
			t.Errorf("%v comes back as %v", p, got)
		}
	}
}

func TestMarker(t *testing.T) {
	for degrees, want := range map[float64]bool{0: true, 30: true, -30: true, 50: false, 90: false, 180: false, -120: false} {
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		m := stamp(7, 0, 0, 40)
		for i, c := range m.Corners {
			m.Corners[i] = Point{float32(float64(c.X)*cos - float64(c.Y)*sin), float32(float64(c.X)*sin + float64(c.Y)*cos)}
		}
		if m.upright() != want {
			t.Errorf("%v degrees: upright is %v", degrees, m.upright())
		}
		if d := m.Side() - 40; d > 0.01 || d < -0.01 {
			t.Errorf("side %v", m.Side())
		}
	}
	if !stamp(7, 0, 0, 40).Same(stamp(7, 5, 5, 42)) || stamp(7, 0, 0, 40).Same(stamp(9, 0, 0, 40)) || stamp(7, 0, 0, 40).Same(stamp(7, 60, 0, 40)) {
		t.Error("Same takes markers for another")
	}
}
