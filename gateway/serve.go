package gateway

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/restore"
	"github.com/bauta-gateway/bauta/gateway/safemode"
)

// stopLimit is how long a clean stop may take.
const stopLimit = 9 * time.Second

// ErrStoreFailed: the store turned out to be damaged while the gateway ran.
// The process has to begin anew; it still holds the file.
var ErrStoreFailed = errors.New("store failed")

// Serve runs the gateway until ctx ends. Where the store is damaged it runs
// what stands in for it; after a restore it begins anew. up is called each time
// the gateway is there. The error is ErrStoreFailed, or why it does not start.
func Serve(ctx context.Context, o Options, up func(*Gateway)) error {
	r := &reporter{log: o.Log}
	for {
		next, err := once(ctx, o, r, up)
		if next == nil || err != nil {
			r.end(err)
			return err
		}
		o.restored, o.before = next.Adopt(o.Config.Store(), stopLimit, o.Log), next.Cameras
	}
}

// once runs one of the two and returns the backup that it was given, nil at
// the end of ctx.
func once(ctx context.Context, o Options, r *reporter, up func(*Gateway)) (*restore.Pending, error) {
	g, err := Start(ctx, o)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, nil // asked to stop before it was up
	case errors.Is(err, store.ErrDamaged):
		return standIn(ctx, o, r, err)
	case err != nil:
		return nil, err
	}
	up(g)
	r.about(ctx, g)
	return g.stay(ctx, r)
}

func (g *Gateway) stay(ctx context.Context, r *reporter) (*restore.Pending, error) {
	select {
	case <-ctx.Done():
		g.o.Log.Info("stopping")
		return nil, stopWithin(g.Close)
	case p := <-g.intake.Ready():
		r.about(ctx, betweenTwo{})
		p.Cameras = g.edges.publisher.Cameras()
		g.o.Log.Info("stopping for a restore", "backup", p.From.Created)
		return &p, stopWithin(g.Close)
	case <-g.storage.store.Broken():
		r.about(ctx, betweenTwo{})
		err := g.storage.store.Check() // which says why
		g.o.Log.Error("the store is damaged", "error", err)
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrStoreFailed, err), stopWithin(g.Close))
	}
}

// standIn runs without the store until a backup takes its place.
func standIn(ctx context.Context, o Options, r *reporter, why error) (*restore.Pending, error) {
	w, err := safemode.Start(safemode.Config{Settings: o.Config, Streams: streamConfig(o), MQTT: mqttConfig(o), Restored: o.restored, Log: o.Log}, why)
	if err != nil {
		return nil, errors.Join(why, err)
	}
	r.about(ctx, w)
	select {
	case <-ctx.Done():
		return nil, stopWithin(w.Close)
	case p := <-w.Intake.Ready():
		p.Cameras = w.Publisher.Cameras()
		return &p, stopWithin(w.Close)
	}
}

// stopWithin takes the daemon down. Workers that do not end in time die with
// the process: their pipes close.
func stopWithin(end func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		end()
	}()
	select {
	case <-done:
		return nil
	case <-time.After(stopLimit):
		return fmt.Errorf("some part did not stop within %v: ending anyway", stopLimit)
	}
}

// restartPause keeps a store that fails again at once from using up the host.
const restartPause = time.Second

// Restart begins this process anew under the same number, which lets go of a
// store that failed: the new one finds the damage at its start. It returns
// only where that does not work.
func Restart(err error) error {
	time.Sleep(restartPause)
	return errors.Join(err, syscall.Exec("/proc/self/exe", os.Args, os.Environ()))
}
