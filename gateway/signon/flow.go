package signon

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/bauta-gateway/bauta/config/text"
)

// Life is how long somebody may take at the provider.
const Life = 10 * time.Minute

// Person is who the provider says somebody is.
type Person struct {
	Issuer, Subject string
	// Name is what the provider calls them, for the manager who decides; nothing goes by it.
	Name string
}

// begun is what a browser keeps while it is at the provider. It is the browser's own, and
// authenticated, so that nothing waits here for who never comes back.
type begun struct {
	State    string    `json:"state"`
	Nonce    string    `json:"nonce"`
	Verifier string    `json:"verifier"`
	Issuer   string    `json:"issuer"`
	Until    time.Time `json:"until"`
}

// Begin returns the address at the provider, and what the browser has to keep until Finish.
func (r *Room) Begin(ctx context.Context) (address, cookie string, err error) {
	s, p, err := r.known(ctx)
	if err != nil {
		return "", "", err
	}
	b := begun{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Issuer: s.Issuer, Until: r.now().Add(Life)}
	config := s.oauth(p)
	return config.AuthCodeURL(b.State, oidc.Nonce(b.Nonce), oauth2.S256ChallengeOption(b.Verifier)), r.seal(b), nil
}

func (r *Room) seal(b begun) string {
	plain, err := json.Marshal(b)
	if err != nil {
		panic(fmt.Sprintf("signon: %v", err)) // texts and a time always encode
	}
	return base64.RawURLEncoding.EncodeToString(plain) + "." + base64.RawURLEncoding.EncodeToString(r.mac(plain))
}

func (r *Room) mac(plain []byte) []byte {
	h := hmac.New(sha256.New, r.key)
	h.Write(plain)
	return h.Sum(nil)
}

func (r *Room) open(cookie string) (b begun, ok bool) {
	head, tail, _ := strings.Cut(cookie, ".")
	plain, err := base64.RawURLEncoding.DecodeString(head)
	mac, err2 := base64.RawURLEncoding.DecodeString(tail)
	if err != nil || err2 != nil || !hmac.Equal(mac, r.mac(plain)) || json.Unmarshal(plain, &b) != nil {
		return b, false
	}
	return b, r.now().Before(b.Until)
}

// refused is what came back and does not count; why is for the log.
func refused(why string, args ...any) error {
	return text.Fail(fmt.Errorf("%w: %w", ErrRefused, fmt.Errorf(why, args...)), text.SignOnRefused)
}

// Finish proves what the provider sent the browser back with.
func (r *Room) Finish(ctx context.Context, cookie string, answer url.Values) (Person, error) {
	b, ok := r.open(cookie)
	switch {
	case !ok:
		return Person{}, refused("this browser did not begin, or too long ago")
	case subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(b.State)) != 1:
		return Person{}, refused("the state is another one")
	}
	s, p, err := r.known(ctx)
	if err != nil {
		return Person{}, err
	}
	// RFC 9207: a provider that says who it is must be the one that was asked.
	if b.Issuer != s.Issuer || answer.Has("iss") && answer.Get("iss") != s.Issuer {
		return Person{}, refused("the answer is of another provider")
	}
	if answer.Get("code") == "" {
		return Person{}, refused("the provider says %.40q", answer.Get("error"))
	}
	done, err := r.place()
	if err != nil {
		return Person{}, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, r.client), askLimit)
	defer cancel()
	config := s.oauth(p)
	token, err := config.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(b.Verifier))
	if err != nil {
		return Person{}, refused("the code was not taken: %w", quiet(err))
	}
	return person(ctx, s, p, token, b.Nonce)
}

// quiet leaves out the provider's answer, which may hold what is no matter of a log.
func quiet(err error) error {
	if r, ok := err.(*oauth2.RetrieveError); ok && r.Response != nil {
		return fmt.Errorf("%s %.40q", r.Response.Status, r.ErrorCode)
	}
	return err
}

// person proves the token: its signature, issuer, audience and time, then the nonce.
func person(ctx context.Context, s Settings, p *oidc.Provider, token *oauth2.Token, nonce string) (Person, error) {
	raw, _ := token.Extra("id_token").(string)
	id, err := p.VerifierContext(ctx, &oidc.Config{ClientID: s.ClientID}).Verify(ctx, raw)
	if err != nil {
		return Person{}, refused("the token does not hold: %w", err)
	}
	var claims struct {
		Party     string `json:"azp"`
		Name      string `json:"name"`
		Preferred string `json:"preferred_username"`
	}
	if err := id.Claims(&claims); err != nil {
		return Person{}, refused("the token cannot be read: %w", err)
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1:
		return Person{}, refused("the nonce is another one")
	case claims.Party != "" && claims.Party != s.ClientID:
		return Person{}, refused("the token is for another party")
	case id.Subject == "" || len(id.Subject) > 255:
		return Person{}, refused("the token is of nobody")
	}
	name := cmp.Or(claims.Preferred, claims.Name, nameFrom(ctx, p, token, id.Subject))
	return Person{Issuer: id.Issuer, Subject: id.Subject, Name: plainName(name)}, nil
}

// nameFrom asks the provider for a name that the token lacks; without an answer there is none.
func nameFrom(ctx context.Context, p *oidc.Provider, token *oauth2.Token, subject string) string {
	info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != subject {
		return ""
	}
	var claims struct {
		Name      string `json:"name"`
		Preferred string `json:"preferred_username"`
	}
	_ = info.Claims(&claims) // nothing goes by it
	return cmp.Or(claims.Preferred, claims.Name)
}

// plainName is a name without what a page or a terminal could stumble on.
func plainName(name string) string {
	clean := strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) {
			return -1
		}
		return c
	}, name)
	if len(clean) > 64 {
		clean = strings.ToValidUTF8(clean[:64], "") // a letter that was cut in two goes
	}
	return clean
}
