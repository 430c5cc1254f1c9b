package hardware

import (
	"path"
	"strconv"
	"strings"
)

// Condition is how hot the host is and whether it slows down.
type Condition struct {
	// Zones are the thermal zones with a plausible sensor.
	Zones []Zone `json:"zones,omitempty"`
	// Throttled: the firmware or the kernel slows the processor down because
	// of heat at this moment.
	Throttled bool `json:"throttled"`
	// Undervoltage: the power supply is too weak at this moment (Raspberry Pi).
	Undervoltage bool `json:"undervoltage"`
	// Capped: some core may not reach its highest frequency, be it because
	// of heat or by somebody's choice.
	Capped bool `json:"capped"`
}

// Zone is one thermal zone; all figures are in degrees Celsius.
type Zone struct {
	Name    string  `json:"name"`
	Celsius float64 `json:"celsius"`
	// Limit is where slowing down begins, or is likely to.
	Limit float64 `json:"limit"`
	// Critical is where the host switches itself off; 0 where it does not say.
	Critical float64 `json:"critical,omitempty"`
}

// Hottest is the temperature of the hottest zone; ok is false where the host has
// no plausible sensor, as most virtual machines.
func (c Condition) Hottest() (celsius float64, ok bool) {
	for _, z := range c.Zones {
		celsius, ok = max(celsius, z.Celsius), true
	}
	return celsius, ok
}

// Margin is how many degrees the zone that is nearest to its limit has left;
// negative beyond it. ok is false without a sensor.
func (c Condition) Margin() (degrees float64, ok bool) {
	for _, z := range c.Zones {
		if d := z.Limit - z.Celsius; !ok || d < degrees {
			degrees, ok = d, true
		}
	}
	return degrees, ok
}

const (
	// usualLimit holds where a zone does not say where it begins to slow down.
	usualLimit = 85
	// belowCritical is assumed between the begin of slowing down and the
	// critical trip where only the latter is known.
	belowCritical = 20
	// piLimit is where the firmware of a Raspberry Pi 4 or 5 begins to slow the
	// ARM cores down, of which the kernel's trip points say nothing
	// (https://www.raspberrypi.com/documentation/computers/raspberry-pi.html, Frequency management and thermal control).
	piLimit = 80
)

// Condition reads all sensors.
func (b Host) Condition() (c Condition) {
	pi := b.isRaspberryPi()
	for _, dir := range b.glob("sys/class/thermal/thermal_zone[0-9]*") {
		z, ok := b.zone(dir)
		if !ok {
			continue
		}
		if pi {
			z.Limit = min(z.Limit, piLimit)
		}
		c.Zones = append(c.Zones, z)
	}
	c.Throttled, c.Undervoltage = b.firmware()
	c.Throttled = c.Throttled || b.cooled()
	c.Capped = b.capped()
	return c
}

func (b Host) isRaspberryPi() bool {
	names := b.compatible()
	return len(names) > 0 && strings.HasPrefix(names[0], "raspberrypi,")
}

// zone reads a thermal zone (Linux, Documentation/ABI/testing/sysfs-class-thermal).
func (b Host) zone(dir string) (Zone, bool) {
	now, ok := b.celsius(dir + "/temp")
	if !ok {
		return Zone{}, false
	}
	z := Zone{Name: b.line(dir + "/type"), Celsius: now}
	var passive []float64
	for _, file := range b.glob(dir + "/trip_point_[0-9]*_type") {
		at, ok := b.celsius(strings.TrimSuffix(file, "_type") + "_temp")
		if !ok || at < plausibleTrip {
			continue
		}
		switch b.line(file) {
		case "passive", "hot":
			passive = append(passive, at)
		case "critical":
			z.Critical = max(z.Critical, at)
		}
	}
	z.Limit = limit(passive, z.Critical, b.line(dir+"/policy"))
	return z, true
}

// plausibleTrip: trips that firmware left unset read as 0 or as far below.
const plausibleTrip = 45

// limit is where slowing down begins. The power allocator only begins to watch
// at its first passive trip and holds the last one
// (Linux, Documentation/driver-api/thermal/power_allocator.rst).
func limit(passive []float64, critical float64, policy string) float64 {
	switch {
	case len(passive) == 0 && critical == 0:
		return usualLimit
	case len(passive) == 0:
		return max(critical-belowCritical, plausibleTrip)
	}
	at := passive[0]
	for _, p := range passive {
		if policy == "power_allocator" {
			at = max(at, p)
		} else {
			at = min(at, p)
		}
	}
	return at
}

// celsius reads thousandths of a degree. Absent sensors read as 0, as -274 or as
// thousands of degrees.
func (b Host) celsius(file string) (float64, bool) {
	milli, ok := b.number(file)
	c := float64(milli) / 1000
	return c, ok && c > 0 && c <= 150
}

// firmware asks a Raspberry Pi's, whose bits are those of "vcgencmd
// get_throttled": 0 under-voltage, 1 frequency capped, 2 throttled, 3 soft
// temperature limit, each at this moment. Bits 1 and 2 come with under-voltage too.
func (b Host) firmware() (throttled, undervoltage bool) {
	for _, file := range b.glob("sys/devices/platform/soc*/*:firmware/get_throttled") {
		bits, err := strconv.ParseUint(strings.TrimPrefix(b.line(file), "0x"), 16, 32)
		if err != nil {
			continue
		}
		undervoltage = bits&1 != 0
		throttled = bits&(1<<3) != 0 || bits&(1<<1|1<<2) != 0 && !undervoltage
	}
	return throttled, undervoltage
}

// cooled reports whether the kernel slows a processor down to cool it.
func (b Host) cooled() bool {
	for _, file := range b.glob("sys/class/thermal/cooling_device[0-9]*/type") {
		kind := b.line(file)
		cpu := strings.Contains(kind, "cpufreq") || kind == "Processor"
		if state, ok := b.number(path.Dir(file) + "/cur_state"); cpu && ok && state > 0 {
			return true
		}
	}
	return false
}

// capped compares what each core may reach with what it could.
func (b Host) capped() bool {
	for _, file := range b.glob(cpus + "cpuinfo_max_freq") {
		could, ok := b.number(file)
		may, ok2 := b.number(path.Dir(file) + "/scaling_max_freq")
		if ok && ok2 && may > 0 && may < could {
			return true
		}
	}
	return false
}
