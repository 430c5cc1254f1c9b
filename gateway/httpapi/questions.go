package httpapi

import (
	"net/http"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/questions"
)

// questionHandlers ask what decides which duties there are and how the site stands.
type questionHandlers struct {
	guide *questions.Guide
	edits *route.Edits
}

func (h questionHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/questions", route.Answer(http.StatusOK, h.list))
	r.HandleFunc("PUT /v1/questions/{id}", h.edits.Change(h.now, route.Answer(http.StatusOK, h.put)))
}

// list gives each question the tag that an answer to it can name as what it replaces.
func (h questionHandlers) list(r *http.Request) (any, error) {
	all, err := h.guide.List(r.Context())
	for i := range all {
		all[i].Tag = route.Tag(said(all[i]))
	}
	return all, err
}

// said is what people have answered of a question: not how it stands, which hangs on others too.
func said(q api.Guided) any {
	return []any{q.By, q.Date, q.Site, q.Answer, q.Cameras, q.Records}
}

func (h questionHandlers) now(r *http.Request) (any, error) {
	all, err := h.guide.List(r.Context())
	for _, q := range all {
		if q.ID == r.PathValue("id") {
			return said(q), err
		}
	}
	return nil, err
}

func (h questionHandlers) put(r *http.Request) (any, error) {
	var in api.GuidedSaid
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, h.guide.Put(r.Context(), r.PathValue("id"), in)
}
