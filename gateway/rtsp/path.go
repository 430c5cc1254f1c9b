package rtsp

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"

	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// formatWait is how long DESCRIBE waits for the first keyframe.
	formatWait = time.Second
	// keyframeGap is the least time between two calls of KeyframeWanted,
	// keyframeRetry the time after which it is called again while a viewer
	// still has no frame.
	keyframeGap   = 300 * time.Millisecond
	keyframeRetry = time.Second
	// pathQueue is the most access units that wait to be sent: about 10 s of
	// a usual camera. It only fills where this process gets no CPU time.
	pathQueue = 256
)

// PathHooks are a path's calls to its owner. Any may be nil.
type PathHooks struct {
	// Asked is called when somebody who may watch asks for the stream, before
	// its format is awaited: a stream that is not made while nobody watches has
	// to begin now. It must return at once and not call back.
	Asked func()
	// KeyframeWanted is called when a viewer has joined and needs a
	// keyframe: at most every 300 ms, from one goroutine, with no lock
	// held, and again each second while some viewer still waits for its
	// first keyframe. It must not call Path.Close.
	KeyframeWanted func()
	// ViewersChanged is called with the number of viewers whenever it is another
	// one, in order. It must return at once and not call back.
	ViewersChanged func(viewers int)
}

// PathStats counts since Publish.
type PathStats struct {
	// Viewers watch now.
	Viewers int
	// ViewersRefused were turned away because MaxViewers watched.
	ViewersRefused uint64
	// Units are the access units published, Bytes the bytes of their NAL units.
	Units, Bytes uint64
	// UnitsLost reached no viewer because the path's own queue was full.
	UnitsLost uint64
	// Packets are the RTP packets queued for viewers, each counted for
	// every viewer; Dropped those that viewers lost because they were slow.
	Packets, Dropped uint64
	// KeyframesWanted are the calls of KeyframeWanted.
	KeyframesWanted uint64
}

// Path is one stream of a camera. Its methods may be called from any goroutine.
type Path struct {
	id     media.StreamID
	server *Server
	hooks  PathHooks
	log    *slog.Logger

	stream *gortsplib.ServerStream
	track  *description.Media
	format *format.H264
	ssrc   uint32

	ctx      context.Context // ends with Close
	cancel   context.CancelFunc
	ready    chan struct{}   // closed with the first keyframe
	want     chan struct{}   // a viewer joined
	queue    chan queuedUnit // from Write to the sender
	sessions sync.WaitGroup  // those in viewers
	loops    sync.WaitGroup  // the sender and the asker for keyframes
	once     sync.Once       // Close

	mu      sync.Mutex // nothing waits while it is held
	closed  bool
	gap     bool                                 // the queue refused the last unit
	viewers map[*gortsplib.ServerSession]*viewer // SETUP was accepted
	stats   PathStats                            // Viewers are those that PLAY
}

// queuedUnit is an access unit on its way to the sender.
type queuedUnit struct {
	clean media.Clean
	gap   bool // the unit before this one was lost
}

func newPath(s *Server, id media.StreamID, hooks PathHooks) (*Path, error) {
	f := &format.H264{PayloadTyp: payloadType, PacketizationMode: 1}
	p := &Path{
		id: id, server: s, hooks: hooks, log: s.log.With("camera", id.String()),
		format:  f,
		track:   &description.Media{Type: description.MediaTypeVideo, Formats: []format.Format{f}},
		ready:   make(chan struct{}),
		want:    make(chan struct{}, 1),
		queue:   make(chan queuedUnit, pathQueue),
		viewers: map[*gortsplib.ServerSession]*viewer{},
	}
	snd, err := newSender(p)
	if err != nil {
		return nil, err
	}
	desc := &description.Session{Title: id.String(), Medias: []*description.Media{p.track}}
	p.stream = &gortsplib.ServerStream{Server: s.gorts, Desc: desc}
	if err := p.stream.Initialize(); err != nil {
		return nil, fmt.Errorf("RTP stream: %w", err)
	}
	p.ssrc = p.stream.Stats().Medias[p.track].Formats[f].LocalSSRC
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.loops.Go(snd.run)
	p.loops.Go(p.askKeyframes)
	return p, nil
}

// Write sends one access unit to all viewers. It never waits: a viewer that
// cannot keep up loses packets, and then everything up to the next keyframe.
// After Close it does nothing.
func (p *Path) Write(c media.Clean) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(c.NALUs()) == 0 {
		return
	}
	select {
	case p.queue <- queuedUnit{c, p.gap}:
		p.gap = false
		p.stats.Units++
		for _, u := range c.NALUs() {
			p.stats.Bytes += uint64(len(u))
		}
	default:
		p.gap = true
		p.stats.UnitsLost++
	}
}

