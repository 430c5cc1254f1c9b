package gateway

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
)

// trailAndEvents are what the store holds of both after a run, in order. Each
// event has to be valid by its schema.
func trailAndEvents(t *testing.T, path string) (trail, events []string) {
	t.Helper()
	s, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Trail(time.Time{}, time.Now().Add(time.Hour), func(l store.Link) error {
		var e store.Entry
		err := json.Unmarshal(l.Text, &e)
		trail = append(trail, strings.TrimSpace(strings.Join([]string{e.Action, e.Actor, e.Subject, e.Detail}, " ")))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile("../docs/mqtt/event.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	waiting, err := s.Waiting(1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range waiting {
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(string(m.Payload)))
		if err == nil {
			err = schema.Validate(v)
		}
		var e audit.Event
		if err := json.Unmarshal(m.Payload, &e); err != nil {
			t.Fatal(err)
		}
		if err != nil || m.Topic != string(e.Type) {
			t.Errorf("%s: %s: %v", m.Topic, m.Payload, err)
		}
		events = append(events, strings.TrimSpace(strings.Join([]string{m.Topic, e.Token, e.Issuer, e.Key}, " ")))
	}
	return trail, events
}

// inOrder checks that all wanted lines are there, in their order.
func inOrder(t *testing.T, what string, got, want []string) {
	t.Helper()
	at := 0
	for _, w := range want {
		i := slices.Index(got[at:], w)
		if i < 0 {
			t.Errorf("%s: %q is missing or out of order in\n%s", what, w, strings.Join(got, "\n"))
			return
		}
		at += i + 1
	}
}

// What is done about consents is on the trail and waits for the broker, by the
// ids of tokens, issuers and keys.
func TestConsentsOnTheTrail(t *testing.T) {
	cfg := settings(t)
	cfg.MQTT.Broker = "tcp://127.0.0.1:9" // nobody: all events wait
	g, client := consenting(t, cfg, &logTo{})
	one := accepted(t, client, consenttest.Token(t, nil))
	two := accepted(t, client, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 8, "p-2042" }))
	three := accepted(t, client, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 9, "p-2043" }))
	refused := consenttest.Token(t, func(c *consent.Token) { c.Zones = []string{"roof"} })
	if r := importAll(t, client, refused); r[0].Outcome != api.Refused {
		t.Fatalf("%+v", r)
	}
	if _, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Token: one}); err != nil {
		t.Fatal(err)
	}
	importAll(t, client, revocation(t, consenttest.Key, consent.Revocation{Subject: "p-2042"}))
	signed := revocation(t, consenttest.Key, consent.Revocation{Badge: 9})
	for range 2 { // a broker repeats what it keeps
		g.consents.Revocation("by-mqtt", []byte(signed), func() {})
	}
	eventually(t, "both were taken", func() bool { return g.consents.received.Load() == 2 && len(shown(g, "hall")) == 0 })
	if _, err := client.RemoveIssuer(t.Context(), "front-desk"); err != nil {
		t.Fatal(err)
	}
	g.Close()

	key := consenttest.Key.Public().ID()
	trail, events := trailAndEvents(t, cfg.Store())
	inOrder(t, "trail", trail, []string{
		"issuer.added local issuer/front-desk key=" + key,
		"consent.imported local consent/" + one + " issuer=front-desk",
		"consent.imported local consent/" + two + " issuer=front-desk",
		"consent.imported local consent/" + three + " issuer=front-desk",
		"consent.revocation local consent/" + one + " issuer=", "consent.revoked local consent/" + one,
		"consent.revocation local subject/p-2042 issuer=front-desk", "consent.revoked local consent/" + two,
		"consent.revocation mqtt badge/9 issuer=front-desk", "consent.revoked mqtt consent/" + three,
		"issuer.removed local issuer/front-desk key=" + key,
	})
	inOrder(t, "events", events, []string{
		"issuer-added  front-desk " + key, "consent-imported " + one + " front-desk", "consent-imported " + two + " front-desk",
		"consent-imported " + three + " front-desk", "revocation " + one, "consent-revoked " + one,
		"revocation  front-desk", "consent-revoked " + two, "revocation  front-desk", "consent-revoked " + three, "issuer-removed  front-desk " + key,
	})
	n := 0
	for _, line := range trail {
		if strings.HasPrefix(line, "consent.revocation mqtt") {
			n++
		}
		if strings.Contains(line, consenttest.ID(t, refused)) {
			t.Errorf("a refused token is on the trail: %s", line)
		}
	}
	if n != 1 {
		t.Errorf("the repeated revocation is %d times on the trail", n)
	}
}

