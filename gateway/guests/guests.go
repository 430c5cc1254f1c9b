// Package guests bounds how many connections a listener holds open and shares
// them fairly among the addresses that they come from: one that opens very many
// takes places from itself, not from others.
package guests

import (
	"context"
	"crypto/tls"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Limits of a Room.
type Limits struct {
	// Total bounds the connections open at once, 1 or more.
	Total int
	// Idle bounds the idle ones of one source: with one more, its oldest is
	// closed. 0 means Total.
	Idle int
	// Busy bounds the busy ones of one source; 0 means Total.
	Busy int
	// Patience is how long a connection may be idle at a stretch; 0: for ever.
	Patience time.Duration
}

// Room holds the connections of a listener. Each is idle until it is put to
// use: idle ones have to make room for newcomers, busy ones never do. Its
// methods may be called from any goroutine.
type Room struct {
	limits           Limits
	refused, dropped atomic.Uint64

	mu      sync.Mutex
	open    int
	sources map[string]*source
}

// source is an address with its connections.
type source struct {
	idle []*Guest // the one that has been idle for longest comes first
	busy int
}

// Stats count since the start; Open is now.
type Stats struct {
	Open int
	// Refused connections came while all places were busy; Dropped ones were
	// idle and closed for a newcomer.
	Refused, Dropped uint64
}

// NewRoom is empty.
func NewRoom(l Limits) *Room {
	if l.Idle <= 0 {
		l.Idle = l.Total
	}
	if l.Busy <= 0 {
		l.Busy = l.Total
	}
	return &Room{limits: l, sources: map[string]*source{}}
}

// Stats returns the counters.
func (r *Room) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Stats{Open: r.open, Refused: r.refused.Load(), Dropped: r.dropped.Load()}
}

// Guest is a connection with a place, which its Close gives back.
type Guest struct {
	net.Conn
	room  *Room
	from  string
	timer *time.Timer // nil without Patience

	// The room's lock guards these.
	uses  int // 0: idle
	since time.Time
	gone  bool
}

// Enter gives c a place, where need be that of the longest idle connection
// of the source that has most of them. False: all places are busy, and c is closed.
func (r *Room) Enter(c net.Conn) (*Guest, bool) {
	g := &Guest{Conn: c, room: r, from: Source(c.RemoteAddr().String())}
	r.mu.Lock()
	victim := r.victim(g.from)
	if r.open >= r.limits.Total && victim == nil {
		r.mu.Unlock()
		r.refused.Add(1)
		_ = c.Close()
		return nil, false
	}
	if victim != nil {
		r.remove(victim)
		r.dropped.Add(1)
	}
	r.open++
	r.sit(g)
	if r.limits.Patience > 0 {
		g.timer = time.AfterFunc(r.limits.Patience, func() { _ = g.Close() })
	}
	r.mu.Unlock()
	if victim != nil {
		_ = victim.Conn.Close()
	}
	return g, true
}

// victim is the idle connection that a newcomer takes the place of; nil: there
// is room, or no idle one.
func (r *Room) victim(from string) *Guest {
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

// sit puts g among the idle ones of its source. The lock is held.
func (r *Room) sit(g *Guest) {
	g.since = time.Now()
	s := r.sources[g.from]
	if s == nil {
		s = &source{}
		r.sources[g.from] = s
	}
	s.idle = append(s.idle, g)
}

// rise takes g from among them. The lock is held.
func (r *Room) rise(g *Guest) {
	s := r.sources[g.from]
	for i, one := range s.idle {
		if one == g {
			s.idle = append(s.idle[:i:i], s.idle[i+1:]...)
			return
		}
	}
}

// remove takes g off the books. The lock is held.
func (r *Room) remove(g *Guest) {
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
		r.rise(g)
	}
	if s.busy == 0 && len(s.idle) == 0 {
		delete(r.sources, g.from)
	}
	r.open--
}

// Busy puts the connection to use, once more where it is in use already. False:
// it is closed, or its source has too many in use.
func (g *Guest) Busy() bool {
	r := g.room
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
		r.rise(g)
		s.busy++
		if g.timer != nil {
			g.timer.Stop()
		}
	}
	g.uses++
	return true
}

// Idle ends one use. Each Busy that was true needs one.
func (g *Guest) Idle() {
	r := g.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if g.gone {
		return
	}
	if g.uses--; g.uses > 0 {
		return
	}
	r.sources[g.from].busy--
	r.sit(g)
	if g.timer != nil {
		g.timer.Reset(r.limits.Patience)
	}
}

// Source is the connection's.
func (g *Guest) Source() string { return g.from }

// Close gives the place back.
func (g *Guest) Close() error {
	g.room.mu.Lock()
	g.room.remove(g)
	g.room.mu.Unlock()
	return g.Conn.Close()
}

// Of finds the guest below c, such as a TLS connection; nil: there is none.
func Of(c net.Conn) *Guest {
	for {
		switch t := c.(type) {
		case *Guest:
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
	room *Room
}

// Listen has the room's limits hold for l. What has no place is closed.
func (r *Room) Listen(l net.Listener) net.Listener { return listener{l, r} }

// Accept implements net.Listener.
func (l listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if g, ok := l.room.Enter(c); ok {
			return g, nil
		}
	}
}

type contextKey struct{}

// InContext is an http.Server's ConnContext: Use finds the connection again.
func InContext(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, contextKey{}, Of(c))
}

// Use keeps the connection of a request busy until done is called.
func Use(ctx context.Context) (done func()) {
	g, _ := ctx.Value(contextKey{}).(*Guest)
	if g == nil || !g.Busy() {
		return func() {}
	}
	return g.Idle
}
