package store

import (
	"errors"
	"fmt"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
)

func square(name string, kind zone.Kind) zone.Zone {
	return zone.Zone{ID: name, Kind: kind, Points: []zone.Point{{}, {X: 0.5}, {X: 0.5, Y: 0.5}, {Y: 0.5}}}
}

func TestZonesSurviveAndGoWithTheirCamera(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, full("lobby"))
	put(t, s, full("lobby-2"))
	for _, z := range []zone.Zone{square("window", zone.Private), square("desk", zone.Consent)} {
		if err := s.PutZone("lobby", z, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutZone("lobby-2", square("door", zone.Masked), false); err != nil {
		t.Fatal(err)
	}
	if err := s.PutZone("lobby", square("desk", zone.Masked), false); !errors.Is(err, ErrExists) {
		t.Errorf("twice: %v", err)
	}
	if err := s.PutZone("lobby", square("desk", zone.Masked), true); err != nil {
		t.Errorf("replace: %v", err)
	}
	if err := s.PutZone("lobby", zone.Zone{ID: "x", Kind: zone.Private}, false); !errors.Is(err, ErrInvalid) || !errors.Is(err, drawing.ErrInvalid) {
		t.Errorf("no points: %v", err)
	}
	closed(t, s)

	s = open(t, path)
	if got, err := s.Zones("lobby"); err != nil || fmt.Sprint(got) != fmt.Sprint([]zone.Zone{square("desk", "masked"), square("window", "private")}) {
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
	for i := range drawing.MaxZones {
		if err := s.PutZone("a", square(fmt.Sprintf("z%d", i), zone.Masked), false); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutZone("a", square("more", zone.Masked), false); !errors.Is(err, ErrInvalid) {
		t.Errorf("one more: %v", err)
	}
	if err := s.PutZone("a", square("z0", zone.Private), true); err != nil {
		t.Errorf("replace at the limit: %v", err)
	}
}

// A damaged zone is reported: what cannot be read may have been private.
func TestDamagedZone(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if err := s.PutZone("a", square("good", zone.Masked), false); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	edit(t, path, func(tx *bbolt.Tx) error { return tx.Bucket(zonesBucket).Put([]byte("a/bad"), []byte("{")) })
	got, err := open(t, path).Zones("a")
	if !errors.Is(err, ErrUnreadable) || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
}
