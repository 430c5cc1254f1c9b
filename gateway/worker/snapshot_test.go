package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/jpeg"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/jpegscan"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestSnapshot(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "lookahead", nil)
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	s.viewer.awaitFrames(3)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for range 2 {
		got, err := s.Handle.Snapshot(ctx)
		if err != nil || !bytes.Equal(got, snapshotOf("lookahead")) {
			t.Fatalf("%q, %v", got, err)
		}
	}
}

// What leaves by itself is vouched for here alone: the child's snapshot, or a slate that says why
// there is none, never larger than asked for.
func TestStills(t *testing.T) {
	t.Parallel()
	s := newHarness(t, "lookahead", nil)
	cam := startCamera(s.Handle, media.H264, 25)
	defer cam.close()
	s.viewer.awaitFrames(3)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	got, err := s.Handle.Still(ctx)
	if err != nil || got.Slate() || !bytes.Equal(got.JPEG(), snapshotOf("lookahead")) {
		t.Errorf("%v, %v", got, err)
	}
	card := s.Handle.SlateStill(text.SlateSilent, 960, 540, time.Now())
	size, err := jpeg.DecodeConfig(bytes.NewReader(card.JPEG()))
	if err != nil || !card.Slate() || size.Width != 960 || size.Height != 540 {
		t.Errorf("%v, %+v, %v", card.Slate(), size, err)
	}
	if _, _, err := new(jpegscan.Checker).Plain(card.JPEG()); err != nil {
		t.Error(err)
	}
	if other := s.Handle.SlateStill(text.SlateStarting, 960, 540, time.Now()); bytes.Equal(other.JPEG(), card.JPEG()) {
		t.Error("the slate does not say why")
	}
}

func TestSnapshotGivesUpWithoutAChild(t *testing.T) {
	h := New(Config{Log: slog.New(slog.DiscardHandler)}, reporter{})
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
}

// A snapshot is pixels and nothing else.
func TestSnapshotRefusesWhatIsNoImage(t *testing.T) {
	h := New(Config{Log: slog.New(slog.DiscardHandler)}, reporter{})
	good := snapshotOf("lookahead")
	if err := h.snapshot(good); err != nil {
		t.Fatal(err)
	}
	secret := []byte("what was said in the room")
	segment := func(mark byte) []byte {
		return append([]byte{0xff, mark, 0, byte(len(secret) + 2)}, secret...)
	}
	inserted := func(what []byte) []byte { return slices.Concat(good[:2], what, good[2:]) }
	attacks := map[string][]byte{
		"nothing": nil, "no image": secret, "half of it": good[:len(good)/2],
		"bytes behind it": slices.Concat(good, secret), "another image behind it": slices.Concat(good, good),
		"fill bytes": inserted([]byte{0xff, 0xff}), "a table of an odd length": inserted(segment(0xdb)),
	}
	for mark := 0xc1; mark < 0xff; mark++ {
		if mark != 0xc4 && mark != 0xdb {
			attacks[fmt.Sprintf("marker %#x", mark)] = inserted(segment(byte(mark)))
		}
	}
	for name, b := range attacks {
		if err := h.snapshot(b); !errors.Is(err, errViolation) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
