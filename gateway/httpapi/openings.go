package httpapi

import (
	"io"
	"net/http"
	"strconv"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/openings"
)

// openingHandlers answer for the requests to open sealed originals, and for their keys. What
// goes out is encrypted: to the holders' keys, or to who asked.
type openingHandlers struct{ desk *openings.Desk }

func (h openingHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/openings", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.desk.List(), nil }))
	r.HandleFunc("POST /v1/openings", route.Answer(http.StatusCreated, h.ask))
	r.HandleFunc("GET /v1/openings/{id}", route.Answer(http.StatusOK, func(r *http.Request) (any, error) { return h.desk.Get(r.PathValue("id")) }))
	r.HandleFunc("GET /v1/openings/{id}/fronts", route.Answer(http.StatusOK, func(r *http.Request) (any, error) { return h.desk.Fronts(r.PathValue("id")) }))
	r.HandleLarge("POST /v1/openings/{id}/answers", api.MaxAnswer, route.Answer(http.StatusCreated, h.answer))
	r.HandleFunc("POST /v1/openings/{id}/open", route.Answer(http.StatusOK, func(r *http.Request) (any, error) { return h.desk.Open(r.Context(), r.PathValue("id")) }))
	r.HandleFunc("GET /v1/openings/{id}/segments/{sequence}", h.segment)
	r.HandleFunc("POST /v1/openings/{id}/done", route.Answer(http.StatusOK, h.done))
}

func (h openingHandlers) ask(r *http.Request) (any, error) {
	var in sealed.Request
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	return h.desk.Ask(r.Context(), in)
}

func (h openingHandlers) answer(r *http.Request) (any, error) {
	var in sealed.Approval
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	return h.desk.Answer(r.Context(), r.PathValue("id"), in)
}

func (h openingHandlers) done(r *http.Request) (any, error) {
	var in api.OpeningDone
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, h.desk.Done(r.Context(), r.PathValue("id"), in.Units)
}

// segment sends the file of a segment, sealed as it is.
func (h openingHandlers) segment(w http.ResponseWriter, r *http.Request) {
	sequence, err := strconv.ParseUint(r.PathValue("sequence"), 10, 64)
	if err != nil {
		route.RefuseTo(w, r, api.Refuse(api.CodeNotFound, text.APINoPath, r.URL.Path))
		return
	}
	f, err := h.desk.Segment(r.Context(), r.PathValue("id"), sequence)
	if err != nil {
		route.RefuseTo(w, r, err)
		return
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(f.Size, 10))
	_, _ = io.Copy(w, io.NewSectionReader(f, 0, f.Size)) // the client may be gone, and sees that it is not all
}
