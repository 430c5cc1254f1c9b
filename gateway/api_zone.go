package gateway

import (
	"context"
	"net/http"
	"net/url"

	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Zones is the answer of GET /v1/cameras/{id}/zones.
type Zones struct {
	Zones []zone.Zone `json:"zones"`
	// Shares tells which part of the picture, 0 to 1, each kind holds once
	// overlaps are resolved; under the empty key is the rest.
	Shares map[zone.Kind]float64 `json:"shares"`
}

// NewZone is the body of POST /v1/cameras/{id}/zones.
type NewZone struct {
	zone.Zone
	// Replace lets it take the place of a zone with the same id.
	Replace bool `json:"replace,omitempty"`
}

// Snapshot is the answer of GET /v1/cameras/{id}/snapshot: a masked picture.
type Snapshot struct {
	JPEG []byte `json:"jpeg"`
}

// CodeNoPicture: the camera gives no masked picture now.
const CodeNoPicture ErrorCode = "no_picture"

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
	var in NewZone
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

// NewPurposes is the body of PUT /v1/cameras/{id}/zones/{zone}/purposes.
type NewPurposes struct {
	// Purposes are those for which tokens count in the zone; none: nobody is shown.
	Purposes []string `json:"purposes"`
}

func (g *Gateway) putPurposes(r *http.Request) (any, error) {
	id, err := pathID(r)
	if err != nil {
		return nil, err
	}
	var in NewPurposes
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

// ResetLevel takes back what was hidden by a command over MQTT.
func (c *Client) ResetLevel(ctx context.Context, id media.CameraID) error {
	return c.call(ctx, http.MethodDelete, cameraPath(id, "level"), nil, nil)
}

// Zones lists a camera's zones.
func (c *Client) Zones(ctx context.Context, id media.CameraID) (Zones, error) {
	var out Zones
	return out, c.call(ctx, http.MethodGet, cameraPath(id, "zones"), nil, &out)
}

// PutZone stores a zone and puts it in force.
func (c *Client) PutZone(ctx context.Context, id media.CameraID, z NewZone) error {
	return c.call(ctx, http.MethodPost, cameraPath(id, "zones"), z, nil)
}

// SetPurposes says for which purposes tokens count in a consent zone.
func (c *Client) SetPurposes(ctx context.Context, id media.CameraID, name string, purposes []string) error {
	return c.call(ctx, http.MethodPut, cameraPath(id, "zones/"+url.PathEscape(name)+"/purposes"), NewPurposes{purposes}, nil)
}

// RemoveZone removes a zone.
func (c *Client) RemoveZone(ctx context.Context, id media.CameraID, name string) error {
	return c.call(ctx, http.MethodDelete, cameraPath(id, "zones/"+url.PathEscape(name)), nil, nil)
}

// Snapshot asks for a masked picture.
func (c *Client) Snapshot(ctx context.Context, id media.CameraID) (Snapshot, error) {
	var out Snapshot
	return out, c.call(ctx, http.MethodGet, cameraPath(id, "snapshot"), nil, &out)
}

func cameraPath(id media.CameraID, rest string) string {
	return "/v1/cameras/" + url.PathEscape(string(id)) + "/" + rest
}
