package gateway

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/hardware"
)

// reporter answers systemd for whatever runs at the moment: the gateway, what
// stands in for it, and between the two, for moments, nothing.
type reporter struct {
	log    *slog.Logger
	now    atomic.Pointer[present]
	cancel context.CancelCauseFunc // nil until the first one is up
	done   chan struct{}
}

// present is what is reported to systemd.
type present interface {
	Alive(ctx context.Context) bool
	StatusLine() string
}

// about begins with the first one, which is when the daemon is ready.
func (r *reporter) about(ctx context.Context, p present) {
	r.now.Store(&p)
	if r.cancel != nil {
		return
	}
	ctx, r.cancel = context.WithCancelCause(ctx)
	r.done = make(chan struct{})
	s := hardware.Service{
		Alive:  func(ctx context.Context) bool { return (*r.now.Load()).Alive(ctx) },
		Status: func() string { return (*r.now.Load()).StatusLine() },
		Trouble: func(err error) {
			r.log.Error("systemd does not learn how it is", "error", err)
		},
	}
	go func() {
		defer close(r.done)
		s.Run(ctx)
	}()
}

// betweenTwo stands for the moments in which one makes room for the next.
type betweenTwo struct{}

func (betweenTwo) Alive(context.Context) bool { return true }
func (betweenTwo) StatusLine() string         { return "" }

// end waits for the goroutine, but not for long: a part that hangs may hold it
// up. A process that begins anew because of its store is not stopping.
func (r *reporter) end(err error) {
	if r.cancel == nil {
		return
	}
	cause := context.Canceled
	if errors.Is(err, ErrStoreFailed) {
		cause = hardware.ErrReplaced
	}
	r.cancel(cause)
	select {
	case <-r.done:
	case <-time.After(time.Second):
	}
}
