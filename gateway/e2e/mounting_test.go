package e2e

import (
	"errors"
	"testing"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Which way is up is stored with the camera, and said of it, also after a restart. What
// its worker has of it, package camera tests.
func TestMountingIsStored(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "lobby", URL: nobody, User: "admin", Password: "topsecret", Mask: "solid"}); err != nil {
		t.Fatal(err)
	}
	is := func(what string, want media.Mounting) {
		t.Helper()
		if got := cameraStatus(t, client, "lobby").Mounting; got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	is("a new camera", media.MountingAuto)
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
	is("changed", "270")
	g.Close()
	assertLogged(t, cfg, "camera.mounting", "mounting=270")
	if cam := storedCamera(t, cfg, "lobby"); cam.Mounting != "270" || cam.Mask != "solid" || cam.Password.Reveal() != "topsecret" {
		t.Errorf("stored %+v", cam)
	}

	g, client = start(t, gateway.Options{Config: cfg})
	is("after a restart", "270")
	for _, c := range []struct {
		what string
		n    api.NewCamera
		want media.Mounting
	}{{"replaced for the sake of a password", api.NewCamera{Password: "another"}, "270"}, {"replaced", api.NewCamera{Mounting: "180"}, "180"}} {
		c.n.ID, c.n.Name, c.n.URL, c.n.Replace = "lobby", "lobby", nobody, true
		if _, err := client.AddCamera(t.Context(), c.n); err != nil {
			t.Fatal(err)
		}
		is(c.what, c.want)
	}
	if err := client.SetMounting(t.Context(), "lobby", media.MountingAuto); err != nil {
		t.Fatal(err)
	}
	is("taken back", media.MountingAuto)
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "yard", URL: nobody, Mounting: "45"}); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
		t.Errorf("a camera mounted aslant: %v", err)
	}
	g.Close()
	assertLogged(t, cfg, "camera.added", "mounting=180")
}
