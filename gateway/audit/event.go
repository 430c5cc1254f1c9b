package audit

import (
	"crypto/rand"
	"encoding/json"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// EventType names a kind of events in topics.
type EventType string

// The kinds of events.
const (
	EventCameraAdded   EventType = "camera-added"
	EventCameraRemoved EventType = "camera-removed"
	EventZoneChanged   EventType = "zone-changed"
	EventZoneRemoved   EventType = "zone-removed"
	EventProtection    EventType = "protection"
	EventClause        EventType = "clause"
	EventMaskLevel     EventType = "mask-level"
	EventHeat          EventType = "heat"
	EventSealed        EventType = "sealed" // originals cannot be kept, or can again
	EventBypass        EventType = "bypass"

	EventOpening EventType = "opening" // of sealed originals: a request, what became of it, other keys

	EventConsentImported EventType = "consent-imported"
	EventConsentRevoked  EventType = "consent-revoked"
	EventRevocation      EventType = "revocation"
	EventIssuerAdded     EventType = "issuer-added"
	EventIssuerRemoved   EventType = "issuer-removed"
)

// Event is what bauta/<gw>/event/<type> carries. Empty fields are left out.
type Event struct {
	// ID is the same for each delivery of one event; Seq orders all events of
	// a gateway.
	ID     string         `json:"id"`
	Time   time.Time      `json:"ts"`
	Seq    uint64         `json:"seq"`
	Type   EventType      `json:"type"`
	Camera media.CameraID `json:"camera,omitempty"`
	Zone   string         `json:"zone,omitempty"`
	Clause string         `json:"clause,omitempty"`
	// Token is a consent's id; Issuer and Key say who vouches for consents.
	Token  string `json:"token,omitempty"`
	Issuer string `json:"issuer,omitempty"`
	Key    string `json:"key,omitempty"`
	// From and To are the states of a protection, a clause, a mask level or the
	// host's heat; To is the way around a camera's lock.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// message completes the event with its number. Changes of clauses are kept
// when others have to go.
func (e Event) message(at time.Time, seq uint64) store.Message {
	if at.IsZero() {
		at = time.Now()
	}
	e.ID, e.Seq, e.Time = rand.Text(), seq, at.UTC().Truncate(time.Millisecond)
	b, err := json.Marshal(e)
	if err != nil {
		panic("an event does not encode: " + err.Error()) // it holds texts and numbers
	}
	return store.Message{Topic: string(e.Type), Payload: b, Keep: e.Type == EventClause}
}
