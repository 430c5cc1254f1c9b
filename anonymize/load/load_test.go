package load

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestLevels(t *testing.T) {
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
	if l.Level != media.BlurFrame {
		t.Fatalf("only %v after three seconds of lag", l.Level)
	}
	pass(time.Second, 5*time.Millisecond)
	if l.Level != media.BlurFrame {
		t.Fatalf("left %v after one second of room", l.Level)
	}
	pass(30*time.Second, 5*time.Millisecond)
	if l.Level != media.Normal {
		t.Fatalf("still %v after thirty seconds of room", l.Level)
	}
}

// A camera that stalls and then sends all at once costs a viewer no frame.
func TestLevelsForgiveAStall(t *testing.T) {
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

// On an overloaded host frames are left out until the wait is short again;
// after a stall they are not.
func TestLevelsCatchUp(t *testing.T) {
	for _, c := range []struct {
		step  media.Degradation
		waits []time.Duration // in ms
		want  []bool
	}{
		{media.Normal, []time.Duration{700, 1000, 300}, []bool{false, false, false}},
		{media.Normal, []time.Duration{1300, 700, 160, 100, 700}, []bool{true, true, true, false, false}},
		{media.BlurFrame, []time.Duration{500, 700, 300, 140, 300}, []bool{false, true, true, false, false}},
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

// Room at one level and lag at the one below must not make the output flap.
func TestLevelsDoNotFlap(t *testing.T) {
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

// Heat sets a floor: the level goes there at once, no lower while it holds, up
// from there where the load asks for it, and comes down one by one after it.
func TestLevelsFloor(t *testing.T) {
	l, now := NewLevels(), time.Unix(1000, 0)
	after := func(d, wait time.Duration) media.Degradation {
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
		t.Errorf("%d of 10 frames are left out, though nothing waits", n)
	}
	if got := after(20*time.Second, dear); got != media.BlurFrame {
		t.Errorf("under load: %v", got)
	}
	if got := after(2*time.Minute, room); got != media.LowerRate {
		t.Errorf("after it: %v", got)
	}
	l.Floor = media.Normal
	if n := len(shedBy(&l, 10)); n != 0 {
		t.Errorf("%d of 10 frames are left out after the heat", n)
	}
	if got := after(firstHold, room); got != media.LowerRate && got != media.DetectLess {
		t.Errorf("two levels at a time: %v", got)
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
		step media.Degradation
		mean time.Duration
		want int
	}{
		{media.Normal, time.Second, 0}, {media.DetectLess, time.Second, 0},
		{media.LowerRate, 100 * time.Millisecond, 5}, {media.LowerRate, 10 * time.Millisecond, 0},
		{media.BlurFrame, 100 * time.Millisecond, 5}, {media.BlurFrame, 10 * time.Millisecond, 0},
	} {
		l := Levels{Level: c.step, mean: c.mean}
		if n := len(shedBy(&l, 10)); n != c.want {
			t.Errorf("%v with waits of %v sheds %d of 10, want %d", c.step, c.mean, n, c.want)
		}
	}
}

func TestFrameRate(t *testing.T) {
	var p FrameRate
	if p.FPS() != 25 {
		t.Errorf("%v without frames", p.FPS())
	}
	for i := range 30 {
		pts := media.Ticks90k(i) * 6000
		if i == 20 {
			pts += 2000 // one late frame
		}
		p.Observe(pts)
	}
	if p.Interval != 6000 || p.Frames(200*time.Millisecond) != 3 {
		t.Errorf("interval %d, %d frames in 200 ms", p.Interval, p.Frames(200*time.Millisecond))
	}
	p.Observe(-500000) // a jump back changes nothing
	if p.Interval != 6000 {
		t.Errorf("interval %d after a jump", p.Interval)
	}
}
