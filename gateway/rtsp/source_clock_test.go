package rtsp

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Whatever the camera's timestamps do, what is recorded lasts as long as it did, and no access unit is
// before the one that was decoded before it.
func TestTimelineLastsAsLongAsReality(t *testing.T) {
	const fps, gop = 10, 10
	for _, c := range []struct {
		name string
		ts   func(n int) float64 // in seconds, of unit n
		at   func(n int) float64 // of its arrival
		slow time.Duration       // how far off it may be at the end
		long int                 // seconds; 60 where 0
	}{
		{name: "right"},
		{name: "they stand", ts: func(int) float64 { return 7 }},
		{name: "they restart with each keyframe", ts: func(n int) float64 { return float64(n%gop) / fps }},
		{name: "they jump an hour ahead with each keyframe", ts: func(n int) float64 { return float64(n)/fps + 3600*float64(n/gop) }},
		{name: "they jump back an hour once", ts: func(n int) float64 { return float64(n)/fps - 3600*float64(n/300) }},
		{name: "a clock that is 1 percent fast, for an hour", ts: func(n int) float64 { return 1.01 * float64(n) / fps }, long: 3600, slow: 300 * time.Millisecond},
		{name: "a clock that is 1 percent slow, for an hour", ts: func(n int) float64 { return 0.99 * float64(n) / fps }, long: 3600, slow: 300 * time.Millisecond},
		{name: "a clock of 8 percent less, for an hour", ts: func(n int) float64 { return 0.92 * float64(n) / fps }, long: 3600, slow: 1600 * time.Millisecond},
		{name: "a clock of twice the speed", ts: func(n int) float64 { return 2 * float64(n) / fps }, long: 600, slow: 25 * time.Second},
		{name: "a clock of half the speed", ts: func(n int) float64 { return 0.5 * float64(n) / fps }, long: 600, slow: 15 * time.Second},
		{name: "stored units come first", at: func(n int) float64 { return max(float64(n)/fps-3, 0) }, slow: 3100 * time.Millisecond},
		{name: "a pause of the network", at: func(n int) float64 { return pausing(n, fps) }},
	} {
		if c.ts == nil {
			c.ts = func(n int) float64 { return float64(n) / fps }
		}
		if c.at == nil {
			c.at = func(n int) float64 { return float64(n) / fps }
		}
		l, began, units := &timeline{}, time.Unix(1700000000, 0), fps*max(c.long, 60)
		var last media.Ticks90k
		for n := range units {
			arrived := began.Add(time.Duration(c.at(n) * float64(time.Second)))
			pts, _ := l.stamp(assembled{ts: uint32(int64(c.ts(n) * media.TicksPerSecond)), arrived: arrived}, n%gop == 0)
			if n > 0 && pts <= last {
				t.Fatalf("%s: unit %d is at %v, the one before at %v", c.name, n, pts.Duration(), last.Duration())
			}
			last = pts
		}
		if off := last.Duration() - time.Duration(c.at(units-1)*float64(time.Second)); off > c.slow+150*time.Millisecond || -off > c.slow+150*time.Millisecond {
			t.Errorf("%s: %v off after %d units", c.name, off, units)
		}
	}
}

// pausing is a network that stands for 8 s and brings all of it at once.
func pausing(n, fps int) float64 {
	at := float64(n) / float64(fps)
	if at > 20 && at < 28 {
		return 28 + (at-20)/1000
	}
	return at
}

// Frames that are shown in another order than they are decoded keep their times.
func TestTimelineKeepsReorderedFrames(t *testing.T) {
	l, began := &timeline{}, time.Unix(1700000000, 0)
	order := []int{0, 3, 1, 2, 6, 4, 5, 9, 7, 8, 12, 10, 11} // I P B B P B B, an I again at 12
	for i, shown := range order {
		pts, _ := l.stamp(assembled{ts: uint32(shown * 3600), arrived: began.Add(time.Duration(i) * 40 * time.Millisecond)}, shown%12 == 0)
		if pts != media.Ticks90k(shown*3600) {
			t.Errorf("frame %d is at %d", shown, pts)
		}
	}
}
