package upkeep

import (
	"net/http"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/bundle"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/loglines"
)

// healthHandlers answer with what the doctor finds. Each look starts a worker, so there is one at a
// time.
type healthHandlers struct {
	Parts
	busy *sync.Mutex
}

func (h healthHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/doctor", route.Answer(http.StatusOK, func(r *http.Request) (any, error) {
		return h.examine(r, route.Lang(r))
	}))
	r.HandleFunc("GET /v1/bundle", h.bundle)
}

func (h healthHandlers) examine(r *http.Request, lang text.Lang) ([]api.Finding, error) {
	if !h.busy.TryLock() {
		return nil, api.Refuse(api.CodeBusy, text.AccessBusy)
	}
	defer h.busy.Unlock()
	d := h.Doctor()
	d.Lang = lang
	return d.Examine(r.Context()), nil
}

// bundle is for who helps; it is in English, whoever asks.
func (h healthHandlers) bundle(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute))
	c, err := h.contents(r)
	if err == nil {
		err = h.Audit.Did(r.Context(), audit.BundleMade, "gateway", "", nil)
	}
	if err != nil {
		route.RefuseTo(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/zip")
	if err := bundle.Write(w, c); err != nil {
		h.Log.Error("the bundle for support failed", "error", err)
		panic(http.ErrAbortHandler)
	}
}

// newestEvents are how many entries of the audit log go into a bundle.
const newestEvents = 500

func (h healthHandlers) contents(r *http.Request) (bundle.Contents, error) {
	findings, err := h.examine(r, text.EN)
	if err != nil {
		return bundle.Contents{}, err
	}
	status, host := h.Status(), h.Doctor().Host
	entries, _, err := h.Store.AuditPage(0, newestEvents, func(store.AuditRecord) bool { return true })
	if err != nil {
		return bundle.Contents{}, err
	}
	lines, _ := h.Lines.Lines(loglines.Filter{})
	mask := bundle.NewMasker()
	mask.KnowSettings(h.Config)
	mask.KnowStore(h.Store)
	mask.KnowCameras(status.Cameras)
	return bundle.Contents{
		Made: time.Now(), Version: wire.Version, Doctor: findings, Status: &status, Settings: config.Settings(h.Config), Lines: lines, Audit: entries, Counts: h.counts(),
		Facts: host.Facts(), Heat: host.Condition(), Load: host.Load(), Mask: mask,
	}, nil
}

// counts are what can be counted; the rest is left out.
func (h healthHandlers) counts() map[string]int {
	out := map[string]int{"audit_entries": h.Store.AuditLength()}
	if all, err := h.Store.Cameras(); err == nil {
		out["cameras"] = len(all)
	}
	if all, err := h.Store.Users(); err == nil {
		out["users"] = len(all)
	}
	if all, err := h.Store.Consents(); err == nil {
		out["consents"] = len(all)
	}
	if all, err := h.Store.Violations(); err == nil {
		out["violations"] = len(all)
	}
	return out
}
