// Package connlimit bounds how many connections a listener holds open and shares
// them fairly among the addresses that they come from: one that opens very many
// takes places from itself, not from others. It bounds lines in the log the same way.
//
// In: connections, and when they are put to use. Out: those that have a place. It owns no
// goroutine but the timers of idle connections. It must never close a busy connection for
// a newcomer, or remember more sources than there are connections or lines to count.
package connlimit

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Limits of a Limiter.
type Limits struct {
	// Total bounds the connections open at once, 1 or more.
	Total int
	// Idle bounds the idle ones of one source: with one more, its oldest is
	// closed. 0 means Total.
	Idle int
	// Busy bounds the busy ones of one source; 0 means Total.
	Busy int
	// IdleTime is how long a connection may be idle at a stretch; 0: for ever.
	IdleTime time.Duration
}

// Limiter holds the connections of a listener. Each is idle until it is put to
// use: idle ones have to make room for newcomers, busy ones never do. Its
// methods may be called from any goroutine.
type Limiter struct {
	limits           Limits
	refused, dropped atomic.Uint64

	mu      sync.Mutex
	open    int
	sources map[string]*source
}

// source is an address with its connections.
type source struct {
	idle []*Conn // the one that has been idle for longest comes first
	busy int
}

// Stats count since the start; Open is now.
type Stats struct {
	Open int
	// Refused connections came while all places were busy; Dropped ones were
	// idle and closed for a newcomer.
	Refused, Dropped uint64
}

// New is empty.
func New(l Limits) *Limiter {
	if l.Idle <= 0 {
		l.Idle = l.Total
	}
	if l.Busy <= 0 {
		l.Busy = l.Total
	}
	return &Limiter{limits: l, sources: map[string]*source{}}
}

// Stats returns the counters.
func (lim *Limiter) Stats() Stats {
	lim.mu.Lock()
	defer lim.mu.Unlock()
	return Stats{Open: lim.open, Refused: lim.refused.Load(), Dropped: lim.dropped.Load()}
}

// Conn is a connection with a place, which its Close gives back.
type Conn struct {
	net.Conn
	limiter *Limiter
	from    string
	timer   *time.Timer // nil without IdleTime

	// The limiter's lock guards these.
	uses  int // 0: idle
	since time.Time
	gone  bool
}

// Admit gives c a place, where need be that of the longest idle connection
// of the source that has most of them. False: all places are busy, and c is closed.
func (lim *Limiter) Admit(c net.Conn) (*Conn, bool) {
	g := &Conn{Conn: c, limiter: lim, from: Source(c.RemoteAddr().String())}
	lim.mu.Lock()
	evict := lim.evict(g.from)
	if lim.open >= lim.limits.Total && evict == nil {
		lim.mu.Unlock()
		lim.refused.Add(1)
		_ = c.Close()
		return nil, false
	}
	if evict != nil {
		lim.remove(evict)
		lim.dropped.Add(1)
	}
	lim.open++
	lim.addIdle(g)
	if lim.limits.IdleTime > 0 {
		g.timer = time.AfterFunc(lim.limits.IdleTime, g.expire)
	}
	lim.mu.Unlock()
	if evict != nil {
		_ = evict.Conn.Close()
	}
	return g, true
}

// evict is the idle connection that a newcomer takes the place of; nil: there
// is room, or no idle one.
func (lim *Limiter) evict(from string) *Conn {
	if s := lim.sources[from]; s != nil && len(s.idle) >= lim.limits.Idle {
		return s.idle[0]
	}
	if lim.open < lim.limits.Total {
		return nil
	}
	var most *source
	for _, s := range lim.sources {
		if len(s.idle) == 0 {
			continue
		}
		if most == nil || len(s.idle) > len(most.idle) || len(s.idle) == len(most.idle) && s.idle[0].since.Before(most.idle[0].since) {
			most = s
		}
	}
	if most == nil {
		return nil
	}
	return most.idle[0]
}

