package gateway

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
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
	tell := &teller{log: o.Log}
	for {
		next, err := once(ctx, o, tell, up)
		if next == nil || err != nil {
			tell.end(err)
			return err
		}
		o.restore, o.before = next.adopt(o), next.cameras
	}
}

// once runs one of the two and returns the backup that it was given, nil at
// the end of ctx.
func once(ctx context.Context, o Options, tell *teller, up func(*Gateway)) (*pending, error) {
	g, err := Start(ctx, o)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, nil // told to stop before it was up
	case errors.Is(err, store.ErrDamaged):
		return standIn(ctx, o, tell, err)
	case err != nil:
		return nil, err
	}
	up(g)
	tell.about(ctx, g)
	return g.stay(ctx, tell)
}

func (g *Gateway) stay(ctx context.Context, tell *teller) (*pending, error) {
	select {
	case <-ctx.Done():
		g.log.Info("stopping")
		return nil, stopWithin(g.Close)
	case p := <-g.restores.ready:
		tell.about(ctx, betweenTwo{})
		p.cameras = g.mqtt.Cameras()
		g.log.Info("stopping for a restore", "backup", p.from.Created)
		return &p, stopWithin(g.Close)
	case <-g.store.Broken():
		tell.about(ctx, betweenTwo{})
		err := g.store.Check() // which says why
		g.log.Error("the store is damaged", "error", err)
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrStoreFailed, err), stopWithin(g.Close))
	}
}

// standIn runs without the store until a backup takes its place.
func standIn(ctx context.Context, o Options, tell *teller, why error) (*pending, error) {
	w, err := Withhold(o, why)
	if err != nil {
		return nil, errors.Join(why, err)
	}
	tell.about(ctx, w)
	select {
	case <-ctx.Done():
		return nil, stopWithin(w.Close)
	case p := <-w.restores.ready:
		p.cameras = w.mqtt.Cameras()
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

// rebirthPause keeps a store that fails again at once from using up the box.
const rebirthPause = time.Second

// Rebirth begins this process anew under the same number, which lets go of a
// store that failed: the new one finds the damage at its start. It returns
// only where that does not work.
func Rebirth(err error) error {
	time.Sleep(rebirthPause)
	return errors.Join(err, syscall.Exec("/proc/self/exe", os.Args, os.Environ()))
}

// pending is a backup that was proved and waits to be put in place.
type pending struct {
	id   string
	from store.Backup
	// cameras that the broker has states of; some may be gone afterwards.
	cameras []media.CameraID
}

// adopt puts it in place and says what came of it.
func (p *pending) adopt(o Options) *api.RestoreStatus {
	done, err := store.Adopt(o.Config.Store(), p.from, store.Options{LockTimeout: stopLimit})
	s := &api.RestoreStatus{ID: p.id, Time: time.Now(), Restored: done, Err: err}
	if err != nil {
		o.Log.Error("the backup was not restored", "error", err)
		return s
	}
	o.Log.Info("restored", "backup", done.Created, "old_store", done.Old, "kept", done.Kept,
		"revocations", done.Revocations, "withdrawn", done.Withdrawn, "blocked", done.Blocked)
	return s
}
