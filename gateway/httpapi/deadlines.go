package httpapi

import (
	"net/http"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

// deadlines answers with a file that calendar programs read, and can ask for again.
func (h siteHandlers) deadlines(w http.ResponseWriter, r *http.Request) {
	file := compliance.Deadlines(h.gateway, h.evaluation.Preview(), text.Pick(r.Header.Get("Accept-Language")))
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="deadlines.ics"`)
	_, _ = w.Write(file) // the client may be gone
}
