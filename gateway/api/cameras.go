package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Status asks how everything is.
func (c *Client) Status(ctx context.Context) (Status, error) {
	var out Status
	return out, c.Call(ctx, http.MethodGet, "/v1/status", nil, &out)
}

// Cameras lists the cameras.
func (c *Client) Cameras(ctx context.Context) ([]CameraStatus, error) {
	var out []CameraStatus
	return out, c.Call(ctx, http.MethodGet, "/v1/cameras", nil, &out)
}

// AddCamera stores and starts a camera.
func (c *Client) AddCamera(ctx context.Context, cam NewCamera) (CameraStatus, error) {
	var out CameraStatus
	return out, c.Call(ctx, http.MethodPost, "/v1/cameras", cam, &out)
}

// RemoveCamera stops and forgets a camera.
func (c *Client) RemoveCamera(ctx context.Context, id media.CameraID) error {
	return c.Call(ctx, http.MethodDelete, "/v1/cameras/"+url.PathEscape(string(id)), nil, nil)
}

// TestCamera tries a camera that is not stored.
func (c *Client) TestCamera(ctx context.Context, cam NewCamera) (ProbeResult, error) {
	var out ProbeResult
	return out, c.Call(ctx, http.MethodPost, "/v1/cameras/test", cam, &out)
}

// TestStored tries a camera that the daemon has, with its stored password.
func (c *Client) TestStored(ctx context.Context, id media.CameraID) (ProbeResult, error) {
	var out ProbeResult
	return out, c.Call(ctx, http.MethodPost, "/v1/cameras/"+url.PathEscape(string(id))+"/test", struct{}{}, &out)
}

// Discover searches for cameras.
func (c *Client) Discover(ctx context.Context, in DiscoverRequest) ([]FoundCamera, error) {
	var out []FoundCamera
	return out, c.Call(ctx, http.MethodPost, "/v1/discover", in, &out)
}

// Streams asks a camera that was found for its streams.
func (c *Client) Streams(ctx context.Context, in StreamsRequest) ([]FoundStream, error) {
	var out []FoundStream
	return out, c.Call(ctx, http.MethodPost, "/v1/discover/streams", in, &out)
}

// Viewer asks for the login of the stream server.
func (c *Client) Viewer(ctx context.Context) (Viewer, error) {
	var out Viewer
	return out, c.Call(ctx, http.MethodGet, "/v1/viewer", nil, &out)
}

// NewCover is the body of PUT /v1/cameras/{id}/cover.
type NewCover struct {
	// Cover is faces or moving.
	Cover string `json:"cover"`
}

// SetCover says what of a camera's frame is masked.
func (c *Client) SetCover(ctx context.Context, id media.CameraID, cover string) error {
	return c.Call(ctx, http.MethodPut, cameraPath(id, "cover"), NewCover{Cover: cover}, nil)
}

// NewMounting is the body of PUT /v1/cameras/{id}/mounting.
type NewMounting struct {
	// Mounting is auto, or how many degrees clockwise the frame has to be turned to be
	// upright: 0, 90, 180 or 270.
	Mounting media.Mounting `json:"mounting"`
}

// SetMounting says which way is up in a camera's frame.
func (c *Client) SetMounting(ctx context.Context, id media.CameraID, m media.Mounting) error {
	return c.Call(ctx, http.MethodPut, cameraPath(id, "mounting"), NewMounting{Mounting: m}, nil)
}

// NewTrust is the body of PUT /v1/cameras/{id}/trust; what is absent stays as it is.
type NewTrust struct {
	// BasicLogin lets the camera have user and password by basic login, though it was
	// once read more safely.
	BasicLogin *bool `json:"basic_login,omitempty"`
	// Fingerprint pins the certificate with this SHA-256 in hex; empty: the one that the
	// camera shows next.
	Fingerprint *string `json:"fingerprint,omitempty"`
}

