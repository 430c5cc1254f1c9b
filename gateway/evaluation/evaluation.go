// Package evaluation runs the clauses over the gateway's own facts. Inputs are what is
// said of the site, the records, the cameras, the consents and the host; outputs are the
// report for pages and MQTT, the times of protection, and evidence. Run is the one
// goroutine, started and awaited by who composes the gateway. Asking for a report never
// changes anything.
package evaluation

import (
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/consents"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/violations"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// memorySetting keeps since when each clause stands as it does.
const memorySetting = "compliance.memory"

// Config is what an evaluation works with.
type Config struct {
	// Gateway's name; Pack is the configured rule pack, which adds to those that the
	// site's jurisdiction chooses.
	Gateway string
	Pack    string
	// Host is the time zone of the host, for sites of which nobody said one.
	Host *time.Location
	// Anonymous: viewers need no login.
	Anonymous bool
	// Shared reports whether several of them use one login.
	Shared    func(now time.Time) bool
	Store     *store.Store
	Queue     *change.Queue
	Audit     *audit.Log
	Publisher *mqtt.Publisher
	Cameras   *camera.Set
	Consents  *consents.Consents
	// Violations are what cameras did against the law.
	Violations *violations.Register
	// Sealed is how the originals of cameras are kept here; nil: of none.
	Sealed func() map[media.CameraID]policy.Sealed
	// Older says why the store is an older one; nil: it is not.
	Older func() error
	// Displays counts the links of screens, and those of them that no screen uses; nil: none.
	Displays func() (all, idle int)
	// Reported takes each new report.
	Reported func(compliance.Report)
	Log      *slog.Logger
}

// Evaluation evaluates the clauses. Make it with New.
type Evaluation struct {
	*compliance.Engine // Run, Notify and Preview are the engine's

	cfg   Config
	clock *compliance.Clock
	admin sync.Mutex // one change of the site or the records at a time
	// zone is the site's time zone, as it was last read.
	zone    atomic.Pointer[time.Location]
	cleared sync.Once // what earlier runs left at the broker
	// before is how the clauses stood before the last update; updated: this is the first run
	// after one.
	before  before
	updated bool
	// exportFailed says how the last export of evidence went.
	exportFailed atomic.Bool
	// forgotten is the day on which names that were due were last forgotten.
	forgotten atomic.Pointer[civil.Date]
	// unreadable is what was last logged of records that cannot be read.
	unreadable atomic.Pointer[string]
}

// New reads what the last run left. Without it all clauses are new.
func New(c Config) *Evaluation {
	e := &Evaluation{cfg: c}
	site, err := c.Store.Site()
	if err != nil {
		c.Log.Error("the site's time zone is not known, the host's is taken", "error", err)
	}
	e.zone.Store(site.Location(c.Host))
	day := civil.Of(e.now())
	today, err := c.Store.Days(day, day)
	if err != nil {
		c.Log.Error("today's times of protection begin anew", "error", err)
	}
	e.clock = compliance.NewClock(today)
	memory := e.memory()
	e.before, e.updated = e.lastUpdate(memory)
	e.Engine = compliance.New(compliance.Config{Packs: e.packs, Facts: e.facts, Share: e.clock.Share, Changed: e.changed, Memory: memory})
	return e
}

func (e *Evaluation) packs(jurisdiction string) policy.Stack {
	return policy.Select(jurisdiction, e.cfg.Pack)
}

// Packs are those that the site is evaluated by now.
func (e *Evaluation) Packs() policy.Stack {
	site, err := e.cfg.Store.Site()
	if err != nil {
		e.cfg.Log.Error("where the site lies cannot be read, so the configured rule pack holds", "error", err)
	}
	return e.packs(site.Jurisdiction)
}

// Watch takes what a camera's viewers get, at each change and every few seconds; empty
// where the camera is gone.
func (e *Evaluation) Watch(id media.CameraID, p media.Protection) {
	e.clock.Note(id, watchOf(p), e.now())
}

// now is the moment by the clock of the site, whose days are the site's.
func (e *Evaluation) now() time.Time { return time.Now().In(e.zone.Load()) }

func watchOf(p media.Protection) compliance.Watch {
	switch p {
	case "":
		return compliance.Off
	case media.Protected, media.OverMasked:
		return compliance.Protected
	case media.Offline:
		return compliance.Offline
	case media.UnknownProtection:
		return compliance.Starting
	}
	return compliance.Gap
}

func (e *Evaluation) memory() (m compliance.Memory) {
	v, err := e.cfg.Store.Setting(memorySetting)
	if err == nil {
		err = json.Unmarshal([]byte(v.Reveal()), &m)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		e.cfg.Log.Error("since when each clause stands is forgotten", "error", err)
	}
	return m
}

// changed takes each evaluation of the engine.
func (e *Evaluation) changed(r compliance.Report, changes []compliance.Change, m compliance.Memory) {
	e.cleared.Do(func() {
		e.cfg.Publisher.ClearClauses(leftOver(m))
		if e.updated {
			e.cfg.Queue.Soon("how the duties stood before the update", e.keepUpdate)
		}
	})
	e.cfg.Publisher.SetCompliance(standing(r), clauseStates(r))
	e.cfg.Reported(r)
	e.cfg.Queue.Soon("times of protection", e.KeepDays)
	if !e.namesForgotten() {
		e.cfg.Queue.Soon("names of persons", e.forgetNames)
	}
	if len(changes) == 0 {
		return
	}
	b, err := json.Marshal(m) // now: the engine goes on with it
	e.cfg.Queue.Soon("compliance status", func() error { return e.keepMemory(b, err) })
	for _, c := range changes {
		if c.Kind != policy.Law {
			continue // a draft is neither kept nor broken
		}
		if c.From != "" || c.Clause.Status == policy.Fail {
			e.cfg.Audit.Note(audit.Record{
				Action: audit.ClauseChanged, Actor: audit.Gateway, Subject: "clause/" + c.Clause.ID, Detail: string(c.From) + ">" + string(c.Clause.Status),
				Event: &audit.Event{Type: audit.EventClause, Clause: c.Clause.ID, From: string(c.From), To: string(c.Clause.Status)},
			})
		}
	}
}

// retired are clauses that earlier versions published and no pack has any more.
var retired = []string{"m-search", "m-attributes", "m-human-review", "m-device-test", "sz-unapproved", "sz-faces", "sz-restaurants"}

// leftOver are all clauses that an earlier run, or version, may have left at the broker; those
// that hold are published right after.
func leftOver(m compliance.Memory) []string {
	ids := slices.Clone(retired)
	for _, pack := range config.Packs {
		for _, c := range policy.Load(pack).Clauses {
			ids = append(ids, c.ID)
		}
	}
	for id := range m {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

func (e *Evaluation) keepMemory(b []byte, err error) error {
	if err == nil {
		err = e.cfg.Store.PutSetting(memorySetting, store.NewSecret(string(b)))
	}
	if err != nil {
		e.cfg.Log.Error("the compliance status cannot be stored", "error", err)
	}
	return err
}

// KeepDays stores the times of protection since the last time; an error is logged, and
// what could not be stored is kept for the next time.
func (e *Evaluation) KeepDays() error {
	days := e.clock.Take()
	if len(days) == 0 {
		return nil
	}
	err := e.cfg.Store.AddDays(e.now(), days...)
	if err != nil {
		e.clock.Return(days)
		e.cfg.Log.Error("the times of protection cannot be stored yet", "error", err)
	}
	return err
}

// daysKept has the times of protection stored, as far as the disk takes them now.
func (e *Evaluation) daysKept() {
	_ = e.cfg.Queue.Once("times of protection", e.KeepDays).Within(change.Within)
}

// standing is the report as MQTT carries it.
func standing(r compliance.Report) mqtt.Standing {
	s := mqtt.Standing{State: string(r.State), Reasons: r.Reasons, Since: r.Since.UTC(), Time: r.Time.UTC(), Seq: r.Seq, PolicyPack: r.Pack, PackVersion: r.Version}
	if r.ProtectedShare != nil {
		share := policy.RoundDown(*r.ProtectedShare, 4)
		s.ProtectedShare = &share
	}
	return s
}

// clauseStates are the clauses in force that can be evaluated.
func clauseStates(r compliance.Report) map[string]mqtt.ClauseState {
	all := map[string]mqtt.ClauseState{}
	for _, c := range r.Clauses {
		if c.Status.Rank() == 0 {
			continue
		}
		all[c.ID] = mqtt.ClauseState{Status: string(c.Status), Basis: string(c.Basis), Evidence: mqtt.Words(c.Evidence), Next: mqtt.Words(c.Next),
			Citation: mqtt.Words(c.Citation), Since: c.Since.UTC(), Verified: c.Verified, Due: string(c.Due)}
	}
	return all
}
