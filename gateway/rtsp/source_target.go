package rtsp

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"

	"github.com/bauta-gateway/bauta/gateway/challenge"
	"github.com/bauta-gateway/bauta/gateway/rtsp/describe"
	"github.com/bauta-gateway/bauta/gateway/rtsp/tunnel"
	"github.com/bauta-gateway/bauta/gateway/rtsp/wire"
)

// The transports by name.
const (
	overTCP  = "tcp"
	overUDP  = "udp"
	overHTTP = "http"
)

// target is a SourceConfig made ready for use.
type target struct {
	url            *base.URL // rtsp:// or rtsps://, without the login
	user, password string
	encrypted      bool
	transports     []string // to try in this order
	pin            []byte   // SHA-256 of the certificate, nil for none
	insecure       bool
	seenSecure     bool
	basic          bool // a person confirmed a login in clear
	secrets        secrets
}

func newTarget(cfg SourceConfig) (*target, *Error) {
	clean, user, pass, err := SplitCredentials(cfg.URL)
	if err != nil {
		return nil, &Error{Reason: ReasonProtocol, Detail: err.Error()}
	}
	if cfg.User != "" || cfg.Password != "" {
		user, pass = cfg.User, cfg.Password
	}
	t := &target{
		user: user, password: pass, insecure: cfg.InsecureTLS, seenSecure: cfg.SeenSecure, basic: cfg.BasicLogin,
		secrets: newSecrets(clean, user, pass),
	}
	s := schemeOf(clean)
	if t.url, err = base.ParseURL(s.plain(clean)); err != nil {
		return nil, &Error{Reason: ReasonProtocol, Detail: errURL.Error()}
	}
	t.encrypted = s.encrypted
	if t.transports, err = transports(cfg.Transport, s); err != nil {
		return nil, &Error{Reason: ReasonProtocol, Detail: err.Error()}
	}
	if t.pin, err = parseFingerprint(cfg.Fingerprint); err != nil {
		return nil, &Error{Reason: ReasonTLS, Detail: err.Error()}
	}
	return t, nil
}

// transports are those to try. An encrypted connection carries the packets too: UDP would need
// keys of its own.
func transports(name string, s scheme) ([]string, error) {
	switch name {
	case overTCP, overUDP, overHTTP, "auto", "":
	default:
		return nil, errors.New("unknown transport: use auto, tcp, udp or http")
	}
	switch {
	case s.tunnel, name == overHTTP:
		return []string{overHTTP}, nil
	case name == overTCP, name == overUDP && s.encrypted:
		return []string{overTCP}, nil
	case name == overUDP:
		return []string{overUDP}, nil
	case s.encrypted:
		return []string{overTCP, overHTTP}, nil
	}
	return []string{overTCP, overUDP, overHTTP}, nil
}

// defaultPorts are those of RFC 7826, 22.14 and 22.15, and of HTTP, by encryption.
var (
	rtspPorts = map[bool]string{false: "554", true: "322"}
	httpPorts = map[bool]string{false: "80", true: "443"}
)

// address is where to connect to: the port of the URL, or the usual one.
func (t *target) address(http bool) string {
	port := t.url.Port()
	if port == "" && http {
		port = httpPorts[t.encrypted]
	} else if port == "" {
		port = rtspPorts[t.encrypted]
	}
	return net.JoinHostPort(t.url.Hostname(), port)
}

// loginOver is the login with what it may be used for over this connection. Once a camera was seen to
// know digest or TLS, somebody who stands in between could ask for the password in clear.
func (t *target) loginOver() challenge.Login {
	return challenge.Login{User: t.user, Password: t.password, Basic: t.encrypted || t.basic || !t.seenSecure}
}

func (t *target) login() bool { return t.user != "" || t.password != "" }

// follow is the target at the address where the camera sent us, if that is the same camera: its
// login goes nowhere else, and never from an encrypted connection to another kind.
func (t *target) follow(location string) (*target, *Error) {
	next := *t
	next.secrets = append(newSecrets(location, t.user, t.password), t.secrets...)
	elsewhere := &Error{Reason: ReasonMoved, Detail: "the camera moved to " + next.secrets.clean(RedactURL(location)) + ": use that address if it is yours", Location: location}
	u, err := (*url.URL)(t.url).Parse(strings.TrimSpace(location))
	if err != nil {
		return nil, elsewhere
	}
	u.User = nil
	if !strings.EqualFold(u.Hostname(), t.url.Hostname()) {
		return nil, elsewhere
	}
	if next.url, err = base.ParseURL(u.String()); err != nil {
		return nil, elsewhere
	}
	if next.encrypted = u.Scheme == "rtsps"; t.encrypted && !next.encrypted {
		return nil, elsewhere
	}
	if next.encrypted && !t.encrypted {
		next.transports = []string{overTCP, overHTTP}
	}
	return &next, nil
}

