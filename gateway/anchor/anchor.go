// Package anchor watches that the store is not an older copy of itself. Inputs are what
// was kept of its history outside: a file, the broker's message, a TPM's counter; outputs
// are new anchors, and whether anybody may be shown. Between Start and Close one goroutine
// keeps the anchors. It never believes what this gateway did not sign.
package anchor

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/tpm"
)

// Config is what a watch works with.
type Config struct {
	Store *store.Store
	Log   *slog.Logger
	// File with anchors, in a folder that may be missing; TPM is its device, empty for
	// the usual one.
	File, TPM string
	// Broker: an external one may have an anchor, and nobody is shown before it is read.
	Broker bool
	// Changed is called when it changes whether the store is an older one, or whether
	// consents count.
	Changed func()
	// Publish leaves an anchor at the broker.
	Publish func(payload []byte)
}

// Watch sees to it that the store goes on from where it was. Anchors outside of it
// say how far it had come: a file in another folder, the broker, a counter in
// the TPM. A store behind one of them is an older copy, in which consents may
// count that were withdrawn, and private zones be missing: nobody is shown and
// all frames are hidden until a person decides.
type Watch struct {
	cfg     Config
	audit   *audit.Log   // from Start on
	file    *file        // nil: none
	counter *tpm.Counter // nil: none

	mu         sync.Mutex
	seenBy     string // what showed that the store is an older one; empty: it is not
	after      uint64 // the latest era of the own anchors that were seen
	waiting    bool   // the broker's anchor is yet to be read, nobody is shown
	brokerRead int    // how often it was read: from the first time on the own one may take its place
	last       store.Anchor
	lastRead   int // brokerRead when last was kept
	counted    store.Anchor
	warned     bool

	wake    chan struct{}
	patient *time.Timer
	cancel  context.CancelFunc
	done    chan struct{}
}

// What shows that a store is an older one, as programs know it.
const (
	seenByFile   = "file"
	seenByBroker = "broker"
	seenByTPM    = "tpm"
	seenMissing  = "missing" // the file with anchors is empty or not there
	seenForeign  = "foreign" // it holds another gateway's
)

var seenWords = map[string]text.Key{seenByFile: text.OlderByFile, seenByBroker: text.OlderByBroker, seenByTPM: text.OlderByTPM, seenMissing: text.OlderMissing, seenForeign: text.OlderForeign}

const (
	// anchorEvery is how much of the history may be without an anchor, countEvery
	// the same for the TPM, which wears.
	anchorEvery = time.Second
	countEvery  = time.Minute
	// brokerPatience bounds how long nobody is shown because the broker's anchor
	// is not read yet.
	brokerPatience = 5 * time.Second
)

// Open looks at the anchors before anything counts.
func Open(c Config) (*Watch, error) {
	w := &Watch{cfg: c, waiting: c.Broker, wake: make(chan struct{}, 1), done: make(chan struct{})}
	if err := w.compare(); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *Watch) compare() error {
	isNew, err := w.cfg.Store.IsNew()
	if err != nil {
		return err
	}
	var opened error
	var all []store.Anchor
	strange := false
	w.file, all, strange, opened = openFile(w.cfg.File)
	if opened != nil {
		w.cfg.Log.Error("the file with anchors cannot be used: an older store in this one's place is not seen by it", "error", opened)
	}
	if w.counter, err = openCounter(w.cfg.Store, w.cfg.TPM, isNew); err != nil {
		w.cfg.Log.Debug("no counter in a TPM", "error", err)
	}
	if isNew { // nothing can come back in it
		return nil
	}
	if v, err := w.cfg.Store.Setting(store.AnchorBehind); err == nil {
		w.seenBy = v.Reveal()
	}
	if err := w.compareAll(all); err != nil {
		return err
	}
	if _, err := w.cfg.Store.Setting(store.AnchorFile); w.seenBy == "" && (err == nil && len(all) == 0 || strange) {
		w.seenBy = seenMissing
	}
	if _, err := w.cfg.Store.Setting(store.AnchorChosen); err == nil && (w.seenBy == seenMissing || w.seenBy == seenForeign) {
		w.seenBy = "" // there is none of the history that a person chose
	}
	return w.compareCounter()
}

