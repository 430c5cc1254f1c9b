package topics

import (
	"cmp"
	"strings"
)

// HomeAssistant is the prefix of Home Assistant's topics where nobody says another.
const HomeAssistant = "homeassistant"

// Assistant makes the topics that Home Assistant prescribes. Its zero value is for one that
// is set up as usual.
type Assistant struct{ prefix, birth string }

// AssistantAt is for one with this discovery prefix and birth topic; empty ones are the usual:
// HomeAssistant, and status below the prefix.
func AssistantAt(prefix, birth string) Assistant { return Assistant{prefix, birth} }

// Prefix begins the topics of its discovery.
func (a Assistant) Prefix() string { return cmp.Or(a.prefix, HomeAssistant) }

// Birth is where Home Assistant says that it has started.
func (a Assistant) Birth() string { return cmp.Or(a.birth, a.Prefix()+"/"+Status) }

// Owns reports whether a topic or a filter is one of Home Assistant's.
func (a Assistant) Owns(topic string) bool {
	return topic == a.Birth() || strings.HasPrefix(topic, a.Prefix()+"/")
}

func (a Assistant) devices() string { return a.Prefix() + "/device/" }

// Device is the topic of the discovery for a device of DeviceID.
func (a Assistant) Device(id string) string { return a.devices() + id + "/config" }

// DevicePrefix begins the topics of a gateway's devices.
func (a Assistant) DevicePrefix(gateway string) string { return a.devices() + DeviceID(gateway) }

// DeviceID joins the names of a gateway and its camera; neither holds an underscore.
func DeviceID(gateway string, camera ...string) string {
	return strings.Join(append([]string{Root, gateway}, camera...), "_")
}
