package api

import (
	"context"
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Sealed is the answer of GET /v1/sealed: how the sealed originals stand.
type Sealed struct {
	// Keys tells the keys apart that new segments are sealed to; empty: there are none.
	Keys    string         `json:"keys,omitempty"`
	Cameras []SealedCamera `json:"cameras"`
}

// SealedCamera is how the sealed originals of one camera stand.
type SealedCamera struct {
	Camera media.CameraID `json:"camera"`
	// Days are 0 where nothing more is kept, and what there is stays for its term.
	Days int    `json:"days"`
	Why  string `json:"why,omitempty"`
	// Sealing: a segment is being written. Fault is why none can be: away, full, disk, keys or
	// lock; empty: nothing is wrong.
	Sealing bool   `json:"sealing"`
	Fault   string `json:"fault,omitempty"`
	// From and To are since when and until when there is footage.
	From     *time.Time `json:"from,omitempty"`
	To       *time.Time `json:"to,omitempty"`
	Segments uint64     `json:"segments"`
	Torn     int        `json:"torn"`
	Bytes    int64      `json:"bytes"`
	// Gaps within the term, and how long they are together; SilentS is how long the camera sent
	// nothing.
	Gaps     int     `json:"gaps"`
	MissingS float64 `json:"missing_s"`
	SilentS  float64 `json:"silent_s"`
	Dropped  uint64  `json:"dropped"`
	// Changed is the number of a segment that is not as it was sealed; 0: none was found.
	Changed uint64 `json:"changed,omitempty"`
	// LastsDays is for how long the disk lasts at the rate of late, what is on it included; 0: nobody knows yet.
	LastsDays float64 `json:"lasts_days,omitempty"`
}

// NewSealed is the body of PUT /v1/cameras/{id}/sealed.
type NewSealed struct {
	// Days that originals are kept, 30 to 365.
	Days int `json:"days"`
	// Why says what for, at sites that the law does not oblige.
	Why string `json:"why,omitempty"`
}

// Sealed returns how the sealed originals stand.
func (c *Client) Sealed(ctx context.Context) (Sealed, error) {
	var out Sealed
	return out, c.Call(ctx, http.MethodGet, "/v1/sealed", nil, &out)
}

// SetSealed has a camera's originals sealed from now on.
func (c *Client) SetSealed(ctx context.Context, id media.CameraID, s NewSealed) error {
	return c.Call(ctx, http.MethodPut, cameraPath(id, "sealed"), s, nil)
}

// UnsetSealed ends that. What is sealed stays until it is past its term.
func (c *Client) UnsetSealed(ctx context.Context, id media.CameraID) error {
	return c.Call(ctx, http.MethodDelete, cameraPath(id, "sealed"), nil, nil)
}

// SealedDeletion is the answer of POST /v1/cameras/{id}/sealed/deletion.
type SealedDeletion struct {
	// Deleted: this was the second account that asked. Otherwise another one has to.
	Deleted bool `json:"deleted"`
}

// DeleteSealed asks for the deletion of all sealed footage of a camera in a prohibited place. A second
// account has to ask for it too.
func (c *Client) DeleteSealed(ctx context.Context, id media.CameraID) (SealedDeletion, error) {
	var out SealedDeletion
	return out, c.Call(ctx, http.MethodPost, cameraPath(id, "sealed/deletion"), nil, &out)
}

// SealedHeads returns the hashes of segments that the audit log has.
func (c *Client) SealedHeads(ctx context.Context) ([]sealed.Head, error) {
	var out []sealed.Head
	return out, c.Call(ctx, http.MethodGet, "/v1/sealed/heads", nil, &out)
}

// AcceptSealedDisk takes the disk that is mounted now in place of the one that was.
func (c *Client) AcceptSealedDisk(ctx context.Context) error {
	return c.Call(ctx, http.MethodPost, "/v1/sealed/disk", nil, nil)
}
