package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Zones is the answer of GET /v1/cameras/{id}/zones.
type Zones struct {
	Zones []zone.Zone `json:"zones"`
	// Shares says which part of the frame, 0 to 1, each kind holds once
	// overlaps are resolved; under the empty key is the rest.
	Shares map[zone.Kind]float64 `json:"shares"`
}

// NewZone is the body of POST /v1/cameras/{id}/zones. Without an id it gets a free one, made of
// its name.
type NewZone struct {
	zone.Zone
	// Replace lets it take the place of a zone with the same id.
	Replace bool `json:"replace,omitempty"`
}

// ZoneID is the answer.
type ZoneID struct {
	ID string `json:"id"`
}

// NewPurposes is the body of PUT /v1/cameras/{id}/zones/{zone}/purposes.
type NewPurposes struct {
	// Purposes are those for which tokens count in the zone; none: nobody is shown.
	Purposes []string `json:"purposes"`
}

// Zones lists a camera's zones.
func (c *Client) Zones(ctx context.Context, id media.CameraID) (Zones, error) {
	var out Zones
	return out, c.Call(ctx, http.MethodGet, cameraPath(id, "zones"), nil, &out)
}

// PutZone stores a zone and puts it in force.
func (c *Client) PutZone(ctx context.Context, id media.CameraID, z NewZone) error {
	_, err := c.AddZone(ctx, id, z)
	return err
}

// AddZone does so and returns the zone's id.
func (c *Client) AddZone(ctx context.Context, id media.CameraID, z NewZone) (string, error) {
	var out ZoneID
	err := c.Call(ctx, http.MethodPost, cameraPath(id, "zones"), z, &out)
	return out.ID, err
}

// SetPurposes says for which purposes tokens count in a consent zone.
func (c *Client) SetPurposes(ctx context.Context, id media.CameraID, name string, purposes []string) error {
	return c.Call(ctx, http.MethodPut, cameraPath(id, "zones/"+url.PathEscape(name)+"/purposes"), NewPurposes{purposes}, nil)
}

// RemoveZone removes a zone.
func (c *Client) RemoveZone(ctx context.Context, id media.CameraID, name string) error {
	return c.Call(ctx, http.MethodDelete, cameraPath(id, "zones/"+url.PathEscape(name)), nil, nil)
}

// Removed is the answer where something was removed.
type Removed struct {
	// Undo takes it back; nil: nothing does.
	Undo *Undo `json:"undo,omitempty"`
}

// Undo is an offer to put back what was removed, all of it, until a time: for who removed it.
type Undo struct {
	ID    string    `json:"id"`
	Until time.Time `json:"until"`
}

// Progress is how far long work is.
type Progress struct {
	// What is being done; Done of Total are.
	What  Words `json:"what"`
	Done  int   `json:"done"`
	Total int   `json:"total"`
}

// Undo puts back what was removed.
func (c *Client) Undo(ctx context.Context, id string) error {
	return c.Call(ctx, http.MethodPost, "/v1/undo/"+url.PathEscape(id), nil, nil)
}
