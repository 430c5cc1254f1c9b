package rtsp

import (
	"context"
	"crypto/tls"
	"net"
	"net/url"
	"time"

	"github.com/bauta-gateway/bauta/gateway/rtsp/tunnel"
	"github.com/bauta-gateway/bauta/gateway/rtsp/wire"
)

// Learned is what a connection has shown of a camera that its SourceConfig did not have yet.
type Learned struct {
	// Fingerprint is the SHA-256 of a certificate that nobody vouched for and that was taken on
	// first use, in lower-case hex; empty: none. It should be pinned from now on.
	Fingerprint string
	// Secure says that the camera knows digest logins or TLS: it should never be sent a password
	// in clear again.
	Secure bool
}

// learned is empty where there is nothing new.
func (l *cameraLink) learned() Learned {
	l.mu.Lock()
	defer l.mu.Unlock()
	secure := l.target.encrypted || l.tunnelled || l.conn != nil && l.conn.Digest()
	return Learned{Fingerprint: l.pinned, Secure: secure && !l.target.seenSecure}
}

// dial connects and bounds the time for everything before the first packet:
// the library itself would wait forever on a peer that drips bytes.
func (l *cameraLink) dial(ctx context.Context) (net.Conn, error) {
	until := time.Now().Add(l.pace.opening)
	conn, err := l.dialBase(ctx, until)
	if err != nil {
		return nil, err
	}
	w := wire.New(conn, wire.Config{
		Login: l.target.loginOver(), UDP: l.transport == overUDP, Timeout: l.pace.request,
		Stray: func() { l.count.stray.Add(1) },
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shut {
		w.Close()
		return nil, net.ErrClosed
	}
	l.conn, l.base = w, conn
	conn.SetReadDeadline(until)
	return w, nil
}

func (l *cameraLink) dialBase(ctx context.Context, until time.Time) (net.Conn, error) {
	if l.transport != overHTTP {
		return l.dialOne(ctx, l.target.address(false), until)
	}
	t := l.target
	c, err := tunnel.Open(ctx, tunnel.Config{
		Dial: func(ctx context.Context) (net.Conn, error) { return l.dialOne(ctx, t.address(true), until) },
		Host: t.address(true), Path: (*url.URL)(t.url).RequestURI(),
		Login: t.loginOver(), Timeout: l.pace.request,
	})
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.tunnelled = c.Digest()
	l.mu.Unlock()
	return c, nil
}

// dialOne makes one connection, encrypted where the address says so.
func (l *cameraLink) dialOne(ctx context.Context, address string, until time.Time) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, &dialError{err}
	}
	if !l.target.encrypted {
		return conn, nil
	}
	conn.SetDeadline(until)
	secure := tls.Client(conn, l.target.tlsConfig(func(pin string) {
		l.mu.Lock()
		l.pinned = pin
		l.mu.Unlock()
	}))
	if err := secure.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	conn.SetDeadline(time.Time{})
	return secure, nil
}

func (l *cameraLink) limitReading(until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.base != nil && !l.shut {
		l.base.SetReadDeadline(until)
	}
}

// wire is the connection, nil before there is one.
func (l *cameraLink) wire() *wire.Conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.conn
}

// moved is where the camera sent us, empty if it did not.
func (l *cameraLink) moved() string {
	if w := l.wire(); w != nil {
		return w.Moved()
	}
	return ""
}

// explain turns what went wrong into a reason: the connection knows more of it than the library's error.
func (l *cameraLink) explain(err error) *Error {
	if w := l.wire(); w != nil {
		if fault := w.Fault(); fault != nil {
			return l.target.explainFault(fault)
		}
	}
	return l.target.explain(err)
}
