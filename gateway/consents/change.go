package consents

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// Imported is what became of one token or signed revocation.
type Imported struct {
	Kind    string
	Outcome api.Outcome
	Token   consent.Token
	ID      string
	Revoked []string
	// Err is why it was refused, or a note on one that was accepted.
	Err error
}

// Import proves and stores tokens and signed revocations. What is
// acknowledged as accepted is on the disk and in the audit log, and the workers have
// it. The error means that nothing is acknowledged; with ErrUnstored the
// revocations are in force and none of the tokens was taken.
func (c *Consents) Import(ctx context.Context, raws []string) ([]Imported, error) {
	return c.importBy(identity.Actor(ctx), raws)
}

func (c *Consents) importBy(actor string, raws []string) ([]Imported, error) {
	results := make([]Imported, len(raws))
	if err := c.withdrawSigned(raws, results, actor); err != nil {
		return nil, err
	}
	c.changing.Lock()
	defer c.changing.Unlock()
	now := time.Now().In(c.cfg.Zone())
	var happened []audit.Record
	proved, at := c.proveAll(raws, results, now)
	err := c.add(proved, at, results, now)
	c.refresh()
	if err != nil {
		return nil, err
	}
	for _, r := range results {
		if r.Kind == api.KindToken && r.Outcome == api.Accepted {
			happened = append(happened, importing(actor, r.Token))
		}
	}
	return results, c.cfg.Audit.DidAll(happened)
}

// withdrawSigned puts the signed revocations among raws in force and waits for a
// moment until they are stored.
func (c *Consents) withdrawSigned(raws []string, results []Imported, actor string) error {
	now, trust := time.Now().In(c.cfg.Zone()), c.trust()
	waiting := map[int]*withdrawal{}
	for i, raw := range raws {
		switch kindOf(raw) {
		case api.KindToken:
			continue
		case api.KindList:
			results[i], waiting[i] = c.importList(raw, actor)
			continue
		case api.KindAttestation:
			results[i] = c.importAttestation(raw)
			continue
		}
		r, err := consent.OpenRevocation(raw, trust, now)
		if err != nil {
			results[i] = Imported{Kind: api.KindRevocation, Outcome: api.Refused, Err: err}
			continue
		}
		results[i] = Imported{Kind: api.KindRevocation, Outcome: api.Accepted, ID: r.ID}
		waiting[i] = c.withdraw([]consent.Revocation{r}, actor, now)
	}
	limit := time.Now().Add(change.Within)
	for i, w := range waiting {
		if w == nil {
			continue
		}
		if err := w.Within(time.Until(limit)); err != nil {
			return api.FromStore(err)
		}
		results[i].Revoked = w.ids
	}
	return nil
}

// trust is who may sign, at this moment.
func (c *Consents) trust() consent.Issuers {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.issuers)
}

// terms are what tokens are proved by at one moment.
type terms struct {
	trust consent.Issuers
	views []camera.View
	now   time.Time
}

// proveAll proves the tokens among raws and returns those to be stored, and where
// each stands. It uses all cores: a signature takes far longer than all the rest.
func (c *Consents) proveAll(raws []string, results []Imported, now time.Time) (proved []consent.Signed, at []int) {
	tokens, by := make([]consent.Signed, len(raws)), terms{c.trust(), c.cfg.Cameras.Views(), now}
	var next atomic.Int64
	var cores sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		cores.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(raws); i = int(next.Add(1)) - 1 {
				if kindOf(raws[i]) == api.KindToken {
					tokens[i], results[i] = c.prove(raws[i], by)
				}
			}
		})
	}
	cores.Wait()
	for i, r := range results {
		if r.Kind == api.KindToken && r.Outcome == api.Accepted {
			proved, at = append(proved, tokens[i]), append(at, i)
		}
	}
	return proved, at
}

// prove evaluates a token. One that is not yet valid is stored all the same: it
// counts from its time on.
func (c *Consents) prove(raw string, by terms) (consent.Signed, Imported) {
	t, err := consent.Open(raw, by.trust)
	if err == nil {
		err = t.Check(c.rules(t.Token, by.views, by.now))
	}
	r := Imported{Kind: api.KindToken, Outcome: api.Accepted, Token: t.Token, ID: t.ID, Err: err}
	if err != nil && !errors.Is(err, consent.ErrNotYetValid) {
		r.Outcome = api.Refused
	} else if note := c.idleNote(t.Token, by.views); note != nil {
		r.Err = note
	}
	return t, r
}

