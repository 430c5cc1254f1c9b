package consents

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/camera"
)

// Status counts the consents.
func (c *Consents) Status() api.ConsentStatus {
	now, shown, views := time.Now(), 0, c.cfg.Cameras.Views()
	c.mu.Lock()
	defer c.mu.Unlock()
	idle := map[api.IdleReason]int{}
	for _, one := range c.live {
		if len(c.cameras(one, now, views)) > 0 {
			shown++
		}
		if why := c.idle(one, now, views); why != "" {
			idle[why]++
		}
	}
	return api.ConsentStatus{
		Issuers: len(c.issuers), Live: len(c.live), Shown: shown, Idle: idle, Unconfirmed: unconfirmed(views),
		RevocationsReceived: c.received.Load(), RevocationsRefused: c.refused.Load(),
		ExchangeDropped: c.exchangeDropped(), Lists: c.lists(now), FreshDays: int(c.cfg.Fresh.Hours() / 24),
	}
}

func (c *Consents) exchangeDropped() uint64 {
	if c.others == nil {
		return 0
	}
	return c.others.Dropped()
}

// lists tell how much is known of what each issuer withdrew; the caller holds mu.
func (c *Consents) lists(now time.Time) []api.IssuerList {
	all := []api.IssuerList{}
	for _, name := range c.issuerNames() {
		k := c.known[name]
		all = append(all, api.IssuerList{
			Issuer: name, Number: k.list.Number, Withdrawn: len(k.list.Withdrawn), Sure: k.sure(), Behind: k.behind(), Stale: c.staleIssuer(name, now),
		})
	}
	return all
}

func (c *Consents) state(one store.ConsentRow, now time.Time) api.ConsentState {
	switch {
	case !one.Revoked.IsZero():
		return api.ConsentRevoked
	case !c.now(one, now).Before(one.Expires):
		return api.ConsentExpired
	case !c.trusted(one):
		return api.ConsentUntrusted
	case now.Before(one.NotBefore):
		return api.ConsentFuture
	}
	return api.ConsentValid
}

// areaNames tells what people call areas: where cameras have several of one id all their names,
// and the id where nobody named it or it is no more.
func areaNames(views []camera.View) func(ids []string) []string {
	names := map[string][]string{}
	for _, v := range views {
		for _, z := range v.Zones {
			if !slices.Contains(names[z.ID], z.Shown()) {
				names[z.ID] = append(names[z.ID], z.Shown())
			}
		}
	}
	return func(ids []string) (all []string) {
		for _, id := range ids {
			all = append(all, cmp.Or(strings.Join(names[id], ", "), id))
		}
		return all
	}
}

// AreaNames are what people call the areas of a consent.
func (c *Consents) AreaNames(t consent.Token) []string {
	return areaNames(c.cfg.Cameras.Views())(t.Zones)
}

// describe says how stored consents stand.
func (c *Consents) describe(now time.Time, all ...store.ConsentRow) []api.Consent {
	views := c.cfg.Cameras.Views()
	called := areaNames(views)
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]api.Consent, len(all))
	for i, one := range all {
		out[i] = api.Consent{
			Token: one.Token, ZoneNames: called(one.Zones), KeyID: one.KeyID, State: c.state(one, now), Imported: one.Imported, Revoked: one.Revoked,
			Cameras: c.cameras(one, now, views), Reason: c.idle(one, now, views),
		}
	}
	return out
}

// List returns a page of the register.
func (c *Consents) List(f api.ConsentFilter, after string) (api.ConsentPage, error) {
	now, page := time.Now(), api.ConsentPage{Consents: []api.Consent{}}
	var found []store.ConsentRow
	err := c.cfg.Store.EachConsent(after, func(one store.ConsentRow) bool {
		if !takes(f, one, now) {
			return true
		}
		if page.More = len(found) == consentPage; !page.More {
			found = append(found, one)
		}
		return !page.More
	})
	if errors.Is(err, store.ErrUnreadable) {
		c.cfg.Log.Warn("some consents cannot be read from the store", "error", err)
		err = nil
	}
	page.Consents = append(page.Consents, c.describe(now, found...)...)
	return page, err
}

// Get returns one consent.
func (c *Consents) Get(id string) (api.Consent, error) {
	one, err := c.Stored(id)
	if err != nil {
		return api.Consent{}, err
	}
	return c.describe(time.Now(), one)[0], nil
}

// Stored is a consent as the store has it.
func (c *Consents) Stored(id string) (store.ConsentRow, error) {
	one, err := c.cfg.Store.Consent(id)
	if errors.Is(err, store.ErrNotFound) {
		err = api.Because(api.CodeNotFound, err)
	}
	return one, err
}

// Issuers lists the trusted keys by name.
func (c *Consents) Issuers() ([]api.Issuer, error) {
	all, err := c.cfg.Store.Issuers()
	if err != nil && !errors.Is(err, store.ErrUnreadable) {
		return nil, err
	}
	out := make([]api.Issuer, len(all))
	for i, one := range all {
		out[i] = api.Issuer{Name: one.Name, KeyID: one.Key.ID(), Added: one.Added, Key: string(one.Key.PEM())}
	}
	slices.SortFunc(out, func(a, b api.Issuer) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.KeyID, b.KeyID)) })
	return out, nil
}

func takes(f api.ConsentFilter, one store.ConsentRow, now time.Time) bool {
	ended := !one.Revoked.IsZero() || !now.Before(one.Expires)
	return (f.All || !ended) && (f.Badge == 0 || f.Badge == one.Badge) && (f.Subject == "" || f.Subject == one.Subject)
}

// In describes it in a language.
func (i Imported) In(lang text.Lang) api.Import {
	return api.Import{
		Kind: i.Kind, Outcome: i.Outcome, ID: i.ID, Badge: i.Token.Badge, Expires: i.Token.Expires, Revoked: i.Revoked,
		Code: consent.Code(i.Err), Message: text.Explain(lang, i.Err),
	}
}

// consentPage bounds one answer.
const consentPage = 2000
