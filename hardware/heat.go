package hardware

import "time"

// Heat is how near the host is to slowing down.
type Heat uint8

// The degrees of heat.
const (
	Cool     Heat = iota
	Warm          // within warmMargin of the limit
	Hot           // within hotMargin of the limit, or slowed down
	Critical      // well beyond the limit, or near switching off
)

func (h Heat) String() string {
	switch h {
	case Warm:
		return "warm"
	case Hot:
		return "hot"
	case Critical:
		return "critical"
	}
	return "cool"
}

const (
	// Degrees below a zone's limit.
	warmMargin, hotMargin = 8, 3
	// beyondLimit and beforeCritical make it critical.
	beyondLimit, beforeCritical = 5, 5
	// slack is how many degrees it must be cooler than where a degree of heat
	// began for it to end: a sensor's noise and what one level of degradation
	// saves are both less.
	slack = 4
	// HeatRest is how long it must be so much cooler: heat sinks are slow.
	HeatRest = 30 * time.Second
)

// Thermostat turns readings into a degree of heat that does not flap: it rises
// at once, and falls one degree at a time.
type Thermostat struct {
	// Rest is how long it must be cooler before the heat falls; 0 means HeatRest.
	Rest time.Duration

	heat   Heat
	cooler time.Time // since when it is; zero: it is not
}

// Take evaluates a reading.
func (t *Thermostat) Take(c Condition, now time.Time) Heat {
	rest := t.Rest
	if rest == 0 {
		rest = HeatRest
	}
	switch {
	case c.heat(0) > t.heat:
		t.heat, t.cooler = c.heat(0), time.Time{}
	case c.heat(slack) >= t.heat:
		t.cooler = time.Time{}
	case t.cooler.IsZero():
		t.cooler = now
	case now.Sub(t.cooler) >= rest:
		t.heat--
		t.cooler = now
	}
	return t.heat
}

// heat evaluates a reading as if it were so many degrees hotter.
func (c Condition) heat(hotter float64) (worst Heat) {
	if c.Throttled {
		worst = Hot
	}
	for _, z := range c.Zones {
		worst = max(worst, z.heat(hotter))
	}
	return worst
}

func (z Zone) heat(hotter float64) Heat {
	at := z.Celsius + hotter
	switch {
	case at >= z.Limit+beyondLimit, z.Critical > 0 && at >= z.Critical-beforeCritical:
		return Critical
	case at >= z.Limit-hotMargin:
		return Hot
	case at >= z.Limit-warmMargin:
		return Warm
	}
	return Cool
}
