// Package heat watches how warm the host is and how much work that leaves room for.
// Its input is the host's sensors, its output a call where the heat changes. Run is the
// one goroutine, started and awaited by who composes the gateway.
package heat

import (
	"context"
	"log/slog"
	"math"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/hardware"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// every is how often the sensors are read: a board takes many times that to get from
// one degree of heat to the next.
const every = 5 * time.Second

// Config of a Watch.
type Config struct {
	Host hardware.Host
	// Every is how often the sensors are read, Rest how long the host must be cooler
	// before it counts as such; 0 means the usual times.
	Every, Rest time.Duration
	// Changed is called where the heat is another one.
	Changed func(heat, was hardware.Heat)
	Log     *slog.Logger
}

// Watch is the host's hardware and how warm it is.
type Watch struct {
	cfg Config

	mu         sync.Mutex // guards what follows; one goroutine writes
	thermostat hardware.Thermostat
	condition  hardware.Condition
	heat       hardware.Heat
}

// New prepares a watch; nothing is read before Read.
func New(c Config) *Watch {
	if c.Every == 0 {
		c.Every = every
	}
	w := &Watch{cfg: c}
	w.thermostat.Rest = c.Rest
	return w
}

// Host is the hardware.
func (w *Watch) Host() hardware.Host { return w.cfg.Host }

// Read asks the sensors and reports a change.
func (w *Watch) Read(now time.Time) {
	c := w.cfg.Host.Condition()
	w.mu.Lock()
	was := w.heat
	w.condition, w.heat = c, w.thermostat.Take(c, now)
	heat := w.heat
	w.mu.Unlock()
	if heat == was {
		return
	}
	margin, _ := c.Margin()
	w.cfg.Log.Info("heat changed", "from", was.String(), "to", heat.String(), "celsius", w.Celsius(), "degrees_left", margin,
		"throttled", c.Throttled, "load_step", Floor(heat).String())
	w.cfg.Changed(heat, was)
}

// Run reads the sensors until ctx ends.
func (w *Watch) Run(ctx context.Context) {
	tick := time.NewTicker(w.cfg.Every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			w.Read(now)
		}
	}
}

// Latest is what was read last.
func (w *Watch) Latest() (hardware.Condition, hardware.Heat) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.condition, w.heat
}

// Celsius is the hottest sensor's temperature, NaN without a sensor.
func (w *Watch) Celsius() float64 {
	c, _ := w.Latest()
	if hottest, ok := c.Hottest(); ok {
		return hottest
	}
	return math.NaN()
}

// Floor is the degradation level that the heat asks for: cheaper work before the host
// slows all work down. The whole frame is blurred only before the host would switch
// itself off.
func Floor(h hardware.Heat) media.Degradation {
	switch h {
	case hardware.Warm:
		return media.DetectLess
	case hardware.Hot:
		return media.LowerRate
	case hardware.Critical:
		return media.BlurFrame
	}
	return media.Normal
}
