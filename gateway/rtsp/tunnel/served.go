package tunnel

import (
	"encoding/base64"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// Tunnel is a viewer's: what it writes is read here, from one POST or several after one
// another, and what is written here goes out on its GET.
type Tunnel struct {
	net.Conn // of the GET
	server   *Server
	id       name
	get      Place
	in, out  net.Conn // a pipe: from the POSTs to Read

	taking sync.Mutex // held by one POST at a time, while its bytes are taken
	mu     sync.Mutex
	post   *Peer // nil: none now
	uses   int
	closed bool
}

func newTunnel(s *Server, p Peer, id name) *Tunnel {
	t := &Tunnel{Conn: p.Conn, server: s, id: id, get: p.Place}
	t.in, t.out = net.Pipe()
	return t
}

// Read gives the viewer's bytes.
func (t *Tunnel) Read(p []byte) (int, error) { return t.in.Read(p) }

// SetReadDeadline is for Read, SetDeadline for Write too.
func (t *Tunnel) SetReadDeadline(at time.Time) error { return t.in.SetReadDeadline(at) }

func (t *Tunnel) SetDeadline(at time.Time) error {
	return errors.Join(t.in.SetReadDeadline(at), t.Conn.SetWriteDeadline(at))
}

// Close closes all of its connections.
func (t *Tunnel) Close() error {
	t.server.forget(t)
	t.mu.Lock()
	was, post := t.closed, t.post
	t.closed = true
	t.mu.Unlock()
	if was {
		return nil
	}
	err := errors.Join(t.in.Close(), t.out.Close(), t.Conn.Close())
	if post != nil {
		err = errors.Join(err, post.Close())
	}
	return err
}

// Busy keeps the places of both halves, and of a POST to come; false: one is lost.
func (t *Tunnel) Busy() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.uses == 0 {
		if t.closed || !t.get.Busy() {
			return false
		}
		if t.post != nil && !t.post.Place.Busy() {
			t.get.Idle()
			return false
		}
	}
	t.uses++
	return true
}

// Idle ends one use.
func (t *Tunnel) Idle() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.uses--; t.uses > 0 {
		return
	}
	t.get.Idle()
	if t.post != nil {
		t.post.Place.Idle()
	}
}

// attach puts p in the place of the POST before it.
func (t *Tunnel) attach(p *Peer) bool {
	t.mu.Lock()
	if t.closed || t.uses > 0 && !p.Place.Busy() {
		t.mu.Unlock()
		return false
	}
	old := t.post
	t.post = p
	t.mu.Unlock()
	if old != nil {
		_ = old.Close()
	}
	return true
}

func (t *Tunnel) detach(p *Peer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.post == p {
		t.post = nil
	}
}

// feed takes what a POST brings until it ends, another one has its place, or it is none
// that can be understood, which ends the tunnel.
func (t *Tunnel) feed(p *Peer, body io.Reader) {
	var d decoder
	raw := make([]byte, 1<<10)
	var plain []byte
	for {
		n, err := body.Read(raw)
		var odd error
		if plain, odd = d.decode(plain[:0], raw[:n]); odd != nil {
			_ = t.Close()
			return
		}
		if !t.take(p, plain) || err != nil {
			return
		}
	}
}

// take waits until what p brought was read.
func (t *Tunnel) take(p *Peer, plain []byte) bool {
	t.taking.Lock()
	defer t.taking.Unlock()
	t.mu.Lock()
	replaced := t.post != p
	t.mu.Unlock()
	if replaced || len(plain) == 0 {
		return !replaced
	}
	_, err := t.out.Write(plain)
	return err == nil
}

var errBase64 = errors.New("no base64")

// decoder reads base64 as players write it: cut anywhere, with line ends, each request
// padded by itself.
type decoder struct {
	group [4]byte
	have  int // of group
}

// decode appends to dst what src completes.
func (d *decoder) decode(dst, src []byte) ([]byte, error) {
	for _, b := range src {
		if b == '\r' || b == '\n' || b == ' ' || b == '\t' {
			continue
		}
		d.group[d.have] = b
		if d.have++; d.have < len(d.group) {
			continue
		}
		d.have = 0
		var plain [3]byte
		n, err := base64.StdEncoding.Decode(plain[:], d.group[:])
		if err != nil {
			return dst, errBase64
		}
		dst = append(dst, plain[:n]...)
	}
	return dst, nil
}
