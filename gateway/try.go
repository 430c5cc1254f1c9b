package gateway

import (
	"context"
	"io"
	"log/slog"

	"github.com/bauta-gateway/bauta/gateway/media"
	"github.com/bauta-gateway/bauta/gateway/wire"
	"github.com/bauta-gateway/bauta/gateway/worker"
)

// TryWorker starts a worker, waits until it is locked down and ready, and ends
// it. The error wraps ErrNoWorker, is a *worker.FailedError, or says how it
// died. Where the builds differ, Ready tells the worker's all the same.
func TryWorker(ctx context.Context, p Parts) (wire.Ready, error) {
	if err := p.CheckWorker(); err != nil {
		return wire.Ready{}, err
	}
	hello := p.Hello(wire.Settings{})
	hello.Camera, hello.Codec = "doctor", media.H264
	cfg := worker.FileConfig{Bin: p.Worker, Hello: hello, Log: slog.New(slog.DiscardHandler)}
	return worker.Redact(ctx, cfg, noUnits{}, func(media.Record, media.Clean) error { return nil })
}

// noUnits is a file without pictures.
type noUnits struct{}

func (noUnits) Next() (media.Raw, error) { return media.Raw{}, io.EOF }
