// Package hls serves masked streams as HLS, in fragmented MP4 and with the parts of its
// low-latency form, to players without WebRTC. Only media.Clean goes in, so nothing else can
// come out; the newest seconds are kept in memory alone.
//
// In: vouched frames, and requests of who was let in already, or at Door by a stream login.
// Out: playlists and segments, how many watch each stream, and wishes for keyframes. A stream
// is cut into segments only while somebody asks for them. The Server owns one goroutine,
// which ends what nobody watches any more; Close waits for it. It must never write to a disk,
// wait for a player while it takes a frame, or answer who may not watch.
package hls

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/viewcount"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The limits where Config has none.
const (
	DefaultStreams   = 32
	DefaultPerStream = 32
	DefaultRequests  = 256
	DefaultPerSource = 64
)

// WatchLimit is how long a player may ask for nothing before it no longer counts. With the
// last one its stream's segments are gone.
const WatchLimit = 8 * time.Second

const (
	// waitLimit is how long a request waits for what is to come.
	waitLimit = 5 * time.Second
	// AnswerLimit is how long an answer may take to leave, once it is there.
	AnswerLimit = 15 * time.Second
	// tick is how often the server sees what is due; askEvery the least time between two
	// wishes for a keyframe of one stream: each costs all of its viewers bandwidth.
	tick     = 250 * time.Millisecond
	askEvery = time.Second
	// maskedWithin is how long a face may still be shown whose consent was withdrawn.
	maskedWithin = time.Second
)

// What is refused; errors.Is finds them.
var (
	ErrNotFound = errors.New("not in the playlist, or no longer")
	ErrBusy     = errors.New("too many players")   // perhaps later
	ErrNoFrame  = errors.New("no frame yet")       // the same
	ErrClosed   = errors.New("server has stopped") // after Close
)

// Config of a Server. Every field has a working zero value.
type Config struct {
	Log *slog.Logger
	// KeyframeWanted is called now and then while a stream is watched: segments begin with
	// keyframes. It must return at once.
	KeyframeWanted func(media.StreamID)
	// Watching is called with the number of viewers of a stream whenever it changes, one call
	// after another: from the first request on, before there is a frame. It must not wait.
	Watching func(id media.StreamID, viewers int)
	// Streams, PerStream, Requests and PerSource bound the streams that are cut at once, the
	// viewers of one, the requests being answered and those of one address; 0 means the
	// defaults.
	Streams, PerStream, Requests, PerSource int
}

// Server holds what players may ask for now. Its methods may be called from any goroutine.
type Server struct {
	cfg    Config
	ctx    context.Context
	cancel context.CancelFunc
	done   chan struct{}
	limit  time.Duration // WatchLimit; tests have less

	mu       sync.Mutex
	streams  map[media.StreamID]*stream
	requests map[string]int // being answered, by address
	stats    Stats
	// withdrawn is when a consent was; zero: what it showed is forgotten since.
	withdrawn time.Time

	count *viewcount.Count
}

// stream is one that is watched.
type stream struct {
	muxer   *muxer
	viewers map[string]time.Time // when each asked last
	asked   time.Time
}

// Stats count since the start.
type Stats struct {
	// Streams that are cut now, and Viewers of all of them.
	Streams, Viewers int
	// Bytes that the segments take.
	Bytes int
	// Answered requests, and Refused ones, for want of room.
	Answered, Refused uint64
	// Failed frames could not be cut.
	Failed uint64
	// LoginsFailed at Door.
	LoginsFailed uint64
}

// New makes a Server that holds nothing yet.
func New(cfg Config) *Server {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.KeyframeWanted == nil {
		cfg.KeyframeWanted = func(media.StreamID) {}
	}
	cfg.Streams, cfg.PerStream = cmp.Or(cfg.Streams, DefaultStreams), cmp.Or(cfg.PerStream, DefaultPerStream)
	cfg.Requests, cfg.PerSource = cmp.Or(cfg.Requests, DefaultRequests), cmp.Or(cfg.PerSource, DefaultPerSource)
	s := &Server{cfg: cfg, done: make(chan struct{}), limit: WatchLimit, streams: map[media.StreamID]*stream{}, requests: map[string]int{}}
	s.count = viewcount.New(s.Viewers, cfg.Watching)
	s.ctx, s.cancel = context.WithCancel(context.Background())
	go s.run()
	return s
}

// Write takes a stream's next frame. It never waits for a player.
func (s *Server) Write(id media.StreamID, c media.Clean) {
	s.mu.Lock()
	st := s.streams[id]
	s.mu.Unlock()
	if st == nil {
		return
	}
	if err := st.muxer.write(c); err != nil {
		s.cfg.Log.Debug("frame left out of HLS", "stream", id, "error", err)
		s.mu.Lock()
		s.stats.Failed++
		s.mu.Unlock()
	}
}

// Viewer is who asks: Name is the same for each request of one player, Source the address
// that the limit by address counts it for (connlimit.Source).
type Viewer struct{ Name, Source string }