// SetTrust says how far a camera is trusted.
func (c *Client) SetTrust(ctx context.Context, id media.CameraID, n NewTrust) error {
	return c.Call(ctx, http.MethodPut, cameraPath(id, "trust"), n, nil)
}

// NewCamera is the body of POST /v1/cameras and /v1/cameras/test.
type NewCamera struct {
	// ID may be empty: it is then made of Name.
	ID   string `json:"id,omitempty"`
	Name string `json:"name"`
	// Group is where it hangs, a building or a floor, for people.
	Group string `json:"group,omitempty"`
	// URL may hold credentials; they are split off at once.
	URL      string `json:"url"`
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
	// Transport is auto, tcp, udp or http; empty means auto.
	Transport string `json:"transport,omitempty"`
	// Fingerprint pins the certificate of an rtsps camera: SHA-256 in hex.
	Fingerprint string `json:"fingerprint,omitempty"`
	// InsecureTLS takes any certificate of an rtsps camera.
	InsecureTLS bool `json:"insecure_tls,omitempty"`
	// BasicLogin as in NewTrust.
	BasicLogin bool `json:"basic_login,omitempty"`
	// Mask is blur, mosaic or solid; empty means the configured default.
	Mask string `json:"mask,omitempty"`
	// Cover is faces or moving; empty means faces.
	Cover string `json:"cover,omitempty"`
	// Mounting is auto, 0, 90, 180 or 270; empty means auto.
	Mounting media.Mounting `json:"mounting,omitempty"`
	// LookAheadMS is 0 to 1000; absent means the configured default.
	LookAheadMS *float64 `json:"look_ahead_ms,omitempty"`
	// RateCap bounds the bitrate to this multiple of the camera's; 0 means
	// no bound, absent the configured default.
	RateCap *float64 `json:"rate_cap,omitempty"`
	// MaxSize is the largest size that leaves: auto, full, half or WxH; empty means the
	// configured default.
	MaxSize media.OutputSize `json:"max_size,omitempty"`
	// SubSize is auto, half or quarter, SubFPS 1 to 30: how large the sub-stream is and how many
	// frames a second it has; empty and 0 mean the configured defaults.
	SubSize media.SubSize `json:"sub_size,omitempty"`
	SubFPS  int           `json:"sub_fps,omitempty"`
	// Place and Purpose as config/policy lists them; a prohibited place is refused.
	Place   policy.Place `json:"place,omitempty"`
	Purpose string       `json:"purpose,omitempty"`
	// Zones are in force from the first frame on; with Replace there must be none, for those of
	// the camera before stay.
	Zones []zone.Zone `json:"zones,omitempty"`
	// Replace lets it take the place of a stored camera with the same id.
	Replace bool `json:"replace,omitempty"`
}

// ProbeResult is the answer of POST /v1/cameras/test and /v1/cameras/{id}/test.
type ProbeResult struct {
	Codec     string   `json:"codec"`
	Width     int      `json:"width"`
	Height    int      `json:"height"`
	FPS       float64  `json:"fps"`
	Transport string   `json:"transport"`
	Dropped   []string `json:"dropped_tracks,omitempty"`
	// MaskedWidth and MaskedHeight are those of the first masked frame.
	MaskedWidth  int `json:"masked_width"`
	MaskedHeight int `json:"masked_height"`
	// Fingerprint is that of the certificate that was accepted on first use.
	Fingerprint string `json:"fingerprint,omitempty"`
	// URL is the address that was found where a host alone was given, and Streams are all
	// streams of the camera, the largest first.
	URL     string        `json:"url,omitempty"`
	Streams []FoundStream `json:"streams,omitempty"`
}

// Viewer is the answer of GET /v1/viewer: the built-in login of the stream server.
type Viewer struct {
	User      string `json:"user"`
	Password  string `json:"password"`
	Anonymous bool   `json:"anonymous"`
	// Off: the built-in login is switched off, and User and Password are empty.
	Off bool `json:"off,omitempty"`
	// URLs of all streams, ready to paste, with the login that is on.
	URLs []string `json:"urls"`
}

