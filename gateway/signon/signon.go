// Package signon lets people in by the login provider of their organisation (OpenID Connect):
// authorization code flow with PKCE, state and nonce. In: a manager's settings, and browsers
// that leave for the provider and come back. Out: who the provider says somebody is, by issuer
// and subject; which account that is, and what it may do, others decide. It starts no
// goroutines: it asks the provider while a request waits, within bounds. It must never believe
// an answer that it did not ask for in this browser, nor follow the provider to another host
// than its documents name.
package signon

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
)

// Errors that the errors of a Room wrap.
var (
	ErrInvalid = errors.New("invalid setting")
	// ErrOff: there is no provider.
	ErrOff = errors.New("no login provider")
	// ErrDown: it does not answer as it should.
	ErrDown = errors.New("login provider down")
	// ErrRefused: what came back is not what was asked for, or the provider refused.
	ErrRefused = errors.New("sign-on refused")
)

const (
	// setting and requestSetting are where the store keeps the settings and who waits; encrypted.
	setting        = "console.signon"
	requestSetting = "console.signon.requests"
	// ReturnPath is where the provider sends browsers back.
	ReturnPath = "/signon/return"

	maxField = 400 // bytes
	// askLimit bounds all that is asked of the provider for one request, maxAnswer one answer.
	askLimit  = 10 * time.Second
	maxAnswer = 1 << 20
	// MaxAsking bounds how many wait for the provider at once.
	MaxAsking = 4
	// knownFor is how long the provider's documents are believed, triedAfter how long after a
	// failure they are asked for anew: strangers can have us ask.
	knownFor, triedAfter = time.Hour, 5 * time.Second
)

// Settings of the provider.
type Settings struct {
	Issuer   string `json:"issuer"`
	ClientID string `json:"client_id"`
	// Secret is not shown again. Empty in a change keeps the one that is there, for the same
	// issuer and client only.
	Secret string `json:"secret,omitempty"`
	// Label is what the button says; empty: the issuer's host.
	Label string `json:"label"`
	// Console is the address by which browsers reach the console, such as https://box.lan:8443.
	Console string `json:"console"`
}

// Room knows the provider. Its methods may be called from any goroutine.
type Room struct {
	store  *store.Store
	now    func() time.Time
	client *http.Client
	key    []byte // authenticates what browsers keep, until the gateway ends
	asking chan struct{}

	changing sync.Mutex // one change at a time

	mu       sync.Mutex
	settings Settings
	requests []Request
	provider *oidc.Provider
	asked    time.Time // when provider, or failed, was learnt
	failed   error
}

// Open reads the settings. With an error there is no provider until a manager sets it anew.
func Open(s *store.Store) (*Room, error) {
	r := &Room{store: s, now: time.Now, key: make([]byte, 32), asking: make(chan struct{}, MaxAsking)}
	rand.Read(r.key) // never fails
	r.client = &http.Client{
		Timeout: askLimit, Transport: bounded{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("the provider leads elsewhere") },
	}
	if err := errors.Join(s.LoadSetting(setting, &r.settings), s.LoadSetting(requestSetting, &r.requests)); err != nil {
		return r, fmt.Errorf("login provider: %w", err)
	}
	return r, nil
}

// bounded is a transport whose answers are cut at maxAnswer.
type bounded struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, maxAnswer), res.Body}
	}
	return res, err
}

// Settings are those in force, without the secret; false: there is no provider. A nil Room has
// none.
func (r *Room) Settings() (Settings, bool) {
	if r == nil {
		return Settings{}, false
	}
	s := r.current()
	s.Secret = ""
	return s, s.Issuer != ""
}

func (r *Room) current() Settings {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.settings
}

// Label is what the button says; empty without a provider.
func (r *Room) Label() string {
	s, on := r.Settings()
	if !on {
		return ""
	}
	host, _ := url.Parse(s.Issuer) // it was checked
	return cmp.Or(s.Label, host.Host)
}

