// Package consents decides who may be shown where, now. Inputs are tokens, revocations
// and issuers' keys, from administrators and the broker, and the clock; outputs are grants
// for the cameras and records for the audit log. One goroutine, between Start and Close,
// follows the clock and the broker. No lock is held across a write to the disk, and whom
// a withdrawal concerns is masked before it is stored.
package consents

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/consents/exchange"
)

// Config is what the consents work with.
type Config struct {
	Store   *store.Store
	Queue   *change.Queue
	Audit   *audit.Log
	Cameras *camera.Set
	// Purposes that this gateway serves; MaxLife bounds a token's time, Quarantine is
	// how long a badge stays unused after another's.
	Purposes   []string
	MaxLife    time.Duration
	Quarantine time.Duration
	// Zone is the site's time zone, in which refusals tell times.
	Zone func() *time.Location
	// Fresh is how old the proof may be that nothing was withdrawn beyond what is known here;
	// 0: none is needed.
	Fresh time.Duration
	// AskConsents asks the broker again for all that issuers signed.
	AskConsents func()
	// Gateway is this one's name. Say says something to the gateways that share the broker,
	// false where it could not; nil: the broker is this gateway's alone.
	Gateway string
	Say     func(kind consent.Kind, name, payload string) bool
	Log     *slog.Logger
}

// Consents decides which consents count on which camera and tells the cameras.
// What may count is in memory, everything else in the store alone. One
// goroutine (keep) waits for the next beginning or end and takes revocations
// from the broker; administrators change things from their own goroutines. What
// ends a consent holds in memory first; the queue stores it.
type Consents struct {
	cfg Config

	changing sync.Mutex // one import or change of issuers at a time; it may wait for the disk
	issuing  sync.Mutex // one issue of a consent at a time

	permitting sync.Mutex // one reckoning at a time
	mu         sync.Mutex // guards what follows; nobody waits for the disk or a camera with it
	live       map[string]store.ConsentRow
	issuers    consent.Issuers
	known      map[string]known // by issuers' names
	own        string           // the id of the key by which the gateway signs itself; empty: it has none
	ending     []*withdrawing   // withdrawals that are not stored yet
	dropped    map[string]bool  // issuers' keys whose removal is not stored yet
	ends       uint64           // counts what ended a consent or the trust in a key
	nobody     bool             // nobody is shown, whatever they consented to
	looked     time.Time        // the wall clock when watchClock last looked

	others *exchange.Exchange // nil: there are none

	inbox   chan message
	letters chan message
	wake    chan struct{}   // holds one: the next beginning or end may be nearer
	ctx     context.Context // ends the owner
	cancel  context.CancelFunc
	done    chan struct{}

	received, refused atomic.Uint64 // from the broker
	repeats           connlimit.LogLimiter
}

// withdrawing are revocations on their way to the disk.
type withdrawing struct{ all []consent.Revocation }

const (
	// inboxSize bounds the revocations that wait to be stored. The broker's
	// connection waits when it is full: none is lost.
	inboxSize = 256
	// reckonEvery bounds how long a clock that was set goes unnoticed here;
	// workers look at the clock with each frame.
	reckonEvery = 10 * time.Second
)

// Open reads what the store has. Nobody is shown before ShowNobody(false).
func Open(cfg Config) (*Consents, error) {
	ctx, cancel := context.WithCancel(context.Background())
	c := &Consents{
		cfg: cfg, live: map[string]store.ConsentRow{}, issuers: consent.Issuers{}, known: map[string]known{}, nobody: true,
		dropped: map[string]bool{}, inbox: make(chan message, inboxSize), letters: make(chan message, maxLetters), wake: make(chan struct{}, 1), ctx: ctx, cancel: cancel, done: make(chan struct{}),
	}
	if cfg.Say != nil {
		c.others = exchange.New(exchange.Config{Gateway: cfg.Gateway, Known: c.Known, Signed: c.Signed, Say: cfg.Say})
	}
	err := errors.Join(c.readIssuers(), c.readLists(), cfg.Store.EachConsent("", func(one store.ConsentRow) bool {
		c.note(one, time.Now())
		return true
	}))
	if err != nil && !errors.Is(err, store.ErrUnreadable) {
		return nil, err
	}
	if err != nil {
		cfg.Log.Error("some consents cannot be read from the store and do not count", "error", err)
	}
	if err := c.readOwn(); err != nil {
		cfg.Log.Error("the key of the console's consents cannot be read: a new one is made when it is needed", "error", err)
	}
	return c, nil
}

// Start takes from now on what the broker brings, until Close.
func (c *Consents) Start() { go c.keep(c.ctx) }

// Close ends what Start began.
func (c *Consents) Close() {
	c.cancel()
	<-c.done
}

// ShowNobody says whether nobody is shown, whatever they consented to.
func (c *Consents) ShowNobody(yes bool) {
	c.mu.Lock()
	c.nobody = yes
	c.mu.Unlock()
	c.refresh()
}

// Purposes that this gateway serves.
func (c *Consents) Purposes() []string { return c.cfg.Purposes }

// note keeps a consent in memory that counts now or may later.
func (c *Consents) note(one store.ConsentRow, now time.Time) {
	for _, e := range c.ending {
		if e.concerns(one.Token) {
			return
		}
	}
	if one.Revoked.IsZero() && now.Before(one.Expires) {
		c.live[one.ID] = one
	}
}

