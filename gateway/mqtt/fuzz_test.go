package mqtt

import (
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// incoming is a message from a broker.
type incoming struct {
	topic    string
	payload  []byte
	retained bool
}

func (m incoming) Retained() bool  { return m.retained }
func (m incoming) Topic() string   { return m.topic }
func (m incoming) Payload() []byte { return m.payload }
func (incoming) Ack()              {}

// Whatever a broker sends: commands only ever name a camera and a level of
// hiding, revocations an id and no more than a token's size, and what a gateway
// takes back never seems good.
func FuzzIncoming(f *testing.F) {
	for topic, payload := range map[string]string{
		"bauta/gw/camera/lobby/mask/set": "picture", "bauta/gw/camera/lobby/mask/set/": "off", "homeassistant/status": "online",
		"bauta/consent/revocation/0123456789abcdef": "eyJ.e30.x", "bauta/consent/revocation/../x": "", "bauta/gw/camera/lobby/protection": "protected",
		"bauta/gw/compliance/m14": `{"status":"pass","evidence":{"en":"a","zh":"b"}}`, "bauta/gw/compliance/x": `{"status":7}`,
	} {
		f.Add(topic, []byte(payload), true)
		f.Add(topic, []byte(payload), false)
	}
	f.Fuzz(func(t *testing.T, topic string, payload []byte, retained bool) {
		m := incoming{topic, payload, retained}
		revoked := func(kind consent.Kind, name string, raw []byte, _ func()) {
			if topics.Prefix("").Consent(kind, name) != topic || len(raw) == 0 || len(raw) > kind.MaxSize() {
				t.Errorf("%s %q of %d bytes", kind, name, len(raw))
			}
		}
		asked := func(id media.CameraID, l Level, _ func()) {
			if _, err := media.ParseCameraID(string(id)); err != nil || !slices.Contains(Levels, l) || retained {
				t.Errorf("camera %q is asked for %q, retained %v", id, l, retained)
			}
		}
		p, err := New(Config{Gateway: "gw", Discovery: true, Consents: revoked, Command: asked}, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		p.receive(m)
		p.receiveConsent(m)
		p.takeBack(m)
		for _, s := range p.states.take() {
			var c ClauseState
			good := strings.HasSuffix(s.Topic, "/protection") && s.Payload != string(media.Blocked) ||
				strings.HasPrefix(s.Topic, "bauta/gw/compliance/") && (json.Unmarshal([]byte(s.Payload), &c) != nil || c.Status != "unknown")
			if good {
				t.Errorf("%s says %s", s.Topic, s.Payload)
			}
		}
	})
}
