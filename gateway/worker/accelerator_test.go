package worker

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/wire"
)

func TestAcceleratorPausesGrow(t *testing.T) {
	u := accelerator{use: wire.Use{Accelerator: "vaapi"}, timing: backoffTiming{first: time.Minute, longest: 24 * time.Hour}}
	now := time.Unix(1e9, 0)
	for _, want := range []time.Duration{time.Minute, 4 * time.Minute, 16 * time.Minute, 64 * time.Minute, 256 * time.Minute, 1024 * time.Minute, 24 * time.Hour, 24 * time.Hour} {
		if u.next(now).Accelerator != "vaapi" {
			t.Fatal("it is not tried")
		}
		u.blame("it failed", now)
		if u.next(now).Accelerator != "" || u.problem != "it failed" {
			t.Fatal("a failed one is used")
		}
		now = now.Add(want - time.Second)
		if u.due(now) {
			t.Errorf("tried before %v", want)
		}
		if now = now.Add(time.Second); !u.due(now) {
			t.Errorf("not tried after %v", want)
		}
	}
	u.next(now)
	u.worked(time.Hour)
	if u.problem == "" {
		t.Error("forgiven after an hour, though it had failed for a day")
	}
	u.worked(25 * time.Hour)
	if u.blame("again", now); u.pause != time.Minute {
		t.Errorf("after a good day it pauses for %v", u.pause)
	}
	if (&accelerator{}).due(now) {
		t.Error("none is due")
	}
}
