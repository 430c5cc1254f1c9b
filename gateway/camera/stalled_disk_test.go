package camera

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store/storetest"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// at is a point in every zone of these tests.
var at = zone.Point{X: 0.1, Y: 0.1}

// The worker has what hides more within a second, whether the disk answers or not, and
// one change does not wait for another. Each answer says that it is not stored; once the
// disk is back all of it is.
func TestMasksWhileTheDiskHangs(t *testing.T) {
	s := newSet(t)
	for _, id := range []string{"gate", "hall", "yard"} {
		s.add(t, api.NewCamera{ID: id})
	}
	if err := s.PutZone(t.Context(), "hall", api.NewZone{Zone: lobby()}); err != nil {
		t.Fatal(err)
	}
	release := storetest.Stall(t, s.cfg.Store)
	adding := make(chan error, 1)
	go func() { // what has to wait must not keep the others
		_, err := s.Add(t.Context(), api.NewCamera{ID: "late", Name: "late", URL: nobody})
		adding <- err
	}()
	var receipts atomic.Int64
	for _, c := range []struct {
		name     string
		ask      func() error
		hidden   func() bool
		unstored bool
	}{
		{"a private zone", func() error { return s.PutZone(t.Context(), "gate", api.NewZone{Zone: window("desk")}) },
			func() bool { return s.hidden("gate", at) == zone.Private }, true},
		{"a second one", func() error { return s.PutZone(t.Context(), "gate", api.NewZone{Zone: window("shelf")}) },
			func() bool { return len(s.has("gate").Zones) == 2 }, true},
		{"fewer purposes", func() error { return s.SetPurposes(t.Context(), "hall", "lobby", nil) },
			func() bool { return len(s.has("hall").Zones[0].Purposes) == 0 }, true},
		{"the removal of a consent zone", func() error { return s.RemoveZone(t.Context(), "hall", "lobby") },
			func() bool { return len(s.has("hall").Zones) == 0 }, true},
		{"all that moves", func() error { return s.SetCover(t.Context(), "hall", config.CoverMoving) },
			func() bool { return s.hidden("hall", at) == zone.Moving }, true},
		{"a level over MQTT", func() error { s.Ask("yard", mqtt.LevelPrivate, func() { receipts.Add(1) }); return nil },
			func() bool { return s.hidden("yard", at) == zone.Private }, false},
	} {
		began, answered := time.Now(), make(chan error, 1)
		go func() { answered <- c.ask() }()
		eventually(t, c.name, c.hidden)
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s: in force after %v", c.name, took)
		}
		if err := <-answered; errors.Is(err, api.ErrUnstored) != c.unstored || time.Since(began) > 2*time.Second {
			t.Errorf("%s: %v after %v", c.name, err, time.Since(began))
		}
	}
	if receipts.Load() != 0 || len(adding) != 0 {
		t.Error("acknowledged before it was written")
	}
	release()
	eventually(t, "all is stored", func() bool { n, _ := s.cfg.Queue.Unstored(); return n == 0 && receipts.Load() == 1 })
	if err := <-adding; err != nil {
		t.Error(err)
	}

	s = s.restart(t)
	if gate, hall := s.has("gate").Zones, s.has("hall").Zones; len(gate) != 2 || len(hall) != 1 || hall[0].Kind != zone.Moving || s.hidden("yard", at) != zone.Private {
		t.Errorf("after the restart: %+v, %+v, %q", gate, hall, s.hidden("yard", at))
	}
}

