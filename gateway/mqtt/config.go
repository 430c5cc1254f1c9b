package mqtt

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Defaults of Config.
const (
	DefaultEmbeddedAddr = "127.0.0.1:1883"
	DefaultHeartbeat    = 30 * time.Second
)

// Config says where to publish. Only Gateway has no default.
type Config struct {
	// Gateway is this gateway's name in every topic: a lower-case slug, as
	// media.ParseCameraID takes them. Two gateways at one broker need two names.
	Gateway string
	// Broker is tcp://host[:1883] or ssl://host[:8883], without user and
	// password. Empty means the embedded broker.
	Broker string
	// User logs in at Broker; empty means no login.
	User string
	// Password is asked for User's password at each connection, so that a
	// mended file needs no restart; nil means none. Its errors must not
	// show the content. One goroutine calls it.
	Password func() (string, error)
	// CAFile holds PEM certificates that alone may vouch for an ssl://
	// broker; empty means the system's. Read at each connection.
	CAFile string
	// CertFile and KeyFile are the client certificate for an ssl:// broker,
	// in PEM: both or neither. Read at each connection.
	CertFile, KeyFile string
	// EmbeddedAddr is where the embedded broker listens; empty means
	// DefaultEmbeddedAddr. Port 0 lets the system choose. Without Broker,
	// CertFile and KeyFile are its own, and it speaks TLS alone.
	EmbeddedAddr string
	// Login proves a user and a password of the embedded broker; nil: there are
	// none. Without a login clients of this box alone are let in, to read. It may
	// be called from any goroutine.
	Login func(user, password string) (May, bool)
	// Dial reaches the broker in another way than by its address; nil: over
	// the network.
	Dial func(context.Context) (net.Conn, error)
	// NextPort takes the next free port where another program has that one.
	NextPort bool
	// Revocation takes the signed revocations of consents that the broker has
	// and gets, by id; nil means that none are wanted. It is called from one
	// goroutine and may wait a while, but not after Close was called. What it
	// is given is not proved. The broker has its receipt once stored is called.
	Revocation func(id string, payload []byte, stored func())
	// Anchor takes what the broker has at bauta/<gw>/anchor, by whomever; Heard is
	// called once all that it had when the connection was made has been taken. Both
	// are quick; nil means that nobody wants to know.
	Anchor func(payload []byte)
	Heard  func()
	// Heartbeat is the time between two repetitions of all states; 0 means
	// DefaultHeartbeat. Readers take a state older than three as unknown.
	Heartbeat time.Duration
	// Discovery announces the gateway and its cameras to Home Assistant.
	Discovery bool
	// Withheld: the gateway has lost what it knew. Cameras and clauses that
	// the broker still has a state of are told as blocked and unknown.
	Withheld bool
	// Outbox holds the events to deliver; nil: none.
	Outbox Outbox
	// Command takes what asks to hide more of a camera's picture; nil: nothing
	// does. It must return at once. The broker has its receipt once stored is called.
	Command func(id media.CameraID, level Level, stored func())
}

// endpoint is a checked Config.
type endpoint struct {
	Config
	host string // host:port of the broker; empty for the embedded one
	tls  bool
}

// check fills the defaults in and refuses what can never work.
func (c Config) check() (endpoint, error) {
	if _, err := media.ParseCameraID(c.Gateway); err != nil {
		return endpoint{}, fmt.Errorf("gateway name %q is not a slug: use 1 to %d of a-z, 0-9 and single dashes between them", c.Gateway, media.MaxCameraID)
	}
	if c.Heartbeat < 0 {
		return endpoint{}, fmt.Errorf("heartbeat %v is negative: use %v", c.Heartbeat, DefaultHeartbeat)
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = DefaultHeartbeat
	}
	e := endpoint{Config: c}
	check := e.checkBroker
	if c.Broker == "" {
		check = e.checkEmbedded
	}
	if err := check(); err != nil {
		return endpoint{}, err
	}
	return e, nil
}

// checkEmbedded does not resolve names: what localhost means is not for a DNS
// server to say.
func (e *endpoint) checkEmbedded() error {
	if e.EmbeddedAddr == "" {
		e.EmbeddedAddr = DefaultEmbeddedAddr
	}
	host, port, err := net.SplitHostPort(e.EmbeddedAddr)
	if err != nil {
		return fmt.Errorf("address of the embedded broker: %w: write %s", err, DefaultEmbeddedAddr)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	e.EmbeddedAddr = net.JoinHostPort(host, port)
	if (e.CertFile == "") != (e.KeyFile == "") {
		return errHalfCertificate
	}
	return nil
}

var errHalfCertificate = errors.New("a certificate needs both its certificate and its key file: set mqtt.cert_file and mqtt.key_file")

// embeddedTLS is nil for plain TCP.
func (e *endpoint) embeddedTLS() (*tls.Config, error) {
	if e.CertFile == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(e.CertFile, e.KeyFile)
	if err != nil {
		return nil, &failure{BadFile, "the files are read again at the next try", fmt.Errorf("mqtt.cert_file and mqtt.key_file: %w", err)}
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// checkBroker never repeats the address: someone may have put a password in it.
func (e *endpoint) checkBroker() error {
	const form = "write tcp://host:1883 or ssl://host:8883"
	u, err := url.Parse(e.Broker)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return errors.New("broker address is not understood: " + form)
	}
	if u.User != nil {
		return errors.New("broker address holds a user or password: move them to mqtt.user and mqtt.password_file")
	}
	ports := map[string]string{"tcp": "1883", "ssl": "8883"}
	port, ok := ports[u.Scheme]
	if !ok {
		return fmt.Errorf("broker scheme %q is not known: %s", u.Scheme, form)
	}
	if u.Port() != "" {
		port = u.Port()
	}
	e.host, e.tls = net.JoinHostPort(u.Hostname(), port), u.Scheme == "ssl"
	return e.checkSecrets()
}

func (e *endpoint) checkSecrets() error {
	switch {
	case (e.CertFile == "") != (e.KeyFile == ""):
		return errHalfCertificate
	case !e.tls && (e.CAFile != "" || e.CertFile != ""):
		return errors.New("certificates are set but the broker is tcp://: write ssl:// in mqtt.broker")
	}
	return nil
}

// exposed tells whether logins would cross a network in clear text.
func (e *endpoint) exposed() bool {
	if e.Dial != nil {
		return false
	}
	if e.host == "" {
		return !loopback(e.EmbeddedAddr) && e.CertFile == ""
	}
	return !e.tls && !loopback(e.host) && e.User != ""
}

// loopback tells whether host:port is of this box alone.
func loopback(addr string) bool {
	host, _, _ := net.SplitHostPort(addr)
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// login returns the user and password of the moment.
func (e *endpoint) login() (user, password string, err error) {
	if e.User == "" || e.Password == nil {
		return e.User, "", nil
	}
	password, err = e.Password()
	return e.User, password, err
}

// tlsConfig is nil for tcp://.
func (e *endpoint) tlsConfig() (*tls.Config, error) {
	if !e.tls {
		return nil, nil
	}
	host, _, _ := net.SplitHostPort(e.host)
	t := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if e.CAFile != "" {
		pem, err := os.ReadFile(e.CAFile)
		if err != nil {
			return nil, fmt.Errorf("mqtt.ca_file: %w", err)
		}
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("mqtt.ca_file: no PEM certificate in %s", e.CAFile)
		}
	}
	if e.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(e.CertFile, e.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("mqtt.cert_file and mqtt.key_file: %w", err)
		}
		t.Certificates = []tls.Certificate{pair}
	}
	return t, nil
}
