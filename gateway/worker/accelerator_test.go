package worker

import (
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/gateway/backoff"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestAcceleratorPausesGrow(t *testing.T) {
	u := accelerator{use: wire.Use{Accelerator: "vaapi"}, pauses: defaultTiming.unit}
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

// Whatever way an accelerator fails in the middle of a stream, software takes
// its place at once, and it is tried again after a pause that grows.
func TestAcceleratorFailsMidStream(t *testing.T) {
	t.Parallel()
	for script, problem := range map[string]string{"brokenunit": "no pictures", "baddriver": "worker ended", "stuckdriver": "hangs"} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			s := newHarness(t, script, func(h *Handle) {
				h.cfg.Hello.Use = wire.Use{Accelerator: "vaapi", Devices: []string{"/dev/dri/renderD128"}, Decode: true}
				h.time.unit = backoff.Bounds{First: 2 * time.Second, Longest: time.Hour}
			})
			cam := startCamera(s.Handle, media.H264, 25)
			defer cam.close()
			s.viewer.await("software", func() bool {
				st := s.viewer.lastState()
				return st.Restarts >= 1 && st.Phase == Masking && strings.Contains(st.AcceleratorProblem, problem)
			})
			s.viewer.await("another try and software once more", func() bool {
				st := s.viewer.lastState()
				return st.Restarts >= 3 && st.Phase == Masking
			})
			if st := s.viewer.state(); st.Looping {
				t.Errorf("state %+v", st)
			}
			s.within(t, "the longest gap", s.viewer.longestGap(), time.Second)
			s.stop()
			checkStream(t, s.viewer)
		})
	}
}
