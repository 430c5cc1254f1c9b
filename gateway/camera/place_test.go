package camera

import (
	"errors"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/text"
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
	if _, err := s.Remove(t.Context(), "room"); err != nil {
		t.Fatal(err)
	}
	s.add(t, api.NewCamera{ID: "room", Place: "lobby"})
}

// A camera in a prohibited place is not asked for its streams either, by whichever name it is meant.
func TestProhibitedPlaceIsNotAskedForStreams(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "room", Name: "Changing 7"})
	_ = s.SetFacts(t.Context(), "room", policy.Camera{Place: policy.ChangingRoom})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := make(chan struct{})
	go func() {
		defer close(asked)
		if c, err := l.Accept(); err == nil {
			c.Close()
			asked <- struct{}{}
		}
	}()
	for _, id := range []string{"room", ""} {
		if _, err := s.Add(t.Context(), api.NewCamera{ID: id, Name: "Changing 7", URL: l.Addr().String(), Replace: true}); code(err) != api.CodeProhibited {
			t.Errorf("by the id %q: %v", id, err)
		}
	}
	l.Close()
	if _, was := <-asked; was {
		t.Error("its host was asked")
	}
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

// ending is a closing with all that a prohibited place asks for.
func ending() policy.Closing {
	yes := true
	return policy.Closing{Cause: "the room was rebuilt", Measure: "dismantled", File: strings.Repeat("ab", 32), FootageDeleted: &yes, Police: "P-7"}
}

// prohibition is the law's clause on places in which no camera may be.
func prohibition(t *testing.T) policy.Clause {
	t.Helper()
	for _, c := range policy.Load("cn-2025").Clauses {
		if c.ID == "s799-8-1" {
			return c
		}
	}
	t.Fatal("there is no such clause")
	return policy.Clause{}
}

// place is how the clause on prohibited places stands by the cameras and the violations.
func (s *testSet) place(t *testing.T) (policy.Status, string) {
	t.Helper()
	f := policy.Facts{Now: time.Now()}
	var err error
	if f.Violations, err = s.violations.All(); err != nil {
		t.Fatal(err)
	}
	for _, c := range s.AllFacts() {
		f.Cameras = append(f.Cameras, policy.CameraFacts{ID: c.ID, Camera: c.Said})
	}
	found := prohibition(t).Run(&f)
	return found.Status, found.Evidence.In(text.EN)
}

// A camera that is gone from the gateway may hang in the toilet still: only the closing
// with its proof ends the violation, and not before the camera is removed.
func TestC17RemovalProvesNothing(t *testing.T) {
	s := newSet(t)
	if _, err := s.Add(t.Context(), api.NewCamera{ID: "wc", Name: "wc", URL: nobody, Place: policy.PublicToilet}); code(err) != api.CodeProhibited {
		t.Fatal(err)
	}
	s.add(t, api.NewCamera{ID: "room", Place: "lobby"})
	if err := s.SetFacts(t.Context(), "room", policy.Camera{Place: policy.MedicalRoom}); code(err) != api.CodeProhibited {
		t.Fatal(err)
	}
	stored := func() []policy.Violation { all, _ := s.cfg.Store.Violations(); return all }
	eventually(t, "both are on record", func() bool { return len(stored()) == 2 })
	since := stored()[0].Since
	id := stored()[0].ID
	if err := s.violations.Close(t.Context(), id, ending()); code(err) != api.CodeProhibited {
		t.Errorf("closed while the camera is there: %v", err)
	}
	s = s.restart(t)
	eventually(t, "it is seen again", func() bool { all := stored(); return len(all) == 2 && all[0].Last.After(since) })
	for _, one := range []media.CameraID{"wc", "room"} {
		if _, err := s.Remove(t.Context(), one); err != nil {
			t.Fatal(err)
		}
	}
	if got, why := s.place(t); got != policy.Fail || !strings.Contains(why, "camera wc (public toilet)") || !strings.Contains(why, "camera room") {
		t.Errorf("removed: %s, %s", got, why)
	}
	s = s.restart(t)
	s.add(t, api.NewCamera{ID: "wc", Place: "lobby"}) // another one of that name
	if got, why := s.place(t); got != policy.Fail || !strings.Contains(why, since.Format(time.DateTime)) {
		t.Errorf("after a restart: %s, %s", got, why)
	}
	for name, spoil := range map[string]func(*policy.Closing){
		"no cause": func(c *policy.Closing) { c.Cause = "" }, "no measure": func(c *policy.Closing) { c.Measure = "" }, "no proof": func(c *policy.Closing) { c.File = "" },
		"no police report": func(c *policy.Closing) { c.Police = "" }, "no word on the footage": func(c *policy.Closing) { c.FootageDeleted = nil },
	} {
		closing := ending()
		spoil(&closing)
		if err := s.violations.Close(t.Context(), id, closing); code(err) != api.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, v := range stored() {
		if err := s.violations.Close(t.Context(), v.ID, ending()); err != nil {
			t.Fatal(err)
		}
	}
	if got, why := s.place(t); got != policy.Pass {
		t.Errorf("closed: %s, %s", got, why)
	}
	if err := s.violations.Close(t.Context(), id, ending()); code(err) != api.CodeExists {
		t.Errorf("closed twice: %v", err)
	}
}

// Whoever replaces a camera without a word on its place, its first day of use and the
// rest means the same ones.
func TestC20bReplacingResetsNothing(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "gate", Place: "entrance", Purpose: register.PublicSafety})
	said := policy.Camera{Place: "entrance", Purpose: register.PublicSafety, Necessity: "no guard", Model: "M", Commissioned: "2026-08-20"}
	if err := s.SetFacts(t.Context(), "gate", said); err != nil {
		t.Fatal(err)
	}
	s.add(t, api.NewCamera{ID: "gate", Replace: true, Purpose: "traffic"})
	said.Purpose = "traffic"
	for _, when := range []string{"replaced", "after a restart"} {
		if got := s.AllFacts()[0]; !reflect.DeepEqual(got.Said, said) {
			t.Errorf("%s: %+v, want %+v", when, got.Said, said)
		}
		s = s.restart(t)
	}
}

// A stored camera that does not run keeps its place too: it is not replaced by one that
// is said to be elsewhere.
func TestPlaceOfACameraThatDoesNotRun(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "room", Place: "lobby"})
	if err := s.SetFacts(t.Context(), "room", policy.Camera{Place: policy.MedicalRoom}); code(err) != api.CodeProhibited {
		t.Fatal(err)
	}
	s.drop("room", s.camera("room"))
	if _, err := s.Add(t.Context(), api.NewCamera{ID: "room", Name: "room", URL: nobody, Place: "lobby", Replace: true}); code(err) != api.CodeProhibited {
		t.Errorf("%v", err)
	}
}
