package main

import (
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware"
)

// The doctor's look at the box itself.

func (d *doctor) board() {
	f := d.box.Facts()
	parts := facts(f, func(key text.Key, args ...any) string { return d.p.text(key, args...) })
	d.add(text.CheckBoard, good, strings.Join(parts, ", "))
}

// facts are the words for what a box is.
func facts(f hardware.Facts, t func(text.Key, ...any) string) (parts []string) {
	for _, name := range []string{f.Board, f.SoC} {
		if name != "" {
			parts = append(parts, name)
		}
	}
	cores := t(text.StatusCores, f.Cores)
	var clusters []string
	for _, c := range f.Clusters {
		clusters = append(clusters, t(text.StatusClusters, c.Cores, c.MaxMHz))
	}
	if len(clusters) > 0 {
		cores += " (" + strings.Join(clusters, ", ") + ")"
	}
	return append(parts, cores)
}

// perCamera is what a worker and its share of the supervisor take at 1080p.
const perCamera = 400 << 20

func (d *doctor) memory() {
	f := d.box.Facts()
	total, free := memory(f.MemoryTotal), memory(f.MemoryFree)
	if f.MemoryFree > 0 && f.MemoryFree < perCamera {
		d.add(text.CheckMemory, warning, d.p.text(text.DoctorMemoryLow, free, total, memory(perCamera)))
		return
	}
	d.add(text.CheckMemory, good, d.p.text(text.DoctorMemoryGood, free, total, f.MemoryFree/perCamera))
}

func (d *doctor) temperature() {
	c := d.box.Condition()
	if len(c.Zones) == 0 {
		d.add(text.CheckTemperature, good, d.p.text(text.DoctorNoSensor))
		return
	}
	var zones []string
	for _, z := range c.Zones {
		zones = append(zones, d.p.text(text.DoctorDegrees, z.Name, z.Celsius, z.Limit))
	}
	told := strings.Join(zones, "; ")
	if heat := new(hardware.Thermostat).Take(c, time.Now()); heat > hardware.Cool {
		d.add(text.CheckTemperature, warning, d.p.text(text.DoctorHeat, d.p.text(text.HeatWord(heat.String())), told))
		return
	}
	d.add(text.CheckTemperature, good, told)
}

func (d *doctor) throttling() {
	c := d.box.Condition()
	switch {
	case c.Throttled:
		d.add(text.CheckThrottling, warning, d.p.text(text.DoctorThrottled))
	case c.Undervoltage:
		d.add(text.CheckThrottling, warning, d.p.text(text.DoctorWeakSupply))
	case c.Capped:
		d.add(text.CheckThrottling, warning, d.p.text(text.DoctorCapped))
	default:
		d.add(text.CheckThrottling, good, d.p.text(text.DoctorFullSpeed))
	}
}

// accelerators tries each one as a starting daemon does; one that the settings
// name is tried too, for a daemon would find out only with a camera.
func (d *doctor) accelerators() {
	key := d.cfg.Worker.Accelerator
	all, _ := executable.ChooseAccelerator(d.p.ctx, d.box, d.parts, key, d.p.lang)
	for _, c := range all {
		v, told := good, strings.Join(c.Why, "; ")
		if c.Name == key {
			if err := d.tryAccelerator(c); err != nil {
				v, told = warning, d.p.text(text.DoctorForcedFails, "worker.accelerator", err)
			}
		}
		d.add(text.CheckAccelerator, v, told, c.Name)
	}
}

func (d *doctor) tryAccelerator(c api.Candidate) error {
	_, err := executable.TryAccelerator(d.p.ctx, d.parts, wire.Use{Accelerator: c.Name, Devices: c.Devices, Decode: true, Encode: true})
	if err != nil && len(c.Devices) == 0 {
		return text.Fail(err, text.AcceleratorAbsent, err)
	}
	return err
}
