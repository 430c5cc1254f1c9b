package e2e

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// A consent counts from its import, as long as its zone, its issuer and itself do, and
// after a restart; the worker learns of it each time.
func TestConsentLive(t *testing.T) {
	t.Parallel() // it waits most of its time
	log := &logTo{}
	d := consenting(t, settings(t), log)
	id := accepted(t, d.client, consenttest.Token(t, nil))
	d.worker.Await(t, "hall", "after the import", id)
	sent, _ := d.worker.Settings(t, "hall")
	show := sent.Shows[0]
	if show.Badge != 7 || !slices.Equal(show.Zones, []string{"lobby"}) || show.Expires.Before(time.Now()) || show.NotBefore.After(time.Now()) {
		t.Errorf("%+v", show)
	}
	got, err := d.client.Consent(t.Context(), id)
	if err != nil || got.State != api.ConsentValid || !slices.Equal(got.Cameras, []media.CameraID{"hall"}) || got.Subject != "p-2041" {
		t.Errorf("%+v, %v", got, err)
	}

	// A zone that goes takes the consent along, and gives it back.
	setZones(t, d.client, "hall", nil)
	d.shows(t, "without the zone")
	setZones(t, d.client, "hall", lobby())
	d.shows(t, "with the zone again", id)
	// So does the issuer.
	if _, err := d.client.RemoveIssuer(t.Context(), "front-desk"); err != nil {
		t.Fatal(err)
	}
	d.shows(t, "without the issuer")
	if got, err := d.client.Consent(t.Context(), id); err != nil || got.State != api.ConsentUntrusted {
		t.Errorf("%+v, %v", got, err)
	}
	trust(t, d.client)
	d.shows(t, "with the issuer again", id)
	d.g.Close()

	d.open(t)
	d.worker.Await(t, "hall", "after the restart", id)
	began := time.Now()
	r, err := d.client.RevokeConsents(t.Context(), api.RevokeRequest{Token: id})
	took := time.Since(began)
	d.shows(t, "after it was revoked")
	if err != nil || !slices.Equal(r.Revoked, []string{id}) {
		t.Errorf("%+v, %v", r, err)
	} else {
		t.Logf("revoked in %v", took)
	}
	if st, err := d.client.Status(t.Context()); err != nil || st.Gateway.Consents.Live != 0 || st.Gateway.Consents.Issuers != 1 {
		t.Errorf("%+v, %v", st.Gateway.Consents, err)
	}
	if s := log.String(); strings.Contains(s, "p-2041") {
		t.Error("the pseudonym is in the log")
	}
}

// The worker learns of a consent when its time comes, and within a second after its end.
func TestConsentBeginsAndEnds(t *testing.T) {
	t.Parallel() // it waits most of its time
	d := consenting(t, settings(t), &logTo{})
	d.sync(t) // its worker is up
	begins := time.Now().Add(2 * time.Second).Truncate(time.Second)
	ends := begins.Add(3 * time.Second)
	id := accepted(t, d.client, consenttest.Token(t, func(c *consent.Token) { c.NotBefore, c.Expires = begins.UTC(), ends.UTC() }))
	if got := d.shown(t); len(got) != 0 && time.Now().Before(begins) {
		t.Error("shown before its time")
	}
	eventually(t, "its time comes", func() bool {
		return slices.Equal(d.worker.Shown(t, "hall"), []string{id}) || time.Now().After(ends)
	})
	if now := time.Now(); now.Before(begins) {
		t.Error("shown before its time")
	} else if now.After(ends) {
		t.Error("not shown in its time")
	}
	d.worker.Await(t, "hall", "its time is over")
	if late := time.Since(ends); late > time.Second {
		t.Errorf("masked %v after its end", late)
	}
	got, err := d.client.Consents(t.Context(), api.ConsentFilter{})
	if err != nil || len(got) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = d.client.Consents(t.Context(), api.ConsentFilter{All: true, Badge: 7, Subject: "p-2041"})
	if err != nil || len(got) != 1 || got[0].State != api.ConsentExpired {
		t.Errorf("%+v, %v", got, err)
	}
}

