// Package oddcamera is a camera for tests that misbehaves as real ones were reported to.
//
// In: a video file or nothing, of which ffmpeg makes short clips once for each run of the
// tests. Out: one address for each habit, over RTSP (TCP and UDP), RTSPS and RTSP over HTTP.
// Its goroutines belong to the Camera and end with the test. It speaks the protocol by itself:
// a library would not let it do wrong. It listens on loopback only.
package oddcamera

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"sync"
	"testing"
)

// Options are the same for all modes; the zero value is a small camera for quick tests.
type Options struct {
	// Clip is a video file to show; empty: a test image.
	Clip string
	// Width, Height and FPS are those of modes that have none of their own; 0: 320x180 and 10.
	Width, Height, FPS int
	// Seconds is how long the clip is before it begins again; 0: 2, and 1 for large frames.
	Seconds int
	// Paths has modes at more paths, such as /stream1 of a maker; nil: none.
	Paths map[string]string
	// User and Password are those of modes with a login; empty: admin and secret.
	User, Password string
}

func (o *Options) complete() {
	if o.Width == 0 || o.Height == 0 {
		o.Width, o.Height = 320, 180
	}
	if o.FPS == 0 {
		o.FPS = 10
	}
	if o.User == "" {
		o.User, o.Password = "admin", "secret"
	}
}

// Camera serves all modes at once, each at a path of its own.
type Camera struct {
	tb    testing.TB
	opts  Options
	modes map[string]Mode

	plain, encrypted net.Listener
	ctx              context.Context
	cancel           context.CancelFunc
	wg               sync.WaitGroup

	mu       sync.Mutex
	open     map[net.Conn]bool
	tunnels  map[string]*output // by cookie: where answers go
	requests map[string][]string
}

// Start starts a camera that ends with the test.
func Start(tb testing.TB, opts Options) *Camera {
	tb.Helper()
	opts.complete()
	c := &Camera{tb: tb, opts: opts, modes: map[string]Mode{}, open: map[net.Conn]bool{}, tunnels: map[string]*output{}, requests: map[string][]string{}}
	for _, m := range Modes() {
		c.modes[m.Name] = m
	}
	var err error
	if c.plain, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		tb.Fatal(err)
	}
	if c.encrypted, err = tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{selfSigned(tb)}}); err != nil {
		c.plain.Close()
		tb.Fatal(err)
	}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	for _, l := range []net.Listener{c.plain, c.encrypted} {
		c.wg.Go(func() { c.accept(l) })
	}
	tb.Cleanup(c.Close)
	return c
}

// Close ends all connections and returns when nothing runs any more.
func (c *Camera) Close() {
	c.cancel()
	c.plain.Close()
	c.encrypted.Close()
	c.mu.Lock()
	for conn := range c.open {
		conn.Close()
	}
	c.mu.Unlock()
	c.wg.Wait()
}

// URL is the address of a mode, without a login.
func (c *Camera) URL(mode string) string {
	m, ok := c.modes[mode]
	if !ok {
		c.tb.Fatalf("oddcamera has no mode %q: Modes lists them", mode)
	}
	scheme, at := m.scheme, c.plain.Addr()
	switch scheme {
	case "":
		scheme = "rtsp"
	case "rtsps", "rtspx", "rtsps+http":
		at = c.encrypted.Addr()
	}
	return scheme + "://" + at.String() + "/" + mode + m.query
}

// Login is the user and password of a mode, both empty where it asks for none.
func (c *Camera) Login(mode string) (user, password string) {
	if !c.modes[mode].NeedsLogin() {
		return "", ""
	}
	return c.opts.User, c.opts.Password
}

// Requests are the first lines of what a mode was asked so far.
func (c *Camera) Requests(mode string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.requests[mode])
}

// host is where the mode's other addresses point to.
func (c *Camera) host() string { return c.plain.Addr().String() }

func (c *Camera) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		if !c.admit(conn) {
			return
		}
		c.wg.Go(func() {
			newConn(c, conn).serve()
			c.mu.Lock()
			delete(c.open, conn)
			c.mu.Unlock()
		})
	}
}

// admit keeps the connection, so that Close finds it.
func (c *Camera) admit(conn net.Conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() != nil {
		conn.Close()
		return false
	}
	c.open[conn] = true
	return true
}

func (c *Camera) note(mode, line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.requests[mode]) < 1000 {
		c.requests[mode] = append(c.requests[mode], line)
	}
}
