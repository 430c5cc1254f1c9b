package mqtt

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// A Home Assistant with another prefix, birth topic and birth payload gets all, and one with the
// usual ones nothing.
func TestAnotherDiscoveryPrefix(t *testing.T) {
	t.Parallel()
	for name, addr := range map[string]string{"a broker": brokertest.NewMosquitto(t, "allow_anonymous true").Addr, "the embedded one": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := Config{Discovery: true, DiscoveryPrefix: "ha/north", BirthTopic: "ha/born", BirthPayload: "up"}
			if addr != "" {
				cfg.Broker = "tcp://" + addr
			}
			p := started(t, cfg)
			connected(t, p)
			p.SetInfo(Info{Version: "1"})
			p.SetCamera(cam, true, media.Protected)
			ha := watchAll(t, firstOf(addr, p.Addr()), "ha/north/#")
			const topic = "ha/north/device/bauta_gw_lobby/config"
			brokertest.Until(t, "discovery", func() bool { _, ok := ha.last(topic); return ok })
			before := len(ha.messages())
			ha.client.Publish("ha/born", 0, false, "online") // the usual word is not this one's
			ha.client.Publish("ha/born", 0, false, "up")
			brokertest.Until(t, "discovery again after the birth", func() bool {
				return slices.ContainsFunc(ha.messages()[before:], func(m received) bool { return m.topic == topic })
			})
			if addr == "" {
				return // the embedded broker lets nobody read other topics
			}
			all := watchAll(t, addr, "#")
			all.wait(t, "bauta/gw/camera/lobby/protection", "protected")
			for _, m := range all.messages() {
				if strings.HasPrefix(m.topic, topics.HomeAssistant) {
					t.Errorf("%s", m.topic)
				}
			}
		})
	}
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func TestTopicsForHomeAssistantAreChecked(t *testing.T) {
	for _, cfg := range []Config{{DiscoveryPrefix: "ha/#"}, {DiscoveryPrefix: "bauta"}, {BirthTopic: "ha/+/status"}, {BirthTopic: "bauta/gw/status"}, {BirthTopic: "ha//x"}, {Prefix: "acme/bauta", DiscoveryPrefix: "acme/bauta"}, {Prefix: "acme/bauta", BirthTopic: "acme/bauta/hall/status"}} {
		cfg.Gateway = "gw"
		if _, err := cfg.check(); err == nil || !strings.Contains(err.Error(), "mqtt.discovery_prefix") {
			t.Errorf("%+v: %v", cfg, err)
		}
	}
}

// Of a camera that goes, Home Assistant reads that it is gone before its states are emptied.
func TestDiscoveryIsClearedFirst(t *testing.T) {
	t.Parallel()
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	p := started(t, Config{Broker: "tcp://" + m.Addr, Discovery: true})
	connected(t, p)
	p.SetCamera(cam, true, media.Protected)
	p.SetCamera("back", true, media.Protected)
	ha := watchAll(t, m.Addr, "homeassistant/#")
	ha.wait(t, "bauta/gw/camera/lobby/mask", "none")
	ha.wait(t, "bauta/gw/camera/back/protection", "protected")
	began := time.Now()
	p.RemoveCamera(cam)
	p.RemoveCamera("back")
	p.SetCamera("back", true, media.Blocked) // at once: it has nothing to wait for
	ha.wait(t, "bauta/gw/camera/back/protection", "blocked")
	for _, leaf := range []string{"availability", "protection", "mask"} {
		ha.wait(t, "bauta/gw/camera/lobby/"+leaf, "")
	}
	if took := time.Since(began); took < settle {
		t.Errorf("the states were emptied %v after the discovery", took)
	}
	var cleared []string
	for _, m := range ha.messages() {
		if m.payload == "" && strings.Contains(m.topic, "lobby") {
			cleared = append(cleared, m.topic)
		}
	}
	if len(cleared) != 4 || cleared[0] != "homeassistant/device/bauta_gw_lobby/config" {
		t.Errorf("cleared in the order %q", cleared)
	}
}

// A gateway that stops meanwhile leaves nothing behind.
func TestNothingStaysOfARemovedCamera(t *testing.T) {
	t.Parallel()
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	p := started(t, Config{Broker: "tcp://" + m.Addr, Discovery: true})
	connected(t, p)
	p.SetCamera(cam, true, media.Protected)
	watchAll(t, m.Addr, "homeassistant/#").wait(t, "bauta/gw/camera/lobby/protection", "protected")
	p.RemoveCamera(cam)
	p.Close()
	late := watchAll(t, m.Addr, "homeassistant/#")
	late.wait(t, "bauta/gw/status", "offline")
	for _, m := range late.messages() {
		if strings.Contains(m.topic, "lobby") {
			t.Errorf("%s is still there", m.topic)
		}
	}
}

// What a command hides stands in a topic of its own.
func TestMaskLevelIsPublished(t *testing.T) {
	t.Parallel()
	p := started(t, Config{Discovery: true})
	connected(t, p)
	p.SetLevel(cam, LevelSolid) // before the camera is known
	w := watch(t, p.Addr())
	p.SetCamera(cam, true, media.Protected)
	w.wait(t, "bauta/gw/camera/lobby/mask", "solid")
	p.SetLevel(cam, LevelPrivate)
	w.wait(t, "bauta/gw/camera/lobby/mask", "private")
	p.SetLevel(cam, "")
	w.wait(t, "bauta/gw/camera/lobby/mask", "none")
}

