package api

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
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// ErrNotRunning means that no daemon listens on the socket.
var ErrNotRunning = errors.New("bauta is not running")

// ErrNotAllowed means that the socket belongs to another user.
var ErrNotAllowed = errors.New("not allowed to talk to bauta here")

// Client talks to a daemon over its Unix socket, or over HTTPS. Its methods return
// ErrNotRunning, ErrNotAllowed, *APIError or a transport error.
type Client struct {
	http *http.Client
	lang text.Lang
	base string // of all paths
	// login is that of a client of a gateway elsewhere; nil: none is needed.
	login *login
}

// ClientTimeout bounds one exchange; a camera test takes the longest.
const ClientTimeout = 45 * time.Second

// MaxRequest bounds a request's body: a camera's description is some 500
// bytes, a token 700, and hundreds of tokens come in one request.
const MaxRequest = 256 << 10

// NewClient prepares a client for the daemon at this socket; it connects with
// the first call. The daemon tells its errors in lang.
func NewClient(path string, lang text.Lang) *Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return DialSocket(ctx, path)
	}
	return &Client{lang: lang, base: "http://bauta", http: &http.Client{
		Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true},
		Timeout:   ClientTimeout,
	}}
}

// plainError takes off http's wrapping, which would show "Get http://bauta/...".
func plainError(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

// Call asks for any path of the API: in is sent as JSON and the answer read into out;
// either may be nil.
func (c *Client) Call(ctx context.Context, method, path string, in, out any) error {
	_, err := c.exchange(ctx, method, path, in, out)
	return err
}

// exchange is Call that returns the cookies too.
func (c *Client) exchange(ctx context.Context, method, path string, in, out any) ([]*http.Cookie, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	req, err := c.request(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		return nil, plainError(err)
	}
	defer res.Body.Close()
	return res.Cookies(), decode(res, out)
}

// request is one of the caller's language and login.
func (c *Client) request(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Language", string(c.lang))
	if c.login != nil {
		c.login.sign(req)
	}
	return req, nil
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

func (u unstored) Error() string { return u.message }

func (unstored) Is(err error) bool { return err == ErrUnstored }

// maxAnswer bounds what a client reads: a status of a hundred cameras is some 100 kB.
const maxAnswer = 16 << 20

func decodeError(res *http.Response) error {
	var out struct {
		Error *Error `json:"error"`
	}
	if err := json.NewDecoder(io.LimitReader(res.Body, maxAnswer)).Decode(&out); err != nil || out.Error == nil {
		return fmt.Errorf("bauta answers %s: are both programs of the same version?", res.Status)
	}
	return out.Error
}

// DialSocket connects to a daemon at this socket.
func DialSocket(ctx context.Context, path string) (net.Conn, error) {
	var d net.Dialer
	short, done, err := ShortPath(path)
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

// maxSocketPath is what a sockaddr_un holds on Linux, without the final zero.
const maxSocketPath = 107

// ShortPath returns a name for path that fits a socket address: data folders
// may lie deep. done releases it, after the call that uses it.
func ShortPath(path string) (short string, done func(), err error) {
	if len(path) <= maxSocketPath {
		return path, func() {}, nil
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, err
	}
	short = fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(path))
	return short, func() { dir.Close() }, nil
}

func (c *Client) stream(ctx context.Context, method, path string, body io.Reader) (*http.Response, error) {
	req, err := c.request(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	res, err := (&http.Client{Transport: c.http.Transport, Timeout: BackupLimit}).Do(req)
	if err != nil {
		return nil, plainError(err)
	}
	if res.StatusCode >= 400 {
		defer res.Body.Close()
		return nil, decodeError(res)
	}
	return res, nil
}

// Preview sends a browser's offer of a live preview, as SDP, and returns the answer.
func (c *Client) Preview(ctx context.Context, id media.CameraID, offer string) (answer string, err error) {
	res, err := c.stream(ctx, http.MethodPost, cameraPath(id, "whep"), strings.NewReader(offer))
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return string(b), err
}
