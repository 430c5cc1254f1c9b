package store

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
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
