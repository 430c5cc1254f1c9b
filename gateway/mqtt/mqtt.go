// Package mqtt publishes how the gateway and its cameras are, by MQTT 3.1.1.
// docs/mqtt.md lists the topics for those who read them.
//
// In: states, metrics and an outbox of events; from the broker commands to mask more,
// signed revocations and anchors, all of them unproved. Out: the topics, and how the
// connection is. A Publisher keeps the newest value of each topic, and its run goroutine
// owns the connection and the embedded broker. Nothing else waits: while the broker is
// away, states are overwritten and metrics are counted and dropped; after each reconnect
// all states are sent again. Without a configured broker the Publisher brings its own,
// where only it may write states.
//
// What leaves by this package must never be more than counts, times, hashes, slugs and, where the
// settings ask for them, pictures that the worker vouched for: nothing of a person, no address of
// a camera, no credential. No hook of the embedded
// broker may hold a lock while it calls, waits, or has returned.
package mqtt

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Info describes the running gateway: topic bauta/<gw>/info. Empty fields are
// sent as empty strings, so that a reader finds every key.
type Info struct {
	// Version is the program's version and build ID.
	Version string `json:"version"`
	// ModelHash is the SHA-256 of the face model in hex; empty on
	// gateways of earlier versions that had none.
	ModelHash string `json:"model_hash"`
	// ConfigHash is the SHA-256 of the settings in force, in hex.
	ConfigHash string `json:"config_hash"`
	// PolicyPack names the rule pack in force; empty means none.
	PolicyPack string `json:"policy_pack"`
	// Newer is the version of a newer package that this host's apt knows; empty: none.
	Newer string `json:"newer,omitempty"`
	// Site is what people call the site, here and in Home Assistant; Console is the address of the gateway's
	// console. Empty: nobody filled them in.
	Site    string `json:"site,omitempty"`
	Console string `json:"console,omitempty"`
}

// Watchdog is the heartbeat of what watches, for those who watch it: topic bauta/<gw>/watchdog.
type Watchdog struct {
	// Seq grows by one with each; Time is when it was made.
	Seq     uint64    `json:"seq"`
	Time    time.Time `json:"ts"`
	UptimeS int64     `json:"uptime_s"`
	// Cameras there are, Masked those of which viewers get masked frames; AllMasked: no frame of any
	// camera that sends is withheld.
	Cameras   int  `json:"cameras"`
	Masked    int  `json:"masked"`
	AllMasked bool `json:"all_masked"`
	// NotifyWaiting messages wait to be taken, the longest of them for so many seconds; NotifyState is
	// ok, waiting or failing.
	NotifyWaiting int    `json:"notify_waiting"`
	NotifyOldestS int64  `json:"notify_oldest_s"`
	NotifyState   string `json:"notify_state"`
}

// infoPayload adds what only the Publisher knows.
type infoPayload struct {
	Info
	// HeartbeatS is the time between two repetitions of every state in
	// seconds, so that a reader can tell when one is too old.
	HeartbeatS float64 `json:"heartbeat_s"`
	// Cameras are what people call the cameras, by id.
	Cameras map[media.CameraID]string `json:"cameras,omitempty"`
}

// Metrics are a camera's newest figures: topic .../metrics. They are sent once
// and not retained.
type Metrics struct {
	// FPS is the rate of masked frames per second, 0 or more.
	FPS float64
	// Latency is the time between a frame's arrival from the camera and its leaving
	// for the viewers.
	Latency time.Duration
	// Faces, Masked and Shown count faces in the newest frame: all, the
	// painted ones, those left visible by consent.
	Faces, Masked, Shown int
	// Temperature is the host's in degrees Celsius; NaN where it cannot be
	// measured, which is sent as null.
	Temperature float64
	// Degradation is the level of degradation and DegradationReason why it is in force:
	// heat, load, or empty on the normal one.
	Degradation, DegradationReason string
}

func (m Metrics) payload() []byte {
	return mustJSON(struct {
		FPS         float64  `json:"fps"`
		LatencyMS   float64  `json:"latency_ms"`
		Faces       int      `json:"faces"`
		Masked      int      `json:"masked"`
		Shown       int      `json:"shown"`
		Temperature *float64 `json:"temperature_c"`
		Step        string   `json:"step"`
		StepReason  string   `json:"step_reason"`
	}{*tenths(finite(m.FPS)), *tenths(float64(m.Latency) / float64(time.Millisecond)), m.Faces, m.Masked, m.Shown, tenths(m.Temperature), cmp.Or(m.Degradation, media.Normal.String()), m.DegradationReason})
}

// finite replaces what JSON cannot say by 0.
func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}

// tenths rounds to one decimal; nil, JSON's null, stands for no number.
func tenths(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	v = math.Round(v*10) / 10
	return &v
}

func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("mqtt: %T does not encode: %v", v, err)) // only plain structs with finite numbers come here
	}
	return b
}

func onlineWord(v bool) string {
	if v {
		return topics.Online
	}
	return topics.Offline
}
