package e2e

import (
	"net/http"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// A camera that was removed is back after an undo: under its id, with its areas, facts and cover, in
// the logins that named it, as if it had never been away; the audit log has both.
func TestUndoOfACamera(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "Gate", URL: nobody, User: "u", Password: "a secret", Cover: "moving"}); err != nil {
		t.Fatal(err)
	}
	facts := policy.Camera{Place: "entrance", Model: "M 1"}
	area := zone.Zone{ID: "desk", Kind: zone.Private, Points: []zone.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}}}
	if err := client.SetFacts(t.Context(), "gate", facts); err != nil {
		t.Fatal(err)
	}
	if err := client.PutZone(t.Context(), "gate", api.NewZone{Zone: area}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.AddStreamLogin(t.Context(), api.NewStreamLogin{Name: "recorder", Cameras: []media.CameraID{"gate"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.AddDisplay(t.Context(), api.NewDisplay{Label: "Lodge", Person: "J. Li", Place: "east entrance", Cameras: []media.CameraID{"gate"}}); err != nil {
		t.Fatal(err)
	}
	var gone api.Removed
	if err := client.Call(t.Context(), http.MethodDelete, "/v1/cameras/gate", nil, &gone); err != nil || gone.Undo == nil {
		t.Fatalf("%+v, %v", gone, err)
	}
	if err := client.Undo(t.Context(), gone.Undo.ID); err != nil {
		t.Fatal(err)
	}
	now := cameraStatus(t, client, "gate")
	zones, err := client.Zones(t.Context(), "gate")
	said, err2 := client.Facts(t.Context(), "gate")
	logins, err3 := client.StreamLogins(t.Context())
	if err != nil || err2 != nil || err3 != nil || now.Name != "Gate" || now.Cover != "moving" || len(zones.Zones) != 1 || zones.Zones[0].Kind != zone.Private || said.Model != "M 1" || said.Place != "entrance" {
		t.Errorf("%+v, %+v, %+v, %v, %v, %v", now, zones, said, err, err2, err3)
	}
	if i := slices.IndexFunc(logins, func(l api.StreamLogin) bool { return l.Name == "recorder" }); i < 0 || !slices.Contains(logins[i].Cameras, "gate") {
		t.Errorf("the recorder may not watch it: %+v", logins)
	}
	if screens, err := client.Displays(t.Context()); err != nil || len(screens) != 1 || !slices.Contains(screens[0].Cameras, "gate") {
		t.Errorf("the screen does not show it: %+v, %v", screens, err)
	}
	if err := client.Undo(t.Context(), gone.Undo.ID); err == nil {
		t.Error("it comes back twice")
	}
	g.Close()
	var actions []string
	for _, e := range auditRecords(t, cfg.Store()) {
		if e.Subject == "camera/gate" {
			actions = append(actions, e.Action+" "+e.Detail)
		}
	}
	if !slices.Contains(actions, "camera.removed ") || !slices.Contains(actions, "camera.added restored=true") {
		t.Errorf("the audit log has %q", actions)
	}
}

// A withdrawn record counts no more and stays, with the reason; a correction puts it in force again.
func TestWithdrawnRecord(t *testing.T) {
	cfg := settings(t)
	_, client := start(t, gateway.Options{Config: cfg})
	put(t, client, register.KindComplaint, register.Complaint{Date: "2026-03-02", Content: "a window is seen"})
	added, err := client.Records(t.Context(), register.KindComplaint)
	if err != nil || len(added) != 1 {
		t.Fatalf("%+v, %v", added, err)
	}
	id := added[0].ID
	open := func() int {
		all, err := client.Records(t.Context(), register.KindComplaint)
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		n := 0
		for _, r := range all {
			if !r.Withdrawn {
				n++
			}
		}
		return n
	}
	withdraw := func(reason string) error {
		return client.Call(t.Context(), http.MethodPost, "/v1/records/complaint/"+id+"/withdraw", api.Withdrawal{Reason: reason}, nil)
	}
	if err := withdraw(""); err == nil {
		t.Error("without a reason")
	}
	if err := withdraw("recorded twice"); err != nil || open() != 0 {
		t.Fatalf("%v, %d count", err, open())
	}
	all, _ := client.Records(t.Context(), register.KindComplaint)
	if r := all[0]; r.Reason != "recorded twice" || r.Number != 2 || len(r.Earlier) != 1 || r.Earlier[0].Withdrawn {
		t.Errorf("%+v", r)
	}
	if err := client.Call(t.Context(), http.MethodPut, "/v1/records/complaint/"+id, api.Correction{Reason: "it was right", Record: all[0].Body}, nil); err != nil || open() != 1 {
		t.Errorf("%v, %d count", err, open())
	}
}
