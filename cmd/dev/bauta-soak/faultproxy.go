package main

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// faultProxy is the network between the gateway and a camera: TCP connections that
// can be cut, stalled and slowed down.
type faultProxy struct {
	listener net.Listener
	all      sync.WaitGroup

	mu      sync.Mutex
	to      string // the camera's address
	conns   map[net.Conn]bool
	gone    time.Time // until then nobody gets through
	stalled time.Time // until then nothing moves
	slow    time.Time // until then slowRate holds
}

// slowRate is a bad radio link: bytes a second.
const slowRate = 12 << 10

func newFaultProxy(to string) (*faultProxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	n := &faultProxy{listener: l, to: to, conns: map[net.Conn]bool{}}
	n.all.Go(n.accept)
	return n, nil
}

func (n *faultProxy) addr() string { return n.listener.Addr().String() }

func (n *faultProxy) close() {
	n.listener.Close()
	n.cut()
	n.all.Wait()
}

func (n *faultProxy) accept() {
	for {
		c, err := n.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		} else if err != nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		n.all.Go(func() { n.serve(c) })
	}
}

func (n *faultProxy) serve(c net.Conn) {
	defer c.Close()
	n.mu.Lock()
	to, gone := n.to, time.Now().Before(n.gone)
	n.mu.Unlock()
	if gone {
		return
	}
	var d net.Dialer
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	far, err := d.DialContext(ctx, "tcp", to)
	if err != nil {
		return
	}
	defer far.Close()
	n.keep(c, far)
	defer n.drop(c, far)
	done := make(chan struct{})
	go func() {
		defer close(done)
		n.copy(far, c)
		far.Close()
		c.Close()
	}()
	n.copy(c, far)
	c.Close()
	far.Close()
	<-done
}

func (n *faultProxy) keep(conns ...net.Conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range conns {
		n.conns[c] = true
	}
}

func (n *faultProxy) drop(conns ...net.Conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range conns {
		delete(n.conns, c)
	}
}

// copy passes bytes on as the state of the network allows.
func (n *faultProxy) copy(to, from net.Conn) {
	b := make([]byte, 16<<10)
	for {
		size, err := from.Read(b[:n.window()])
		if err != nil {
			return
		}
		time.Sleep(n.pause(size))
		if _, err := to.Write(b[:size]); err != nil {
			return
		}
	}
}

// window is small on a slow network, so that what passes passes evenly.
func (n *faultProxy) window() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	if time.Now().Before(n.slow) {
		return slowRate / 10
	}
	return 16 << 10
}

func (n *faultProxy) pause(size int) time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := time.Now()
	if now.Before(n.slow) {
		return time.Duration(size) * time.Second / slowRate
	}
	return max(0, n.stalled.Sub(now))
}

// cut closes all connections, as a camera that loses power does.
func (n *faultProxy) cut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	for c := range n.conns {
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
	}
}

func (n *faultProxy) loseFor(d time.Duration) {
	n.mu.Lock()
	n.gone = time.Now().Add(d)
	n.mu.Unlock()
	n.cut()
}

func (n *faultProxy) stallFor(d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.stalled = time.Now().Add(d)
}

func (n *faultProxy) slowFor(d time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.slow = time.Now().Add(d)
}

// wait returns when no fault is left.
func (n *faultProxy) wait(ctx context.Context) {
	n.mu.Lock()
	last := n.gone
	for _, t := range []time.Time{n.stalled, n.slow} {
		if t.After(last) {
			last = t
		}
	}
	n.mu.Unlock()
	pause(ctx, time.Until(last))
}