// What is wrong with a token or a request is said with a code, and shows nobody.
func TestImportRefusals(t *testing.T) {
	d := consenting(t, settings(t), &logTo{})
	client := d.client
	good := consenttest.Token(t, nil)
	id := accepted(t, client, good)
	ago := time.Now().UTC().Truncate(time.Second).AddDate(0, 0, -5)
	stranger, err := consent.Sign(consenttest.Peek(t, good), consent.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(consenttest.Token(t, func(c *consent.Token) { c.Badge = 8 }), ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"bauta-consent+jwt","kid":"` + consenttest.Key.Public().ID() + `"}`))
	bare := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","typ":"bauta-consent+jwt"}`))
	for _, c := range []struct {
		name, raw string
		outcome   api.Outcome
		code      string
	}{
		{"again", good, api.Known, ""},
		{"later", consenttest.Token(t, func(c *consent.Token) { c.NotBefore, c.Badge = c.Expires.Add(-time.Minute), 9 }), api.Accepted, "not_yet_valid"},
		{"face", consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Face = 0, "template-1" }), api.Accepted, ""},
		{"badge in use", consenttest.Token(t, func(c *consent.Token) { c.Subject = "p-2042" }), api.Refused, "badge_in_use"},
		{"zone", consenttest.Token(t, func(c *consent.Token) { c.Zones = []string{"roof"} }), api.Refused, "unknown_zone"},
		{"purpose", consenttest.Token(t, func(c *consent.Token) { c.Purpose = "fun" }), api.Refused, "unknown_purpose"},
		{"expired", consenttest.Token(t, func(c *consent.Token) { c.Issued, c.NotBefore, c.Expires = ago, ago, ago.Add(time.Hour) }), api.Refused, "expired"},
		{"too long", consenttest.Token(t, func(c *consent.Token) { c.Expires = c.Issued.AddDate(2, 0, 0) }), api.Refused, "life_too_long"},
		{"stranger", stranger, api.Refused, "unknown_issuer"},
		{"name", consenttest.Token(t, func(c *consent.Token) { c.Issuer = "back-desk" }), api.Refused, "unknown_issuer"},
		{"damaged", parts[0] + "." + parts[1] + "." + strings.Repeat("A", 86), api.Refused, "bad_signature"},
		{"none", none + "." + parts[1] + ".", api.Refused, "wrong_algorithm"},
		{"no kid", bare + "." + parts[1] + "." + parts[2], api.Refused, "no_key_id"},
		{"nonsense", "nonsense", api.Refused, "malformed"},
	} {
		r := importAll(t, client, c.raw)
		if len(r) != 1 || r[0].Outcome != c.outcome || r[0].Code != c.code || (c.outcome == api.Refused || c.code != "") && r[0].Message == "" {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
	d.shows(t, "after all of them", id)
	for name, err := range map[string]error{
		"nobody": func() error { _, err := client.RevokeConsents(t.Context(), api.RevokeRequest{}); return err }(),
		"two targets": func() error {
			_, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Subject: "p", Badge: 7})
			return err
		}(),
		"no token":  func() error { _, err := client.Consent(t.Context(), "token-none"); return err }(),
		"no issuer": func() error { _, err := client.RemoveIssuer(t.Context(), "none"); return err }(),
		"no key":    func() error { _, err := client.AddIssuer(t.Context(), api.NewIssuer{Name: "x", Key: "y"}); return err }(),
		"same key": func() error {
			_, err := client.AddIssuer(t.Context(), api.NewIssuer{Name: "x", Key: string(consenttest.Key.Public().PEM())})
			return err
		}(),
	} {
		if refused := new(api.Error); !errors.As(err, &refused) || refused.Code == api.CodeInternal || refused.Message == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A revocation counts for tokens that come later, too; one in a file counts if a trusted
// issuer signed it.
func TestRevokeUnknownAndImportRevocation(t *testing.T) {
	d := consenting(t, settings(t), &logTo{})
	client := d.client
	raw := consenttest.Token(t, nil)
	if _, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Token: consenttest.ID(t, raw)}); err != nil {
		t.Fatal(err)
	}
	if r := importAll(t, client, raw); r[0].Outcome != api.Refused || r[0].Code != "revoked" {
		t.Errorf("%+v", r)
	}
	if revoked, err := client.Revoked(t.Context(), consenttest.Peek(t, raw)); err != nil || !revoked {
		t.Errorf("%v, %v", revoked, err)
	}
	other := consenttest.Token(t, func(c *consent.Token) { c.Subject = "p-2042" })
	id := accepted(t, client, other)
	d.shows(t, "before the revocation", id)
	if revoked, err := client.Revoked(t.Context(), consenttest.Peek(t, other)); err != nil || revoked {
		t.Errorf("%v, %v", revoked, err)
	}
	if r := importAll(t, client, revocation(t, consenttest.Key, consent.Revocation{Subject: "p-2042"})); r[0].Outcome != api.Accepted || !slices.Equal(r[0].Revoked, []string{id}) {
		t.Errorf("%+v", r)
	}
	d.shows(t, "after the revocation")
	if r := importAll(t, client, revocation(t, consent.NewKey(), consent.Revocation{Badge: 7})); r[0].Outcome != api.Refused || r[0].Code != "unknown_issuer" {
		t.Errorf("%+v", r)
	}
}

// A face that the worker says it shows without a consent fails the clause on consents, whose
// badges count whether or not faces are recognised here, and is in the audit log.
func TestFaceShownWithoutAConsentFailsItsClause(t *testing.T) {
	d := consenting(t, settings(t), &logTo{})
	id := accepted(t, d.client, consenttest.Token(t, func(c *consent.Token) { c.Expires = c.Issued.AddDate(0, 2, 0) }))
	d.worker.Await(t, "hall", "after the import", id)
	d.worker.Decide(t, wire.Decision{Track: 1, Shown: true, Token: id, Zone: "lobby"})
	d.worker.Decide(t, wire.Decision{Track: 1})
	stands(t, d.client, "p13", "pass/measured")
	d.worker.Decide(t, wire.Decision{Track: 2, Shown: true, Token: consent.NewID(), Zone: "lobby"})
	eventually(t, "the clause fails", func() bool { return clauseOf(t, d.client, "p13").Status == policy.Fail })
	d.g.Close()
	inOrder(t, "audit log", auditLog(t, d.o.Config.Store()), "consent.fault gateway camera/hall")
}
