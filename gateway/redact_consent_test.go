package gateway

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
)

func judge() Judge {
	return Judge{
		Trust: consent.NewIssuers(consent.Issuer{Key: desk.Public()}), Zone: "redact", Purpose: "care", Lang: text.EN,
		Rules:   consent.Rules{Now: time.Now(), Purposes: consent.DefaultPurposes},
		Revoked: func(consent.Token) (bool, error) { return false, nil },
	}
}

// filmNow is of a minute that begins now, and token covers.
func filmNow() Film {
	now := time.Now().UTC()
	return Film{Source: FilmContainer, From: now, To: now.Add(time.Minute)}
}

func inRedact(c *consent.Token) { c.Zones = []string{"lobby", "redact"} }

// granted are the tokens that the worker is told of.
func granted(t *testing.T, all *RedactConsents) (ids []string) {
	t.Helper()
	var s wire.Settings
	all.grant(&s)
	for _, show := range s.Shows {
		ids = append(ids, show.Token)
	}
	if (len(ids) > 0) != (len(s.Zones) == 1 && s.Zones[0].ID == all.Zone && s.Zones[0].Kind == zone.Consent) {
		t.Errorf("zones %+v for %v", s.Zones, ids)
	}
	return ids
}

// Whatever is wrong with a token: it shows nobody, and the report says why.
func TestTokensForAFile(t *testing.T) {
	good := token(t, inRedact)
	ago := time.Now().UTC().Truncate(time.Second).AddDate(0, 0, -5)
	revoked := judge()
	revoked.Revoked = func(consent.Token) (bool, error) { return true, nil }
	unasked := judge()
	unasked.Revoked = func(consent.Token) (bool, error) { return false, errors.New("no answer") }
	withdrawn := judge()
	withdrawn.Revocations = []consent.Revocation{{Issuer: "front-desk", Badge: 7, Issued: time.Now()}}
	fun := judge()
	fun.Purpose = "fun"
	stranger := judge()
	stranger.Trust = consent.NewIssuers(consent.Issuer{Key: consent.NewKey().Public()})
	for _, c := range []struct {
		name, raw string
		judge     Judge
		code      string
		used      bool
	}{
		{"good", good, judge(), "", true},
		{"any zone", token(t, func(c *consent.Token) { c.Zones = []string{"*"} }), judge(), "", true},
		{"other zone", token(t, nil), judge(), "unknown_zone", false},
		{"expired", token(t, func(c *consent.Token) { inRedact(c); c.Issued, c.NotBefore, c.Expires = ago, ago, ago.Add(time.Hour) }), judge(), "expired", false},
		{"not yet", token(t, func(c *consent.Token) { inRedact(c); c.NotBefore = c.Expires.Add(-time.Second) }), judge(), "not_yet_valid", false},
		{"face", token(t, func(c *consent.Token) { inRedact(c); c.Badge, c.Face = 0, "template-1" }), judge(), "", false},
		{"purpose", token(t, func(c *consent.Token) { inRedact(c); c.Purpose = "event" }), judge(), "wrong_purpose", false},
		{"purpose not served", token(t, func(c *consent.Token) { inRedact(c); c.Purpose = "fun" }), fun, "unknown_purpose", false},
		{"another key", good, stranger, "unknown_issuer", false},
		{"no key", good, Judge{Zone: "redact", Purpose: "care", Rules: judge().Rules}, "unknown_issuer", false},
		{"revoked here", good, revoked, "revoked", false},
		{"revoked by file", good, withdrawn, "revoked", false},
		{"nobody to ask", good, unasked, "", false},
		{"nothing", "", judge(), "malformed", false},
	} {
		all := c.judge.JudgeTokens(filmNow(), []string{c.raw}, []string{"t.jwt"})
		one := all.Tokens[0]
		if one.Used != c.used || one.Code != c.code || one.File != "t.jwt" || c.used == (one.Message != "") {
			t.Errorf("%s: %+v", c.name, one)
		}
		if got := len(granted(t, all)); (got == 1) != c.used {
			t.Errorf("%s: %d are shown", c.name, got)
		}
	}
}

func TestTwoTokensForOneBadge(t *testing.T) {
	one, two, other := token(t, inRedact), token(t, inRedact), token(t, func(c *consent.Token) { inRedact(c); c.Badge = 9 })
	all := judge().JudgeTokens(filmNow(), []string{one, other, two, one}, []string{"1", "2", "3", "4"})
	if got := granted(t, all); !slices.Equal(got, []string{idIn(t, other)}) {
		t.Errorf("%v are shown", got)
	}
	for i, want := range []string{"badge_in_use", "", "badge_in_use", "badge_in_use"} {
		if got := all.Tokens[i]; got.Code != want || got.Used != (want == "") {
			t.Errorf("%+v", got)
		}
	}
	// The very same token twice is one.
	if got := granted(t, judge().JudgeTokens(filmNow(), []string{one, one}, []string{"1", "2"})); len(got) != 1 {
		t.Errorf("%v are shown", got)
	}
}

// The gateway on this box is asked, running or stopped; a box without one has
// no revocations.
func TestAskRevoked(t *testing.T) {
	cfg := settings(t)
	ask := func() (bool, error) {
		return AskRevoked(t.Context(), api.NewClient(cfg.Socket(), text.EN), cfg.Store())(mustPeek(t, token(t, nil)))
	}
	if revoked, err := ask(); revoked || err != nil {
		t.Errorf("without a gateway: %v, %v", revoked, err)
	}
	g, client := start(t, Options{Config: cfg})
	if revoked, err := ask(); revoked || err != nil {
		t.Errorf("before: %v, %v", revoked, err)
	}
	if _, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Subject: "p-2041"}); err != nil {
		t.Fatal(err)
	}
	if revoked, err := ask(); !revoked || err != nil {
		t.Errorf("running: %v, %v", revoked, err)
	}
	g.Close()
	if revoked, err := ask(); !revoked || err != nil {
		t.Errorf("stopped: %v, %v", revoked, err)
	}
	s, err := store.Open(cfg.Store(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if revoked, err := ask(); revoked || err == nil { // neither the daemon nor its store answers
		t.Errorf("locked: %v, %v", revoked, err)
	}
}
