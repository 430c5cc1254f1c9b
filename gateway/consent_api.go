package gateway

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// consentPage bounds one answer.
const consentPage = 2000

func (c *consents) status() api.ConsentStatus {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, shown, all := time.Now(), 0, c.g.views()
	idle := map[api.IdleReason]int{}
	for _, one := range c.live {
		if len(c.cameras(one, now, all)) > 0 {
			shown++
		}
		if why := c.idle(one, now, all); why != "" {
			idle[why]++
		}
	}
	return api.ConsentStatus{
		Issuers: len(c.issuers), Live: len(c.live), Shown: shown, Idle: idle, Unconfirmed: unconfirmed(all),
		RevocationsReceived: c.received.Load(), RevocationsRefused: c.refused.Load(),
	}
}

func (c *consents) state(one store.Consent, now time.Time) api.ConsentState {
	switch {
	case !one.Revoked.IsZero():
		return api.ConsentRevoked
	case !now.Before(one.Expires):
		return api.ConsentExpired
	case !c.trusted(one):
		return api.ConsentUntrusted
	case now.Before(one.NotBefore):
		return api.ConsentFuture
	}
	return api.ConsentValid
}

func (c *consents) describe(one store.Consent, now time.Time, all []view) api.Consent {
	return api.Consent{
		Token: one.Token, KeyID: one.KeyID, State: c.state(one, now), Imported: one.Imported, Revoked: one.Revoked,
		Cameras: c.cameras(one, now, all), Reason: c.idle(one, now, all),
	}
}

// ListConsents returns a page of the register.
func (g *Gateway) ListConsents(f api.ConsentFilter, after string) (api.ConsentPage, error) {
	c := g.consents
	c.mu.Lock()
	defer c.mu.Unlock()
	now, page, all := time.Now(), api.ConsentPage{Consents: []api.Consent{}}, g.views()
	err := g.store.EachConsent(after, func(one store.Consent) bool {
		if !takes(f, one, now) {
			return true
		}
		if page.More = len(page.Consents) == consentPage; !page.More {
			page.Consents = append(page.Consents, c.describe(one, now, all))
		}
		return !page.More
	})
	if errors.Is(err, store.ErrUnreadable) {
		g.log.Warn("some consents cannot be read from the store", "error", err)
		err = nil
	}
	return page, err
}

func takes(f api.ConsentFilter, one store.Consent, now time.Time) bool {
	ended := !one.Revoked.IsZero() || !now.Before(one.Expires)
	return (f.All || !ended) && (f.Badge == 0 || f.Badge == one.Badge) && (f.Subject == "" || f.Subject == one.Subject)
}

func (g *Gateway) getConsents(r *http.Request) (any, error) {
	q := r.URL.Query()
	f := api.ConsentFilter{All: q.Get("all") != "", Subject: q.Get("subject")}
	if s := q.Get("badge"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || !consent.ValidBadge(n) {
			return nil, api.Invalid("badge %q: use %d to %d", s, consent.MinBadge, consent.MaxBadge)
		}
		f.Badge = n
	}
	return g.ListConsents(f, q.Get("after"))
}

func (g *Gateway) getConsent(r *http.Request) (any, error) {
	one, err := g.storedConsent(r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	g.consents.mu.Lock()
	defer g.consents.mu.Unlock()
	return g.consents.describe(one, time.Now(), g.views()), nil
}

func (g *Gateway) postConsents(r *http.Request) (any, error) {
	var in api.ImportRequest
	if err := body(r, &in); err != nil {
		return nil, err
	}
	all, err := g.importConsents(r.Context(), in.Tokens)
	if err != nil {
		return nil, err
	}
	lang := text.Pick(r.Header.Get("Accept-Language"))
	out := api.ImportResult{Results: make([]api.Import, len(all))}
	for i, one := range all {
		out.Results[i] = one.tell(lang)
	}
	return out, nil
}

func (i imported) tell(lang text.Lang) api.Import {
	return api.Import{
		Kind: i.kind, Outcome: i.outcome, ID: i.id, Badge: i.token.Badge, Expires: i.token.Expires, Revoked: i.revoked,
		Code: consent.Code(i.err), Message: text.Explain(lang, i.err),
	}
}

func (g *Gateway) postRevoke(r *http.Request) (any, error) {
	var in api.RevokeRequest
	if err := body(r, &in); err != nil {
		return nil, err
	}
	ids, err := g.RevokeConsents(r.Context(), consent.Revocation{Token: in.Token, Subject: in.Subject, Badge: in.Badge})
	if err != nil {
		return nil, err
	}
	return api.RevokeResult{Revoked: append([]string{}, ids...)}, nil
}

func (g *Gateway) postRevoked(r *http.Request) (any, error) {
	var in consent.Token
	if err := body(r, &in); err != nil {
		return nil, err
	}
	err := g.store.CheckRevoked(in)
	if err != nil && !errors.Is(err, consent.ErrRevoked) {
		return nil, err
	}
	return api.RevokedAnswer{Revoked: err != nil}, nil
}

func (g *Gateway) getIssuers(*http.Request) (any, error) {
	all, err := g.store.Issuers()
	if err != nil && !errors.Is(err, store.ErrUnreadable) {
		return nil, err
	}
	out := make([]api.Issuer, len(all))
	for i, one := range all {
		out[i] = api.Issuer{Name: one.Name, KeyID: one.Key.ID(), Added: one.Added}
	}
	slices.SortFunc(out, func(a, b api.Issuer) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.KeyID, b.KeyID)) })
	return out, nil
}

func (g *Gateway) postIssuer(r *http.Request) (any, error) {
	var in api.NewIssuer
	if err := body(r, &in); err != nil {
		return nil, err
	}
	key, err := consent.ParsePublicKey([]byte(in.Key))
	if err != nil {
		return nil, api.Because(api.CodeInvalid, err)
	}
	if err := g.AddIssuer(r.Context(), consent.Issuer{Name: in.Name, Key: key}); err != nil {
		return nil, err
	}
	g.log.Info("issuer trusted", "issuer", in.Name, "key", key.ID())
	return api.Issuer{Name: in.Name, KeyID: key.ID(), Added: time.Now()}, nil
}

func (g *Gateway) deleteIssuer(r *http.Request) (any, error) {
	keys, err := g.RemoveIssuer(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	g.log.Info("issuer removed", "keys", keys)
	return api.RemovedIssuer{Keys: keys}, nil
}
