package httpapi

import (
	"net/http"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
)

// zoneHandlers answer for a camera's zones.
type zoneHandlers struct{ set *camera.Set }

func (h zoneHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/cameras/{id}/zones", route.Answer(http.StatusOK, h.list))
	r.HandleFunc("POST /v1/cameras/{id}/zones", route.Answer(http.StatusCreated, h.put))
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
	return struct{}{}, h.set.RemoveZone(r.Context(), id, r.PathValue("zone"))
}

func (h zoneHandlers) setPurposes(r *http.Request) (any, error) {
	var in api.NewPurposes
	id, err := route.BodyFor(r, &in)
	if err != nil {
		return nil, err
	}
	return struct{}{}, h.set.SetPurposes(r.Context(), id, r.PathValue("zone"), in.Purposes)
}
