package gateway

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/hardware"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// heatEvery is how often the sensors are read: a board takes many times that
// to get from one degree of heat to the next.
const heatEvery = 5 * time.Second

// watchedBox is the box's hardware and how it fares.
type watchedBox struct {
	hardware.Box
	every time.Duration

	mu         sync.Mutex // guards what follows; one goroutine writes
	thermostat hardware.Thermostat
	condition  hardware.Condition
	heat       hardware.Heat
}

func (b *watchedBox) init(o Options) {
	b.Box, b.every, b.thermostat.Rest = hardware.Here(), heatEvery, o.heatRest
	if o.root != nil {
		b.Box = hardware.At(o.root)
	}
	if o.heatEvery > 0 {
		b.every = o.heatEvery
	}
}

// read asks the sensors and returns the heat and the one before.
func (b *watchedBox) read(now time.Time) (heat, was hardware.Heat) {
	c := b.Condition()
	b.mu.Lock()
	defer b.mu.Unlock()
	was = b.heat
	b.condition, b.heat = c, b.thermostat.Take(c, now)
	return b.heat, was
}

func (b *watchedBox) latest() (hardware.Condition, hardware.Heat) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.condition, b.heat
}

// celsius is NaN without a sensor.
func (b *watchedBox) celsius() float64 {
	c, _ := b.latest()
	if hottest, ok := c.Hottest(); ok {
		return hottest
	}
	return math.NaN()
}

// floor is the rung of the overload ladder that the heat asks for: cheaper work
// before the box slows all work down. The whole picture is blurred only before
// the box would switch itself off.
func floor(h hardware.Heat) media.Step {
	switch h {
	case hardware.Warm:
		return media.DetectLess
	case hardware.Hot:
		return media.LowerRate
	case hardware.Critical:
		return media.BlurPicture
	}
	return media.Normal
}

// startHeat reads the sensors once, so that cameras begin as the heat asks, and
// watches them from then on.
func (g *Gateway) startHeat(Options) error {
	g.warmed(g.box.read(time.Now()))
	ctx, cancel := context.WithCancel(context.Background())
	var watch sync.WaitGroup
	g.stopHeat = func() { cancel(); watch.Wait() }
	watch.Go(func() { g.watchHeat(ctx) })
	return nil
}

func (g *Gateway) watchHeat(ctx context.Context) {
	tick := time.NewTicker(g.box.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			g.warmed(g.box.read(now))
		}
	}
}

// warmed tells the workers and whoever listens where the heat changed.
func (g *Gateway) warmed(heat, was hardware.Heat) {
	if heat == was {
		return
	}
	c, _ := g.box.latest()
	margin, _ := c.Margin()
	g.log.Info("heat changed", "from", was.String(), "to", heat.String(), "celsius", g.box.celsius(), "degrees_left", margin,
		"throttled", c.Throttled, "load_step", floor(heat).String())
	g.trail.Note(audit.Record{Action: audit.HeatChanged, Actor: audit.Gateway, Subject: "gateway", Detail: was.String() + ">" + heat.String(), Event: &audit.Event{Type: audit.EventHeat, From: was.String(), To: heat.String()}})
	g.consents.refresh()
}

// The reasons for a rung of the overload ladder.
const (
	stepByHeat = "heat"
	stepByLoad = "load"
)

// stepReason is why a camera's rung is in force; empty for the normal one.
func stepReason(step, floor media.Step) string {
	switch {
	case step == media.Normal:
		return ""
	case step <= floor:
		return stepByHeat
	}
	return stepByLoad
}
