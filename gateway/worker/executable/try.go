package executable

import (
	"context"
	"errors"
	"io"
	"log/slog"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Try starts a worker, waits until it is locked down and ready, and ends
// it. The error wraps ErrNoWorker, is a *worker.FailedError, or says how it
// died. Where the builds differ, Ready tells the worker's all the same.
func Try(ctx context.Context, p Program) (wire.Ready, error) {
	return tryWorker(ctx, p, p.Hello(wire.Settings{}))
}

// TryAccelerator has a worker compare an accelerator with software, once it is
// locked down. The error is Try's; one with FailAccelerator says that the
// accelerator cannot even be opened.
func TryAccelerator(ctx context.Context, p Program, use wire.Use) (wire.Trial, error) {
	hello := p.Hello(wire.Settings{})
	hello.Use, hello.Trial = use, true
	ready, err := tryWorker(ctx, p, hello)
	if err != nil {
		return wire.Trial{}, err
	}
	if ready.Trial == nil {
		return wire.Trial{}, errors.New("the worker does not tell of its trial: install it again")
	}
	return *ready.Trial, nil
}

func tryWorker(ctx context.Context, p Program, hello wire.Hello) (wire.Ready, error) {
	if err := p.Check(); err != nil {
		return wire.Ready{}, err
	}
	hello.Camera, hello.Codec = "doctor", media.H264
	cfg := worker.FileConfig{Bin: p.Path, Hello: hello, Log: slog.New(slog.DiscardHandler)}
	return worker.Redact(ctx, cfg, noUnits{}, func(media.Record, media.Clean) error { return nil })
}

// noUnits is a file without frames.
type noUnits struct{}

func (noUnits) Next() (media.Raw, error) { return media.Raw{}, io.EOF }
