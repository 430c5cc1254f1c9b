package httpapi

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/camera/sheet"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// listHandlers answer for several cameras at once.
type listHandlers struct{ set *camera.Set }

func (h listHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/cameras.csv", h.export)
	r.HandleLarge("POST /v1/cameras.csv", sheet.MaxBytes, route.Answer(http.StatusOK, h.take))
	r.HandleFunc("POST /v1/cameras/many", route.Answer(http.StatusOK, h.many))
	r.HandleFunc("GET /v1/facts", route.Answer(http.StatusOK, h.facts))
}

func (h listHandlers) export(w http.ResponseWriter, r *http.Request) {
	all, err := h.set.Sheets()
	var out bytes.Buffer
	if err == nil {
		err = sheet.Write(&out, route.Lang(r), all)
	}
	if err != nil {
		route.RefuseTo(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="cameras.csv"`)
	_, _ = out.WriteTo(w) // the client may be gone
}

func (h listHandlers) take(r *http.Request) (any, error) {
	file, err := io.ReadAll(r.Body)
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return nil, api.Refuse(api.CodeTooLarge, text.CSVLarge, sheet.MaxBytes>>10)
	}
	if err != nil {
		return nil, err
	}
	rows, err := sheet.Read(file)
	if err != nil {
		return nil, api.Because(api.CodeInvalid, err)
	}
	apply := r.URL.Query().Get("apply") == "true"
	return outcomes(r, h.set.Import(r.Context(), rows, apply), apply), nil
}

func (h listHandlers) many(r *http.Request) (any, error) {
	var in api.CamerasChange
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	done, err := h.set.ChangeMany(r.Context(), in)
	if err != nil {
		return nil, err
	}
	return outcomes(r, done, true), nil
}

func outcomes(r *http.Request, done []camera.Outcome, applied bool) api.CamerasChanged {
	out := api.CamerasChanged{Applied: applied, Rows: []api.CameraOutcome{}}
	for _, o := range done {
		out.Rows = append(out.Rows, o.Worded(route.Lang(r), route.Refusal))
	}
	return out
}

// facts are what is said of all cameras, by their ids.
func (h listHandlers) facts(*http.Request) (any, error) {
	all := map[media.CameraID]any{}
	for _, f := range h.set.AllFacts() {
		all[f.ID] = f.Said
	}
	return all, nil
}
