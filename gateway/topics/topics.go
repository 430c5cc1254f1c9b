// Package topics names the MQTT topics that docs/mqtt.md lists: mqtt uses them
// as one gateway, fleet reads those of all gateways.
//
// In: names of gateways, cameras and clauses. Out: topics and filters, and what a topic is
// about. It holds no state, owns no goroutine and must never send anything.
package topics

import (
	"strings"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Root is the Prefix that stands for none.
const Root = "bauta"

// The levels below a gateway's name, and those below a camera's.
const (
	Status     = "status"
	Info       = "info"
	Anchor     = "anchor"
	Compliance = "compliance"
	Event      = "event"
	Watchdog   = "watchdog"
	Camera     = "camera"

	Availability = "availability"
	Protection   = "protection"
	Metrics      = "metrics"
	Mask         = "mask"
	MaskSet      = "mask/set"
	Snapshot     = "snapshot"
)

// The payloads of status and availability.
const (
	Online  = "online"
	Offline = "offline"
)

// Gateway makes the topics of one gateway.
type Gateway struct{ prefix string }

// Owns reports whether a topic is one of this gateway's.
func (g Gateway) Owns(topic string) bool { return strings.HasPrefix(topic, g.prefix) }

// All is the filter for all of them.
func (g Gateway) All() string { return g.prefix + "#" }

// Status is online or offline; the last will stands there too.
func (g Gateway) Status() string { return g.prefix + Status }

// Info is for facts that seldom change.
func (g Gateway) Info() string { return g.prefix + Info }

// Watchdog is the heartbeat of what watches.
func (g Gateway) Watchdog() string { return g.prefix + Watchdog }

// Anchor is where a head of the audit log comes in.
func (g Gateway) Anchor() string { return g.prefix + Anchor }

// Compliance is the state by all clauses.
func (g Gateway) Compliance() string { return g.prefix + Compliance }

// Clause is the state by one of them; "+" stands for all.
func (g Gateway) Clause(id string) string { return g.prefix + Compliance + "/" + id }

// Event is for events of one kind.
func (g Gateway) Event(kind string) string { return g.prefix + Event + "/" + kind }

// Camera is a leaf of a camera's; "+" stands for all cameras.
func (g Gateway) Camera(id media.CameraID, leaf string) string {
	return g.prefix + Camera + "/" + string(id) + "/" + leaf
}

// CameraOf reports which camera's leaf a topic is; false for any other topic.
func (g Gateway) CameraOf(topic, leaf string) (media.CameraID, bool) {
	rest, isCamera := strings.CutPrefix(topic, g.prefix+Camera+"/")
	name, isLeaf := strings.CutSuffix(rest, "/"+leaf)
	id, err := media.ParseCameraID(name)
	return id, isCamera && isLeaf && err == nil
}

// States are the filters for all states and figures but the status. Leaves are named one by
// one: whoever reads states gets no pictures.
func (g Gateway) States() []string {
	return []string{g.Info(), g.Compliance(), g.Clause("+"), g.Camera("+", Availability), g.Camera("+", Protection), g.Camera("+", Metrics)}
}

// IsSnapshot reports whether a topic may hold a camera's picture, of whichever gateway.
func (p Prefix) IsSnapshot(topic string) bool {
	rest, _ := p.Below(topic)
	_, rest, _ = strings.Cut(rest, "/")
	below, camera := strings.CutPrefix(rest, Camera+"/")
	_, leaf, _ := strings.Cut(below, "/")
	return camera && leaf == Snapshot
}
