package lockout

import (
	"strconv"
	"testing"
	"time"
)

// clock is a time that only pass moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func TestWaitsGrowAndEnd(t *testing.T) {
	c := &clock{time.Now()}
	l := New(20*time.Second, c.now)
	for i := range FreeTries {
		if wait := l.Begin("a"); wait != 0 {
			t.Errorf("try %d waits %v", i, wait)
		}
	}
	for _, want := range []time.Duration{5 * time.Second, 10 * time.Second, 20 * time.Second, 20 * time.Second} {
		if wait := l.Begin("a"); wait != want {
			t.Errorf("waits %v, want %v", wait, want)
		}
		if l.Begin("b") != 0 {
			t.Error("another one waits")
		}
		l.Right("b")
		c.at = c.at.Add(want)
		if wait := l.Begin("a"); wait != 0 {
			t.Errorf("after %v waits %v", want, wait)
		}
	}
	l.Right("a")
	if l.Begin("a") != 0 {
		t.Error("waits after a right one")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	l := New(time.Minute, time.Now)
	for i := range 3 * maxTracked {
		l.Begin(strconv.Itoa(i))
	}
	if len(l.tries) > maxTracked {
		t.Errorf("%d are tracked", len(l.tries))
	}
}
