package redact

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
)

func terms() Terms {
	return Terms{
		Trust: consent.NewIssuers(consent.Issuer{Key: consenttest.Key.Public()}), Zone: "redact", Purpose: "care", Lang: text.EN,
		Rules:   consent.Rules{Now: time.Now(), Purposes: consent.DefaultPurposes},
		Revoked: func(consent.Token) (bool, error) { return false, nil },
	}
}

// filmNow is of a minute that begins now, and token covers.
func recordingNow() Recording {
	now := time.Now().UTC()
	return Recording{Source: FromContainer, From: now, To: now.Add(time.Minute)}
}

func inRedact(c *consent.Token) { c.Zones = []string{"lobby", "redact"} }

// granted are the tokens that the worker is told of.
func granted(t *testing.T, all *Consents) (ids []string) {
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
	good := consenttest.Token(t, inRedact)
	ago := time.Now().UTC().Truncate(time.Second).AddDate(0, 0, -5)
	revoked := terms()
	revoked.Revoked = func(consent.Token) (bool, error) { return true, nil }
	unasked := terms()
	unasked.Revoked = func(consent.Token) (bool, error) { return false, errors.New("no answer") }
	withdrawn := terms()
	withdrawn.Revocations = []consent.Revocation{{Issuer: "front-desk", Badge: 7, Issued: time.Now()}}
	fun := terms()
	fun.Purpose = "fun"
	stranger := terms()
	stranger.Trust = consent.NewIssuers(consent.Issuer{Key: consent.NewKey().Public()})
	for _, c := range []struct {
		name, raw string
		evaluate  Terms
		code      string
		used      bool
	}{
		{"good", good, terms(), "", true},
		{"any zone", consenttest.Token(t, func(c *consent.Token) { c.Zones = []string{"*"} }), terms(), "", true},
		{"other zone", consenttest.Token(t, nil), terms(), "unknown_zone", false},
		{"expired", consenttest.Token(t, func(c *consent.Token) { inRedact(c); c.Issued, c.NotBefore, c.Expires = ago, ago, ago.Add(time.Hour) }), terms(), "expired", false},
		{"not yet", consenttest.Token(t, func(c *consent.Token) { inRedact(c); c.NotBefore = c.Expires.Add(-time.Second) }), terms(), "not_yet_valid", false},
		{"face", consenttest.Token(t, func(c *consent.Token) { inRedact(c); c.Badge, c.Face = 0, "template-1" }), terms(), "", false},
		{"purpose", consenttest.Token(t, func(c *consent.Token) { inRedact(c); c.Purpose = "event" }), terms(), "wrong_purpose", false},
		{"purpose not served", consenttest.Token(t, func(c *consent.Token) { inRedact(c); c.Purpose = "fun" }), fun, "unknown_purpose", false},
		{"another key", good, stranger, "unknown_issuer", false},
		{"no key", good, Terms{Zone: "redact", Purpose: "care", Rules: terms().Rules}, "unknown_issuer", false},
		{"revoked here", good, revoked, "revoked", false},
		{"revoked by file", good, withdrawn, "revoked", false},
		{"nobody to ask", good, unasked, "", false},
		{"nothing", "", terms(), "malformed", false},
	} {
		all := c.evaluate.Evaluate(recordingNow(), []string{c.raw}, []string{"t.jwt"})
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
	one, two, other := consenttest.Token(t, inRedact), consenttest.Token(t, inRedact), consenttest.Token(t, func(c *consent.Token) { inRedact(c); c.Badge = 9 })
	all := terms().Evaluate(recordingNow(), []string{one, other, two, one}, []string{"1", "2", "3", "4"})
	if got := granted(t, all); !slices.Equal(got, []string{consenttest.ID(t, other)}) {
		t.Errorf("%v are shown", got)
	}
	for i, want := range []string{"badge_in_use", "", "badge_in_use", "badge_in_use"} {
		if got := all.Tokens[i]; got.Code != want || got.Used != (want == "") {
			t.Errorf("%+v", got)
		}
	}
	// The very same token twice is one.
	if got := granted(t, terms().Evaluate(recordingNow(), []string{one, one}, []string{"1", "2"})); len(got) != 1 {
		t.Errorf("%v are shown", got)
	}
}
