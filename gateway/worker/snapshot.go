package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/hardware/jpegscan"
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
