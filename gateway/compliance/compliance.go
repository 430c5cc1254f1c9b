// Package compliance evaluates the clauses of the rule packs in force by what the
// gateway and its operator know, keeps how long each camera was protected,
// and makes and proves evidence packs.
package compliance

import (
	"context"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
)

// Period is how often all clauses are evaluated without being asked; some depend
// on the day alone.
const Period = time.Minute

// rest is the shortest time between two evaluations that nobody asked for.
const rest = 200 * time.Millisecond

// Text is a text in both languages.
type Text = policy.Text

func words(l policy.Line) Text { return Text{EN: l.In(text.EN), ZH: l.In(text.ZhCN)} }

// Clause is how one clause stands.
type Clause struct {
	ID       string        `json:"id"`
	Citation Text          `json:"citation"`
	Duty     Text          `json:"duty"`
	Status   policy.Status `json:"status"`
	// Basis says what a pass rests on: only what was measured is shown in green.
	Basis policy.Basis `json:"basis,omitempty"`
	// Evidence is what the status rests on, Next what to do; both are empty
	// for an informational clause, Next for one that passes.
	Evidence Text `json:"evidence"`
	Next     Text `json:"next"`
	// Action names Next for programs, such as capture.
	Action string `json:"action,omitempty"`
	// Asks is the question that the clause waits for; empty: for none.
	Asks policy.Question `json:"-"`
	// Due is the last day for Next, or the earliest that it can be where the
	// calendar does not know; empty: there is none.
	Due      civil.Date    `json:"due,omitempty"`
	Since    time.Time     `json:"since"`
	Source   policy.Source `json:"source"`
	Verified bool          `json:"verified"`
	Terms
}

// Report is how the site stands.
type Report struct {
	// Pack, Version and Title are those of the first law; Packs are all.
	Pack    string    `json:"pack"`
	Version string    `json:"version"`
	Title   Text      `json:"title"`
	Packs   []PackRef `json:"packs"`
	// State is the worst status of all clauses, Reasons those that have it,
	// unless it is a pass; Since is when State became what it is.
	State   policy.Status `json:"state"`
	Reasons []string      `json:"reasons"`
	Since   time.Time     `json:"since"`
	Time    time.Time     `json:"ts"`
	// Today is the day at the site.
	Today civil.Date `json:"today"`
	// Seq counts the changes of any clause since the engine began.
	Seq uint64 `json:"seq"`
	// ProtectedShare is the part of the time, 0 to 1, in which viewers of
	// cameras that sent got masked frames, today and over all cameras; nil
	// where none has sent.
	ProtectedShare *float64 `json:"protected_share"`
	// Clauses are those of the laws, also of some that do not hold where the site lies;
	// what is no law is in Overlays alone.
	Clauses  []Clause  `json:"clauses"`
	Overlays []Overlay `json:"overlays"`
}

// Change is a clause whose status became another one.
type Change struct {
	Clause Clause
	// From is the status before; empty for the first one ever.
	From policy.Status
	// Kind of the clause's pack.
	Kind policy.PackKind
}

// Memory is what an engine keeps over restarts: since when each clause has
// the status that it has.
type Memory map[string]Remembered

// Remembered is one clause's part of Memory; the key "" is the site's state.
type Remembered struct {
	Status policy.Status `json:"status"`
	Since  time.Time     `json:"since"`
}

// Config is what an engine works with. The functions are called from the
// engine's goroutine and from the callers of Look and Evaluate, one at a time.
type Config struct {
	// Packs are those that a jurisdiction wants evaluated.
	Packs func(jurisdiction string) policy.Stack
	// Facts collects what the checks look at.
	Facts func() *policy.Facts
	// Share is the protected share of today; nil: no camera has sent.
	Share func() *float64
	// Changed takes each new report and what changed with it. Memory is then
	// to be kept.
	Changed func(r Report, changes []Change, m Memory)
	// Memory of the last run; nil: none.
	Memory Memory
}

// Engine evaluates the clauses. Make it with New.
type Engine struct {
	cfg  Config
	wake chan struct{}

	evaluating sync.Mutex // one at a time
	memory     Memory
	seq        uint64

	mu     sync.Mutex
	newest Report
}

// New makes an engine; Run keeps it going.
func New(cfg Config) *Engine {
	e := &Engine{cfg: cfg, wake: make(chan struct{}, 1), memory: Memory{}}
	for id, r := range cfg.Memory {
		e.memory[id] = r
	}
	return e
}