// askKeyframes calls KeyframeWanted for viewers that wait for their first
// frame. Many joins at once make one call; a join after a call makes another.
func (p *Path) askKeyframes() {
	retry := time.NewTimer(keyframeRetry)
	defer retry.Stop()
	for {
		select {
		case <-p.ctx.Done():
			return
		case <-p.want:
		case <-retry.C:
		}
		if !p.keyframeDue() {
			continue
		}
		p.hooks.KeyframeWanted()
		retry.Reset(keyframeRetry)
		select {
		case <-p.ctx.Done():
			return
		case <-time.After(keyframeGap):
		}
	}
}

// keyframeDue reports whether a viewer still waits for its first frame; it
// counts the call that follows.
func (p *Path) keyframeDue() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for v := range p.watching() {
		if !v.started && p.hooks.KeyframeWanted != nil {
			p.stats.KeyframesWanted++
			return true
		}
	}
	return false
}

// awaitFormat waits a little for the first keyframe: an SDP with parameter
// sets saves viewers time. Without one they find them in the stream.
func (p *Path) awaitFormat() {
	late := time.NewTimer(formatWait)
	defer late.Stop()
	select {
	case <-p.ready:
	case <-p.ctx.Done():
	case <-late.C:
	}
}

// asked says that somebody who may watch is coming.
func (p *Path) asked() {
	if p.hooks.Asked != nil {
		p.hooks.Asked()
	}
}

// enter takes in a session that sends SETUP on a connection.
func (p *Path) enter(ss *gortsplib.ServerSession, cl *client) base.StatusCode {
	if was, ok := ss.UserData().(*Path); ok && was != p {
		return base.StatusBadRequest // its camera was removed and added again
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return base.StatusNotFound
	}
	if p.viewers[ss] == nil {
		p.viewers[ss] = &viewer{session: ss, login: cl.who(), track: p.track, ssrc: p.ssrc}
		p.sessions.Add(1)
		ss.SetUserData(p)
	}
	return base.StatusOK
}

// play makes a session a viewer and asks for its keyframe. The connection
// that it comes on then need not make room for others, until the session ends.
func (p *Path) play(ss *gortsplib.ServerSession, cl *client) base.StatusCode {
	p.mu.Lock()
	defer p.mu.Unlock()
	v := p.viewers[ss]
	switch {
	case p.closed || v == nil || v.login != cl.who() || !p.server.may(v.login, p.id):
		return base.StatusNotFound // another login's session is none
	case v.playing:
		return base.StatusOK // some viewers say PLAY twice
	case p.stats.Viewers >= p.server.cfg.MaxViewers:
		p.stats.ViewersRefused++
		return base.StatusServiceUnavailable
	case cl.place == nil || !cl.place.Busy():
		return base.StatusServiceUnavailable // just now closed for another
	}
	v.place = cl.place
	v.playing, v.udp = true, *ss.SetuppedTransport() == gortsplib.TransportUDP
	p.countViewers(1)
	select {
	case p.want <- struct{}{}:
	default: // an earlier wish is still unread and covers this one
	}
	return base.StatusOK
}

func (p *Path) countViewers(by int) {
	p.stats.Viewers += by
	if p.hooks.ViewersChanged != nil {
		p.hooks.ViewersChanged(p.stats.Viewers)
	}
}

// leave forgets a session that has ended and returns what it was.
func (p *Path) leave(ss *gortsplib.ServerSession) *viewer {
	p.mu.Lock()
	defer p.mu.Unlock()
	v := p.viewers[ss]
	delete(p.viewers, ss)
	if v.playing {
		v.place.Idle()
		p.countViewers(-1)
	}
	p.sessions.Done()
	return v
}

// noteViewers has Logins see those that watch.
func (p *Path) noteViewers() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for v := range p.watching() {
		p.server.cfg.Logins.Saw(v.login.name, Door)
	}
}

// recheck ends the sessions of those that may not watch this camera any more.
func (p *Path) recheck() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for ss, v := range p.viewers {
		if !p.server.may(v.login, p.id) {
			ss.Close()
		}
	}
}

// Close removes the path, disconnects its viewers and returns when they are
// gone. Other paths do not notice.
func (p *Path) Close() { p.once.Do(p.close) }

func (p *Path) close() {
	p.mu.Lock()
	p.closed = true
	for ss := range p.viewers {
		ss.Close()
	}
	p.mu.Unlock()
	p.cancel()
	p.server.forget(p)
	p.sessions.Wait()
	p.loops.Wait()
	p.stream.Close()
}

// Viewers returns how many watch now.
func (p *Path) Viewers() int { return p.Stats().Viewers }

// Stats returns the counters.
func (p *Path) Stats() PathStats {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stats
}
