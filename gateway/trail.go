package gateway

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// trailQueue bounds what waits to be written: a viewer that comes and goes
// makes two entries.
const trailQueue = 1024

// trail writes the audit trail. What an administrator does is written before
// the answer; what just happens goes through the queue.
type trail struct {
	store *store.Store
	log   *slog.Logger
	// told is called when an event lies in the outbox.
	told func()
	// judge has the clauses judged anew, when a hole appears or is told of.
	judge func()
	// watch is called each minute, and at the end, to tell what only counts.
	watch func()
	queue chan happening
	done  chan struct{}
	// lost counts entries that found no room, failed those that could not be
	// written; both mean that the trail has a hole. confessed of them are on it
	// as a number.
	lost, failed, confessed atomic.Uint64
	// dropped counts events that left the outbox undelivered.
	dropped atomic.Uint64
	// signEvery is how long the newest entries may be without a signature.
	signEvery time.Duration
}

func newTrail(s *store.Store, log *slog.Logger, told, watch func()) *trail {
	return &trail{store: s, log: log, told: told, watch: watch, judge: func() {}, signEvery: time.Minute, queue: make(chan happening, trailQueue), done: make(chan struct{})}
}

// itself is the actor of what the gateway does by itself.
const itself = "gateway"

// happening is what goes on the trail and, where it has an event, over MQTT.
type happening struct {
	store.Entry
	event *Event
}

// write adds an entry now, and its event to the outbox.
func (t *trail) write(h happening) error {
	var err error
	if h.event == nil {
		err = t.store.Append(h.Entry)
	} else {
		err = t.tell(h)
	}
	return t.missed(1, h.Action, err)
}

// writeAll is write for many at once that all have events; none is nothing to do.
func (t *trail) writeAll(all []happening) error {
	if len(all) == 0 {
		return nil
	}
	return t.missed(len(all), all[0].Action, t.tell(all...))
}

// missed counts entries that could not be written.
func (t *trail) missed(n int, action string, err error) error {
	if err != nil {
		t.failed.Add(uint64(n))
		t.judge()
		t.log.Error("the audit trail cannot be written", "action", action, "error", err)
	}
	return err
}

// tell adds the entries and their events.
func (t *trail) tell(all ...happening) error {
	entries := make([]store.Entry, len(all))
	for i, h := range all {
		entries[i] = h.Entry
	}
	dropped, err := t.store.Happened(entries, func(i int, seq uint64) store.Message { return all[i].event.message(all[i].Time, seq) })
	if dropped > 0 {
		t.dropped.Add(uint64(dropped))
		t.log.Warn("the outbox is full, old events were dropped", "events", dropped)
	}
	t.told()
	return err
}

// note adds an entry soon; it never waits.
func (t *trail) note(h happening) {
	h.Time = time.Now()
	select {
	case t.queue <- h:
	default:
		t.lost.Add(1)
	}
}

// holes tells whether something is missing in the trail that it does not tell of.
func (t *trail) holes() bool { return t.missing() > 0 }

func (t *trail) missing() uint64 { return t.lost.Load() + t.failed.Load() - t.confessed.Load() }

// confessEvery is how soon a trail that can be written again tells of its hole.
const confessEvery = 5 * time.Second

// confess puts on the trail how many entries are missing before this one.
func (t *trail) confess() {
	n := t.missing()
	if n == 0 || t.store.Append(store.Entry{Action: "trail.missed", Actor: itself, Detail: fmt.Sprintf("entries=%d", n)}) != nil {
		return // still no room: next time
	}
	t.confessed.Add(n)
	t.judge()
	t.log.Warn("the audit trail can be written again", "missing_entries", n)
}

// pruneEvery is how often old entries are looked for.
const pruneEvery = time.Hour

// run writes what is noted until ctx ends, then the rest.
func (t *trail) run(ctx context.Context) {
	defer close(t.done)
	prune := time.NewTicker(pruneEvery)
	defer prune.Stop()
	confess := time.NewTicker(confessEvery)
	defer confess.Stop()
	minute := time.NewTicker(t.signEvery)
	defer minute.Stop()
	t.prune()
	for {
		select {
		case e := <-t.queue:
			_ = t.write(e) // counted and logged there
		case <-confess.C:
			t.confess()
		case <-minute.C:
			t.watch()
			t.sign()
		case <-prune.C:
			t.prune()
			_ = t.store.Check() // a damage ends the gateway: see Broken
		case <-ctx.Done():
			t.watch()
			t.flush()
			return
		}
	}
}

func (t *trail) flush() {
	for {
		select {
		case e := <-t.queue:
			_ = t.write(e)
		default:
			t.confess()
			t.sign()
			return
		}
	}
}

func (t *trail) sign() {
	if _, err := t.store.Sign(); err != nil {
		t.log.Error("the audit trail cannot be signed yet", "error", err)
	}
}

func (t *trail) prune() {
	if n, err := t.store.PruneTrail(time.Now().AddDate(-store.TrailYears, 0, 0)); err != nil {
		t.log.Error("the audit trail cannot be pruned", "error", err)
	} else if n > 0 {
		t.log.Info("old entries left the audit trail", "entries", n)
	}
}

// loginsRefused notes how many logins of viewers were refused since the last
// time. They are told together: a stranger who tries for days must not fill
// the trail. Only the trail's goroutine calls it.
func (g *Gateway) loginsRefused() {
	now := g.streams.Stats().LoginsFailed
	if n := now - g.refusalsTold; n > 0 {
		g.refusalsTold = now
		g.trail.note(happening{Entry: store.Entry{Action: "login.failed", Actor: "anonymous", Subject: "streams", Detail: fmt.Sprintf("tries=%d", n)}})
	}
}

// viewed notes how many watch a camera. All viewers share one account, so
// that is who they are.
func (g *Gateway) viewed(id media.CameraID, viewers int) {
	who := "viewer"
	if g.cfg.RTSP.Anonymous {
		who = "anonymous"
	}
	g.trail.note(happening{Entry: store.Entry{Action: "view.changed", Actor: who, Subject: subject(id), Detail: fmt.Sprintf("viewers=%d", viewers)}})
}
