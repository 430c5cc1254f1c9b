package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// memorySetting keeps since when each clause stands as it does.
const memorySetting = "compliance.memory"

// startTrail prepares what the cameras report to.
func (g *Gateway) startTrail(Options) error {
	now := time.Now()
	today, err := g.store.Days(policy.DateOf(now), policy.DateOf(now))
	if err != nil {
		g.log.Error("today's times of protection begin anew", "error", err)
	}
	g.clock = compliance.NewClock(today)
	if err := g.history.remember(g.store, now); err != nil {
		g.log.Error("the cameras' history begins anew", "error", err)
	}
	g.trail = newTrail(g.store, g.log, g.mqtt.NotifyEvents, g.loginsRefused)
	g.engine = compliance.New(compliance.Config{
		Pack: g.pack(), Facts: g.facts, Share: g.clock.Share, Changed: g.judged, Memory: g.memory(),
	})
	g.trail.judge = g.engine.Poke
	ctx, cancel := context.WithCancel(context.Background())
	g.stopTrail = cancel
	go g.trail.run(ctx)
	return g.trail.write(happening{Entry: store.Entry{Action: "gateway.started", Actor: itself, Detail: Version + "+" + wire.BuildID}})
}

// startJudging begins to judge once all cameras are there.
func (g *Gateway) startJudging(Options) error {
	ctx, cancel := context.WithCancel(context.Background())
	var both sync.WaitGroup
	g.stopJudging = func() { cancel(); both.Wait() }
	both.Go(func() { g.engine.Run(ctx) })
	both.Go(func() { g.obey(ctx) })
	return nil
}

// closeTrail ends the trail; judging has ended and the cameras are gone by then.
func (g *Gateway) closeTrail() {
	if g.trail == nil {
		return
	}
	_ = g.keepDays() // told there
	g.trail.note(happening{Entry: store.Entry{Action: "gateway.stopped", Actor: itself}})
	g.stopTrail()
	<-g.trail.done
}

// memory reads what the last run left. Without it all clauses are new.
func (g *Gateway) memory() (m compliance.Memory) {
	v, err := g.store.Setting(memorySetting)
	if err == nil {
		err = json.Unmarshal([]byte(v.Reveal()), &m)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		g.log.Error("since when each clause stands is forgotten", "error", err)
	}
	return m
}

// judged takes each judgement of the engine.
func (g *Gateway) judged(r compliance.Report, changes []compliance.Change, m compliance.Memory) {
	g.mqtt.SetCompliance(standing(r), clauseStates(r))
	g.hub.judged(r)
	g.keeper.soon("times of protection", g.keepDays)
	if len(changes) == 0 {
		return
	}
	b, err := json.Marshal(m) // now: the engine goes on with it
	g.keeper.soon("compliance status", func() error { return g.keepMemory(b, err) })
	for _, c := range changes {
		if c.From != "" || c.Clause.Status == policy.Fail {
			g.trail.note(happening{
				store.Entry{Action: "clause.changed", Actor: itself, Subject: "clause/" + c.Clause.ID, Detail: string(c.From) + ">" + string(c.Clause.Status)},
				&Event{Type: EventClause, Clause: c.Clause.ID, From: string(c.From), To: string(c.Clause.Status)},
			})
		}
	}
}

func (g *Gateway) keepMemory(b []byte, err error) error {
	if err == nil {
		err = g.store.PutSetting(memorySetting, store.NewSecret(string(b)))
	}
	if err != nil {
		g.log.Error("the compliance status cannot be stored", "error", err)
	}
	return err
}

func (g *Gateway) keepDays() error {
	days := g.clock.Take()
	if len(days) == 0 {
		return nil
	}
	err := g.store.AddDays(time.Now(), days...)
	if err != nil {
		g.clock.Return(days)
		g.log.Error("the times of protection cannot be stored yet", "error", err)
	}
	return err
}

// daysKept has the times of protection stored, as far as the disk takes them now.
func (g *Gateway) daysKept() { _ = g.keeper.keep("times of protection", g.keepDays).within(keptWithin) }

