package upkeep

import (
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/restore"
)

// backupHandlers are for this host alone: a backup may hold the store's key.
type backupHandlers struct{ Parts }

func (h backupHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/backup", h.backup)
	BindRestore(r, h.Intake)
	r.HandleFunc("POST /v1/restore/accept", route.Answer(http.StatusOK, func(r *http.Request) (any, error) { return struct{}{}, h.Anchors.AcceptOlder(r.Context()) }))
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
	if err := h.Audit.Did(r.Context(), audit.BackupMade, "store", detail, nil); err != nil {
		h.Log.Warn("a backup is made that is not in the audit log", "error", err) // a full disk needs one most
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if err := h.Store.WriteBackup(w, restore.Head(h.Gateway), withKey); err != nil {
		h.Log.Error("backup failed", "error", err)
		panic(http.ErrAbortHandler)
	}
}

// BindRestore binds the path that takes a backup in; safe mode has it too.
func BindRestore(r *route.Routes, intake *restore.Intake) {
	r.HandleLarge("POST /v1/restore", api.MaxBackup, func(w http.ResponseWriter, r *http.Request) {
		c := http.NewResponseController(w)
		_ = c.SetReadDeadline(time.Now().Add(api.BackupLimit))
		_ = c.SetWriteDeadline(time.Now().Add(api.BackupLimit))
		route.Answer(http.StatusAccepted, func(r *http.Request) (any, error) { return intake.Take(r.Body) })(w, r)
	})
}
