package httpapi

import (
	"net/http"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/undo"
)

// zoneHandlers answer for a camera's zones.
type zoneHandlers struct {
	set   *camera.Set
	undo  *undo.Room
	edits *route.Edits
}

func (h zoneHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/cameras/{id}/zones", route.Read(h.list))
	r.HandleFunc("POST /v1/cameras/{id}/zones", h.edits.Change(h.list, route.Answer(http.StatusCreated, h.put)))
	r.HandleFunc("DELETE /v1/cameras/{id}/zones/{zone}", route.Answer(http.StatusOK, h.remove))
	r.HandleFunc("PUT /v1/cameras/{id}/zones/{zone}/purposes", route.Answer(http.StatusOK, h.setPurposes))
}

func (h zoneHandlers) list(r *http.Request) (any, error) {
	id, err := route.CameraID(r)
	if err != nil {
		return nil, err
	}
	return h.set.Zones(id)
}

func (h zoneHandlers) put(r *http.Request) (any, error) {
	var in api.NewZone
	id, err := route.BodyFor(r, &in)
	if err != nil {
		return nil, err
	}
	made, err := h.set.AddZone(r.Context(), id, in)
	return api.ZoneID{ID: made}, err
}

func (h zoneHandlers) remove(r *http.Request) (any, error) {
	id, err := route.CameraID(r)
	if err != nil {
		return nil, err
	}
	again, err := h.set.TakeZone(r.Context(), id, r.PathValue("zone"))
	if err != nil {
		return nil, err
	}
	return api.Removed{Undo: h.undo.Offer(r.Context(), again)}, nil
}

func (h zoneHandlers) setPurposes(r *http.Request) (any, error) {
	var in api.NewPurposes
	id, err := route.BodyFor(r, &in)
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.set.SetPurposes(r.Context(), id, r.PathValue("zone"), in.Purposes)
}
