package evaluation

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// What needs cameras and consents is tested with the whole daemon: gateway/e2e.

func TestWatchOf(t *testing.T) {
	for p, want := range map[media.Protection]compliance.Watch{
		media.Protected: compliance.Protected, media.OverMasked: compliance.Protected, media.Blocked: compliance.Gap,
		media.UnknownProtection: compliance.Starting, media.Offline: compliance.Offline, "": compliance.Off,
	} {
		if got := watchOf(p); got != want {
			t.Errorf("%q counts as %v, want %v", p, got, want)
		}
	}
}

// MQTT carries the clauses in force that can be evaluated.
func TestReportOverMQTT(t *testing.T) {
	since := time.Unix(1000, 0)
	r := compliance.Report{State: policy.Fail, Reasons: []string{"m3"}, Since: since, Seq: 7, Pack: "cn-2025", Clauses: []compliance.Clause{
		{ID: "m3", Status: policy.Fail, Since: since, Verified: true, Due: "2026-10-19"}, {ID: "m1", Status: policy.Info}, {ID: "s799-14", Status: policy.NotApplicable},
	}, Overlays: []compliance.Overlay{{Clauses: []compliance.Clause{{ID: "d3", Status: policy.Fail}}}}}
	if got := standing(r); got.State != "fail" || got.Seq != 7 || got.PolicyPack != "cn-2025" || got.Since.Location() != time.UTC {
		t.Errorf("%+v", got)
	}
	got := clauseStates(r)
	if one, has := got["m3"]; len(got) != 1 || !has || one.Status != "fail" || !one.Verified || !one.Since.Equal(since) || one.Due != "2026-10-19" {
		t.Errorf("%+v", got)
	}
}

// C25: over MQTT too, nothing sent is null.
func TestC25NothingSent(t *testing.T) {
	if got := shareOverMQTT(t, nil); got != "null" {
		t.Errorf("protected_share: %s", got)
	}
}

// C25b: four digits, rounded down.
func TestC25bRoundsDown(t *testing.T) {
	for want, share := range map[string]float64{"0.9999": 86399.0 / 86400, "0.1234": 0.123456, "0.57": 0.57, "1": 1, "0": 0} {
		if got := shareOverMQTT(t, &share); got != want {
			t.Errorf("%v: protected_share %s, want %s", share, got, want)
		}
	}
}

func shareOverMQTT(t *testing.T, share *float64) string {
	t.Helper()
	b, err := json.Marshal(standing(compliance.Report{ProtectedShare: share}))
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	return string(all["protected_share"])
}
