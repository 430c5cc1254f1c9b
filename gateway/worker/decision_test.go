package worker

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Consents given to a running handle reach the child, and its decisions come
// back.
func TestDecisions(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "deciding", nil)
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	s.viewer.awaitFrames(3)
	settings := s.cfg.Hello.Settings
	settings.Shows = []wire.Show{{Token: "token-0001", Badge: 7, Zones: []string{"*"}}}
	s.SetSettings(settings)
	s.viewer.await("a decision", func() bool { return len(s.viewer.decided) > 0 })
	s.viewer.mu.Lock()
	defer s.viewer.mu.Unlock()
	if d := s.viewer.decided[0]; !d.Shown || d.Token != "token-0001" || d.Track != 1 || d.Seq == 0 {
		t.Errorf("%+v", d)
	}
}

// A flood of decisions is cut, the frames go on.
func TestFloodOfDecisions(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "deciding", func(h *Handle) {
		h.settings.Shows = make([]wire.Show, 400)
	})
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	s.viewer.await("a burst", func() bool { return len(s.viewer.decided) >= decisionBurst })
	s.viewer.awaitFrames(10)
	s.viewer.mu.Lock()
	defer s.viewer.mu.Unlock()
	if n := len(s.viewer.decided); n > 10*decisionBurst {
		t.Errorf("%d decisions came through", n)
	}
}

func TestStrangeDecisionIsAViolation(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "babbling", nil)
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	s.viewer.await("a violation", func() bool { return s.Stats().Violations > 0 })
	if strings.Contains(s.log.String(), "and a line") {
		t.Error("what the child says is in the log")
	}
}

func TestRedactReportsDecisions(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"deciding", "babbling"} {
		var got []wire.Decision
		cfg := FileConfig{
			Bin: script(t, name), Log: slog.New(slog.DiscardHandler), Decision: func(d wire.Decision) { got = append(got, d) },
			Hello: wire.Hello{Build: testBuild, Codec: media.H264, Settings: wire.Settings{Shows: []wire.Show{{Token: "token-0001"}}}},
		}
		_, err := Redact(t.Context(), cfg, &footage{n: 20, codec: media.H264}, func(media.Record, media.Clean) error { return nil })
		switch {
		case name == "babbling" && !errors.Is(err, errViolation):
			t.Errorf("%s: %v", name, err)
		case name == "deciding" && (err != nil || len(got) != 20 || got[19].Token != "token-0001"):
			t.Errorf("%d decisions, %v", len(got), err)
		}
	}
}
