// Package whep shows masked streams in a browser, live, by WebRTC: the media side of
// WHEP (WebRTC-HTTP egress protocol), whose HTTP belongs to the console. Only media.Clean
// goes in, so nothing else can come out.
//
// In: vouched frames and viewers' offers. Out: answers, one stream a viewer, and how many
// watch each stream. Each session's run goroutine owns its connection, the library's muxes
// those that read the two fixed ports; Close ends all. It must never wait for a viewer, or
// hold its lock while it calls back.
//
// A viewer's offer is taken apart and only what is needed of it is kept. The gateway is an
// ICE lite agent (RFC 8445, section 2.5) with host candidates: it answers who knows the
// session's secret and never sends a packet of its own accord to an address that an offer
// names. There is no name on the network, no sound and no data channel.
//
// Where the settings name ICE servers, and only there, it is a full agent: it asks those
// servers for its address or a relay, and sends the checks of ICE, some hundred bytes each
// and few, to addresses of UDP that the offer of somebody with a login names; never to host
// names, loopback, link-local or multicast addresses. Video still goes only to who proved
// the session's secret and certificate.
package whep

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/pion/webrtc/v4"
	"golang.org/x/time/rate"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/viewcount"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The limits where Config has none.
const (
	DefaultSessions  = 32
	DefaultPerCamera = 8
	DefaultPerSource = 16
)

// ConnectLimit is how long an answered viewer may take to appear. Until it has,
// it makes room for one of another address that has fewer who did not.
const ConnectLimit = 15 * time.Second

const (
	// gatherLimit bounds the finding of the host's own addresses.
	gatherLimit = 5 * time.Second
	// keyframePause is the shortest time between two keyframes that viewers
	// of one stream can ask for: each costs all viewers bandwidth.
	keyframePause = time.Second
	// closeLimit is how long Close waits for sessions that ask ICE servers.
	closeLimit = 3 * time.Second
	// queueLength bounds what waits for one viewer: some two seconds.
	queueLength = 64
)

// What Offer refuses; errors.Is finds them.
var (
	ErrOffer  = errors.New("offer not usable")    // the offer can never be answered
	ErrNoH264 = errors.New("no H.264 in offer")   // nor this one: it takes no H.264 video
	ErrBusy   = errors.New("too many previews")   // perhaps later
	ErrClosed = errors.New("preview has stopped") // after Close
)

// Config of a Server. Every field has a working zero value.
type Config struct {
	Log *slog.Logger
	// KeyframeWanted is called when a viewer cannot show a frame before the
	// next keyframe. It must return at once and may be called from any goroutine.
	KeyframeWanted func(media.StreamID)
	// Watching is called with the number of viewers of a stream whenever it changes, one call
	// after another: from an offer on, before the viewer needs a frame. It must not wait.
	Watching func(id media.StreamID, viewers int)
	// Network is how viewers reach the server.
	Network Network
	// Sessions, PerCamera and PerSource bound the viewers, in all, of one
	// camera and of one address; 0 means the defaults.
	Sessions, PerCamera, PerSource int
}

// Server holds the sessions of all streams. Its methods may be called from any
// goroutine.
type Server struct {
	cfg    Config
	api    *webrtc.API
	net    *network
	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup // one for each session

	connectLimit time.Duration

	mu       sync.Mutex
	sessions map[string]*session
	streams  map[media.StreamID]*viewers
	stats    Stats

	count *viewcount.Count
}

// viewers are the sessions of one stream.
type viewers struct {
	sessions  []*session
	keyframes *rate.Limiter // those that viewers may ask for
}

// Stats count since the start.
type Stats struct {
	// Sessions is how many there are now; Begun how many viewers were
	// answered and Refused how many offers were not.
	Sessions       int
	Begun, Refused uint64
	// Sent counts frames that left for a viewer, Dropped those that one
	// missed because it was too slow.
	Sent, Dropped uint64
}

