package gateway

import (
	"net/http"

	"github.com/bauta-gateway/bauta/gateway/api"
)

func (g *Gateway) zoneRoutes(r *routes) {
	r.HandleFunc("GET /v1/cameras/{id}/zones", answer(http.StatusOK, g.getZones))
	r.HandleFunc("POST /v1/cameras/{id}/zones", answer(http.StatusCreated, g.postZone))
	r.HandleFunc("DELETE /v1/cameras/{id}/zones/{zone}", answer(http.StatusOK, g.deleteZone))
	r.HandleFunc("PUT /v1/cameras/{id}/zones/{zone}/purposes", answer(http.StatusOK, g.putPurposes))
	r.HandleFunc("GET /v1/cameras/{id}/snapshot", answer(http.StatusOK, g.getSnapshot))
	r.HandleFunc("PUT /v1/cameras/{id}/cover", answer(http.StatusOK, g.putCover))
	r.HandleFunc("PUT /v1/cameras/{id}/mounting", answer(http.StatusOK, g.putMounting))
	r.HandleFunc("DELETE /v1/cameras/{id}/level", answer(http.StatusOK, g.deleteLevel))
}

func (g *Gateway) getZones(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	return g.Zones(id)
}

func (g *Gateway) postZone(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	var in api.NewZone
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, g.PutZone(r.Context(), id, in)
}

func (g *Gateway) deleteZone(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	return struct{}{}, g.RemoveZone(r.Context(), id, r.PathValue("zone"))
}

func (g *Gateway) putPurposes(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	var in api.NewPurposes
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, g.SetPurposes(r.Context(), id, r.PathValue("zone"), in.Purposes)
}

func (g *Gateway) getSnapshot(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	return g.Snapshot(r.Context(), id)
}

func (g *Gateway) deleteLevel(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	return struct{}{}, g.ResetLevel(r.Context(), id)
}
