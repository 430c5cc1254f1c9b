package consents

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/consents/exchange"
)

// maxAhead is how far ahead of the gateway's own time a signed one is still believed: more
// than that and one of the two clocks is wrong, and nothing may be shown by it.
const maxAhead = 24 * time.Hour

// known is what is known of an issuer's withdrawals as a whole.
type known struct {
	list   consent.SignedList  // number 0: none came yet
	said   consent.Attestation // the newest; zero: none
	raw    string              // said, as it was signed
	newest time.Time           // the latest time that was signed
	since  time.Time           // when newest came, or the start: time goes on from there
}

// now is the time for the issuer's tokens. It is never before the newest signed one,
// however far the box's clock was set back.
func (k known) now(clock time.Time) time.Time {
	if at := k.newest.Add(time.Since(k.since)); at.After(clock) {
		return at
	}
	return clock
}

// sure is up to when it is certain that nothing but our list was withdrawn; zero: never.
func (k known) sure() time.Time {
	at := k.list.Issued
	if k.said.Number == k.list.Number && k.said.Hash == k.list.Hash() && k.said.Issued.After(at) {
		at = k.said.Issued
	}
	if at.After(k.newest) {
		return time.Time{} // signed by a clock that is not believed
	}
	return at
}

// behind reports whether the issuer has signed a newer list than the one that we have.
func (k known) behind() bool { return k.said.Number > k.list.Number }

// signed notes a time that was signed now; false where it is not believed.
func (k *known) signed(at, clock time.Time) bool {
	if at.After(k.now(clock).Add(maxAhead)) {
		return false
	}
	if at.After(k.newest) {
		k.newest, k.since = at, time.Now()
	}
	return true
}

// stored is what the store keeps of it.
func (k known) stored(issuer string) store.IssuerList {
	return store.IssuerList{Issuer: issuer, List: k.list.Raw(), Attestation: k.raw, Newest: k.newest.UTC()}
}

// readLists takes what the store has of issuers' lists. What cannot be proved any more, for
// its key is not trusted now, is asked for again once it is.
func (c *Consents) readLists() error {
	all, err := c.cfg.Store.IssuerLists()
	trust := c.trust()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range all {
		c.known[l.Issuer] = proved(l, trust, time.Now())
	}
	return err
}

// proved is what can be proved of what was stored.
func proved(l store.IssuerList, trust consent.Issuers, since time.Time) known {
	k := known{newest: l.Newest, since: since}
	if list, err := consent.OpenList(l.List, trust); err == nil {
		k.list = list
	}
	if said, err := consent.OpenAttestation(l.Attestation, trust); err == nil {
		k.said, k.raw = said, l.Attestation
	}
	return k
}

// forgetLists lets go of lists and attestations whose key is trusted no more, so that those of
// the issuer's other keys count, whatever their numbers; the caller holds mu. What they withdrew
// stays withdrawn.
func (c *Consents) forgetLists() {
	for name, k := range c.known {
		c.known[name] = proved(k.stored(name), c.issuers, k.since)
	}
}

// takeList masks whom a list withdraws, and keeps it where it is newer than what is here. What
// an older one withdraws counts as well. stored is called once all of it is on the disk. The
// withdrawal is nil where the list is the one that is here.
func (c *Consents) takeList(raw, actor string, stored func()) (*withdrawal, consent.SignedList, error) {
	now := time.Now()
	l, err := consent.OpenList(raw, c.trust())
	if err != nil {
		return nil, l, err
	}
	c.mu.Lock()
	k := c.known[l.Issuer]
	had := k.list
	newer := l.Number > had.Number || l.Number == had.Number && l.Hash() > had.Hash()
	believed := k.signed(l.Issued, now)
	if newer {
		k.list = l
	}
	c.known[l.Issuer] = k
	c.mu.Unlock()
	if had.Hash() == l.Hash() {
		stored()
		return nil, l, nil
	}
	c.warnOf(l, had, believed)
	w := c.withdraw(beyond(l, had), actor, now, func() { c.keepList(l.Issuer, stored) })
	c.refresh()
	c.renew()
	return w, l, nil
}

// beyond is what a list withdraws and another one did not: what that one did is masked already.
func beyond(l, had consent.SignedList) []consent.Revocation {
	old := map[consent.Revocation]bool{}
	for _, r := range had.Withdrawn {
		old[r] = true
	}
	return slices.DeleteFunc(slices.Clone(l.Withdrawn), func(r consent.Revocation) bool { return old[r] })
}

