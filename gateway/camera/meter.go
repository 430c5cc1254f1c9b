package camera

import (
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// MetricsPeriod is how often a camera's figures are made and published.
const MetricsPeriod = 5 * time.Second

// meter counts what a camera delivers. The stream's goroutine writes, the
// owner and the API read.
type meter struct {
	mu     sync.Mutex
	frames uint64
	slates uint64
	shown  uint64 // frames with a face shown by consent
	last   media.Record

	// Of the running period:
	since time.Time
	count int
	held  time.Duration
	bytes int // of slates too

	kbps int // in the last full period

	latest api.CameraMetrics
}

func newMeter(now time.Time) *meter {
	return &meter{since: now, latest: api.CameraMetrics{Step: media.Normal.String()}}
}

// clean counts one delivered access unit.
func (m *meter) clean(c media.Clean) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, n := range c.NALUs() {
		m.bytes += len(n)
	}
	if c.Slate() {
		m.slates++
		return
	}
	m.frames++
	m.last = c.Record()
	if m.last.Shown > 0 {
		m.shown++
	}
	m.count++
	m.held += m.last.Held
}

// newest is the record of the newest frame.
func (m *meter) newest() media.Record {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last
}

// period ends the running period and returns its figures. Without a frame
// in it there are no faces either: old counts would look like new ones.
func (m *meter) period(now time.Time) api.CameraMetrics {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := api.CameraMetrics{Step: m.last.Degradation.String()}
	if m.count > 0 {
		out.FPS = float64(m.count) / max(now.Sub(m.since).Seconds(), 0.001)
		out.LatencyMS = m.held.Seconds() * 1000 / float64(m.count)
		out.Faces, out.Masked, out.Shown = m.last.Faces, m.last.Masked, m.last.Shown
	}
	m.kbps = kilobits(m.bytes, max(now.Sub(m.since).Seconds(), 0.001))
	m.since, m.count, m.held, m.bytes, m.latest = now, 0, 0, 0, out
	return out
}

// step is the newest frame's degradation level.
func (m *meter) degradation() media.Degradation {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.last.Degradation
}

// rates are the frames and the 1000 bits a second of the last full period, or of the running one
// where no frame was in that.
func (m *meter) rates(now time.Time) (fps float64, kbps int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.latest.FPS > 0 || m.count == 0 {
		return m.latest.FPS, m.kbps
	}
	passed := max(now.Sub(m.since).Seconds(), 1)
	return float64(m.count) / passed, kilobits(m.bytes, passed)
}

// kilobits are 1000 bits a second.
func kilobits(bytes int, seconds float64) int { return int(float64(bytes) * 8 / 1000 / seconds) }

// read returns the last full period's figures and the totals.
func (m *meter) read() (api.CameraMetrics, api.CameraCounters) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.latest, api.CameraCounters{Pictures: m.frames, Shown: m.shown, Slates: m.slates}
}