// addIdle puts c among the idle ones of its source. The lock is held.
func (lim *Limiter) addIdle(c *Conn) {
	c.since = time.Now()
	s := lim.sources[c.from]
	if s == nil {
		s = &source{}
		lim.sources[c.from] = s
	}
	s.idle = append(s.idle, c)
}

// dropIdle takes c from among them. The lock is held.
func (lim *Limiter) dropIdle(c *Conn) {
	s := lim.sources[c.from]
	s.idle = slices.DeleteFunc(s.idle, func(one *Conn) bool { return one == c })
}

// remove forgets c. The lock is held.
func (lim *Limiter) remove(c *Conn) {
	if c.gone {
		return
	}
	c.gone = true
	if c.timer != nil {
		c.timer.Stop()
	}
	s := lim.sources[c.from]
	if c.uses > 0 {
		s.busy--
	} else {
		lim.dropIdle(c)
	}
	if s.busy == 0 && len(s.idle) == 0 {
		delete(lim.sources, c.from)
	}
	lim.open--
}

// Busy puts the connection to use, once more where it is in use already. False:
// it is closed, or its source has too many in use.
func (c *Conn) Busy() bool {
	lim := c.limiter
	lim.mu.Lock()
	defer lim.mu.Unlock()
	s := lim.sources[c.from]
	switch {
	case c.gone:
		return false
	case c.uses > 0:
	case s.busy >= lim.limits.Busy:
		return false
	default:
		lim.dropIdle(c)
		s.busy++
		if c.timer != nil {
			c.timer.Stop()
		}
	}
	c.uses++
	return true
}

// Idle ends one use. Each Busy that was true needs one.
func (c *Conn) Idle() {
	lim := c.limiter
	lim.mu.Lock()
	defer lim.mu.Unlock()
	if c.gone {
		return
	}
	if c.uses--; c.uses > 0 {
		return
	}
	lim.sources[c.from].busy--
	lim.addIdle(c)
	if c.timer != nil {
		c.timer.Reset(lim.limits.IdleTime)
	}
}

// expire closes a connection that is idle for too long, and not one that was put to
// use while its time ran out.
func (c *Conn) expire() {
	lim := c.limiter
	lim.mu.Lock()
	idle := c.uses == 0
	if idle {
		lim.remove(c)
	}
	lim.mu.Unlock()
	if idle {
		_ = c.Conn.Close()
	}
}

// Source is the connection's.
func (c *Conn) Source() string { return c.from }

// Close gives the place back.
func (c *Conn) Close() error {
	c.limiter.mu.Lock()
	c.limiter.remove(c)
	c.limiter.mu.Unlock()
	return c.Conn.Close()
}

// Find returns the counted connection below c, such as a TLS connection; nil: there is none.
func Find(c net.Conn) *Conn {
	for {
		switch t := c.(type) {
		case *Conn:
			return t
		case interface{ NetConn() net.Conn }: // a *tls.Conn is one
			c = t.NetConn()
		default:
			return nil
		}
	}
}

// Source is the part of a remote address that one attacker has: all of an
// IPv4 address, the first 64 bits of an IPv6 one.
func Source(remote string) string {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	a := ap.Addr().Unmap()
	if a.Is6() {
		p, _ := a.WithZone("").Prefix(64) // 64 bits always fit
		return p.String()
	}
	return a.String()
}

// listener gives each connection a place.
type listener struct {
	net.Listener
	limiter *Limiter
}

// Listen has the limiter's limits hold for l. What has no place is closed.
func (lim *Limiter) Listen(l net.Listener) net.Listener { return listener{l, lim} }

// Accept implements net.Listener.
func (l listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if g, ok := l.limiter.Admit(c); ok {
			return g, nil
		}
	}
}

type contextKey struct{}

// InContext is an http.Server's ConnContext: Use finds the connection again.
func InContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, contextKey{}, Find(c))
}

// Use keeps the connection of a request busy until done is called.
func Use(ctx context.Context) (done func()) {
	g, _ := ctx.Value(contextKey{}).(*Conn)
	if g == nil || !g.Busy() {
		return func() {}
	}
	return g.Idle
}