// New opens the fixed ports; without them nothing listens before the first Offer.
func New(cfg Config) (*Server, error) {
	if cfg.Sessions < 0 || cfg.PerCamera < 0 || cfg.PerSource < 0 {
		return nil, fmt.Errorf("preview limits %d, %d and %d must not be negative: use 0 for the defaults", cfg.Sessions, cfg.PerCamera, cfg.PerSource)
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.KeyframeWanted == nil {
		cfg.KeyframeWanted = func(media.StreamID) {}
	}
	cfg.Sessions = cmp.Or(cfg.Sessions, DefaultSessions)
	cfg.PerCamera = cmp.Or(cfg.PerCamera, DefaultPerCamera)
	cfg.PerSource = cmp.Or(cfg.PerSource, DefaultPerSource)
	network, err := cfg.Network.open()
	if err != nil {
		return nil, fmt.Errorf("preview by WebRTC: %w", err)
	}
	api, err := newAPI(network)
	if err != nil {
		network.close()
		return nil, fmt.Errorf("preview by WebRTC: %w", err)
	}
	if err := tryServers(api, cfg.Network); err != nil {
		network.close()
		return nil, fmt.Errorf("webrtc.ice_servers: %w", err)
	}
	s := &Server{cfg: cfg, api: api, net: network, connectLimit: ConnectLimit, sessions: map[string]*session{}, streams: map[media.StreamID]*viewers{}}
	s.count = viewcount.New(s.Viewers, cfg.Watching)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s, nil
}

// Links are the values of the Link header that names the ICE servers to a viewer, with the
// login at them.
func (s *Server) Links() []string { return s.cfg.Network.links() }

// Ports are the fixed ports in use; 0: none.
func (s *Server) Ports() (udp, tcp int) { return s.net.udpPort, s.net.tcpPort }

// Offer answers a viewer's SDP offer for a stream and returns the answer, with
// all candidates in it, and the session's name, which nobody can guess. From is
// whom the limit by address counts it for (connlimit.Source). The
// context counts until then. The viewer gets the stream from its next keyframe on.
func (s *Server) Offer(ctx context.Context, id media.StreamID, from, offer string) (answer, name string, err error) {
	q, err := checkOffer(offer, s.cfg.Network.full())
	if err != nil {
		s.refused()
		return "", "", err
	}
	v, err := s.admit(id, from)
	if err != nil {
		s.refused()
		return "", "", err
	}
	s.count.Changed(id)
	if answer, err = v.negotiate(ctx, q); err != nil {
		v.close()
		s.refused()
		return "", "", err
	}
	go v.run()
	s.mu.Lock()
	s.stats.Begun++
	s.mu.Unlock()
	s.cfg.Log.Debug("preview begins", "stream", id)
	return answer, v.name, nil
}

// Write hands a stream's next frame to its viewers. It never blocks: a
// viewer that is behind misses frames up to the next keyframe.
func (s *Server) Write(id media.StreamID, c media.Clean) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stream := s.streams[id]
	if stream == nil {
		return
	}
	for _, v := range stream.sessions {
		if !v.take(c) {
			s.stats.Dropped++
		}
	}
}

// End ends a session; an unknown one is no error. It does not wait.
func (s *Server) End(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.sessions[name]; v != nil {
		v.cancel()
	}
}

// WhenOver calls f once a session is over, at once where it is already. f must not
// wait; it may call the Server.
func (s *Server) WhenOver(name string, f func()) {
	s.mu.Lock()
	v := s.sessions[name]
	s.mu.Unlock()
	if v == nil {
		f()
		return
	}
	context.AfterFunc(v.ctx, f)
}

// Camera reports which camera a session is of; false where there is none.
func (s *Server) Camera(name string) (id media.CameraID, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.sessions[name]
	if v == nil {
		return "", false
	}
	return v.stream.Camera, true
}

// Viewers is how many watch a stream, or are about to.
func (s *Server) Viewers(id media.StreamID) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.of(id))
}

// of are the sessions of a stream. The lock is held.
func (s *Server) of(id media.StreamID) []*session {
	if stream := s.streams[id]; stream != nil {
		return stream.sessions
	}
	return nil
}

// ofCamera are the sessions of both of its streams. The lock is held.
func (s *Server) ofCamera(id media.CameraID) []*session {
	return slices.Concat(s.of(media.StreamID{Camera: id}), s.of(media.StreamID{Camera: id, Sub: true}))
}

// EndCamera ends all sessions of a camera, for one that was removed.
func (s *Server) EndCamera(id media.CameraID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range s.ofCamera(id) {
		v.cancel()
	}
}

