// Package tunnel carries RTSP through HTTP where a network lets only HTTP pass (QuickTime's
// way, ONVIF streaming specification 5.1.1.4): the server's bytes go as the endless body of a GET, the
// client's as the body of a POST in base64. Open does it as client of a camera, a Server as
// that of our viewers.
//
// In: connections. Out: one connection for each two of them. Its only goroutines are those
// that call Server.Serve. It knows nothing of what goes through, and never waits for a
// half longer than the limits of the listener let it.
package tunnel

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/gateway/challenge"
)

const (
	contentType = "application/x-rtsp-tunnelled"
	// postLength is what everyone writes; nobody holds it against the sender.
	postLength = 32767
	maxTries   = 3
)

// Config says where the tunnel leads.
type Config struct {
	// Dial opens one connection to the camera's web server, encrypted or not.
	Dial func(ctx context.Context) (net.Conn, error)
	// Host is the value of the header, with the port; Path begins with a slash and includes the query.
	Host, Path string
	// Login is used where the web server asks for one.
	Login challenge.Login
	// Timeout is for the answer of the web server.
	Timeout time.Duration
}

// StatusError is the refusal of a web server.
type StatusError struct {
	Code   int
	Phrase string
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("the camera's web server answered %d (%s)", e.Code, e.Phrase)
}

// Conn is the tunnel. Its Read reads the GET's connection, its Write writes to the POST's.
type Conn struct {
	net.Conn // of the GET
	reader   *bufio.Reader
	post     net.Conn
	writing  sync.Mutex
	digest   bool
}

// Digest reports whether the web server asked for a digest.
func (c *Conn) Digest() bool { return c.digest }

// Open makes both connections. An error is a StatusError where the web server refused, or
// challenge.ErrBasicOnly.
func Open(ctx context.Context, cfg Config) (*Conn, error) {
	t := &opening{cfg: cfg, cookie: rand.Text(), auth: challenge.Authorizer{Login: cfg.Login}}
	c, err := t.get(ctx)
	if err != nil {
		return nil, err
	}
	if c.post, err = cfg.Dial(ctx); err != nil {
		c.Conn.Close()
		return nil, err
	}
	c.digest = t.auth.Digest
	head := t.request(http.MethodPost, "Content-Type: "+contentType+"\r\nContent-Length: "+fmt.Sprint(postLength)+
		"\r\nExpires: Sun, 9 Jan 1972 00:00:00 GMT\r\n")
	c.post.SetWriteDeadline(time.Now().Add(cfg.Timeout))
	if _, err := c.post.Write([]byte(head)); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// opening is a tunnel on its way.
type opening struct {
	cfg    Config
	cookie string // names the two connections as one
	auth   challenge.Authorizer
}

// get opens the connection that the camera's bytes come on; a refused login is tried again on a new one.
func (t *opening) get(ctx context.Context) (*Conn, error) {
	var tries challenge.Tries
	for try := 1; ; try++ {
		conn, err := t.cfg.Dial(ctx)
		if err != nil {
			return nil, err
		}
		res, reader, err := t.ask(ctx, conn)
		if err == nil && res.StatusCode == http.StatusOK {
			conn.SetDeadline(time.Time{})
			return &Conn{Conn: conn, reader: reader}, nil
		}
		conn.Close()
		if err != nil {
			return nil, err
		}
		again := false
		if res.StatusCode == http.StatusUnauthorized && try < maxTries {
			if again, err = t.auth.Refused(res.Header.Values("WWW-Authenticate"), &tries); err != nil {
				return nil, err
			}
		}
		if !again {
			_, phrase, _ := strings.Cut(res.Status, " ")
			return nil, &StatusError{res.StatusCode, phrase}
		}
	}
}

// ask sends the GET and reads the head of the answer, whose body never ends.
func (t *opening) ask(ctx context.Context, conn net.Conn) (*http.Response, *bufio.Reader, error) {
	conn.SetDeadline(time.Now().Add(t.cfg.Timeout))
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(time.Now()) })()
	if _, err := conn.Write([]byte(t.request(http.MethodGet, "Accept: "+contentType+"\r\n"))); err != nil {
		return nil, nil, err
	}
	reader := bufio.NewReaderSize(&headLimit{conn, maxHead}, 4<<10)
	res, err := http.ReadResponse(reader, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("the camera's web server cannot be understood: %w", err)
	}
	return res, bufio.NewReaderSize(&rest{reader, conn}, 4<<10), nil
}

func (t *opening) request(method, lines string) string {
	head := method + " " + t.cfg.Path + " HTTP/1.0\r\nHost: " + t.cfg.Host + "\r\nUser-Agent: bauta\r\nx-sessioncookie: " + t.cookie +
		"\r\nPragma: no-cache\r\nCache-Control: no-cache\r\n" + lines
	if a := t.auth.Header(method, t.cfg.Path); a != "" {
		head += "Authorization: " + a + "\r\n"
	}
	return head + "\r\n"
}

// maxHead bounds the head of an answer in bytes.
const maxHead = 64 << 10

var errHead = errors.New("the head of the answer is too long")

// headLimit ends an answer whose head does not.
type headLimit struct {
	conn net.Conn
	left int
}

func (h *headLimit) Read(p []byte) (int, error) {
	if h.left <= 0 {
		return 0, errHead
	}
	n, err := h.conn.Read(p[:min(len(p), h.left)])
	h.left -= n
	return n, err
}

// rest reads what came behind the head, then the connection.
type rest struct {
	head *bufio.Reader
	conn net.Conn
}

func (r *rest) Read(p []byte) (int, error) {
	if n := r.head.Buffered(); n > 0 {
		return r.head.Read(p[:min(len(p), n)])
	}
	return r.conn.Read(p)
}

// Read gives the camera's bytes.
func (c *Conn) Read(p []byte) (int, error) { return c.reader.Read(p) }

// Write sends bytes in base64, padded each time: cameras decode request by request.
func (c *Conn) Write(p []byte) (int, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if _, err := c.post.Write([]byte(base64.StdEncoding.EncodeToString(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// SetWriteDeadline is that of the POST's connection, SetDeadline that of both.
func (c *Conn) SetWriteDeadline(at time.Time) error { return c.post.SetWriteDeadline(at) }

func (c *Conn) SetDeadline(at time.Time) error {
	return errors.Join(c.Conn.SetReadDeadline(at), c.post.SetWriteDeadline(at))
}

// Close closes both.
func (c *Conn) Close() error { return errors.Join(c.post.Close(), c.Conn.Close()) }
