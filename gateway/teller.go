package gateway

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware"
)

// teller answers systemd for whatever runs at the moment: the gateway, what
// stands in for it, and between the two, for moments, nothing.
type teller struct {
	log    *slog.Logger
	now    atomic.Pointer[present]
	cancel context.CancelCauseFunc // nil until the first one is up
	done   chan struct{}
}

// present is what systemd is told about.
type present interface {
	Alive(ctx context.Context) bool
	StatusLine() string
}

// about begins with the first one, which is when the daemon is ready.
func (t *teller) about(ctx context.Context, p present) {
	t.now.Store(&p)
	if t.cancel != nil {
		return
	}
	ctx, t.cancel = context.WithCancelCause(ctx)
	t.done = make(chan struct{})
	s := hardware.Service{
		Alive:  func(ctx context.Context) bool { return (*t.now.Load()).Alive(ctx) },
		Status: func() string { return (*t.now.Load()).StatusLine() },
		Trouble: func(err error) {
			t.log.Error("systemd is not told how it is", "error", err)
		},
	}
	go func() {
		defer close(t.done)
		s.Run(ctx)
	}()
}

// betweenTwo stands for the moments in which one makes room for the next.
type betweenTwo struct{}

func (betweenTwo) Alive(context.Context) bool { return true }
func (betweenTwo) StatusLine() string         { return "" }

// end waits for the goroutine, but not for long: a part that hangs may hold it
// up. A process that begins anew because of its store is not stopping.
func (t *teller) end(err error) {
	if t.cancel == nil {
		return
	}
	cause := context.Canceled
	if errors.Is(err, ErrStoreFailed) {
		cause = hardware.ErrReplaced
	}
	t.cancel(cause)
	select {
	case <-t.done:
	case <-time.After(time.Second):
	}
}

// Alive is true: the slate asks betweenTwo.
func (w *Withheld) Alive(context.Context) bool { return true }

// StatusLine says what is wrong.
func (w *Withheld) StatusLine() string { return text.Explain(w.o.Config.Lang(), w.why) }
