package e2e

import (
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// C22, S9: a class that was said without the kind is kept over a restart and frees from
// nothing; the kind decides the class, and another class is refused with a hint.
func TestC22TheKindDecidesTheClass(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody, Place: "entrance"}); err != nil {
		t.Fatal(err)
	}
	old := policy.Site{Class: policy.NonPublic, Mode: policy.DetectOnly, Jurisdiction: "CN-440305"} // "compound", by words of before
	if err := client.SetSite(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	g.Close()
	_, client = start(t, gateway.Options{Config: cfg})
	if got, err := client.Site(t.Context()); err != nil || !reflect.DeepEqual(got, old) {
		t.Errorf("after the restart: %+v, %v", got, err)
	}
	for _, id := range []string{"s799-7", "s9", "s799-13", "s799-14", "p26"} {
		stands(t, client, id, "unknown")
	}
	compound := old
	compound.Kind = policy.ResidentialCompound
	refusedAs(t, "a compound that is not public", client.SetSite(t.Context(), compound), "leave the class out")
	if got, err := client.Site(t.Context()); err != nil || got.Kind != "" {
		t.Errorf("what was refused is stored: %+v, %v", got, err)
	}
	compound.Class = ""
	if err := client.SetSite(t.Context(), compound); err != nil {
		t.Fatal(err)
	}
	if got, err := client.Site(t.Context()); err != nil || got.Class != policy.Art9 {
		t.Errorf("the class of a compound: %+v, %v", got, err)
	}
	for id, want := range map[string]string{"s799-7": "not_applicable", "s9": "fail", "s799-13": "fail", "s799-14": "not_applicable", "s799-33": "not_applicable"} {
		stands(t, client, id, want)
	}
	var kinds []api.SiteKind
	if err := client.Call(t.Context(), http.MethodGet, "/v1/site-kinds", nil, &kinds); err != nil {
		t.Fatal(err)
	}
	for _, k := range kinds {
		if k.ID == string(policy.ResidentialCompound) && (k.Class != policy.Art9 || !k.Secondary || k.Name.ZH == "") {
			t.Errorf("%+v", k)
		}
	}
	if len(kinds) != len(policy.SiteKinds()) {
		t.Errorf("%d kinds", len(kinds))
	}
}

// S2: a hotel's corridor is not known to be in order until an area is drawn and a walk showed
// no room. The walk counts for the device that was there, also after a correction.
func TestS02CorridorOfAHotel(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "corridor-3", Name: "corridor", URL: nobody, Place: policy.Corridor}); err != nil {
		t.Fatal(err)
	}
	if err := client.SetSite(t.Context(), policy.Site{Kind: policy.Hotel, Jurisdiction: "CN-500103"}); err != nil {
		t.Fatal(err)
	}
	stands(t, client, "s799-8-1", "unknown")
	today, corridor := civil.Of(time.Now()), []media.CameraID{"corridor-3"}
	walk := register.Walk{Date: today, Cameras: corridor, Photo: digest, PrivateRoom: new(bool)}
	added, err := client.PutRecord(t.Context(), register.KindWalk, walk)
	if err != nil {
		t.Fatal(err)
	}
	stands(t, client, "s799-8-1", "unknown")
	area := zone.Zone{ID: "area", Kind: zone.Capture, Points: []zone.Point{{}, {X: 1}, {X: 1, Y: 1}}}
	if err := client.PutZone(t.Context(), "corridor-3", api.NewZone{Zone: area}); err != nil {
		t.Fatal(err)
	}
	stands(t, client, "s799-8-1", "pass/declared")
	if err := client.SetFacts(t.Context(), "corridor-3", policy.Camera{Place: policy.Corridor, Model: "another"}); err != nil {
		t.Fatal(err)
	}
	stands(t, client, "s799-8-1", "unknown")
	if _, err := client.CorrectRecord(t.Context(), register.KindWalk, added.ID, walk, "the photo was another"); err != nil {
		t.Fatal(err)
	}
	stands(t, client, "s799-8-1", "unknown")
	walk.MadeFor = []string{policy.DeviceLine("corridor-3", policy.Camera{Model: "another"})}
	_, err = client.CorrectRecord(t.Context(), register.KindWalk, added.ID, walk, "bind it anew")
	refusedAs(t, "a device from outside", err, "made_for")
	walk.MadeFor = nil
	if _, err := client.PutRecord(t.Context(), register.KindWalk, walk); err != nil {
		t.Fatal(err)
	}
	stands(t, client, "s799-8-1", "pass/declared")
	walk.PrivateRoom = nil
	_, err = client.PutRecord(t.Context(), register.KindWalk, walk)
	refusedAs(t, "no answer", err, "private_room")
	seen := true
	walk.PrivateRoom = &seen
	if _, err := client.PutRecord(t.Context(), register.KindWalk, walk); err != nil {
		t.Fatal(err)
	}
	stands(t, client, "s799-8-1", "fail")
	g.Close()
	_, client = start(t, gateway.Options{Config: cfg})
	stands(t, client, "s799-8-1", "fail")
}