// A revocation that waits at the broker when the gateway starts, before all its
// parts are up, is on the trail as well.
func TestRevocationAtTheStart(t *testing.T) {
	cfg := settings(t)
	cfg.MQTT.Broker = mosquitto(t)
	g, client := consenting(t, cfg, &logTo{})
	id := accepted(t, client, consenttest.Token(t, nil))
	g.Close()
	raw := revocation(t, consenttest.Key, consent.Revocation{Token: id})
	if err := mqtt.PublishRevocation(t.Context(), mqtt.Config{Broker: cfg.MQTT.Broker}, id, raw); err != nil {
		t.Fatal(err)
	}
	g, client = start(t, Options{Config: cfg})
	eventually(t, "it is revoked", func() bool {
		c, err := client.Consent(t.Context(), id)
		return err == nil && c.State == api.ConsentRevoked
	})
	g.Close()
	trail, _ := trailAndEvents(t, cfg.Store())
	inOrder(t, "trail", trail, []string{"gateway.stopped gateway", "consent.revocation mqtt consent/" + id + " issuer=front-desk", "consent.revoked mqtt consent/" + id})
}

func TestReached(t *testing.T) {
	noon := time.Date(2026, 5, 4, 12, 0, 0, 0, time.Local)
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	one := func(subject string, from, to int, f ...func(*store.Consent)) store.Consent {
		c := store.Consent{Token: consent.Token{Issuer: "desk", Subject: subject, Expires: day(to)}, Imported: day(from)}
		for _, change := range f {
			change(&c)
		}
		return c
	}
	revoked := func(n int) func(*store.Consent) { return func(c *store.Consent) { c.Revoked = day(n) } }
	for name, test := range map[string]struct {
		all  []store.Consent
		want policy.Date
	}{
		"nobody":            {nil, ""},
		"two":               {[]store.Consent{one("a", 0, 9), one("b", 3, 9)}, "2026-05-07"},
		"one person twice":  {[]store.Consent{one("a", 0, 9), one("a", 3, 9)}, ""},
		"other issuer":      {[]store.Consent{one("a", 0, 9), one("a", 3, 9, func(c *store.Consent) { c.Issuer = "other" })}, "2026-05-07"},
		"never at once":     {[]store.Consent{one("a", 0, 3), one("b", 3, 9)}, ""},
		"revoked before":    {[]store.Consent{one("a", 0, 9, revoked(2)), one("b", 3, 9)}, ""},
		"fewer later":       {[]store.Consent{one("a", 0, 4), one("b", 3, 9), one("c", 6, 9)}, "2026-05-07"},
		"one left, one new": {[]store.Consent{one("a", 0, 9, revoked(2)), one("b", 1, 9, revoked(0)), one("c", 4, 9), one("d", 5, 9)}, "2026-05-09"},
		"renewed":           {[]store.Consent{one("a", 0, 4), one("a", 2, 9), one("b", 5, 9)}, "2026-05-09"},
	} {
		if got := reached(test.all, 2); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// What workers say goes into the clause on consents, and its fault on the trail.
func TestConsentFacts(t *testing.T) {
	cfg := settings(t)
	cfg.MQTT.Broker = "tcp://127.0.0.1:9"
	g, client := consenting(t, cfg, &logTo{})
	id := accepted(t, client, consenttest.Token(t, func(c *consent.Token) { c.Expires = c.Issued.AddDate(0, 2, 0) }))
	cam := g.camera("hall")
	said := policy.ConsentFacts{People: 1}
	if got := g.consentFacts(); got != said {
		t.Errorf("%+v", got)
	}
	cam.Decision(wire.Decision{Track: 1, Shown: true, Token: id, Zone: "lobby"})
	if got := g.consentFacts(); got != said {
		t.Errorf("a face shown by right: %+v", got)
	}
	if _, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Token: id}); err != nil {
		t.Fatal(err)
	}
	cam.Decision(wire.Decision{Track: 1, Reason: wire.ReasonWithdrawn})
	if got := g.consentFacts(); got.ShownWithoutToken != 0 || got.RevokedFor <= 0 || got.People != 0 {
		t.Errorf("revoked: %+v", got)
	}
	cam.Decision(wire.Decision{Track: 2, Shown: true, Token: consent.NewID(), Zone: "lobby"})
	if got := g.consentFacts(); got.ShownWithoutToken != 1 {
		t.Errorf("a face shown without a token: %+v", got)
	}
	expect(t, client, "m6", policy.Fail)
	g.Close()
	trail, _ := trailAndEvents(t, cfg.Store())
	inOrder(t, "trail", trail, []string{"consent.fault gateway camera/hall"})
}