// openCounter is the TPM's, where there is one. It makes no key in a store that has
// none yet: until the gateway is up an update must leave nothing behind.
func openCounter(s *store.Store, path string, isNew bool) (*tpm.Counter, error) {
	if path == "" {
		path = tpm.Device
	}
	if _, err := s.Setting(store.SigningKey); err != nil && !isNew {
		return nil, err
	}
	key, err := s.Signer()
	if err != nil {
		return nil, err
	}
	return tpm.Open(path, key.Public().(ed25519.PublicKey))
}

func (w *Watch) compareAll(all []store.Anchor) error {
	foreign := 0
	for _, a := range all {
		is, err := w.cfg.Store.Stands(a)
		switch {
		case err != nil:
			return err
		case is == store.Foreign:
			foreign++
			continue
		case is == store.Behind && w.seenBy == "":
			w.seenBy = seenByFile
		}
		w.after = max(w.after, a.Era)
	}
	if foreign > 0 && foreign == len(all) && w.seenBy == "" {
		w.seenBy = seenForeign
	}
	return nil
}

// compareCounter: the store counts first, so that it is one ahead after a power
// cut, never behind. Without a count it takes the TPM's.
func (w *Watch) compareCounter() error {
	if w.counter == nil {
		return nil
	}
	is, err := w.counter.Value()
	if err != nil {
		w.cfg.Log.Warn("the TPM's counter cannot be read", "error", err)
		return nil
	}
	v, err := w.cfg.Store.Setting(store.AnchorCount)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	knows, err := strconv.ParseUint(v.Reveal(), 10, 64)
	switch {
	case err != nil || is > knows:
		if w.seenBy == "" {
			w.seenBy = seenByTPM
		}
	case is+1 < knows:
		w.cfg.Log.Warn("the TPM's counter is another one than before, and begins anew", "counter", is, "store", knows)
	}
	return nil
}

// Start records what was seen and keeps anchors from now on, until Close.
func (w *Watch) Start(log *audit.Log) {
	w.audit = log
	if by := w.Older(); by != "" {
		w.report(by)
	}
	var ctx context.Context
	ctx, w.cancel = context.WithCancel(context.Background())
	w.patient = time.AfterFunc(brokerPatience, w.enough)
	go w.run(ctx)
}

func (w *Watch) report(by string) {
	w.cfg.Log.Error("the store is an older one: nobody is shown and all frames are hidden until bauta restore decides", "seen_by", by)
	w.audit.Note(audit.Record{Action: audit.HistoryBehind, Actor: audit.Gateway, Subject: "store", Detail: "seen=" + by})
}

// Older says what showed that the store is an older one, empty: it is not.
func (w *Watch) Older() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seenBy
}

// Why is Older in words, nil where it is not.
func (w *Watch) Why() error {
	by := w.Older()
	if by == "" {
		return nil
	}
	return text.Fail(nil, text.StoreOlder, seenWords[by])
}

// Shows reports whether consents count.
func (w *Watch) Shows() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seenBy == "" && !w.waiting
}

// enough ends the wait for a broker that is away.
func (w *Watch) enough() {
	w.mu.Lock()
	was := w.waiting
	w.waiting = false
	w.mu.Unlock()
	if was {
		w.cfg.Changed()
	}
}

// BrokerRead is called when all that the broker had was received.
func (w *Watch) BrokerRead() {
	w.mu.Lock()
	w.brokerRead++
	w.mu.Unlock()
	w.notify()
	w.enough()
}

// Received takes an anchor from the broker, where anybody may have written it: what
// this gateway did not sign, or signed earlier, means nothing.
func (w *Watch) Received(payload []byte) {
	a, err := store.ParseAnchor(payload)
	if err != nil {
		w.cfg.Log.Debug("what the broker has is no anchor", "error", err)
		return
	}
	is, err := w.cfg.Store.Stands(a)
	if err != nil || is == store.Foreign {
		return
	}
	w.mu.Lock()
	w.after = max(w.after, a.Era)
	news := is == store.Behind && w.seenBy == ""
	if news {
		w.seenBy = seenByBroker
	}
	w.mu.Unlock()
	if news {
		w.notify()
		w.cfg.Changed()
	}
}

func (w *Watch) notify() {
	select {
	case w.wake <- struct{}{}:
	default: // it has yet to wake for the last one
	}
}

