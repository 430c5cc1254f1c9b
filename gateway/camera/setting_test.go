package camera

import (
	"bytes"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// logged tells whether the audit log has a record of an action with such a detail.
func (s *testSet) logged(t *testing.T, action, detail string) (found bool) {
	t.Helper()
	_, err := s.cfg.Store.AuditLog(time.Time{}, time.Now().Add(time.Hour), func(l store.Link) error {
		found = found || bytes.Contains(l.Text, []byte(action)) && bytes.Contains(l.Text, []byte(detail))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// covers is what the worker has: whether what moves anywhere is blurred.
func (s *testSet) covers(id media.CameraID) string {
	for _, z := range s.has(id).Zones {
		if z.Kind == zone.Moving && len(z.Points) == 4 {
			return config.CoverMoving
		}
	}
	return config.CoverFaces
}

// keepsLogin tells whether a stored camera still has its style and password.
func (s *testSet) keepsLogin(t *testing.T, id media.CameraID) store.Camera {
	t.Helper()
	cam, err := s.cfg.Store.Camera(id)
	if err != nil || cam.Mask != "solid" || cam.Password.Reveal() != "topsecret" {
		t.Errorf("stored %+v, %v", cam, err)
	}
	return cam
}

// What is masked reaches the worker at once and after a restart, and takes nothing else
// of the camera along.
func TestCover(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "lobby", User: "admin", Password: "topsecret", Mask: "solid"})
	is := func(what, want string) {
		t.Helper()
		if got := s.camera("lobby").status().Cover; got != want || s.covers("lobby") != want {
			t.Errorf("%s: the status says %q, the worker has %q, want %q", what, got, s.covers("lobby"), want)
		}
	}
	is("a new camera", config.CoverFaces)
	if err := s.SetCover(t.Context(), "lobby", "nothing"); code(err) != api.CodeInvalid {
		t.Errorf("no cover at all: %v", err)
	}
	if err := s.SetCover(t.Context(), "lobby", config.CoverMoving); err != nil {
		t.Fatal(err)
	}
	is("changed", config.CoverMoving)
	if !s.logged(t, "camera.cover", "cover=moving") {
		t.Error("the change is not in the audit log")
	}

	s = s.restart(t)
	if cam := s.keepsLogin(t, "lobby"); cam.Cover != config.CoverMoving {
		t.Errorf("stored: %q", cam.Cover)
	}
	is("after a restart", config.CoverMoving)
	if err := s.SetCover(t.Context(), "lobby", config.CoverFaces); err != nil {
		t.Fatal(err)
	}
	is("taken back", config.CoverFaces)
	s.add(t, api.NewCamera{ID: "lobby", Cover: config.CoverMoving, Replace: true})
	is("replaced", config.CoverMoving)
	s.add(t, api.NewCamera{ID: "lobby", Password: "another", Replace: true})
	is("replaced for the sake of a password", config.CoverMoving)
	if !s.logged(t, "camera.added", "place= cover=moving") {
		t.Error("the audit log does not say what is masked")
	}
	if _, err := s.Add(t.Context(), api.NewCamera{Name: "yard", URL: nobody, Cover: "nothing"}); code(err) != api.CodeInvalid {
		t.Errorf("a camera of no cover: %v", err)
	}
}

// Which way is up reaches the worker at once and after a restart, and takes nothing else
// of the camera along.
func TestMounting(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "lobby", User: "admin", Password: "topsecret", Mask: "solid"})
	is := func(what string, want media.Mounting) {
		t.Helper()
		if got := s.camera("lobby").status().Mounting; got != want || s.has("lobby").Mounting != want {
			t.Errorf("%s: the status says %q, the worker has %q, want %q", what, got, s.has("lobby").Mounting, want)
		}
	}
	is("a new camera", media.MountingAuto)
	for _, wrong := range []media.Mounting{"", "45", "-90", "upright"} {
		if err := s.SetMounting(t.Context(), "lobby", wrong); code(err) != api.CodeInvalid {
			t.Errorf("mounting %q: %v", wrong, err)
		}
	}
	if err := s.SetMounting(t.Context(), "lobby", "270"); err != nil {
		t.Fatal(err)
	}
	is("changed", "270")
	if !s.logged(t, "camera.mounting", "mounting=270") {
		t.Error("the change is not in the audit log")
	}

	s = s.restart(t)
	if cam := s.keepsLogin(t, "lobby"); cam.Mounting != "270" {
		t.Errorf("stored: %q", cam.Mounting)
	}
	is("after a restart", "270")
	s.add(t, api.NewCamera{ID: "lobby", Password: "another", Replace: true})
	is("replaced for the sake of a password", "270")
	s.add(t, api.NewCamera{ID: "lobby", Mounting: "180", Replace: true})
	is("replaced", "180")
	if !s.logged(t, "camera.added", "mounting=180") {
		t.Error("the audit log does not say which way is up")
	}
	if err := s.SetMounting(t.Context(), "lobby", media.MountingAuto); err != nil {
		t.Fatal(err)
	}
	is("taken back", media.MountingAuto)
	if _, err := s.Add(t.Context(), api.NewCamera{Name: "yard", URL: nobody, Mounting: "45"}); code(err) != api.CodeInvalid {
		t.Errorf("a camera mounted aslant: %v", err)
	}
}

// A transient camera's settings are in force and not stored.
func TestSettingsOfATransientCamera(t *testing.T) {
	s := newSet(t)
	if err := s.AddTransient(api.NewCamera{ID: "demo", Name: "Demo", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	for what, set := range map[string]func() error{
		"cover":    func() error { return s.SetCover(t.Context(), "demo", config.CoverMoving) },
		"mounting": func() error { return s.SetMounting(t.Context(), "demo", "90") },
	} {
		if err := set(); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if s.covers("demo") != config.CoverMoving || s.has("demo").Mounting != "90" {
		t.Errorf("the worker has %+v", s.has("demo"))
	}
	if all, err := s.cfg.Store.Cameras(); err != nil || len(all) != 0 {
		t.Errorf("stored: %v, %v", all, err)
	}
}
