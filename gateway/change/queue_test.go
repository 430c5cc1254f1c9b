package change

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
)

var errDisk = errors.New("input/output error")

func newQueue(t *testing.T, late func()) *Queue {
	t.Helper()
	q := NewQueue(slog.New(slog.DiscardHandler), late)
	t.Cleanup(q.Close)
	return q
}

// hold keeps the queue busy until the result is called.
func hold(t *testing.T, q *Queue) (release func()) {
	t.Helper()
	begun, held := make(chan struct{}), make(chan struct{})
	q.Once("what holds the queue", func() error { close(begun); <-held; return nil })
	<-begun
	return func() { close(held) }
}

// What masks is tried again until it is written; what was put after it waits, so that
// the order stays.
func TestMaskIsTriedAgain(t *testing.T) {
	q := newQueue(t, func() {})
	tries := 0
	var order []string
	first := q.Mask("first", func() error {
		if tries++; tries == 1 {
			return errDisk
		}
		order = append(order, "first")
		return nil
	})
	second := q.Once("second", func() error { order = append(order, "second"); return nil })
	if err := errors.Join(first.Until(t.Context()), second.Until(t.Context())); err != nil || tries != 2 || !slices.Equal(order, []string{"first", "second"}) {
		t.Errorf("%v after %d tries: %v", err, tries, order)
	}
}

// What shows more is tried once, and so is what the store refuses for good.
func TestTriedOnce(t *testing.T) {
	q := newQueue(t, func() {})
	for _, c := range []struct {
		name string
		put  func(string, func() error) *Change
		err  error
	}{{"what shows more", q.Once, errDisk}, {"what the store refuses", q.Mask, store.ErrInvalid}, {"all but the log", q.Mask, ExceptLog(errDisk)}} {
		tries := 0
		err := c.put(c.name, func() error { tries++; return c.err }).Until(t.Context())
		if !errors.Is(err, c.err) || tries != 1 {
			t.Errorf("%s: %v after %d tries", c.name, err, tries)
		}
	}
}

// An answer that waits says after a moment that nothing is stored yet, and what of it
// masks counts as late from then on. That, and its end, is reported once each.
func TestLateChanges(t *testing.T) {
	var late atomic.Int64
	q := newQueue(t, func() { late.Add(1) })
	release := hold(t, q)
	masks := q.Mask("zone", func() error { return nil })
	shows := q.Once("level", func() error { return nil })
	if err := masks.Within(time.Millisecond); !errors.Is(err, api.ErrUnstored) {
		t.Errorf("soon: %v", err)
	}
	if n, full := q.Unstored(); n != 0 || full != 0 {
		t.Errorf("late at once: %d, %d", n, full)
	}
	if err := masks.Within(Within); !errors.Is(err, api.ErrUnstored) {
		t.Errorf("in time: %v", err)
	}
	for n := 0; n != 1 || late.Load() == 0; time.Sleep(5 * time.Millisecond) {
		n, _ = q.Unstored()
	}
	if !q.Waits("zone") || !q.Waits("level") || q.Waits("facts") {
		t.Error("what waits is not known by name")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := shows.Until(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("somebody who does not want to know any more: %v", err)
	}
	release()
	if err := errors.Join(masks.Until(t.Context()), shows.Until(t.Context()), masks.Within(0)); err != nil {
		t.Error(err)
	}
	q.Close()
	if n, _ := q.Unstored(); n != 0 || late.Load() != 2 || q.Waits("zone") {
		t.Errorf("in the end: %d late, %d reports", n, late.Load())
	}
}

// Of what the next call makes up for one waits at a time, and the newest is written.
func TestSoon(t *testing.T) {
	q := newQueue(t, func() {})
	release := hold(t, q)
	var written []int
	for i := range 3 {
		q.Soon("days", func() error { written = append(written, i); return nil })
	}
	q.Soon("memory", func() error { written = append(written, 9); return nil })
	release()
	q.Close()
	if !slices.Equal(written, []int{2, 9}) {
		t.Errorf("written: %v", written)
	}
}

// Too many changes are refused and counted; so is all after the end, which writes what
// waits.
func TestQueueIsBounded(t *testing.T) {
	q := newQueue(t, func() {})
	release := hold(t, q)
	written := 0
	for range maxWaiting - 1 {
		q.Once("x", func() error { written++; return nil })
	}
	var refused *api.Error
	if err := q.Mask("one too many", func() error { return nil }).Within(0); !errors.As(err, &refused) || refused.Code != api.CodeBusy {
		t.Errorf("one too many: %v", err)
	}
	if _, full := q.Unstored(); full != 1 {
		t.Errorf("%d found no room", full)
	}
	release()
	q.Close()
	if written != maxWaiting-1 {
		t.Errorf("%d were written", written)
	}
	if err := q.Once("after the end", func() error { return nil }).Until(t.Context()); !errors.As(err, &refused) || refused.Code != api.CodeBusy {
		t.Errorf("after the end: %v", err)
	}
}

func TestFinal(t *testing.T) {
	for err, want := range map[error]bool{
		errDisk: false, store.ErrLocked: false, store.ErrInvalid: true, store.ErrExists: true, store.ErrNotFound: true, store.ErrUnreadable: true, store.ErrDamaged: true,
		fmt.Errorf("zone: %w", store.ErrInvalid): true, api.Because(api.CodeInvalid, errDisk): true, ExceptLog(errDisk): true,
	} {
		if Final(err) != want {
			t.Errorf("%v: %v", err, !want)
		}
	}
	if ExceptLog(nil) != nil || !errors.Is(ExceptLog(errDisk), errDisk) || !errors.Is(ExceptLog(errDisk), ErrOffLog) {
		t.Error("what the log misses is lost")
	}
}
