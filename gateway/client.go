package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// ErrNotRunning means that no daemon listens on the socket.
var ErrNotRunning = errors.New("bauta is not running")

// ErrNotAllowed means that the socket belongs to another user.
var ErrNotAllowed = errors.New("not allowed to talk to bauta here")

// Client talks to a daemon over its Unix socket. Its methods return
// ErrNotRunning, ErrNotAllowed, *APIError or a transport error.
type Client struct {
	http *http.Client
	lang text.Lang
}

// clientTimeout bounds one exchange; a camera test takes the longest.
const clientTimeout = 45 * time.Second

// NewClient prepares a client for the daemon at this socket; it connects with
// the first call. The daemon tells its errors in lang.
func NewClient(path string, lang text.Lang) *Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialSocket(ctx, path)
	}
	return &Client{lang: lang, http: &http.Client{
		Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true},
		Timeout:   clientTimeout,
	}}
}

func dialSocket(ctx context.Context, path string) (net.Conn, error) {
	var d net.Dialer
	short, done, err := shortPath(path)
	if err != nil {
		return nil, err
	}
	defer done()
	conn, err := d.DialContext(ctx, "unix", short)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.ENOTDIR):
		return nil, text.Fail(ErrNotRunning, text.StatusDown, path)
	case errors.Is(err, fs.ErrPermission):
		return nil, text.Fail(ErrNotAllowed, text.StatusSocketForbidden, path)
	}
	return conn, err
}

// Status asks how everything is.
func (c *Client) Status(ctx context.Context) (Status, error) {
	var out Status
	return out, c.call(ctx, http.MethodGet, "/v1/status", nil, &out)
}

// Cameras lists the cameras.
func (c *Client) Cameras(ctx context.Context) ([]CameraStatus, error) {
	var out []CameraStatus
	return out, c.call(ctx, http.MethodGet, "/v1/cameras", nil, &out)
}

// AddCamera stores and starts a camera.
func (c *Client) AddCamera(ctx context.Context, cam NewCamera) (CameraStatus, error) {
	var out CameraStatus
	return out, c.call(ctx, http.MethodPost, "/v1/cameras", cam, &out)
}

// RemoveCamera stops and forgets a camera.
func (c *Client) RemoveCamera(ctx context.Context, id media.CameraID) error {
	return c.call(ctx, http.MethodDelete, "/v1/cameras/"+url.PathEscape(string(id)), nil, nil)
}

// TestCamera tries a camera that is not stored.
func (c *Client) TestCamera(ctx context.Context, cam NewCamera) (ProbeResult, error) {
	var out ProbeResult
	return out, c.call(ctx, http.MethodPost, "/v1/cameras/test", cam, &out)
}

// TestStored tries a camera that the daemon has, with its stored password.
func (c *Client) TestStored(ctx context.Context, id media.CameraID) (ProbeResult, error) {
	var out ProbeResult
	return out, c.call(ctx, http.MethodPost, "/v1/cameras/"+url.PathEscape(string(id))+"/test", struct{}{}, &out)
}

// Viewer asks for the login of the stream server.
func (c *Client) Viewer(ctx context.Context) (Viewer, error) {
	var out Viewer
	return out, c.call(ctx, http.MethodGet, "/v1/viewer", nil, &out)
}

func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://bauta"+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept-Language", string(c.lang))
	res, err := c.http.Do(req)
	if err != nil {
		return plainError(err)
	}
	defer res.Body.Close()
	return decode(res, out)
}

// plainError takes off http's wrapping, which would show "Get http://bauta/...".
func plainError(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

func decode(res *http.Response, out any) error {
	if res.StatusCode >= 400 {
		return decodeError(res)
	}
	if res.StatusCode == http.StatusAccepted {
		return decodeAccepted(res, out)
	}
	if out == nil {
		return nil
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(out); err != nil {
		return fmt.Errorf("bauta's answer makes no sense: %w", err)
	}
	return nil
}

// decodeAccepted reads an answer that may say no more than that a change is in force.
func decodeAccepted(res *http.Response, out any) error {
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return err
	}
	var is Unstored
	if json.Unmarshal(b, &is) == nil && is.State == ErrUnstored.Error() {
		return unstored{is.Message}
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(b, out); err != nil {
		return fmt.Errorf("bauta's answer makes no sense: %w", err)
	}
	return nil
}

// unstored is ErrUnstored in the daemon's words.
type unstored struct{ message string }

func (u unstored) Error() string   { return u.message }
func (unstored) Is(err error) bool { return err == ErrUnstored }

// maxAnswer bounds what a client reads: a status of a hundred cameras is some 100 kB.
const maxAnswer = 16 << 20

func decodeError(res *http.Response) error {
	var out struct {
		Error *APIError `json:"error"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(&out); err != nil || out.Error == nil {
		return fmt.Errorf("bauta answers %s: are both programs of the same version?", res.Status)
	}
	return out.Error
}
