package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
)

// Revocations by a broker that other gateways share: signed ones count on all of
// them, also on one that comes later or learns of the issuer later.
func TestRevocationsOverMQTT(t *testing.T) {
	t.Parallel() // it waits most of its time
	cfg, log := settings(t), &logTo{}
	cfg.MQTT.Broker = mosquitto(t)
	d := consenting(t, cfg, log)
	publish := func(id, raw string) {
		t.Helper()
		if err := mqtt.PublishConsent(t.Context(), mqtt.Config{Broker: cfg.MQTT.Broker}, consent.KindRevocation, id, raw); err != nil {
			t.Fatal(err)
		}
	}
	first := accepted(t, d.client, consenttest.Token(t, nil))
	second := accepted(t, d.client, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 8, "p-2042" }))
	d.worker.Await(t, "hall", "after the import, once the broker was read", first, second)
	// What no trusted issuer signed is refused, counted and reported.
	publish(first, "unsigned")
	publish(second, revocation(t, consent.NewKey(), consent.Revocation{Token: second}))
	publish(consent.NewID(), consenttest.Token(t, nil))
	eventually(t, "three are refused", func() bool { return d.refused(t) >= 3 })
	d.shows(t, "after what is no revocation", first, second)
	if !strings.Contains(log.String(), "unknown_issuer") {
		t.Errorf("log %s", log)
	}
	began := time.Now()
	publish(first, revocation(t, consenttest.Key, consent.Revocation{Token: first}))
	d.worker.Await(t, "hall", "the first is masked", second)
	t.Logf("masked %v after it was published", time.Since(began))
	publish(consent.NewID(), revocation(t, consenttest.Key, consent.Revocation{Badge: 8}))
	d.worker.Await(t, "hall", "the badge is masked")
	// Nothing that a broker sends shows anybody again.
	publish(first, "")
	before := d.refused(t)
	publish(first, "unsigned")
	eventually(t, "the next one came", func() bool { return d.refused(t) > before })
	d.shows(t, "after the broker forgot the revocation")
	publish(first, revocation(t, consenttest.Key, consent.Revocation{Token: first}))

	// Another gateway, which does not know the issuer yet.
	late := settings(t)
	late.Gateway.Name, late.MQTT.Broker = "late", cfg.MQTT.Broker
	_, client := start(t, gateway.Options{Config: late, Log: log.logger()})
	other := &desk{client: client}
	eventually(t, "what the broker kept is refused", func() bool { return other.refused(t) >= 3 })
	trust(t, client)
	eventually(t, "it is asked for again and counts", func() bool {
		c := consenttest.Peek(t, consenttest.Token(t, func(c *consent.Token) { c.Badge = 8 }))
		revoked, err := client.Revoked(t.Context(), c)
		return err == nil && revoked
	})
}

// The embedded broker takes revocations from programs on this host, and still
// nothing else.
func TestRevocationByTheEmbeddedBroker(t *testing.T) {
	d := consenting(t, settings(t), &logTo{})
	id := accepted(t, d.client, consenttest.Token(t, nil))
	d.worker.Await(t, "hall", "after the import", id)
	eventually(t, "connected", func() bool { return brokerConnected(d.g) })
	eventually(t, "masked", func() bool {
		// Again and again: the gateway's own subscription may be on its way.
		err := mqtt.PublishConsent(t.Context(), mqtt.Config{Broker: "tcp://" + d.g.Broker()}, consent.KindRevocation, id, revocation(t, consenttest.Key, consent.Revocation{Token: id}))
		return err == nil && len(d.worker.Shown(t, "hall")) == 0
	})
}

// A revocation that waits at the broker when the gateway starts, before all its
// parts are up, is in the audit log as well.
func TestRevocationAtTheStart(t *testing.T) {
	cfg := settings(t)
	cfg.MQTT.Broker = mosquitto(t)
	d := consenting(t, cfg, &logTo{})
	id := accepted(t, d.client, consenttest.Token(t, nil))
	d.g.Close()
	raw := revocation(t, consenttest.Key, consent.Revocation{Token: id})
	if err := mqtt.PublishConsent(t.Context(), mqtt.Config{Broker: cfg.MQTT.Broker}, consent.KindRevocation, id, raw); err != nil {
		t.Fatal(err)
	}
	d.open(t)
	eventually(t, "it is revoked", func() bool {
		c, err := d.client.Consent(t.Context(), id)
		return err == nil && c.State == api.ConsentRevoked
	})
	d.g.Close()
	inOrder(t, "audit log", auditLog(t, cfg.Store()), "gateway.stopped gateway", "consent.revocation mqtt consent/"+id+" issuer=front-desk", "consent.revoked mqtt consent/"+id)
}

// A gateway that comes to a broker which has lost everything learns from another one what was
// withdrawn, and shows the person no more.
func TestListsFromGatewayToGateway(t *testing.T) {
	t.Parallel() // it waits most of its time
	cfg := settings(t)
	cfg.MQTT.Broker = mosquitto(t)
	knows := consenting(t, cfg, &logTo{})
	later := settings(t)
	later.Gateway.Name = "later"
	late := consenting(t, later, &logTo{}) // at its own broker as yet
	raw := consenttest.Token(t, nil)
	id := accepted(t, knows.client, raw)
	accepted(t, late.client, raw)
	late.worker.Await(t, "hall", "after the import", id)
	late.g.Close()

	at := mqtt.Config{Broker: cfg.MQTT.Broker}
	list, err := consent.SignList(consent.SignedList{List: consent.List{Issuer: "front-desk"}}.With(time.Now(), consent.Revocation{Token: id}), consenttest.Key)
	if err != nil {
		t.Fatal(err)
	}
	publish := func(payload string) {
		t.Helper()
		if err := mqtt.PublishConsent(t.Context(), at, consent.KindList, "front-desk", payload); err != nil {
			t.Fatal(err)
		}
	}
	publish(list)
	knows.worker.Await(t, "hall", "masked by the list")
	publish("") // the broker has forgotten it
	if kept, err := mqtt.KeptConsent(t.Context(), at, consent.KindList, "front-desk"); err != nil || kept != "" {
		t.Fatalf("the broker keeps %q, %v", kept, err)
	}
	late.o.Config.MQTT.Broker = cfg.MQTT.Broker
	began := time.Now()
	late.open(t)
	eventually(t, "it is revoked there", func() bool {
		c, err := late.client.Consent(t.Context(), id)
		return err == nil && c.State == api.ConsentRevoked
	})
	t.Logf("revoked %v after the start", time.Since(began).Round(time.Millisecond))
	if kept, err := mqtt.KeptConsent(t.Context(), at, consent.KindList, "front-desk"); err != nil || kept != list {
		t.Errorf("the broker keeps %d bytes, %v", len(kept), err)
	}
}
