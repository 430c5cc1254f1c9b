package deliver

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"github.com/bauta-gateway/bauta/gateway/api"
)

// mailLimit bounds a whole conversation with a mail server.
const mailLimit = 30 * time.Second

// Server is where mails are handed in.
type Server struct {
	Host string
	Port int
	// Security is by what the connection is protected. On one that is not nobody logs in.
	Security       api.MailSecurity
	User, Password string
	// From is the sender's address; Name what stands beside it.
	From, Name string
	// Roots may vouch for the server's certificate; nil: those of the system.
	Roots *x509.CertPool
}

// Mail is one message to one person.
type Mail struct {
	// ID is the same for each try.
	ID            string
	To            string
	Subject, Body string
	Time          time.Time
}

// Send hands a mail in; a server without a host is none yet.
func (s Server) Send(ctx context.Context, m Mail) error {
	if s.Host == "" {
		return &Failure{Code: api.NotifyNotSet}
	}
	content, err := s.compose(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, mailLimit)
	defer cancel()
	conn, err := s.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now()) })()
	return timedOut(ctx, s.talk(conn, m.To, content))
}

// timedOut says that time was over where that is why a conversation broke off.
func timedOut(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return &Failure{Code: api.NotifyTimeout, err: ctx.Err()}
	}
	return err
}

// compose makes the message: its head and its body in UTF-8, each line short enough for any server.
func (s Server) compose(m Mail) ([]byte, error) {
	msg := mail.NewMsg(mail.WithEncoding(mail.EncodingB64))
	if err := msg.FromFormat(s.Name, s.From); err != nil {
		return nil, &Failure{Code: api.NotifySender, err: errors.New("the sender's address cannot be read")}
	}
	if err := msg.To(m.To); err != nil {
		return nil, &Failure{Code: api.NotifyRecipient, err: errors.New("the recipient's address cannot be read")}
	}
	_, domain, _ := strings.Cut(s.From, "@")
	msg.SetMessageIDWithValue(m.ID + "@" + domain)
	msg.SetDateWithValue(m.Time)
	msg.SetUserAgent("Bauta")
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // no answer by a machine, please
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.Subject(m.Subject)
	msg.SetBodyString(mail.TypeTextPlain, m.Body)
	var out bytes.Buffer
	_, err := msg.WriteTo(&out)
	return out.Bytes(), failed(err, api.NotifyOther)
}

func (s Server) tls() *tls.Config {
	return &tls.Config{ServerName: s.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
}

// dial connects. A mail server may stand in the own network: only managers say where it is, and
// all that it is sent are mails.
func (s Server) dial(ctx context.Context) (net.Conn, error) {
	conn, err := dialer(true).DialContext(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return nil, failed(err, api.NotifyRefused)
	}
	_ = conn.SetDeadline(time.Now().Add(mailLimit))
	if s.Security != api.MailTLS {
		return conn, nil
	}
	secured := tls.Client(conn, s.tls())
	if err := secured.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, failed(err, api.NotifyTLS)
	}
	return secured, nil
}

// talk has the conversation, one step after another, so that it is known which one failed.
func (s Server) talk(conn net.Conn, to string, content []byte) error {
	c, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		return said(err, api.NotifyNoMail)
	}
	if err := c.Hello("bauta.invalid"); err != nil { // the box's own name is nobody's business
		return said(err, api.NotifyNoMail)
	}
	if err := s.protect(c); err != nil {
		return err
	}
	if err := s.login(c); err != nil {
		return err
	}
	if err := c.Mail("<" + s.From + ">"); err != nil {
		return said(err, api.NotifySender)
	}
	if err := c.Rcpt("<" + to + ">"); err != nil {
		return said(err, api.NotifyRecipient)
	}
	if err := hand(c, content); err != nil {
		return said(err, api.NotifyRejected)
	}
	_ = c.Quit() // it has the mail
	return nil
}

func (s Server) protect(c *smtp.Client) error {
	if s.Security != api.MailStartTLS {
		return nil
	}
	if offered, _ := c.Extension("STARTTLS"); !offered {
		return &Failure{Code: api.NotifyNoStartTLS}
	}
	return said(c.StartTLS(s.tls()), api.NotifyTLS)
}

// login never sends a password over a connection that is not encrypted.
func (s Server) login(c *smtp.Client) error {
	if s.User == "" || s.Security == api.MailPlain {
		return nil
	}
	_, offered := c.Extension("AUTH")
	var way smtp.Auth
	switch ways := strings.Fields(strings.ToUpper(offered)); {
	case slices.Contains(ways, "PLAIN"):
		way = smtp.PlainAuth("", s.User, s.Password, s.Host, false)
	case slices.Contains(ways, "LOGIN"):
		way = smtp.LoginAuth(s.User, s.Password, s.Host, false)
	default:
		return &Failure{Code: api.NotifyNoLogin}
	}
	return said(c.Auth(way), api.NotifyLogin)
}

func hand(c *smtp.Client, content []byte) error {
	w, err := c.Data()
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return errors.Join(err, w.Close())
}

// said is why a step failed: the network's reason where there is one, else the step's.
func said(err error, step api.NotifyReason) error {
	if err == nil {
		return nil
	}
	f := &Failure{Code: reasonOf(err, step), err: err}
	var answer *textproto.Error
	switch {
	case errors.As(err, &answer):
		f.Status = answer.Code
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		f.Code = api.NotifyBroken
	}
	return f
}
