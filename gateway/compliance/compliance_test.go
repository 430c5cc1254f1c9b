package compliance

import (
	"context"
	"math"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
)

var now = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

// site lets a test change the facts under an engine.
type site struct {
	mu      sync.Mutex
	facts   policy.Facts
	changes []Change
	reports []Report
	memory  Memory
	news    chan struct{}
}

func (s *site) config(pack string) Config {
	return Config{
		Packs: func(jurisdiction string) policy.Stack { return policy.Select(jurisdiction, pack) },
		Share: func() *float64 { return nil },
		Facts: func() *policy.Facts {
			s.mu.Lock()
			defer s.mu.Unlock()
			f := s.facts
			return &f
		},
		Changed: func(r Report, c []Change, m Memory) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.changes, s.reports = append(s.changes, c...), append(s.reports, r)
			s.memory = Memory{}
			for k, v := range m {
				s.memory[k] = v
			}
			select {
			case s.news <- struct{}{}:
			default:
			}
		},
	}
}

func (s *site) set(f func(*policy.Facts)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.facts)
}

func clause(t *testing.T, r Report, id string) Clause {
	t.Helper()
	i := slices.IndexFunc(r.Clauses, func(c Clause) bool { return c.ID == id })
	if i < 0 {
		t.Fatalf("no clause %s", id)
	}
	return r.Clauses[i]
}

func TestSinceAndChanges(t *testing.T) {
	s := &site{facts: policy.Facts{Now: now}}
	e := New(s.config("cn-2025"))
	first := e.Evaluate()
	if len(first.Clauses) != len(policy.Load("cn-2025").Clauses) || len(s.changes) != len(first.Clauses) || first.Seq != 1 {
		t.Fatalf("%d clauses, %d changes, seq %d", len(first.Clauses), len(s.changes), first.Seq)
	}
	if c := clause(t, first, "m-complaints"); c.Status != policy.Warn || c.Next.ZH == "" || c.Citation.EN == "" || !c.Since.Equal(now) {
		t.Errorf("%+v", c)
	}
	if c := clause(t, first, "m-supervision"); c.Verified {
		t.Errorf("%+v", c)
	}

	later := now.Add(time.Hour)
	s.set(func(f *policy.Facts) { f.Now = later })
	if r := e.Evaluate(); len(s.changes) != len(first.Clauses) || r.Seq != 1 || !r.Since.Equal(now) {
		t.Errorf("nothing changed, but: %d changes, seq %d, since %v", len(s.changes), r.Seq, r.Since)
	}
	s.set(func(f *policy.Facts) { f.Site.Contact = "110"; f.Now = later.Add(time.Hour) })
	r := e.Evaluate()
	c := clause(t, r, "m-complaints")
	if c.Status != policy.Pass || c.Basis != policy.Declared || !c.Since.Equal(later.Add(time.Hour)) || r.Seq != 2 {
		t.Errorf("%+v, seq %d", c, r.Seq)
	}
	last := s.changes[len(s.changes)-1]
	if last.From != policy.Warn && last.From != policy.Unknown {
		t.Errorf("last change came from %q", last.From)
	}

	// After a restart a clause that stands as before stands since before.
	again := s.config("cn-2025")
	again.Memory = s.memory
	s.changes = nil
	if r := New(again).Evaluate(); !clause(t, r, "m-complaints").Since.Equal(later.Add(time.Hour)) || len(s.changes) != 0 {
		t.Errorf("%+v, %d changes", clause(t, r, "m-complaints"), len(s.changes))
	}
}

func TestStateIsTheWorst(t *testing.T) {
	for _, c := range []struct {
		all   []policy.Status
		state policy.Status
		n     int
	}{
		{nil, policy.Pass, 0},
		{[]policy.Status{policy.Info, policy.Pass}, policy.Pass, 0},
		{[]policy.Status{policy.Unknown, policy.Pass}, policy.Unknown, 1},
		{[]policy.Status{policy.Warn, policy.Unknown, policy.Warn}, policy.Unknown, 1}, // C26
		{[]policy.Status{policy.NotApplicable, policy.Info}, policy.Pass, 0},
		{[]policy.Status{policy.Warn, policy.Fail, policy.Pass, policy.Info}, policy.Fail, 1},
	} {
		var all []Clause
		for _, s := range c.all {
			all = append(all, Clause{Status: s})
		}
		if state, reasons := worst(all); state != c.state || len(reasons) != c.n {
			t.Errorf("%v: %s for %v", c.all, state, reasons)
		}
	}
}

