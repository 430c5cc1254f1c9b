package broker

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"github.com/bauta-gateway/bauta/gateway/backoff"
)

// Reason is a code for why there is no connection. It is stable: programs compare it
// and translations hang on it.
type Reason string

// The reasons. The zero value means connected.
const (
	Connecting   Reason = "connecting"   // the first try is under way
	Unreachable  Reason = "unreachable"  // no connection to the broker's address
	TimedOut     Reason = "timeout"      // the broker does not answer
	Unauthorized Reason = "unauthorized" // the broker refused user or password
	BadTLS       Reason = "tls"          // a certificate is wrong, on either side
	BadFile      Reason = "file"         // the password, CA or certificate file cannot be used
	Refused      Reason = "refused"      // the broker refused for another reason
	Lost         Reason = "lost"         // the broker closed the connection
)

// patient reports whether time alone will hardly mend it. Such tries are far
// apart: brokers lock out who tries again and again with a wrong password.
func (r Reason) patient() bool {
	switch r {
	case Unauthorized, BadTLS, BadFile, Refused:
		return true
	}
	return false
}

// The waits between tries. Chance spreads many gateways that lost one broker.
var (
	quick   = backoff.Bounds{First: 500 * time.Millisecond, Longest: time.Minute, Spread: 0.5}
	patient = backoff.Bounds{First: 30 * time.Second, Longest: 5 * time.Minute, Spread: 0.5}
)

// steady is how long a connection must hold for the waits to start small again: two
// clients of one name throw each other out at once.
const steady = 30 * time.Second

// Retries counts tries that failed. The zero value has seen none.
type Retries struct{ failures int }

// Pause is how long to wait after a try that took so long and failed for this reason.
func (r *Retries) Pause(why Reason, took time.Duration) time.Duration {
	if took >= steady {
		r.failures = 0
	}
	r.failures++
	if why.patient() {
		return patient.After(r.failures)
	}
	return quick.After(r.failures)
}

// Failure is why there is no connection, for programs and for people.
type Failure struct {
	Reason Reason
	Hint   string // what to do next; empty: nothing helps but to wait
	Err    error
}

func (f *Failure) Error() string {
	if f.Hint == "" {
		return f.Err.Error()
	}
	return fmt.Sprintf("%v: %s", f.Err, f.Hint)
}

// Unwrap is the error without what to do.
func (f *Failure) Unwrap() error { return f.Err }

// Explain turns an error of connecting to host into a Failure; one that is a Failure
// stays as it is.
func Explain(err error, host string) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	switch {
	case errors.Is(err, packets.ErrorRefusedBadUsernameOrPassword), errors.Is(err, packets.ErrorRefusedNotAuthorised):
		return &Failure{Unauthorized, "check mqtt.user and the password in mqtt.password_file", fmt.Errorf("the broker at %s refused the login", host)}
	case errors.Is(err, packets.ErrorRefusedServerUnavailable):
		return &Failure{Lost, "look at the broker's log", fmt.Errorf("the broker at %s says that it is unavailable", host)}
	case errors.Is(err, packets.ErrorRefusedIDRejected), errors.Is(err, packets.ErrorRefusedBadProtocolVersion):
		return &Failure{Refused, "it must speak MQTT 3.1.1 and take the client ID bauta-<gateway>", fmt.Errorf("the broker at %s refused: %w", host, err)}
	case isTLS(err):
		return &Failure{BadTLS, "check mqtt.ca_file, the client certificate, the broker's name in its certificate and this host's clock",
			fmt.Errorf("no trusted connection to the broker at %s: %w", host, err)}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return &Failure{Lost, "it may want ssl:// instead of tcp://, a client certificate, or another gateway may use the same name", fmt.Errorf("the broker at %s closed the connection", host)}
	case isTimeout(err):
		return &Failure{TimedOut, "check that it is an MQTT broker and that no firewall is in between", fmt.Errorf("the broker at %s does not answer", host)}
	}
	return &Failure{Unreachable, "check that it runs and that mqtt.broker is right", fmt.Errorf("cannot reach the broker at %s: %w", host, err)}
}

// isTLS finds what crypto/tls and crypto/x509 report; an alert that the other
// side sent has no exported type, only its Op.
func isTLS(err error) bool {
	var verify *tls.CertificateVerificationError
	var header tls.RecordHeaderError
	var host x509.HostnameError
	var op *net.OpError
	return errors.As(err, &verify) || errors.As(err, &header) || errors.As(err, &host) ||
		errors.As(err, &op) && (op.Op == "remote error" || op.Op == "local error")
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}
