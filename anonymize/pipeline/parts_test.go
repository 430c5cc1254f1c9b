package pipeline

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestLadder(t *testing.T) {
	l := NewLevels()
	now := time.Unix(1000, 0)
	pass := func(d time.Duration, wait time.Duration) {
		for end := now.Add(d); now.Before(end); now = now.Add(40 * time.Millisecond) {
			l.Observe(wait, now)
		}
	}
	pass(10*time.Second, 5*time.Millisecond)
	if l.Level != media.Normal {
		t.Fatalf("climbed to %v without lag", l.Level)
	}
	pass(3*time.Second, 600*time.Millisecond)
	if l.Level != media.BlurPicture {
		t.Fatalf("only %v after three seconds of lag", l.Level)
	}
	pass(time.Second, 5*time.Millisecond)
	if l.Level != media.BlurPicture {
		t.Fatalf("left %v after one second of room", l.Level)
	}
	pass(30*time.Second, 5*time.Millisecond)
	if l.Level != media.Normal {
		t.Fatalf("still %v after thirty seconds of room", l.Level)
	}
}

// A camera that stalls and then sends all at once costs a viewer no picture.
func TestLadderForgivesAStall(t *testing.T) {
	l := NewLevels()
	now := time.Unix(1000, 0)
	for i := range 25 * 60 {
		wait := 10 * time.Millisecond
		if i%250 < 10 {
			wait = time.Duration(10-i%250) * 50 * time.Millisecond
		}
		if l.Observe(wait, now); l.Level > media.DetectLess {
			t.Fatalf("%v after a stall of half a second", l.Level)
		}
		now = now.Add(40 * time.Millisecond)
	}
}

// On an overloaded box pictures are left out until the wait is short again;
// after a stall they are not.
func TestLadderHurries(t *testing.T) {
	for _, c := range []struct {
		step  media.Step
		waits []time.Duration // in ms
		want  []bool
	}{
		{media.Normal, []time.Duration{700, 1000, 300}, []bool{false, false, false}},
		{media.Normal, []time.Duration{1300, 700, 160, 100, 700}, []bool{true, true, true, false, false}},
		{media.BlurPicture, []time.Duration{500, 700, 300, 140, 300}, []bool{false, true, true, false, false}},
	} {
		l := NewLevels()
		l.Level = c.step
		for i, w := range c.waits {
			if got := l.CatchUp(w * time.Millisecond); got != c.want[i] {
				t.Errorf("%v: after %v ms: %v", c.step, c.waits[:i+1], got)
			}
		}
	}
}

// Room on one rung and lag on the one below must not make the picture flap.
func TestLadderDoesNotFlap(t *testing.T) {
	l := NewLevels()
	now := time.Unix(1000, 0)
	changes := 0
	for range 25 * 600 {
		before := l.Level
		if wait := 600 * time.Millisecond; l.Level < media.LowerRate {
			l.Observe(wait, now)
		} else {
			l.Observe(5*time.Millisecond, now)
		}
		if l.Level != before {
			changes++
		}
		now = now.Add(40 * time.Millisecond)
	}
	if changes > 40 {
		t.Errorf("%d changes in ten minutes", changes)
	}
}

// Heat sets a floor: the ladder goes there at once, no lower while it holds,
// climbs from there where the load asks for it, and comes down rung by rung after it.
func TestLadderFloor(t *testing.T) {
	l, now := NewLevels(), time.Unix(1000, 0)
	after := func(d, wait time.Duration) media.Step {
		for range d / (40 * time.Millisecond) {
			now = now.Add(40 * time.Millisecond)
			l.Observe(wait, now)
		}
		return l.Level
	}
	const room, dear = 5 * time.Millisecond, time.Second
	if got := after(time.Minute, room); got != media.Normal {
		t.Fatalf("without a floor: %v", got)
	}
	l.Floor = media.LowerRate
	if got := after(40*time.Millisecond, room); got != media.LowerRate {
		t.Errorf("at once: %v", got)
	}
	if got := after(5*time.Minute, room); got != media.LowerRate {
		t.Errorf("with room for minutes: %v", got)
	}
	if n := len(shedBy(&l, 10)); n != 5 {
		t.Errorf("%d of 10 pictures are left out, though nothing waits", n)
	}
	if got := after(20*time.Second, dear); got != media.BlurPicture {
		t.Errorf("under load: %v", got)
	}
	if got := after(2*time.Minute, room); got != media.LowerRate {
		t.Errorf("after it: %v", got)
	}
	l.Floor = media.Normal
	if n := len(shedBy(&l, 10)); n != 0 {
		t.Errorf("%d of 10 pictures are left out after the heat", n)
	}
	if got := after(firstHold, room); got != media.LowerRate && got != media.DetectLess {
		t.Errorf("two rungs at a time: %v", got)
	}
	if got := after(5*time.Minute, room); got != media.Normal {
		t.Errorf("at last: %v", got)
	}
}

