package onvif

import (
	"bytes"
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
	"strconv"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
)

// client asks one device.
type client struct {
	target
	http           *http.Client
	transport      *http.Transport
	user, password string
	behind         time.Duration // the device's clock, ahead of ours
	way            way
	challenge      *challenge
	proven         bool      // the login was taken in this way
	fixed          bool      // the way is known: no other is tried
	challenged     bool      // with a fixed way: its challenge was answered
	lastDate       time.Time // of the newest answer's header
}

// way is how a device wants the login.
type way int

// The ways, in the order in which they are tried. A login is never tried twice
// in the same way: devices lock out who knocks too often.
const (
	byToken way = iota
	byDigest
	byBoth
	noWay
)

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
	return &client{target: t, user: user, password: password, transport: transport, http: &http.Client{
		Timeout: onePause, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// fault is a SOAP fault.
type fault struct{ code, reason string }

func (f *fault) Error() string { return "the device refuses: " + f.reason + " (" + f.code + ")" }

// call asks one service and returns the body of the answer. Where the device
// refuses the login it is given in the other ways.
func (c *client) call(ctx context.Context, service *url.URL, body string) (*node, error) {
	for again := false; ; {
		answer, err := c.once(ctx, service, body)
		switch {
		case !errors.Is(err, ErrLogin):
			c.proven = c.proven || err == nil
			return answer, err
		case c.proven && !again && c.challenge != nil:
			again = true // the challenge was used up, the login is right
		case c.user == "" || !c.nextWay():
			return nil, text.Fail(ErrLogin, text.ONVIFLogin)
		}
	}
}

// nextWay moves on; the ways over HTTP need the device's challenge.
func (c *client) nextWay() bool {
	if c.fixed {
		first := c.challenge != nil && !c.challenged && c.way != byToken
		c.challenged = true
		return first
	}
	if c.challenge == nil {
		c.way = noWay
		return false
	}
	c.way++
	return c.way < noWay
}

func (c *client) once(ctx context.Context, service *url.URL, body string) (*node, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, service.String(), strings.NewReader(c.envelope(body)))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/soap+xml; charset=utf-8")
	req.Header.Set("User-Agent", "Bauta")
	if (c.way == byDigest || c.way == byBoth) && c.challenge != nil && c.user != "" {
		req.Header.Set("Authorization", c.challenge.answer(c.user, c.password, req.Method, service.RequestURI()))
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, text.Fail(fmt.Errorf("%w: %w", ErrUnreachable, err), text.ONVIFUnreachable)
	}
	defer resp.Body.Close()
	return c.read(resp)
}

func (c *client) read(resp *http.Response) (*node, error) {
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		c.lastDate = at
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, text.Fail(fmt.Errorf("%w: %w", ErrUnreachable, err), text.ONVIFUnreachable)
	}
	if lockedOut(resp.StatusCode, data) {
		return nil, text.Fail(ErrLockedOut, text.ONVIFLockedOut)
	}
	if resp.StatusCode == http.StatusUnauthorized || resp.StatusCode == http.StatusForbidden {
		if ch := parseChallenge(resp.Header.Values("WWW-Authenticate")); ch != nil {
			c.challenge = ch
		}
		return nil, ErrLogin
	}
	if resp.StatusCode >= 300 && resp.StatusCode < 400 || len(data) > maxAnswer {
		return nil, notONVIF(fmt.Errorf("HTTP status %d with %d bytes", resp.StatusCode, len(data)))
	}
	doc, err := parse(data)
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
func unwrap(doc *node) (*node, error) {
	body := doc.find("Body")
	if doc.name != "Envelope" || body == nil {
		return nil, notONVIF(errors.New("no SOAP"))
	}
	f := body.find("Fault")
	if f == nil {
		return body, nil
	}
	var codes []string
	for _, v := range f.all("Code") {
		codes = append(codes, v.value("Value"), v.value("Subcode", "Value"))
	}
	code := clean(strings.Join(append(codes, f.value("faultcode")), " "))
	for _, login := range []string{"NotAuthorized", "FailedAuthentication", "InvalidSecurity", "Unauthorized"} {
		if strings.Contains(code+subcodes(f), login) {
			return nil, ErrLogin
		}
	}
	return nil, &fault{code, clean(f.value("Reason", "Text") + f.value("faultstring"))}
}

// subcodes are all subcodes, one in another.
func subcodes(f *node) string {
	var out strings.Builder
	for s := f.find("Subcode"); s != nil; s = s.find("Subcode") {
		out.WriteString(" " + s.value("Value"))
	}
	return out.String()
}

func (c *client) envelope(body string) string {
	var header string
	if c.user != "" && (c.way == byToken || c.way == byBoth) {
		header = "<s:Header>" + usernameToken(c.user, c.password, time.Now().Add(c.behind)) + "</s:Header>"
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
	return `<Security s:mustUnderstand="1" xmlns="` + oasis + `wssecurity-secext-1.0.xsd"><UsernameToken><Username>` + escape(user) + `</Username>` +
		`<Password Type="` + oasis + `username-token-profile-1.0#PasswordDigest">` + b64(digest[:]) + `</Password>` +
		`<Nonce EncodingType="` + oasis + `soap-message-security-1.0#Base64Binary">` + b64(nonce) + `</Nonce>` +
		`<Created xmlns="` + oasis + `wssecurity-utility-1.0.xsd">` + created + `</Created></UsernameToken></Security>`
}

// readClock asks the device for the time, by which it evaluates tokens. That needs no
// login (ONVIF core specification, section 5.9); where a device wants one, or
// says nothing, the time in its HTTP answers counts, or ours.
func (c *client) readClock(ctx context.Context) error {
	user := c.user
	c.user = ""
	body, err := c.once(ctx, c.service, "<tds:GetSystemDateAndTime/>")
	c.user = user
	var refused *fault
	if err != nil && !errors.Is(err, ErrLogin) && !errors.As(err, &refused) {
		return err
	}
	now := time.Now()
	if at, ok := utc(body.find("UTCDateTime")); ok {
		c.behind = at.Sub(now)
	} else if !c.lastDate.IsZero() {
		c.behind = c.lastDate.Sub(now)
	}
	return nil
}

func utc(n *node) (time.Time, bool) {
	var v [6]int
	for i, path := range [][]string{{"Date", "Year"}, {"Date", "Month"}, {"Date", "Day"}, {"Time", "Hour"}, {"Time", "Minute"}, {"Time", "Second"}} {
		var err error
		if v[i], err = strconv.Atoi(n.value(path...)); err != nil {
			return time.Time{}, false
		}
	}
	ok := v[0] >= 1970 && v[0] < 2200 && v[1] >= 1 && v[1] <= 12 && v[2] >= 1 && v[2] <= 31
	return time.Date(v[0], time.Month(v[1]), v[2], v[3], v[4], v[5], 0, time.UTC), ok
}