// readIssuers takes the trusted keys from the store.
func (c *Consents) readIssuers() error {
	return c.unlessEnded(func() (keep func(), err error) {
		all, err := c.cfg.Store.Issuers()
		return func() {
			c.issuers = consent.Issuers{}
			for _, i := range all {
				if !c.dropped[i.Key.ID()] {
					c.issuers[i.Key.ID()] = i.Issuer
				}
			}
		}, err
	})
}

// unlessEnded runs read without mu, and what it returns with it. Where a consent or the
// trust in a key ended meanwhile both are done again: what was read before that would
// bring it back.
func (c *Consents) unlessEnded(read func() (keep func(), err error)) error {
	for {
		c.mu.Lock()
		ends := c.ends
		c.mu.Unlock()
		keep, err := read()
		c.mu.Lock()
		same := c.ends == ends
		if same {
			keep()
		}
		c.mu.Unlock()
		if same {
			return err
		}
	}
}

// keep is the owner.
func (c *Consents) keep(ctx context.Context) {
	defer close(c.done)
	var talk sync.WaitGroup
	defer talk.Wait()
	talk.Go(func() { c.readLetters(ctx) })
	if c.others != nil {
		talk.Go(func() { c.others.Run(ctx) })
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case h := <-c.inbox:
			c.take(append([]message{h}, c.waiting()...))
		case <-c.wake:
		case <-timer.C:
			c.watchClock(time.Now())
			c.refresh()
		}
		timer.Reset(c.untilNext(time.Now()))
	}
}

// untilNext is the time to the next beginning or end of a consent.
func (c *Consents) untilNext(now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	wait := reckonEvery
	for _, one := range c.live {
		for _, at := range []time.Time{one.NotBefore, one.Expires} {
			if d := at.Sub(now); d > 0 && d < wait {
				wait = d
			}
		}
	}
	return c.untilStale(wait, now)
}

// clockSlack is how far the clock may go back unnoticed: time services mend
// small errors all the time.
const clockSlack = time.Second

// remember keeps in memory what is read from the store.
func (c *Consents) remember(now time.Time, read func() ([]store.ConsentRow, error)) error {
	return c.unlessEnded(func() (keep func(), err error) {
		all, err := read()
		return func() {
			for _, one := range all {
				c.note(one, now)
			}
		}, err
	})
}

// watchClock reads the store again where the clock was set back: what had
// ended by the wrong time is gone from memory and may count after all.
func (c *Consents) watchClock(now time.Time) {
	now = now.Round(0) // the wall's time alone
	c.mu.Lock()
	was := c.looked
	c.looked = now
	c.mu.Unlock()
	if !now.Before(was.Add(-clockSlack)) {
		return
	}
	err := c.remember(now, func() (all []store.ConsentRow, err error) {
		err = c.cfg.Store.EachConsent("", func(one store.ConsentRow) bool {
			all = append(all, one)
			return true
		})
		return all, err
	})
	c.cfg.Log.Warn("the clock was set back: consents are read anew", "by", was.Sub(now).Round(time.Second), "error", err)
}

// refresh reckons anew who may be shown and tells the cameras. It is called without mu,
// after each change; the last call of several at once says what all of them made of it.
func (c *Consents) refresh() {
	c.permitting.Lock()
	defer c.permitting.Unlock()
	c.cfg.Cameras.Permit(c.grants(time.Now()))
	select {
	case c.wake <- struct{}{}:
	default: // the owner has yet to wake for the last one
	}
}

// grants are the consents that count now or may later, by all that is not a camera's.
func (c *Consents) grants(now time.Time) (all []camera.Grant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, one := range c.live {
		if !now.Before(one.Expires) {
			delete(c.live, id)
		}
	}
	c.believe(now)
	if c.nobody {
		return nil
	}
	for _, one := range c.live {
		behind := c.now(one, now).Sub(now) // workers go by the box's clock alone
		if g, ok := c.grant(one); ok && now.Add(behind).Before(one.Expires) && !c.stale(one, now) {
			g.Expires = g.Expires.Add(-behind)
			all = append(all, g)
		}
	}
	return all
}

// grant is what a consent lets a camera show; false where it never counts.
func (c *Consents) grant(one store.ConsentRow) (camera.Grant, bool) {
	g := camera.Grant{Token: one.ID, Badge: one.Badge, Purpose: one.Purpose, NotBefore: one.NotBefore, Expires: one.Expires}
	g.Covers = func(z zone.Zone) bool { return names(one.Token, z) }
	return g, c.trusted(one) && one.Badge != 0 && c.served(one.Token)
}

// zonesFor are the zones in which a consent counts by everything but its time.
func (c *Consents) zonesFor(one store.ConsentRow, zones []zone.Zone) []string {
	if g, ok := c.grant(one); ok {
		return g.In(zones)
	}
	return nil
}

// served reports whether a purpose can count on a live frame of this gateway.
func (c *Consents) served(t consent.Token) bool {
	return t.Purpose != consent.SubjectAccess && slices.Contains(c.cfg.Purposes, t.Purpose)
}

// names reports whether a token is for a zone, whatever its purpose.
func names(t consent.Token, z zone.Zone) bool {
	return z.Kind == zone.Consent && (slices.Contains(t.Zones, z.ID) || slices.Contains(t.Zones, consent.AnyZone))
}

// trusted reports whether the key that signed it is still trusted, in its name.
func (c *Consents) trusted(one store.ConsentRow) bool {
	issuer, known := c.issuers[one.KeyID]
	return known && issuer.Name == one.Issuer
}
