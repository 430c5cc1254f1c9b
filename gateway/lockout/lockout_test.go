package lockout

import (
	"strings"
	"testing"
	"time"
)

func TestTriesAreForgotten(t *testing.T) {
	now := time.Now()
	l := New(time.Minute, func() time.Time { return now })
	for i := range 3 * maxTracked {
		l.Begin(strings.Repeat("x", i%7) + time.Duration(i).String())
	}
	if len(l.tries) > maxTracked {
		t.Errorf("%d names are tracked", len(l.tries))
	}
}

// The wait doubles with each wrong try up to the longest, and a right one ends it.
func TestWait(t *testing.T) {
	now := time.Now()
	l := New(time.Minute, func() time.Time { return now })
	for range FreeTries {
		if wait := l.Begin("a"); wait != 0 {
			t.Fatalf("a free try waits %v", wait)
		}
	}
	if wait := l.Begin("a"); wait <= 0 || wait > firstWait {
		t.Errorf("the next one waits %v", wait)
	}
	if wait := l.Begin("b"); wait != 0 {
		t.Errorf("another key waits %v", wait)
	}
	for range 20 {
		now = now.Add(2 * time.Minute)
		l.Begin("a")
	}
	if wait := l.Begin("a"); wait <= firstWait || wait > time.Minute {
		t.Errorf("after many: %v", wait)
	}
	l.Right("a")
	if wait := l.Begin("a"); wait != 0 {
		t.Errorf("after a right one: %v", wait)
	}
}
