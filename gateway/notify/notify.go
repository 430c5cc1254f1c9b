// Package notify tells people and machines what is wrong, when it matters, and that it is over.
//
// In: what is wrong at this moment (Sight), who is to be told of which kinds, and clocks. Out:
// mails and signed posts by notify/deliver, a heartbeat, pings of a watcher outside, and records
// of what was given up. What counts, what was told and what is on its way lies in the store, so
// that a power cut tells nobody twice and forgets nobody.
//
// Run is the one owner goroutine; each message on its way has one more, of which there are few,
// and Run waits for them. A server that does not answer holds up nothing but its own message.
//
// It decides nothing about a frame or a clause. An address, a password or a person's name never
// goes into a log, the audit log or a message.
package notify

import (
	"context"
	"crypto/x509"
	"log/slog"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/change"
)

const (
	// stepEvery is how often it is looked at what is wrong.
	stepEvery = time.Second
	// onTheirWay bounds the messages that are being handed over at once.
	onTheirWay = 8
	// testsAtOnce bounds the tests that managers have made.
	testsAtOnce = 2
)

// Person is somebody with an account.
type Person struct {
	// ID is what the store and the audit log name.
	ID, Name string
	Language text.Lang
}

// Config is what a Room works with.
type Config struct {
	Store *store.Store
	Queue *change.Queue
	// Note writes into the audit log.
	Note func(audit.Record)
	Log  *slog.Logger
	// Gateway's name; Language is for those who chose none.
	Gateway  string
	Language text.Lang
	// Zone is the site's; People have accounts at the console.
	Zone   func() *time.Location
	People func() []Person
	// Sight says what is wrong now; it must not wait.
	Sight func() Sight
	// Beat takes a heartbeat, every Heartbeat.
	Beat      func(Beat)
	Heartbeat time.Duration
	// SiteChanged is called when this gateway is to be named in another way.
	SiteChanged func()
	// Roots vouch for servers; nil: the system's. Now is the clock; nil: time.Now. Both are for tests.
	Roots *x509.CertPool
	Now   func() time.Time
}

// Beat is what a watcher of the watcher learns.
type Beat struct {
	Seq    uint64
	Time   time.Time
	Uptime time.Duration
	// Waiting messages, the longest of them for so long; Failing: one was refused and is tried again.
	Waiting int
	Longest time.Duration
	Failing bool
}

// Room is who is told of what. Its methods may be called from any goroutine.
type Room struct {
	cfg     Config
	now     func() time.Time
	started time.Time
	sending sync.WaitGroup
	ctx     context.Context // of what is on its way
	cancel  context.CancelFunc
	tests   chan struct{} // holds one for each test that runs
	changes sync.Mutex    // one change of the settings at a time; it may wait for the disk

	mu       sync.Mutex
	set      settings
	accounts string // as they were last looked at
	// accountsAt is when they changed; zero: nobody's address waits to be forgotten.
	accountsAt time.Time
	watched    watched
	to         map[string]*recipient
	flight     int
	// mailRest is until when no mail is tried, for the server fails, and mailFails how often in a row.
	mailRest  time.Time
	mailFails int
	ping      pinging
	beats     uint64
	beaten    time.Time
	stats     api.NotifyState
}

// Open reads the settings and what earlier runs told. Where the settings cannot be read nobody is
// told, and the error says so; the room works all the same.
func Open(c Config) (*Room, error) {
	r := &Room{cfg: c, now: c.Now, tests: make(chan struct{}, testsAtOnce), watched: newWatched(), to: map[string]*recipient{}}
	if r.now == nil {
		r.now = time.Now
	}
	r.started = r.now()
	r.ctx, r.cancel = context.WithCancel(context.Background())
	err := r.readSettings()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.arrange()
	return r, err
}

// Run tells until ctx ends, and waits for what is on its way, which ends soon then.
func (r *Room) Run(ctx context.Context) {
	tick := time.NewTicker(stepEvery)
	defer tick.Stop()
	defer r.flush()
	defer r.sending.Wait()
	defer r.cancel()
	for {
		r.step()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// flush has the queue take what is not kept yet; the queue writes it before it ends.
func (r *Room) flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, to := range r.to {
		if to.dirty {
			to.saving = nil // it is before this one in the queue
			r.keep(to, r.now())
		}
	}
}

// step looks once, and does what is due.
func (r *Room) step() {
	sight := r.cfg.Sight()
	r.mu.Lock()
	now := r.now()
	r.checkAccounts()
	r.watched.see(sight, now, r.set.rule, r.known)
	counting := r.watched.counting()
	for _, to := range r.to {
		r.owe(to, counting, now)
		r.keep(to, now)
		r.dispatch(to, now)
	}
	r.pingIfDue(now)
	b, due := r.beatIfDue(now)
	r.mu.Unlock()
	if due && r.cfg.Beat != nil {
		r.cfg.Beat(b)
	}
}

func (r *Room) beatIfDue(now time.Time) (Beat, bool) {
	if now.Sub(r.beaten) < r.cfg.Heartbeat {
		return Beat{}, false
	}
	r.beaten = now
	r.beats++
	b := Beat{Seq: r.beats, Time: now, Uptime: now.Sub(r.started)}
	for _, to := range r.to {
		if to.Message != nil {
			b.Waiting++
			b.Longest = max(b.Longest, now.Sub(to.Message.At))
			b.Failing = b.Failing || to.failing != ""
		}
	}
	return b, true
}