func shedBy(l *Levels, of int) (all []int) {
	for n := range of {
		if l.Shed(n) {
			all = append(all, n)
		}
	}
	return all
}

func TestShed(t *testing.T) {
	for _, c := range []struct {
		step media.Step
		mean time.Duration
		want int
	}{
		{media.Normal, time.Second, 0}, {media.DetectLess, time.Second, 0},
		{media.LowerRate, 100 * time.Millisecond, 5}, {media.LowerRate, 10 * time.Millisecond, 0},
		{media.BlurPicture, 100 * time.Millisecond, 5}, {media.BlurPicture, 10 * time.Millisecond, 0},
	} {
		l := Levels{Level: c.step, mean: c.mean}
		if n := len(shedBy(&l, 10)); n != c.want {
			t.Errorf("%v with waits of %v sheds %d of 10, want %d", c.step, c.mean, n, c.want)
		}
	}
}

func TestPace(t *testing.T) {
	var p FrameRate
	if p.FPS() != 25 {
		t.Errorf("%v without pictures", p.FPS())
	}
	for i := range 30 {
		pts := media.Ticks90k(i) * 6000
		if i == 20 {
			pts += 2000 // one late picture
		}
		p.Observe(pts)
	}
	if p.Interval != 6000 || p.Frames(200*time.Millisecond) != 3 {
		t.Errorf("interval %d, %d pictures in 200 ms", p.Interval, p.Frames(200*time.Millisecond))
	}
	p.Observe(-500000) // a jump back changes nothing
	if p.Interval != 6000 {
		t.Errorf("interval %d after a jump", p.Interval)
	}
}

func TestMeter(t *testing.T) {
	m := meter{window: rateWindow}
	for i := range 1000 {
		m.add(media.Ticks90k(i)*3600, 1000)
	}
	if bits, ok := m.bits(); !ok || bits < 199_000 || bits > 201_000 {
		t.Errorf("%v bits a second, want 200000", bits)
	}
	if len(m.samples) > 210 {
		t.Errorf("%d samples kept", len(m.samples))
	}
	m.add(0, 1)
	if _, ok := m.bits(); ok {
		t.Error("a rate right after a jump")
	}
}

func TestFit(t *testing.T) {
	for _, c := range []struct{ w, h, inW, inH, useW, useH int }{
		{1920, 1080, 640, 352, 640, 352}, {1280, 720, 640, 352, 640, 352}, {640, 480, 640, 480, 640, 480},
		{320, 180, 320, 192, 320, 180}, {1080, 1920, 352, 640, 352, 640}, {704, 576, 640, 512, 640, 512},
	} {
		in, dst := fit(image.Rect(0, 0, c.w, c.h), fullView)
		if in != image.Pt(c.inW, c.inH) || dst != image.Rect(0, 0, c.useW, c.useH) {
			t.Errorf("%dx%d: input %v, used %v", c.w, c.h, in, dst)
		}
	}
}

func TestBlocksOf(t *testing.T) {
	moving := make([]bool, 16*8)
	moving[0], moving[17], moving[5*16+9] = true, true, true
	got := blocksOf(moving, 16, 10)
	if len(got) != 1 || got[0] != image.Rect(-10, -10, 50, 50) {
		t.Errorf("blocks %v: one for the two cells of the first, none for a single cell", got)
	}
	// Cells that fill no whole group count too, at the right and at the bottom.
	moving = make([]bool, 10*9)
	moving[10*8+8], moving[10*8+9] = true, true
	if got := blocksOf(moving, 10, 8); len(got) != 1 || got[0] != image.Rect(56, 56, 104, 104) {
		t.Errorf("blocks %v at the corner", got)
	}
	// A plain coat moves at its rim alone; what is inside is covered too.
	moving = make([]bool, 40*40)
	for i := range 24 {
		for k := range 2 {
			for _, at := range [][2]int{{8 + i, 8 + k}, {8 + i, 30 + k}, {8 + k, 8 + i}, {30 + k, 8 + i}} {
				moving[at[1]*40+at[0]] = true
			}
		}
	}
	if got := blocksOf(moving, 40, 8); len(got) != 1 || !image.Rect(64, 64, 256, 256).In(got[0]) {
		t.Errorf("the rim of a thing gives blocks %v", got)
	}
	if none := blocksOf(nil, 0, 8); none == nil || len(none) > 0 {
		t.Errorf("no cells give %v: that stands for a picture that was not compared", none)
	}
}

