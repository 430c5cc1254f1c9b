package deliver

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
)

const (
	// postLimit bounds a request with its answer, of which no more than maxAnswer bytes are read.
	postLimit = 15 * time.Second
	maxAnswer = 4 << 10
)

// The headers of a webhook's request; docs/notify.md says how they are checked.
const (
	HeaderID        = "Bauta-Id"
	HeaderSignature = "Bauta-Signature"
)

// Address is where something is sent by HTTP.
type Address struct {
	URL string
	// Private: it may be in a network of one's own, and over HTTP without TLS then.
	Private bool
	// Roots may vouch for the server's certificate; nil: those of the system.
	Roots *x509.CertPool
}

// Check refuses an address that is never asked.
func (a Address) Check() error {
	u, err := url.Parse(a.URL)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "":
		return &Failure{Code: api.NotifyAddress}
	case u.Scheme == "https", u.Scheme == "http" && a.Private:
		return nil
	case u.Scheme == "http":
		return &Failure{Code: api.NotifyPrivate}
	}
	return &Failure{Code: api.NotifyAddress}
}

// Post sends a body to a webhook. The signature binds it to the moment, so that it cannot be sent
// again later by somebody else.
func (a Address) Post(ctx context.Context, id, secret string, body []byte, now time.Time) error {
	return a.ask(ctx, http.MethodPost, body, map[string]string{
		"Content-Type": "application/json", HeaderID: id, HeaderSignature: Sign(secret, body, now),
	})
}

// Ping asks the address of a watcher outside; it wants no more than to be asked.
func (a Address) Ping(ctx context.Context) error { return a.ask(ctx, http.MethodGet, nil, nil) }

// Sign is the signature of a body at a moment: HMAC-SHA256 over the seconds, a dot and the body.
func Sign(secret string, body []byte, now time.Time) string {
	at := strconv.FormatInt(now.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(at + "."))
	mac.Write(body)
	return "t=" + at + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

func (a Address) ask(ctx context.Context, method string, body []byte, headers map[string]string) error {
	if err := a.Check(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, postLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, a.URL, bytes.NewReader(body))
	if err != nil {
		return &Failure{Code: api.NotifyAddress}
	}
	req.Header.Set("User-Agent", "Bauta")
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	client, transport := a.client()
	defer transport.CloseIdleConnections()
	res, err := client.Do(req)
	if err != nil {
		return a.why(ctx, err)
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, maxAnswer)
	return evaluate(res.StatusCode)
}

func evaluate(status int) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status >= 300 && status < 400:
		return &Failure{Code: api.NotifyRedirect, Status: status}
	}
	return &Failure{Code: api.NotifyStatus, Status: status}
}

// client asks no proxy and follows nobody elsewhere.
func (a Address) client() (*http.Client, *http.Transport) {
	t := &http.Transport{
		DialContext: dialer(a.Private).DialContext, TLSClientConfig: &tls.Config{RootCAs: a.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout: dialLimit, MaxResponseHeaderBytes: 16 << 10, DisableKeepAlives: true, ForceAttemptHTTP2: true,
	}
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, t
}

// why drops the address, which may hold a secret, from what HTTP says.
func (a Address) why(ctx context.Context, err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		err = outer.Err
	}
	return timedOut(ctx, failed(err, api.NotifyBroken))
}
