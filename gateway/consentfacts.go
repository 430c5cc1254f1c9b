package gateway

import "github.com/bauta-gateway/bauta/config/policy"

// consentFacts counts over the consents: without any there are none to count.
func (g *Gateway) consentFacts() policy.ConsentFacts { return policy.ConsentFacts{} }
