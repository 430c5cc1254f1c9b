package mqtt

import (
	"strings"
	"testing"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/gateway/topics"
)

// said is what a gateway was told about consents.
type said struct {
	kind          consent.Kind
	name, payload string
}

// listener is a configuration of a gateway that hears about the front desk's consents.
func listener(m *brokertest.Mosquitto, gateway string) (Config, chan said) {
	got := make(chan said, 100)
	return Config{
		Gateway: gateway, Broker: "tcp://" + m.Addr, Issuers: func() []string { return []string{"front-desk"} },
		Consents: func(kind consent.Kind, name string, payload []byte, stored func()) {
			got <- said{kind, name, string(payload)}
			stored()
		},
	}, got
}

// What is said while a gateway is away waits for it at the broker, though the broker was not
// told to retain it; a list comes where it was retained, and a digest does not.
func TestTheBrokerKeepsWithdrawalsForWhoIsAway(t *testing.T) {
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	cfg, got := listener(m, "gw")
	p := started(t, cfg)
	sender := brokertest.Client(t, m.Addr)
	brokertest.Until(t, "subscribed", func() bool {
		say(t, sender, topics.Prefix("").Consent(consent.KindDigest, "front-desk"), "there?")
		return len(got) > 0
	})
	p.Close()
	for len(got) > 0 {
		<-got
	}
	say(t, sender, topics.Prefix("").Consent(consent.KindDigest, "front-desk"), "nobody there")
	say(t, sender, topics.Prefix("").Consent(consent.KindRevocation, "0123456789abcdef"), "single")
	say(t, sender, topics.Prefix("").Consent(consent.KindLetter, "0123456789abcdef"), strings.Repeat("l", consent.MaxSize+1))
	sender.Publish(topics.Prefix("").Consent(consent.KindList, "front-desk"), 1, true, "list").WaitTimeout(brokertest.Patience)
	say(t, sender, topics.Prefix("").Consent(consent.KindList, "back-desk"), "of another")
	started(t, cfg)
	for _, want := range []consent.Kind{consent.KindRevocation, consent.KindLetter, consent.KindList} {
		if h := <-got; h.kind != want {
			t.Errorf("%s %s came, want a %s", h.kind, h.name, want)
		}
	}
	brokertest.Until(t, "what comes next", func() bool {
		say(t, sender, topics.Prefix("").Consent(consent.KindAsk, "another"), "ask")
		return len(got) > 0
	})
	if h := <-got; h.kind != consent.KindAsk || h.name != "another" {
		t.Errorf("then came %+v", h)
	}
}

func say(t *testing.T, c paho.Client, topic, payload string) {
	t.Helper()
	if token := c.Publish(topic, 1, false, payload); !token.WaitTimeout(brokertest.Patience) || token.Error() != nil {
		t.Fatalf("publish: %v", token.Error())
	}
}

// What a gateway says reaches the others, and a list stays at the broker.
func TestGatewaysSayToEachOther(t *testing.T) {
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	one, _ := listener(m, "one")
	two, got := listener(m, "two")
	p := started(t, one)
	if alone, err := New(one, p.log); err != nil || alone.SayConsents(consent.KindDigest, "front-desk", "x") {
		t.Errorf("it says something without a connection: %v", err)
	}
	started(t, two)
	brokertest.Until(t, "the other hears it", func() bool {
		p.SayConsents(consent.KindDigest, "front-desk", "digest")
		return len(got) > 0
	})
	brokertest.Until(t, "the list is kept", func() bool {
		p.SayConsents(consent.KindList, "front-desk", "list")
		kept, err := KeptConsent(t.Context(), one, consent.KindList, "front-desk")
		return err == nil && kept == "list"
	})
	if kept, err := KeptConsent(t.Context(), one, consent.KindDigest, "front-desk"); err != nil || kept != "" {
		t.Errorf("the broker keeps the digest %q, %v", kept, err)
	}
}
