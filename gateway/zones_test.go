package gateway

import (
	"errors"
	"reflect"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
)

func TestZones(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "lobby", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	window := zone.Zone{ID: "window", Kind: zone.Private, Points: []zone.Point{{}, {X: 0.5}, {X: 0.5, Y: 0.5}, {Y: 0.5}}}
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

	// A worker's very first greeting has them.
	g, client = start(t, Options{Config: cfg})
	if got := g.camera("lobby").cfg.settings.Zones; !reflect.DeepEqual(got, []zone.Zone{window}) {
		t.Errorf("after the restart: %v", got)
	}
	if err := client.RemoveZone(t.Context(), "lobby", "window"); err != nil {
		t.Fatal(err)
	}
	if got := g.zonesOf("lobby"); len(got) != 0 {
		t.Errorf("after removal: %v", got)
	}
}

// A zone that cannot be read may have been private: nothing is shown.
func TestDamagedZoneHidesEverything(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "lobby", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	g.Close()
	db, err := bbolt.Open(cfg.Store(), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("zones")).Put([]byte("lobby/window"), []byte("{")) })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	g, _ = start(t, Options{Config: cfg})
	if got := g.camera("lobby").cfg.settings.Zones; len(got) != 1 || zone.At(got, zone.Point{X: 0.9, Y: 0.9}) != zone.Private {
		t.Errorf("zones: %v", got)
	}
}