// Set puts a provider in the place of the one before, once it has answered.
func (r *Room) Set(ctx context.Context, in Settings) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	was := r.current()
	if in.Secret == "" && in.Issuer == was.Issuer && in.ClientID == was.ClientID {
		in.Secret = was.Secret
	}
	if err := check(&in); err != nil {
		return err
	}
	done, err := r.place()
	if err != nil {
		return err
	}
	defer done()
	provider, err := r.discover(ctx, in.Issuer)
	if err != nil {
		return err
	}
	if err := r.store.KeepSetting(setting, in); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settings, r.provider, r.asked, r.failed = in, provider, r.now(), nil
	return nil
}

// Remove has nobody let in by the provider any more.
func (r *Room) Remove() error {
	r.changing.Lock()
	defer r.changing.Unlock()
	if err := r.store.KeepSetting(setting, Settings{}); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settings, r.provider, r.failed = Settings{}, nil, nil
	return nil
}

func check(in *Settings) error {
	in.Console = strings.TrimSuffix(in.Console, "/")
	for _, one := range []string{in.Issuer, in.ClientID, in.Secret, in.Label, in.Console} {
		if len(one) > maxField || strings.ContainsFunc(one, unicode.IsControl) {
			return text.Fail(ErrInvalid, text.SignOnField, maxField)
		}
	}
	issuer, err := url.Parse(in.Issuer)
	if err != nil || issuer.Host == "" || issuer.User != nil || issuer.RawQuery != "" || issuer.Fragment != "" || issuer.Scheme != "https" && !(issuer.Scheme == "http" && loopback(issuer.Hostname())) {
		return text.Fail(ErrInvalid, text.SignOnIssuer)
	}
	console, err := url.Parse(in.Console)
	if err != nil || console.Scheme != "https" || console.Host == "" || console.User != nil || console.Path != "" || console.RawQuery != "" || console.Fragment != "" {
		return text.Fail(ErrInvalid, text.SignOnConsole)
	}
	if in.ClientID == "" {
		return text.Fail(ErrInvalid, text.SignOnClient)
	}
	return nil
}

// loopback: a provider on this machine needs no TLS.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// discover reads the provider's documents; the caller has a place.
func (r *Room) discover(ctx context.Context, issuer string) (*oidc.Provider, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	p, err := oidc.NewProvider(oidc.ClientContext(ctx, r.client), issuer)
	if err != nil {
		return nil, text.Fail(fmt.Errorf("%w: %w", ErrDown, err), text.SignOnDown)
	}
	return p, nil
}

// place bounds how many wait for the provider.
func (r *Room) place() (done func(), err error) {
	select {
	case r.asking <- struct{}{}:
		return func() { <-r.asking }, nil
	default:
		return nil, text.Fail(ErrDown, text.SignOnBusy)
	}
}

// known is the provider, asked anew now and then. Only what the provider does counts as its
// failure, which all others are told for a while: neither that this request is given up, nor that
// there is no place.
func (r *Room) known(ctx context.Context) (Settings, *oidc.Provider, error) {
	r.mu.Lock()
	s, p, err, age := r.settings, r.provider, r.failed, r.now().Sub(r.asked)
	r.mu.Unlock()
	switch {
	case s.Issuer == "":
		return s, nil, text.Fail(ErrOff, text.SignOnOff)
	case p != nil && age < knownFor:
		return s, p, nil
	case err != nil && age < triedAfter:
		return s, nil, err
	}
	done, err := r.place()
	if err != nil {
		return s, nil, err
	}
	defer done()
	p, err = r.discover(context.WithoutCancel(ctx), s.Issuer)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.settings == s {
		r.provider, r.failed, r.asked = p, err, r.now()
	}
	return s, p, err
}

func (s Settings) oauth(p *oidc.Provider) oauth2.Config {
	return oauth2.Config{ClientID: s.ClientID, ClientSecret: s.Secret, Endpoint: p.Endpoint(), RedirectURL: s.Console + ReturnPath, Scopes: []string{oidc.ScopeOpenID, "profile"}}
}
