package gateway

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
)

const (
	// backupLimit is how long a backup may be on its way: 1 GB to a slow stick.
	backupLimit = 10 * time.Minute
	// maxBackup bounds what comes in: the largest trail and register are
	// some 1.5 GB.
	maxBackup = 4 << 30
	// returnLimit is how long a gateway may take to be back after a restore.
	returnLimit = time.Minute
)

// RestoreStatus is what came of the last restore; it lasts until the gateway
// stops.
type RestoreStatus struct {
	// ID is that of the answer of POST /v1/restore.
	ID   string    `json:"id"`
	Time time.Time `json:"ts"`
	store.Restored
	// Error is why the backup was not put in place; then all is as it was.
	Error string `json:"error,omitempty"`

	err error // whose text Error is
}

// RestoreAnswer is the answer of POST /v1/restore: the backup is whole, and the
// gateway begins anew with it.
type RestoreAnswer struct {
	ID string `json:"id"`
}

// getBackup sends the store as it is now, ?key=1 with its key. What breaks on
// the way breaks the connection: the reader proves that it has all.
func (g *Gateway) getBackup(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(backupLimit))
	withKey := r.URL.Query().Get("key") != ""
	detail := "key=no"
	if withKey {
		detail = "key=yes"
	}
	if err := g.changed(r.Context(), "store.backup", "store", detail, nil); err != nil {
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
	return store.Backup{Gateway: gateway, Version: Version + "+" + wire.BuildID}
}

// backupRoutes are for this box alone: a backup may hold the store's key.
func (g *Gateway) backupRoutes(r *routes) {
	r.HandleFunc("GET /v1/backup", g.getBackup)
	r.HandleLarge("POST /v1/restore", maxBackup, g.restores.post)
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
		_ = c.SetReadDeadline(time.Now().Add(backupLimit))
		_ = c.SetWriteDeadline(time.Now().Add(backupLimit))
		return s.take(http.MaxBytesReader(w, r.Body, maxBackup))
	})(w, r)
}

func (s *restores) take(r io.Reader) (any, error) {
	select {
	case s.busy <- struct{}{}:
	default:
		return nil, refuse(CodeBusy, text.BackupBusy)
	}
	from, err := store.Stage(s.path, r)
	if err == nil {
		err = store.Prove(s.path, from, store.Options{})
	}
	if err != nil {
		<-s.busy
		if errors.Is(err, store.ErrBackup) || errors.Is(err, store.ErrBackupKey) || errors.Is(err, store.ErrNewer) {
			err = &APIError{Code: CodeInvalid, cause: err}
		}
		return nil, err
	}
	p := pending{id: rand.Text(), from: from}
	s.ready <- p // holds one, and busy stays taken
	return RestoreAnswer{ID: p.id}, nil
}

// Backup writes the daemon's store to w, with its key where withKey says so,
// and proves that it came whole.
func (c *Client) Backup(ctx context.Context, withKey bool, w io.Writer) (store.Backup, error) {
	path := "http://bauta/v1/backup"
	if withKey {
		path += "?key=1"
	}
	res, err := c.stream(ctx, http.MethodGet, path, nil)
	if err != nil {
		return store.Backup{}, err
	}
	defer res.Body.Close()
	return store.ReadBackup(io.TeeReader(res.Body, w), io.Discard)
}

func (c *Client) stream(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Language", string(c.lang))
	res, err := (&http.Client{Transport: c.http.Transport, Timeout: backupLimit}).Do(req)
	if err != nil {
		return nil, plainError(err)
	}
	if res.StatusCode >= 400 {
		defer res.Body.Close()
		return nil, decodeError(res)
	}
	return res, nil
}

// AcceptOlder takes the store as it is though it is an older one.
func (c *Client) AcceptOlder(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "/v1/restore/accept", struct{}{}, nil)
}

// Restore hands the daemon a backup, waits until it is back and says what came
// of it. r is what Backup wrote.
func (c *Client) Restore(ctx context.Context, r io.Reader) (store.Restored, error) {
	res, err := c.stream(ctx, http.MethodPost, "http://bauta/v1/restore", r)
	if err != nil {
		return store.Restored{}, err
	}
	defer res.Body.Close()
	var out RestoreAnswer
	if err := decode(res, &out); err != nil {
		return store.Restored{}, err
	}
	return c.awaitRestore(ctx, out.ID)
}

func (c *Client) awaitRestore(ctx context.Context, id string) (store.Restored, error) {
	ctx, cancel := context.WithTimeout(ctx, returnLimit)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return store.Restored{}, text.Fail(ctx.Err(), text.BackupNoReturn, returnLimit)
		case <-tick.C:
		}
		s, err := c.Status(ctx)
		if err != nil || s.Gateway.Restore == nil || s.Gateway.Restore.ID != id {
			continue // it is on its way down or up
		}
		if msg := s.Gateway.Restore.Error; msg != "" {
			return s.Gateway.Restore.Restored, text.Fail(nil, text.BackupNotRestored, errors.New(msg))
		}
		return s.Gateway.Restore.Restored, nil
	}
}
