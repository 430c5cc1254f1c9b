// Package deliver brings one message out of the gateway: as a mail by SMTP, as a signed POST to
// a webhook, or as the ping that a watcher outside waits for.
//
// In: where to and what. Out: that it was taken, or a Failure whose code says why not. Each call
// has limits of time and size, ends with its context, and starts no goroutine of its own. It keeps
// nothing, tries nothing twice, and never puts an address, a password or what a server
// answered into an error's text.
package deliver

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"

	"github.com/bauta-gateway/bauta/gateway/api"
)

// Failure is why a message was not taken.
type Failure struct {
	Code api.NotifyReason
	// Status is the answer's number where a server gave one: of SMTP or of HTTP; 0: none.
	Status int
	err    error
}

// Error holds no more than code and number: what a server says may repeat an address.
func (f *Failure) Error() string { return "not delivered: " + string(f.Code) }

func (f *Failure) Unwrap() error { return f.err }

// Explain is the failure in an error; other ones are of a reason that is not known.
func Explain(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{Code: reasonOf(err, api.NotifyOther), err: err}
}

// failed wraps an error; its reason is otherwise where the error itself tells none.
func failed(err error, otherwise api.NotifyReason) error {
	if err == nil {
		return nil
	}
	return &Failure{Code: reasonOf(err, otherwise), err: err}
}

// reasonOf reads what the network or TLS says of a failure.
func reasonOf(err error, otherwise api.NotifyReason) api.NotifyReason {
	var timeout net.Error
	switch {
	case errors.Is(err, errPrivate):
		return api.NotifyPrivate
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return api.NotifyTimeout
	case errors.As(err, new(*net.DNSError)):
		return api.NotifyHost
	case errors.As(err, new(*tls.CertificateVerificationError)), errors.As(err, new(x509.HostnameError)), errors.As(err, new(x509.UnknownAuthorityError)):
		return api.NotifyCertificate
	case errors.As(err, new(tls.RecordHeaderError)), errors.As(err, new(tls.AlertError)):
		return api.NotifyTLS
	case isDial(err):
		return api.NotifyRefused
	}
	return otherwise
}

// isDial reports whether nobody took the connection.
func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}
