package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// The whole way of a large import: client, local API, signatures, store, memory.
func TestLargeImport(t *testing.T) {
	_, client := start(t, gateway.Options{Config: settings(t)})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "hall", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	trust(t, client)
	setZones(t, client, "hall", lobby())
	const total = manyConsents
	raws := make([]string, total)
	for i := range raws {
		raws[i] = consenttest.Token(t, func(c *consent.Token) {
			turn := time.Duration(i / consent.MaxBadge)
			c.Badge, c.Subject = 1+i%consent.MaxBadge, fmt.Sprintf("p-%d", i%consent.MaxBadge)
			c.NotBefore = c.NotBefore.Add(turn * 24 * time.Hour)
			c.Expires = c.NotBefore.Add(24 * time.Hour)
		})
	}
	began := time.Now()
	n := 0
	err := client.ImportConsents(t.Context(), raws, func(i api.Import) {
		if i.Outcome == api.Accepted {
			n++
		}
	})
	took := time.Since(began)
	if err != nil || n != total {
		t.Fatalf("%d accepted, %v", n, err)
	}
	began = time.Now()
	all, err := client.Consents(t.Context(), api.ConsentFilter{})
	if err != nil || len(all) != total {
		t.Fatalf("%d listed, %v", len(all), err)
	}
	t.Logf("%d consents imported over the local API in %v, listed in %v", total, took, time.Since(began))
}
