package camera

import (
	"errors"
	"reflect"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// window is a private zone in the upper left quarter.
func window(id string) zone.Zone {
	return zone.Zone{ID: id, Kind: zone.Private, Points: []zone.Point{{}, {X: 0.5}, {X: 0.5, Y: 0.5}, {Y: 0.5}}}
}

// A zone reaches the worker at once, and with the very first settings after a restart.
func TestZones(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "lobby"})
	for _, test := range []struct {
		name string
		zone zone.Zone
		want api.Code
	}{
		{"no shape", zone.Zone{ID: "x", Kind: zone.Private}, api.CodeInvalid},
		{"a purpose that is not served", zone.Zone{ID: "x", Kind: zone.Consent, Purposes: []string{"sport"}, Points: lobby().Points}, api.CodeInvalid},
		{"a private one", window("window"), ""},
		{"the same again", window("window"), api.CodeExists},
	} {
		if err := s.PutZone(t.Context(), "lobby", api.NewZone{Zone: test.zone}); code(err) != test.want {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if err := s.RemoveZone(t.Context(), "lobby", "x"); code(err) != api.CodeNotFound {
		t.Errorf("no zone: %v", err)
	}
	want := []zone.Zone{window("window")}
	got, err := s.Zones("lobby")
	if err != nil || !reflect.DeepEqual(got.Zones, want) || got.Shares[zone.Private] < 0.24 || got.Shares[zone.Private] > 0.26 {
		t.Errorf("%+v, %v", got, err)
	}
	if got := s.has("lobby").Zones; !reflect.DeepEqual(got, want) {
		t.Errorf("the worker has %v", got)
	}

	s = s.restart(t)
	if got := s.camera("lobby").cfg.settings.Zones; !reflect.DeepEqual(got, want) {
		t.Errorf("a worker's first settings after the restart: %v", got)
	}
	if err := s.RemoveZone(t.Context(), "lobby", "window"); err != nil {
		t.Fatal(err)
	}
	if got := s.ZonesOf("lobby"); len(got) != 0 || len(s.has("lobby").Zones) != 0 {
		t.Errorf("after removal: %v, the worker has %v", got, s.has("lobby").Zones)
	}
}

// Purposes of a zone may be fewer at once and more once they are stored; only those that
// are served can be said.
func TestSetPurposes(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "hall"})
	if err := s.PutZone(t.Context(), "hall", api.NewZone{Zone: lobby()}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		purposes []string
		want     api.Code
		left     []string
	}{
		{"more", []string{"care", "event"}, "", []string{"care", "event"}},
		{"not served", []string{"sport"}, api.CodeInvalid, []string{"care", "event"}},
		{"another zone", nil, api.CodeNotFound, []string{"care", "event"}},
		{"fewer", []string{"event"}, "", []string{"event"}},
		{"none", []string{}, "", []string{}},
	} {
		name := "lobby"
		if c.name == "another zone" {
			name = "yard"
		}
		if err := s.SetPurposes(t.Context(), "hall", name, c.purposes); code(err) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := s.ZonesOf("hall"); len(got) != 1 || len(got[0].Purposes) != len(c.left) || len(c.left) > 0 && !reflect.DeepEqual(got[0].Purposes, c.left) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// A zone that cannot be read may have been private: nothing is shown.
func TestDamagedZoneHidesEverything(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "lobby"})
	s.stops.Run()
	db, err := bbolt.Open(s.path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("zones")).Put([]byte("lobby/window"), []byte("{")) })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	s = openSet(t, s.path)
	if got := s.camera("lobby").cfg.settings.Zones; len(got) != 1 || zone.At(got, zone.Point{X: 0.9, Y: 0.9}) != zone.Private {
		t.Errorf("a worker's first settings: %v", got)
	}
	if got := s.hidden("lobby", zone.Point{X: 0.9, Y: 0.9}); got != zone.Private {
		t.Errorf("the worker has %q", got)
	}
	if _, err := s.Zones("lobby"); err == nil {
		t.Error("the list does not say so")
	}
}
