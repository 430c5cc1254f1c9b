package hls

import (
	"context"
	"errors"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Serve answers a request for a file of a stream, by somebody who may watch it. refuse
// answers with an error.
func (s *Server) Serve(w http.ResponseWriter, r *http.Request, id media.StreamID, name string, by Viewer, refuse func(error)) {
	q := r.URL.Query()
	f, err := parseFile(name, q.Get("_HLS_msn"), q.Get("_HLS_part"))
	if err != nil {
		refuse(text.Fail(ErrNotFound, text.HLSGone))
		return
	}
	st, err := s.admit(id, by)
	if err != nil {
		refuse(err)
		return
	}
	defer s.release(st, by)
	s.count.Changed(id)
	content, err := s.content(r.Context(), st, f)
	if err != nil {
		refuse(err)
		return
	}
	send(w, r, f, content)
}

// send writes an answer. Who takes it too slowly is cut off.
func send(w http.ResponseWriter, r *http.Request, f file, content [][]byte) {
	size := 0
	for _, b := range content {
		size += len(b)
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", kindOf(f))
	h.Set("Content-Length", strconv.Itoa(size))
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(AnswerLimit)) // else the server's own holds
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodHead {
		return
	}
	for _, b := range content {
		if _, err := w.Write(b); err != nil {
			return // the player is gone
		}
	}
}

func kindOf(f file) string {
	if f.kind == Index || f.kind == playlist {
		return "application/vnd.apple.mpegurl"
	}
	return "video/mp4"
}

// status is the HTTP status for an error of Serve.
func status(err error) int {
	for _, c := range []struct {
		err  error
		code int
	}{{ErrNotFound, http.StatusNotFound}, {ErrBusy, http.StatusServiceUnavailable}, {ErrNoFrame, http.StatusServiceUnavailable},
		{ErrClosed, http.StatusServiceUnavailable}, {context.Canceled, http.StatusServiceUnavailable}} {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return http.StatusInternalServerError
}

// parsePath takes lobby/index.m3u8 or lobby/sub/index.m3u8 apart.
func parsePath(at string) (id media.StreamID, name string, ok bool) {
	folder, name := path.Split(strings.TrimPrefix(at, DoorPath))
	id, err := media.ParseStreamID(strings.TrimSuffix(folder, "/"))
	return id, name, err == nil
}
