package gateway

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
)

// consents decides which consents count on which camera and tells the workers.
// What may count is in memory, everything else in the store alone. One
// goroutine (keep) waits for the next beginning or end and takes revocations
// from the broker; the local API changes things from its own goroutines. What
// ends a consent holds in memory first; the keeper stores it.
type consents struct {
	g *Gateway

	purposes []string

	changing sync.Mutex // one import or change of issuers at a time; it may wait for the disk

	mu      sync.Mutex // one reckoning at a time; nobody waits for the disk with it
	live    map[string]store.Consent
	issuers consent.Issuers
	ending  []*withdrawing  // withdrawals that are not stored yet
	dropped map[string]bool // issuers' keys whose removal is not stored yet
	looked  time.Time       // the wall clock when watchClock last looked

	inbox   chan heard
	wake    chan struct{}   // holds one: the next beginning or end may be nearer
	ctx     context.Context // ends the owner
	cancel  context.CancelFunc
	running bool
	done    chan struct{}

	// enrolled is the day on which so many people were enrolled that it has to
	// be filed; it stays once it is known.
	enrolled policy.Date

	received, refused atomic.Uint64  // revocations from the broker
	receipts          sync.WaitGroup // those whose receipts wait
}

// withdrawing are revocations on their way to the disk.
type withdrawing struct{ all []consent.Revocation }

// heard is a revocation as the broker brought it; stored is called once it is on
// the disk, or refused.
type heard struct {
	id, raw string
	stored  func()
}

const (
	// inboxSize bounds the revocations that wait to be stored. The broker's
	// connection waits when it is full: none is lost.
	inboxSize = 256
	// reckonEvery bounds how long a clock that was set goes unnoticed here;
	// workers look at the clock with each picture.
	reckonEvery = 10 * time.Second
)

// openConsents reads what the store has.
func (g *Gateway) openConsents(Options) error {
	ctx, cancel := context.WithCancel(context.Background())
	c := &consents{
		g: g, purposes: g.cfg.Consent.PurposeList(), live: map[string]store.Consent{}, issuers: consent.Issuers{},
		dropped: map[string]bool{}, inbox: make(chan heard, inboxSize), wake: make(chan struct{}, 1), ctx: ctx, cancel: cancel, done: make(chan struct{}),
	}
	g.consents = c
	err := errors.Join(c.readIssuers(), g.store.EachConsent("", func(one store.Consent) bool {
		c.note(one, time.Now())
		return true
	}))
	if err != nil && !errors.Is(err, store.ErrUnreadable) {
		return err
	}
	if err != nil {
		g.log.Error("some consents cannot be read from the store and do not count", "error", err)
	}
	return nil
}

// startConsents takes revocations from the broker from now on; they go on the
// trail, so that comes first.
func (g *Gateway) startConsents(Options) error {
	g.consents.running = true
	go g.consents.keep(g.consents.ctx)
	return nil
}

func (c *consents) close() {
	c.cancel()
	if !c.running {
		close(c.done)
	}
	<-c.done
}

// settle waits for the receipts of what the keeper has ended.
func (c *consents) settle() {
	if c != nil {
		c.receipts.Wait()
	}
}

// note keeps a consent in memory that counts now or may later.
func (c *consents) note(one store.Consent, now time.Time) {
	for _, e := range c.ending {
		if e.concerns(one.Token) {
			return
		}
	}
	if one.Revoked.IsZero() && now.Before(one.Expires) {
		c.live[one.ID] = one
	}
}

func (c *consents) readIssuers() error {
	all, err := c.g.store.Issuers()
	c.issuers = consent.Issuers{}
	for _, i := range all {
		if !c.dropped[i.Key.ID()] {
			c.issuers[i.Key.ID()] = i.Issuer
		}
	}
	return err
}

// keep is the owner.
func (c *consents) keep(ctx context.Context) {
	defer close(c.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case h := <-c.inbox:
			c.take(append([]heard{h}, c.waiting()...))
		case <-c.wake:
		case <-timer.C:
			c.watchClock(time.Now())
			c.refresh()
		}
		timer.Reset(c.untilNext(time.Now()))
	}
}

// untilNext is the time to the next beginning or end of a consent.
func (c *consents) untilNext(now time.Time) time.Duration {
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
	return wait
}

