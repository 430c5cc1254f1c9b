package httpapi

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/sse"
)

const (
	// maxListeners bounds the open event streams: each page has one.
	maxListeners = 64
	// streamEvery is the longest time between two events, streamRest the
	// shortest, and streamPatience how long one may take to be written: who
	// is slower is disconnected, and comes back.
	streamEvery    = 5 * time.Second
	streamRest     = time.Second
	streamPatience = 10 * time.Second
)

// Stream wakes the open event streams when something changes.
type Stream struct {
	mu        sync.Mutex
	listeners map[chan struct{}]bool
	report    *compliance.Report
	closed    chan struct{}
	once      sync.Once
}

// NewStream has no listeners yet.
func NewStream() *Stream {
	return &Stream{listeners: map[chan struct{}]bool{}, closed: make(chan struct{})}
}

// join returns what wakes a stream; nil where there are too many.
func (h *Stream) join() chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.listeners) >= maxListeners {
		return nil
	}
	wake := make(chan struct{}, 1)
	h.listeners[wake] = true
	return wake
}

func (h *Stream) leave(wake chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.listeners, wake)
}

// Notify wakes all streams; it does not wait for them.
func (h *Stream) Notify() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for wake := range h.listeners {
		select {
		case wake <- struct{}{}:
		default: // it has yet to wake for the last one
		}
	}
}

// Reported keeps the newest report.
func (h *Stream) Reported(r compliance.Report) {
	h.mu.Lock()
	h.report = &r
	h.mu.Unlock()
	h.Notify()
}

func (h *Stream) latest() *compliance.Report {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.report
}

// Close ends all streams.
func (h *Stream) Close() { h.once.Do(func() { close(h.closed) }) }

// serve sends the status at once and whenever something changes.
func (h statusHandlers) serve(w http.ResponseWriter, r *http.Request) {
	wake := h.stream.join()
	if wake == nil {
		route.RefuseTo(w, r, api.Refuse(api.CodeBusy, text.APIStreams, maxListeners))
		return
	}
	defer h.stream.leave(wake)
	s, sent := sse.Start(w, streamPatience), (*compliance.Report)(nil)
	for {
		report, err := h.send(r.Context(), s, sent)
		if sent = report; err != nil || !h.stream.pause(r.Context(), wake) {
			return
		}
	}
}

// pause waits until there is something to send; false: the stream has ended.
func (h *Stream) pause(ctx context.Context, wake <-chan struct{}) bool {
	rest, every := time.NewTimer(streamRest), time.NewTimer(streamEvery)
	defer rest.Stop()
	defer every.Stop()
	for woken, rested := false, false; !woken || !rested; {
		select {
		case <-wake:
			woken = true
		case <-every.C:
			return true
		case <-rest.C:
			rested = true
		case <-ctx.Done():
			return false
		case <-h.closed:
			return false
		}
	}
	return true
}

// send sends the status, and the newest report where it is another than the one sent
// before. It returns the one that the reader has then.
func (h statusHandlers) send(ctx context.Context, s *sse.Stream, sent *compliance.Report) (*compliance.Report, error) {
	if err := s.Send("status", h.status.For(ctx)); err != nil {
		return sent, err
	}
	r := h.stream.latest()
	if r == nil || r == sent || identity.IsDisplay(ctx) {
		return sent, nil
	}
	return r, s.Send("compliance", r)
}
