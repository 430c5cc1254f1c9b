package gateway

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/console"
)

// imported is what became of one token or signed revocation.
type imported struct {
	kind    string
	outcome Outcome
	token   consent.Token
	id      string
	revoked []string
	// err is why it was refused, or a note on one that was accepted.
	err error
}

// importConsents proves and stores tokens and signed revocations. What is
// acknowledged as accepted is on the disk and on the trail, and the workers were
// told. The error means that nothing is acknowledged.
func (g *Gateway) importConsents(ctx context.Context, raws []string) ([]imported, error) {
	c := g.consents
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	tokens, results := c.proveAll(raws, now)
	var happened []happening
	var proved []consent.Signed
	var at []int // where each stands in results
	for i, raw := range raws {
		switch r := &results[i]; {
		case consent.IsRevocation(raw):
			var of consent.Revocation
			var err error
			if *r, of, err = c.revokeSigned(raw, now); err != nil {
				c.reckon()
				return nil, errors.Join(err, c.changed(happened))
			}
			if r.outcome == Accepted {
				happened = append(happened, withdrawals(console.Actor(ctx), []consent.Revocation{of}, r.revoked)...)
			}
		case r.outcome == Accepted:
			proved, at = append(proved, tokens[i]), append(at, i)
		}
	}
	if err := c.add(proved, at, results, now); err != nil {
		c.reckon()
		return nil, errors.Join(err, c.changed(happened))
	}
	c.reckon()
	for _, r := range results {
		if r.kind == KindToken && r.outcome == Accepted {
			happened = append(happened, importing(console.Actor(ctx), r.token))
		}
	}
	return results, c.changed(happened)
}

// proveAll uses all cores: a signature takes far longer than all the rest.
func (c *consents) proveAll(raws []string, now time.Time) ([]consent.Signed, []imported) {
	tokens, results := make([]consent.Signed, len(raws)), make([]imported, len(raws))
	var next atomic.Int64
	var cores sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		cores.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(raws); i = int(next.Add(1)) - 1 {
				tokens[i], results[i] = c.prove(raws[i], now)
			}
		})
	}
	cores.Wait()
	return tokens, results
}

// prove judges a token. One that is not yet valid is stored all the same: it
// counts from its time on.
func (c *consents) prove(raw string, now time.Time) (consent.Signed, imported) {
	t, err := consent.Open(raw, c.issuers)
	if err == nil {
		err = t.Check(c.rules(t.Token, now))
	}
	r := imported{kind: KindToken, outcome: Accepted, token: t.Token, id: t.ID, err: err}
	switch {
	case err != nil && !errors.Is(err, consent.ErrNotYetValid):
		r.outcome = Refused
	default:
		if note := c.idleNote(t.Token, c.g.views()); note != nil {
			r.err = note
		}
	}
	return t, r
}

// rules are asked of a token that comes. One for subject access counts in copies
// of film, whose zone no camera has.
func (c *consents) rules(t consent.Token, now time.Time) consent.Rules {
	own := c.g.cfg.Consent
	r := consent.Rules{Now: now, Purposes: c.purposes, MaxLife: own.MaxLife(), Zone: c.g.isConsentZone}
	if t.Purpose == consent.SubjectAccess {
		r.Zone = nil
	}
	return r
}

// add stores the tokens and corrects the results of those that the store refuses.
func (c *consents) add(proved []consent.Signed, at []int, results []imported, now time.Time) error {
	if len(proved) == 0 {
		return nil
	}
	refused, err := c.g.store.AddConsents(proved, store.Adding{Now: now, Quarantine: c.g.cfg.Consent.Quarantine()})
	if err != nil {
		return err
	}
	for i, err := range refused {
		r := &results[at[i]]
		switch {
		case err == nil:
			c.note(store.Consent{Token: proved[i].Token, KeyID: proved[i].KeyID(), Raw: proved[i].Raw(), Imported: now}, now)
			c.g.log.Info("consent imported", "token", r.id, "badge", r.token.Badge, "expires", r.token.Expires)
		case errors.Is(err, store.ErrExists):
			r.outcome, r.err = Known, err
		default:
			r.outcome, r.err = Refused, err
		}
	}
	return nil
}

// revokeSigned applies an issuer's revocation. The error is the store's.
func (c *consents) revokeSigned(raw string, now time.Time) (imported, consent.Revocation, error) {
	r, err := consent.OpenRevocation(raw, c.issuers, now)
	if err != nil {
		return imported{kind: KindRevocation, outcome: Refused, err: err}, r, nil
	}
	done := imported{kind: KindRevocation, outcome: Accepted, id: r.ID}
	err = c.revoke([]consent.Revocation{r}, now, &done.revoked)
	return done, r, err
}

