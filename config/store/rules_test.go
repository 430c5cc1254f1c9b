package store

import (
	"errors"
	"fmt"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
)

func square(name string, kind wire.ZoneKind) wire.Zone {
	return wire.Zone{ID: name, Kind: kind, Points: []wire.Point{{}, {X: 0.5}, {X: 0.5, Y: 0.5}, {Y: 0.5}}}
}

func TestZonesSurviveAndGoWithTheirCamera(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, full("lobby"))
	put(t, s, full("lobby-2"))
	for _, z := range []wire.Zone{square("window", wire.ZonePrivate), square("desk", wire.ZoneConsent)} {
		if err := s.PutZone("lobby", z, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutZone("lobby-2", square("door", wire.ZoneMasked), false); err != nil {
		t.Fatal(err)
	}
	if err := s.PutZone("lobby", square("desk", wire.ZoneMasked), false); !errors.Is(err, ErrExists) {
		t.Errorf("twice: %v", err)
	}
	if err := s.PutZone("lobby", square("desk", wire.ZoneMasked), true); err != nil {
		t.Errorf("replace: %v", err)
	}
	if err := s.PutZone("lobby", wire.Zone{ID: "x", Kind: wire.ZonePrivate}, false); !errors.Is(err, ErrInvalid) || !errors.Is(err, zone.ErrInvalid) {
		t.Errorf("no points: %v", err)
	}
	closed(t, s)

	s = open(t, path)
	if got, err := s.Zones("lobby"); err != nil || fmt.Sprint(got) != fmt.Sprint([]wire.Zone{square("desk", "masked"), square("window", "private")}) {
		t.Errorf("after reopening: %v, %v", got, err)
	}
	if err := s.DeleteZone("lobby", "desk"); err != nil {
		t.Error(err)
	}
	if err := s.DeleteZone("lobby", "desk"); !errors.Is(err, ErrNotFound) {
		t.Errorf("deleted twice: %v", err)
	}
	if err := s.DeleteCamera("lobby"); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Zones("lobby"); err != nil || len(got) != 0 {
		t.Errorf("zones of a removed camera: %v, %v", got, err)
	}
	if got, _ := s.Zones("lobby-2"); len(got) != 1 {
		t.Errorf("zones of another camera: %v", got)
	}
}

func TestZoneLimit(t *testing.T) {
	s := open(t, newPath(t))
	for i := range zone.MaxZones {
		if err := s.PutZone("a", square(fmt.Sprintf("z%d", i), wire.ZoneMasked), false); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutZone("a", square("more", wire.ZoneMasked), false); !errors.Is(err, ErrInvalid) {
		t.Errorf("one more: %v", err)
	}
	if err := s.PutZone("a", square("z0", wire.ZonePrivate), true); err != nil {
		t.Errorf("replace at the limit: %v", err)
	}
}

// A damaged zone is told: what cannot be read may have been private.
func TestDamagedZone(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if err := s.PutZone("a", square("good", wire.ZoneMasked), false); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	edit(t, path, func(tx *bbolt.Tx) error { return tx.Bucket(zonesBucket).Put([]byte("a/bad"), []byte("{")) })
	got, err := open(t, path).Zones("a")
	if !errors.Is(err, ErrUnreadable) || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
}
