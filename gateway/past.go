package gateway

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
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/hardware/tpm"
)

// past watches that the store goes on from where it was. Anchors outside of it
// say how far it had come: a file in another folder, the broker, a counter in
// the TPM. A store behind one of them is an older copy, in which consents may
// count that were withdrawn, and private zones be missing: nobody is shown and
// all pictures are hidden until a person decides.
type past struct {
	store *store.Store
	log   *slog.Logger
	// turned is called when it changes whether the store is an older one.
	turned func()
	// publish leaves an anchor at the broker.
	publish func(payload []byte)

	file    *anchorFile  // nil: none
	counter *tpm.Counter // nil: none

	mu      sync.Mutex
	seenBy  string // what showed that the store is an older one; empty: it is not
	after   uint64 // the latest era of the own anchors that were seen
	waiting bool   // the broker's anchor is yet to be read, nobody is shown
	heard   bool   // it was read: the own one may take its place
	last    store.Anchor
	counted store.Anchor
	warned  bool

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

// openPast looks at the anchors before anything counts.
func (g *Gateway) openPast(o Options) error {
	p := &past{store: g.store, log: g.log, turned: g.pastTurned, publish: func(b []byte) { g.mqtt.SetAnchor(b) },
		waiting: g.cfg.MQTT.Broker != "", wake: make(chan struct{}, 1), done: make(chan struct{})}
	g.past = p
	isNew, err := g.store.IsNew()
	if err != nil {
		return err
	}
	var opened error
	var all []store.Anchor
	strange := false
	p.file, all, strange, opened = openAnchors(anchorPath(g.cfg.Data))
	if opened != nil {
		g.log.Error("the file with anchors cannot be used: an older store in this one's place is not seen by it", "error", opened)
	}
	if p.counter, err = openCounter(g.store, o.tpm, isNew); err != nil {
		g.log.Debug("no counter in a TPM", "error", err)
	}
	if isNew { // nothing can come back in it
		return nil
	}
	if v, err := g.store.Setting(store.AnchorBehind); err == nil {
		p.seenBy = v.Reveal()
	}
	if err := p.compareAll(all); err != nil {
		return err
	}
	if _, err := g.store.Setting(store.AnchorFile); p.seenBy == "" && (err == nil && len(all) == 0 || strange) {
		p.seenBy = seenMissing
	}
	if _, err := g.store.Setting(store.AnchorChosen); err == nil && (p.seenBy == seenMissing || p.seenBy == seenForeign) {
		p.seenBy = "" // there is none of the history that a person chose
	}
	return p.compareCounter()
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

func (p *past) compareAll(all []store.Anchor) error {
	foreign := 0
	for _, a := range all {
		is, err := p.store.Stands(a)
		switch {
		case err != nil:
			return err
		case is == store.Foreign:
			foreign++
			continue
		case is == store.Behind && p.seenBy == "":
			p.seenBy = seenByFile
		}
		p.after = max(p.after, a.Era)
	}
	if foreign > 0 && foreign == len(all) && p.seenBy == "" {
		p.seenBy = seenForeign
	}
	return nil
}

// compareCounter: the store counts first, so that it is one ahead after a power
// cut, never behind. Without a count it takes the TPM's.
func (p *past) compareCounter() error {
	if p.counter == nil {
		return nil
	}
	is, err := p.counter.Value()
	if err != nil {
		p.log.Warn("the TPM's counter cannot be read", "error", err)
		return nil
	}
	v, err := p.store.Setting(store.AnchorCount)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	knows, err := strconv.ParseUint(v.Reveal(), 10, 64)
	switch {
	case err != nil || is > knows:
		if p.seenBy == "" {
			p.seenBy = seenByTPM
		}
	case is+1 < knows:
		p.log.Warn("the TPM's counter is another one than before, and begins anew", "counter", is, "store", knows)
	}
	return nil
}

// startPast tells of what was seen and keeps anchors from now on.
func (g *Gateway) startPast(Options) error {
	p := g.past
	if by := p.older(); by != "" {
		p.tell(g.trail, by)
	}
	var ctx context.Context
	ctx, p.cancel = context.WithCancel(context.Background())
	p.patient = time.AfterFunc(brokerPatience, p.enough)
	go p.run(ctx, g.trail)
	return nil
}

func (p *past) tell(t *audit.Log, by string) {
	p.log.Error("the store is an older one: nobody is shown and all pictures are hidden until bauta restore decides", "seen_by", by)
	t.Note(audit.Record{Action: audit.HistoryBehind, Actor: audit.Gateway, Subject: "store", Detail: "seen=" + by})
}

// older says what showed that the store is an older one, empty: it is not.
func (p *past) older() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seenBy
}

// why is older in words, nil where it is not.
func (p *past) why() error {
	by := p.older()
	if by == "" {
		return nil
	}
	return text.Fail(nil, text.StoreOlder, seenWords[by])
}

// shows tells whether consents count.
func (p *past) shows() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seenBy == "" && !p.waiting
}

// enough ends the wait for a broker that is away.
func (p *past) enough() {
	p.mu.Lock()
	was := p.waiting
	p.waiting = false
	p.mu.Unlock()
	if was {
		p.turned()
	}
}

