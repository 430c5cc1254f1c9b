package notify

import (
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
)

// Trouble is one thing that is wrong.
type Trouble struct {
	Kind api.TroubleKind `json:"kind"`
	// ID is a camera's, a clause's or a gateway's; empty where the kind says all.
	ID string `json:"id,omitempty"`
	// Name is what people call it, in both languages where they differ; More says more.
	Name api.Words `json:"name,omitzero"`
	More api.Words `json:"more,omitzero"`
	// Since is when it began, as far as that is known.
	Since time.Time `json:"since"`
	// Path is where in the console more stands; a whole address leads to another console.
	Path string `json:"path,omitempty"`
}

func (t Trouble) key() string { return string(t.Kind) + "/" + t.ID }

// Sight is what is wrong at a moment.
type Sight struct {
	Troubles []Trouble
	// Held reports of what nobody knows now whether it is wrong: that stays as it was.
	Held func(kind api.TroubleKind, id string) bool
}

const (
	// longestStep bounds what counts between two looks: more means that the host slept.
	longestStep = 30 * time.Second
	// calm is how long something has to be away to be over; each time that it came back within
	// rememberFlaps it has to be away for twice as long, up to longestCalm.
	calm          = time.Minute
	longestCalm   = time.Hour
	rememberFlaps = 2 * time.Hour
	// maxTroubles bounds what is watched.
	maxTroubles = 8192
)

// entry is a trouble over time.
type entry struct {
	Trouble
	// held is for how long it was there, short absences not counted; counts: long enough.
	held   time.Duration
	counts bool
	// gone is since when it is away; zero: it is there.
	gone time.Time
	// turns is how often it came back; began when it came first.
	turns int
}

// watched is all that is wrong, or was lately.
type watched struct {
	all  map[string]*entry
	last time.Time
	// dropped counts what found no room.
	dropped uint64
}

func newWatched() watched { return watched{all: map[string]*entry{}} }

// see takes what is wrong now. rule says from when on a kind counts, known of what somebody knows:
// that is not forgotten.
func (l *watched) see(s Sight, now time.Time, rule func(api.TroubleKind) api.KindRule, known func(key string) bool) {
	spent := max(0, min(now.Sub(l.last), longestStep))
	if l.last.IsZero() {
		spent = 0
	}
	l.last = now
	there := map[string]bool{}
	for _, t := range s.Troubles {
		there[t.key()] = true
		l.present(t, spent, time.Duration(rule(t.Kind).DelayS)*time.Second)
	}
	for key, e := range l.all {
		if !there[key] && (s.Held == nil || !s.Held(e.Kind, e.ID)) && e.absent(now) && !known(key) {
			delete(l.all, key)
		}
	}
}

func (l *watched) present(t Trouble, spent, delay time.Duration) {
	e := l.all[t.key()]
	switch {
	case e == nil && len(l.all) >= maxTroubles:
		l.dropped++
		return
	case e == nil:
		e = &entry{Trouble: t}
		l.all[t.key()] = e
	case !e.gone.IsZero(): // it is back
		if e.counts || e.turns > 0 {
			e.turns++
		}
		e.gone = time.Time{}
	default:
		e.held += spent
	}
	since := e.Since
	if !e.counts && e.held == 0 {
		since = t.Since
	}
	e.Trouble, e.Since = t, since
	e.counts = e.counts || e.held >= delay
}

// absent notes that a trouble is away, and reports whether it may be forgotten.
func (e *entry) absent(now time.Time) bool {
	if e.gone.IsZero() {
		e.gone = now
	}
	away := now.Sub(e.gone)
	if away < e.calm() {
		return false
	}
	if e.counts { // it is over, and remembered in case that it comes back
		e.counts, e.turns = false, max(e.turns, 1)
	}
	e.held = 0
	return e.turns == 0 || away >= rememberFlaps
}

// calm is how long it has to be away to be over.
func (e *entry) calm() time.Duration {
	long := calm
	for range e.turns {
		if long *= 2; long >= longestCalm {
			return longestCalm
		}
	}
	return long
}
