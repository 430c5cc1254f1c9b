package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
)

const (
	// backupLimit is how long a backup may be on its way: 1 GB to a slow stick.
	BackupLimit = 10 * time.Minute
	// MaxBackup bounds what comes in: the largest trail and register are
	// some 1.5 GB.
	MaxBackup = 4 << 30
	// returnLimit is how long a gateway may take to be back after a restore.
	returnLimit = time.Minute
)

// RestoreAnswer is the answer of POST /v1/restore: the backup is whole, and the
// gateway begins anew with it.
type RestoreAnswer struct {
	ID string `json:"id"`
}

// RestoreStatus is what came of the last restore; it lasts until the gateway
// stops.
type RestoreStatus struct {
	// ID is that of the answer of POST /v1/restore.
	ID   string    `json:"id"`
	Time time.Time `json:"ts"`
	store.Restored
	// Error is why the backup was not put in place; then all is as it was.
	Error string `json:"error,omitempty"`

	Err error `json:"-"` // whose text Error is
}

// In tells the outcome in a language.
func (s *RestoreStatus) In(lang text.Lang) *RestoreStatus {
	if s == nil {
		return nil
	}
	out := *s
	out.Error = text.Explain(lang, s.Err)
	return &out
}

// Backup writes the daemon's store to w, with its key where withKey says so,
// and proves that it came whole.
func (c *Client) Backup(ctx context.Context, withKey bool, w io.Writer) (store.Backup, error) {
	path := "/v1/backup"
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

// AcceptOlder takes the store as it is though it is an older one.
func (c *Client) AcceptOlder(ctx context.Context) error {
	return c.Call(ctx, http.MethodPost, "/v1/restore/accept", struct{}{}, nil)
}

// Restore hands the daemon a backup, waits until it is back and says what came
// of it. r is what Backup wrote.
func (c *Client) Restore(ctx context.Context, r io.Reader) (store.Restored, error) {
	res, err := c.stream(ctx, http.MethodPost, "/v1/restore", r)
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