func parseFingerprint(s string) ([]byte, error) {
	if s == "" {
		return nil, nil
	}
	pin, err := hex.DecodeString(strings.ReplaceAll(s, ":", ""))
	if err != nil || len(pin) != sha256.Size {
		return nil, errors.New("certificate fingerprint is not a SHA-256: write 64 hex digits")
	}
	return pin, nil
}

// pinError is a certificate other than the pinned one.
type pinError struct{ got string }

func (e *pinError) Error() string { return "certificate is not the pinned one" }

// trustError is a certificate that nobody vouches for, of a camera that was seen before.
type trustError struct {
	why error
	got string
}

func (e *trustError) Error() string { return fmt.Sprintf("certificate is not trusted: %v", e.why) }

// tlsConfig checks certificates: by the pin, else by the system's roots. What those do not vouch
// for is taken on first use, as with SSH, and given to learn.
func (t *target) tlsConfig(learn func(pin string)) *tls.Config {
	return &tls.Config{
		// Old cameras know nothing newer, and in clear everybody on the way reads along.
		MinVersion: tls.VersionTLS10, CipherSuites: cameraSuites(),
		ServerName:         t.url.Hostname(),
		InsecureSkipVerify: true, // VerifyConnection is the check instead
		VerifyConnection: func(cs tls.ConnectionState) error {
			got := fingerprint(cs.PeerCertificates[0])
			switch {
			case t.pin != nil && got == hex.EncodeToString(t.pin):
				return nil
			case t.pin != nil:
				return &pinError{got}
			case t.insecure:
				return nil
			}
			err := byRoots(cs)
			if err != nil && t.seenSecure {
				return &trustError{err, got}
			}
			if err != nil {
				learn(got)
			}
			return nil
		},
	}
}

// cameraSuites are all that Go has but RC4, which can be read by others. They count up to TLS 1.2.
func cameraSuites() []uint16 {
	var ids []uint16
	for _, s := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		if !strings.Contains(s.Name, "RC4") {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// byRoots asks the system's roots.
func byRoots(cs tls.ConnectionState) error {
	opts := x509.VerifyOptions{DNSName: cs.ServerName, Intermediates: x509.NewCertPool()}
	for _, c := range cs.PeerCertificates[1:] {
		opts.Intermediates.AddCert(c)
	}
	_, err := cs.PeerCertificates[0].Verify(opts)
	return err
}

func fingerprint(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	return hex.EncodeToString(sum[:])
}

// dialError is a failure to connect at all.
type dialError struct{ err error }

func (e *dialError) Error() string { return e.err.Error() }

// kind tells why there is no connection, as far as the system says.
func (e *dialError) kind() string {
	var name *net.DNSError
	var late net.Error
	switch {
	case errors.As(e.err, &name):
		return "unknown_host"
	case errors.Is(e.err, syscall.ECONNREFUSED):
		return "closed_port"
	case errors.Is(e.err, syscall.EHOSTUNREACH), errors.Is(e.err, syscall.ENETUNREACH):
		return "no_way"
	case errors.Is(e.err, context.DeadlineExceeded), errors.As(e.err, &late) && late.Timeout():
		return "silent"
	}
	return ""
}

// explain turns what went wrong into a reason and a text without secrets.
func (t *target) explain(err error) *Error {
	var known *Error
	var dial *dialError
	var status liberrors.ErrClientBadStatusCode
	var web *tunnel.StatusError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &dial):
		return &Error{Reason: ReasonUnreachable, Kind: dial.kind(), Detail: t.secrets.clean(dial.Error()) + "; check address and port, and that the camera is on"}
	case errors.As(err, &status):
		return t.explainStatus(int(status.Code), status.Message)
	case errors.As(err, &web):
		return t.explainStatus(web.Code, web.Phrase)
	case errors.Is(err, challenge.ErrBasicOnly):
		return t.explainFault(err)
	case errors.Is(err, wire.ErrNoPorts):
		return &Error{Reason: ReasonProtocol, Detail: wire.ErrNoPorts.Error()}
	}
	if e := t.explainTLS(err); e != nil {
		return e
	}
	return t.explainConnection(err)
}

