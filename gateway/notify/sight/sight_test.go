package sight

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/hardware"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Each state that somebody may be told of is a trouble of its kind, and what nobody knows is held.
func TestOf(t *testing.T) {
	now := time.Date(2026, 11, 30, 20, 0, 0, 0, time.UTC) // the first of December at the site
	due := func(d civil.Date, s policy.Status) compliance.Clause {
		return compliance.Clause{ID: "c" + string(d), Status: s, Due: d}
	}
	v := View{
		Now: now, Zone: time.FixedZone("CST", 8*3600), DeadlineNear: 7 * 24 * time.Hour, CertificateNear: 14 * 24 * time.Hour,
		Cameras: []api.CameraStatus{{ID: "a", Name: "门厅", Protection: media.Offline}, {ID: "b", Protection: media.Blocked}, {ID: "c", Protection: media.OverMasked},
			{ID: "d", Protection: media.Protected}, {ID: "e", Protection: media.UnknownProtection}},
		Report: compliance.Report{Clauses: []compliance.Clause{{ID: "m1", Status: policy.Fail}, {ID: "m2", Status: policy.Pass}, {ID: "m3", Status: policy.Unknown},
			due("2026-12-08", policy.Warn), due("2026-12-09", policy.Warn), due("2026-12-02", policy.Pass), due("2026-11-01", policy.Warn)}},
		Complaints:  []register.Complaint{{Date: "2026-11-20", Content: "secret"}, {Date: "2026-11-21", Closed: "2026-11-22"}},
		Disk:        &api.DiskStatus{Disk: hardware.Disk{Total: 60e9, Free: 1e9}, Room: hardware.RoomLow},
		Certificate: now.Add(13 * 24 * time.Hour),
		Gateways:    []Gateway{{ID: "g1", Offline: true, Blocked: true}, {ID: "g2", Name: "北门", Blocked: true, Failing: true}, {ID: "g3"}},
	}
	got := Of(v)
	var keys []string
	for _, one := range got.Troubles {
		keys = append(keys, string(one.Kind)+" "+one.ID)
		if strings.Contains(one.Name.EN+one.More.EN+one.More.ZH, "secret") {
			t.Errorf("%+v", one)
		}
	}
	slices.Sort(keys)
	want := []string{"camera_offline a", "certificate_ends ", "clause_fails m1", "complaint_open 2026-11-20", "deadline_near c2026-11-01", "deadline_near c2026-12-08", "disk_low ",
		"gateway_clause g2", "gateway_offline g1", "gateway_withheld g2", "masking_withheld b", "over_masked c"}
	if !slices.Equal(keys, want) {
		t.Errorf("got %q\nwant %q", keys, want)
	}
	for _, h := range []struct {
		kind api.TroubleKind
		id   string
		want bool
	}{{api.CameraOffline, "e", true}, {api.CameraOffline, "d", false}, {api.CameraOffline, "gone", false}, {api.ClauseFails, "m3", true}, {api.ClauseFails, "m2", false}, {api.GatewayOffline, "g1", true}, {api.DiskLow, "", false}} {
		if got.Held(h.kind, h.id) != h.want {
			t.Errorf("%s %s: %v", h.kind, h.id, !h.want)
		}
	}
	if held := Of(View{Zone: time.UTC}).Held; !held(api.ClauseFails, "m1") || !held(api.DiskLow, "") {
		t.Error("nothing was read yet, and it is said to be in order")
	}
}
