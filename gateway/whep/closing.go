package whep

import (
	"net"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/gateway/connlimit"
)

// closing is a listener that ends with all of its connections: the library's mux would wait
// for those that have not said anything yet.
type closing struct {
	net.Listener
	mu   sync.Mutex
	open map[net.Conn]bool // nil: closed
}

func newClosing(l net.Listener) *closing { return &closing{Listener: l, open: map[net.Conn]bool{}} }

// Accept implements net.Listener.
func (l *closing) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		_ = c.Close()
		return nil, net.ErrClosed
	}
	l.open[c] = true
	return &prompt{Conn: c, of: l}, nil
}

// Close implements net.Listener.
func (l *closing) Close() error {
	err := l.Listener.Close()
	l.mu.Lock()
	open := l.open
	l.open = nil
	l.mu.Unlock()
	for c := range open {
		_ = c.Close()
	}
	return err
}

// prompt is a connection that ends where a packet does not leave in time: half of one would
// spoil all that follow, and the library waits for it while it holds the session.
type prompt struct {
	net.Conn
	of   *closing
	busy sync.Once
}

// Write implements net.Conn.
func (c *prompt) Write(b []byte) (int, error) {
	c.busy.Do(func() { // only who knows a session's secret is answered: newcomers do not get its place
		if limited := connlimit.Find(c.Conn); limited != nil {
			limited.Busy()
		}
	})
	_ = c.SetWriteDeadline(time.Now().Add(writeLimit)) // it fails where the connection is closed, and so does Write
	n, err := c.Conn.Write(b)
	if err != nil {
		_ = c.Close()
	}
	return n, err
}

// Close implements net.Conn.
func (c *prompt) Close() error {
	c.of.mu.Lock()
	delete(c.of.open, c.Conn)
	c.of.mu.Unlock()
	return c.Conn.Close()
}
