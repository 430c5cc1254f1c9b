package fleet

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
)

// DefaultListen is where the page is served where nothing else is said.
const DefaultListen = "127.0.0.1:8450"

// ViewerName is the user of the page's login.
const ViewerName = "viewer"

const (
	// wrongPause is what a wrong password costs, wrongAtOnce how many may
	// be waiting for it: the next one is refused unread.
	wrongPause  = time.Second
	wrongAtOnce = 8
	stopLimit   = 2 * time.Second
)

// The bounds of open connections, as the console has them: one that serves a
// request of somebody with the login stays.
const (
	MaxConnections = 256
	MaxIdle        = 64
	// HandshakeLimit bounds the TLS handshake, and then a request's header.
	HandshakeLimit = 5 * time.Second
)

// ServeConfig says where and to whom the page is shown.
type ServeConfig struct {
	// Listen is host:port; empty means DefaultListen. What is not loopback
	// needs the certificate and the password.
	Listen string
	// CertFile and KeyFile are for HTTPS, in PEM; both or neither.
	CertFile, KeyFile string
	// Password is the one of user viewer; empty: no login.
	Password string
	// Ready is called with the address once it listens; nil: nobody is.
	Ready func(url string)
}

// ErrExposed is a page that anybody on the network could read on its way.
var ErrExposed = errors.New("page not protected")

// Serve reads the broker and shows the page until ctx ends.
func (s *StateCache) Serve(ctx context.Context, cfg ServeConfig) error {
	l, err := cfg.listen()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := &http.Server{
		Handler: cfg.guard(s.Handler("")), ConnContext: connlimit.InContext, ReadHeaderTimeout: HandshakeLimit, ReadTimeout: 20 * time.Second, WriteTimeout: time.Minute,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog:    slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelDebug), // of strangers' broken requests
		BaseContext: func(net.Listener) context.Context { return ctx },       // open pages end with it
	}
	reading := make(chan struct{})
	go func() {
		defer close(reading)
		s.Run(ctx)
	}()
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	if cfg.Ready != nil {
		cfg.Ready(cfg.scheme() + "://" + l.Addr().String() + "/")
	}
	select {
	case err = <-served:
		cancel()
	case <-ctx.Done():
		err = shutDown(server)
		<-served
	}
	<-reading
	return err
}

func shutDown(s *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	if s.Shutdown(ctx) != nil {
		return s.Close()
	}
	return nil
}

func (c *ServeConfig) scheme() string {
	if c.CertFile != "" {
		return "https"
	}
	return "http"
}

// listen refuses what would show the page to a whole network.
func (c *ServeConfig) listen() (net.Listener, error) {
	if c.Listen == "" {
		c.Listen = DefaultListen
	}
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return nil, fmt.Errorf("address %q: %w: write host:port, such as %s", c.Listen, err, DefaultListen)
	}
	if (c.CertFile == "") != (c.KeyFile == "") {
		return nil, text.Fail(ErrExposed, text.FleetHalfTLS)
	}
	if !loopback(host) && (c.CertFile == "" || c.Password == "") {
		return nil, text.Fail(ErrExposed, text.FleetExposed, c.Listen)
	}
	var certs []tls.Certificate
	if c.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("certificate of the page: %w", err)
		}
		certs = []tls.Certificate{pair}
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("the page cannot be served: %w: choose another address", err)
	}
	l = connlimit.New(connlimit.Limits{Total: MaxConnections, Idle: MaxIdle}).Listen(l)
	if certs != nil {
		l = tls.NewListener(l, &tls.Config{Certificates: certs, MinVersion: tls.VersionTLS12})
	}
	return l, nil
}

// loopback does not ask a DNS server what a name means.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// guard asks for the login. Without one the page is on loopback, and only asked for by
// a loopback name: a website that makes its own name mean 127.0.0.1 gets nothing.
func (c *ServeConfig) guard(next http.Handler) http.Handler {
	if c.Password == "" {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			host, _, err := net.SplitHostPort(r.Host)
			if err != nil {
				host = r.Host
			}
			if !loopback(strings.Trim(host, "[]")) {
				http.Error(w, "ask for this page as localhost", http.StatusForbidden)
				return
			}
			defer connlimit.Use(r.Context())()
			next.ServeHTTP(w, r)
		})
	}
	want := sha256.Sum256([]byte(c.Password))
	waiting := make(chan struct{}, wrongAtOnce)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, given := r.BasicAuth()
		got := sha256.Sum256([]byte(password))
		if given && user == ViewerName && subtle.ConstantTimeCompare(got[:], want[:]) == 1 {
			defer connlimit.Use(r.Context())()
			next.ServeHTTP(w, r)
			return
		}
		if given && !delayWrongLogin(r.Context(), waiting) {
			http.Error(w, "too many wrong logins: wait", http.StatusTooManyRequests)
			return
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="Bauta", charset="UTF-8"`)
		http.Error(w, "login needed", http.StatusUnauthorized)
	})
}

// delayWrongLogin holds a wrong login for a while; false: too many are held.
func delayWrongLogin(ctx context.Context, waiting chan struct{}) bool {
	select {
	case waiting <- struct{}{}:
	default:
		return false
	}
	defer func() { <-waiting }()
	select {
	case <-ctx.Done():
	case <-time.After(wrongPause):
	}
	return true
}
