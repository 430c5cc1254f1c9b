package connlimit

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"
)

// conn is a connection from an address, without a network.
type conn struct {
	net.Conn
	from net.Addr
}

func (c conn) RemoteAddr() net.Addr { return c.from }

// arrive is one more connection from an address.
func arrive(t *testing.T, r *Limiter, from string) (*Conn, bool) {
	t.Helper()
	a, b := net.Pipe()
	t.Cleanup(func() { a.Close(); b.Close() })
	return r.Admit(conn{a, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(from))})
}

func admitted(t *testing.T, r *Limiter, from string) *Conn {
	t.Helper()
	g, ok := arrive(t, r, from)
	if !ok {
		t.Fatalf("%s was refused", from)
	}
	return g
}

func closed(g *Conn) bool {
	g.limiter.mu.Lock()
	defer g.limiter.mu.Unlock()
	return g.gone
}

func TestNewcomerTakesFromTheCrowd(t *testing.T) {
	r := New(Limits{Total: 4})
	old := admitted(t, r, "10.0.0.2:1")
	crowd := []*Conn{admitted(t, r, "10.0.0.1:1"), admitted(t, r, "10.0.0.1:2"), admitted(t, r, "10.0.0.1:3")}
	admitted(t, r, "10.0.0.3:1")
	if closed(old) || !closed(crowd[0]) || closed(crowd[1]) {
		t.Error("not the oldest of the address with most was closed")
	}
	admitted(t, r, "10.0.0.1:4") // the crowd only takes from itself
	if closed(old) || !closed(crowd[1]) {
		t.Error("the crowd took from another address")
	}
	if st := r.Stats(); st != (Stats{Open: 4, Dropped: 2}) {
		t.Errorf("%+v", st)
	}
}

func TestBusyStay(t *testing.T) {
	r := New(Limits{Total: 2, Busy: 1})
	a, b := admitted(t, r, "10.0.0.1:1"), admitted(t, r, "10.0.0.1:2")
	if !a.Busy() || b.Busy() {
		t.Fatal("one address has the wrong number of busy connections")
	}
	c := admitted(t, r, "10.0.0.2:1")
	if closed(a) || !closed(b) || !c.Busy() {
		t.Error("the idle one should have made room")
	}
	if _, ok := arrive(t, r, "10.0.0.3:1"); ok || r.Stats().Refused != 1 {
		t.Error("a busy one made room")
	}
	a.Idle()
	admitted(t, r, "10.0.0.3:1")
	if !closed(a) || a.Busy() {
		t.Error("one that is idle again did not make room")
	}
	c.Close()
	c.Close()
	c.Idle()
	if st := r.Stats(); st.Open != 1 {
		t.Errorf("%+v", st)
	}
}

func TestUsesAreCounted(t *testing.T) {
	r := New(Limits{Total: 1})
	g := admitted(t, r, "10.0.0.1:1")
	for range 2 {
		if !g.Busy() {
			t.Fatal("refused")
		}
	}
	g.Idle()
	if _, ok := arrive(t, r, "10.0.0.2:1"); ok {
		t.Error("one of two uses ended and it made room")
	}
	g.Idle()
	admitted(t, r, "10.0.0.2:1")
}

func TestOwnIdleLimit(t *testing.T) {
	r := New(Limits{Total: 100, Idle: 3})
	var all []*Conn
	for i := range 10 { // one subscriber's network
		all = append(all, admitted(t, r, fmt.Sprintf("[2001:db8:1:2:%x::1]:5", i+1)))
	}
	if st := r.Stats(); st.Open != 3 || st.Dropped != 7 || closed(all[9]) || !closed(all[0]) {
		t.Errorf("%+v", st)
	}
}

func TestIdleTime(t *testing.T) {
	r := New(Limits{Total: 9, IdleTime: 50 * time.Millisecond})
	idle, busy := admitted(t, r, "10.0.0.1:1"), admitted(t, r, "10.0.0.1:2")
	busy.Busy()
	for end := time.Now().Add(5 * time.Second); !closed(idle); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("an idle one stays")
		}
	}
	time.Sleep(100 * time.Millisecond)
	if closed(busy) {
		t.Error("a busy one was closed")
	}
}

func TestPutToUseAsTheTimeRunsOut(t *testing.T) {
	r := New(Limits{Total: 9, IdleTime: time.Hour})
	c := admitted(t, r, "10.0.0.1:1")
	if !c.Busy() {
		t.Fatal("refused")
	}
	c.expire() // the timer had fired already
	if closed(c) {
		t.Error("a busy one was closed")
	}
	c.Idle()
	if c.expire(); !closed(c) || r.Stats().Open != 0 {
		t.Error("an idle one stays")
	}
}

func TestSource(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.7:80": "192.0.2.7", "[::ffff:192.0.2.7]:80": "192.0.2.7", "[2001:db8::1]:80": "2001:db8::/64",
		"[2001:db8:0:0:ffff::1]:80": "2001:db8::/64", "[2001:db8:0:1::1]:80": "2001:db8:0:1::/64", "[fe80::1%eth0]:80": "fe80::/64", "pipe": "pipe",
	} {
		if got := Source(remote); got != want {
			t.Errorf("%s is %s, want %s", remote, got, want)
		}
	}
}

func TestLogLimiter(t *testing.T) {
	now := time.Now()
	q := &LogLimiter{now: func() time.Time { return now }}
	lines := 0
	for range 1000 {
		if _, ok := q.Allow("a"); ok {
			lines++
		}
	}
	if _, ok := q.Allow("b"); lines != 1 || !ok {
		t.Errorf("%d lines on a, b's passed: %v", lines, ok)
	}
	now = now.Add(LogEvery)
	if muted, ok := q.Allow("a"); !ok || muted != 999 {
		t.Errorf("after a minute: %v, %d left out", ok, muted)
	}
}

func TestLogLimiterIsBounded(t *testing.T) {
	now := time.Now()
	q := &LogLimiter{now: func() time.Time { return now }}
	lines := 0
	for i := range 10 * MaxSources {
		if _, ok := q.Allow(fmt.Sprint(i)); ok {
			lines++
		}
	}
	if len(q.all) > MaxSources+1 || lines > MaxSources+1 {
		t.Errorf("%d sources remembered, %d lines", len(q.all), lines)
	}
	now = now.Add(LogEvery)
	if _, ok := q.Allow("new"); !ok || len(q.all) > 2 {
		t.Errorf("after a minute: passed %v, %d remembered", ok, len(q.all))
	}
}
