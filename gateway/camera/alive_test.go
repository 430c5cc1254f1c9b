package camera

import (
	"context"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func (s *testSet) alive(limit time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return s.Alive(ctx)
}

// hang keeps a camera's owner from going on until the result is called: it
// waits for the lock at the next thing that happens.
func hang(c *camera) (release func()) {
	c.mu.Lock()
	c.notify()
	return c.mu.Unlock
}

// An owner that hangs is noticed, whatever the others do, and so is that it goes on; a
// camera that was removed is none that hangs.
func TestAlive(t *testing.T) {
	s := newSet(t)
	if !s.alive(patience) {
		t.Error("a set without cameras counts as dead")
	}
	s.add(t, api.NewCamera{ID: "gate"})
	s.add(t, api.NewCamera{ID: "hall"})
	if !s.alive(patience) {
		t.Error("cameras that work count as dead")
	}
	if _, err := s.Remove(t.Context(), "hall"); err != nil {
		t.Fatal(err)
	}
	if !s.alive(patience) {
		t.Error("a removed camera makes it dead")
	}
	release := hang(s.camera("gate"))
	for s.alive(100 * time.Millisecond) { // the owner may be at work on something else yet
	}
	release()
	if !s.alive(patience) {
		t.Error("it does not recover")
	}
}

// Masked counts cameras by what viewers get; Unlocked sees a worker without a lock-down.
func TestMaskedAndUnlocked(t *testing.T) {
	for _, c := range []struct {
		protection media.Protection
		phase      worker.Phase
		layers     []string
		masked     int
		unlocked   bool
		name       string
	}{
		{media.Protected, worker.Masking, []string{"seccomp"}, 1, false, "masked"},
		{media.OverMasked, worker.Masking, []string{"seccomp"}, 1, false, "masked as a whole"},
		{media.Protected, worker.Masking, nil, 1, true, "without a lock-down"},
		{media.Offline, worker.OnSlate, nil, 0, false, "offline"},
		{media.Blocked, worker.OnSlate, nil, 0, false, "blocked"},
	} {
		cam := &camera{cfg: cameraConfig{}, protection: c.protection, by: worker.State{Phase: c.phase}}
		cam.by.Ready.Layers = c.layers
		s := &Set{cameras: map[media.CameraID]*camera{"gate": cam}}
		if s.Masked() != c.masked || s.Unlocked() != c.unlocked {
			t.Errorf("%s: %d masked, unlocked %v", c.name, s.Masked(), s.Unlocked())
		}
	}
}