// What shows more is stored first, and waits while what hides is not stored: the
// order in which both were asked for holds.
func TestNothingIsRelaxedBeforeItIsStored(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "hall"})
	for _, z := range []zone.Zone{lobby(), window("desk")} {
		if err := s.PutZone(t.Context(), "hall", api.NewZone{Zone: z}); err != nil && !errors.Is(err, api.ErrUnstored) {
			t.Fatal(err)
		}
	}
	eventually(t, "the zone is stored", func() bool { return !s.masking.busy("hall") })
	release := storetest.Stall(t, s.cfg.Store)
	removing := make(chan error, 1)
	go func() { removing <- s.RemoveZone(t.Context(), "hall", "desk") }()
	eventually(t, "the removal waits", func() bool { return s.cfg.Queue.Waits("zone desk") })
	if err := s.PutZone(t.Context(), "hall", api.NewZone{Zone: window("shelf")}); !errors.Is(err, api.ErrUnstored) {
		t.Errorf("a second zone: %v", err)
	}
	if err := s.raise("hall", mqtt.LevelSolid, func() {}); err != nil {
		t.Errorf("the level: %v", err)
	}
	for what, ask := range map[string]func() error{
		"a zone's removal": func() error { return s.RemoveZone(t.Context(), "hall", "shelf") },
		"a consent zone":   func() error { return s.PutZone(t.Context(), "hall", api.NewZone{Zone: lobby(), Replace: true}) },
		"more purposes":    func() error { return s.SetPurposes(t.Context(), "hall", "lobby", []string{"care", "event"}) },
		"the level":        func() error { return s.ResetLevel(t.Context(), "hall") },
		"the camera":       func() error { _, err := s.Remove(t.Context(), "hall"); return err },
	} {
		if err := ask(); code(err) != api.CodeBusy {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := s.hidden("hall", at); got != zone.Private {
		t.Errorf("relaxed before it was stored: %q", got)
	}
	release()
	if err := <-removing; err != nil {
		t.Error(err)
	}
	eventually(t, "the second zone is stored", func() bool {
		z, err := s.cfg.Store.Zones("hall")
		return err == nil && len(z) == 2
	})
	if got := s.hidden("hall", at); got != zone.Private {
		t.Errorf("after the removal of one of two: %q", got)
	}
}

// A camera that turns out to be in a prohibited place is let go at once, whether the disk
// answers or not, and stays so.
func TestProhibitedPlaceDoesNotWaitForTheDisk(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "room", Place: "lobby", Purpose: "fire-safety"})
	release := storetest.Stall(t, s.cfg.Store)
	began := time.Now()
	if err := s.SetFacts(t.Context(), "room", policy.Camera{Place: policy.MedicalRoom}); code(err) != api.CodeProhibited || time.Since(began) > 2*time.Second {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	if c := s.camera("room"); c.connected.Err() == nil || c.now() != media.Blocked || c.status().Source.Reason != string(reasonBlocked) {
		t.Errorf("it is connected to: %+v", c.status())
	}
	release()
	eventually(t, "it is stored", func() bool { n, _ := s.cfg.Queue.Unstored(); return n == 0 && !s.cfg.Queue.Waits("facts") })
	s = s.restart(t)
	if c := s.camera("room"); c.source != nil || c.now() != media.Blocked {
		t.Error("it is connected to after a restart")
	}
}

// A setting and a place that are asked for while a camera takes another's place hold for
// the new one, too.
func TestSettingsCrossAReplacement(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "yard"})
	s.add(t, api.NewCamera{ID: "room"})
	s.keeping.Lock() // as long as the replacement takes
	asked := make(chan error, 2)
	go func() { asked <- s.SetCover(t.Context(), "yard", config.CoverMoving) }()
	go func() { asked <- s.SetFacts(t.Context(), "room", policy.Camera{Place: policy.MedicalRoom}) }()
	for range 2 {
		if err := <-asked; !errors.Is(err, api.ErrUnstored) && code(err) != api.CodeProhibited {
			t.Errorf("answered %v", err)
		}
	}
	for _, id := range []media.CameraID{"yard", "room"} {
		rec, err := s.cfg.Store.Camera(id)
		if err != nil {
			t.Fatal(err)
		}
		s.drop(id, s.camera(id))
		if _, err := s.launch(rec, true); err != nil {
			t.Fatal(err)
		}
	}
	s.keeping.Unlock()
	eventually(t, "both hold", func() bool { return s.hidden("yard", at) == zone.Moving && s.camera("room").now() == media.Blocked })
	if c := s.camera("room"); c.connected.Err() == nil {
		t.Error("the camera in a prohibited place is connected to")
	}
	s = s.restart(t)
	if s.hidden("yard", at) != zone.Moving || s.camera("room").now() != media.Blocked {
		t.Error("not after a restart")
	}
}

// What waits for the disk when the gateway ends is written then, if the disk takes it.
func TestWhatWaitsIsStoredAtTheEnd(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "gate"})
	release := storetest.Stall(t, s.cfg.Store)
	if err := s.SetCover(t.Context(), "gate", config.CoverMoving); !errors.Is(err, api.ErrUnstored) {
		t.Errorf("a cover: %v", err)
	}
	if err := s.PutZone(t.Context(), "gate", api.NewZone{Zone: window("desk")}); !errors.Is(err, api.ErrUnstored) {
		t.Errorf("a zone: %v", err)
	}
	s.Stop() // which does not wait for the disk
	release()
	s = s.restart(t)
	if zones := s.has("gate").Zones; len(zones) != 2 {
		t.Errorf("after the restart: %+v", zones)
	}
}
