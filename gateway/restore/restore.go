// Package restore takes backups in and puts them in the store's place. Input is a backup
// as a stream, output what came of it. It has no goroutine; the store must be closed
// before a backup is adopted.
package restore

import (
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Head is that of a backup that this program makes.
func Head(gateway string) store.Backup {
	return store.Backup{Gateway: gateway, Version: wire.Release()}
}

// Intake takes backups in, one at a time.
type Intake struct {
	path  string // the database's
	ready chan Pending
	busy  chan struct{} // holds one: a backup is coming in or was taken

	mu   sync.Mutex
	sent upload // what a browser sent; empty: nothing
}

// NewIntake is for the database at path.
func NewIntake(path string) *Intake {
	return &Intake{path: path, ready: make(chan Pending, 1), busy: make(chan struct{}, 1)}
}

// Ready gives the backup that was taken, once.
func (in *Intake) Ready() <-chan Pending { return in.ready }

// Take reads a backup, proves it and keeps it for Ready.
func (in *Intake) Take(r io.Reader) (api.RestoreAnswer, error) {
	select {
	case in.busy <- struct{}{}:
	default:
		return api.RestoreAnswer{}, api.Refuse(api.CodeBusy, text.BackupBusy)
	}
	in.forgetInspected()
	from, err := in.stage(r)
	if err != nil {
		<-in.busy
		return api.RestoreAnswer{}, err
	}
	p := Pending{id: rand.Text(), From: from}
	in.ready <- p // holds one, and busy stays taken
	return api.RestoreAnswer{ID: p.id}, nil
}

// stage puts the backup's database beside the store and proves it.
func (in *Intake) stage(r io.Reader) (from store.Backup, err error) {
	if from, err = store.Stage(in.path, r); err == nil {
		err = store.Prove(in.path, from, store.Options{})
	}
	if errors.Is(err, store.ErrBackup) || errors.Is(err, store.ErrBackupKey) || errors.Is(err, store.ErrNewer) {
		err = api.Because(api.CodeInvalid, err)
	}
	return from, err
}

// forgetInspected: another backup takes the place beside the store. Who has the lock meanwhile sends a
// new one, or finds that this one is busy.
func (in *Intake) forgetInspected() {
	if in.mu.TryLock() {
		in.sent.from = nil
		in.mu.Unlock()
	}
}

// Pending is a backup that was proved and waits to be put in place.
type Pending struct {
	id   string
	From store.Backup
	// Cameras that the broker has states of; some may be gone afterwards.
	Cameras []media.CameraID
}

// Adopt puts it in place of the store at path, which is closed within limit, and says
// what came of it.
func (p *Pending) Adopt(path string, limit time.Duration, log *slog.Logger) *api.RestoreStatus {
	done, err := store.Adopt(path, p.From, store.Options{LockTimeout: limit})
	s := &api.RestoreStatus{ID: p.id, Time: time.Now(), Restored: done, Err: err}
	if err != nil {
		log.Error("the backup was not restored", "error", err)
		return s
	}
	log.Info("restored", "backup", done.Created, "old_store", done.Old, "kept", done.Kept,
		"revocations", done.Revocations, "withdrawn", done.Withdrawn, "blocked", done.Blocked)
	return s
}