// Promise 6: unless the settings ask for it, no picture leaves by MQTT, and Home Assistant is told
// of none.
func TestNoImageLeavesUnasked(t *testing.T) {
	t.Parallel()
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	p := started(t, Config{Broker: "tcp://" + m.Addr, Discovery: true})
	connected(t, p)
	p.SetCamera(cam, true, media.Protected)
	w := watchAll(t, m.Addr, "#")
	w.wait(t, "bauta/gw/camera/lobby/protection", "protected")
	still := media.VouchStill([]byte("\xff\xd8\xff picture"), false)
	p.Snapshot(cam, still)
	p.SetCamera(cam, true, media.OverMasked)
	w.wait(t, "bauta/gw/camera/lobby/protection", "over_masked")
	p.Metrics(cam, Metrics{})
	brokertest.Until(t, "what was sent after it", func() bool { _, ok := w.last("bauta/gw/camera/lobby/metrics"); return ok })
	for _, m := range w.messages() {
		if strings.Contains(m.topic, topics.Snapshot) || strings.Contains(m.payload, "\xff\xd8") || strings.Contains(m.payload, "image_topic") {
			t.Errorf("%s: %q", m.topic, m.payload)
		}
	}
	config, _ := w.last("homeassistant/device/bauta_gw_lobby/config")
	if !strings.Contains(config, `"snapshot":{"platform":"image"}`) {
		t.Errorf("an entity of an earlier setting stays: %s", config)
	}
}

// Where they are asked for, pictures go out once, whole, and no broker keeps them.
func TestSnapshots(t *testing.T) {
	t.Parallel()
	jpeg := append([]byte("\xff\xd8\xff"), bytes.Repeat([]byte{7}, 200<<10)...)
	for name, addr := range map[string]string{"a broker": brokertest.NewMosquitto(t, "allow_anonymous true").Addr, "the embedded one": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := Config{Discovery: true, Snapshots: true}
			login := []string{"reader", "sesame"}
			if addr != "" {
				cfg.Broker, login = "tcp://"+addr, nil
			}
			p := started(t, cfg)
			connected(t, p)
			p.SetCamera(cam, true, media.Protected)
			at := firstOf(addr, p.Addr())
			w := watch(t, at, login...)
			const topic = "bauta/gw/camera/lobby/snapshot"
			brokertest.Until(t, "a picture", func() bool {
				p.Snapshot(cam, media.VouchStill(jpeg, false))
				got, _ := w.last(topic)
				return got == string(jpeg)
			})
			before := p.State().SnapshotsDropped
			p.Snapshot("gone", media.VouchStill(jpeg, false))
			p.Snapshot(cam, media.VouchStill(make([]byte, MaxSnapshot+1), false))
			p.Snapshot(cam, media.Still{})
			if n := p.State().SnapshotsDropped - before; n != 3 {
				t.Errorf("%d dropped, want 3", n)
			}
			late := watch(t, at, login...)
			late.wait(t, "bauta/gw/camera/lobby/protection", "protected")
			if _, kept := late.last(topic); kept {
				t.Error("the broker keeps a picture")
			}
			config := watchAll(t, at, "homeassistant/#")
			brokertest.Until(t, "the entity", func() bool {
				got, _ := config.last("homeassistant/device/bauta_gw_lobby/config")
				return strings.Contains(got, `"image_topic":"`+topic+`"`)
			})
			got, _ := config.last("homeassistant/device/bauta_gw_lobby/config")
			valid(t, schema(t, "home-assistant"), got)
		})
	}
}

// At the embedded broker pictures are for those who have logged in, by whichever filter, and
// nobody else publishes one.
func TestSnapshotsNeedALogin(t *testing.T) {
	t.Parallel()
	for name, prefix := range map[string]string{"usual": "bauta", "a tenant's": "acme/bauta"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			snapshotsNeedALogin(t, prefix)
		})
	}
}

func snapshotsNeedALogin(t *testing.T, prefix string) {
	t.Helper()
	p := started(t, Config{Snapshots: true, Prefix: prefix})
	connected(t, p)
	p.SetCamera(cam, true, media.Protected)
	anybody, reader := watchAll(t, p.Addr(), prefix+"/#"), watchAll(t, p.Addr(), prefix+"/#", "reader", "sesame")
	topic := prefix + "/gw/camera/lobby/snapshot"
	brokertest.Until(t, "a picture", func() bool {
		p.Snapshot(cam, media.VouchStill([]byte("\xff\xd8"), false))
		_, ok := reader.last(topic)
		return ok
	})
	p.SetCamera(cam, true, media.Blocked)
	anybody.wait(t, prefix+"/gw/camera/lobby/protection", "blocked")
	if got, ok := anybody.last(topic); ok {
		t.Errorf("without a login: %q", got)
	}
	if err := pub(t, p.Addr(), "-u", "hider", "-P", "sesame", "-q", "1", "-t", topic, "-m", "forged"); err == nil {
		t.Error("a client publishes a picture")
	}
	if got, _ := reader.last(topic); got != "\xff\xd8" {
		t.Errorf("a forged picture was passed on: %q", got)
	}
}
