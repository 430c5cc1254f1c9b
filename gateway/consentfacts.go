package gateway

import (
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

// consentFacts counts over the consents: without any there are none to count.
func (g *Gateway) consentFacts() policy.ConsentFacts { return policy.ConsentFacts{} }

// consentRegister lists the consents by pseudonym, for the evidence.
func (g *Gateway) consentRegister() []compliance.Consent { return nil }
