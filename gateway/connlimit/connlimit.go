// Package connlimit bounds how many connections a listener holds open and shares
// them fairly among the addresses that they come from: one that opens very many
// takes places from itself, not from others.
package connlimit

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
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
func (r *Limiter) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Stats{Open: r.open, Refused: r.refused.Load(), Dropped: r.dropped.Load()}
}

// Conn is a connection with a place, which its Close gives back.
type Conn struct {
	net.Conn
	limiter *Limiter
	from    string
	timer   *time.Timer // nil without IdleTime

	// The room's lock guards these.
	uses  int // 0: idle
	since time.Time
	gone  bool
}

// Admit gives c a place, where need be that of the longest idle connection
// of the source that has most of them. False: all places are busy, and c is closed.
func (r *Limiter) Admit(c net.Conn) (*Conn, bool) {
	g := &Conn{Conn: c, limiter: r, from: Source(c.RemoteAddr().String())}
	r.mu.Lock()
	evict := r.evict(g.from)
	if r.open >= r.limits.Total && evict == nil {
		r.mu.Unlock()
		r.refused.Add(1)
		_ = c.Close()
		return nil, false
	}
	if evict != nil {
		r.remove(evict)
		r.dropped.Add(1)
	}
	r.open++
	r.addIdle(g)
	if r.limits.IdleTime > 0 {
		g.timer = time.AfterFunc(r.limits.IdleTime, func() { _ = g.Close() })
	}
	r.mu.Unlock()
	if evict != nil {
		_ = evict.Conn.Close()
	}
	return g, true
}

// evict is the idle connection that a newcomer takes the place of; nil: there
// is room, or no idle one.
func (r *Limiter) evict(from string) *Conn {
	if s := r.sources[from]; s != nil && len(s.idle) >= r.limits.Idle {
		return s.idle[0]
	}
	if r.open < r.limits.Total {
		return nil
	}
	var most *source
	for _, s := range r.sources {
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

// addIdle puts g among the idle ones of its source. The lock is held.
func (r *Limiter) addIdle(g *Conn) {
	g.since = time.Now()
	s := r.sources[g.from]
	if s == nil {
		s = &source{}
		r.sources[g.from] = s
	}
	s.idle = append(s.idle, g)
}

// dropIdle takes g from among them. The lock is held.
func (r *Limiter) dropIdle(g *Conn) {
	s := r.sources[g.from]
	for i, one := range s.idle {
		if one == g {
			s.idle = append(s.idle[:i:i], s.idle[i+1:]...)
			return
		}
	}
}

// remove takes g off the books. The lock is held.
func (r *Limiter) remove(g *Conn) {
	if g.gone {
		return
	}
	g.gone = true
	if g.timer != nil {
		g.timer.Stop()
	}
	s := r.sources[g.from]
	if g.uses > 0 {
		s.busy--
	} else {
		r.dropIdle(g)
	}
	if s.busy == 0 && len(s.idle) == 0 {
		delete(r.sources, g.from)
	}
	r.open--
}

// Busy puts the connection to use, once more where it is in use already. False:
// it is closed, or its source has too many in use.
func (g *Conn) Busy() bool {
	r := g.limiter
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.sources[g.from]
	switch {
	case g.gone:
		return false
	case g.uses > 0:
	case s.busy >= r.limits.Busy:
		return false
	default:
		r.dropIdle(g)
		s.busy++
		if g.timer != nil {
			g.timer.Stop()
		}
	}
	g.uses++
	return true
}

// Idle ends one use. Each Busy that was true needs one.
func (g *Conn) Idle() {
	r := g.limiter
	r.mu.Lock()
	defer r.mu.Unlock()
	if g.gone {
		return
	}
	if g.uses--; g.uses > 0 {
		return
	}
	r.sources[g.from].busy--
	r.addIdle(g)
	if g.timer != nil {
		g.timer.Reset(r.limits.IdleTime)
	}
}

// Source is the connection's.
func (g *Conn) Source() string { return g.from }

// Close gives the place back.
func (g *Conn) Close() error {
	g.limiter.mu.Lock()
	g.limiter.remove(g)
	g.limiter.mu.Unlock()
	return g.Conn.Close()
}

// Find returns the guest below c, such as a TLS connection; nil: there is none.
func Find(c net.Conn) *Conn {
	for {
		switch t := c.(type) {
		case *Conn:
			return t
		case *tls.Conn:
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

// Listen has the room's limits hold for l. What has no place is closed.
func (r *Limiter) Listen(l net.Listener) net.Listener { return listener{l, r} }

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
