package gateway

import (
	"errors"
	"testing"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// mountingOf is what the worker was told.
func mountingOf(g *Gateway) media.Mounting {
	c := g.camera("lobby")
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.told.Mounting
}

// Which way is up is stored with the camera, holds at once and after a restart,
// and takes nothing else of the camera along.
func TestMounting(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "lobby", URL: nobody, User: "admin", Password: "topsecret", Mask: "solid"}); err != nil {
		t.Fatal(err)
	}
	if got := cameraStatus(t, client, "lobby").Mounting; got != media.MountingAuto || mountingOf(g) != media.MountingAuto {
		t.Errorf("a new camera is mounted %q, its worker knows %q", got, mountingOf(g))
	}
	var refused *api.Error
	for _, wrong := range []media.Mounting{"", "45", "-90", "upright"} {
		if err := client.SetMounting(t.Context(), "lobby", wrong); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
			t.Errorf("mounting %q: %v", wrong, err)
		}
	}
	if err := client.SetMounting(t.Context(), "nobody", "90"); !errors.As(err, &refused) || refused.Code != api.CodeNotFound {
		t.Errorf("no camera: %v", err)
	}
	if err := client.SetMounting(t.Context(), "lobby", "270"); err != nil {
		t.Fatal(err)
	}
	if got := cameraStatus(t, client, "lobby").Mounting; got != "270" || mountingOf(g) != "270" {
		t.Errorf("changed to %q, the worker's to %q", got, mountingOf(g))
	}
	if !onTrail(t, g, "camera.mounting", "mounting=270") {
		t.Error("the change is not on the audit trail")
	}
	g.Close()

	g, client = start(t, Options{Config: cfg})
	cam, err := g.store.Camera("lobby")
	if err != nil || cam.Mounting != "270" || cam.Mask != "solid" || cam.Password.Reveal() != "topsecret" {
		t.Errorf("stored %+v, %v", cam, err)
	}
	if mountingOf(g) != "270" {
		t.Errorf("after a restart the worker is told %q", mountingOf(g))
	}
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "lobby", Name: "lobby", URL: nobody, Password: "another", Replace: true}); err != nil || mountingOf(g) != "270" {
		t.Errorf("replaced for the sake of a password: %v, the worker's %q", err, mountingOf(g))
	}
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "lobby", Name: "lobby", URL: nobody, Mounting: "180", Replace: true}); err != nil || mountingOf(g) != "180" {
		t.Errorf("replaced: %v, the worker's %q", err, mountingOf(g))
	}
	if !onTrail(t, g, "camera.added", "mounting=180") {
		t.Error("the trail does not say which way is up")
	}
	if err := client.SetMounting(t.Context(), "lobby", media.MountingAuto); err != nil || mountingOf(g) != media.MountingAuto {
		t.Errorf("taken back: %v, the worker's %q", err, mountingOf(g))
	}
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "yard", URL: nobody, Mounting: "45"}); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
		t.Errorf("a camera mounted aslant: %v", err)
	}
}
