// Package notice serves one page to anybody: the notice that the sign at the door leads to,
// on a listener of its own.
//
// In: the page as it is to be shown. Out: that page, over HTTP, for GET and HEAD of its one
// path. A Server owns one goroutine, which Close awaits. It knows no store, no login and no
// other page, sets no cookie and keeps nothing of who asks.
package notice

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/ports"
)

// The bounds of open connections. Nobody is logged in, so each makes room for newcomers.
const (
	MaxConnections = 64
	// MaxIdle bounds those of one address.
	MaxIdle = 8
	// RequestLimit bounds the reading of a request and the writing of the page, each.
	RequestLimit = 5 * time.Second
	// maxHeader bounds a request's header, in bytes.
	maxHeader = 8 << 10
)

// Page is what is shown.
type Page struct {
	// HTML that loads nothing; empty: there is no notice yet.
	HTML []byte
	// Policy is its Content-Security-Policy.
	Policy string
}

// shown is a page with what a browser compares it by.
type shown struct {
	Page
	etag string
}

// Server shows the page. Only New makes one.
type Server struct {
	log      *slog.Logger
	http     *http.Server
	listener net.Listener
	page     atomic.Pointer[shown]
	wait     sync.WaitGroup
}

// New shows no page yet.
func New(log *slog.Logger) *Server {
	s := &Server{log: log}
	s.Show(Page{Policy: "default-src 'none'"})
	s.http = &http.Server{
		Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: RequestLimit, ReadTimeout: RequestLimit, WriteTimeout: RequestLimit, IdleTimeout: RequestLimit,
		MaxHeaderBytes: maxHeader, DisableGeneralOptionsHandler: true,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug), // of strangers' broken requests
	}
	return s
}

// Show puts a page in the place of the one before. It may be called from any goroutine.
func (s *Server) Show(p Page) {
	sum := sha256.Sum256(p.HTML)
	s.page.Store(&shown{p, `"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`})
}

// Start opens the address and serves until Close. next takes the next free port where another
// program has the one that is asked for.
func (s *Server) Start(addr string, next bool) error {
	l, err := ports.TCP(ports.Want{Addr: addr, Setting: "notice.address", Next: next})
	if err != nil {
		return fmt.Errorf("notice: %w: or leave notice.address empty to serve no notice", err)
	}
	s.listener = l
	limits := connlimit.Limits{Total: MaxConnections, Idle: MaxIdle, IdleTime: 2 * RequestLimit}
	s.wait.Go(func() {
		if err := s.http.Serve(connlimit.New(limits).Listen(l)); !errors.Is(err, http.ErrServerClosed) {
			s.log.Error("the notice is no longer served", "error", err)
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

// Close ends it within a moment.
func (s *Server) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		_ = s.http.Close()
	}
	s.wait.Wait()
}

// serve answers GET and HEAD of / alone.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	p := s.page.Load()
	h := w.Header()
	h.Set("Content-Security-Policy", p.Policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	switch {
	case r.URL.Path != "/":
		http.Error(w, "there is one page here: /", http.StatusNotFound)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "this page can only be read", http.StatusMethodNotAllowed)
	case len(p.HTML) == 0:
		http.Error(w, "暂无告知文本 / no notice yet", http.StatusNotFound)
	default:
		s.send(w, r, p)
	}
}

func (s *Server) send(w http.ResponseWriter, r *http.Request, p *shown) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-cache") // a changed notice is seen at once
	h.Set("ETag", p.etag)
	if r.Header.Get("If-None-Match") == p.etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", fmt.Sprint(len(p.HTML)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(p.HTML) // the client may be gone
	}
}
