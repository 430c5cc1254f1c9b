package heat

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/bauta-gateway/bauta/hardware"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestFloor(t *testing.T) {
	for heat, want := range map[hardware.Heat]media.Degradation{
		hardware.Cool: media.Normal, hardware.Warm: media.DetectLess, hardware.Hot: media.LowerRate, hardware.Critical: media.BlurFrame,
	} {
		if got := Floor(heat); got != want {
			t.Errorf("%v asks for %v, want %v", heat, got, want)
		}
	}
}

// sensors are those of a host that slows down at 80 degrees.
func sensors(celsius int) fstest.MapFS {
	const zone = "sys/class/thermal/thermal_zone0/"
	return fstest.MapFS{
		zone + "trip_point_0_type": {Data: []byte("passive\n")}, zone + "trip_point_0_temp": {Data: []byte("80000\n")},
		zone + "temp": {Data: fmt.Appendf(nil, "%d000\n", celsius)}, "proc/meminfo": {Data: []byte("MemTotal: 1024 kB\n")},
	}
}

// Each change is reported once, with what was before; cooler counts after a rest.
func TestWatch(t *testing.T) {
	host := sensors(50)
	var changes []string
	w := New(Config{
		Host: hardware.At(host), Rest: time.Minute, Log: slog.New(slog.DiscardHandler),
		Changed: func(heat, was hardware.Heat) { changes = append(changes, was.String()+">"+heat.String()) },
	})
	if c, heat := w.Latest(); heat != hardware.Cool || len(c.Zones) != 0 || !math.IsNaN(w.Celsius()) {
		t.Errorf("before it was read: %v, %+v, %v", heat, c, w.Celsius())
	}
	now := time.Unix(1000, 0)
	for _, c := range []struct {
		celsius int
		after   time.Duration
		want    hardware.Heat
	}{
		{50, 0, hardware.Cool}, {73, time.Second, hardware.Warm}, {73, time.Second, hardware.Warm}, {78, time.Second, hardware.Hot},
		{86, time.Second, hardware.Critical}, {40, time.Second, hardware.Critical}, {40, 2 * time.Minute, hardware.Hot},
		{40, 2 * time.Minute, hardware.Warm}, {40, 2 * time.Minute, hardware.Cool},
	} {
		for name, file := range sensors(c.celsius) {
			host[name] = file
		}
		now = now.Add(c.after)
		w.Read(now)
		condition, heat := w.Latest()
		if heat != c.want || w.Celsius() != float64(c.celsius) || len(condition.Zones) != 1 {
			t.Errorf("%d degrees: %v, %v, want %v", c.celsius, heat, w.Celsius(), c.want)
		}
	}
	want := []string{"cool>warm", "warm>hot", "hot>critical", "critical>hot", "hot>warm", "warm>cool"}
	if !slices.Equal(changes, want) {
		t.Errorf("reported: %v, want %v", changes, want)
	}
}

// Run reads the sensors until it is stopped.
func TestRun(t *testing.T) {
	warm := make(chan hardware.Heat, 1)
	w := New(Config{
		Host: hardware.At(sensors(73)), Every: time.Millisecond, Log: slog.New(slog.DiscardHandler),
		Changed: func(heat, _ hardware.Heat) { warm <- heat },
	})
	if got := w.Host().Facts().MemoryTotal; got != 1<<20 {
		t.Error("it watches another host")
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); w.Run(ctx) }()
	if got := <-warm; got != hardware.Warm {
		t.Errorf("%v", got)
	}
	cancel()
	<-ended
}
