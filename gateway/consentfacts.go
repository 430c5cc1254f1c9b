package gateway

import (
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

// expiringDays is from when on a consent's end is told.
const expiringDays = 30

// consentFacts counts over the consents that count or may later. Tokens
// without an age, and those of minors without a guardian, are refused when they
// come, so there are none to count.
func (g *Gateway) consentFacts() policy.ConsentFacts {
	g.consents.mu.Lock()
	defer g.consents.mu.Unlock()
	people := map[string]bool{}
	var f policy.ConsentFacts
	soon := time.Now().AddDate(0, 0, expiringDays)
	for _, one := range g.consents.live {
		people[one.Issuer+"/"+one.Subject] = true
		if one.Expires.Before(soon) {
			f.Expiring++
		}
	}
	f.People = len(people)
	return f
}

// consentRegister lists the consents by pseudonym, for the evidence.
func (g *Gateway) consentRegister() (all []compliance.Consent, err error) {
	now := time.Now()
	err = g.store.EachConsent("", func(c store.Consent) bool {
		state := "valid"
		switch {
		case !c.Revoked.IsZero():
			state = "revoked"
		case !now.Before(c.Expires):
			state = "expired"
		}
		all = append(all, compliance.Consent{Token: c.ID, Subject: c.Subject, Issuer: c.Issuer, Purpose: c.Purpose, Basis: string(c.Basis),
			Statement: c.Statement, Zones: c.Zones, NotBefore: c.NotBefore, Expires: c.Expires, State: state})
		return true
	})
	return all, err
}
