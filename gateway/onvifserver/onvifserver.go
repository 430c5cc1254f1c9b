// Package onvifserver is the ONVIF device that recorders find the masked cameras by: Profile S, the
// useful parts of T, events by pull point, snapshots, and WS-Discovery where it is chosen.
//
// In: requests over plain HTTP, probes, the cameras as they are. Out: descriptions, addresses of
// masked streams, masked snapshots, events. A Server owns the goroutine that serves and those of
// Discovery; Close waits for them. Without a login it says what time it is and nothing else. It
// sets nothing, sends nothing to an address that did not ask, and never sees a frame but a masked JPEG.
package onvifserver

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/lockout"
	"github.com/bauta-gateway/bauta/gateway/ports"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The bounds of open connections. One that serves a request with a right login stays; others
// make room for newcomers.
const (
	MaxConnections = 256
	// MaxIdle and MaxBusy bound those of one address: a recorder may hold one for each camera's events.
	MaxIdle = 64
	MaxBusy = 128
	// RequestLimit bounds the reading of a request and the writing of an answer, each; IdleLimit
	// the time between two requests.
	RequestLimit = 10 * time.Second
	IdleLimit    = 30 * time.Second
	// MaxBody bounds a request, in bytes.
	MaxBody   = 64 << 10
	maxHeader = 16 << 10
)

// LongestWait is how long an address has to wait at most that guesses at a login.
const LongestWait = time.Minute

// Logins are those that may watch masked streams.
type Logins interface {
	Password(name string) (password string, ok bool)
	May(name string, camera media.CameraID) bool
	Saw(name, door string)
}

// door is this one's name.
const door = "onvif"

// Camera is a masked camera as it is now.
type Camera struct {
	ID   media.CameraID
	Name string
	// Main is its masked stream, Sub its sub-stream.
	Main, Sub  Encoding
	Protection media.Protection
}

// Encoding is how a stream leaves.
type Encoding struct {
	Width, Height int
	FPS           float64
	// Kbps is the bitrate of the last seconds, in 1000 bits a second.
	Kbps int
	// Keyframes is the usual time between two of them.
	Keyframes time.Duration
}

// Config says what to serve.
type Config struct {
	// Address is [host]:port; port 0 lets the system choose. NextPort takes the next free one
	// where another program has it.
	Address  string
	NextPort bool
	// Interfaces are those on which WS-Discovery is answered.
	Interfaces []string
	// ID is this device's UUID, Name the gateway's, Version its release.
	ID, Name, Version string

	Logins Logins
	// Cameras are all of them, in order.
	Cameras func() []Camera
	// Snapshot is a masked JPEG of a camera.
	Snapshot func(context.Context, media.CameraID) ([]byte, error)
	// Streams are the listening addresses of RTSP and RTSPS; empty where there is none.
	Streams func() (rtsp, rtsps string)
	Log     *slog.Logger
}

// Stats count since the start; Conns and Subscriptions are now.
type Stats struct {
	Conns, Subscriptions       int
	ConnsRefused, ConnsDropped uint64
	// LoginsFailed are wrong ones, Replayed those of a nonce that was used.
	LoginsFailed, Replayed uint64
	// EventsDropped were not fetched in time.
	EventsDropped uint64
	Discovery     DiscoveryStats
}

// Server is the device. Only New makes one.
type Server struct {
	cfg       Config
	limiter   *connlimit.Limiter
	http      *http.Server
	listener  net.Listener
	discovery atomic.Pointer[discovery] // nil: nobody is answered
	events    *events
	snapshots *snapshots

	checking     sync.Mutex // one login is checked at a time: tries of one name at once count as they come
	tries        *lockout.Lockout
	used         *used
	key          []byte // of the nonces that it gives out
	loginsFailed atomic.Uint64
	failures     connlimit.LogLimiter

	ctx  context.Context // ends with Close
	stop context.CancelFunc
	wait sync.WaitGroup
}

// New listens nowhere yet.
func New(cfg Config) *Server {
	s := &Server{
		cfg: cfg, limiter: connlimit.New(connlimit.Limits{Total: MaxConnections, Idle: MaxIdle, Busy: MaxBusy, IdleTime: IdleLimit}),
		events: newEvents(cfg.Logins.May), snapshots: newSnapshots(cfg.Snapshot),
		tries: lockout.New(LongestWait, time.Now), used: newUsed(), key: []byte(rand.Text()),
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.http = &http.Server{
		Handler: s, ConnContext: connlimit.InContext,
		ReadHeaderTimeout: RequestLimit, ReadTimeout: RequestLimit, WriteTimeout: RequestLimit + snapshotLimit, IdleTimeout: IdleLimit,
		MaxHeaderBytes: maxHeader, DisableGeneralOptionsHandler: true,
		ErrorLog: slog.NewLogLogger(cfg.Log.Handler(), slog.LevelDebug), // of strangers' broken requests
	}
	return s
}

// Start opens the address, and answers searches on the chosen interfaces, until Close.
func (s *Server) Start() error {
	l, err := ports.TCP(ports.Want{Addr: s.cfg.Address, Setting: "onvif.address", Next: s.cfg.NextPort})
	if err != nil {
		return fmt.Errorf("ONVIF: %w: or leave onvif.address empty to serve no recorder by ONVIF", err)
	}
	s.listener = l
	if len(s.cfg.Interfaces) > 0 {
		d, err := startDiscovery(s.described(), s.cfg.Interfaces, s.cfg.Log)
		if err != nil {
			_ = l.Close()
			return err
		}
		s.discovery.Store(d)
	}
	s.wait.Go(func() {
		if err := s.http.Serve(s.limiter.Listen(l)); !errors.Is(err, http.ErrServerClosed) {
			s.cfg.Log.Error("ONVIF is no longer served", "error", err)
		}
	})
	return nil
}

// Addr is the address in use; empty before Start.
func (s *Server) Addr() string {
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// Close says goodbye where it was announced, and ends all requests.
func (s *Server) Close() {
	if d := s.discovery.Load(); d != nil {
		d.close()
	}
	s.stop()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		_ = s.http.Close()
	}
	s.wait.Wait()
}

// Stats returns the counters.
func (s *Server) Stats() Stats {
	in := s.limiter.Stats()
	st := Stats{Conns: in.Open, ConnsRefused: in.Refused, ConnsDropped: in.Dropped, LoginsFailed: s.loginsFailed.Load(), Replayed: s.used.replays()}
	st.Subscriptions, st.EventsDropped = s.events.stats()
	if d := s.discovery.Load(); d != nil {
		st.Discovery = d.stats()
	}
	return st
}

// Changed takes what a camera's viewers get from now on; an empty one says that the camera is
// gone. It never waits.
func (s *Server) Changed(id media.CameraID, now media.Protection) { s.events.changed(id, now) }
