// Package mailtest is a mail server for tests: a real one, with real TLS, which keeps what it takes.
//
// In: how it is to behave. Out: the mails. The server's goroutines end with the test. It is not
// part of any program.
package mailtest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net"
	"net/mail"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
)

// The login that the server takes, and the recipient that it does not know.
const (
	User     = "gateway"
	Password = "a password of the test"
	Nobody   = "nobody@example.test"
	Sender   = "gateway@example.test"
)

// How the connection is encrypted, in the words of the settings.
const (
	StartTLS = "starttls"
	TLS      = "tls"
	Plain    = "none"
)

// Options say how a server behaves.
type Options struct {
	Security string
	// Addr is where it listens; empty: where there is room.
	Addr string
	// Login: it offers AUTH LOGIN instead of PLAIN. Expired: its certificate is.
	Login, Expired bool
}

// Mail is one that was taken.
type Mail struct {
	To, Subject, Body, ID, Raw string
}

// Server is one that runs.
type Server struct {
	Options
	t      *testing.T
	server *smtp.Server
	Port   int
	Roots  *x509.CertPool
	CA     string // a file
	mu     sync.Mutex
	mails  []Mail
	stop   func()
}

// Start runs a server at 127.0.0.1 until the test ends.
func Start(t *testing.T, o Options) *Server {
	t.Helper()
	a := brokertest.NewAuthority(t)
	until := time.Now().Add(time.Hour)
	if o.Expired {
		until = time.Now().Add(-time.Hour)
	}
	cert, key := a.IssueUntil("mail", until)
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, Options: o, Roots: x509.NewCertPool(), CA: a.CA}
	pem, err := os.ReadFile(a.CA)
	if err != nil {
		t.Fatal(err)
	}
	s.Roots.AppendCertsFromPEM(pem)
	s.server = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{s: s, conn: c}, nil }))
	s.server.Domain, s.server.ReadTimeout, s.server.WriteTimeout = "mail.test", time.Minute, time.Minute
	s.server.ErrorLog = silent{}
	s.serve(&tls.Config{Certificates: []tls.Certificate{pair}})
	return s
}

func (s *Server) serve(secure *tls.Config) {
	addr := s.Addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		s.t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	s.Port, _ = strconv.Atoi(port)
	switch s.Security {
	case TLS:
		l = tls.NewListener(l, secure)
	case StartTLS:
		s.server.TLSConfig = secure
	default:
		s.server.AllowInsecureAuth = true
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.server.Serve(l)
	}()
	s.stop = sync.OnceFunc(func() {
		l.Close()
		s.server.Close()
		<-done
	})
	s.t.Cleanup(s.stop)
}

// Stop ends it before the test does.
func (s *Server) Stop() { s.stop() }

// Mails are all that were taken.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

type session struct {
	s    *Server
	conn *smtp.Conn
	in   bool
	to   string
}

func (o *session) AuthMechanisms() []string {
	if o.s.Login {
		return []string{sasl.Login}
	}
	return []string{sasl.Plain}
}

func (o *session) Auth(mech string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != User || password != Password {
			return smtp.ErrAuthFailed
		}
		o.in = true
		return nil
	}
	if mech == sasl.Login {
		return &login{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

// login is the server's side of AUTH LOGIN.
type login struct {
	check func(user, password string) error
	user  string
	step  int
}

func (l *login) Next(response []byte) ([]byte, bool, error) {
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}

func (o *session) Mail(from string, _ *smtp.MailOptions) error {
	if _, encrypted := o.conn.TLSConnectionState(); o.s.Security != Plain && (!o.in || !encrypted) {
		return smtp.ErrAuthRequired
	}
	if !strings.HasSuffix(from, "@example.test") {
		return &smtp.SMTPError{Code: 553, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "not yours: " + from}
	}
	return nil
}

func (o *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if to == Nobody {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "unknown: " + to}
	}
	o.to = to
	return nil
}

func (o *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := read(string(raw))
	if err != nil {
		return errors.Join(errors.New("a mail that cannot be read"), err)
	}
	m.To = o.to
	o.s.mu.Lock()
	defer o.s.mu.Unlock()
	o.s.mails = append(o.s.mails, m)
	return nil
}

func (*session) Reset()        {}
func (*session) Logout() error { return nil }

// read decodes a mail as a mail program does.
func read(raw string) (Mail, error) {
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		return Mail{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return Mail{}, err
	}
	body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body))
	return Mail{Subject: subject, Body: string(body), ID: m.Header.Get("Message-Id"), Raw: raw}, err
}
