package gateway

import (
	"net/http"

	"github.com/bauta-gateway/bauta/config/policy"
)

// What is said of the site and of each camera: GET returns it, PUT replaces it.
func (g *Gateway) placeRoutes(r *routes) {
	r.HandleFunc("GET /v1/site", answer(http.StatusOK, func(*http.Request) (any, error) { return g.Site() }))
	r.HandleFunc("PUT /v1/site", answer(http.StatusOK, g.putSite))
	r.HandleFunc("GET /v1/cameras/{id}/facts", answer(http.StatusOK, g.getFacts))
	r.HandleFunc("PUT /v1/cameras/{id}/facts", answer(http.StatusOK, g.putCameraFacts))
}

func (g *Gateway) putSite(r *http.Request) (any, error) {
	var in policy.Site
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, g.SetSite(r.Context(), in)
}

func (g *Gateway) getFacts(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	return g.Facts(id)
}

func (g *Gateway) putCameraFacts(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	var in policy.Camera
	if err := body(r, &in); err != nil {
		return nil, err
	}
	return struct{}{}, g.SetFacts(r.Context(), id, in)
}
