// Package progress says how far long work is, to the pages that wait for it.
//
// In: a mark that the page made up, and what the work says of itself by its context. Out: the
// step that it is at. It starts no goroutine: what a request began ends with it. It must never
// hold up the work that it is told of.
package progress

import (
	"context"
	"regexp"
	"sync"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// Step is where some work is: what is being done, and how many of how many are.
type Step struct {
	What        text.Key
	Done, Total int
}

type stepKey struct{}

// Say tells who waits, if anybody does.
func Say(ctx context.Context, what text.Key, done, total int) {
	if report, waits := ctx.Value(stepKey{}).(func(Step)); waits {
		report(Step{what, done, total})
	}
}

// most bounds what is followed at a time; more goes on without.
const most = 64

// mark is what a page may call its work: 16 to 64 letters and digits.
var mark = regexp.MustCompile(`^[A-Za-z0-9]{16,64}$`)

// IsMark reports whether work can be called that.
func IsMark(called string) bool { return mark.MatchString(called) }

// Desk knows the work that runs. Its methods may be called from any goroutine.
type Desk struct {
	mu  sync.Mutex
	all map[string]Step // by the account and its mark
}

// NewDesk knows of none.
func NewDesk() *Desk { return &Desk{all: map[string]Step{}} }

func name(ctx context.Context, mark string) string { return identity.Actor(ctx) + " " + mark }

// Begin follows the work of a context until end is called. Without a mark it does nothing.
func (d *Desk) Begin(ctx context.Context, called string) (work context.Context, end func()) {
	key := name(ctx, called)
	d.mu.Lock()
	defer d.mu.Unlock()
	if !IsMark(called) || len(d.all) >= most {
		return ctx, func() {}
	}
	d.all[key] = Step{}
	report := func(s Step) {
		d.mu.Lock()
		defer d.mu.Unlock()
		if _, runs := d.all[key]; runs {
			d.all[key] = s
		}
	}
	return context.WithValue(ctx, stepKey{}, report), func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.all, key)
	}
}

// Of returns where the work of an account is that has this mark; false where none runs.
func (d *Desk) Of(ctx context.Context, called string) (Step, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, runs := d.all[name(ctx, called)]
	return s, runs
}
