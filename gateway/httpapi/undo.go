package httpapi

import (
	"net/http"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/progress"
	"github.com/bauta-gateway/bauta/gateway/undo"
)

// workHandlers answer for what people take back, and wait for.
type workHandlers struct {
	undo     *undo.Room
	progress *progress.Desk
}

func (h workHandlers) bind(r *route.Routes) {
	r.HandleFunc("POST /v1/undo/{id}", route.Answer(http.StatusOK, func(r *http.Request) (any, error) {
		return struct{}{}, h.undo.Undo(r.Context(), r.PathValue("id"))
	}))
	r.HandleFunc("GET /v1/progress/{id}", route.Answer(http.StatusOK, func(r *http.Request) (any, error) {
		if !progress.IsMark(r.PathValue("id")) {
			return route.UnknownPath(r)
		}
		return h.step(r), nil
	}))
}

// step is zero where no such work runs, or where it has not begun to say anything.
func (h workHandlers) step(r *http.Request) (out api.Progress) {
	if s, runs := h.progress.Of(r.Context(), r.PathValue("id")); runs && s.What != "" {
		out = api.Progress{What: words(s.What), Done: s.Done, Total: s.Total}
	}
	return out
}