// revoke forgets whom revocations concern and tells the workers, then stores
// them: a slow disk keeps nobody visible. Where it fails they stay forgotten:
// masked until the next start is better than shown until then. The caller
// reckons once more. ids takes the tokens concerned.
func (c *consents) revoke(all []consent.Revocation, now time.Time, ids *[]string) error {
	if c.forget(now, func(one store.Consent) bool {
		return slices.ContainsFunc(all, func(r consent.Revocation) bool { return r.Concerns(one.Token) })
	}) {
		c.reckon()
	}
	stored, err := c.g.store.Revoke(all, now)
	c.forget(now, func(one store.Consent) bool { return slices.Contains(stored, one.ID) })
	*ids = append(*ids, stored...)
	return err
}

// forget takes consents out of memory that count no more; false where there was none.
func (c *consents) forget(now time.Time, ended func(store.Consent) bool) (any bool) {
	for id, one := range c.live {
		if ended(one) {
			any = true
			delete(c.live, id)
			c.withdrawn(id, now)
			c.g.log.Info("consent revoked", "token", id)
		}
	}
	return any
}

// RevokeConsents withdraws for good, in the administrator's name. It returns
// the ids of the stored tokens concerned; the workers were told.
func (g *Gateway) RevokeConsents(ctx context.Context, r consent.Revocation) (ids []string, err error) {
	if !r.Valid() {
		return nil, refuse(CodeInvalid, text.ConsentNoTarget)
	}
	c := g.consents
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	r.Issuer, r.Issued = "", now
	err = c.revoke([]consent.Revocation{r}, now, &ids)
	c.reckon()
	if err != nil {
		return ids, storeError(err)
	}
	return ids, c.changed(withdrawals(console.Actor(ctx), []consent.Revocation{r}, ids))
}

// withdrawn tells the cameras which token ended, and when.
func (c *consents) withdrawn(id string, now time.Time) {
	for _, cam := range c.g.sorted() {
		cam.proof.withdrawn(id, now)
	}
}

// waiting are the revocations that came meanwhile, to be stored in one go: a
// broker repeats all it has at each connection.
func (c *consents) waiting() (all []heard) {
	for {
		select {
		case h := <-c.inbox:
			all = append(all, h)
		default:
			return all
		}
	}
}

// take applies revocations from the broker and refuses what no trusted issuer
// signed. The topic's name is not looked at: to mask twice harms nobody.
func (c *consents) take(all []heard) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	var good []consent.Revocation
	for _, h := range all {
		c.received.Add(1)
		r, err := consent.OpenRevocation(h.raw, c.issuers, now)
		if err != nil {
			c.refused.Add(1)
			c.g.log.Warn("revocation from the broker refused", "topic", h.id, "reason", consent.Code(err), "error", err)
			continue
		}
		good = append(good, r)
	}
	news, err := c.g.store.News(good)
	var ids []string
	if err := errors.Join(err, c.revoke(good, now, &ids)); err != nil {
		c.g.log.Error("revocations from the broker could not be stored", "error", err)
		news = nil
	}
	c.reckon()
	_ = c.changed(withdrawals(overMQTT, news, ids)) // counted and logged there
}

// Revocation is called by the MQTT client with what it hears; it waits where
// more come than can be stored.
func (c *consents) Revocation(id string, payload []byte) {
	select {
	case c.inbox <- heard{id, string(payload)}:
	case <-c.done:
	}
}

// AddIssuer trusts a key, from now on and for tokens stored before.
func (g *Gateway) AddIssuer(ctx context.Context, i consent.Issuer) error {
	return g.changeIssuers(func(tell func(happening)) error {
		err := g.store.AddIssuer(i)
		if err == nil {
			tell(issuing(console.Actor(ctx), "issuer.added", EventIssuerAdded, i.Name, i.Key.ID()))
		}
		if errors.Is(err, store.ErrExists) {
			return &APIError{Code: CodeExists, cause: err}
		}
		return storeError(err)
	})
}

// RemoveIssuer ends the trust in a key, or in all keys of a name: everybody
// whom it vouched for is masked.
func (g *Gateway) RemoveIssuer(ctx context.Context, nameOrKey string) (keys []string, err error) {
	err = g.changeIssuers(func(tell func(happening)) error {
		for id, i := range g.consents.issuers {
			if id != nameOrKey && i.Name != nameOrKey {
				continue
			}
			if err := g.store.DeleteIssuer(id); err != nil {
				return err
			}
			keys = append(keys, id)
			tell(issuing(console.Actor(ctx), "issuer.removed", EventIssuerRemoved, i.Name, id))
		}
		if len(keys) == 0 {
			return refuse(CodeNotFound, text.IssuerNotFound, nameOrKey)
		}
		return nil
	})
	return keys, err
}

// changeIssuers runs f and tells the workers what it changed. Revocations that
// were refused for want of the issuer are asked for again.
func (g *Gateway) changeIssuers(f func(tell func(happening)) error) error {
	c := g.consents
	c.mu.Lock()
	defer c.mu.Unlock()
	var happened []happening
	err := f(func(h happening) { happened = append(happened, h) })
	if read := c.readIssuers(); read != nil && !errors.Is(read, store.ErrUnreadable) {
		return errors.Join(err, read)
	}
	c.reckon()
	g.mqtt.AskRevocations()
	return errors.Join(err, c.changed(happened))
}
