package consents

import (
	"fmt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/audit"
)

func importing(actor string, t consent.Token) audit.Record {
	return audit.Record{Action: audit.ConsentImported, Actor: actor, Subject: "consent/" + t.ID, Detail: "issuer=" + t.Issuer, Event: &audit.Event{Type: audit.EventConsentImported, Token: t.ID, Issuer: t.Issuer}}
}

// withdrawals are the revocations themselves, which also concern tokens that
// are yet to come, and each stored token that counted until then.
func withdrawals(actor string, all []consent.Revocation, ids []string) (happened []audit.Record) {
	for _, r := range all {
		e := &audit.Event{Type: audit.EventRevocation, Token: r.Token, Issuer: r.Issuer}
		happened = append(happened, audit.Record{Action: audit.ConsentRevocation, Actor: actor, Subject: target(r), Detail: "issuer=" + r.Issuer, Event: e})
	}
	for _, id := range ids {
		e := &audit.Event{Type: audit.EventConsentRevoked, Token: id}
		happened = append(happened, audit.Record{Action: audit.ConsentRevoked, Actor: actor, Subject: "consent/" + id, Event: e})
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

func issuing(actor string, action audit.Action, event audit.EventType, name, key string) audit.Record {
	return audit.Record{Action: action, Actor: actor, Subject: "issuer/" + name, Detail: "key=" + key, Event: &audit.Event{Type: event, Issuer: name, Key: key}}
}
