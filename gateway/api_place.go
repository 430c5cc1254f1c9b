package gateway

import (
	"context"
	"net/http"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/hardware/media"
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

// Site asks what is said of the site.
func (c *Client) Site(ctx context.Context) (policy.Site, error) {
	var out policy.Site
	return out, c.call(ctx, http.MethodGet, "/v1/site", nil, &out)
}

// SetSite replaces what is said of the site.
func (c *Client) SetSite(ctx context.Context, site policy.Site) error {
	return c.call(ctx, http.MethodPut, "/v1/site", site, nil)
}

// Facts asks what is said of a camera.
func (c *Client) Facts(ctx context.Context, id media.CameraID) (policy.Camera, error) {
	var out policy.Camera
	return out, c.call(ctx, http.MethodGet, cameraPath(id, "facts"), nil, &out)
}

// SetFacts replaces what is said of a camera.
func (c *Client) SetFacts(ctx context.Context, id media.CameraID, facts policy.Camera) error {
	return c.call(ctx, http.MethodPut, cameraPath(id, "facts"), facts, nil)
}