// run keeps anchors until ctx ends, then the last ones.
func (w *Watch) run(ctx context.Context) {
	defer close(w.done)
	anchor, count := time.NewTicker(anchorEvery), time.NewTicker(countEvery)
	defer anchor.Stop()
	defer count.Stop()
	reported := w.Older()
	w.keep()
	w.count()
	for {
		select {
		case <-anchor.C:
			w.keep()
		case <-w.wake:
			w.keep()
		case <-count.C:
			w.count()
		case <-ctx.Done():
			w.keep()
			w.count()
			return
		}
		if by := w.Older(); by != reported {
			if reported = by; by != "" {
				w.report(by)
			}
		}
	}
}

// keep anchors the history where it went on; one that is behind keeps none, so
// that what showed it stays.
func (w *Watch) keep() {
	if by := w.Older(); by != "" {
		if v, err := w.cfg.Store.Setting(store.AnchorBehind); err != nil || v.Reveal() != by {
			w.failed(w.cfg.Store.PutSetting(store.AnchorBehind, store.NewSecret(by)))
		}
		return
	}
	now, err := w.cfg.Store.Place()
	w.mu.Lock()
	read := w.brokerRead
	same := now.Seq == w.last.Seq && now.Era == w.last.Era && read == w.lastRead
	w.mu.Unlock()
	if err != nil || same {
		w.failed(err)
		return
	}
	if w.failed(w.anchor(read > 0)) {
		return
	}
	w.mu.Lock()
	w.last, w.lastRead = now, read
	w.mu.Unlock()
}

func (w *Watch) anchor(atBroker bool) error {
	a, err := w.cfg.Store.Anchor(time.Now())
	if err != nil {
		return err
	}
	if w.file != nil {
		if err := w.file.write(a); err != nil {
			return fmt.Errorf("anchor: %w", err)
		}
		if _, err := w.cfg.Store.Setting(store.AnchorFile); errors.Is(err, store.ErrNotFound) {
			if err := w.cfg.Store.Anchored(); err != nil {
				return err
			}
		}
	}
	if !atBroker {
		return nil
	}
	b, err := json.Marshal(a)
	if err == nil {
		w.cfg.Publish(b)
	}
	return err
}

// count takes the counter on by one where the history went on: in the store first.
func (w *Watch) count() {
	if w.counter == nil || w.Older() != "" {
		return
	}
	now, err := w.cfg.Store.Place()
	if err != nil || now.Seq == w.counted.Seq && now.Era == w.counted.Era {
		return
	}
	is, err := w.counter.Value()
	if err == nil {
		err = w.cfg.Store.PutSetting(store.AnchorCount, store.NewSecret(strconv.FormatUint(is+1, 10)))
	}
	if err == nil {
		err = w.counter.Step()
	}
	if !w.failed(err) {
		w.counted = now
	}
}

// failed logs an error once.
func (w *Watch) failed(err error) bool {
	if err != nil && !w.warned {
		w.cfg.Log.Error("the history cannot be anchored: going back would not be seen", "error", err)
	}
	w.warned = err != nil
	return err != nil
}

// Close keeps the last anchors and ends.
func (w *Watch) Close() {
	if w.patient != nil {
		w.patient.Stop()
	}
	if w.cancel != nil {
		w.cancel()
		<-w.done
	}
	if w.file != nil {
		_ = w.file.Close() // each write was synced
	}
	if w.counter != nil {
		_ = w.counter.Close() // nothing is lost with it
	}
}

// AcceptOlder takes the store as it is, in a person's name: its history goes on
// from here, and anchors of the other one do not count any more.
func (w *Watch) AcceptOlder(ctx context.Context) error {
	w.mu.Lock()
	by, after := w.seenBy, w.after
	w.mu.Unlock()
	if by == "" {
		return api.Refuse(api.CodeInvalid, text.OlderNot)
	}
	actor := identity.Actor(ctx)
	err := w.cfg.Store.BeginEra(after, store.AuditRecord{Action: string(audit.HistoryTaken), Actor: actor, Subject: "store", Detail: "seen=" + by})
	if err != nil {
		return err
	}
	w.mu.Lock()
	w.seenBy = ""
	w.mu.Unlock()
	w.notify()
	w.cfg.Changed()
	w.cfg.Log.Warn("the store is taken as it is", "by", actor)
	return nil
}
