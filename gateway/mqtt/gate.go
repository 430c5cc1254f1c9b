package mqtt

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"
	"golang.org/x/time/rate"

	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/topics"
)

// readingTime is what a client has to take what it was sent.
const readingTime = 5 * time.Second

// gate is the embedded broker's listener. Unlike those that come with the
// server it bounds the number of connections, shares them among the addresses
// that they come from, soon ends one that sends or reads nothing, and its
// Close ends them all and waits for that.
type gate struct {
	ln      net.Listener
	tls     *tls.Config // nil for plain TCP
	limiter *connlimit.Limiter
	done    chan struct{}
	all     sync.WaitGroup // Serve and every connection

	mu    sync.Mutex
	conns map[net.Conn]struct{} // nil once closed

	ready     chan struct{} // closed when establish is set
	establish listeners.EstablishFn
}

// newGate takes ln over. Serve must be called once before Close.
func newGate(ln net.Listener, conf *tls.Config) *gate {
	g := &gate{ln: ln, tls: conf, done: make(chan struct{}), conns: map[net.Conn]struct{}{}, ready: make(chan struct{}),
		limiter: connlimit.New(connlimit.Limits{Total: MaxClients, Idle: MaxGreeting, Busy: MaxClientsOfOne, IdleTime: Greeting})}
	g.all.Add(1)
	return g
}

// Init, ID, Address and Protocol are what the server wants to know.
func (g *gate) Init(*slog.Logger) error { return nil }

// ID names the gate.
func (g *gate) ID() string { return "gate" }

// Address is the host:port it listens on.
func (g *gate) Address() string { return g.ln.Addr().String() }

// Protocol is TCP.
func (g *gate) Protocol() string { return "tcp" }

// Serve takes connections until Close. It outlives a passing shortage of
// descriptors, after which nobody would call it again.
func (g *gate) Serve(establish listeners.EstablishFn) {
	defer g.all.Done()
	g.establish = establish
	close(g.ready)
	for {
		conn, err := g.ln.Accept()
		if err == nil {
			g.admit(conn)
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

// admit takes conn over; where there is no room it closes it.
func (g *gate) admit(raw net.Conn) {
	counted, ok := g.limiter.Admit(raw)
	if !ok {
		return
	}
	c := &brokerConn{Conn: counted, counted: counted, rate: rate.NewLimiter(PublishRate, PublishBurst)}
	if g.tls != nil {
		c.Conn = tls.Server(counted, g.tls)
	}
	if !g.serve(c) {
		c.Close()
	}
}

// serve has the server talk to a client until it leaves; false: the gate is closed.
func (g *gate) serve(c *brokerConn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.conns == nil {
		return false
	}
	g.conns[c] = struct{}{}
	g.all.Go(func() {
		defer g.leave(c)
		// The server sets its own deadline after the first packet.
		c.SetDeadline(time.Now().Add(Greeting))
		_ = g.establish(g.ID(), c) // how a stranger ended is of no interest
	})
	return true
}

// Dial connects from within the process: not counted, and however many others there
// are.
func (g *gate) Dial(ctx context.Context) (net.Conn, error) {
	select {
	case <-g.ready:
	case <-g.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	here, there, err := socketPair()
	if err != nil {
		return nil, fmt.Errorf("reach the embedded broker: %w", err)
	}
	if !g.serve(&brokerConn{Conn: there, inside: true}) {
		return nil, errors.Join(net.ErrClosed, here.Close(), there.Close())
	}
	return here, nil
}

// socketPair is a connection of this process with itself. It has buffers, as a
// net.Pipe has not.
func socketPair() (a, b net.Conn, err error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	x, y := os.NewFile(uintptr(fds[0]), "mqtt"), os.NewFile(uintptr(fds[1]), "mqtt")
	defer x.Close()
	defer y.Close()
	if a, err = net.FileConn(x); err != nil {
		return nil, nil, err
	}
	if b, err = net.FileConn(y); err != nil {
		return nil, nil, errors.Join(err, a.Close())
	}
	return a, b, nil
}

func (g *gate) leave(conn net.Conn) {
	conn.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.conns, conn)
}

// Close stops listening, cuts all connections and returns when the server is
// done with each. The server's own way of ending them, which comes as a
// parameter, can lock up while one leaves by itself, so it is not used.
func (g *gate) Close(listeners.CloseFn) {
	g.mu.Lock()
	conns := g.conns
	g.conns = nil
	g.mu.Unlock()
	if conns == nil {
		return
	}
	close(g.done)
	g.ln.Close()
	for conn := range conns {
		conn.Close()
	}
	g.all.Wait()
}

// brokerConn is a connection that is cut when its owner does not read.
type brokerConn struct {
	net.Conn
	counted *connlimit.Conn // nil inside
	inside  bool            // it is this very process
	may     topics.May      // set when the login was proved
	rate    *rate.Limiter   // of what it publishes
	// awaiting are the filters of the subscription at hand whose retained messages are
	// wanted; the connection's own goroutine has it.
	awaiting []packets.Subscription
}

func (c *brokerConn) Write(b []byte) (int, error) {
	c.SetWriteDeadline(time.Now().Add(readingTime))
	n, err := c.Conn.Write(b)
	if err != nil {
		c.Close()
	}
	return n, err
}

// Close cuts the connection below TLS, whose closing alert could wait for a client that does not read.
func (c *brokerConn) Close() error {
	if c.counted != nil {
		return c.counted.Close()
	}
	return c.Conn.Close()
}

// source is whom the limits count a connection for.
func (c *brokerConn) source() string {
	if c.inside {
		return "gateway"
	}
	return c.counted.Source()
}

// local reports whether it comes from this host.
func (c *brokerConn) local() bool {
	if c.inside {
		return true
	}
	from, err := netip.ParseAddrPort(c.RemoteAddr().String())
	return err == nil && from.Addr().Unmap().IsLoopback()
}
