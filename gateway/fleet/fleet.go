// Package fleet shows the gateways of a site or a city on one page.
//
// In: what gateways say over MQTT (docs/mqtt.md), all of it untrusted: topics are checked
// against the slugs that gateways use, payloads are bounded and decoded into fixed types,
// and how much is kept has limits. Out: a page, and updates of it. A state counts until
// it is three heartbeats old; after that it is stale, whatever it says.
//
// Messages change the cache of states at once, on the reader's goroutine. Run is the
// owner goroutine: four times a second at most it makes the rows of the gateways that
// changed. Browsers get those by server-sent events, and the rest of a gateway when
// somebody opens it.
//
// What changed, who has seen it and the curve of a week are kept (Keeper), within bounds.
//
// It must never publish anything, let a request to the page change anything, or show a state as
// good that is too old to be known.
package fleet

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/fleet/past"
	"github.com/bauta-gateway/bauta/gateway/topics"
)

// Limits of what is kept, where Config has none. A clause of a gateway takes
// clauseBytes at most, some 200 where many gateways say the same; a camera 300 bytes.
const (
	DefaultGateways = 4096
	DefaultCameras  = 32768 // of all gateways
	DefaultPages    = 64    // open in browsers

	gatewayCameras = 256 // of one gateway
	gatewayClauses = 128 // of one gateway
	clausesEach    = 96  // of each gateway, were they as many as can be: no law in force has more
	clauseBytes    = 2816
	kinds          = 512 // different clauses
)

const (
	// beat is the shortest time between two updates of a page.
	beat = 250 * time.Millisecond
	// sampleEvery and sampleCount make the history: the last hour.
	sampleEvery = 10 * time.Second
	sampleCount = 360
)

// Config says which broker is read. Only Broker.Address has no default.
type Config struct {
	Broker broker.Config
	// Prefix begins the gateways' topics; empty means topics.Root.
	Prefix string
	Log    *slog.Logger
	// Gateways, Cameras, Clauses and Pages are limits; 0 means the defaults, for
	// clauses as many as that many gateways have.
	Gateways, Cameras, Clauses, Pages int
	// Keep survives a restart; its zero value keeps nothing.
	Keep Keeper
	// Past keeps the history of a year; nil: there is none. Its owner closes it after Run has ended.
	Past *past.Store
	// Who is the name of an account, empty where it is gone; nil: the page knows no accounts.
	Who func(id string) string
}

// StateCache is what is known of all gateways. Its methods may be called from any
// goroutine.
type StateCache struct {
	cfg    Config
	reader *broker.Reader
	pages  atomic.Int64
	now    func() time.Time

	mu        sync.Mutex
	gateways  map[string]*gateway
	kinds     []kind // in the order in which they first came
	known     map[kindKey]int
	cameras   int // of all gateways
	clauses   int
	link      linkState
	ignored   Ignored
	version   uint64 // of the newest row
	gone      []departure
	floor     uint64 // pages that know no more than this version begin anew
	history   []sample
	sampled   time.Time
	kept      kept
	dirty     bool
	saved     time.Time
	unkept    []past.Entry // of the year's history
	lost      int          // of them, for want of room
	savedYear time.Time
	watched   time.Time     // when it was noted last that somebody watches; zero: nobody does
	changed   chan struct{} // closed at the next change
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

// New checks cfg; nothing is received before Run.
func New(cfg Config) (*StateCache, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if min(cfg.Gateways, cfg.Cameras, cfg.Clauses, cfg.Pages) < 0 {
		return nil, errors.New("a limit of the fleet page is negative: use 0 for the default")
	}
	cfg.Gateways, cfg.Cameras, cfg.Pages = cmp.Or(cfg.Gateways, DefaultGateways), cmp.Or(cfg.Cameras, DefaultCameras), cmp.Or(cfg.Pages, DefaultPages)
	if _, err := topics.ParsePrefix(cfg.Prefix); err != nil {
		return nil, err
	}
	cfg.Clauses = cmp.Or(cfg.Clauses, cfg.Gateways*clausesEach)
	reader, err := broker.NewReader(cfg.Broker, cfg.Log)
	if err != nil {
		return nil, err
	}
	s := &StateCache{
		cfg: cfg, reader: reader, now: time.Now, gateways: map[string]*gateway{}, known: map[kindKey]int{},
		link: linkState{Reason: broker.Connecting, Since: time.Now()}, changed: make(chan struct{}),
	}
	s.recall()
	return s, nil
}

func (s *StateCache) prefix() topics.Prefix { return topics.Prefix(s.cfg.Prefix) }

// Run reads the broker until ctx ends.
func (s *StateCache) Run(ctx context.Context) {
	var reading sync.WaitGroup
	reading.Go(func() {
		s.reader.Run(ctx, []string{s.prefix().AllStatus()}, broker.Subscriber{Receive: s.receive, Connection: s.connection})
	})
	defer reading.Wait()
	defer s.saveYear(true)
	defer s.save(true)
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.refresh()
			s.save(false)
			s.saveYear(false)
		}
	}
}

// connection notes that the broker is read, or is not.
func (s *StateCache) connection(r broker.Reason, _ string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.link.Reason != r {
		if r != "" {
			s.unwatch(s.now())
		}
		s.link = linkState{Reason: r, Since: s.now()}
		s.wake()
	}
}

// wake notifies the pages that there is something new; the lock is held.
func (s *StateCache) wake() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Ignored reports what was not shown.
func (s *StateCache) Ignored() Ignored {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.ignored
	i.TooLarge = s.reader.TooLarge()
	return i
}

// prune drops the cameras and clauses of a gateway that were removed while the
// broker was not read: what there still is has been repeated since.
func (s *StateCache) prune(g *gateway, now time.Time) {
	since := s.link.Since
	if s.link.Reason != "" || !g.alive(now) || now.Sub(since) <= 3*g.heartbeat {
		return
	}
	for name, c := range g.cameras {
		if c.at.Before(since) && c.onlineAt.Before(since) {
			delete(g.cameras, name)
			s.cameras--
		}
	}
	for id, c := range g.clauses {
		if c.at.Before(since) {
			delete(g.clauses, id)
			s.clauses--
		}
	}
}

// refresh makes the rows that have changed, also by growing stale.
func (s *StateCache) refresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	news := false
	s.watch(now)
	for _, g := range s.gateways {
		s.follow(g, now)
		if !g.touched && now.Before(g.check) {
			continue
		}
		g.touched, g.check = false, now.Add(g.heartbeat/4)
		s.prune(g, now)
		r := g.makeRow(now)
		if r.Ack = s.whoSaw(g.name); r != g.row {
			s.version++
			g.row, g.version, news = r, s.version, true
		}
	}
	news = s.sample(now) || news
	if news {
		s.wake()
	}
}

// sample adds a point to the history when it is time.
func (s *StateCache) sample(now time.Time) bool {
	if now.Sub(s.sampled) < sampleEvery || len(s.gateways) == 0 || s.link.Reason != "" {
		return false
	}
	s.sampled = now
	s.history = append(s.history, takeSample(now, s.gateways))
	if len(s.history) > sampleCount {
		s.history = s.history[1:]
	}
	s.keepPoint(s.history[len(s.history)-1])
	return true
}