// Close looks must reach every part of a still picture in time.
func TestCloserTakesTurns(t *testing.T) {
	c := newTileScheduler()
	img := image.NewYCbCr(image.Rect(0, 0, 1920, 1080), image.YCbCrSubsampleRatio420)
	const cols, rows = 120, 67
	seen := make([]bool, cols*rows)
	for n := range 4000 {
		c.earn(4, 25)
		for _, r := range c.choose(View{Frame: img, Scale: 4, N: 4 * n, Moving: make([]bool, cols*rows), MovingWidth: cols}, asSeen) {
			if !r.In(img.Rect) || r.Size() != tileArea {
				t.Fatalf("window %v", r)
			}
			c.each(r, 16, func(i int) { seen[i] = true })
		}
	}
	missed := 0
	for _, s := range seen {
		if !s {
			missed++
		}
	}
	if missed > 2*cols { // cells cut by the picture's edge
		t.Errorf("%d of %d cells were never looked at closely", missed, len(seen))
	}
}

// The window that is worth most is that of a count of its cells one by one.
func TestBestWindowIsWorthMost(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	pic := image.Rect(0, 0, 1280, 720)
	const cols, rows, side = 106, 60, 12
	for n := range 20 {
		c := newTileScheduler()
		v := View{N: 500 + n, Moving: make([]bool, cols*rows), MovingWidth: cols, Scale: 3}
		c.fit(v)
		for i := range c.stamps {
			c.stamps[i], v.Moving[i] = rnd.IntN(v.N), rnd.IntN(50) < n%3
		}
		got, worth := c.best(v, tileArea, pic, side)
		most := 0.0
		for y := 0; y < pic.Dy(); y += tileArea.Y / 3 {
			for x := 0; x < pic.Dx(); x += tileArea.X / 3 {
				sum := 0.0
				c.each(window(image.Pt(x, y).Add(tileArea.Div(2)), tileArea, pic), side, func(i int) {
					if age := float64(v.N - c.stamps[i]); v.Moving[i] {
						sum += age
					} else {
						sum += stillWeight * min(age, 100) / 100
					}
				})
				most = max(most, sum)
			}
		}
		if math.Abs(worth-most) > 1e-6*most || !got.In(pic) {
			t.Errorf("picture %d: window %v is worth %v, one is worth %v", n, got, worth, most)
		}
	}
}

// At the first look no face of 40 pixels lies outside of all windows or on
// the edge of each.
func TestEverywhereIsEverywhere(t *testing.T) {
	for _, size := range []image.Point{{1920, 1080}, {1440, 1080}, {2560, 1440}, {1080, 1920}} {
		pic := image.Rectangle{Max: size}
		windows := everywhere(pic, asSeen.area(), asSeen)
		for y := 0; y+40 <= size.Y; y += 20 {
			for x := 0; x+40 <= size.X; x += 20 {
				face := image.Rect(x, y, x+40, y+40)
				if !slices.ContainsFunc(windows, func(w image.Rectangle) bool { return w.In(pic) && face.In(w) }) {
					t.Fatalf("%v: nobody looks at %v", size, face)
				}
			}
		}
	}
}

func TestWholeDropsCutFinds(t *testing.T) {
	pic, r := image.Rect(0, 0, 1920, 1080), image.Rect(0, 300, 480, 588)
	at := func(x, y float32) track.Face { return track.Face{Box: track.Box{X: x, Y: y, W: 40, H: 40}} }
	got := whole([]track.Face{at(0, 400), at(439, 400), at(200, 300), at(200, 400)}, r, pic)
	if len(got) != 2 || got[0].X != 0 || got[1].X != 200 {
		t.Errorf("kept %v", got)
	}
}
