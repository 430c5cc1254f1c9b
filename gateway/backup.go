package gateway

import (
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// getBackup sends the store as it is now, ?key=1 with its key. What breaks on
// the way breaks the connection: the reader proves that it has all.
func (g *Gateway) getBackup(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(api.BackupLimit))
	withKey := r.URL.Query().Get("key") != ""
	detail := "key=no"
	if withKey {
		detail = "key=yes"
	}
	if err := g.trail.Did(r.Context(), audit.BackupMade, "store", detail, nil); err != nil {
		g.log.Warn("a backup is made that is not on the audit trail", "error", err) // a full disk needs one most
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if err := g.store.WriteBackup(w, ThisBackup(g.cfg.Gateway.Name), withKey); err != nil {
		g.log.Error("backup failed", "error", err)
		panic(http.ErrAbortHandler)
	}
}

// ThisBackup is the head of a backup that this program makes.
func ThisBackup(gateway string) store.Backup {
	return store.Backup{Gateway: gateway, Version: wire.Release()}
}

// backupRoutes are for this box alone: a backup may hold the store's key.
func (g *Gateway) backupRoutes(r *routes) {
	r.HandleFunc("GET /v1/backup", g.getBackup)
	r.HandleLarge("POST /v1/restore", api.MaxBackup, g.restores.post)
	r.HandleFunc("POST /v1/restore/accept", answer(http.StatusOK, func(r *http.Request) (any, error) { return struct{}{}, g.AcceptOlder(r.Context()) }))
}

// restores takes backups in, one at a time.
type restores struct {
	path  string // the database's
	ready chan pending
	busy  chan struct{} // holds one: a backup is coming in or was taken
}

func newRestores(path string) *restores {
	return &restores{path: path, ready: make(chan pending, 1), busy: make(chan struct{}, 1)}
}

func (s *restores) post(w http.ResponseWriter, r *http.Request) {
	answer(http.StatusAccepted, func(r *http.Request) (any, error) {
		c := http.NewResponseController(w)
		_ = c.SetReadDeadline(time.Now().Add(api.BackupLimit))
		_ = c.SetWriteDeadline(time.Now().Add(api.BackupLimit))
		return s.take(http.MaxBytesReader(w, r.Body, api.MaxBackup))
	})(w, r)
}

func (s *restores) take(r io.Reader) (any, error) {
	select {
	case s.busy <- struct{}{}:
	default:
		return nil, api.Refuse(api.CodeBusy, text.BackupBusy)
	}
	from, err := store.Stage(s.path, r)
	if err == nil {
		err = store.Prove(s.path, from, store.Options{})
	}
	if err != nil {
		<-s.busy
		if errors.Is(err, store.ErrBackup) || errors.Is(err, store.ErrBackupKey) || errors.Is(err, store.ErrNewer) {
			err = api.Because(api.CodeInvalid, err)
		}
		return nil, err
	}
	p := pending{id: rand.Text(), from: from}
	s.ready <- p // holds one, and busy stays taken
	return api.RestoreAnswer{ID: p.id}, nil
}
