// Package lockout slows down who guesses passwords.
//
// In: tries, by an address or a user's name, and which of them were right. Out: how long the next one
// has to wait. It has no goroutine, and it must never remember more than so many keys.
package lockout

import (
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/gateway/backoff"
)

// How many wrong tries are free, and how long the next ones must wait: from
// firstWait, twice as long after each further one, up to a limit.
const (
	FreeTries = 5
	firstWait = 5 * time.Second
	// forgetAfter is when wrong tries are forgotten.
	forgetAfter = time.Hour
	// maxTracked bounds the memory; beyond it some are forgotten.
	maxTracked = 10_000
)

// Lockout counts wrong tries by a key, an address or a user's name. Only New makes one.
type Lockout struct {
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

// New lets a key wait for no longer than longest.
func New(longest time.Duration, now func() time.Time) *Lockout {
	return &Lockout{now: now, tries: map[string]*tries{}, longest: longest}
}

// Begin begins a try and returns how long the key must wait; zero: it may try. Tries
// count as wrong until they are proven right, so that nobody gains by trying many at once.
func (l *Lockout) Begin(key string) (wait time.Duration) {
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

// Right forgets the wrong tries of a key.
func (l *Lockout) Right(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.tries, key)
}

// makeRoom forgets what is old, and where that is not enough any tenth, so that
// it is rarely called.
func (l *Lockout) makeRoom() {
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
