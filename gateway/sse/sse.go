// Package sse writes server-sent events, the stream by which a page stays up to date.
//
// In: an answer that has not begun, and values to send as JSON. Out: events on the
// answer. It owns no goroutine: the handler's sends, one event at a time. It must never
// wait for a browser longer than it was told, or buffer an event for later.
package sse

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Stream is one open stream of events, for one goroutine.
type Stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
}

// Start makes an answer a stream that lasts until its handler returns. Limit is how long
// a browser may take for one event, above 0: whoever is slower is disconnected. HTTP/2
// ends a stream at its deadline even if nothing is on its way, so events have to come
// more often than that.
func Start(w http.ResponseWriter, limit time.Duration) *Stream {
	s := &Stream{w: w, control: http.NewResponseController(w), limit: limit}
	_ = s.control.SetReadDeadline(time.Time{}) // else the server's own ends it
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	return s
}

// Send sends v as JSON under the event's name, at once. An error ends the stream.
func (s *Stream) Send(event string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("event %s: %w", event, err)
	}
	_ = s.control.SetWriteDeadline(time.Now().Add(s.limit)) // else the server's own holds
	if _, err := fmt.Fprintf(s.w, "event: %s\ndata: %s\n\n", event, data); err != nil {
		return err
	}
	return s.control.Flush()
}
