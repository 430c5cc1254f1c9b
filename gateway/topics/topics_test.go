package topics

import (
	"os"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Readers of other makers rely on these words: docs/mqtt.md promises each.
func TestTopicsAreThoseOfTheDocumentation(t *testing.T) {
	doc, err := os.ReadFile("../../docs/mqtt.md")
	if err != nil {
		t.Fatal(err)
	}
	g := Of("<gw>")
	for _, topic := range []string{
		g.Status(), g.Info(), g.Anchor(), g.Compliance(), g.Clause("<clause>"), g.Event("<type>"),
		g.Camera("<cam>", Availability), g.Camera("<cam>", Protection), g.Camera("<cam>", Metrics), g.Camera("<cam>", MaskSet),
		Revocation("<id>"), Assistant{}.Device("<id>"), Assistant{}.Birth(), g.Camera("<cam>", Mask), g.Camera("<cam>", Snapshot),
	} {
		if !strings.Contains(string(doc), topic) {
			t.Errorf("docs/mqtt.md does not have %s", topic)
		}
	}
	if id := DeviceID("hall", "lobby"); (Assistant{}).Device(id) != "homeassistant/device/bauta_hall_lobby/config" || !strings.HasPrefix((Assistant{}).Device(id), (Assistant{}).DevicePrefix("hall")) {
		t.Errorf("the camera's device is %s", Assistant{}.Device(id))
	}
}

func TestCameraOf(t *testing.T) {
	g := Of("hall")
	for topic, want := range map[string]media.CameraID{
		g.Camera("lobby", MaskSet):          "lobby",
		g.Camera("lobby", Protection):       "",
		g.Camera("", MaskSet):               "",
		g.Camera("+", MaskSet):              "",
		Of("yard").Camera("lobby", MaskSet): "",
		"camera/lobby/mask/set":             "",
	} {
		if id, ok := g.CameraOf(topic, MaskSet); ok != (want != "") || ok && id != want {
			t.Errorf("%s: %q, %v", topic, id, ok)
		}
	}
}

func TestRevocationID(t *testing.T) {
	for topic, want := range map[string]bool{
		Revocation("0123456789abcdef"): true, Revocation(""): false, Revocations: false, Revocation("a/b"): false, "bauta/hall/status": false,
	} {
		if id, ok := RevocationID(topic); ok != want || ok && Revocation(id) != topic {
			t.Errorf("%s: %q, %v", topic, id, ok)
		}
	}
}
