package mqtt

import (
	"cmp"
	"slices"
	"sync"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// maxTopics bounds the retained topics; a camera needs three.
const maxTopics = 2048

// message is one retained state on its way out.
type message struct{ topic, payload string }

// board holds the newest value of each topic. It is all the buffering there
// is: a newer value takes the place of an older one, sent or not.
type board struct {
	first string // the topic to be sent before all others
	wake  chan struct{}

	mu      sync.Mutex
	states  map[string]*state
	metrics map[media.CameraID]*metric // one entry for each known camera
	live    bool                       // metrics have somewhere to go
	lost    counts
}

// state is a retained value. An empty payload is the order to clear the topic
// at the broker; it stays until the broker confirmed it.
type state struct {
	payload string
	sent    bool
	// rare: not repeated with the heartbeat.
	rare bool
}

type metric struct {
	topic   string
	payload []byte // nil when sent
}

type counts struct{ metrics, states uint64 }

func newBoard(first string) *board {
	return &board{first: first, wake: make(chan struct{}, 1), states: map[string]*state{}, metrics: map[media.CameraID]*metric{}}
}

// set notes the values that differ and wakes the sender. Either all or, where
// the board is full, none of them get on it.
func (b *board) set(ms ...message) bool { return b.put(false, ms...) }

// setRare is set for what needs no repeating but at a reconnect.
func (b *board) setRare(ms ...message) bool { return b.put(true, ms...) }

func (b *board) put(rare bool, ms ...message) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.room(ms) {
		b.lost.states++
		return false
	}
	for _, m := range ms {
		if old := b.states[m.topic]; old == nil || old.payload != m.payload {
			b.states[m.topic] = &state{payload: m.payload, rare: rare}
			b.poke()
		}
	}
	return true
}

func (b *board) room(ms []message) bool {
	n := len(b.states)
	for _, m := range ms {
		if b.states[m.topic] == nil {
			n++
		}
	}
	return n <= maxTopics
}

// clear orders that topics be emptied at the broker, as far as they are known.
func (b *board) clear(topics ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range topics {
		if s := b.states[t]; s != nil && s.payload != "" {
			b.states[t] = &state{}
			b.poke()
		}
	}
}

func (b *board) poke() {
	select {
	case b.wake <- struct{}{}:
	default: // the sender has not looked since the last one
	}
}

// stale makes all states due again, after a reconnect.
func (b *board) stale() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.states {
		s.sent = false
	}
	b.poke()
}

// beat makes those due again that are repeated with the heartbeat, staleRare
// the others.
func (b *board) beat()      { b.staleIf(false) }
func (b *board) staleRare() { b.staleIf(true) }

func (b *board) staleIf(rare bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.states {
		if s.rare == rare {
			s.sent = false
		}
	}
	b.poke()
}

// take returns the states due, in the order in which they should leave.
func (b *board) take() []message {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ms []message
	for topic, s := range b.states {
		if !s.sent {
			s.sent = true
			ms = append(ms, message{topic, s.payload})
		}
	}
	slices.SortFunc(ms, func(x, y message) int {
		return cmp.Or(cmp.Compare(b.rank(x), b.rank(y)), cmp.Compare(x.topic, y.topic))
	})
	return ms
}

func (b *board) rank(m message) int {
	if m.topic == b.first {
		return 0
	}
	return 1
}

// confirmed forgets the topics that the broker has cleared, unless they have
// been set or cleared again meanwhile.
func (b *board) confirmed(ms []message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range ms {
		if s := b.states[m.topic]; m.payload == "" && s != nil && s.payload == "" && s.sent {
			delete(b.states, m.topic)
		}
	}
}

// know makes room for a camera's metrics; forget gives it back.
func (b *board) know(id media.CameraID, topic string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.metrics[id] == nil {
		b.metrics[id] = &metric{topic: topic}
	}
}

func (b *board) forget(id media.CameraID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.metrics, id)
}

// measure notes a known camera's metrics. What has nowhere to go is counted,
// never kept: old figures are of no use.
func (b *board) measure(id media.CameraID, payload []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	m := b.metrics[id]
	if m == nil || !b.live {
		b.lost.metrics++
		return
	}
	if m.payload != nil {
		b.lost.metrics++
	}
	m.payload = payload
	b.poke()
}

// takeMetrics returns the metrics due.
func (b *board) takeMetrics() []metric {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ms []metric
	for _, m := range b.metrics {
		if m.payload != nil {
			ms = append(ms, *m)
			m.payload = nil
		}
	}
	return ms
}

// setLive opens and closes the way for metrics.
func (b *board) setLive(v bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.live = v
	for _, m := range b.metrics {
		if m.payload != nil {
			m.payload, b.lost.metrics = nil, b.lost.metrics+1
		}
	}
}

func (b *board) losses() counts {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.lost
}
