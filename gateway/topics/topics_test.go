package topics

import (
	"os"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/consent"
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
		Consent(consent.KindRevocation, "<id>"), Consent(consent.KindList, "<issuer>"), Consent(consent.KindAttestation, "<issuer>"), Consent(consent.KindDigest, "<issuer>"), Consent(consent.KindAsk, "<gw>"), Device("<id>"), Birth,
	} {
		if !strings.Contains(string(doc), topic) {
			t.Errorf("docs/mqtt.md does not have %s", topic)
		}
	}
	if id := DeviceID("hall", "lobby"); Device(id) != "homeassistant/device/bauta_hall_lobby/config" || !strings.HasPrefix(Device(id), DevicePrefix("hall")) {
		t.Errorf("the camera's device is %s", Device(id))
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

func TestConsentOf(t *testing.T) {
	for topic, want := range map[string]consent.Kind{
		Consent(consent.KindRevocation, "0123456789abcdef"): consent.KindRevocation, Consent(consent.KindList, "front-desk"): consent.KindList, Consent(consent.KindAttestation, "front-desk"): consent.KindAttestation,
		Consent(consent.KindDigest, "front-desk"): consent.KindDigest, Consent(consent.KindAsk, "hall"): consent.KindAsk, Consent(consent.KindRevocation, ""): "", Revocations: "", AllAsk: "",
		Consent(consent.KindList, "a/b"): "", "bauta/hall/status": "", "bauta/consent/other/front-desk": "", "bauta/a/b/consent/ask": "", Consent(consent.KindAsk, "Hall"): "",
	} {
		kind, name, ok := ConsentOf(topic)
		if ok != (want != "") || ok && (kind != want || Consent(kind, name) != topic) {
			t.Errorf("%s: %q, %q, %v", topic, kind, name, ok)
		}
	}
}
