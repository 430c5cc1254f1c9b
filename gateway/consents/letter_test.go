package consents

import (
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
)

// Consents that are sent to this gateway count by their issuer's signature alone; those for
// others stay closed to it.
func TestLettersAreReadByWhomTheyAreFor(t *testing.T) {
	r := newRoom(t)
	other, err := consent.NewReader()
	must(t, err)
	to, err := r.Recipient()
	must(t, err)
	if again, err := r.Recipient(); err != nil || again != to {
		t.Fatalf("the key changes: %v", err)
	}
	send := func(to string, raws ...string) {
		t.Helper()
		letter, err := consent.SealLetter(raws, []string{to})
		must(t, err)
		r.taken(t, consent.KindLetter, letter)
	}
	wanted, foreign := consenttest.Token(t, nil), consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 9, "p-9" })
	send(other.Recipient(), foreign)
	forged, err := consent.Sign(consenttest.Peek(t, foreign), consent.NewKey())
	must(t, err)
	send(to, forged, wanted)
	r.worker.Await(t, "hall", "after the letter", consenttest.ID(t, wanted))
	if n := r.Status().RevocationsRefused; n != 1 {
		t.Errorf("%d are refused", n)
	}
	r.taken(t, consent.KindLetter, "nonsense")
	if n := r.Status().RevocationsRefused; n != 2 {
		t.Errorf("with nonsense %d are refused", n)
	}
	send(to, signed(t, consenttest.Key, consent.Revocation{Token: consenttest.ID(t, wanted)}), wanted)
	r.worker.Await(t, "hall", "after a letter that withdraws")
	if log := r.log.String(); strings.Contains(log, "p-2041") || strings.Contains(log, "AGE-SECRET") {
		t.Error("the log tells what was in a letter")
	}
}
