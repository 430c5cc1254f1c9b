package gateway

import (
	"crypto/rand"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
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
	// box's heat.
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

// outbox is the store as the publisher knows it: one that never waits for the
// disk, for heartbeats do not either. It holds at most what the store's does.
type outbox struct {
	store  *store.Store
	keeper *change.Queue

	mu   sync.Mutex
	gone map[uint64]bool // delivered, not yet forgotten by the store
}

func newOutbox(s *store.Store, k *change.Queue) *outbox {
	return &outbox{store: s, keeper: k, gone: map[uint64]bool{}}
}

// Waiting returns the oldest events.
func (o *outbox) Waiting(n int) (out []mqtt.Event, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	all, err := o.store.Waiting(n + len(o.gone))
	for _, m := range all {
		if !o.gone[m.Seq] && len(out) < n {
			out = append(out, mqtt.Event{Seq: m.Seq, Type: m.Topic, Payload: m.Payload})
		}
	}
	return out, err
}

// Delivered forgets events, in the store soon. After an end before that they are
// delivered once more, under the same id.
func (o *outbox) Delivered(seqs ...uint64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, seq := range seqs {
		o.gone[seq] = true
	}
	o.keeper.Soon("delivered events", o.forget)
	return nil
}

func (o *outbox) forget() error {
	o.mu.Lock()
	seqs := slices.Collect(maps.Keys(o.gone))
	o.mu.Unlock()
	if err := o.store.Delivered(seqs...); err != nil {
		return err // with the next ones
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, seq := range seqs {
		delete(o.gone, seq)
	}
	return nil
}

// standing is the report as MQTT carries it.
func standing(r compliance.Report) mqtt.Standing {
	return mqtt.Standing{State: string(r.State), Reasons: r.Reasons, Since: r.Since.UTC(), Time: r.Time.UTC(), Seq: r.Seq,
		ProtectedShare: math.Round(r.ProtectedShare*1e4) / 1e4, PolicyPack: r.Pack, PackVersion: r.Version}
}

// clauseStates are the clauses that can be judged.
func clauseStates(r compliance.Report) map[string]mqtt.ClauseState {
	all := map[string]mqtt.ClauseState{}
	for _, c := range r.Clauses {
		if c.Status == policy.Info {
			continue
		}
		all[c.ID] = mqtt.ClauseState{Status: string(c.Status), Evidence: mqtt.Words(c.Evidence), Next: mqtt.Words(c.Next),
			Citation: mqtt.Words(c.Citation), Since: c.Since.UTC(), Verified: c.Verified}
	}
	return all
}
