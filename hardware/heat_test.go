package hardware

import (
	"testing"
	"time"
)

func at(seconds int) time.Time { return time.Unix(1e9, 0).Add(time.Duration(seconds) * time.Second) }

func hotter(celsius float64) Condition {
	return Condition{Zones: []Zone{{Celsius: celsius, Limit: 80, Critical: 110}}}
}

func TestThermostat(t *testing.T) {
	th := &Thermostat{}
	for _, step := range []struct {
		second    int
		condition Condition
		want      Heat
	}{
		{0, hotter(60), Cool},
		{5, hotter(71.9), Cool},
		{10, hotter(72), Warm},   // at once
		{15, hotter(71), Warm},   // less than the slack cooler
		{20, hotter(67.9), Warm}, // enough, but not for long
		{40, hotter(68.1), Warm}, // and not any more: it starts over
		{45, hotter(67), Warm},
		{70, hotter(67), Warm},
		{75, hotter(67), Cool},
		{80, hotter(85), Critical}, // past two degrees at once
		{85, hotter(60), Critical},
		{115, hotter(60), Hot}, // but falls one at a time
		{116, hotter(60), Hot},
		{145, hotter(60), Warm},
		{175, hotter(60), Cool},
		{180, Condition{Throttled: true}, Hot}, // whatever the sensors say
		{185, Condition{}, Hot},
		{215, Condition{}, Warm},
		{245, Condition{}, Cool},
	} {
		if got := th.Take(step.condition, at(step.second)); got != step.want {
			t.Errorf("after %d s: %v, want %v", step.second, got, step.want)
		}
	}
}

// A sensor that wavers about a threshold changes the heat once.
func TestThermostatDoesNotFlap(t *testing.T) {
	th, changes, was := &Thermostat{}, 0, Cool
	for i := range 600 {
		celsius := 72.0 + float64(i%7) - 3.5
		if now := th.Take(hotter(celsius), at(i)); now != was {
			changes, was = changes+1, now
		}
	}
	if changes != 1 || was != Warm {
		t.Errorf("%d changes, then %v", changes, was)
	}
}

func TestCriticalNearSwitchingOff(t *testing.T) {
	c := Condition{Zones: []Zone{{Celsius: 100, Limit: 99, Critical: 104.5}}}
	if got := c.heat(0); got != Critical {
		t.Errorf("it is %v", got)
	}
}
