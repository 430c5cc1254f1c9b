package worker

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/media"
)

func TestSnapshot(t *testing.T) {
	t.Parallel()
	s := setStage(t, "lookahead", nil)
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	s.viewer.awaitPictures(3)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for range 2 {
		got, err := s.Handle.Snapshot(ctx)
		if err != nil || string(got) != "picture of lookahead" {
			t.Fatalf("%q, %v", got, err)
		}
	}
}

func TestSnapshotGivesUpWithoutAChild(t *testing.T) {
	h := New(Config{Log: slog.New(slog.DiscardHandler)}, teller{})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := h.Snapshot(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if len(h.snapshots) != 0 {
		t.Errorf("%d still wait", len(h.snapshots))
	}
	for range maxSnapshots {
		if err := h.awaitSnapshot(make(chan []byte, 1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Snapshot(t.Context()); !errors.Is(err, ErrBusy) {
		t.Errorf("one too many: %v", err)
	}
	if err := h.snapshot(nil); !errors.Is(err, errViolation) {
		t.Errorf("an empty one: %v", err)
	}
}
