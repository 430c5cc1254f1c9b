package backoff

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestWaitsGrowUpToTheLongest(t *testing.T) {
	twice := Bounds{First: 500 * time.Millisecond, Longest: time.Minute, Spread: 0.5}
	fourfold := Bounds{First: time.Minute, Longest: 24 * time.Hour, Factor: 4}
	for _, c := range []struct {
		b         Bounds
		failures  int
		low, high time.Duration
	}{
		{twice, -1, 500 * time.Millisecond, 750 * time.Millisecond},
		{twice, 0, 500 * time.Millisecond, 750 * time.Millisecond},
		{twice, 1, 500 * time.Millisecond, 750 * time.Millisecond},
		{twice, 4, 4 * time.Second, 6 * time.Second},
		{twice, 8, time.Minute, 90 * time.Second},
		{twice, 1 << 40, time.Minute, 90 * time.Second},
		{fourfold, 1, time.Minute, time.Minute},
		{fourfold, 3, 16 * time.Minute, 16 * time.Minute},
		{fourfold, 7, 24 * time.Hour, 24 * time.Hour},
		{Bounds{}, 9, 0, 0},
		{Bounds{First: time.Hour, Longest: time.Second}, 1, time.Second, time.Second},
		{Bounds{First: 1, Longest: 1<<63 - 1, Factor: 3}, 100, 1<<63 - 1, 1<<63 - 1},
	} {
		if low, high := c.b.at(c.failures, 0), c.b.at(c.failures, 1); low != c.low || high != c.high {
			t.Errorf("%+v after %d: %v to %v, want %v to %v", c.b, c.failures, low, high, c.low, c.high)
		}
		if d := c.b.After(c.failures); d < c.low || d > c.high {
			t.Errorf("%+v after %d: %v, want %v to %v", c.b, c.failures, d, c.low, c.high)
		}
	}
}

func TestSleepEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if !Sleep(t.Context(), time.Minute) || time.Since(began) != time.Minute {
			t.Errorf("slept for %v", time.Since(began))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began = time.Now()
		if Sleep(ctx, time.Minute) || time.Since(began) != time.Second {
			t.Errorf("slept for %v after the context had ended", time.Since(began))
		}
		if Sleep(ctx, 0) {
			t.Error("an ended context was not reported")
		}
	})
}
