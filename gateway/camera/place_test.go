package camera

import (
	"errors"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// What is said of a camera is kept, also when it is replaced; in a prohibited place it is
// connected to no more, whatever is asked for, until it is removed.
func TestFacts(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "room", Place: "lobby", Purpose: "fire-safety"})
	s.add(t, api.NewCamera{ID: "room", Replace: true, Password: "another"})
	if facts, err := s.Facts("room"); err != nil || facts.Place != "lobby" || facts.Purpose != "fire-safety" {
		t.Errorf("after it was replaced: %+v, %v", facts, err)
	}
	if _, blocked := s.FactsOf("room"); blocked || s.camera("room").source == nil {
		t.Error("an ordinary place is not connected to")
	}
	if err := s.SetFacts(t.Context(), "room", policy.Camera{Place: "nowhere"}); code(err) != api.CodeInvalid {
		t.Errorf("a place that is not there: %v", err)
	}
	if err := s.SetFacts(t.Context(), "room", policy.Camera{Place: policy.MedicalRoom}); code(err) != api.CodeProhibited {
		t.Errorf("a prohibited place: %v", err)
	}
	for round := range 2 {
		if _, blocked := s.FactsOf("room"); !blocked || s.camera("room").source != nil && s.camera("room").connected.Err() == nil || s.camera("room").now() != media.Blocked {
			t.Errorf("round %d: it is connected to", round)
		}
		for name, ask := range map[string]func() error{
			"other facts": func() error { return s.SetFacts(t.Context(), "room", policy.Camera{Place: "lobby"}) },
			"a test":      func() error { _, err := s.TestStored(t.Context(), "room"); return err },
			"another camera in its place": func() error {
				_, err := s.Add(t.Context(), api.NewCamera{ID: "room", Name: "room", URL: nobody, Place: "lobby", Replace: true})
				return err
			},
		} {
			if err := ask(); code(err) != api.CodeProhibited {
				t.Errorf("round %d, %s: %v", round, name, err)
			}
		}
		s = s.restart(t)
	}
	if err := s.Remove(t.Context(), "room"); err != nil {
		t.Fatal(err)
	}
	s.add(t, api.NewCamera{ID: "room", Place: "lobby"})
}

// Facts that cannot be read may have been those of a prohibited place.
func TestUnreadableFactsBlock(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "room", Place: "lobby"})
	s.stops.Run()
	db, err := bbolt.Open(s.path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { return tx.Bucket([]byte("facts")).Put([]byte("room"), []byte("{")) })
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	s = openSet(t, s.path)
	if c := s.camera("room"); c.source != nil || c.now() != media.Blocked {
		t.Error("it is connected to")
	}
}

// A place in which no camera may be is refused before anything is connected to.
func TestProhibitedPlaceIsNotTried(t *testing.T) {
	s := newSet(t)
	if _, err := s.Test(t.Context(), api.NewCamera{Name: "x", URL: nobody, Place: policy.ChangingRoom}); code(err) != api.CodeProhibited {
		t.Errorf("%v", err)
	}
	if _, err := s.Test(t.Context(), api.NewCamera{Name: "x", URL: nobody, Place: "lobby"}); code(err) != api.CodeProbe {
		t.Errorf("an ordinary place: %v", err)
	}
}

// A camera that cannot start in another one's place leaves that one as it was.
func TestReplacementThatDoesNotStart(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "gate", Mask: "solid"})
	s.cfg.Streams.Close() // no stream can be published any more
	if _, err := s.Add(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody, Mask: "mosaic", Replace: true}); err == nil {
		t.Fatal("it started")
	}
	if kept, err := s.cfg.Store.Camera("gate"); err != nil || kept.Mask != "solid" {
		t.Errorf("stored is %+v, %v", kept, err)
	}
}
