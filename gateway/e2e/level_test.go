package e2e

import (
	"sync/atomic"
	"testing"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/topics"
)

// A command over MQTT hides more, never less; it survives a restart, and only
// the local administrator takes it back.
func TestCommandsOnlyHideMore(t *testing.T) {
	cfg := settings(t)
	g, client := start(t, gateway.Options{Config: cfg})
	for _, id := range []string{"gate", "yard"} {
		if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: id, Name: id, URL: nobody}); err != nil {
			t.Fatal(err)
		}
	}
	eventually(t, "the broker", func() bool {
		s, err := client.Status(t.Context())
		return err == nil && s.Gateway.MQTT.Connected
	})
	login, err := client.AddMQTTLogin(t.Context(), api.NewMQTTLogin{Name: "home", May: topics.MayMask})
	if err != nil {
		t.Fatal(err)
	}
	c := paho.NewClient(paho.NewClientOptions().AddBroker("tcp://" + g.Broker()).SetUsername(login.Name).SetPassword(login.Password))
	if token := c.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	defer c.Disconnect(100)
	var published atomic.Value // what bauta/test/camera/gate/mask says
	published.Store("")
	if token := c.Subscribe("bauta/test/camera/gate/mask", 1, func(_ paho.Client, m paho.Message) { published.Store(string(m.Payload())) }); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	eventually(t, "nothing is hidden by a command", func() bool { return published.Load() == "none" })
	send := func(camera, level string) {
		t.Helper()
		if token := c.Publish("bauta/test/camera/"+camera+"/mask/set", 1, false, level); !token.WaitTimeout(patience) || token.Error() != nil {
			t.Fatal(token.Error())
		}
	}
	is := func(level string) {
		t.Helper()
		eventually(t, "level "+level, func() bool { return cameraStatus(t, client, "gate").MaskLevel == level })
	}
	// after waits until all that was sent before was carried out: commands are in order.
	after := func(level string) {
		t.Helper()
		send("yard", level)
		eventually(t, "the commands were carried out", func() bool { return cameraStatus(t, client, "yard").MaskLevel == level })
	}
	send("gate", "picture")
	is("picture")
	eventually(t, "that is published", func() bool { return published.Load() == "picture" })
	send("gate", "solid") // hides less: nothing happens
	after("solid")
	is("picture")
	send("gate", "private")
	is("private")
	send("gate", "picture")
	after("picture")
	is("private")
	send("gate", "normal") // there is no such command
	after("private")
	is("private")
	g.Close()

	_, client = start(t, gateway.Options{Config: cfg})
	is("private")
	if err := client.ResetLevel(t.Context(), "gate"); err != nil {
		t.Fatal(err)
	}
	is("")
	if err := client.ResetLevel(t.Context(), "nobody"); err == nil {
		t.Error("no camera's level was reset")
	}
}