// warnOf says where an issuer's lists do not follow each other, or its clock cannot be right.
func (c *Consents) warnOf(l, had consent.SignedList, believed bool) {
	switch {
	case !believed:
		c.cfg.Log.Warn("an issuer's list is from the future: set the clock of this box or the issuer's; what it withdraws is masked", "issuer", l.Issuer, "number", l.Number, "signed", l.Issued)
	case l.Number == had.Number, l.Number == had.Number+1 && l.Previous != had.Hash() && had.Number > 0:
		c.cfg.Log.Warn("an issuer's list was continued in two places: what either withdraws is masked; use one list file for each key", "issuer", l.Issuer, "number", l.Number)
	}
	c.cfg.Log.Info("an issuer's list came", "issuer", l.Issuer, "number", l.Number, "withdrawn", len(l.Withdrawn))
}

// keepList stores what is known of an issuer by now. It is called by the queue.
func (c *Consents) keepList(issuer string, stored func()) {
	c.mu.Lock()
	k := c.known[issuer]
	c.mu.Unlock()
	if err := c.cfg.Store.PutIssuerList(k.stored(issuer)); err != nil {
		c.cfg.Log.Error("an issuer's list is in force and cannot be stored: it is asked for again after the next start", "issuer", issuer, "error", err)
		return // without a receipt the broker sends it again
	}
	stored()
}

// takeAttestation notes how new an issuer's list is known to be.
func (c *Consents) takeAttestation(raw string, stored func()) (consent.Attestation, error) {
	a, err := consent.OpenAttestation(raw, c.trust())
	if err != nil {
		return a, err
	}
	now := time.Now()
	c.mu.Lock()
	k := c.known[a.Issuer]
	newer, believed := a.Issued.After(k.said.Issued), k.signed(a.Issued, now)
	if newer && believed {
		k.said, k.raw = a, raw
	}
	c.known[a.Issuer] = k
	c.mu.Unlock()
	if !believed {
		c.repeats.Warn(c.cfg.Log, "an attestation is from the future: set the clock of this box or of who attests", a.Issuer, "signed", a.Issued)
	}
	if !newer || !believed {
		stored()
		return a, nil
	}
	c.cfg.Queue.Mask("attestation of "+a.Issuer, func() error { c.keepList(a.Issuer, stored); return nil })
	c.refresh()
	c.renew()
	return a, nil
}

// kindOf tells what something signed wants to be, unproved.
func kindOf(raw string) string {
	switch {
	case consent.IsRevocation(raw):
		return api.KindRevocation
	case consent.IsList(raw):
		return api.KindList
	case consent.IsAttestation(raw):
		return api.KindAttestation
	}
	return api.KindToken
}

// importList takes a list that somebody carried here.
func (c *Consents) importList(raw, actor string) (Imported, *withdrawal) {
	w, l, err := c.takeList(raw, actor, func() {})
	if err != nil {
		return Imported{Kind: api.KindList, Outcome: api.Refused, Err: err}, nil
	}
	done := Imported{Kind: api.KindList, Outcome: api.Accepted, ID: fmt.Sprintf("%s/%d", l.Issuer, l.Number)}
	if w == nil {
		done.Outcome = api.Known
	}
	return done, w
}

func (c *Consents) importAttestation(raw string) Imported {
	a, err := c.takeAttestation(raw, func() {})
	if err != nil {
		return Imported{Kind: api.KindAttestation, Outcome: api.Refused, Err: err}
	}
	return Imported{Kind: api.KindAttestation, Outcome: api.Accepted, ID: fmt.Sprintf("%s/%d", a.Issuer, a.Number)}
}

// stale reports whether it is not certain enough that a consent was not withdrawn meanwhile;
// the caller holds mu. What the gateway signs itself, it withdraws itself.
func (c *Consents) stale(one store.ConsentRow, clock time.Time) bool {
	return one.KeyID != c.own && c.staleIssuer(one.Issuer, clock)
}

func (c *Consents) staleIssuer(name string, clock time.Time) bool {
	k := c.known[name]
	at := k.sure()
	return c.cfg.Fresh > 0 && (at.IsZero() || k.now(clock).Sub(at) > c.cfg.Fresh)
}

