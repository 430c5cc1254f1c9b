package store

import (
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// A camera that was taken away is known as such, with what had been said of it, also after it
// came back, the store was opened anew or an older backup was restored. One that was not added
// after all was not taken away.
func TestS13RemovalsAreKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bauta.db")
	s := open(t, path)
	for _, id := range []media.CameraID{"lift", "hall"} {
		if err := s.PutCamera(Camera{ID: id, URL: "rtsp://10.0.0.5/1"}, false); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutFacts("lift", policy.Camera{Place: "lift", Commissioned: "2026-03-02"}); err != nil {
		t.Fatal(err)
	}
	backup := backedUp(t, s, false)
	at := time.Date(2026, 10, 10, 8, 0, 0, 0, time.UTC)
	if err := s.RemoveCamera("lift", at); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteCamera("hall"); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveCamera("roof", at); err == nil {
		t.Error("a camera that is not there was taken away")
	}
	if err := s.PutCamera(Camera{ID: "lift", URL: "rtsp://10.0.0.5/1"}, false); err != nil {
		t.Fatal(err)
	}
	want := Removal{Camera: "lift", Time: at, Place: "lift", Used: true}
	removed(t, s, want)
	if facts, err := s.Facts("lift"); err != nil || facts.Place != "" {
		t.Errorf("what was said of the camera is said of the next one: %+v, %v", facts, err)
	}
	closed(t, s)
	s = open(t, path)
	removed(t, s, want)
	closed(t, s)
	s, _ = restore(t, path, backup)
	removed(t, s, want)
}

func removed(t *testing.T, s *Store, want Removal) {
	t.Helper()
	if all, err := s.Removals(); err != nil || len(all) != 1 || all[0] != want {
		t.Errorf("%+v, %v, want %+v", all, err, want)
	}
}

// A camera that was removed by mistake comes back as it was, with its areas, facts and login, and was
// never taken away; not in the place of another one that came by its id meanwhile.
func TestRemovedCameraComesBack(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "bauta.db"))
	before := Camera{ID: "gate", Name: "Gate", URL: "rtsp://10.0.0.5/1", User: "u", Password: NewSecret("a secret"), Cover: "moving"}
	if err := s.PutCamera(before, false); err != nil {
		t.Fatal(err)
	}
	before, _ = s.Camera("gate")
	facts := policy.Camera{Place: "lobby", Model: "M 1"}
	area := zone.Zone{ID: "desk", Kind: zone.Private, Points: []zone.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}}}
	if err := errors.Join(s.PutFacts("gate", facts), s.PutZone("gate", area, false), s.PutLevel("gate", "private")); err != nil {
		t.Fatal(err)
	}
	at := time.Now()
	was, err := s.TakeCamera("gate", at)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveCamera("gate", at); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(was.camera), "a secret") {
		t.Error("the password is kept in clear")
	}
	if err := s.PutBack(was); err != nil {
		t.Fatal(err)
	}
	now, err := s.Camera("gate")
	zones, err2 := s.Zones("gate")
	said, err3 := s.Facts("gate")
	level, err4 := s.Level("gate")
	removals, err5 := s.Removals()
	if err := errors.Join(err, err2, err3, err4, err5); err != nil || !reflect.DeepEqual(now, before) || !reflect.DeepEqual(zones, []zone.Zone{area}) || !reflect.DeepEqual(said, facts) || level != "private" || len(removals) != 0 {
		t.Errorf("%+v, %+v, %+v, %q, %+v, %v", now, zones, said, level, removals, err)
	}
	if err := s.PutBack(was); !errors.Is(err, ErrExists) {
		t.Errorf("in the place of another one: %v", err)
	}
	if _, err := s.TakeCamera("nobody", at); !errors.Is(err, ErrNotFound) {
		t.Errorf("a camera that is not there: %v", err)
	}
}
