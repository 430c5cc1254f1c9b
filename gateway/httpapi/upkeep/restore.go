package upkeep

import (
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/restore"
)

// restoreHandlers take backups in: whole at once on this host, in three steps from a browser, so
// that a person sees what is in one before it counts.
type restoreHandlers struct{ Parts }

func (h restoreHandlers) bind(r *route.Routes) {
	BindRestore(r, h.Intake)
	r.HandleFunc("POST /v1/restore/accept", route.Answer(http.StatusOK, func(r *http.Request) (any, error) { return struct{}{}, h.Anchors.AcceptOlder(r.Context()) }))
	large(r, "POST /v1/restore/upload", http.StatusOK, func(r *http.Request) (any, error) { return h.Intake.Upload(r.Body, r.ContentLength) })
	r.HandleFunc("POST /v1/restore/inspect", route.Answer(http.StatusOK, h.inspect))
	r.HandleFunc("POST /v1/restore/take", route.Answer(http.StatusAccepted, h.take))
}

// BindRestore binds the path that takes a backup in; safe mode has it too.
func BindRestore(r *route.Routes, intake *restore.Intake) {
	large(r, "POST /v1/restore", http.StatusAccepted, func(r *http.Request) (any, error) { return intake.Take(r.Body) })
}

// large binds a path that takes a whole backup in.
func large(r *route.Routes, pattern string, code int, f func(*http.Request) (any, error)) {
	r.HandleLarge(pattern, api.MaxBackup, func(w http.ResponseWriter, r *http.Request) {
		c := http.NewResponseController(w)
		_ = c.SetReadDeadline(time.Now().Add(api.BackupLimit))
		_ = c.SetWriteDeadline(time.Now().Add(api.BackupLimit))
		route.Answer(code, f)(w, r)
	})
}

func (h restoreHandlers) inspect(r *http.Request) (any, error) {
	var in api.InspectRequest
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	from, err := h.Intake.Inspect(in.ID, in.Passphrase)
	if err != nil {
		return nil, err
	}
	c, err := h.Store.Compare(h.Config.Store(), from, store.Options{})
	if err != nil {
		return nil, api.Because(api.CodeInvalid, err)
	}
	return api.RestorePreview{
		Gateway: from.Gateway, Version: from.Version, Created: from.Created, Cameras: list(c.Cameras), Lost: list(c.Lost), Consents: c.Consents, Records: c.Records, Users: c.Users,
		Continued: c.Continued, Withdrawn: c.Withdrawn,
	}, nil
}

func list(all []string) []string { return append([]string{}, all...) }

// take answers before the gateway begins anew with the backup.
func (h restoreHandlers) take(r *http.Request) (any, error) {
	var in api.TakeRequest
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	if err := h.Prove(r.Context(), in.Password); err != nil {
		return nil, err
	}
	if err := h.Audit.Did(r.Context(), audit.RestoreAsked, "store", "", nil); err != nil {
		h.Log.Warn("a restore is not in the audit log", "error", err) // a damaged store needs one most
	}
	return h.Intake.TakeInspected(in.ID)
}
