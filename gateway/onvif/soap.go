package onvif

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha1" // the UsernameToken profile's hash; nothing else rests on it
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/onvif/soapxml"
)

// client asks one device.
type client struct {
	target
	login
	http      *http.Client
	transport *http.Transport
	clock     clock
}

func newClient(t target, user, password string) *client {
	dialer := &net.Dialer{Timeout: onePause}
	transport := &http.Transport{
		// The address was checked: no other one is ever connected to,
		// whatever a URL says, and no proxy is asked.
		DialContext: func(ctx context.Context, network, at string) (net.Conn, error) {
			_, port, err := net.SplitHostPort(at)
			if err != nil {
				return nil, err
			}
			return dialer.DialContext(ctx, network, net.JoinHostPort(t.addr.String(), port))
		},
		// Cameras sign their own certificates. What is sent is worth nothing to who listens:
		// digests, bound to a time and a nonce. Who sends more pins one, see Service.
		TLSClientConfig:        &tls.Config{InsecureSkipVerify: true}, // see above
		MaxResponseHeaderBytes: 32 << 10,
		MaxIdleConns:           1,
	}
	return &client{target: t, login: login{user: user, password: password}, transport: transport, http: &http.Client{
		Timeout: onePause, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// errNoSOAP is a login refused by the web server, before a device service was asked.
var errNoSOAP = fmt.Errorf("%w by the web server", ErrLogin)

// fault is a SOAP fault.
type fault struct{ code, reason string }

func (f *fault) Error() string { return "the device refuses: " + f.reason + " (" + f.code + ")" }

// call asks one service, at the first of its addresses that answers as one, and returns the
// body of the answer. That address then comes first.
func (c *client) call(ctx context.Context, service []*url.URL, body string) (*soapxml.Node, error) {
	var failed error
	for i, at := range service {
		answer, err := c.callAt(ctx, at, body)
		if err == nil {
			service[0], service[i] = service[i], service[0]
		}
		if err == nil || final(err) || ctx.Err() != nil {
			return answer, err
		}
		failed = cmp.Or(failed, err)
	}
	return nil, failed
}

// callAt asks at one address. Where the device refuses the login it is given in the other ways.
func (c *client) callAt(ctx context.Context, service *url.URL, body string) (*soapxml.Node, error) {
	for again := false; ; {
		answer, err := c.once(ctx, service, body)
		switch {
		case !errors.Is(err, ErrLogin):
			c.passed(err == nil, body)
			return answer, err
		case !again && c.usedUp():
			again = true
		case c.user == "" || !c.next(service, c.clock.ahead):
			return nil, c.why()
		}
	}
}

func (c *client) once(ctx context.Context, service *url.URL, body string) (*soapxml.Node, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, service.String(), strings.NewReader(c.envelope(body)))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", `application/soap+xml; charset=utf-8; action="`+action(body)+`"`)
	req.Header.Set("User-Agent", "Bauta")
	c.authorize(req)
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, text.Fail(fmt.Errorf("%w: %w", ErrUnreachable, err), text.ONVIFUnreachable)
	}
	defer resp.Body.Close()
	return c.read(resp)
}

// namespaces are those of the requests, by their prefixes.
var namespaces = map[string]string{"tds": "http://www.onvif.org/ver10/device/wsdl", "trt": media1NS, "tr2": media2NS}

// action is the SOAP action of a request, without which some devices answer nothing.
func action(body string) string {
	prefix, rest, _ := strings.Cut(strings.TrimPrefix(body, "<"), ":")
	return namespaces[prefix] + "/" + rest[:strings.IndexAny(rest, "/>")]
}

func (c *client) read(resp *http.Response) (*soapxml.Node, error) {
	c.clock.header(resp.Header.Get("Date"))
	c.overTLS = c.overTLS || resp.TLS != nil
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, text.Fail(fmt.Errorf("%w: %w", ErrUnreachable, err), text.ONVIFUnreachable)
	}
	if lockedOut(resp.StatusCode, data) {
		return nil, text.Fail(ErrLockedOut, text.ONVIFLockedOut)
	}
	if resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden {
		c.challenged(resp.Header.Values("WWW-Authenticate"))
		return nil, errNoSOAP
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 || len(data) > maxAnswer {
		return nil, notONVIF(fmt.Errorf("HTTP status %d with %d bytes", resp.StatusCode, len(data)))
	}
	doc, err := soapxml.Parse(data)
	if err != nil {
		return nil, notONVIF(err)
	}
	return unwrap(doc)
}

// lockSigns are how makers say that an account, or this host, may not log in for a while;
// there is no common word for it. inFault is where they count in an answer of status 200.
var (
	lockSigns = regexp.MustCompile(`(?i)locked|lock-?out|lock out|lockstatus>lock<|too many`)
	inFault   = regexp.MustCompile(`(?i)[<:]fault[ >]`)
)

// lockedOut reports whether a refusal says so.
func lockedOut(status int, answer []byte) bool {
	if status == http.StatusTooManyRequests || status == http.StatusLocked {
		return true
	}
	return (status >= http.StatusBadRequest || inFault.Match(answer)) && lockSigns.Match(answer)
}

func notONVIF(err error) error {
	return text.Fail(fmt.Errorf("%w: %w", ErrProtocol, err), text.ONVIFProtocol)
}

// unwrap takes a SOAP envelope apart.
func unwrap(doc *soapxml.Node) (*soapxml.Node, error) {
	body := doc.Find("Body")
	if doc.Name != "Envelope" || body == nil {
		return nil, notONVIF(errors.New("no SOAP"))
	}
	f := body.Find("Fault")
	if f == nil {
		return body, nil
	}
	var codes []string
	for _, v := range f.All("Code") {
		codes = append(codes, v.Value("Value"), v.Value("Subcode", "Value"))
	}
	code := clean(strings.Join(append(codes, f.Value("faultcode")), " "))
	for _, login := range []string{"NotAuthorized", "FailedAuthentication", "InvalidSecurity", "Unauthorized"} {
		if strings.Contains(code+subcodes(f), login) {
			return nil, ErrLogin
		}
	}
	return nil, &fault{code, clean(f.Value("Reason", "Text") + f.Value("faultstring"))}
}

// subcodes are all subcodes, one in another.
func subcodes(f *soapxml.Node) string {
	var out strings.Builder
	for s := f.Find("Subcode"); s != nil; s = s.Find("Subcode") {
		out.WriteString(" " + s.Value("Value"))
	}
	return out.String()
}

func (c *client) envelope(body string) string {
	var header string
	if ahead, ok := c.token(c.clock.ahead); ok {
		header = "<s:Header>" + usernameToken(c.user, c.password, time.Now().Add(ahead)) + "</s:Header>"
	}
	return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"` +
		` xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl"` +
		` xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema">` + header + `<s:Body>` + body + `</s:Body></s:Envelope>`
}

// usernameToken is the OASIS UsernameToken profile 1.0 with a digest of nonce,
// time and password (section 3.1).
func usernameToken(user, password string, now time.Time) string {
	const oasis = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
	nonce := make([]byte, 16)
	rand.Read(nonce)
	created := now.UTC().Format("2006-01-02T15:04:05Z")
	digest := sha1.Sum(bytes.Join([][]byte{nonce, []byte(created), []byte(password)}, nil)) // as the profile says
	b64 := base64.StdEncoding.EncodeToString
	return `<Security s:mustUnderstand="1" xmlns="` + oasis + `wssecurity-secext-1.0.xsd"><UsernameToken><Username>` + soapxml.Escape(user) + `</Username>` +
		`<Password Type="` + oasis + `username-token-profile-1.0#PasswordDigest">` + b64(digest[:]) + `</Password>` +
		`<Nonce EncodingType="` + oasis + `soap-message-security-1.0#Base64Binary">` + b64(nonce) + `</Nonce>` +
		`<Created xmlns="` + oasis + `wssecurity-utility-1.0.xsd">` + created + `</Created></UsernameToken></Security>`
}
