package e2e

import (
	"testing"

	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/redact"
)

// The gateway on this host is asked, running or stopped; a host without one has
// no revocations.
func TestAskRevoked(t *testing.T) {
	t.Parallel() // it waits most of its time
	cfg := settings(t)
	ask := func() (bool, error) {
		return redact.AskRevoked(t.Context(), api.NewClient(cfg.Socket(), text.EN), cfg.Store())(consenttest.Peek(t, consenttest.Token(t, nil)))
	}
	if revoked, err := ask(); revoked || err != nil {
		t.Errorf("without a gateway: %v, %v", revoked, err)
	}
	g, client := start(t, gateway.Options{Config: cfg})
	if revoked, err := ask(); revoked || err != nil {
		t.Errorf("before: %v, %v", revoked, err)
	}
	if _, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Subject: "p-2041"}); err != nil {
		t.Fatal(err)
	}
	if revoked, err := ask(); !revoked || err != nil {
		t.Errorf("running: %v, %v", revoked, err)
	}
	g.Close()
	if revoked, err := ask(); !revoked || err != nil {
		t.Errorf("stopped: %v, %v", revoked, err)
	}
	s, err := store.Open(cfg.Store(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if revoked, err := ask(); revoked || err == nil { // neither the daemon nor its store answers
		t.Errorf("locked: %v, %v", revoked, err)
	}
}
