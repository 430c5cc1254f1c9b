package rtsp

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/gateway/ports"
)

// door is one net.Listener made of several: plain and TLS. It bounds the
// connections open at once and outlives passing errors of accept, which
// would end gortsplib's server for good.
type door struct {
	max      int
	log      *slog.Logger
	conns    atomic.Int64
	refused  atomic.Uint64
	fullLog  sometimes
	accepted chan net.Conn
	closed   chan struct{}
	once     sync.Once
	wg       sync.WaitGroup
	lns      []net.Listener // complete before the first Accept
}

func newDoor(maxConns int, log *slog.Logger) *door {
	return &door{max: maxConns, log: log, accepted: make(chan net.Conn), closed: make(chan struct{})}
}

// open adds a listener, with TLS where conf is given, and returns its real address.
func (d *door) open(want ports.Want, conf *tls.Config) (string, error) {
	ln, err := ports.TCP(want)
	if err != nil {
		return "", fmt.Errorf("listen for viewers: %w", err)
	}
	d.lns = append(d.lns, ln)
	d.wg.Go(func() { d.accept(ln, conf) })
	return ln.Addr().String(), nil
}

func (d *door) accept(ln net.Listener, conf *tls.Config) {
	pause := time.Millisecond
	for {
		c, err := ln.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			d.log.Warn("a viewer's connection failed", "err", err)
			if !d.wait(pause) {
				return
			}
			pause = min(2*pause, time.Second)
			continue
		}
		pause = time.Millisecond
		d.admit(c, conf)
	}
}

func (d *door) wait(pause time.Duration) bool {
	select {
	case <-time.After(pause):
		return true
	case <-d.closed:
		return false
	}
}

// admit passes c on, or closes it where there are too many.
func (d *door) admit(c net.Conn, conf *tls.Config) {
	if d.conns.Add(1) > int64(d.max) {
		d.conns.Add(-1)
		d.refused.Add(1)
		if muted, ok := d.fullLog.pass(); ok {
			d.log.Warn("too many connections: a viewer was refused", "limit", d.max, "muted", muted)
		}
		_ = c.Close()
		return
	}
	c = &guest{Conn: c, leave: sync.OnceFunc(func() { d.conns.Add(-1) })}
	if conf != nil {
		c = tls.Server(c, conf)
	}
	select {
	case d.accepted <- c:
	case <-d.closed:
		_ = c.Close()
	}
}

// Accept implements net.Listener.
func (d *door) Accept() (net.Conn, error) {
	select {
	case c := <-d.accepted:
		return c, nil
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

// Addr implements net.Listener.
func (d *door) Addr() net.Addr { return d.lns[0].Addr() }

// Close implements net.Listener; it waits for the accepting goroutines.
func (d *door) Close() error {
	d.once.Do(func() {
		close(d.closed)
		for _, ln := range d.lns {
			_ = ln.Close()
		}
	})
	d.wg.Wait()
	return nil
}

// guest is a connection that is counted until it closes.
type guest struct {
	net.Conn
	leave func()
}

func (g *guest) Close() error {
	g.leave()
	return g.Conn.Close()
}

// sometimes lets one event a second pass and counts the rest, so that a scan
// cannot fill the disk with log lines.
type sometimes struct {
	mu    sync.Mutex
	next  time.Time
	muted int
}

func (s *sometimes) pass() (muted int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if now.Before(s.next) {
		s.muted++
		return 0, false
	}
	muted, s.muted, s.next = s.muted, 0, now.Add(time.Second)
	return muted, true
}
