package audit

import (
	"maps"
	"slices"
	"sync"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
)

// Outbox is the store as the publisher knows it: one that never waits for the
// disk, for heartbeats do not either. It holds at most what the store's does.
type Outbox struct {
	store *store.Store
	queue *change.Queue

	mu   sync.Mutex
	gone map[uint64]bool // delivered, not yet forgotten by the store
}

// NewOutbox is the outbox of a store; what is delivered is forgotten by way of q.
func NewOutbox(s *store.Store, q *change.Queue) *Outbox {
	return &Outbox{store: s, queue: q, gone: map[uint64]bool{}}
}

// Waiting returns the oldest events.
func (o *Outbox) Waiting(n int) (out []mqtt.Event, err error) {
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
func (o *Outbox) Delivered(seqs ...uint64) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, seq := range seqs {
		o.gone[seq] = true
	}
	o.queue.Soon("delivered events", o.forget)
	return nil
}

func (o *Outbox) forget() error {
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
