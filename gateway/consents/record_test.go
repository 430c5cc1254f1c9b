package consents

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
)

// logAndEvents are what the store holds of both after a run, in order. Each
// event has to be valid by its schema.
func logAndEvents(t *testing.T, path string) (log, events []string) {
	t.Helper()
	s, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.AuditLog(time.Time{}, time.Now().Add(time.Hour), func(l store.Link) error {
		var e store.AuditRecord
		err := json.Unmarshal(l.Text, &e)
		log = append(log, strings.TrimSpace(strings.Join([]string{e.Action, e.Actor, e.Subject, e.Detail}, " ")))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	schema, err := jsonschema.NewCompiler().Compile("../../docs/mqtt/event.schema.json")
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
	return log, events
}

// inOrder checks that all wanted lines are there, in their order.
func inOrder(t *testing.T, what string, got []string, want ...string) {
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

// What is done about consents is in the audit log and waits for the broker, by the
// ids of tokens, issuers and keys.
func TestConsentsAreInTheAuditLog(t *testing.T) {
	r := newRoom(t)
	one := r.accepted(t, consenttest.Token(t, nil))
	two := r.accepted(t, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 8, "p-2042" }), one)
	three := r.accepted(t, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 9, "p-2043" }), one, two)
	refused := consenttest.Token(t, func(c *consent.Token) { c.Zones = []string{"roof"} })
	if got := r.imported(t, refused); got.Outcome != api.Refused {
		t.Fatalf("%+v", got)
	}
	if _, err := r.Revoke(t.Context(), consent.Revocation{Token: one}); err != nil {
		t.Fatal(err)
	}
	r.imported(t, signed(t, consenttest.Key, consent.Revocation{Subject: "p-2042"}))
	again := signed(t, consenttest.Key, consent.Revocation{Badge: 9})
	for range 2 { // a broker repeats what it keeps
		r.Receive(consent.KindRevocation, "by-mqtt", []byte(again), func() {})
	}
	eventually(t, "both were taken", func() bool { return r.Status().RevocationsReceived == 2 })
	r.worker.Await(t, "hall", "after all revocations")
	if _, err := r.RemoveIssuer(t.Context(), "front-desk"); err != nil {
		t.Fatal(err)
	}
	r.stops.Run()

	key := consenttest.Key.Public().ID()
	log, events := logAndEvents(t, r.path)
	inOrder(t, "audit log", log,
		"issuer.added local issuer/front-desk key="+key,
		"consent.imported local consent/"+one+" issuer=front-desk",
		"consent.imported local consent/"+two+" issuer=front-desk",
		"consent.imported local consent/"+three+" issuer=front-desk",
		"consent.revocation local consent/"+one+" issuer=", "consent.revoked local consent/"+one,
		"consent.revocation local subject/p-2042 issuer=front-desk", "consent.revoked local consent/"+two,
		"consent.revocation mqtt badge/9 issuer=front-desk", "consent.revoked mqtt consent/"+three,
		"issuer.removed local issuer/front-desk key="+key)
	inOrder(t, "events", events,
		"issuer-added  front-desk "+key, "consent-imported "+one+" front-desk", "consent-imported "+two+" front-desk",
		"consent-imported "+three+" front-desk", "revocation "+one, "consent-revoked "+one,
		"revocation  front-desk", "consent-revoked "+two, "revocation  front-desk", "consent-revoked "+three, "issuer-removed  front-desk "+key)
	n := 0
	for _, line := range log {
		if strings.HasPrefix(line, "consent.revocation mqtt") {
			n++
		}
		if strings.Contains(line, consenttest.ID(t, refused)) {
			t.Errorf("a refused token is in the audit log: %s", line)
		}
	}
	if n != 1 {
		t.Errorf("the repeated revocation is %d times in the audit log", n)
	}
}
