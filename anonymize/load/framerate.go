package load

import (
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// FrameRate measures how many frames a second come, by their own times.
type FrameRate struct {
	last     media.Ticks90k
	seen     int
	recent   [9]media.Ticks90k
	Interval media.Ticks90k // 0 until two frames came
}

// Observe takes the time of the next frame.
func (p *FrameRate) Observe(pts media.Ticks90k) {
	d := pts - p.last
	p.last = pts
	p.seen++
	if p.seen == 1 || d <= 0 || d > 10*media.TicksPerSecond {
		return
	}
	copy(p.recent[1:], p.recent[:])
	p.recent[0] = d
	sorted := slices.Sorted(slices.Values(p.recent[:min(len(p.recent), max(1, p.seen-1))]))
	// The median: one late frame is not a new rate.
	p.Interval = max(1, sorted[len(sorted)/2])
}

// FPS is in frames a second, 1 to 120, and 25 until two frames came.
func (p FrameRate) FPS() float64 {
	if p.Interval == 0 {
		return 25
	}
	return min(max(float64(media.TicksPerSecond)/float64(p.Interval), 1), 120)
}

// Frames is how many frames fit into d.
func (p FrameRate) Frames(d time.Duration) int {
	return int(d.Seconds()*p.FPS() + 0.01)
}
