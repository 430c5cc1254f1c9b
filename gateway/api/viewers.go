package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// StreamLogin is a login of one recorder or viewer at the masked streams.
type StreamLogin struct {
	// Name is the user name, a slug.
	Name string `json:"name"`
	// All: it may watch all cameras, those to come too; else those of Cameras, be it none.
	All     bool             `json:"all,omitempty"`
	Cameras []media.CameraID `json:"cameras,omitempty"`
	Created time.Time        `json:"created"`
	// LastSeen is when it was last used and Door by which way in: rtsp, onvif or hls;
	// zero and empty: never.
	LastSeen time.Time `json:"last_seen,omitzero"`
	Door     string    `json:"door,omitempty"`
	// BuiltIn is the login that the gateway made for itself, which `bauta viewer` shows.
	BuiltIn bool `json:"built_in,omitempty"`
	// Off: it lets nobody in; only the built-in one can be.
	Off bool `json:"off,omitempty"`
}

// NewBuiltIn is the body of PUT /v1/streams/built-in.
type NewBuiltIn struct {
	On bool `json:"on"`
}

// NewStreamLogin is the body of POST /v1/streams/logins.
type NewStreamLogin struct {
	Name string `json:"name"`
	// Cameras that it may watch; empty: all.
	Cameras []media.CameraID `json:"cameras,omitempty"`
	// Password for machines that have theirs already; empty: the gateway makes one.
	Password string `json:"password,omitempty"`
}

// MadeStreamLogin is the answer: Password is shown this once.
type MadeStreamLogin struct {
	StreamLogin
	Password string `json:"password"`
}

// StreamCameras is the body of PUT /v1/streams/logins/{name}/cameras.
type StreamCameras struct {
	// Cameras as in NewStreamLogin; it must be there, for without it all would be meant.
	Cameras []media.CameraID `json:"cameras"`
}

// StreamLogins lists the logins at the masked streams.
func (c *Client) StreamLogins(ctx context.Context) ([]StreamLogin, error) {
	var out []StreamLogin
	return out, c.Call(ctx, http.MethodGet, "/v1/streams/logins", nil, &out)
}

// AddStreamLogin makes a login at the masked streams.
func (c *Client) AddStreamLogin(ctx context.Context, in NewStreamLogin) (MadeStreamLogin, error) {
	var out MadeStreamLogin
	return out, c.Call(ctx, http.MethodPost, "/v1/streams/logins", in, &out)
}

// SetStreamCameras changes which cameras a login may watch; what it watches beside them ends.
func (c *Client) SetStreamCameras(ctx context.Context, name string, cameras []media.CameraID) error {
	return c.Call(ctx, http.MethodPut, "/v1/streams/logins/"+url.PathEscape(name)+"/cameras", StreamCameras{append([]media.CameraID{}, cameras...)}, nil)
}

// SetBuiltIn switches the built-in login on or off.
func (c *Client) SetBuiltIn(ctx context.Context, on bool) error {
	return c.Call(ctx, http.MethodPut, "/v1/streams/built-in", NewBuiltIn{on}, nil)
}

// RemoveStreamLogin withdraws one and ends what it watches.
func (c *Client) RemoveStreamLogin(ctx context.Context, name string) error {
	return c.Call(ctx, http.MethodDelete, "/v1/streams/logins/"+url.PathEscape(name), nil, nil)
}

// Display is the link of a screen that shows masked pictures and may do nothing else. The names
// of who answers for it and where it hangs are in DisplayPlace alone.
type Display struct {
	ID string `json:"id"`
	// Label is what lists show; it names nobody.
	Label string `json:"label"`
	// All: it shows all cameras, those to come too; else those of Cameras and of Groups.
	All     bool             `json:"all,omitempty"`
	Cameras []media.CameraID `json:"cameras,omitempty"`
	Groups  []string         `json:"groups,omitempty"`
	Created time.Time        `json:"created"`
	Expires time.Time        `json:"expires"`
	// LastSeen is when the screen last asked for something; zero: never.
	LastSeen time.Time `json:"last_seen,omitzero"`
}

// DisplayPlace is the answer of GET /v1/displays/{id}: a link with the names that it was made with.
type DisplayPlace struct {
	Display
	// Person answers for the screen, which hangs at Place.
	Person string `json:"person"`
	Place  string `json:"place"`
}

// NewDisplay is the body of POST /v1/displays.
type NewDisplay struct {
	Label  string `json:"label"`
	Person string `json:"person"`
	Place  string `json:"place"`
	// Cameras and Groups that it shows; both empty: all cameras.
	Cameras []media.CameraID `json:"cameras,omitempty"`
	Groups  []string         `json:"groups,omitempty"`
	// Days that it is good for; 0: a year.
	Days int `json:"days,omitempty"`
}

// MadeDisplay is the answer: Token is shown this once. Link is the address to open on the screen;
// empty where the console is off.
type MadeDisplay struct {
	Display
	Token string `json:"token"`
	Link  string `json:"link,omitempty"`
}

// Displays lists the links of screens.
func (c *Client) Displays(ctx context.Context) ([]Display, error) {
	var out []Display
	return out, c.Call(ctx, http.MethodGet, "/v1/displays", nil, &out)
}

// AddDisplay makes a link for a screen.
func (c *Client) AddDisplay(ctx context.Context, in NewDisplay) (MadeDisplay, error) {
	var out MadeDisplay
	return out, c.Call(ctx, http.MethodPost, "/v1/displays", in, &out)
}

// WithdrawDisplay ends a link and what its screen shows.
func (c *Client) WithdrawDisplay(ctx context.Context, id string) error {
	return c.Call(ctx, http.MethodDelete, "/v1/displays/"+url.PathEscape(id), nil, nil)
}