// WalkTest is the answer of GET /v1/cameras/{id}/walktest: what was delivered
// of the last test's time.
type WalkTest struct {
	Running bool `json:"running"`
	// Started and Until are zero where there was no test.
	Started time.Time `json:"started,omitzero"`
	Until   time.Time `json:"until,omitzero"`
	// Appearances of a face in the order of their begin.
	Appearances []Appearance `json:"appearances"`
	// Pictures that were delivered.
	Pictures int `json:"pictures"`
	// AllMasked: there was an appearance, and all were masked.
	AllMasked bool `json:"all_masked"`
}

// Appearance is one face's, from the frame in which there is one face more
// to the one in which there is one less.
type Appearance struct {
	From     time.Time `json:"from"`
	To       time.Time `json:"to"`
	Pictures int       `json:"pictures"`
	// Masked: in each of these frames all faces were masked and none shown.
	Masked bool `json:"masked"`
}

// NewWalkTest is the body of POST /v1/cameras/{id}/walktest; it may be left out.
type NewWalkTest struct {
	// Seconds that it takes, 1 to 600; 0 means 60.
	Seconds int `json:"seconds,omitempty"`
}

// Span is a time in which a camera's protection stayed the same.
type Span struct {
	From  time.Time        `json:"from"`
	To    time.Time        `json:"to"`
	State media.Protection `json:"state"`
	// Reason is why it began, as a code of the slate or of the camera; empty: none, or it is
	// of an earlier run.
	Reason string `json:"reason,omitempty"`
}

// History is the answer of GET /v1/cameras/{id}/history. Times without a span
// are times in which the gateway did not run.
type History struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// ProtectedShare is the part, 0 to 1, of the time in which the camera sent
	// that viewers got masked frames; nil where it sent nothing.
	ProtectedShare *float64 `json:"protected_share"`
	Spans          []Span   `json:"spans"`
}

// DiscoverRequest is the body of POST /v1/discover.
type DiscoverRequest struct {
	// Range of local addresses that are asked one by one, such as 192.168.1.0/24; empty: the
	// host's own networks are asked as GET /v1/discover does.
	Range string `json:"range,omitempty"`
	// NoHTTP leaves those of the range that answer no probe in peace.
	NoHTTP bool `json:"no_http,omitempty"`
}

// FoundCamera is a device that answered a search on the network.
type FoundCamera struct {
	Name     string `json:"name"`
	Hardware string `json:"hardware"`
	Location string `json:"location"`
	// Host is where the answer came from, Address what POST /v1/discover/streams takes.
	Host    string `json:"host"`
	Address string `json:"address"`
}

