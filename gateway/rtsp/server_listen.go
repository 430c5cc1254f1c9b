package rtsp

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/gateway/backoff"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/ports"
	"github.com/bauta-gateway/bauta/gateway/rtsp/tunnel"
)

// sharedListener is one net.Listener made of several: plain and TLS, RTSP and RTSP through
// HTTP, which the first bytes tell apart. It bounds the connections open at once and
// outlives passing errors of accept, which would end gortsplib's server for good.
type sharedListener struct {
	limiter  *connlimit.Limiter
	tunnels  *tunnel.Server
	log      *slog.Logger
	fullLog  connlimit.LogLimiter
	accepted chan net.Conn
	closed   chan struct{}
	once     sync.Once
	wg       sync.WaitGroup
	lns      []net.Listener // complete before the first Accept
}

func newSharedListener(limits connlimit.Limits, log *slog.Logger) *sharedListener {
	d := &sharedListener{limiter: connlimit.New(limits), log: log, accepted: make(chan net.Conn), closed: make(chan struct{})}
	d.tunnels = tunnel.NewServer(d.pass)
	return d
}

// open adds a listener, with TLS where conf is given, and returns its real address.
func (d *sharedListener) open(want ports.Want, conf *tls.Config) (string, error) {
	ln, err := ports.TCP(want)
	if err != nil {
		return "", fmt.Errorf("listen for viewers: %w", err)
	}
	d.lns = append(d.lns, ln)
	d.wg.Go(func() { d.accept(ln, conf) })
	return ln.Addr().String(), nil
}

// acceptPause is for a passing shortage, such as of descriptors.
var acceptPause = backoff.Bounds{First: time.Millisecond, Longest: time.Second}

func (d *sharedListener) accept(ln net.Listener, conf *tls.Config) {
	for failures := 0; ; {
		c, err := ln.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			d.log.Warn("a viewer's connection failed", "err", err)
			if failures++; !d.wait(acceptPause.After(failures)) {
				return
			}
			continue
		}
		failures = 0
		d.admit(c, conf)
	}
}

func (d *sharedListener) wait(pause time.Duration) bool {
	select {
	case <-time.After(pause):
		return true
	case <-d.closed:
		return false
	}
}

// admit has c served by what it begins with, or closes it where all places are taken by viewers.
func (d *sharedListener) admit(raw net.Conn, conf *tls.Config) {
	g, ok := d.limiter.Admit(raw)
	if !ok {
		from := connlimit.Source(raw.RemoteAddr().String())
		if muted, ok := d.fullLog.Allow(from); ok {
			d.log.Warn("all connections are taken by viewers: one more was refused", "from", from, "muted", muted)
		}
		return
	}
	c := net.Conn(g)
	if conf != nil {
		c = tls.Server(c, conf)
	}
	d.wg.Go(func() { d.tunnels.Serve(tunnel.Peer{Conn: c, Place: g, Source: g.Source()}) })
}

// pass hands a connection to Accept.
func (d *sharedListener) pass(c net.Conn) {
	select {
	case d.accepted <- c:
	case <-d.closed:
		_ = c.Close()
	}
}

// Accept implements net.Listener.
func (d *sharedListener) Accept() (net.Conn, error) {
	select {
	case c := <-d.accepted:
		return c, nil
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

// Addr implements net.Listener.
func (d *sharedListener) Addr() net.Addr { return d.lns[0].Addr() }

// placeOf is what a connection takes of the limits; nil: nothing.
func placeOf(c net.Conn) place {
	if t, ok := c.(*tunnel.Tunnel); ok {
		return t
	}
	if g := connlimit.Find(c); g != nil {
		return g
	}
	return nil
}

// plain reports whether a viewer came neither by TLS nor through HTTP. To others video
// goes within their connection alone: it would go in clear beside it, or not arrive.
func plain(c net.Conn) bool {
	for {
		switch t := c.(type) {
		case *tls.Conn, *tunnel.Tunnel:
			return false
		case interface{ NetConn() net.Conn }:
			c = t.NetConn()
		default:
			return true
		}
	}
}

// Close implements net.Listener; it waits for the accepting goroutines.
func (d *sharedListener) Close() error {
	d.once.Do(func() {
		close(d.closed)
		for _, ln := range d.lns {
			_ = ln.Close()
		}
		d.tunnels.Close()
	})
	d.wg.Wait()
	return nil
}
