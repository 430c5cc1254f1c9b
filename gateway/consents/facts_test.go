package consents

import (
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/policy"
)

// What workers report goes into the facts on consents, and its fault into the audit log.
func TestFacts(t *testing.T) {
	r := newRoom(t)
	id := r.accepted(t, consenttest.Token(t, func(c *consent.Token) { c.Expires = c.Issued.AddDate(0, 2, 0) }))
	if got, want := r.Facts(), (policy.ConsentFacts{People: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	r.worker.Decide(t, wire.Decision{Track: 1, Shown: true, Token: id, Zone: "lobby"})
	if _, err := r.Revoke(t.Context(), consent.Revocation{Token: id}); err != nil {
		t.Fatal(err)
	}
	r.worker.Decide(t, wire.Decision{Track: 1, Reason: wire.ReasonWithdrawn})
	// Decisions come in order: the one before was counted, as no fault, before this one.
	eventually(t, "the delay is known", func() bool { return r.Facts().RevokedFor > 0 })
	if got := r.Facts(); got.ShownWithoutToken != 0 || got.People != 0 {
		t.Errorf("revoked: %+v", got)
	}
	r.worker.Decide(t, wire.Decision{Track: 2, Shown: true, Token: consent.NewID(), Zone: "lobby"})
	eventually(t, "a face shown without a token is counted", func() bool { return r.Facts().ShownWithoutToken == 1 })
	r.stops.Run()
	log, _ := logAndEvents(t, r.path)
	inOrder(t, "audit log", log, "consent.fault gateway camera/hall")
}

// What the clauses ask for is counted: people, consents that end soon, many that
// came at once.
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
		want   policy.ConsentFacts
	}{
		{"a few at once", raws[:bulk-1], policy.ConsentFacts{People: 1, Expiring: 1}},
		{"another person", []string{consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 100, "p-other" })}, policy.ConsentFacts{People: 2, Expiring: 2}},
	} {
		if _, err := r.Import(t.Context(), c.tokens); err != nil {
			t.Fatal(err)
		}
		if got := r.Facts(); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	for i, raw := range raws {
		raws[i] = consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 200+i, consenttest.Peek(t, raw).Subject })
	}
	if _, err := r.Import(t.Context(), raws); err != nil {
		t.Fatal(err)
	}
	if got := r.Facts(); got.Bulk != bulk || got.People != 2 {
		t.Errorf("many at once: %+v", got)
	}
}