// FoundStream is one of a device's streams; what it did not say is zero.
type FoundStream struct {
	Name   string  `json:"name"`
	URL    string  `json:"url"`
	Codec  string  `json:"codec"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
	FPS    float64 `json:"fps"`
	// Maker is whose usual path it is, where it was found by trying; Tried says that it was.
	Maker string `json:"maker,omitempty"`
	Tried bool   `json:"tried,omitempty"`
}

// StreamsRequest is the body of POST /v1/discover/streams.
type StreamsRequest struct {
	Address  string `json:"address"`
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
}

// Snapshot is the answer of GET /v1/cameras/{id}/snapshot: a masked frame.
type Snapshot struct {
	JPEG []byte `json:"jpeg"`
}

// Snapshot asks for a masked frame.
func (c *Client) Snapshot(ctx context.Context, id media.CameraID) (Snapshot, error) {
	var out Snapshot
	return out, c.Call(ctx, http.MethodGet, cameraPath(id, "snapshot"), nil, &out)
}

// ResetLevel takes back what was hidden by a command over MQTT.
func (c *Client) ResetLevel(ctx context.Context, id media.CameraID) error {
	return c.Call(ctx, http.MethodDelete, cameraPath(id, "level"), nil, nil)
}

// CameraLock is the answer of GET /v1/cameras/{id}/lock: what the gateway knows of it.
type CameraLock struct {
	Locked bool      `json:"locked"`
	Since  time.Time `json:"since,omitzero"`
	// Pending: which password the camera has is being found out; none is forgotten.
	Pending bool `json:"pending"`
	// Encrypted: passwords are sent by HTTPS.
	Encrypted bool            `json:"encrypted"`
	Accounts  []CameraAccount `json:"accounts"`
	// Checked is when ways around the lock were looked for; Bypass are those that were found:
	// former_onvif, former_rtsp, open_rtsp.
	Checked time.Time `json:"checked,omitzero"`
	Bypass  []string  `json:"bypass,omitempty"`
}

// CameraAccount is one that can log in at a camera.
type CameraAccount struct {
	Name  string `json:"name"`
	Level string `json:"level"`
	// Own: the gateway's own. Locked: it has a password that the gateway set. Restorable:
	// its former one is known.
	Own        bool `json:"own"`
	Locked     bool `json:"locked"`
	Restorable bool `json:"restorable"`
}

// AccountsRequest is the body of POST /v1/cameras/{id}/accounts.
type AccountsRequest struct {
	// Address is the camera's device service, where that is not at the usual place.
	Address string `json:"address,omitempty"`
}

// CameraAccounts is its answer.
type CameraAccounts struct {
	Encrypted bool            `json:"encrypted"`
	Accounts  []CameraAccount `json:"accounts"`
}

// LockRequest is the body of POST /v1/cameras/{id}/lock.
type LockRequest struct {
	// Accounts whose passwords are changed beside the gateway's own.
	Accounts []string `json:"accounts"`
	// Plain agrees that the new passwords are readable on the way.
	Plain bool `json:"plain,omitempty"`
	// Address as in AccountsRequest.
	Address string `json:"address,omitempty"`
	// Format of the recovery sheet: html or pdf; empty means html.
	Format string `json:"format,omitempty"`
}

// UnlockRequest is the body of POST /v1/cameras/{id}/unlock.
type UnlockRequest struct {
	// Forget drops all passwords without asking the camera, which is gone or was reset.
	Forget bool `json:"forget,omitempty"`
}

// LockResult is the answer of both.
type LockResult struct {
	// Accounts have a password that the gateway set.
	Accounts []string        `json:"accounts"`
	Failed   []AccountFailed `json:"failed,omitempty"`
	// Sheet lists them with their passwords, of a lock alone; it is given once.
	Sheet []byte `json:"sheet,omitempty"`
	// Format of the sheet: html where a PDF could not be printed.
	Format string `json:"format,omitempty"`
}

// AccountFailed is an account that stayed as it was, and why.
type AccountFailed struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Lock asks what is known of a camera's lock.
func (c *Client) Lock(ctx context.Context, id media.CameraID) (CameraLock, error) {
	var out CameraLock
	return out, c.Call(ctx, http.MethodGet, cameraPath(id, "lock"), nil, &out)
}

// CameraAccounts asks a camera who can log in there.
func (c *Client) CameraAccounts(ctx context.Context, id media.CameraID, address string) (CameraAccounts, error) {
	var out CameraAccounts
	return out, c.Call(ctx, http.MethodPost, cameraPath(id, "accounts"), AccountsRequest{Address: address}, &out)
}

// LockCamera sets new passwords at a camera.
func (c *Client) LockCamera(ctx context.Context, id media.CameraID, in LockRequest) (LockResult, error) {
	var out LockResult
	return out, c.Call(ctx, http.MethodPost, cameraPath(id, "lock"), in, &out)
}

// UnlockCamera gives the former ones back.
func (c *Client) UnlockCamera(ctx context.Context, id media.CameraID, in UnlockRequest) (LockResult, error) {
	var out LockResult
	return out, c.Call(ctx, http.MethodPost, cameraPath(id, "unlock"), in, &out)
}

func cameraPath(id media.CameraID, rest string) string {
	return "/v1/cameras/" + url.PathEscape(string(id)) + "/" + rest
}
