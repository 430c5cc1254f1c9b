package tunnel

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	// maxAsk bounds the head of a viewer's request in bytes.
	maxAsk = 8 << 10
	// maxCookie bounds the name of a tunnel.
	maxCookie = 128
	// maxBehindGet is how many bytes may follow a GET, which has no body.
	maxBehindGet = 4 << 10
	// answerTime is how long an answer may take to leave.
	answerTime = 5 * time.Second
)

// opened answers a GET; the viewer's bytes follow.
const opened = "HTTP/1.0 200 OK\r\nServer: bauta\r\nConnection: close\r\nCache-Control: no-store\r\nPragma: no-cache\r\nContent-Type: " + contentType + "\r\n\r\n"

// Place is what a connection takes of its listener's limits, which close one that stays
// idle; that is what ends a tunnel of which one half never comes.
type Place interface {
	Busy() bool
	Idle()
}

// Peer is a connection of a viewer, encrypted or not.
type Peer struct {
	net.Conn
	Place Place
	// Source is whom it counts for: the halves of a tunnel are of one source.
	Source string
}

// name of a tunnel.
type name struct{ source, cookie string }

// Server takes tunnels of viewers in, beside connections that speak RTSP at once.
type Server struct {
	pass func(net.Conn)

	mu      sync.Mutex
	closed  bool
	serving map[net.Conn]struct{} // each in a call of Serve
	tunnels map[name]*Tunnel      // each has a connection in serving
}

// NewServer makes one. pass takes each connection that RTSP is spoken on, a *Tunnel or
// another; it may wait, and closes what it does not want.
func NewServer(pass func(net.Conn)) *Server {
	return &Server{pass: pass, serving: map[net.Conn]struct{}{}, tunnels: map[name]*Tunnel{}}
}

// Serve passes a connection on that speaks RTSP, or is its half of a tunnel until that ends.
func (s *Server) Serve(p Peer) {
	if !s.enter(p) {
		_ = p.Close()
		return
	}
	defer s.leave(p)
	head := bufio.NewReaderSize(&headLimit{p.Conn, maxAsk}, 4<<10)
	tunnelled, err := beginsHTTP(head)
	switch {
	case err != nil:
		_ = p.Close()
	case tunnelled:
		s.serve(p, head)
	default:
		s.pass(&begun{p.Conn, &rest{head, p.Conn}})
	}
}

// Close ends all calls of Serve; they return within moments. What was passed on stays
// open, but for tunnels.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for c := range s.serving {
		_ = c.SetDeadline(time.Unix(1, 0))
	}
}

func (s *Server) enter(p Peer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serving[p.Conn] = struct{}{}
	return !s.closed
}

func (s *Server) leave(p Peer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.serving, p.Conn)
}

// beginsHTTP waits for no more bytes than it takes to know.
func beginsHTTP(r *bufio.Reader) (bool, error) {
	for n := 1; ; n++ {
		b, err := r.Peek(n)
		switch begin := string(b); {
		case err != nil:
			return false, err
		case begin == "GET " || begin == "POST ":
			return true, nil
		case !strings.HasPrefix("GET ", begin) && !strings.HasPrefix("POST ", begin):
			return false, nil
		}
	}
}

// begun is a connection whose first bytes were read already.
type begun struct {
	net.Conn
	reader io.Reader
}

func (b *begun) Read(p []byte) (int, error) { return b.reader.Read(p) }

// NetConn is the connection below.
func (b *begun) NetConn() net.Conn { return b.Conn }

// serve serves one request.
func (s *Server) serve(p Peer, head *bufio.Reader) {
	defer p.Close()
	req, err := http.ReadRequest(head)
	if err != nil || len(req.TransferEncoding) > 0 {
		refuse(p, http.StatusBadRequest)
		return
	}
	id := name{p.Source, req.Header.Get("x-sessioncookie")}
	switch {
	case id.cookie == "" || len(id.cookie) > maxCookie:
		refuse(p, http.StatusBadRequest)
	case req.Method == http.MethodGet:
		s.get(p, id)
	default:
		s.post(p, id, &rest{head, p.Conn}) // whatever length it declares: none is kept to
	}
}

func refuse(p Peer, status int) {
	_ = answer(p, "HTTP/1.0 "+strconv.Itoa(status)+" "+http.StatusText(status)+"\r\nServer: bauta\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
}

func answer(p Peer, head string) error {
	_ = p.SetWriteDeadline(time.Now().Add(answerTime))
	_, err := io.WriteString(p, head)
	return err
}

// get opens a tunnel. A second one of the same name has to wait for the end of the first:
// who watches stays.
func (s *Server) get(p Peer, id name) {
	t := newTunnel(s, p, id)
	defer t.Close()
	if !s.add(t) {
		refuse(p, http.StatusConflict)
		return
	}
	if answer(p, opened) != nil {
		return
	}
	_ = p.SetWriteDeadline(time.Time{})
	s.pass(t)
	_, _ = io.CopyN(io.Discard, p, maxBehindGet) // ends with the viewer's connection
}

// post feeds a tunnel. Players close their POST and open another one at will, within
// requests too.
func (s *Server) post(p Peer, id name, body io.Reader) {
	t := s.find(id)
	if t == nil {
		refuse(p, http.StatusNotFound)
		return
	}
	if !t.attach(&p) {
		refuse(p, http.StatusServiceUnavailable)
		return
	}
	defer t.detach(&p)
	t.feed(&p, body)
}

func (s *Server) add(t *Tunnel) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.tunnels[t.id] != nil {
		return false
	}
	s.tunnels[t.id] = t
	return true
}

func (s *Server) find(id name) *Tunnel {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tunnels[id]
}

func (s *Server) forget(t *Tunnel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tunnels[t.id] == t {
		delete(s.tunnels, t.id)
	}
}
