package console

import (
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/gateway/backoff"
)

// How many wrong tries are free, and how long the next ones must wait: from
// firstWait, twice as long after each further one, up to LongestWait. A user's
// name waits less than an address, so that nobody can lock a manager out for
// long by trying in vain in the manager's name.
const (
	FreeTries      = 5
	firstWait      = 5 * time.Second
	LongestWait    = 15 * time.Minute
	LongestForUser = time.Minute
	// forgetAfter is when wrong tries are forgotten.
	forgetAfter = time.Hour
	// maxTracked bounds the memory; beyond it some are forgotten.
	maxTracked = 10_000
)

// lockout counts wrong tries by a key, an address or a user's name.
type lockout struct {
	mu      sync.Mutex
	now     func() time.Time
	tries   map[string]*tries
	longest time.Duration
}

type tries struct {
	wrong int
	last  time.Time
	until time.Time
}

func newLockout(longest time.Duration, now func() time.Time) *lockout {
	return &lockout{now: now, tries: map[string]*tries{}, longest: longest}
}

// begin begins a try and returns how long the key must wait; zero: it may try. Tries
// count as wrong until they are proven right, so that nobody gains by trying many at once.
func (l *lockout) begin(key string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	t := l.tries[key]
	if t == nil || now.Sub(t.last) > forgetAfter {
		l.makeRoom()
		t = &tries{}
		l.tries[key] = t
	}
	if wait := t.until.Sub(now); wait > 0 {
		return wait
	}
	t.wrong++
	t.last = now
	if over := t.wrong - FreeTries; over >= 0 {
		t.until = now.Add(backoff.Bounds{First: firstWait, Longest: l.longest}.After(over + 1))
	}
	return 0
}

// right forgets the wrong tries of a key.
func (l *lockout) right(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.tries, key)
}

// makeRoom forgets what is old, and where that is not enough any tenth, so that
// it is rarely called.
func (l *lockout) makeRoom() {
	if len(l.tries) < maxTracked {
		return
	}
	for key, t := range l.tries {
		if l.now().Sub(t.last) > forgetAfter {
			delete(l.tries, key)
		}
	}
	for key := range l.tries {
		if len(l.tries) <= maxTracked*9/10 {
			return
		}
		delete(l.tries, key)
	}
}