// Stats reports what there is and was.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.Sessions = len(s.sessions)
	return st
}

// Close ends all sessions and waits for them, at most closeLimit for those that still ask ICE
// servers: the library gives those up after some seconds. Further offers are refused.
func (s *Server) Close() {
	s.mu.Lock()
	s.cancel() // under the lock: admit adds no session after it
	s.mu.Unlock()
	ended := make(chan struct{})
	go func() { defer close(ended); s.wg.Wait() }()
	var limit <-chan time.Time // none: there is nothing to wait for outside
	if s.cfg.Network.full() {
		limit = time.After(closeLimit)
	}
	select {
	case <-ended:
	case <-limit:
	}
	s.net.close()
}

func (s *Server) refused() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Refused++
}

// admit makes a session within the limits.
func (s *Server) admit(id media.StreamID, from string) (*session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return nil, text.Fail(ErrClosed, text.PreviewStopped)
	}
	if s.from(from) >= s.cfg.PerSource {
		return nil, text.Fail(ErrBusy, text.PreviewAddressBusy, s.cfg.PerSource)
	}
	if both := s.ofCamera(id.Camera); len(both) >= s.cfg.PerCamera && !s.makeRoom(from, both) {
		return nil, text.Fail(ErrBusy, text.PreviewCameraBusy, s.cfg.PerCamera)
	}
	if len(s.sessions) >= s.cfg.Sessions && !s.makeRoom(from, slices.Collect(maps.Values(s.sessions))) {
		return nil, text.Fail(ErrBusy, text.PreviewBusy, s.cfg.Sessions)
	}
	stream := s.streams[id]
	if stream == nil {
		stream = &viewers{keyframes: rate.NewLimiter(rate.Every(keyframePause), 1)}
		s.streams[id] = stream
	}
	v := newSession(s, id, from, rand.Text())
	stream.sessions = append(stream.sessions, v)
	s.sessions[v.name] = v
	s.wg.Add(1)
	return v, nil
}

// from counts the sessions of an address. The lock is held.
func (s *Server) from(from string) (n int) {
	for _, v := range s.sessions {
		if v.from == from {
			n++
		}
	}
	return n
}

// makeRoom ends the longest waiting of those that have not connected, of the
// address that has most of them, where from has fewer. The lock is held.
func (s *Server) makeRoom(from string, among []*session) bool {
	waiting := map[string]int{}
	for _, v := range s.sessions {
		if !v.connected {
			waiting[v.from]++
		}
	}
	var longest *session
	for _, v := range among {
		if v.connected || waiting[v.from] <= waiting[from] {
			continue
		}
		if longest == nil || waiting[v.from] > waiting[longest.from] || waiting[v.from] == waiting[longest.from] && v.begun.Before(longest.begun) {
			longest = v
		}
	}
	if longest == nil {
		return false
	}
	s.forget(longest)
	longest.cancel()
	return true
}

// release forgets a session that has ended.
func (s *Server) release(v *session) {
	defer s.wg.Done()
	s.mu.Lock()
	s.forget(v)
	s.mu.Unlock()
	s.count.Changed(v.stream)
}

// forget gives a session's place to others, once. The lock is held.
func (s *Server) forget(v *session) {
	if s.sessions[v.name] != v {
		return
	}
	delete(s.sessions, v.name)
	stream := s.streams[v.stream]
	stream.sessions = slices.DeleteFunc(stream.sessions, func(w *session) bool { return w == v })
	if len(stream.sessions) == 0 {
		delete(s.streams, v.stream)
	}
}

// begin lets a viewer that has connected take frames.
func (s *Server) begin(v *session) {
	s.mu.Lock()
	v.connected = true
	s.mu.Unlock()
	s.cfg.KeyframeWanted(v.stream)
}

// lost passes a viewer's wish for a keyframe on, now and then.
func (s *Server) lost(v *session) {
	s.mu.Lock()
	stream := s.streams[v.stream]
	due := stream != nil && stream.keyframes.Allow()
	s.mu.Unlock()
	if due {
		s.cfg.KeyframeWanted(v.stream)
	}
}

func (s *Server) sent() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Sent++
}
