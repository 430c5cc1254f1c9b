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
	g := Prefix("").Of("<gw>")
	for _, topic := range []string{
		g.Status(), g.Info(), g.Anchor(), g.Compliance(), g.Clause("<clause>"), g.Event("<type>"),
		g.Camera("<cam>", Availability), g.Camera("<cam>", Protection), g.Camera("<cam>", Metrics), g.Camera("<cam>", MaskSet),
		Prefix("").Consent(consent.KindRevocation, "<id>"), Prefix("").Consent(consent.KindList, "<issuer>"), Prefix("").Consent(consent.KindAttestation, "<issuer>"), Prefix("").Consent(consent.KindDigest, "<issuer>"), Prefix("").Consent(consent.KindAsk, "<gw>"), Assistant{}.Device("<id>"), Assistant{}.Birth(), g.Camera("<cam>", Mask), g.Camera("<cam>", Snapshot),
	} {
		if !strings.Contains(string(doc), topic) {
			t.Errorf("docs/mqtt.md does not have %s", topic)
		}
	}
	if id := DeviceID("hall", "lobby"); (Assistant{}).Device(id) != "homeassistant/device/bauta_hall_lobby/config" || !strings.HasPrefix((Assistant{}).Device(id), (Assistant{}).DevicePrefix("hall")) {
		t.Errorf("the camera's device is %s", Assistant{}.Device(id))
	}
}

// Two gateways of one name and two prefixes share nothing, client IDs included.
func TestPrefixesPart(t *testing.T) {
	ids := map[string]string{}
	for _, c := range []struct{ prefix, gateway string }{{"", "x-y"}, {"bauta-x", "y"}, {"acme", "x-y"}, {"acme/x", "y"}, {"acme-x", "y"}, {"acme/x-y", "z"}, {"acme/x", "y-z"}} {
		p, err := ParsePrefix(c.prefix)
		if err != nil {
			t.Fatal(err)
		}
		id := p.ClientID(c.gateway)
		if twin, twice := ids[id]; twice {
			t.Errorf("%s/%s has the client ID of %s: %s", c.prefix, c.gateway, twin, id)
		}
		ids[id] = c.prefix + "/" + c.gateway
	}
	acme := Prefix("acme/bauta")
	for topic, want := range map[string]string{
		acme.Of("hall").Status(): "acme/bauta/hall/status", acme.AllStatus(): "acme/bauta/+/status", acme.All(): "acme/bauta/#",
		acme.Consent(consent.KindRevocation, "0123456789abcdef"): "acme/bauta/consent/revocation/0123456789abcdef", acme.ClientID("hall"): "acme_bauta_hall", Prefix("").ClientID("hall"): "bauta-hall",
	} {
		if topic != want {
			t.Errorf("%s, want %s", topic, want)
		}
	}
	if _, _, ok := acme.ConsentOf(Prefix("").Consent(consent.KindRevocation, "0123456789abcdef")); ok {
		t.Error("a revocation of another prefix is taken for ours")
	}
	if rest, ok := acme.Below("acme/bauta/hall/status"); rest != "hall/status" || !ok {
		t.Errorf("%q, %v", rest, ok)
	}
	if _, err := ParsePrefix("acme/#"); err == nil {
		t.Error("a wildcard is taken for a prefix")
	}
}

func TestCameraOf(t *testing.T) {
	g := Prefix("").Of("hall")
	for topic, want := range map[string]media.CameraID{
		g.Camera("lobby", MaskSet):                     "lobby",
		g.Camera("lobby", Protection):                  "",
		g.Camera("", MaskSet):                          "",
		g.Camera("+", MaskSet):                         "",
		Prefix("").Of("yard").Camera("lobby", MaskSet): "",
		"camera/lobby/mask/set":                        "",
	} {
		if id, ok := g.CameraOf(topic, MaskSet); ok != (want != "") || ok && id != want {
			t.Errorf("%s: %q, %v", topic, id, ok)
		}
	}
}

func TestConsentOf(t *testing.T) {
	for topic, want := range map[string]consent.Kind{
		Prefix("").Consent(consent.KindRevocation, "0123456789abcdef"): consent.KindRevocation, Prefix("").Consent(consent.KindList, "front-desk"): consent.KindList, Prefix("").Consent(consent.KindAttestation, "front-desk"): consent.KindAttestation,
		Prefix("").Consent(consent.KindDigest, "front-desk"): consent.KindDigest, Prefix("").Consent(consent.KindAsk, "hall"): consent.KindAsk, Prefix("").Consent(consent.KindRevocation, ""): "", Prefix("").Revocations(): "", Prefix("").AllAsk(): "",
		Prefix("").Consent(consent.KindList, "a/b"): "", "bauta/hall/status": "", "bauta/consent/other/front-desk": "", "bauta/a/b/consent/ask": "", Prefix("").Consent(consent.KindAsk, "Hall"): "",
	} {
		kind, name, ok := Prefix("").ConsentOf(topic)
		if ok != (want != "") || ok && (kind != want || Prefix("").Consent(kind, name) != topic) {
			t.Errorf("%s: %q, %q, %v", topic, kind, name, ok)
		}
	}
}