// now is the time for a consent, by its issuer's newest signed time as well; the caller holds mu.
func (c *Consents) now(one store.ConsentRow, clock time.Time) time.Time {
	return c.known[one.Issuer].now(clock)
}

// believe looks again whether signed times can be believed, for the clock may have been set
// right; the caller holds mu.
func (c *Consents) believe(clock time.Time) {
	for name, k := range c.known {
		k.signed(k.list.Issued, clock)
		k.signed(k.said.Issued, clock)
		c.known[name] = k
	}
}

// untilStale is the time until an issuer's consents are no longer certain enough, at most
// wait; the caller holds mu.
func (c *Consents) untilStale(wait time.Duration, clock time.Time) time.Duration {
	for _, k := range c.known {
		if d := c.cfg.Fresh - k.now(clock).Sub(k.sure()); c.cfg.Fresh > 0 && d >= 0 && d < wait {
			wait = d + time.Millisecond
		}
	}
	return wait
}

// readOwn reads by which key the gateway signs consents itself, where it does.
func (c *Consents) readOwn() error {
	kept, err := c.cfg.Store.Setting(issuerSetting)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	key, err := consent.ParsePrivateKey([]byte(kept.Reveal()))
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.own = key.Public().ID()
	c.mu.Unlock()
	return nil
}

// Known is what this gateway has of each trusted issuer's withdrawals, for the exchange.
func (c *Consents) Known() (all []exchange.Known) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range c.issuerNames() {
		k := c.known[name]
		one := exchange.Known{Issuer: name, Number: k.list.Number, Hash: k.list.Hash()}
		if at := k.sure(); !at.IsZero() {
			one.Attested = at.Unix()
		}
		all = append(all, one)
	}
	return all
}

// issuerNames are those of the trusted issuers but the gateway itself; the caller holds mu.
func (c *Consents) issuerNames() []string {
	names := map[string]bool{}
	for id, i := range c.issuers {
		if id != c.own {
			names[i.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// renew has the others hear soon what is known here.
func (c *Consents) renew() {
	if c.others != nil {
		c.others.Renew()
	}
}

// IssuerNames are those whose lists are wanted from the broker: at each connection, and after
// each change of the issuers.
func (c *Consents) IssuerNames() []string {
	c.renew()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.issuerNames()
}

// Signed are an issuer's list and attestation as they were signed; empty where there is none.
func (c *Consents) Signed(issuer string) (list, attestation string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k := c.known[issuer]
	return k.list.Raw(), k.raw
}

// message is what the broker brought; stored is called once it is on the disk, or refused.
type message struct {
	kind      consent.Kind
	name, raw string
	stored    func()
}

// Receive is called by the MQTT client with what an issuer signed; it waits where more comes
// than can be taken. stored is called once it is on the disk.
func (c *Consents) Receive(kind consent.Kind, name string, payload []byte, stored func()) {
	switch kind {
	case consent.KindDigest, consent.KindAsk:
		if c.others != nil {
			c.others.Receive(kind, name, payload)
		}
		stored()
		return
	case consent.KindLetter:
		c.post(message{kind, name, string(payload), stored})
		return
	}
	select {
	case c.inbox <- message{kind, name, string(payload), stored}:
	case <-c.done:
	}
}

// take applies what came from the broker and refuses what no trusted issuer signed. Topics'
// names are not looked at: to mask twice harms nobody.
func (c *Consents) take(all []message) {
	var single []message
	for _, h := range all {
		var err error
		var issuer string
		switch h.kind {
		case consent.KindList:
			var l consent.SignedList
			_, l, err = c.takeList(h.raw, audit.Broker, h.stored)
			issuer = l.Issuer
		case consent.KindAttestation:
			var a consent.Attestation
			a, err = c.takeAttestation(h.raw, h.stored)
			issuer = a.Issuer
		default:
			single = append(single, h)
			continue
		}
		if err != nil {
			c.refuse(h, err)
		} else if c.others != nil {
			c.others.Answered(issuer)
		}
	}
	c.takeRevocations(single)
}

// refuse counts what came from the broker and is not an issuer's.
func (c *Consents) refuse(h message, err error) {
	c.refused.Add(1)
	c.repeats.Warn(c.cfg.Log, "what the broker sent about consents was refused", cmp.Or(string(consent.Code(err)), string(h.kind)), "kind", h.kind, "topic", h.name, "error", err)
	h.stored()
}
