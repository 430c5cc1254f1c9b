package rtsp

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
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
func (d *door) open(addr string, conf *tls.Config) (string, error) {
	ln, err := net.Listen(network("tcp", addr), addr)
	if err != nil {
		return "", fmt.Errorf("listen for viewers: %w; stop the other program or choose another address", err)
	}
	d.lns = append(d.lns, ln)
	d.wg.Go(func() { d.accept(ln, conf) })
	return ln.Addr().String(), nil
}

// network keeps "0.0.0.0" from listening on IPv6 too.
func network(name, addr string) string {
	if host, _, err := net.SplitHostPort(addr); err == nil && host == "0.0.0.0" {
		return name + "4"
	}
	return name
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

// pairTries bounds the search for two free ports in a row.
const pairTries = 100

// listenPair opens the UDP sockets for RTP and RTCP.
func listenPair(rtpAddr, rtcpAddr string) (pair [2]*net.UDPConn, err error) {
	if rtpAddr == "" {
		rtpAddr = DefaultRTPAddr
	}
	host, port, err := net.SplitHostPort(rtpAddr)
	if err != nil {
		return pair, fmt.Errorf("UDP address for RTP: %w", err)
	}
	if port != "0" {
		if rtcpAddr == "" {
			n, _ := strconv.Atoi(port)
			rtcpAddr = net.JoinHostPort(host, strconv.Itoa(n+1))
		}
		return bindPair(rtpAddr, rtcpAddr)
	}
	for range pairTries {
		if pair, err = freePair(host); err == nil {
			break
		}
	}
	return pair, err
}

// freePair takes any port and its neighbour, the lower one even as RTP wants.
func freePair(host string) (pair [2]*net.UDPConn, err error) {
	probe, err := listenUDP(net.JoinHostPort(host, "0"))
	if err != nil {
		return pair, err
	}
	even := probe.LocalAddr().(*net.UDPAddr).Port &^ 1
	_ = probe.Close()
	return bindPair(net.JoinHostPort(host, strconv.Itoa(even)), net.JoinHostPort(host, strconv.Itoa(even+1)))
}

func bindPair(rtpAddr, rtcpAddr string) (pair [2]*net.UDPConn, err error) {
	if pair[0], err = listenUDP(rtpAddr); err != nil {
		return pair, err
	}
	if pair[1], err = listenUDP(rtcpAddr); err != nil {
		_ = pair[0].Close()
	}
	return pair, err
}

func listenUDP(addr string) (*net.UDPConn, error) {
	c, err := net.ListenPacket(network("udp", addr), addr)
	if err != nil {
		return nil, fmt.Errorf("listen for UDP: %w; stop the other program, choose another address or turn UDP off", err)
	}
	return c.(*net.UDPConn), nil
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
