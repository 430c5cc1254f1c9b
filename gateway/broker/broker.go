// Package broker is the client for MQTT 3.1.1 brokers that mqtt and fleet share: it
// connects, publishes, subscribes and says why it could not.
//
// In: where a broker is and as whom to log in; what to send and which topics to read.
// Out: messages, as handlers take them, and a Reason wherever there is no connection.
// A Link lives no longer than one connection and leaves nothing behind; paho's
// goroutines belong to it. A Reader's Run is its owner goroutine: it connects again
// for as long as it takes.
//
// It must never log a password or show it in an error, keep a message for a
// later connection, or take a packet of more than MaxReceived bytes from a broker.
package broker

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
)

// Config is where a broker is and as whom to log in. Only Address has no default.
type Config struct {
	// Address is tcp://host[:1883] or ssl://host[:8883], without user and password. A
	// Reader, a Rotation, Pass and Kept take several, parted by commas.
	Address string
	// User logs in; empty means no login.
	User string
	// Password is asked for User's password at each connection, so that a mended
	// file needs no restart; nil means none. Its errors must not show the content.
	// One goroutine calls it.
	Password func() (string, error)
	// CAFile holds PEM certificates that alone may vouch for an ssl:// broker; empty
	// means the system's. Read at each connection.
	CAFile string
	// CertFile and KeyFile are the client certificate for an ssl:// broker, in PEM:
	// both or neither. Read at each connection.
	CertFile, KeyFile string
	// Dial reaches the broker in another way than by its address; nil: over the network.
	Dial func(context.Context) (net.Conn, error)
}

// Server is a broker of a checked Config.
type Server struct {
	cfg  Config
	host string // host:port
	tls  bool
}

// ErrHalfCertificate is a certificate without its key, or the other way round.
var ErrHalfCertificate = errors.New("a certificate needs both its certificate and its key file: set mqtt.cert_file and mqtt.key_file")

// errNoAddress is what a command without a broker gets.
var errNoAddress = errors.New("no broker named: write tcp://host:1883 or ssl://host:8883")

// New refuses what can never work and says what to change. It never repeats the
// address: someone may have put a password in it.
func New(c Config) (*Server, error) {
	if c.Address == "" {
		return nil, errNoAddress
	}
	const form = "write tcp://host:1883 or ssl://host:8883"
	u, err := url.Parse(c.Address)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return nil, errors.New("broker address is not understood: " + form)
	}
	if u.User != nil {
		return nil, errors.New("broker address holds a user or password: move them to mqtt.user and mqtt.password_file")
	}
	port, ok := map[string]string{"tcp": "1883", "ssl": "8883"}[u.Scheme]
	if !ok {
		return nil, fmt.Errorf("broker scheme %q is not known: %s", u.Scheme, form)
	}
	if u.Port() != "" {
		port = u.Port()
	}
	s := &Server{cfg: c, host: net.JoinHostPort(u.Hostname(), port), tls: u.Scheme == "ssl"}
	return s, s.checkCertificates()
}

func (s *Server) checkCertificates() error {
	switch {
	case (s.cfg.CertFile == "") != (s.cfg.KeyFile == ""):
		return ErrHalfCertificate
	case !s.tls && (s.cfg.CAFile != "" || s.cfg.CertFile != ""):
		return errors.New("certificates are set but a broker is tcp://: write ssl:// in mqtt.broker")
	}
	return nil
}

// Host is the broker's host:port.
func (s *Server) Host() string { return s.host }

// TLS reports whether connections are encrypted.
func (s *Server) TLS() bool { return s.tls }

// Exposed reports whether the login would cross a network in clear text.
func (s *Server) Exposed() bool {
	return s.cfg.Dial == nil && s.cfg.User != "" && !s.tls && !Loopback(s.host)
}

// Loopback reports whether host:port is of this host alone. It asks no DNS server what
// a name means.
func Loopback(addr string) bool {
	host, _, _ := net.SplitHostPort(addr)
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// login is the user and password of the moment.
func (s *Server) login() (user, password string, err error) {
	if s.cfg.User == "" || s.cfg.Password == nil {
		return s.cfg.User, "", nil
	}
	password, err = s.cfg.Password()
	return s.cfg.User, password, err
}

// tlsConfig is nil for tcp://.
func (s *Server) tlsConfig() (*tls.Config, error) {
	if !s.tls {
		return nil, nil
	}
	host, _, _ := net.SplitHostPort(s.host)
	t := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if s.cfg.CAFile != "" {
		pem, err := os.ReadFile(s.cfg.CAFile)
		if err != nil {
			return nil, fmt.Errorf("mqtt.ca_file: %w", err)
		}
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("mqtt.ca_file: no PEM certificate in %s", s.cfg.CAFile)
		}
	}
	if s.cfg.CertFile != "" {
		pair, err := tls.LoadX509KeyPair(s.cfg.CertFile, s.cfg.KeyFile)
		if err != nil {
			return nil, fmt.Errorf("mqtt.cert_file and mqtt.key_file: %w", err)
		}
		t.Certificates = []tls.Certificate{pair}
	}
	return t, nil
}
