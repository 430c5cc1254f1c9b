package httpapi

import (
	"net/http"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/violations"
)

// violationHandlers answer for what cameras did against the law.
type violationHandlers struct{ violations *violations.Register }

func (h violationHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/violations", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.violations.List() }))
	r.HandleFunc("POST /v1/violations/{id}/close", route.Answer(http.StatusOK, h.close))
}

func (h violationHandlers) close(r *http.Request) (any, error) {
	var in api.NewClosing
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, h.violations.Close(r.Context(), r.PathValue("id"), in.Closing())
}