// late is called when what masks begins or ceases to wait for the disk.
func (g *Gateway) late() {
	if g.engine != nil {
		g.engine.Poke()
	}
	g.hub.poke()
}

// watch is called by each camera every few seconds and whenever its
// protection changes, then with the one before.
func (g *Gateway) watch(id media.CameraID, p, was media.Protection) {
	now := time.Now()
	g.clock.Note(id, watchOf(p), now)
	g.history.note(id, p, now)
	if p == was {
		return
	}
	g.trail.note(happening{
		store.Entry{Action: "protection.changed", Actor: itself, Subject: subject(id), Detail: string(was) + ">" + string(p)},
		&Event{Type: EventProtection, Camera: id, From: string(was), To: string(p)},
	})
	g.engine.Poke()
	g.hub.poke()
}

func subject(id media.CameraID) string { return "camera/" + string(id) }

func watchOf(p media.Protection) compliance.Watch {
	switch p {
	case media.Protected, media.OverMasked:
		return compliance.Protected
	case media.Offline:
		return compliance.Offline
	case media.UnknownProtection:
		return compliance.Starting
	}
	return compliance.Gap
}

// changed notes what an administrator did, and has all clauses judged anew. Its
// error means that the change is in force but not on the trail.
func (g *Gateway) changed(ctx context.Context, action, subject, detail string, event *Event) error {
	g.engine.Poke()
	return g.trail.write(happening{store.Entry{Action: action, Actor: console.Actor(ctx), Subject: subject, Detail: detail}, event})
}

// facts collects what the checks look at.
func (g *Gateway) facts() *policy.Facts {
	f := &policy.Facts{Now: time.Now(), Consent: g.consentFacts(), Box: g.boxFacts()}
	var err, err2 error
	f.Site, err = g.store.Site()
	f.Records, err2 = g.store.AllRecords()
	if err := errors.Join(err, err2); err != nil {
		g.log.Error("some records cannot be read and do not count", "error", err)
	}
	for _, c := range g.sorted() {
		f.Cameras = append(f.Cameras, g.cameraFacts(c))
	}
	return f
}

func (g *Gateway) cameraFacts(c *camera) policy.CameraFacts {
	id := c.cfg.source.ID
	said, _ := g.factsOf(id)
	return policy.CameraFacts{
		ID: id, Camera: said, Created: policy.DateOf(c.cfg.created),
		Capture: zone.Has(g.zonesOf(id), zone.Capture),
	}
}

// boxFacts are those of this program: it has no search, no models of
// attributes, no reversible masks, keeps no pictures, sends no face data, and
// lets no picture pass without a result (promise 1).
func (g *Gateway) boxFacts() policy.BoxFacts {
	waiting, full := g.keeper.unstored()
	unstored := waiting + int(full)
	return policy.BoxFacts{
		AnonymousViewing: g.cfg.RTSP.Anonymous,
		SharedAccount:    !g.cfg.RTSP.Anonymous, // the stream server has one login
		ControlsOff:      g.controlsOff(),
		EvidenceFails:    g.evidenceProblem(),
		Unstored:         unstored,
		OlderStore:       g.past.why(),
	}
}

// evidenceProblem says why evidence cannot be exported, empty where it can.
func (g *Gateway) evidenceProblem() string {
	if _, err := g.store.Signer(); err != nil {
		return err.Error()
	}
	if g.evidenceFailed.Load() {
		return "the last export failed, see the log"
	}
	return ""
}

// controlsOff lists those of the five controls (Order 19, Article 14) that do
// not work: secrets are encrypted at rest and the socket's mode is the
// authorisation, both always.
func (g *Gateway) controlsOff() (off []string) {
	if g.trail.holes() {
		off = append(off, "audit")
	}
	if g.cfg.RTSP.Anonymous {
		off = append(off, "access")
	}
	for _, c := range g.sorted() {
		c.mu.Lock()
		bare := c.by.Phase == worker.Masking && len(c.by.Ready.Layers) == 0
		c.mu.Unlock()
		if bare {
			return append(off, "intrusion")
		}
	}
	return off
}
