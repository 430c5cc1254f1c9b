package consents

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
)

// The day on which so many people were enrolled: from an import until the consent is
// revoked or ends.
func TestReached(t *testing.T) {
	noon := time.Date(2026, 5, 4, 12, 0, 0, 0, time.Local)
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	one := func(subject string, from, to int, f ...func(*store.ConsentRow)) store.ConsentRow {
		c := store.ConsentRow{Token: consent.Token{Issuer: "desk", Subject: subject, Expires: day(to)}, Imported: day(from)}
		for _, change := range f {
			change(&c)
		}
		return c
	}
	revoked := func(n int) func(*store.ConsentRow) { return func(c *store.ConsentRow) { c.Revoked = day(n) } }
	for name, test := range map[string]struct {
		all  []store.ConsentRow
		want civil.Date
	}{
		"nobody":            {nil, ""},
		"two":               {[]store.ConsentRow{one("a", 0, 9), one("b", 3, 9)}, "2026-05-07"},
		"one person twice":  {[]store.ConsentRow{one("a", 0, 9), one("a", 3, 9)}, ""},
		"other issuer":      {[]store.ConsentRow{one("a", 0, 9), one("a", 3, 9, func(c *store.ConsentRow) { c.Issuer = "other" })}, "2026-05-07"},
		"never at once":     {[]store.ConsentRow{one("a", 0, 3), one("b", 3, 9)}, ""},
		"revoked before":    {[]store.ConsentRow{one("a", 0, 9, revoked(2)), one("b", 3, 9)}, ""},
		"fewer later":       {[]store.ConsentRow{one("a", 0, 4), one("b", 3, 9), one("c", 6, 9)}, "2026-05-07"},
		"one left, one new": {[]store.ConsentRow{one("a", 0, 9, revoked(2)), one("b", 1, 9, revoked(0)), one("c", 4, 9), one("d", 5, 9)}, "2026-05-09"},
		"renewed":           {[]store.ConsentRow{one("a", 0, 4), one("a", 2, 9), one("b", 5, 9)}, "2026-05-09"},
	} {
		got := civil.Date("")
		if at := reached(test.all, 2); !at.IsZero() {
			got = civil.Of(at)
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// What workers report goes into the facts on consents, and its fault into the audit log.
func TestFacts(t *testing.T) {
	r := newRoom(t)
	id := r.accepted(t, consenttest.Token(t, func(c *consent.Token) { c.Expires = c.Issued.AddDate(0, 2, 0) }))
	if got, want := r.Facts(time.Local), (policy.ConsentFacts{People: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	r.worker.Decide(t, wire.Decision{Track: 1, Shown: true, Token: id, Zone: "lobby"})
	if _, err := r.Revoke(t.Context(), consent.Revocation{Token: id}); err != nil {
		t.Fatal(err)
	}
	r.worker.Decide(t, wire.Decision{Track: 1, Reason: wire.ReasonWithdrawn})
	// Decisions come in order: the one before was counted, as no fault, before this one.
	eventually(t, "the delay is known", func() bool { return r.Facts(time.Local).RevokedFor > 0 })
	if got := r.Facts(time.Local); got.ShownWithoutToken != 0 || got.People != 0 {
		t.Errorf("revoked: %+v", got)
	}
	r.worker.Decide(t, wire.Decision{Track: 2, Shown: true, Token: consent.NewID(), Zone: "lobby"})
	eventually(t, "a face shown without a token is counted", func() bool { return r.Facts(time.Local).ShownWithoutToken == 1 })
	r.stops.Run()
	log, _ := logAndEvents(t, r.path)
	inOrder(t, "audit log", log, "consent.fault gateway camera/hall")
}

// What the clauses ask for is counted: people, consents that end soon, many that came at
// once, and since when so many people are enrolled that it has to be filed.
func TestFactsCount(t *testing.T) {
	r := newRoom(t)
	var raws []string
	for i := range bulk {
		raws = append(raws, consenttest.Token(t, func(c *consent.Token) {
			c.Badge, c.Subject = i+1, "p-many"
			if i > 0 {
				c.Expires = c.Issued.AddDate(0, 2, 0)
			}
		}))
	}
	for _, c := range []struct {
		name   string
		tokens []string
		filing int
		want   policy.ConsentFacts
	}{
		{"a few at once", raws[:bulk-1], 0, policy.ConsentFacts{People: 1, Expiring: 1}},
		{"another person", []string{consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 100, "p-other" })}, 3, policy.ConsentFacts{People: 2, Expiring: 2}},
		{"enough people to be filed", nil, 2, policy.ConsentFacts{People: 2, Expiring: 2, Reached: civil.Of(time.Now())}},
	} {
		r.cfg.FilingPeople = c.filing
		if _, err := r.Import(t.Context(), c.tokens); err != nil {
			t.Fatal(err)
		}
		if got := r.Facts(time.Local); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	for i, raw := range raws {
		raws[i] = consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 200+i, consenttest.Peek(t, raw).Subject })
	}
	if _, err := r.Import(t.Context(), raws); err != nil {
		t.Fatal(err)
	}
	if got := r.Facts(time.Local); got.Bulk != bulk || got.People != 2 {
		t.Errorf("many at once: %+v", got)
	}
}
