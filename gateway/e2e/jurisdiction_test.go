package e2e

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

func packsOf(r compliance.Report) (ids []string) {
	for _, p := range r.Packs {
		ids = append(ids, p.ID)
	}
	return ids
}

// A draft that is configured adds to the law of where the site lies, free text is refused,
// and a running gateway follows another place at once.
func TestC21JurisdictionChoosesThePacks(t *testing.T) {
	cfg := settings(t)
	cfg.Policy.Pack = "cn-shenzhen-draft"
	g, client := start(t, gateway.Options{Config: cfg})
	expectPacks := func(jurisdiction string, want ...string) {
		t.Helper()
		if err := client.SetSite(t.Context(), policy.Site{Mode: policy.DetectOnly, Jurisdiction: jurisdiction}); err != nil {
			t.Fatal(err)
		}
		r, err := client.Compliance(t.Context())
		if err != nil || !slices.Equal(packsOf(r), want) || r.Pack != want[0] {
			t.Errorf("%q: %v with %s first, want %v (%v)", jurisdiction, packsOf(r), r.Pack, want, err)
		}
	}
	expectPacks("", "cn-2025", "cn-shenzhen-draft")
	expectPacks("CN-440305", "cn-2025", "cn-2023-draft", "cn-shenzhen-draft")
	expectPacks("DE", "eu-gdpr")
	_, err := client.AddCamera(t.Context(), api.NewCamera{ID: "wc", Name: "wc", URL: nobody, Place: policy.PublicToilet})
	if msg := prohibited(t, err); strings.Contains(msg, "799") || !strings.Contains(msg, "own policy") {
		t.Errorf("in Germany: %s", msg)
	}
	expectPacks("CN-310115", "cn-2025", "cn-2023-draft", "cn-shenzhen-draft")

	var refused *api.Error
	for _, code := range []string{"banana", " ", "CN-99", "Mars"} {
		err := client.SetSite(t.Context(), policy.Site{Jurisdiction: code})
		if !errors.As(err, &refused) || refused.Code != api.CodeInvalid || !strings.Contains(refused.Message, "(") {
			t.Errorf("%q: %v", code, err)
		}
	}
	g.Close()
	for _, r := range auditRecords(t, cfg.Store()) {
		if strings.HasPrefix(r.Subject, "clause/d") && r.Subject != "clause/device-test" || strings.HasPrefix(r.Subject, "clause/sz-") {
			t.Errorf("a draft's clause is in the audit log: %+v", r)
		}
	}
}