// A change of the facts shows soon after the poke, not after a minute.
func TestNotify(t *testing.T) {
	s := &site{facts: policy.Facts{Now: now}, news: make(chan struct{}, 1)}
	e := New(s.config("eu-gdpr"))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); e.Run(ctx) }()
	await(t, s.news)
	s.set(func(f *policy.Facts) {
		f.Cameras = []policy.CameraFacts{{ID: "wc", Camera: policy.Camera{Place: policy.PublicToilet}}}
	})
	e.Notify()
	await(t, s.news)
	if c := clause(t, e.Newest(), "places"); c.Status != policy.Fail {
		t.Errorf("%+v", c)
	}
	cancel()
	<-done
}

func await(t *testing.T, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(20 * time.Second):
		t.Fatal("no judgement came")
	}
}

func TestClock(t *testing.T) {
	c := NewClock([]store.Day{{Day: "2026-05-04", Camera: "a", Protected: 90, Gap: 10}})
	if got := c.Share(); got == nil || math.Abs(*got-0.9) > 1e-9 {
		t.Errorf("share of what was stored: %v", got)
	}
	at := func(s int) time.Time { return now.Add(time.Duration(s) * time.Second) }
	for _, n := range []struct {
		state Watch
		s     int
	}{
		{Protected, 0}, {Protected, 10}, {Gap, 15}, {Protected, 20}, {Offline, 30}, {Protected, 40},
		{Protected, 100}, // the box slept: nobody knows
		{Off, 110}, {Protected, 115},
	} {
		c.Note("a", n.state, at(n.s))
	}
	days := c.Take()
	if len(days) != 1 || days[0] != (store.Day{Day: "2026-05-04", Camera: "a", Protected: 35, Gap: 5, Offline: 10}) {
		t.Errorf("days: %+v", days)
	}
	if got, want := c.Share(), 125.0/140; got == nil || math.Abs(*got-want) > 1e-9 {
		t.Errorf("share: %v, want %v", got, want)
	}
	if len(c.Take()) != 0 {
		t.Error("taken twice")
	}
	c.Note("a", Offline, at(86400))
	c.Note("a", Offline, at(86410))
	if got := c.Share(); got != nil {
		t.Errorf("a new day on which nothing was sent: %v", *got)
	}
}

// Times that could not be stored are there at the next try, once.
func TestClockReturn(t *testing.T) {
	c := NewClock(nil)
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.Local)
	c.Note("a", Protected, now)
	c.Note("a", Gap, now.Add(10*time.Second))
	c.Return(c.Take())
	c.Note("a", Gap, now.Add(15*time.Second))
	days := c.Take()
	if len(days) != 1 || days[0].Protected != 10 || days[0].Gap != 5 || len(c.Take()) != 0 {
		t.Errorf("%+v", days)
	}
}

// Whoever asks sees how things stand now, and nothing of it is kept or published.
func TestPreviewChangesNothing(t *testing.T) {
	s := &site{facts: policy.Facts{Now: now}}
	e := New(s.config("cn-2025"))
	was := e.Evaluate()
	reports, changes := len(s.reports), len(s.changes)
	s.set(func(f *policy.Facts) { f.Gateway.Unstored = 3; f.Now = now.Add(time.Minute) })
	seen := e.Preview()
	if c := clause(t, seen, "m6"); c.Status != policy.Fail || !c.Since.Equal(now.Add(time.Minute)) {
		t.Errorf("seen: %+v", c)
	}
	if len(s.reports) != reports || len(s.changes) != changes || e.Newest().Seq != was.Seq || clause(t, e.Newest(), "m6").Status == policy.Fail {
		t.Errorf("kept: %+v", e.Newest())
	}
	s.set(func(f *policy.Facts) { f.Now = now.Add(2 * time.Minute) })
	if c := clause(t, e.Evaluate(), "m6"); c.Status != policy.Fail || !c.Since.Equal(now.Add(2*time.Minute)) || len(s.changes) == changes {
		t.Errorf("the first that is kept: %+v", c)
	}
}
