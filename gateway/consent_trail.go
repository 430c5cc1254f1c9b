package gateway

import (
	"fmt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
)

// overMQTT is the actor of what comes from the broker.
const overMQTT = "mqtt"

// changed puts on the trail what happened to consents and has the clauses
// judged anew. It comes after the workers were told: masking does not wait for
// it. Its error means that all is in force but not on the trail.
func (c *consents) changed(all []happening) error {
	if len(all) > 0 {
		c.g.engine.Poke()
	}
	return c.g.trail.writeAll(all)
}

func importing(actor string, t consent.Token) happening {
	return happening{
		store.Entry{Action: "consent.imported", Actor: actor, Subject: "consent/" + t.ID, Detail: "issuer=" + t.Issuer},
		&Event{Type: EventConsentImported, Token: t.ID, Issuer: t.Issuer},
	}
}

// withdrawals are the revocations themselves, which also concern tokens that
// are yet to come, and each stored token that counted until then.
func withdrawals(actor string, all []consent.Revocation, ids []string) (happened []happening) {
	for _, r := range all {
		e := &Event{Type: EventRevocation, Token: r.Token, Issuer: r.Issuer}
		happened = append(happened, happening{store.Entry{Action: "consent.revocation", Actor: actor, Subject: target(r), Detail: "issuer=" + r.Issuer}, e})
	}
	for _, id := range ids {
		e := &Event{Type: EventConsentRevoked, Token: id}
		happened = append(happened, happening{store.Entry{Action: "consent.revoked", Actor: actor, Subject: "consent/" + id}, e})
	}
	return happened
}

func target(r consent.Revocation) string {
	switch {
	case r.Token != "":
		return "consent/" + r.Token
	case r.Subject != "":
		return "subject/" + r.Subject
	}
	return fmt.Sprintf("badge/%d", r.Badge)
}

func issuing(actor, action string, event EventType, name, key string) happening {
	return happening{
		store.Entry{Action: action, Actor: actor, Subject: "issuer/" + name, Detail: "key=" + key},
		&Event{Type: event, Issuer: name, Key: key},
	}
}