// brokerRead is called when all that the broker had was heard.
func (p *past) brokerRead() {
	p.mu.Lock()
	p.heard = true
	p.last = store.Anchor{} // leave it there too
	p.mu.Unlock()
	p.poke()
	p.enough()
}

// hear takes an anchor from the broker, where anybody may have written it: what
// this gateway did not sign, or signed earlier, means nothing.
func (p *past) hear(payload []byte) {
	a, err := store.ParseAnchor(payload)
	if err != nil {
		p.log.Debug("what the broker has is no anchor", "error", err)
		return
	}
	is, err := p.store.Stands(a)
	if err != nil || is == store.Foreign {
		return
	}
	p.mu.Lock()
	p.after = max(p.after, a.Era)
	news := is == store.Behind && p.seenBy == ""
	if news {
		p.seenBy = seenByBroker
	}
	p.mu.Unlock()
	if news {
		p.poke()
		p.turned()
	}
}

func (p *past) poke() {
	select {
	case p.wake <- struct{}{}:
	default: // it has not looked since the last one
	}
}

// run keeps anchors until ctx ends, then the last ones.
func (p *past) run(ctx context.Context, t *audit.Log) {
	defer close(p.done)
	anchor, count := time.NewTicker(anchorEvery), time.NewTicker(countEvery)
	defer anchor.Stop()
	defer count.Stop()
	told := p.older()
	p.keep()
	p.count()
	for {
		select {
		case <-anchor.C:
			p.keep()
		case <-p.wake:
			p.keep()
		case <-count.C:
			p.count()
		case <-ctx.Done():
			p.keep()
			p.count()
			return
		}
		if by := p.older(); by != told {
			if told = by; by != "" {
				p.tell(t, by)
			}
		}
	}
}

// keep anchors the history where it went on; one that is behind keeps none, so
// that what showed it stays.
func (p *past) keep() {
	if by := p.older(); by != "" {
		if v, err := p.store.Setting(store.AnchorBehind); err != nil || v.Reveal() != by {
			p.failed(p.store.PutSetting(store.AnchorBehind, store.NewSecret(by)))
		}
		return
	}
	now, err := p.store.Place()
	p.mu.Lock()
	same, heard := now.Seq == p.last.Seq && now.Era == p.last.Era, p.heard
	p.mu.Unlock()
	if err != nil || same {
		p.failed(err)
		return
	}
	if p.failed(p.anchor(heard)) {
		return
	}
	p.mu.Lock()
	p.last = now
	p.mu.Unlock()
}

func (p *past) anchor(atBroker bool) error {
	a, err := p.store.Anchor(time.Now())
	if err != nil {
		return err
	}
	if p.file != nil {
		if err := p.file.write(a); err != nil {
			return fmt.Errorf("anchor: %w", err)
		}
		if _, err := p.store.Setting(store.AnchorFile); errors.Is(err, store.ErrNotFound) {
			if err := p.store.Anchored(); err != nil {
				return err
			}
		}
	}
	if !atBroker {
		return nil
	}
	b, err := json.Marshal(a)
	if err == nil {
		p.publish(b)
	}
	return err
}

// count takes the counter on by one where the history went on: in the store first.
func (p *past) count() {
	if p.counter == nil || p.older() != "" {
		return
	}
	now, err := p.store.Place()
	if err != nil || now.Seq == p.counted.Seq && now.Era == p.counted.Era {
		return
	}
	is, err := p.counter.Value()
	if err == nil {
		err = p.store.PutSetting(store.AnchorCount, store.NewSecret(strconv.FormatUint(is+1, 10)))
	}
	if err == nil {
		err = p.counter.Step()
	}
	if !p.failed(err) {
		p.counted = now
	}
}

// failed tells of an error once.
func (p *past) failed(err error) bool {
	if err != nil && !p.warned {
		p.log.Error("the history cannot be anchored: going back would not be seen", "error", err)
	}
	p.warned = err != nil
	return err != nil
}

func (p *past) close() {
	if p.patient != nil {
		p.patient.Stop()
	}
	if p.cancel != nil {
		p.cancel()
		<-p.done
	}
	if p.file != nil {
		_ = p.file.Close() // each write was synced
	}
	if p.counter != nil {
		_ = p.counter.Close() // nothing is lost with it
	}
}

// AcceptOlder takes the store as it is, in a person's name: its history goes on
// from here, and anchors of the other one do not count any more.
func (g *Gateway) AcceptOlder(ctx context.Context) error {
	p := g.past
	p.mu.Lock()
	by, after := p.seenBy, p.after
	p.mu.Unlock()
	if by == "" {
		return api.Refuse(api.CodeInvalid, text.OlderNot)
	}
	err := g.store.BeginEra(after, store.Entry{Action: audit.HistoryTaken, Actor: console.Actor(ctx), Subject: "store", Detail: "seen=" + by})
	if err != nil {
		return err
	}
	p.mu.Lock()
	p.seenBy = ""
	p.mu.Unlock()
	p.poke()
	g.pastTurned()
	g.log.Warn("the store is taken as it is", "by", console.Actor(ctx))
	return nil
}

// pastTurned puts in force whether anybody may be shown.
func (g *Gateway) pastTurned() {
	g.consents.refresh()
	g.late()
}
