// Package fleet shows the gateways of a site or a city on one page. It knows
// only what they say over MQTT (docs/mqtt.md) and publishes nothing.
//
// All that comes over MQTT is untrusted: topics are checked against the slugs
// that gateways use, payloads are bounded and decoded into fixed types, and how
// much is kept has limits. A state counts until it is three heartbeats old;
// after that it is stale, whatever it says.
//
// Messages change the board at once. Four times a second at most the board
// makes the rows of the gateways that changed; browsers get those by
// Server-Sent Events, and the rest of a gateway when somebody opens it.
package fleet

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/topics"
)

// Limits of what is kept, where Config has none. A clause of a gateway takes
// 2 KiB at most, a camera 200 bytes.
const (
	DefaultGateways = 4096
	DefaultCameras  = 32768 // of all gateways
	DefaultClauses  = 65536 // of all gateways
	DefaultPages    = 64    // open in browsers

	gatewayCameras = 256 // of one gateway
	gatewayClauses = 64  // of one gateway
	kinds          = 512 // different clauses
)

const (
	// beat is the shortest time between two updates of a page.
	beat = 250 * time.Millisecond
	// sampleEvery and sampleCount make the curve: the last hour.
	sampleEvery = 10 * time.Second
	sampleCount = 360
)

// Config says which broker is heard. Only Broker.Address has no default.
type Config struct {
	Broker broker.Config
	Log    *slog.Logger
	// Gateways, Cameras, Clauses and Pages are limits; 0 means the defaults.
	Gateways, Cameras, Clauses, Pages int
}

// StateCache is what is known of all gateways. Its methods may be called from any
// goroutine.
type StateCache struct {
	cfg    Config
	reader *broker.Reader
	pages  atomic.Int64
	now    func() time.Time

	mu       sync.Mutex
	gateways map[string]*gateway
	kinds    []kind // in the order in which they were first heard of
	known    map[kindKey]int
	cameras  int // of all gateways
	clauses  int
	link     linkState
	ignored  Ignored
	version  uint64 // of the newest row
	gone     []departure
	floor    uint64 // pages that know no more than this version begin anew
	curve    []sample
	sampled  time.Time
	changed  chan struct{} // closed at the next change
}

// linkState is how the connection to the broker is.
type linkState struct {
	Reason broker.Reason // empty: connected
	Since  time.Time
}

// Ignored counts messages that are not shown: a topic or a payload that no
// gateway sends, or one that a limit had no room for.
type Ignored struct {
	Topic, Payload, Limit, TooLarge uint64
}

// New checks cfg; nothing is heard before Run.
func New(cfg Config) (*StateCache, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	for limit, standard := range map[*int]int{&cfg.Gateways: DefaultGateways, &cfg.Cameras: DefaultCameras, &cfg.Clauses: DefaultClauses, &cfg.Pages: DefaultPages} {
		if *limit < 0 {
			return nil, errors.New("a limit of the fleet page is negative: use 0 for the default")
		}
		if *limit == 0 {
			*limit = standard
		}
	}
	reader, err := broker.NewReader(cfg.Broker, cfg.Log)
	if err != nil {
		return nil, err
	}
	return &StateCache{
		cfg: cfg, reader: reader, now: time.Now, gateways: map[string]*gateway{}, known: map[kindKey]int{},
		link: linkState{Reason: broker.Connecting, Since: time.Now()}, changed: make(chan struct{}),
	}, nil
}

// Run hears the broker until ctx ends.
func (b *StateCache) Run(ctx context.Context) {
	var reading sync.WaitGroup
	reading.Go(func() {
		b.reader.Run(ctx, []string{topics.AllStatus}, broker.Subscriber{Receive: b.receive, Connection: b.connection})
	})
	defer reading.Wait()
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			b.refresh()
		}
	}
}

// connection notes that the broker is heard, or is not.
func (b *StateCache) connection(r broker.Reason, _ string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.link.Reason != r {
		b.link = linkState{Reason: r, Since: b.now()}
		b.wake()
	}
}

// wake tells the pages that there is something new; the lock is held.
func (b *StateCache) wake() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// Ignored reports what was not shown.
func (b *StateCache) Ignored() Ignored {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := b.ignored
	i.TooLarge = b.reader.TooLarge()
	return i
}

// prune drops the cameras and clauses of a gateway that were removed while the
// broker was not heard: what there still is has been repeated since.
func (b *StateCache) prune(g *gateway, now time.Time) {
	since := b.link.Since
	if b.link.Reason != "" || !g.alive(now) || now.Sub(since) <= 3*g.heartbeat {
		return
	}
	for name, c := range g.cameras {
		if c.at.Before(since) && c.onlineAt.Before(since) {
			delete(g.cameras, name)
			b.cameras--
		}
	}
	for id, c := range g.clauses {
		if c.at.Before(since) {
			delete(g.clauses, id)
			b.clauses--
		}
	}
}

// refresh makes the rows that have changed, also by growing stale.
func (b *StateCache) refresh() {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	news := false
	for _, g := range b.gateways {
		if !g.touched && now.Before(g.check) {
			continue
		}
		g.touched, g.check = false, now.Add(g.heartbeat/4)
		b.prune(g, now)
		if r := g.makeRow(now); r != g.row {
			b.version++
			g.row, g.version, news = r, b.version, true
		}
	}
	news = b.sample(now) || news
	if news {
		b.wake()
	}
}

// sample adds a point to the curve when it is time.
func (b *StateCache) sample(now time.Time) bool {
	if now.Sub(b.sampled) < sampleEvery || len(b.gateways) == 0 || b.link.Reason != "" {
		return false
	}
	b.sampled = now
	b.curve = append(b.curve, takeSample(now, b.gateways))
	if len(b.curve) > sampleCount {
		b.curve = b.curve[1:]
	}
	return true
}