// admit counts a request and finds its stream, which the first one of a stream begins.
func (s *Server) admit(id media.StreamID, by Viewer) (st *stream, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		if err != nil {
			s.stats.Refused++
		}
	}()
	all := 0
	for _, n := range s.requests {
		all += n
	}
	st = s.streams[id]
	switch {
	case s.ctx.Err() != nil:
		return nil, text.Fail(ErrClosed, text.PreviewStopped)
	case all >= s.cfg.Requests, s.requests[by.Source] >= s.cfg.PerSource, st == nil && len(s.streams) >= s.cfg.Streams:
		return nil, text.Fail(ErrBusy, text.HLSBusy)
	}
	if st == nil {
		st = &stream{muxer: newMuxer(), viewers: map[string]time.Time{}}
		s.streams[id] = st
	}
	if _, known := st.viewers[by.Name]; !known && len(st.viewers) >= s.cfg.PerStream {
		return nil, text.Fail(ErrBusy, text.HLSBusy)
	}
	st.viewers[by.Name] = time.Now()
	s.requests[by.Source]++
	return st, nil
}

// release ends a request.
func (s *Server) release(st *stream, by Viewer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.requests[by.Source]--; s.requests[by.Source] <= 0 {
		delete(s.requests, by.Source)
	}
	if _, known := st.viewers[by.Name]; known {
		st.viewers[by.Name] = time.Now()
	}
	s.stats.Answered++
}

// content waits for what a request is for.
func (s *Server) content(ctx context.Context, st *stream, f file) ([][]byte, error) {
	limit := time.NewTimer(waitLimit)
	defer limit.Stop()
	for {
		content, ready, err := st.muxer.find(f)
		if err != nil {
			return nil, text.Fail(fmt.Errorf("%w: %w", ErrNotFound, err), text.HLSGone)
		}
		if ready == nil {
			return content, nil
		}
		select {
		case <-ready:
		case <-limit.C:
			return nil, text.Fail(ErrNoFrame, text.HLSNoFrame)
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.ctx.Done():
			return nil, text.Fail(ErrClosed, text.PreviewStopped)
		}
	}
}

// run does what is due until Close.
func (s *Server) run() {
	defer close(s.done)
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case now := <-t.C:
			s.forgetShown(now)
			s.expire(now)
			s.ask(now)
		}
	}
}

// expire forgets players that are gone, and streams that nobody watches.
func (s *Server) expire(now time.Time) {
	s.mu.Lock()
	for _, st := range s.streams {
		maps.DeleteFunc(st.viewers, func(_ string, seen time.Time) bool { return now.Sub(seen) > s.limit })
	}
	s.drop(func(_ media.StreamID, st *stream) bool { return len(st.viewers) == 0 })
	s.mu.Unlock()
	s.count.AllChanged()
}

// Withdrawn says that a consent was: what shows a face by consent is not handed out any more, neither
// what is kept now nor what comes until the worker has masked it again.
func (s *Server) Withdrawn() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.withdrawn = time.Now()
	s.withdraw()
}

// forgetShown does so for the last time, once all is masked.
func (s *Server) forgetShown(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.withdrawn.IsZero() && now.Sub(s.withdrawn) > maskedWithin {
		s.withdraw()
		s.withdrawn = time.Time{}
	}
}

// withdraw has each stream forget what shows faces. The lock is held.
func (s *Server) withdraw() {
	for _, st := range s.streams {
		st.muxer.withdraw()
	}
}

// drop ends streams. The lock is held.
func (s *Server) drop(which func(media.StreamID, *stream) bool) {
	maps.DeleteFunc(s.streams, func(id media.StreamID, st *stream) bool {
		if !which(id, st) {
			return false
		}
		st.muxer.close()
		return true
	})
}

// ask asks for the keyframes that segments wait for.
func (s *Server) ask(now time.Time) {
	var due []media.StreamID
	s.mu.Lock()
	for id, st := range s.streams {
		if now.Sub(st.asked) >= askEvery && st.muxer.wantsKeyframe() {
			st.asked = now
			due = append(due, id)
		}
	}
	s.mu.Unlock()
	for _, id := range due {
		s.cfg.KeyframeWanted(id)
	}
}

// Viewers is how many watch a stream.
func (s *Server) Viewers(id media.StreamID) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if st := s.streams[id]; st != nil {
		return len(st.viewers)
	}
	return 0
}

// EndCamera ends both streams of a camera, for one that was removed or begins anew.
func (s *Server) EndCamera(id media.CameraID) {
	s.mu.Lock()
	s.drop(func(of media.StreamID, _ *stream) bool { return of.Camera == id })
	s.mu.Unlock()
	s.count.AllChanged()
}

// Stats reports what there is and was.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.stats
	st.Streams = len(s.streams)
	for _, one := range s.streams {
		st.Viewers += len(one.viewers)
		one.muxer.mu.Lock()
		st.Bytes += one.muxer.bytes
		one.muxer.mu.Unlock()
	}
	return st
}

// Close ends all streams and what waits for them. Further requests are refused.
func (s *Server) Close() {
	s.mu.Lock()
	s.cancel() // under the lock: admit begins nothing after it
	s.drop(func(media.StreamID, *stream) bool { return true })
	s.mu.Unlock()
	<-s.done
	s.count.AllChanged()
}