// explainFault is for what the connection itself found.
func (t *target) explainFault(err error) *Error {
	var other *wire.NotRTSPError
	var codec *describe.CodecError
	switch {
	case errors.Is(err, describe.ErrNoVideo):
		return &Error{Reason: ReasonNoVideo, Detail: "the camera offers no video at this path: check the address"}
	case errors.As(err, &codec):
		return &Error{Reason: ReasonUnknownCodec, Kind: "named", Fact: t.secrets.clean(codec.Names), Detail: t.secrets.clean("the camera's video is "+codec.Names) + ": set it to H.264, H.265 or Motion JPEG"}
	case errors.Is(err, challenge.ErrBasicOnly):
		return &Error{Reason: ReasonBasicOnly, Detail: err.Error() + ": the password is not sent until somebody confirms that this is so now"}
	case errors.As(err, &other):
		return &Error{Reason: ReasonNotRTSP, Detail: t.secrets.clean("what answers at this port is no RTSP: "+other.Line) + "; check the port, mostly 554"}
	}
	return &Error{Reason: ReasonProtocol, Detail: t.secrets.clean(err.Error())}
}

// explainStatus is for a refusal, with the camera's own words.
func (t *target) explainStatus(code int, phrase string) *Error {
	switch base.StatusCode(code) {
	case base.StatusUnauthorized:
		if !t.login() {
			return &Error{Reason: ReasonUnauthorized, Kind: "no_login", Detail: "the camera asks for a login: give its user and password"}
		}
		return &Error{Reason: ReasonUnauthorized, Detail: "the camera refuses the login: check user and password, and that the account is not locked"}
	case base.StatusForbidden:
		return &Error{Reason: ReasonUnauthorized, Kind: "forbidden", Detail: "the camera forbids this: check the user's rights on the camera"}
	case base.StatusNotFound:
		return &Error{Reason: ReasonNotFound, Detail: "the camera has no stream at this path: check the address"}
	case base.StatusUnsupportedTransport:
		return &Error{Reason: ReasonProtocol, Kind: "transport", Detail: "the camera answered 461: it does not send this way; set the transport to auto"}
	}
	return &Error{Reason: ReasonProtocol, Kind: "status", Fact: strconv.Itoa(code), Detail: fmt.Sprintf("the camera answered %d (%s)", code, t.secrets.clean(phrase))}
}

func (t *target) explainTLS(err error) *Error {
	var pin *pinError
	var trust *trustError
	var record tls.RecordHeaderError
	var op *net.OpError
	switch {
	case errors.As(err, &pin):
		return &Error{Reason: ReasonTLS, Kind: "other", Fact: pin.got, Detail: "the camera's certificate is not the pinned one; its SHA-256 is " + pin.got +
			": pin this one if the camera's certificate was renewed"}
	case errors.As(err, &trust):
		return &Error{Reason: ReasonTLS, Kind: "untrusted", Fact: trust.got, Detail: "the camera's certificate is not trusted (" + t.secrets.clean(trust.why.Error()) +
			"); its SHA-256 is " + trust.got + ": pin it after comparing it with the camera's own page"}
	case errors.As(err, &record):
		return &Error{Reason: ReasonTLS, Kind: "none", Detail: "the camera does not speak TLS at this port: use rtsp:// or its RTSPS port"}
	case errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error"):
		return &Error{Reason: ReasonTLS, Detail: t.secrets.clean(op.Error())}
	}
	return nil
}

func (t *target) explainConnection(err error) *Error {
	var request liberrors.ErrClientRequestTimedOut
	var tcp liberrors.ErrClientTCPTimeout
	switch {
	case errors.As(err, &request), errors.As(err, &tcp), errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return &Error{Reason: ReasonTimeout, Detail: "the camera does not answer"}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return &Error{Reason: ReasonClosed, Detail: "the camera closed the connection"}
	}
	return &Error{Reason: ReasonProtocol, Detail: t.secrets.clean(err.Error())}
}

// suggests reports whether a failure makes another transport worth a try.
func suggests(err error, transport string) bool {
	var status liberrors.ErrClientBadStatusCode
	var other *wire.NotRTSPError
	switch transport {
	case overUDP:
		return errors.As(err, &status) && status.Code == base.StatusUnsupportedTransport
	case overHTTP:
		if errors.As(err, &other) {
			return other.HTTP()
		}
		return errors.As(err, &status) && (status.Code == http.StatusBadRequest || status.Code == http.StatusMethodNotAllowed || status.Code == http.StatusNotImplemented)
	}
	return false
}
