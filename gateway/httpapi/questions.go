package httpapi

import (
	"net/http"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/questions"
)

// questionHandlers ask what decides which duties there are and how the site stands.
type questionHandlers struct{ guide *questions.Guide }

func (h questionHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/questions", route.Answer(http.StatusOK, func(r *http.Request) (any, error) { return h.guide.List(r.Context()) }))
	r.HandleFunc("PUT /v1/questions/{id}", route.Answer(http.StatusOK, h.put))
}

func (h questionHandlers) put(r *http.Request) (any, error) {
	var in api.GuidedSaid
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, h.guide.Put(r.Context(), r.PathValue("id"), in)
}
