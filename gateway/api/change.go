package api

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// CameraSettings is the answer of GET /v1/cameras/{id}: how the camera is read and masked. No
// password is in it, in the address neither.
type CameraSettings struct {
	ID          media.CameraID   `json:"id"`
	Name        string           `json:"name"`
	Group       string           `json:"group"`
	URL         string           `json:"url"`
	User        string           `json:"user"`
	HasPassword bool             `json:"has_password"`
	Transport   string           `json:"transport"`
	Fingerprint string           `json:"fingerprint,omitempty"`
	InsecureTLS bool             `json:"insecure_tls"`
	BasicLogin  bool             `json:"basic_login"`
	Mask        string           `json:"mask"`
	Cover       string           `json:"cover"`
	Mounting    media.Mounting   `json:"mounting"`
	LookAheadMS *float64         `json:"look_ahead_ms,omitempty"`
	RateCap     *float64         `json:"rate_cap,omitempty"`
	MaxSize     media.OutputSize `json:"max_size"`
	SubSize     media.SubSize    `json:"sub_size"`
	SubFPS      int              `json:"sub_fps"`
	Created     time.Time        `json:"created"`
}

// CameraChange is the body of PUT /v1/cameras/{id} and of POST /v1/cameras/{id}/test: what is
// absent stays as it is, the password among it. The fields are those of NewCamera.
type CameraChange struct {
	Name  *string `json:"name,omitempty"`
	Group *string `json:"group,omitempty"`
	// URL may be a host alone: its stream is looked for.
	URL      *string `json:"url,omitempty"`
	User     *string `json:"user,omitempty"`
	Password *string `json:"password,omitempty"`

	Transport   *string         `json:"transport,omitempty"`
	Fingerprint *string         `json:"fingerprint,omitempty"`
	InsecureTLS *bool           `json:"insecure_tls,omitempty"`
	BasicLogin  *bool           `json:"basic_login,omitempty"`
	Mask        *string         `json:"mask,omitempty"`
	Cover       *string         `json:"cover,omitempty"`
	Mounting    *media.Mounting `json:"mounting,omitempty"`
	// LookAheadMS and RateCap below 0 mean the configured default.
	LookAheadMS *float64          `json:"look_ahead_ms,omitempty"`
	RateCap     *float64          `json:"rate_cap,omitempty"`
	MaxSize     *media.OutputSize `json:"max_size,omitempty"`
	SubSize     *media.SubSize    `json:"sub_size,omitempty"`
	SubFPS      *int              `json:"sub_fps,omitempty"`
}

// FactsChange is what is said anew of a camera; what is absent stays as it is.
type FactsChange struct {
	Place        *policy.Place `json:"place,omitempty"`
	Purpose      *string       `json:"purpose,omitempty"`
	Necessity    *string       `json:"necessity,omitempty"`
	Model        *string       `json:"model,omitempty"`
	Firmware     *string       `json:"firmware,omitempty"`
	Certificate  *string       `json:"certificate,omitempty"`
	Commissioned *civil.Date   `json:"commissioned,omitempty"`
	Extras       *[]string     `json:"extras,omitempty"`
	ExtrasReason *string       `json:"extras_reason,omitempty"`
}

// Over is what is said of a camera with the change in it.
func (c FactsChange) Over(f policy.Camera) policy.Camera {
	over(&f.Place, c.Place)
	over(&f.Purpose, c.Purpose)
	over(&f.Necessity, c.Necessity)
	over(&f.Model, c.Model)
	over(&f.Firmware, c.Firmware)
	over(&f.Certificate, c.Certificate)
	over(&f.Commissioned, c.Commissioned)
	over(&f.Extras, c.Extras)
	over(&f.ExtrasReason, c.ExtrasReason)
	return f
}

func over[T any](field *T, said *T) {
	if said != nil {
		*field = *said
	}
}

// CamerasChange is the body of POST /v1/cameras/many: the same for several cameras. Of a change
// of connection nothing is taken: addresses and logins are each camera's own.
type CamerasChange struct {
	Cameras []media.CameraID `json:"cameras"`
	Change  CameraChange     `json:"change"`
	Facts   FactsChange      `json:"facts"`
}

// CamerasChanged is its answer, and that of POST /v1/cameras.csv.
type CamerasChanged struct {
	// Applied is false after a dry run.
	Applied bool            `json:"applied"`
	Rows    []CameraOutcome `json:"rows"`
}

// CameraOutcome is what becomes of one camera, or of one row of a file.
type CameraOutcome struct {
	Row  int            `json:"row,omitempty"`
	ID   media.CameraID `json:"id,omitempty"`
	Name string         `json:"name"`
	// State is new, changed, unchanged or refused.
	State string `json:"state"`
	// Columns are those that change, Column is the one that was refused; empty: none alone.
	Columns []string `json:"columns,omitempty"`
	Column  string   `json:"column,omitempty"`
	Message string   `json:"message,omitempty"`
}

// Empty reports whether nothing is said.
func (c CameraChange) Empty() bool { return c == CameraChange{} }

// Camera asks how a camera is read and masked.
func (c *Client) Camera(ctx context.Context, id media.CameraID) (CameraSettings, error) {
	var out CameraSettings
	return out, c.Call(ctx, http.MethodGet, "/v1/cameras/"+url.PathEscape(string(id)), nil, &out)
}

// ChangeCamera changes how a camera is read and masked.
func (c *Client) ChangeCamera(ctx context.Context, id media.CameraID, in CameraChange) (CameraStatus, error) {
	var out CameraStatus
	return out, c.Call(ctx, http.MethodPut, "/v1/cameras/"+url.PathEscape(string(id)), in, &out)
}

// TestChange tries a camera as a change would make it.
func (c *Client) TestChange(ctx context.Context, id media.CameraID, in CameraChange) (ProbeResult, error) {
	var out ProbeResult
	return out, c.Call(ctx, http.MethodPost, cameraPath(id, "test"), in, &out)
}

// ExportCameras copies the cameras' table.
func (c *Client) ExportCameras(ctx context.Context, to io.Writer) error {
	res, err := c.stream(ctx, http.MethodGet, "/v1/cameras.csv", nil)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, err = io.Copy(to, io.LimitReader(res.Body, maxAnswer))
	return err
}

// ImportCameras takes a table in, or says what would come of it.
func (c *Client) ImportCameras(ctx context.Context, table []byte, apply bool) (CamerasChanged, error) {
	path := "/v1/cameras.csv"
	if apply {
		path += "?apply=true"
	}
	var out CamerasChanged
	res, err := c.stream(ctx, http.MethodPost, path, bytes.NewReader(table))
	if err != nil {
		return out, err
	}
	defer res.Body.Close()
	return out, decode(res, &out)
}
