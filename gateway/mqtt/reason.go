package mqtt

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
)

// Reason is a code for why the Publisher is not connected. It is stable:
// programs compare it and translations hang on it.
type Reason string

// The reasons. The zero value means connected.
const (
	Connecting   Reason = "connecting"   // the first try is under way
	PortBusy     Reason = "port_busy"    // another program has the embedded broker's port
	NoListen     Reason = "no_listen"    // the embedded broker cannot listen for another reason
	Unreachable  Reason = "unreachable"  // no connection to the broker's address
	TimedOut     Reason = "timeout"      // the broker does not answer
	Unauthorized Reason = "unauthorized" // the broker refused user or password
	BadTLS       Reason = "tls"          // a certificate is wrong, on either side
	BadFile      Reason = "file"         // the password, CA or certificate file cannot be used
	Refused      Reason = "refused"      // the broker refused for another reason
	Lost         Reason = "lost"         // the broker closed the connection
	Stopped      Reason = "stopped"      // after Close
)

// patient tells whether time alone will hardly mend it. Such tries are far
// apart: brokers lock out who knocks with a wrong password.
func (r Reason) patient() bool {
	switch r {
	case Unauthorized, BadTLS, BadFile, Refused:
		return true
	}
	return false
}

// failure is why there is no connection, for programs and for people.
type failure struct {
	reason Reason
	hint   string // what to do next
	err    error
}

func (f *failure) Error() string {
	if f.hint == "" {
		return f.err.Error()
	}
	return fmt.Sprintf("%v: %s", f.err, f.hint)
}

func (f *failure) Unwrap() error { return f.err }

// explain turns an error of dialing or logging in into a failure.
func explain(err error, host string) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	switch {
	case errors.Is(err, packets.ErrorRefusedBadUsernameOrPassword), errors.Is(err, packets.ErrorRefusedNotAuthorised):
		return &failure{Unauthorized, "check mqtt.user and the password in mqtt.password_file", fmt.Errorf("the broker at %s refused the login", host)}
	case errors.Is(err, packets.ErrorRefusedServerUnavailable):
		return &failure{Lost, "look at the broker's log", fmt.Errorf("the broker at %s says that it is unavailable", host)}
	case errors.Is(err, packets.ErrorRefusedIDRejected), errors.Is(err, packets.ErrorRefusedBadProtocolVersion):
		return &failure{Refused, "it must speak MQTT 3.1.1 and take the client ID bauta-<gateway>", fmt.Errorf("the broker at %s refused: %w", host, err)}
	case isTLS(err):
		return &failure{BadTLS, "check mqtt.ca_file, the client certificate, the broker's name in its certificate and this box's clock",
			fmt.Errorf("no trusted connection to the broker at %s: %w", host, err)}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return &failure{Lost, "it may want ssl:// instead of tcp://, a client certificate, or another gateway may use the same name", fmt.Errorf("the broker at %s closed the connection", host)}
	case isTimeout(err):
		return &failure{TimedOut, "check that it is an MQTT broker and that no firewall is in between", fmt.Errorf("the broker at %s does not answer", host)}
	}
	return &failure{Unreachable, "check that it runs and that mqtt.broker is right", fmt.Errorf("cannot reach the broker at %s: %w", host, err)}
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

// The pauses between tries: from the floor, doubled each time, up to the cap.
const (
	quickFloor, quickCap     = 500 * time.Millisecond, time.Minute
	patientFloor, patientCap = 30 * time.Second, 5 * time.Minute
)

// pause is how long to wait after the n-th failure in a row, n from 0. The
// chance, from 0 to 1, spreads many gateways that lost one broker.
func pause(r Reason, n int, chance float64) time.Duration {
	floor, top := quickFloor, quickCap
	if r.patient() {
		floor, top = patientFloor, patientCap
	}
	d := floor
	for ; n > 0 && d < top; n-- {
		d *= 2
	}
	d = min(d, top)
	return d + time.Duration(chance*float64(d)/2)
}
