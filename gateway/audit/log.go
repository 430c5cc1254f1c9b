// Package audit keeps the audit log and hands its events to the publisher. Inputs are
// records of what happened, outputs the store's chain of entries and its outbox. Run
// is the one goroutine, started and awaited by who composes the gateway. A record
// never holds a frame, a name or a secret.
package audit

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

const (
	// maxQueue bounds what waits to be written: a viewer that comes and goes makes
	// two records.
	maxQueue = 1024
	// missingEvery is how soon a log that can be written again says what it lacks.
	missingEvery = 5 * time.Second
	// pruneEvery is how often old entries are looked for.
	pruneEvery = time.Hour
)

// Config of a Log.
type Config struct {
	Store *store.Store
	Log   *slog.Logger
	// Published is called when an event lies in the outbox.
	Published func()
	// Evaluate has the clauses evaluated anew, for something changed that they look at.
	Evaluate func()
	// EachMinute, and at the end, is called to note what only counts.
	EachMinute func()
	// SignEvery is how long the newest entries may be without a signature; 0 is a minute.
	SignEvery time.Duration
}

// Log writes the audit log. What an administrator does is written before the answer;
// what just happens goes through the queue.
type Log struct {
	cfg   Config
	queue chan Record
	done  chan struct{}
	// lost counts records that found no room, failed those that could not be
	// written; reported of them the log itself holds as a number.
	lost, failed, reported atomic.Uint64
	// dropped counts events that left the outbox undelivered.
	dropped atomic.Uint64
	large   bool // Run has said that the log is large
}

// New prepares a log; Run has to be started.
func New(c Config) *Log {
	if c.SignEvery == 0 {
		c.SignEvery = time.Minute
	}
	return &Log{cfg: c, queue: make(chan Record, maxQueue), done: make(chan struct{})}
}

// Write adds a record now, and its event to the outbox.
func (l *Log) Write(r Record) error {
	if r.Event != nil {
		return l.WriteAll([]Record{r})
	}
	return l.counted(1, r.Action, l.cfg.Store.Append(r.entry()))
}

// WriteAll is Write for many at once that all have events; none is nothing to do.
func (l *Log) WriteAll(all []Record) error {
	if len(all) == 0 {
		return nil
	}
	entries := make([]store.AuditRecord, len(all))
	for i, r := range all {
		entries[i] = r.entry()
	}
	dropped, err := l.cfg.Store.AppendWithMessages(entries, func(i int, seq uint64) store.Message { return all[i].Event.message(all[i].at, seq) })
	if dropped > 0 {
		l.dropped.Add(uint64(dropped))
		l.cfg.Log.Warn("the outbox is full, old events were dropped", "events", dropped)
	}
	l.cfg.Published()
	return l.counted(len(all), all[0].Action, err)
}

// counted counts records that could not be written.
func (l *Log) counted(n int, action Action, err error) error {
	if err != nil {
		l.failed.Add(uint64(n))
		l.cfg.Evaluate()
		l.cfg.Log.Error("the audit log cannot be written", "action", string(action), "error", err)
	}
	return err
}

// Did writes what was done on behalf of who asks; event may be nil. Its error means
// that the change is in force but not in the log.
func (l *Log) Did(ctx context.Context, action Action, subject, detail string, event *Event) error {
	l.cfg.Evaluate()
	return l.Write(Record{Action: action, Actor: identity.Actor(ctx), Subject: subject, Detail: detail, Event: event})
}

// DidAll is Did for many records that all have events; none is nothing to do.
func (l *Log) DidAll(all []Record) error {
	if len(all) > 0 {
		l.cfg.Evaluate()
	}
	return l.WriteAll(all)
}

// Note adds a record soon; it never waits.
func (l *Log) Note(r Record) {
	r.at = time.Now()
	select {
	case l.queue <- r:
	default:
		l.lost.Add(1)
	}
}

// Missing is how many records the log lacks and does not yet say so.
func (l *Log) Missing() uint64 { return l.lost.Load() + l.failed.Load() - l.reported.Load() }

// Stats are counted since the start.
type Stats struct {
	// Missing records of the log, whether it says so or not; Dropped events of the outbox.
	Missing, Dropped uint64
}

// Stats returns the counts.
func (l *Log) Stats() Stats {
	return Stats{Missing: l.lost.Load() + l.failed.Load(), Dropped: l.dropped.Load()}
}

// reportMissing writes how many records are missing before this one.
func (l *Log) reportMissing() {
	n := l.Missing()
	if n == 0 || l.cfg.Store.Append(Record{Action: RecordsMissing, Actor: Gateway, Detail: fmt.Sprintf("entries=%d", n)}.entry()) != nil {
		return // still no room: next time
	}
	l.reported.Add(n)
	l.cfg.Evaluate()
	l.cfg.Log.Warn("the audit log can be written again", "missing_entries", n)
}

// Run writes what is noted until ctx ends, then the rest.
func (l *Log) Run(ctx context.Context) {
	defer close(l.done)
	prune, missing, minute := time.NewTicker(pruneEvery), time.NewTicker(missingEvery), time.NewTicker(l.cfg.SignEvery)
	defer prune.Stop()
	defer missing.Stop()
	defer minute.Stop()
	l.prune()
	for {
		select {
		case r := <-l.queue:
			_ = l.Write(r) // counted and logged there
		case <-missing.C:
			l.reportMissing()
		case <-minute.C:
			l.cfg.EachMinute()
			l.sign()
		case <-prune.C:
			l.prune()
			_ = l.cfg.Store.Check() // a damage ends the gateway: see Broken
		case <-ctx.Done():
			l.cfg.EachMinute()
			l.flush()
			return
		}
	}
}

// Wait returns when Run has ended.
func (l *Log) Wait() { <-l.done }

func (l *Log) flush() {
	for {
		select {
		case r := <-l.queue:
			_ = l.Write(r)
		default:
			l.reportMissing()
			l.sign()
			return
		}
	}
}

func (l *Log) sign() {
	if _, err := l.cfg.Store.Sign(); err != nil {
		l.cfg.Log.Error("the audit log cannot be signed yet", "error", err)
	}
}

func (l *Log) prune() {
	if n, err := l.cfg.Store.PruneAudit(time.Now().AddDate(-store.AuditYears, 0, 0)); err != nil {
		l.cfg.Log.Error("the audit log cannot be pruned", "error", err)
	} else if n > 0 {
		l.cfg.Log.Info("old entries left the audit log", "entries", n)
	}
	if n := l.cfg.Store.AuditLength(); n > store.LargeAudit && !l.large {
		l.large = true
		l.cfg.Log.Warn("the audit log is large, and nothing leaves it before its years are over: see that the disk has room", "entries", n, "years", store.AuditYears)
	}
}
