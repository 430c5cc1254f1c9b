package api

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// ErrCertificate: the gateway elsewhere has not the certificate that was expected.
var ErrCertificate = errors.New("another certificate")

// login is a session at a gateway elsewhere, or a machine's token for it.
type login struct {
	cookies []*http.Cookie
	csrf    string
	token   string
}

func (l *login) sign(r *http.Request) {
	if l.token != "" {
		r.Header.Set("Authorization", "Bearer "+l.token)
		return
	}
	for _, c := range l.cookies {
		r.AddCookie(c)
	}
	r.Header.Set("X-CSRF-Token", l.csrf)
}

// NewRemote prepares a client of a gateway elsewhere, at an address such as
// https://gateway.example:8443. The pin is the SHA-256 of its certificate in hex, as the gateway
// shows it; empty: the certificate has to be one that this PC trusts.
func NewRemote(address, pin string, lang text.Lang) (*Client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return nil, text.Fail(err, text.RemoteAddress, address)
	}
	secure := &tls.Config{MinVersion: tls.VersionTLS12}
	if pin != "" {
		want, err := parsePin(pin)
		if err != nil {
			return nil, err
		}
		// The pin is the proof: the certificate is the gateway's own, which nobody else signed.
		secure.InsecureSkipVerify = true
		secure.VerifyConnection = func(s tls.ConnectionState) error { return want.check(s.PeerCertificates) }
	}
	dial := &net.Dialer{Timeout: 10 * time.Second}
	return &Client{lang: lang, base: "https://" + u.Host + "/api", http: &http.Client{
		Transport:     &http.Transport{DialContext: dial.DialContext, TLSClientConfig: secure, Proxy: http.ProxyFromEnvironment},
		Timeout:       ClientTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// fingerprint is the SHA-256 of a certificate.
type fingerprint [sha256.Size]byte

func parsePin(pin string) (fingerprint, error) {
	var f fingerprint
	clean := strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(pin))
	if n, err := hex.Decode(f[:], []byte(clean[:min(len(clean), 2*len(f))])); err != nil || n != len(f) || len(clean) != 2*len(f) {
		return f, text.Fail(err, text.RemotePin, pin)
	}
	return f, nil
}

func (f fingerprint) check(chain []*x509.Certificate) error {
	if len(chain) == 0 || sha256.Sum256(chain[0].Raw) != f {
		return text.Fail(ErrCertificate, text.RemoteCertificate)
	}
	return nil
}

// Login proves a user of the console. The session ends with Logout, or by itself.
func (c *Client) Login(ctx context.Context, user, password string) error {
	in := struct {
		User     string `json:"user"`
		Password string `json:"password"`
	}{user, password}
	var out struct {
		CSRF string `json:"csrf"`
	}
	cookies, err := c.exchange(ctx, http.MethodPost, "/v1/login", in, &out)
	if err != nil {
		return remoteError(err)
	}
	c.login = &login{cookies: cookies, csrf: out.CSRF}
	return nil
}

// Token has each request carry a machine's token; there is no session to end then.
func (c *Client) Token(secret string) { c.login = &login{token: secret} }

// Logout ends the session.
func (c *Client) Logout(ctx context.Context) error {
	if c.login == nil || c.login.token != "" {
		return nil
	}
	err := c.Call(ctx, http.MethodPost, "/v1/logout", nil, nil)
	c.login = nil
	return err
}

// remoteError says what to do where the certificate is not trusted.
func remoteError(err error) error {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	if errors.As(err, &unknown) || errors.As(err, &name) {
		return text.Fail(errors.Join(ErrCertificate, err), text.RemoteUntrusted)
	}
	return err
}
