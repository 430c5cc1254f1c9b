package upkeep

import (
	"errors"
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/restore"
)

// backupHandlers hand out backups. With its key and unsealed one is for this host alone.
type backupHandlers struct{ Parts }

func (h backupHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/backup", h.backup)
	r.HandleFunc("POST /v1/backup/sealed", h.sealed)
	r.HandleFunc("GET /v1/backups", route.Answer(http.StatusOK, func(r *http.Request) (any, error) {
		return h.Backups.State(time.Now(), route.Lang(r)), nil
	}))
	r.HandleFunc("PUT /v1/backups/plan", route.Answer(http.StatusOK, h.plan))
}

// backup sends the store as it is now, ?key=1 with its key. What breaks on
// the way breaks the connection: the reader proves that it has all.
func (h backupHandlers) backup(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(api.BackupLimit))
	withKey := r.URL.Query().Get("key") != ""
	detail := "key=no"
	if withKey {
		detail = "key=yes"
	}
	h.note(r, detail)
	w.Header().Set("Content-Type", "application/octet-stream")
	h.finish(h.Store.WriteBackup(w, h.head(), withKey))
}

func (h backupHandlers) head() store.Backup { return restore.Head(h.Config.Gateway.Name) }

// note is not to keep a backup from being made: a full disk needs one most.
func (h backupHandlers) note(r *http.Request, detail string) {
	if err := h.Audit.Did(r.Context(), audit.BackupMade, "store", detail, nil); err != nil {
		h.Log.Warn("a backup is made that is not in the audit log", "error", err)
	}
}

func (h backupHandlers) finish(err error) {
	if err != nil {
		h.Log.Error("backup failed", "error", err)
		panic(http.ErrAbortHandler)
	}
	h.Backups.Made(time.Now())
}

// sealed sends the store with its key, encrypted with a passphrase that the body has: it stands in
// no address, which others log. The password keeps a browser that was left open from being enough.
func (h backupHandlers) sealed(w http.ResponseWriter, r *http.Request) {
	var in api.SealedBackup
	err := route.Body(r, &in)
	if err == nil {
		if err = restore.CheckPassphrase(in.Passphrase); err != nil {
			err = api.Because(api.CodeInvalid, err)
		}
	}
	if err == nil {
		err = h.Prove(r.Context(), in.Password)
	}
	if err != nil {
		route.RefuseTo(w, r, err)
		return
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(api.BackupLimit))
	h.note(r, "key=yes sealed")
	w.Header().Set("Content-Type", "application/octet-stream")
	out, err := restore.Seal(w, in.Passphrase)
	if err == nil {
		err = h.Store.WriteBackup(out, h.head(), true)
		err = errors.Join(err, out.Close())
	}
	h.finish(err)
}

func (h backupHandlers) plan(r *http.Request) (any, error) {
	var in api.NewBackupPlan
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	if err := h.Prove(r.Context(), in.Password); err != nil {
		return nil, err
	}
	return struct{}{}, h.Backups.SetPlan(r.Context(), in)
}