// clockSlack is how far the clock may go back unnoticed: time services mend
// small errors all the time.
const clockSlack = time.Second

// watchClock reads the store again where the clock was set back: what had
// ended by the wrong time is gone from memory and may count after all.
func (c *consents) watchClock(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now = now.Round(0) // the wall's time alone
	was := c.looked
	if c.looked = now; !now.Before(was.Add(-clockSlack)) {
		return
	}
	err := c.g.store.EachConsent("", func(one store.Consent) bool {
		c.note(one, now)
		return true
	})
	c.g.log.Warn("the clock was set back: consents are read anew", "by", was.Sub(now).Round(time.Second), "error", err)
}

// refresh reckons anew what counts on each camera and tells the workers whose
// settings change.
func (c *consents) refresh() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reckon()
}

// reckon is refresh for who holds mu.
func (c *consents) reckon() { c.reckonAt(time.Now()) }

func (c *consents) reckonAt(now time.Time) {
	for id, one := range c.live {
		if !now.Before(one.Expires) {
			delete(c.live, id)
		}
	}
	for _, cam := range c.g.sorted() {
		id, s := cam.cfg.source.ID, cam.cfg.settings
		s.Zones = c.g.zonesOf(id)
		s.Shows = c.shows(s.Zones, now)
		s.Zones, s.Mounting = covered(s.Zones, cam.coverNow()), cam.mountingNow()
		cam.permit(c.g.raised(id, s))
	}
	select {
	case c.wake <- struct{}{}:
	default: // the owner has not looked since the last one
	}
}

// shows are the consents that count in these zones now, in the order of their ids.
func (c *consents) shows(zones []zone.Zone, now time.Time) (shows []wire.Show) {
	if !c.g.past.shows() {
		return nil
	}
	for _, one := range c.live {
		if in := c.zonesFor(one, zones); len(in) > 0 && !now.Before(one.NotBefore) && now.Before(one.Expires) {
			shows = append(shows, wire.Show{Token: one.ID, Badge: one.Badge, Zones: in, NotBefore: one.NotBefore, Expires: one.Expires})
		}
	}
	slices.SortFunc(shows, func(a, b wire.Show) int {
		if a.Token < b.Token {
			return -1
		}
		return 1
	})
	return shows
}

// zonesFor are the zones in which a consent counts by everything but its time.
func (c *consents) zonesFor(one store.Consent, zones []zone.Zone) (in []string) {
	if !c.trusted(one) || one.Badge == 0 || !c.served(one.Token) {
		return nil
	}
	for _, z := range zones {
		if names(one.Token, z) && slices.Contains(z.Purposes, one.Purpose) {
			in = append(in, z.ID)
		}
	}
	return in
}

// served tells whether a purpose can count on a live picture of this gateway.
func (c *consents) served(t consent.Token) bool {
	return t.Purpose != consent.SubjectAccess && slices.Contains(c.purposes, t.Purpose)
}

// names tells whether a token is for a zone, whatever its purpose.
func names(t consent.Token, z zone.Zone) bool {
	return z.Kind == zone.Consent && (slices.Contains(t.Zones, z.ID) || slices.Contains(t.Zones, consent.AnyZone))
}

// trusted tells whether the key that signed it is still trusted, in its name.
func (c *consents) trusted(one store.Consent) bool {
	issuer, known := c.issuers[one.KeyID]
	return known && issuer.Name == one.Issuer
}

// permit tells the worker in which zones whose face may be shown, and what else
// is hidden, where that changed.
func (c *camera) permit(s wire.Settings) {
	c.mu.Lock()
	c.proof.told(s.Shows, time.Now())
	same := reflect.DeepEqual(c.told, s)
	c.told = s
	c.mu.Unlock()
	if !same {
		c.handle.SetSettings(s)
	}
}

// Decision is called by the worker's handle.
func (c *camera) Decision(d wire.Decision) {
	if !c.proof.decided(d, time.Now()) {
		c.log.Error("face shown without a consent that counts", "track", d.Track, "token", d.Token, "zone", d.Zone)
		c.fault(c.cfg.source.ID)
		return
	}
	if d.Shown {
		c.log.Info("face shown by consent", "track", d.Track, "token", d.Token, "zone", d.Zone)
		return
	}
	c.log.Info("face with a badge masked", "track", d.Track, "reason", string(d.Reason))
}
