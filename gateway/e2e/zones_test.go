package e2e

import (
	"errors"
	"reflect"
	"testing"

	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// A zone counts from its answer on, also after a restart, until it is removed. What the
// camera's worker has of it, package camera tests.
func TestZonesAreStored(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "lobby", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	window := window("window")
	code := func(err error) api.Code {
		var refused *api.Error
		if errors.As(err, &refused) {
			return refused.Code
		}
		return ""
	}
	for name, test := range map[string]struct {
		err  error
		want api.Code
	}{
		"no camera":  {client.PutZone(t.Context(), "nobody", api.NewZone{Zone: window}), api.CodeNotFound},
		"no shape":   {client.PutZone(t.Context(), "lobby", api.NewZone{Zone: zone.Zone{ID: "x", Kind: zone.Private}}), api.CodeInvalid},
		"no zone":    {client.RemoveZone(t.Context(), "lobby", "x"), api.CodeNotFound},
		"no picture": {func() error { _, err := client.Snapshot(t.Context(), "nobody"); return err }(), api.CodeNotFound},
	} {
		if code(test.err) != test.want {
			t.Errorf("%s: %v", name, test.err)
		}
	}
	if err := client.PutZone(t.Context(), "lobby", api.NewZone{Zone: window}); err != nil {
		t.Fatal(err)
	}
	if err := client.PutZone(t.Context(), "lobby", api.NewZone{Zone: window}); code(err) != api.CodeExists {
		t.Errorf("twice: %v", err)
	}
	got, err := client.Zones(t.Context(), "lobby")
	if err != nil || !reflect.DeepEqual(got.Zones, []zone.Zone{window}) || got.Shares[zone.Private] < 0.24 || got.Shares[zone.Private] > 0.26 {
		t.Errorf("%+v, %v", got, err)
	}
	g.Close()

	_, client = start(t, gateway.Options{Config: cfg})
	if got, err := client.Zones(t.Context(), "lobby"); err != nil || !reflect.DeepEqual(got.Zones, []zone.Zone{window}) {
		t.Errorf("after the restart: %v, %v", got, err)
	}
	if err := client.RemoveZone(t.Context(), "lobby", "window"); err != nil {
		t.Fatal(err)
	}
	if got, err := client.Zones(t.Context(), "lobby"); err != nil || len(got.Zones) != 0 {
		t.Errorf("after removal: %v, %v", got, err)
	}
}
