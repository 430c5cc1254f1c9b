package broker

import (
	"errors"
	"io"
	"testing"
	"time"
)

func TestPausesFollowTheReason(t *testing.T) {
	for _, c := range []struct {
		why       Reason
		before    int // failures
		took      time.Duration
		low, high time.Duration
	}{
		{Unreachable, 0, 0, 500 * time.Millisecond, 750 * time.Millisecond},
		{Unreachable, 3, 0, 4 * time.Second, 6 * time.Second},
		{Unreachable, 1 << 30, 0, time.Minute, 90 * time.Second},
		{Lost, 1 << 30, steady, 500 * time.Millisecond, 750 * time.Millisecond},
		{Unauthorized, 0, 0, 30 * time.Second, 45 * time.Second},
		{BadTLS, 1, 0, time.Minute, 90 * time.Second},
		{BadFile, 1 << 30, 0, 5 * time.Minute, 450 * time.Second},
	} {
		r := Retries{failures: c.before}
		if d := r.Pause(c.why, c.took); d < c.low || d > c.high {
			t.Errorf("%s after %d: %v, want %v to %v", c.why, c.before, d, c.low, c.high)
		}
	}
}

func TestExplainKeepsAFailure(t *testing.T) {
	f := &Failure{BadFile, "mend it", io.EOF}
	if got := Explain(f, "h:1"); got != f || got.Error() != "EOF: mend it" || !errors.Is(got, io.EOF) {
		t.Errorf("%v", got)
	}
	if got := Explain(io.EOF, "h:1"); got.Reason != Lost {
		t.Errorf("%v: %s", got, got.Reason)
	}
}
