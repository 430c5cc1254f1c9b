package gateway

import (
	"testing"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
)

// A command over MQTT hides more, never less; it survives a restart, and only
// the local administrator takes it back.
func TestCommandsOnlyHideMore(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, Options{Config: cfg})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the broker", func() bool { return g.mqtt.State().Connected })
	login, err := client.AddMQTTLogin(t.Context(), api.NewMQTTLogin{Name: "home", May: mqtt.MayMask})
	if err != nil {
		t.Fatal(err)
	}
	c := paho.NewClient(paho.NewClientOptions().AddBroker("tcp://" + g.Broker()).SetUsername(login.Name).SetPassword(login.Password))
	if token := c.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	defer c.Disconnect(100)
	send := func(level string) {
		t.Helper()
		if token := c.Publish("bauta/test/camera/gate/mask/set", 1, false, level); !token.WaitTimeout(patience) || token.Error() != nil {
			t.Fatal(token.Error())
		}
	}
	is := func(level string) {
		t.Helper()
		eventually(t, "level "+level, func() bool { return cameraStatus(t, client, "gate").MaskLevel == level })
	}
	send("picture")
	is("picture")
	send("solid") // hides less: nothing happens
	send("private")
	is("private")
	send("picture")
	refusedBefore := g.mqtt.State().CommandsRefused
	send("normal")
	eventually(t, "the last command was read", func() bool { return g.mqtt.State().CommandsRefused > refusedBefore })
	is("private")
	g.Close()

	g, client = start(t, Options{Config: cfg})
	is("private")
	s := g.raised("gate", wire.Settings{Mask: "blur"})
	if zone.At(s.Zones, zone.Point{X: 0.5, Y: 0.5}) != zone.Private {
		t.Errorf("settings after the restart: %+v", s)
	}
	if err := client.ResetLevel(t.Context(), "gate"); err != nil {
		t.Fatal(err)
	}
	is("")
	if err := client.ResetLevel(t.Context(), "nobody"); err == nil {
		t.Error("no camera's level was reset")
	}
}

func TestRaised(t *testing.T) {
	g, client := start(t, Options{Config: settings(t)})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		level mqtt.Level
		mask  string
		here  zone.Kind
	}{{mqtt.LevelSolid, "solid", ""}, {mqtt.LevelPicture, "blur", zone.Masked}, {mqtt.LevelPrivate, "blur", zone.Private}} {
		if err := g.raise("gate", c.level, func() {}); err != nil {
			t.Fatal(err)
		}
		s := g.raised("gate", wire.Settings{Mask: "blur"})
		if got := zone.At(s.Zones, zone.Point{X: 0.3, Y: 0.7}); s.Mask != c.mask || got != c.here {
			t.Errorf("%s: mask %s, zone %q", c.level, s.Mask, got)
		}
	}
	// A level that this version does not know hides everything.
	if err := g.store.PutLevel("gate", "total"); err != nil {
		t.Fatal(err)
	}
	g.hiding.load("gate")
	if s := g.raised("gate", wire.Settings{}); zone.At(s.Zones, zone.Point{}) != zone.Private {
		t.Errorf("an unknown level: %+v", s)
	}
	if err := g.raise("gate", mqtt.LevelSolid, func() {}); err != nil {
		t.Error(err)
	}
	if s := g.raised("gate", wire.Settings{}); zone.At(s.Zones, zone.Point{}) != zone.Private {
		t.Errorf("a command lowered an unknown level: %+v", s)
	}
}