// Notify has all clauses evaluated soon; call it when a fact changed.
func (e *Engine) Notify() {
	select {
	case e.wake <- struct{}{}:
	default: // it has yet to wake for the last one
	}
}

// Run evaluates when notified and each minute, until ctx ends.
func (e *Engine) Run(ctx context.Context) {
	tick := time.NewTicker(Period)
	defer tick.Stop()
	for {
		e.Evaluate()
		select { // many changes at once are evaluated once
		case <-ctx.Done():
			return
		case <-time.After(rest):
		}
		select {
		case <-ctx.Done():
			return
		case <-e.wake:
		case <-tick.C:
		}
	}
}

// Newest is the last report; zero before the first one.
func (e *Engine) Newest() Report {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.newest
}

// Look evaluates all clauses now and changes nothing: what it finds new is not kept.
func (e *Engine) Preview() Report {
	e.evaluating.Lock()
	defer e.evaluating.Unlock()
	r, _, _ := e.report(maps.Clone(e.memory))
	return r
}

// Evaluate evaluates all clauses now, keeps the result and returns it.
func (e *Engine) Evaluate() Report {
	e.evaluating.Lock()
	defer e.evaluating.Unlock()
	r, changes, gone := e.report(e.memory)
	if len(changes) > 0 || gone {
		e.seq++
	}
	r.Seq = e.seq
	e.mu.Lock()
	e.newest = r
	e.mu.Unlock()
	e.cfg.Changed(r, changes, e.memory)
	return r
}

// report evaluates all clauses, notes their states in m and says what is new in it, and
// whether clauses that were in it are no more.
func (e *Engine) report(m Memory) (r Report, changes []Change, gone bool) {
	facts := e.cfg.Facts()
	r = Report{Time: facts.Now, Today: civil.Of(facts.Now), Seq: e.seq, ProtectedShare: e.cfg.Share(), Overlays: []Overlay{}}
	note := func(p *policy.Pack, find func(policy.Clause) policy.Finding) (clauses []Clause) {
		for _, c := range p.Clauses {
			got := clauseOf(p, c, find(c))
			from, changed := m.remember(c.ID, got.Status, facts.Now)
			if got.Since = m[c.ID].Since; changed {
				changes = append(changes, Change{got, from, p.Kind})
			}
			clauses = append(clauses, got)
		}
		return clauses
	}
	for _, p := range e.cfg.Packs(facts.Site.Jurisdiction) {
		r.add(p, note(p, func(c policy.Clause) policy.Finding { return c.Run(facts) }))
	}
	for _, p := range policy.Absent(facts.Site.Jurisdiction) { // whoever looks for them finds why they do not count
		r.Clauses = append(r.Clauses, note(p, func(policy.Clause) policy.Finding { return facts.Spared() })...)
	}
	r.State, r.Reasons = worst(r.Clauses)
	m.remember("", r.State, facts.Now) // it changes with a clause, or as one goes
	r.Since = m[""].Since
	return r, changes, m.forget(r)
}

func clauseOf(p *policy.Pack, c policy.Clause, found policy.Finding) Clause {
	return Clause{
		ID: c.ID, Citation: Text{EN: p.Cite(c, text.EN), ZH: p.Cite(c, text.ZhCN)}, Duty: c.Duty, Status: found.Status, Basis: found.Basis,
		Evidence: words(found.Evidence), Next: words(found.Next), Action: strings.TrimPrefix(string(found.Next.Key), "next."), Asks: found.Asks, Due: found.Due, Source: c.Source, Verified: c.Verified(),
		Terms: Terms{Pack: p.ID, Who: c.Who, Penalty: c.Penalty, Trust: c.Trust},
	}
}

// remember notes a status and reports whether it is another one than before.
func (m Memory) remember(id string, s policy.Status, now time.Time) (from policy.Status, changed bool) {
	old := m[id]
	if old.Status == s {
		return s, false
	}
	m[id] = Remembered{Status: s, Since: now}
	return old.Status, true
}

// worst returns the worst status and the clauses that have it.
func worst(all []Clause) (state policy.Status, reasons []string) {
	state = policy.Pass
	for _, c := range all {
		if c.Status.Rank() > state.Rank() {
			state = c.Status
		}
	}
	reasons = []string{}
	for _, c := range all {
		if c.Status == state && state != policy.Pass {
			reasons = append(reasons, c.ID)
		}
	}
	return state, reasons
}
