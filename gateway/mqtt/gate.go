package mqtt

import (
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2/listeners"
)

const (
	greeting    = 10 * time.Second // for a guest's first packet
	readingTime = 5 * time.Second  // for a guest to take what it was sent
)

// gate is the embedded broker's listener. Unlike those that come with the
// server it bounds the number of connections and the patience with a silent
// or deaf one, and its Close ends them all and waits for that.
type gate struct {
	ln    net.Listener
	limit int
	done  chan struct{}
	all   sync.WaitGroup // Serve and every guest

	mu     sync.Mutex
	guests map[net.Conn]struct{} // nil once closed
}

// newGate takes ln over. Serve must be called once before Close.
func newGate(ln net.Listener, limit int) *gate {
	g := &gate{ln: ln, limit: limit, done: make(chan struct{}), guests: map[net.Conn]struct{}{}}
	g.all.Add(1)
	return g
}

// Init, ID, Address and Protocol are what the server wants to know.
func (g *gate) Init(*slog.Logger) error { return nil }

// ID names the gate.
func (g *gate) ID() string { return "loopback" }

// Address is the host:port it listens on.
func (g *gate) Address() string { return g.ln.Addr().String() }

// Protocol is TCP.
func (g *gate) Protocol() string { return "tcp" }

// Serve takes connections until Close. It outlives a passing shortage of
// descriptors, after which nobody would call it again.
func (g *gate) Serve(establish listeners.EstablishFn) {
	defer g.all.Done()
	for {
		conn, err := g.ln.Accept()
		if err == nil {
			g.admit(conn, establish)
			continue
		}
		if errors.Is(err, net.ErrClosed) {
			return
		}
		select {
		case <-g.done:
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// admit takes conn over; without room it closes it.
func (g *gate) admit(conn net.Conn, establish listeners.EstablishFn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.guests == nil || len(g.guests) >= g.limit {
		conn.Close()
		return
	}
	g.guests[conn] = struct{}{}
	g.all.Go(func() {
		defer g.leave(conn)
		// The server sets its own deadline after the first packet.
		conn.SetDeadline(time.Now().Add(greeting))
		_ = establish(g.ID(), guest{conn}) // how a stranger ended is of no interest
	})
}

func (g *gate) leave(conn net.Conn) {
	conn.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.guests, conn)
}

// Close stops listening, cuts all connections and returns when the server is
// done with each. The server's own way of ending them, which comes as a
// parameter, can lock up while one leaves by itself, so it is not used.
func (g *gate) Close(listeners.CloseFn) {
	g.mu.Lock()
	guests := g.guests
	g.guests = nil
	g.mu.Unlock()
	if guests == nil {
		return
	}
	close(g.done)
	g.ln.Close()
	for conn := range guests {
		conn.Close()
	}
	g.all.Wait()
}

// guest is a connection that is cut when its owner does not read.
type guest struct{ net.Conn }

func (c guest) Write(b []byte) (int, error) {
	c.SetWriteDeadline(time.Now().Add(readingTime))
	n, err := c.Conn.Write(b)
	if err != nil {
		c.Close()
	}
	return n, err
}
