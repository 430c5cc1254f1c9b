// Package console serves the web console and the API over HTTPS: it lets users
// and machines in, knows their roles, and passes what they may ask for to the
// gateway's own API handler.
//
// In: the API's handler, the page of all gateways and the accounts in the store. Out:
// pages, answers, and what belongs into the audit log. openapi.yaml is the authority on
// what is served and to whom; New refuses an API that differs from it. A Server owns
// two goroutines, one that serves and one that ends old sessions; Close waits for both.
//
// It must never hold a frame or a state of a camera, pass a request on that its role may
// not make, or keep a password in clear.
package console

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/lockout"
	"github.com/bauta-gateway/bauta/gateway/plainhttp"
	"github.com/bauta-gateway/bauta/gateway/ports"
	"github.com/bauta-gateway/bauta/gateway/signon"
)

// Config says what to serve.
type Config struct {
	// Addr is [host]:port; port 0 lets the system choose.
	Addr string
	// NextPort takes the next free port where another program has Addr's.
	NextPort bool
	// CertFile and KeyFile are PEM files, set together; without them the
	// console makes a certificate of its own.
	CertFile, KeyFile string
	// Store keeps the certificate that was made.
	Store    *store.Store
	Accounts *Accounts
	// API answers the routes of version 1, whose patterns are Routes.
	API    http.Handler
	Routes []string
	// Fleet answers what lies below /fleet: the page of all gateways of the
	// broker, for every role; nil: there is none.
	Fleet http.Handler
	// HLS answers what lies below /hls/ and proves who asks by itself: players there know a
	// login at the streams and no session; nil: there is none.
	HLS http.Handler
	// SignOn lets people in by a login provider.
	SignOn *signon.Room
	// Displays are the screens with a link; nil: there is none.
	Displays Displays
	// Audit takes what belongs into the audit log; it does not wait.
	Audit func(actor, action, subject, detail string)
	// Zone is the site's time zone; nil: the browser's is taken.
	Zone func() *time.Location
	// Language is the pages' where a browser does not say.
	Language text.Lang
	Log      *slog.Logger
}

// Server is the console. Only New makes one.
type Server struct {
	cfg      Config
	certs    *certificates
	http     *http.Server
	listener net.Listener
	pages    *pages
	failures connlimit.LogLimiter
	origins  *http.CrossOriginProtection
	screens  *lockout.Lockout // wrong tokens of screens, by address

	stop context.CancelFunc
	wait sync.WaitGroup
}

// New checks the API against its description and reads the pages.
func New(cfg Config) (*Server, error) {
	described, err := operations(OpenAPI)
	if err != nil {
		return nil, err
	}
	if err := compare(described, append(append([]string{}, cfg.Routes...), ownRoutes...)); err != nil {
		return nil, err
	}
	p, err := readPages()
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, pages: p, origins: http.NewCrossOriginProtection(), screens: lockout.New(lockout.LongestWait, time.Now)}
	s.certs = &certificates{certFile: cfg.CertFile, keyFile: cfg.KeyFile, store: cfg.Store, log: cfg.Log, now: time.Now}
	s.http = &http.Server{
		Handler:           s.handler(described),
		ConnContext:       connlimit.InContext,
		ReadHeaderTimeout: HandshakeLimit,
		ReadTimeout:       20 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(cfg.Log.Handler(), slog.LevelDebug), // a stranger's broken handshakes
		TLSConfig: &tls.Config{
			MinVersion: tls.VersionTLS12, GetCertificate: s.certs.get, NextProtos: []string{"h2", "http/1.1"},
		},
	}
	return s, nil
}

// The bounds of open connections; a browser holds a few. One that serves a request
// of somebody who is logged in stays; another makes room for newcomers where all
// places are taken, of the address that has most of them.
const (
	MaxConnections = 256
	// MaxIdle bounds those of one address without such a request; with one
	// more, its oldest is closed.
	MaxIdle = 64
	// HandshakeLimit bounds the TLS handshake, and then a request's header.
	HandshakeLimit = 5 * time.Second
)

// Start opens the address and serves until Close.
func (s *Server) Start() error {
	if _, err := s.certs.get(nil); err != nil {
		return fmt.Errorf("console: %w", err)
	}
	l, err := ports.TCP(ports.Want{Addr: s.cfg.Addr, Setting: "console.address", Next: s.cfg.NextPort})
	if err != nil {
		return fmt.Errorf("console: %w: or leave console.address empty for no console", err)
	}
	s.listener = l
	ctx, cancel := context.WithCancel(context.Background())
	s.stop = cancel
	s.wait.Go(func() {
		places := connlimit.New(connlimit.Limits{Total: MaxConnections, Idle: MaxIdle})
		if err := s.http.ServeTLS(places.Listen(plainhttp.Listen(l)), "", ""); !errors.Is(err, http.ErrServerClosed) {
			s.cfg.Log.Error("console failed", "error", err)
		}
	})
	s.wait.Go(func() { s.sweep(ctx) })
	return nil
}

// sweep ends sessions and tokens that are over, until ctx ends.
func (s *Server) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.cfg.Accounts.sessions.sweep()
			s.cfg.Accounts.sweepTokens()
			s.cfg.Accounts.keepSeen(s.cfg.Log)
		}
	}
}

// CertificateEnds is when the certificate that is shown ends; zero where there is none.
func (s *Server) CertificateEnds() time.Time {
	c, err := s.certs.get(nil)
	if err != nil || c.Leaf == nil {
		return time.Time{}
	}
	return c.Leaf.NotAfter
}

// Addr is the address in use.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// OwnFingerprint is the SHA-256, in hex, of the certificate that the gateway made for itself, to
// compare by eye; empty where it uses another one.
func (s *Server) OwnFingerprint() string {
	info, err := s.certs.info()
	if err != nil || info.Source != certificateOwn {
		return ""
	}
	return info.Fingerprint
}

// Close ends all sessions, waits briefly for running requests, then cuts them off.
func (s *Server) Close() {
	s.cfg.Accounts.Close()
	if s.listener == nil {
		return
	}
	s.stop()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		s.http.Close()
	}
	s.wait.Wait()
	s.cfg.Accounts.keepSeen(s.cfg.Log)
}
