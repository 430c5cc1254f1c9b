package gateway

import (
	"strings"
	"testing"
)

// A thousand revocations that no trusted issuer signed are one line in the log
// for each reason, and all are counted.
func TestRefusedRevocationsAreToldOnceAMinute(t *testing.T) {
	log := &logTo{}
	g, _ := consenting(t, settings(t), log)
	for range 1000 {
		g.consents.Revocation("0123456789abcdef", []byte("unsigned"), func() {})
	}
	eventually(t, "all are refused", func() bool { return g.consents.status().RevocationsRefused >= 1000 })
	if n := strings.Count(log.String(), "revocation from the broker refused"); n != 1 {
		t.Errorf("%d lines", n)
	}
}
