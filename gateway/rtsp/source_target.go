package rtsp

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"

	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/liberrors"
)

// target is a SourceConfig made ready for use.
type target struct {
	url        *base.URL // with the login
	transports []string  // to try in this order
	pin        []byte    // SHA-256 of the certificate, nil for none
	insecure   bool
	login      bool
	secrets    secrets
}

func newTarget(cfg SourceConfig) (*target, *Error) {
	clean, user, pass, err := SplitCredentials(cfg.URL)
	if err != nil {
		return nil, &Error{Reason: ReasonProtocol, Detail: err.Error()}
	}
	if cfg.User != "" || cfg.Password != "" {
		user, pass = cfg.User, cfg.Password
	}
	t := &target{insecure: cfg.InsecureTLS, login: user != "" || pass != "", secrets: newSecrets(clean, user, pass)}
	if t.url, err = base.ParseURL(clean); err != nil {
		return nil, &Error{Reason: ReasonProtocol, Detail: errURL.Error()}
	}
	if t.login {
		t.url.User = url.UserPassword(user, pass)
	}
	if t.transports, err = transports(cfg.Transport, t.url.Scheme); err != nil {
		return nil, &Error{Reason: ReasonProtocol, Detail: err.Error()}
	}
	if t.pin, err = parseFingerprint(cfg.Fingerprint); err != nil {
		return nil, &Error{Reason: ReasonTLS, Detail: err.Error()}
	}
	return t, nil
}

func transports(name, scheme string) ([]string, error) {
	switch {
	case name == "tcp", name == "udp":
		return []string{name}, nil
	case name != "" && name != "auto":
		return nil, errors.New("unknown transport: use auto, tcp or udp")
	case scheme == "rtsps":
		return []string{"tcp"}, nil
	}
	return []string{"tcp", "udp"}, nil
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

func (t *target) tlsConfig() *tls.Config {
	conf := &tls.Config{}
	if t.pin == nil && !t.insecure {
		return conf
	}
	conf.InsecureSkipVerify = true // VerifyConnection is the check instead, where there is a pin
	conf.VerifyConnection = func(cs tls.ConnectionState) error {
		if t.pin == nil {
			return nil
		}
		if got := fingerprint(cs.PeerCertificates[0]); got != hex.EncodeToString(t.pin) {
			return &pinError{got}
		}
		return nil
	}
	return conf
}

func fingerprint(cert *x509.Certificate) string {
	sum := sha256.Sum256(cert.Raw)
	return hex.EncodeToString(sum[:])
}

// dialError is a failure to connect at all.
type dialError struct{ err error }

func (e *dialError) Error() string { return e.err.Error() }

// explain turns what went wrong into a reason and a text without secrets.
func (t *target) explain(err error) *Error {
	var known *Error
	var dial *dialError
	var status liberrors.ErrClientBadStatusCode
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &dial):
		return &Error{Reason: ReasonUnreachable, Detail: t.secrets.clean(dial.Error()) + "; check address and port, and that the camera is on"}
	case errors.As(err, &status):
		return t.explainStatus(status)
	}
	if e := t.explainTLS(err); e != nil {
		return e
	}
	return t.explainConnection(err)
}

func (t *target) explainStatus(status liberrors.ErrClientBadStatusCode) *Error {
	switch status.Code {
	case base.StatusUnauthorized:
		if !t.login {
			return &Error{Reason: ReasonUnauthorized, Detail: "the camera asks for a login: give its user and password"}
		}
		return &Error{Reason: ReasonUnauthorized, Detail: "the camera refuses the login: check user and password, and that the account is not locked"}
	case base.StatusForbidden:
		return &Error{Reason: ReasonUnauthorized, Detail: "the camera forbids this: check the user's rights on the camera"}
	case base.StatusNotFound:
		return &Error{Reason: ReasonNotFound, Detail: "the camera has no stream at this path: check the address"}
	}
	return &Error{Reason: ReasonProtocol, Detail: fmt.Sprintf("the camera answered %d (%s)", status.Code, t.secrets.clean(status.Message))}
}

func (t *target) explainTLS(err error) *Error {
	var pin *pinError
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var op *net.OpError
	switch {
	case errors.As(err, &pin):
		return &Error{Reason: ReasonTLS, Detail: "the camera's certificate is not the pinned one; its SHA-256 is " + pin.got +
			": pin this one if the camera's certificate was renewed"}
	case errors.As(err, &cert):
		detail := "the camera's certificate is not trusted (" + t.secrets.clean(cert.Err.Error()) + ")"
		if len(cert.UnverifiedCertificates) > 0 {
			detail += "; its SHA-256 is " + fingerprint(cert.UnverifiedCertificates[0]) + ": pin it after comparing it with the camera's own page"
		}
		return &Error{Reason: ReasonTLS, Detail: detail}
	case errors.As(err, &record):
		return &Error{Reason: ReasonTLS, Detail: "the camera does not speak TLS at this port: use rtsp:// or its RTSPS port"}
	case errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error"):
		return &Error{Reason: ReasonTLS, Detail: t.secrets.clean(op.Error())}
	}
	return nil
}

func (t *target) explainConnection(err error) *Error {
	var auth liberrors.ErrClientAuthSetup
	var request liberrors.ErrClientRequestTimedOut
	var tcp liberrors.ErrClientTCPTimeout
	var udp liberrors.ErrClientUDPTimeout
	switch {
	case errors.As(err, &auth):
		return &Error{Reason: ReasonUnauthorized, Detail: "the camera asks for a login in a way that is unknown here: allow digest or basic login on it"}
	case errors.As(err, &udp):
		return &Error{Reason: ReasonTimeout, Detail: "no packets come by UDP: use transport tcp, or let UDP through the firewall"}
	case errors.As(err, &request), errors.As(err, &tcp), errors.Is(err, os.ErrDeadlineExceeded):
		return &Error{Reason: ReasonTimeout, Detail: "the camera does not answer"}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return &Error{Reason: ReasonClosed, Detail: "the camera closed the connection"}
	}
	return &Error{Reason: ReasonProtocol, Detail: t.secrets.clean(err.Error())}
}

// refusesTransport reports whether another transport is worth a try.
func refusesTransport(err error) bool {
	var status liberrors.ErrClientBadStatusCode
	var udp liberrors.ErrClientServerRequestedUDP
	return errors.As(err, &udp) || errors.As(err, &status) && status.Code == base.StatusUnsupportedTransport
}