// rules are asked of a token that comes. One for subject access counts in copies
// of recordings, whose zone no camera has.
func (c *Consents) rules(t consent.Token, all []camera.View, now time.Time) consent.Rules {
	r := consent.Rules{Now: now, Purposes: c.cfg.Purposes, MaxLife: c.cfg.MaxLife}
	if t.Purpose != consent.SubjectAccess {
		r.Zone = func(name string) bool {
			return somewhere(all, func(z zone.Zone) bool { return z.Kind == zone.Consent && z.ID == name })
		}
	}
	return r
}

// add stores the tokens and corrects the results of those that the store refuses.
func (c *Consents) add(proved []consent.Signed, at []int, results []Imported, now time.Time) error {
	if len(proved) == 0 {
		return nil
	}
	refused, err := c.cfg.Store.AddConsents(proved, store.Adding{Now: now, Quarantine: c.cfg.Quarantine})
	if err != nil {
		return err
	}
	for i, err := range refused {
		r := &results[at[i]]
		switch {
		case err == nil:
			c.cfg.Log.Info("consent imported", "token", r.ID, "badge", r.Token.Badge, "expires", r.Token.Expires)
		case errors.Is(err, store.ErrExists):
			r.Outcome, r.Err = api.Known, err
		default:
			r.Outcome, r.Err = api.Refused, err
		}
	}
	return c.remember(now, func() (all []store.ConsentRow, err error) {
		for i, p := range proved {
			if refused[i] != nil {
				continue
			}
			one, err := c.cfg.Store.Consent(p.ID)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
		return all, nil
	})
}

// withdrawal is one on its way to the disk; ids are, once it is there, the stored
// tokens that counted until then.
type withdrawal struct {
	*change.Change
	ids []string
}

// withdraw forgets whom revocations concern and tells the cameras, then has them
// stored: a slow disk keeps nobody visible. Until then, and where that fails, they
// stay forgotten: masked until the next start is better than shown until then. stored
// are called once they are on the disk.
func (c *Consents) withdraw(all []consent.Revocation, actor string, now time.Time, stored ...func()) *withdrawal {
	e := &withdrawing{all}
	c.mu.Lock()
	c.ending = append(c.ending, e)
	c.ends++
	any := c.forget(now, func(one store.ConsentRow) bool { return e.concerns(one.Token) })
	c.mu.Unlock()
	if any {
		c.refresh()
	}
	w := &withdrawal{}
	w.Change = c.cfg.Queue.Mask("withdrawal of consents", func() error {
		news, err := c.cfg.Store.News(all)
		if err != nil {
			return err
		}
		w.ids, err = c.cfg.Store.Revoke(all, now)
		if err != nil && !change.Final(err) {
			return err
		}
		c.ended(e, w.ids, now)
		if err != nil {
			return err
		}
		err = change.ExceptLog(c.cfg.Audit.DidAll(withdrawals(actor, news, w.ids)))
		for _, report := range stored {
			report()
		}
		return err
	})
	return w
}

// concerns reports whether a token is among those that end. An administrator's
// revocation concerns one whose issuer's clock is ahead, too.
func (e *withdrawing) concerns(t consent.Token) bool {
	return slices.ContainsFunc(e.all, func(r consent.Revocation) bool {
		if r.Issuer == "" && t.Issued.After(r.Issued) {
			r.Issued = t.Issued
		}
		return r.Concerns(t)
	})
}

// ended is called once a withdrawal is stored.
func (c *Consents) ended(e *withdrawing, ids []string, now time.Time) {
	c.mu.Lock()
	c.ending = slices.DeleteFunc(c.ending, func(other *withdrawing) bool { return other == e })
	c.ends++
	c.forget(now, func(one store.ConsentRow) bool { return slices.Contains(ids, one.ID) })
	c.mu.Unlock()
	c.refresh()
}

// forget takes consents out of memory that count no more; false where there was none.
func (c *Consents) forget(now time.Time, ended func(store.ConsentRow) bool) (any bool) {
	for id, one := range c.live {
		if ended(one) {
			any = true
			delete(c.live, id)
			c.cfg.Cameras.Withdrawn(id, now)
			c.cfg.Log.Info("consent revoked", "token", id)
		}
	}
	return any
}

// Revoke withdraws for good, in the administrator's name. It returns
// the ids of the stored tokens concerned; the workers have it. The error is
// ErrUnstored where that is all that is done so far.
func (c *Consents) Revoke(ctx context.Context, r consent.Revocation) (ids []string, err error) {
	if !r.Valid() {
		return nil, api.Refuse(api.CodeInvalid, text.ConsentNoTarget)
	}
	now := time.Now()
	r.Issuer, r.Issued = "", now
	w := c.withdraw([]consent.Revocation{r}, identity.Actor(ctx), now)
	if err := w.Within(change.Within); err != nil {
		return nil, api.FromStore(err)
	}
	return w.ids, nil
}

// waiting is what came meanwhile, to be stored in one go: a
// broker repeats all it has at each connection.
func (c *Consents) waiting() (all []message) {
	for {
		select {
		case h := <-c.inbox:
			all = append(all, h)
		default:
			return all
		}
	}
}

// takeRevocations applies single revocations from the broker.
func (c *Consents) takeRevocations(all []message) {
	now, trust := time.Now().In(c.cfg.Zone()), c.trust()
	var good []consent.Revocation
	var stored []func()
	for _, h := range all {
		c.received.Add(1)
		r, err := consent.OpenRevocation(h.raw, trust, now)
		if err != nil {
			c.refuse(h, err)
			continue
		}
		good, stored = append(good, r), append(stored, h.stored)
	}
	if len(good) == 0 {
		return
	}
	c.withdraw(good, audit.Broker, now, stored...)
}

// AddIssuer trusts a key, from now on and for tokens stored before. What was refused for
// want of it is asked for again.
func (c *Consents) AddIssuer(ctx context.Context, i consent.Issuer) error {
	c.changing.Lock()
	defer c.changing.Unlock()
	err := c.cfg.Queue.Once("issuer "+i.Name, func() error { return c.cfg.Store.AddIssuer(i) }).Until(ctx)
	if err != nil {
		return api.FromStore(err)
	}
	err = c.readIssuers()
	c.refresh()
	if err != nil && !errors.Is(err, store.ErrUnreadable) {
		return err
	}
	c.cfg.AskConsents()
	return c.cfg.Audit.DidAll([]audit.Record{issuing(identity.Actor(ctx), audit.IssuerAdded, audit.EventIssuerAdded, i.Name, i.Key.ID())})
}

// RemoveIssuer ends the trust in a key, or in all keys of a name: everybody
// whom it vouched for is masked. The error is ErrUnstored where that is all that
// is done so far.
func (c *Consents) RemoveIssuer(ctx context.Context, nameOrKey string) (keys []string, err error) {
	c.mu.Lock()
	names := map[string]string{}
	for id, i := range c.issuers {
		if id == nameOrKey || i.Name == nameOrKey {
			names[id] = i.Name
			c.dropped[id] = true
			delete(c.issuers, id)
		}
	}
	c.forgetLists()
	c.mu.Unlock()
	c.refresh()
	if len(names) == 0 {
		return nil, api.Refuse(api.CodeNotFound, text.IssuerNotFound, nameOrKey)
	}
	keys = slices.Sorted(maps.Keys(names))
	return keys, c.cfg.Queue.Mask("removal of an issuer", func() error { return c.dropIssuers(identity.Actor(ctx), names) }).Within(change.Within)
}

// dropIssuers stores that keys, by their id with their issuer's name, are not trusted any more.
func (c *Consents) dropIssuers(actor string, names map[string]string) error {
	var happened []audit.Record
	for _, id := range slices.Sorted(maps.Keys(names)) {
		if err := c.cfg.Store.DeleteIssuer(id); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		happened = append(happened, issuing(actor, audit.IssuerRemoved, audit.EventIssuerRemoved, names[id], id))
	}
	c.mu.Lock()
	c.ends++
	for id := range names {
		delete(c.dropped, id)
	}
	c.mu.Unlock()
	return change.ExceptLog(c.cfg.Audit.DidAll(happened))
}
