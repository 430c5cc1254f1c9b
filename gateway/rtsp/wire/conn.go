// Package wire stands between a camera and the RTSP library: to the library it is a connection to
// a camera without habits. It reads what the camera sends as leniently as RFC 2326 allows and
// further, gives the library well-formed answers only, logs in, answers the camera's own
// requests, and makes one RTP stream of the video's packets, which may come on the connection or by
// UDP. To the library all packets are interleaved. It decodes no video and keeps no settings.
package wire

import (
	"bufio"
	"bytes"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/base"

	"github.com/bauta-gateway/bauta/gateway/challenge"
	"github.com/bauta-gateway/bauta/gateway/rtsp/describe"
)

// maxPending bounds the requests without an answer: some cameras never answer keepalives.
const maxPending = 16

// Config says how to speak with the camera.
type Config struct {
	Login challenge.Login
	// UDP asks for the packets by UDP.
	UDP bool
	// Timeout is for the writing of one request.
	Timeout time.Duration
	// Stray is called for each packet that is none of the video's.
	Stray func()
}

// Conn is a connection to a camera as the library wants it. Read and Close are the library's to
// call; the other methods may be called by any goroutine.
type Conn struct {
	net.Conn
	cfg    Config
	reader *reader
	out    []byte // the rest of what Read has to give
	udp    *datagrams

	writing sync.Mutex // of requests and frames

	mu      sync.Mutex
	auth    challenge.Authorizer
	cseq    int
	pending []*exchange // oldest first
	asked   string      // the transport that SETUP asked for: its channels
	playing bool
	rtp     translator
	video   describe.Video
	cut     bool  // video is known
	fault   error // why there is none
	moved   string
}

// exchange is a request on its way.
type exchange struct {
	req   *base.Request
	cseq  int
	own   base.HeaderValue // the library's CSeq
	tries challenge.Tries
}

// New makes a Conn of a connection that is open, encrypted or not. Closing it closes that one.
func New(conn net.Conn, cfg Config) *Conn {
	c := &Conn{Conn: conn, cfg: cfg, reader: newReader(conn), auth: challenge.Authorizer{Login: cfg.Login}}
	if cfg.UDP {
		c.udp = newDatagrams(c)
	}
	return c
}

// Video is what the camera's description says, once the library has it.
func (c *Conn) Video() (describe.Video, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.video, c.cut
}

// Fault is why the library was given no description or no login although the camera answered: an error of
// package describe, challenge.ErrBasicOnly or a NotRTSPError. nil: no such reason.
func (c *Conn) Fault() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fault
}

// Received reports whether packets of the video have come.
func (c *Conn) Received() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rtp.begun
}

// Moved is the address where the camera sent us, empty if it did not.
func (c *Conn) Moved() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.moved
}

// Digest reports whether the camera has offered a digest login.
func (c *Conn) Digest() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.auth.Digest
}

// Read gives the library answers and frames.
func (c *Conn) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		var err error
		if c.udp != nil {
			c.out, err = c.udp.next()
		} else {
			c.out, err = c.next()
		}
		if err != nil {
			return 0, err
		}
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// next reads one thing from the camera and returns what the library gets of it, which may be
// nothing. It is valid until the next call.
func (c *Conn) next() ([]byte, error) {
	frame, m, err := c.reader.next()
	switch {
	case err != nil:
		c.mu.Lock()
		defer c.mu.Unlock()
		if _, is := err.(*NotRTSPError); is && c.fault == nil {
			c.fault = err
		}
		return nil, err
	case frame != nil:
		return c.interleaved(frame), nil
	case m.status == 0:
		return nil, c.serve(m)
	}
	return c.answered(m)
}

// interleaved returns a frame of the video's channels, nil for others.
func (c *Conn) interleaved(frame []byte) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.playing || c.reader.video < 0 {
		return nil
	}
	switch int(frame[1]) - c.reader.video {
	case 0:
		if isRTCP(frame[4:]) {
			frame[1]++
			c.rtp.rtcp(frame[4:])
			return frame
		}
		if c.rtp.rtp(frame[4:], time.Now()) {
			return frame
		}
	case 1:
		c.rtp.rtcp(frame[4:])
		return frame
	}
	c.cfg.Stray()
	return nil
}

// Write takes the library's requests and frames, each with one call.
func (c *Conn) Write(p []byte) (int, error) {
	if len(p) > 0 && p[0] == '$' {
		return len(p), c.put(p)
	}
	var req base.Request
	if err := req.Unmarshal(bufio.NewReader(bytes.NewReader(p))); err != nil {
		return 0, err
	}
	if err := c.prepare(&req); err != nil {
		return 0, err
	}
	c.mu.Lock()
	x := &exchange{req: &req, own: req.Header["CSeq"]}
	if c.pending = append(c.pending, x); len(c.pending) > maxPending {
		c.pending = c.pending[1:]
	}
	c.mu.Unlock()
	return len(p), c.send(x)
}

// prepare changes what the library asks for into what the camera is asked for.
func (c *Conn) prepare(req *base.Request) error {
	switch req.Method {
	case base.Setup:
		c.mu.Lock()
		c.asked = interleavedOf(first(req.Header["Transport"]))
		c.mu.Unlock()
		if c.udp != nil {
			transport, err := c.udp.open()
			req.Header["Transport"] = base.HeaderValue{transport}
			return err
		}
	case base.Play:
		c.mu.Lock()
		c.playing = true
		c.mu.Unlock()
		if c.udp != nil {
			return c.udp.start()
		}
	}
	return nil
}

// send writes a request with a number of its own and what the camera wants for a login.
func (c *Conn) send(x *exchange) error {
	c.mu.Lock()
	c.cseq++
	x.cseq = c.cseq
	x.req.Header["CSeq"] = base.HeaderValue{strconv.Itoa(x.cseq)}
	delete(x.req.Header, "Authorization")
	if h := c.auth.Header(string(x.req.Method), x.req.URL.CloneWithoutCredentials().String()); h != "" {
		x.req.Header["Authorization"] = base.HeaderValue{h}
	}
	b, err := x.req.Marshal()
	c.mu.Unlock()
	if err != nil {
		return err
	}
	return c.put(b)
}

// put writes to the camera.
func (c *Conn) put(b []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.Conn.SetWriteDeadline(time.Now().Add(c.cfg.Timeout))
	_, err := c.Conn.Write(b)
	return err
}

// SetWriteDeadline does nothing: each write has its own.
func (c *Conn) SetWriteDeadline(time.Time) error { return nil }

// Close ends everything and returns when nothing of it runs any more.
func (c *Conn) Close() error {
	err := c.Conn.Close()
	if c.udp != nil {
		c.udp.close()
	}
	return err
}

func first(v base.HeaderValue) string {
	if len(v) == 0 {
		return ""
	}
	return v[0]
}
