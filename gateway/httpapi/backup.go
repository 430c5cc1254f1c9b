package httpapi

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/anchor"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/restore"
)

// backupHandlers are for this host alone: a backup may hold the store's key.
type backupHandlers struct {
	store   *store.Store
	audit   *audit.Log
	intake  *restore.Intake
	anchors *anchor.Watch
	gateway string
	log     *slog.Logger
}

func (h backupHandlers) bind(r *Routes) {
	r.HandleFunc("GET /v1/backup", h.backup)
	bindRestore(r, h.intake)
	r.HandleFunc("POST /v1/restore/accept", answer(http.StatusOK, func(r *http.Request) (any, error) { return struct{}{}, h.anchors.AcceptOlder(r.Context()) }))
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
	if err := h.audit.Did(r.Context(), audit.BackupMade, "store", detail, nil); err != nil {
		h.log.Warn("a backup is made that is not in the audit log", "error", err) // a full disk needs one most
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if err := h.store.WriteBackup(w, restore.Head(h.gateway), withKey); err != nil {
		h.log.Error("backup failed", "error", err)
		panic(http.ErrAbortHandler)
	}
}

// bindRestore binds the path that takes a backup in; safe mode has it too.
func bindRestore(r *Routes, intake *restore.Intake) {
	r.HandleLarge("POST /v1/restore", api.MaxBackup, func(w http.ResponseWriter, r *http.Request) {
		c := http.NewResponseController(w)
		_ = c.SetReadDeadline(time.Now().Add(api.BackupLimit))
		_ = c.SetWriteDeadline(time.Now().Add(api.BackupLimit))
		answer(http.StatusAccepted, func(r *http.Request) (any, error) { return intake.Take(r.Body) })(w, r)
	})
}
