package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/worker/slate"
	"github.com/bauta-gateway/bauta/hardware/jpegscan"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Bounds of snapshots: bytes of one, and how many may wait for theirs.
const (
	maxSnapshot  = 4 << 20
	maxSnapshots = 8
)

// ErrBusy means that too many wait for a snapshot already.
var ErrBusy = errors.New("too many snapshots at once: try again")

// snapshotAgain is when a child that has not answered is asked once more: it
// may be another one by then.
const snapshotAgain = time.Second

// Snapshot waits for a JPEG of a masked frame as it leaves, up to 960
// pixels wide, until ctx ends. Frames that show a face by consent are
// passed over.
func (h *Handle) Snapshot(ctx context.Context) ([]byte, error) {
	answer := make(chan []byte, 1)
	if err := h.awaitSnapshot(answer); err != nil {
		return nil, err
	}
	defer h.dropSnapshot(answer)
	again := time.NewTicker(snapshotAgain)
	defer again.Stop()
	for {
		h.queue.askSnapshot()
		select {
		case jpeg := <-answer:
			return jpeg, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-again.C:
		}
	}
}

// Still is Snapshot, for what leaves the gateway by itself.
func (h *Handle) Still(ctx context.Context) (media.Still, error) {
	jpeg, err := h.Snapshot(ctx)
	if err != nil {
		return media.Still{}, err
	}
	return media.VouchStill(jpeg, false), nil
}

// SlateStill is what viewers see for this reason while there is no masked frame.
func (h *Handle) SlateStill(reason text.Key, width, height int, now time.Time) media.Still {
	return media.VouchStill(slate.Still(card(reason, "", h.called()), width, height, now), true)
}

func (h *Handle) awaitSnapshot(answer chan []byte) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.snapshots) >= maxSnapshots {
		return ErrBusy
	}
	h.snapshots = append(h.snapshots, answer)
	return nil
}

func (h *Handle) dropSnapshot(answer chan []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.snapshots = slices.DeleteFunc(h.snapshots, func(c chan []byte) bool { return c == answer })
}

// snapshot hands a child's frame to all who wait, if it is a frame and nothing else. One
// that nobody waits for any more is thrown away.
func (h *Handle) snapshot(jpeg []byte) error {
	if len(jpeg) == 0 || len(jpeg) > maxSnapshot {
		return fmt.Errorf("snapshot of %d bytes: %w", len(jpeg), errViolation)
	}
	if _, _, err := new(jpegscan.Checker).Plain(jpeg); err != nil {
		return fmt.Errorf("snapshot: %w: %w", err, errViolation)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.snapshots {
		c <- jpeg // each holds one, and gets one
	}
	h.snapshots = nil
	return nil
}

// askSnapshot asks the child ahead of the units that wait.
func (q *queue) askSnapshot() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.wantSnapshot = true
	q.notify()
}
