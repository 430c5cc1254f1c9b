package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
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
		refuseTo(w, r, api.Refuse(api.CodeBusy, text.APIStreams, maxListeners))
		return
	}
	defer h.stream.leave(wake)
	s := &eventStream{w: w, control: http.NewResponseController(w)}
	_ = s.control.SetReadDeadline(time.Time{}) // else the server's own ends it
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	for h.send(r.Context(), s) == nil && h.stream.pause(r.Context(), wake) {
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

func (h statusHandlers) send(ctx context.Context, s *eventStream) error {
	if err := s.send("status", h.status.For(ctx)); err != nil {
		return err
	}
	if r := h.stream.latest(); r != nil && r != s.sent {
		s.sent = r
		return s.send("compliance", r)
	}
	return nil
}

// eventStream writes Server-Sent Events.
type eventStream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	sent    *compliance.Report
}

func (s *eventStream) send(event string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_ = s.control.SetWriteDeadline(time.Now().Add(streamPatience)) // else the server's own holds
	if _, err := fmt.Fprintf(s.w, "event: %s\ndata: %s\n\n", event, b); err != nil {
		return err
	}
	return s.control.Flush()
}
