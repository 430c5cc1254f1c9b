// Package rtsp speaks RTSP in both directions: a Source takes a camera's
// stream in, a Server sends the masked streams out to viewers.
//
// In: cameras' addresses and logins; vouched frames. Out: access units and why there are
// none; streams for viewers. Source.Run owns a camera's connection, a Path's goroutines
// those of its viewers; Close waits for them. It must never wait for a viewer, show a
// camera's login in a log or an error, or send a viewer anything but media.Clean.
//
// The server's rules: a viewer begins at a keyframe, which its joining asks
// for; one that is slow loses packets of its own and goes on at a later
// keyframe; one that takes nothing for 20 s is disconnected. RTSPS is TLS
// with the video inside the same connection. At most 256 connections and
// 64 viewers a camera unless configured otherwise. Connections that do not
// watch within HandshakeLimit are closed, and make room for newcomers before:
// those of the address that has most of them. Whoever watches stays, until the login is
// withdrawn or loses the camera. A camera that a login may not watch is answered like one
// that is not there. RTSP through HTTP comes on the same ports and counts two connections.
package rtsp

import (
	"cmp"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/auth"

	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/ports"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Defaults of ServerConfig.
const (
	DefaultAddr       = ":8554"
	DefaultTLSAddr    = ":8322"
	DefaultRTPAddr    = ":8000"
	DefaultMaxConns   = 256
	DefaultMaxViewers = 64
)

const (
	// HandshakeLimit is the longest time from a connection's begin, TLS
	// included, to its PLAY, and from the end of what it watched to the next.
	HandshakeLimit = 20 * time.Second
	// MaxIdle bounds the connections of one address that do not watch, half of
	// all: with one more, the oldest of them is closed. A recorder that begins
	// to fetch all of its cameras at once needs as many as it has cameras.
	MaxIdle = DefaultMaxConns / 2
	// MaxPlaying bounds those of one address that watch, so that one alone cannot take
	// all places; its next PLAY is refused.
	MaxPlaying = DefaultMaxConns / 2
)

const (
	// writeQueue is the most packets that wait for one viewer, a power of
	// two. It has to hold the largest keyframe: 4096 packets are 5.3 MiB.
	writeQueue = 4096
	// writeTimeout ends the session of a viewer that takes nothing at all
	// any more. Until then it only loses packets.
	writeTimeout = 20 * time.Second
)

// ServerConfig says where and to whom the server sends its streams.
type ServerConfig struct {
	// Addr is where plain RTSP listens. Empty means ":8554", or nowhere when
	// a certificate is given with TLSAddr. Port 0 takes any free port.
	Addr string
	// UDP lets viewers ask for RTP over UDP. Viewers of RTSPS never get it:
	// it would carry the video unencrypted.
	UDP bool
	// RTPAddr is the UDP address for RTP, with an even port; RTCP is on the
	// next one. Empty means ":8000". Port 0 takes any free pair.
	RTPAddr string
	// TLSCert and TLSKey are PEM files; both or none. With them RTSPS
	// listens on TLSAddr, empty meaning ":8322".
	TLSAddr, TLSCert, TLSKey string
	// Logins says who may watch what (digest). It must be given unless
	// Anonymous is set.
	Logins Logins
	// Anonymous lets everybody watch all without a login.
	Anonymous bool
	// OnePath has whatever path viewers ask for lead to the one that is
	// published, for a gateway that has lost the names of its cameras.
	OnePath bool
	// NextPort takes the next free port where another program has one.
	NextPort bool
	// MaxConns bounds the connections open at once; 0 means 256.
	MaxConns int
	// MaxViewers bounds the viewers of one path; 0 means 64.
	MaxViewers int
}

// Logins are those of viewers. Its methods are called from many goroutines, with locks
// held: they return at once and do not call back.
type Logins interface {
	// Password of the login of this name; false where there is none.
	Password(name string) (string, bool)
	// May reports whether the login of this name may watch a camera.
	May(name string, camera media.CameraID) bool
	// Saw is called with a login that was proved or goes on, and Door.
	Saw(name, door string)
}

// Door is this server's word for itself to Logins.
const Door = "rtsp"

// Addrs are the addresses that a started server really listens on; empty
// where it does not.
type Addrs struct {
	RTSP, RTSPS, RTP, RTCP string
}

// ServerStats counts since the start.
type ServerStats struct {
	// Conns are the connections open now.
	Conns int
	// ConnsRefused were closed at once because MaxConns watched; ConnsDropped
	// did not watch and made room for a newcomer.
	ConnsRefused, ConnsDropped uint64
	// LoginsFailed are the logins with a wrong user or password.
	LoginsFailed uint64
}

// Errors of the server.
var (
	// ErrPathTaken means that a path of that name is published already.
	ErrPathTaken = errors.New("path is published already")
	// ErrServerClosed means that the server was not started or is closed.
	ErrServerClosed = errors.New("stream server is not running")
)

// Server sends the streams of all cameras to viewers over RTSP: each as
// rtsp://host:8554/<camera>, its sub-stream as <camera>/sub. It takes media.Clean and nothing else.
type Server struct {
	cfg ServerConfig
	log *slog.Logger

	gorts        *gortsplib.Server
	listener     *sharedListener
	addrs        Addrs
	stop         chan struct{} // closed by Close; ends all waiting
	idle         time.Duration // HandshakeLimit, or less in tests
	loginsFailed atomic.Uint64
	loginLog     connlimit.LogLimiter
	lookupLog    connlimit.LogLimiter
	busyLog      connlimit.LogLimiter

	// setup is held from a SETUP's arrival to its answer: while gortsplib
	// takes in a viewer by UDP it reads what other viewers' SETUPs write,
	// and two at once can crash the process. Nothing waits for a viewer there.
	setup sync.Mutex

	decoy string // stands for the password of a login that is not there

	closing sync.Once
	mu      sync.RWMutex
	paths   map[media.StreamID]*Path
	clients map[*client]struct{} // all that are connected
	running bool
}

// NewServer makes a server that does nothing before Start.
func NewServer(cfg ServerConfig, log *slog.Logger) *Server {
	return &Server{
		cfg: cfg, log: log, idle: HandshakeLimit,
		decoy: rand.Text(), stop: make(chan struct{}), paths: map[media.StreamID]*Path{}, clients: map[*client]struct{}{},
	}
}

// Start opens all addresses. After an error nothing is left open. A server
// starts once, and not after Close.
func (s *Server) Start() error {
	select {
	case <-s.stop:
		return ErrServerClosed
	default:
	}
	if err := s.complete(); err != nil {
		return err
	}
	if err := s.openListener(); err != nil {
		return err
	}
	if err := s.startProtocol(); err != nil {
		s.listener.Close()
		return err
	}
	s.mu.Lock()
	s.running = true
	s.mu.Unlock()
	if s.cfg.Anonymous {
		s.log.Warn("viewers need no login: everybody who reaches this address can watch")
	}
	return nil
}

// complete fills in the defaults and refuses what would open more than meant.
func (s *Server) complete() error {
	c := &s.cfg
	if !c.Anonymous && c.Logins == nil {
		return errors.New("viewers have no login: give the server logins, or allow anonymous viewers")
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("RTSPS needs a certificate and its key: give both files")
	}
	if c.TLSAddr != "" && c.TLSCert == "" {
		return errors.New("an RTSPS address is set without a certificate: give the certificate and key files")
	}
	if c.Addr == "" && c.TLSAddr == "" {
		c.Addr = DefaultAddr
	}
	if c.TLSAddr == "" && c.TLSCert != "" {
		c.TLSAddr = DefaultTLSAddr
	}
	c.MaxConns = orDefault(c.MaxConns, DefaultMaxConns)
	c.MaxViewers = orDefault(c.MaxViewers, DefaultMaxViewers)
	return nil
}

func orDefault(n, def int) int {
	if n <= 0 {
		return def
	}
	return n
}

// openListener listens on the TCP addresses.
func (s *Server) openListener() error {
	d := newSharedListener(connlimit.Limits{Total: s.cfg.MaxConns, Idle: max(1, s.cfg.MaxConns/2), Busy: MaxPlaying, IdleTime: s.idle}, s.log)
	if s.cfg.Addr != "" {
		addr, err := d.open(ports.Want{Addr: s.cfg.Addr, Setting: "rtsp.address", Next: s.cfg.NextPort}, nil)
		if err != nil {
			return err
		}
		s.addrs.RTSP = addr
	}
	if s.cfg.TLSCert != "" {
		cert, err := tls.LoadX509KeyPair(s.cfg.TLSCert, s.cfg.TLSKey)
		if err != nil {
			d.Close()
			return fmt.Errorf("certificate for RTSPS: %w; check both files", err)
		}
		conf := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
		if s.addrs.RTSPS, err = d.open(ports.Want{Addr: s.cfg.TLSAddr, Setting: "rtsp.tls_address", Next: s.cfg.NextPort}, conf); err != nil {
			d.Close()
			return err
		}
	}
	s.listener = d
	return nil
}

// startProtocol hands the open sockets to gortsplib. TLS stays in the listener:
// gortsplib would otherwise offer SRTP, whose rollover counter goes wrong
// for viewers that join a stream nobody watched for a while.
func (s *Server) startProtocol() error {
	g := &gortsplib.Server{
		Handler:        handler{s},
		RTSPAddress:    s.listener.Addr().String(),
		Listen:         func(string, string) (net.Listener, error) { return s.listener, nil },
		WriteTimeout:   writeTimeout,
		WriteQueueSize: writeQueue,
		AuthMethods:    []auth.VerifyMethod{auth.VerifyMethodDigestMD5},
	}
	var pair [2]*net.UDPConn
	if s.cfg.UDP {
		var err error
		if pair, err = ports.UDPPair(ports.Want{Addr: cmp.Or(s.cfg.RTPAddr, DefaultRTPAddr), Setting: "rtsp.udp_address", Next: s.cfg.NextPort}); err != nil {
			return err
		}
		s.addrs.RTP, s.addrs.RTCP = pair[0].LocalAddr().String(), pair[1].LocalAddr().String()
		g.UDPRTPAddress, g.UDPRTCPAddress = s.addrs.RTP, s.addrs.RTCP
		g.ListenPacket = func(_, addr string) (net.PacketConn, error) {
			if addr == s.addrs.RTP {
				return pair[0], nil
			}
			return pair[1], nil
		}
	}
	s.gorts = g
	if err := g.Start(); err != nil {
		for _, c := range pair {
			if c != nil {
				_ = c.Close()
			}
		}
		return fmt.Errorf("start the stream server: %w", err)
	}
	return nil
}

// Close disconnects all viewers, closes all paths and returns when nothing
// of the server runs any more.
func (s *Server) Close() { s.closing.Do(s.close) }

func (s *Server) close() {
	close(s.stop)
	s.mu.Lock()
	was := s.running
	s.running = false
	paths := slices.Collect(maps.Values(s.paths))
	s.mu.Unlock()
	for _, p := range paths {
		p.Close()
	}
	if was {
		s.gorts.Close()
	}
}

// Publish opens a path for a stream; viewers find it from now on. The error
// is ErrPathTaken or ErrServerClosed.
func (s *Server) Publish(id media.StreamID, hooks PathHooks) (*Path, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.running {
		return nil, fmt.Errorf("publish %s: %w", id, ErrServerClosed)
	}
	if s.paths[id] != nil {
		return nil, fmt.Errorf("publish %s: %w", id, ErrPathTaken)
	}
	p, err := newPath(s, id, hooks)
	if err != nil {
		return nil, fmt.Errorf("publish %s: %w", id, err)
	}
	s.paths[id] = p
	return p, nil
}

// Addrs returns the real addresses; valid after Start.
func (s *Server) Addrs() Addrs { return s.addrs }

// Stats returns the server's counters.
func (s *Server) Stats() ServerStats {
	st := ServerStats{LoginsFailed: s.loginsFailed.Load()}
	if s.listener != nil {
		in := s.listener.limiter.Stats()
		st.Conns, st.ConnsRefused, st.ConnsDropped = in.Open, in.Refused, in.Dropped
	}
	return st
}

// find returns the path that a viewer asks for, nil where there is none.
func (s *Server) find(urlPath string) *Path {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.cfg.OnePath {
		for _, p := range s.paths {
			return p
		}
	}
	id, err := streamOf(urlPath)
	if err != nil {
		return nil
	}
	return s.paths[id]
}

func (s *Server) forget(p *Path) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.paths[p.id] == p {
		delete(s.paths, p.id)
	}
}

// streamOf reads the stream's name from the path of a viewer's URL.
// Viewers add slashes at will.
func streamOf(urlPath string) (media.StreamID, error) {
	return media.ParseStreamID(strings.Trim(urlPath, "/"))
}
