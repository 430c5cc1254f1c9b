package mqtt

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// maxTopics bounds the retained topics; a camera needs four.
	maxTopics = 2048
	// settle is how long readers of a cleared topic have to act on that before those are
	// cleared that it told them of.
	settle = time.Second
)

// state is one retained state on its way out.
func state(topic string, payload []byte) broker.Message {
	return broker.Message{Topic: topic, Payload: string(payload)}
}

// stateCache holds the newest value of each topic. It is all the buffering there
// is: a newer value takes the place of an older one, sent or not.
type stateCache struct {
	first string // the topic to be sent before all others
	wake  chan struct{}

	mu      sync.Mutex
	states  map[string]*retained
	metrics map[media.CameraID]*metric // one entry for each known camera
	live    bool                       // metrics have somewhere to go
	lost    counts
}

// retained is the value of a topic. An empty payload is the order to clear the topic
// at the broker; it stays until the broker confirmed it.
type retained struct {
	payload string
	sent    bool
	// rare: not repeated with the heartbeat.
	rare bool
	// after is a topic that the broker has to have cleared before this one is due, which it is
	// from due on; both zero: it is due at once.
	after string
	due   time.Time
}

type metric struct {
	topic    string
	payload  []byte // nil when sent
	snapshot []byte // the newest snapshot; nil when sent
}

type counts struct{ metrics, states uint64 }

func newStateCache(first string) *stateCache {
	return &stateCache{first: first, wake: make(chan struct{}, 1), states: map[string]*retained{}, metrics: map[media.CameraID]*metric{}}
}

// set notes the values that differ and wakes the sender. Either all or, where
// there is no room, none of them are kept.
func (c *stateCache) set(ms ...broker.Message) bool { return c.put(false, ms...) }

// setRare is set for what needs no repeating but at a reconnect.
func (c *stateCache) setRare(ms ...broker.Message) bool { return c.put(true, ms...) }

func (c *stateCache) put(rare bool, ms ...broker.Message) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.room(ms) {
		c.lost.states++
		return false
	}
	for _, m := range ms {
		if old := c.states[m.Topic]; old == nil || old.payload != m.Payload {
			c.states[m.Topic] = &retained{payload: m.Payload, rare: rare}
			c.notify()
		}
	}
	return true
}

func (c *stateCache) room(ms []broker.Message) bool {
	n := len(c.states)
	for _, m := range ms {
		if c.states[m.Topic] == nil {
			n++
		}
	}
	return n <= maxTopics
}

// clear orders that topics be emptied at the broker, as far as they are known.
func (c *stateCache) clear(topics ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range topics {
		if s := c.states[t]; s != nil && s.payload != "" {
			c.states[t] = &retained{}
			c.notify()
		}
	}
}

// clearAfter orders that topics be emptied at the broker, as far as they are known, once first
// is: who reads of them there is not to see them empty.
func (c *stateCache) clearAfter(first string, topics ...string) {
	c.clear(first)
	c.clear(topics...)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.states[first] == nil {
		return
	}
	for _, t := range topics {
		if s := c.states[t]; s != nil && s.payload == "" {
			s.after = first
		}
	}
}

// clearUnder orders that the topics be emptied that begin with a prefix and whose rest gone
// wants gone.
func (c *stateCache) clearUnder(prefix string, gone func(rest string) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for topic, s := range c.states {
		if rest, ok := strings.CutPrefix(topic, prefix); ok && s.payload != "" && gone(rest) {
			c.states[topic] = &retained{}
			c.notify()
		}
	}
}

// clearAny orders that a topic be emptied, whoever filled it.
func (c *stateCache) clearAny(topic string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.states[topic]; s == nil || s.payload != "" {
		c.states[topic] = &retained{}
		c.notify()
	}
}

func (c *stateCache) notify() {
	select {
	case c.wake <- struct{}{}:
	default: // the sender has not taken the last ones yet
	}
}

// stale makes all states due again, after a reconnect.
func (c *stateCache) stale() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.states {
		s.sent = false
	}
	c.notify()
}

// beat makes those due again that are repeated with the heartbeat, staleRare
// the others.
func (c *stateCache) beat()      { c.staleIf(false) }
func (c *stateCache) staleRare() { c.staleIf(true) }

func (c *stateCache) staleIf(rare bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.states {
		if s.rare == rare {
			s.sent = false
		}
	}
	c.notify()
}

// take returns the states due, in the order in which they should leave.
func (c *stateCache) take() []broker.Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	var ms []broker.Message
	for topic, s := range c.states {
		if !s.sent && c.isDue(s) {
			s.sent = true
			ms = append(ms, broker.Message{Topic: topic, Payload: s.payload})
		}
	}
	slices.SortFunc(ms, func(x, y broker.Message) int {
		return cmp.Or(cmp.Compare(c.rank(x), c.rank(y)), cmp.Compare(x.Topic, y.Topic))
	})
	return ms
}

// isDue: what waits for a topic that was filled again waits no more.
func (c *stateCache) isDue(s *retained) bool {
	first := c.states[s.after]
	waits := first != nil && first.payload == ""
	return !waits && !time.Now().Before(s.due)
}

func (c *stateCache) rank(m broker.Message) int {
	if m.Topic == c.first {
		return 0
	}
	return 1
}

// confirmed forgets the topics that the broker has cleared, unless they have
// been set or cleared again meanwhile.
func (c *stateCache) confirmed(ms []broker.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range ms {
		if s := c.states[m.Topic]; m.Payload == "" && s != nil && s.payload == "" && s.sent {
			delete(c.states, m.Topic)
			c.release(m.Topic)
		}
	}
}

// release makes those due that waited for a topic to be cleared, once its readers have had
// time to act on that.
func (c *stateCache) release(topic string) {
	for _, s := range c.states {
		if s.after == topic {
			s.after, s.due = "", time.Now().Add(settle)
			time.AfterFunc(settle, c.notify)
		}
	}
}

// hurry makes all due that waits for its turn.
func (c *stateCache) hurry() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.states {
		s.after, s.due = "", time.Time{}
	}
}

// know makes room for a camera's metrics; forget gives it back.
func (c *stateCache) know(id media.CameraID, topic string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.metrics[id] == nil {
		c.metrics[id] = &metric{topic: topic}
	}
}

func (c *stateCache) knows(id media.CameraID) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.metrics[id] != nil
}

func (c *stateCache) forget(id media.CameraID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.metrics, id)
}

// measure notes a known camera's metrics. What has nowhere to go is counted,
// never kept: old figures are of no use.
func (c *stateCache) measure(id media.CameraID, payload []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.metrics[id]
	if m == nil || !c.live {
		c.lost.metrics++
		return
	}
	if m.payload != nil {
		c.lost.metrics++
	}
	m.payload = payload
	c.notify()
}

// takeMetrics returns the metrics due.
func (c *stateCache) takeMetrics() []metric {
	c.mu.Lock()
	defer c.mu.Unlock()
	var ms []metric
	for _, m := range c.metrics {
		if m.payload != nil {
			ms = append(ms, *m)
			m.payload = nil
		}
	}
	return ms
}

// setLive opens and closes the way for metrics.
func (c *stateCache) setLive(v bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.live = v
	for _, m := range c.metrics {
		m.snapshot = nil
		if m.payload != nil {
			m.payload, c.lost.metrics = nil, c.lost.metrics+1
		}
	}
}

func (c *stateCache) losses() counts {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lost
}
