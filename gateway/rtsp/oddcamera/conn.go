package oddcamera

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
)

// output is where a connection's answers and packets go; of a tunnel that is another one.
type output struct {
	mu   sync.Mutex
	conn net.Conn
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
	return o.conn.Write(b)
}

// conn is one connection of a client and what it set up. One goroutine reads it, a second one
// plays; serve waits for both.
type conn struct {
	camera *Camera
	net    net.Conn
	in     *bufio.Reader
	out    *output
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mode      Mode
	chosen    bool
	tunnelled bool
	playing   bool
	session   string
	nonces    nonces
	channel   byte
	udp, rtcp *net.UDPConn
}

func newConn(c *Camera, n net.Conn) *conn {
	ctx, cancel := context.WithCancel(c.ctx)
	return &conn{camera: c, net: n, in: bufio.NewReader(n), out: &output{conn: n}, ctx: ctx, cancel: cancel, session: rand.Text()[:8]}
}

// request is what a client asks.
type request struct {
	line         string
	method, url  string
	overHTTP     bool
	headers      map[string]string // by lower-case name
	isAnAnswer   bool
	path, choice string // of the address: all of it, and the first part of it
}

func (c *conn) serve() {
	defer func() {
		c.cancel()
		c.net.Close()
		if c.udp != nil {
			c.udp.Close()
			c.rtcp.Close()
		}
		c.wg.Wait()
	}()
	for c.ctx.Err() == nil {
		r, err := c.read()
		if err != nil {
			return
		}
		if r.isAnAnswer {
			continue
		}
		c.choose(r)
		if r.overHTTP {
			if !c.tunnel(r) {
				return
			}
			continue
		}
		if !c.respond(r) {
			return
		}
	}
}

// choose takes the mode that the address names; the others keep the one before.
func (c *conn) choose(r *request) {
	for path, mode := range c.camera.opts.Paths {
		if strings.HasPrefix("/"+r.path+"/", path+"/") {
			r.choice = mode
		}
	}
	if m, ok := c.camera.modes[r.choice]; ok {
		c.mode, c.chosen = m, true
	}
	c.camera.note(c.mode.Name, r.line)
}

// read returns the next request; what the client sends of RTCP is skipped.
func (c *conn) read() (*request, error) {
	for {
		b, err := c.in.Peek(1)
		if err != nil {
			return nil, err
		}
		switch b[0] {
		case '$':
			if err := c.skipPacket(); err != nil {
				return nil, err
			}
		case '\r', '\n':
			c.in.ReadByte()
		default:
			return c.readRequest()
		}
	}
}

func (c *conn) skipPacket() error {
	var head [4]byte
	if _, err := io.ReadFull(c.in, head[:]); err != nil {
		return err
	}
	_, err := c.in.Discard(int(binary.BigEndian.Uint16(head[2:])))
	return err
}

func (c *conn) readRequest() (*request, error) {
	line, err := c.readLine()
	if err != nil {
		return nil, err
	}
	r := &request{line: line, headers: map[string]string{}, isAnAnswer: strings.HasPrefix(line, "RTSP/")}
	parts := strings.Fields(line)
	if len(parts) != 3 && !r.isAnAnswer {
		return nil, errors.New("no request")
	}
	if !r.isAnAnswer {
		r.method, r.url, r.overHTTP = parts[0], parts[1], strings.HasPrefix(parts[2], "HTTP/")
		r.locate()
	}
	for {
		line, err := c.readLine()
		if err != nil {
			return nil, err
		}
		if line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		r.headers[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
	}
	if n, _ := strconv.Atoi(r.headers["content-length"]); n > 0 && !r.overHTTP {
		_, err = c.in.Discard(min(n, 1<<20))
	}
	return r, err
}

func (c *conn) readLine() (string, error) {
	line, err := c.in.ReadSlice('\n')
	return strings.TrimRight(string(line), "\r\n"), err
}

// locate takes the address apart, wherever it points to.
func (r *request) locate() {
	_, rest, found := strings.Cut(r.url, "://")
	if found {
		_, r.path, _ = strings.Cut(rest, "/")
	} else {
		r.path = strings.TrimPrefix(r.url, "/")
	}
	r.choice = r.path
	if i := strings.IndexAny(r.choice, "/?"); i >= 0 {
		r.choice = r.choice[:i]
	}
}
