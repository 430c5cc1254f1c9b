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
	"github.com/bauta-gateway/bauta/hardware/media"
)

// ConsentStatus counts consents.
type ConsentStatus struct {
	// Issuers are trusted keys.
	Issuers int `json:"issuers"`
	// Live consents count now or will; Shown is how many of them count on some camera now.
	Live  int `json:"live"`
	Shown int `json:"shown"`
	// Idle counts the live ones that show nobody anywhere, by reason.
	Idle map[IdleReason]int `json:"idle"`
	// Unconfirmed zones have purposes that nobody named.
	Unconfirmed []UnconfirmedZone `json:"unconfirmed_zones"`
	// RevocationsReceived came over MQTT since the start; RevocationsRefused of
	// them were not signed by a trusted issuer.
	RevocationsReceived uint64 `json:"revocations_received"`
	RevocationsRefused  uint64 `json:"revocations_refused"`
}

// ConsentState is how a stored consent stands.
type ConsentState string

// The states.
const (
	ConsentValid     ConsentState = "valid"     // it counts where it names a consent zone
	ConsentFuture    ConsentState = "future"    // its time has not come
	ConsentExpired   ConsentState = "expired"   // its time is over
	ConsentRevoked   ConsentState = "revoked"   // it was withdrawn
	ConsentUntrusted ConsentState = "untrusted" // its issuer is not trusted any more
)

// Consent is a stored consent. Its token's fields stand under the names of their claims.
type Consent struct {
	consent.Token
	KeyID    string       `json:"kid"`
	State    ConsentState `json:"state"`
	Imported time.Time    `json:"imported"`
	Revoked  time.Time    `json:"revoked,omitzero"`
	// Cameras are those on which it counts now.
	Cameras []media.CameraID `json:"cameras"`
	// Reason is why it shows nobody although it is in order; empty where it shows somebody.
	Reason IdleReason `json:"reason,omitempty"`
}

// ConsentPage is the answer of GET /v1/consents.
type ConsentPage struct {
	Consents []Consent `json:"consents"`
	// More tells that others follow: ask again with after=<last id>.
	More bool `json:"more"`
}

// ConsentFilter chooses consents; its zero value takes those that count now or later.
type ConsentFilter struct {
	// All takes those that ended too.
	All     bool
	Badge   int
	Subject string
}

// consentPage bounds one answer.
const consentPage = 2000

// Outcome is what became of a token at its import.
type Outcome string

// The outcomes.
const (
	Accepted Outcome = "accepted"
	Known    Outcome = "known" // the very same token is here already
	Refused  Outcome = "refused"
)

// The kinds of statements that can be imported.
const (
	KindToken      = "token"
	KindRevocation = "revocation"
)

// ImportRequest is the body of POST /v1/consents: tokens and signed revocations.
type ImportRequest struct {
	Tokens []string `json:"tokens"`
}

// Import is what became of one of them, in the order of the request.
type Import struct {
	Kind    string  `json:"kind"`
	Outcome Outcome `json:"outcome"`
	// ID, Badge and Expires of a token whose signature holds; ID of a revocation.
	ID      string    `json:"id,omitempty"`
	Badge   int       `json:"badge,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
	// Revoked lists the stored tokens that a revocation withdrew.
	Revoked []string `json:"revoked,omitempty"`
	// Code is why it was refused, or a note, for programs; Message for people.
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

// ImportResult is the answer.
type ImportResult struct {
	Results []Import `json:"results"`
}

// RevokeRequest is the body of POST /v1/consents/revoke; one field is set.
type RevokeRequest struct {
	Token   string `json:"token,omitempty"`
	Subject string `json:"subject,omitempty"`
	Badge   int    `json:"badge,omitempty"`
}

// RevokeResult lists the stored tokens that counted until now.
type RevokeResult struct {
	Revoked []string `json:"revoked"`
}

// RevokedAnswer is the answer of POST /v1/consents/revoked, whose body is a token's fields.
type RevokedAnswer struct {
	Revoked bool `json:"revoked"`
}

// Issuer is a trusted key.
type Issuer struct {
	Name  string    `json:"name"`
	KeyID string    `json:"kid"`
	Added time.Time `json:"added"`
}

// NewIssuer is the body of POST /v1/issuers; Key is PEM.
type NewIssuer struct {
	Name string `json:"name"`
	Key  string `json:"key"`
}

// RemovedIssuer is the answer of DELETE /v1/issuers/{name or key id}.
type RemovedIssuer struct {
	Keys []string `json:"keys"`
}

func (c *consents) status() ConsentStatus {
	c.mu.Lock()
	defer c.mu.Unlock()
	now, shown, all := time.Now(), 0, c.g.views()
	idle := map[IdleReason]int{}
	for _, one := range c.live {
		if len(c.cameras(one, now, all)) > 0 {
			shown++
		}
		if why := c.idle(one, now, all); why != "" {
			idle[why]++
		}
	}
	return ConsentStatus{
		Issuers: len(c.issuers), Live: len(c.live), Shown: shown, Idle: idle, Unconfirmed: unconfirmed(all),
		RevocationsReceived: c.received.Load(), RevocationsRefused: c.refused.Load(),
	}
}

func (c *consents) state(one store.Consent, now time.Time) ConsentState {
	switch {
	case !one.Revoked.IsZero():
		return ConsentRevoked
	case !now.Before(one.Expires):
		return ConsentExpired
	case !c.trusted(one):
		return ConsentUntrusted
	case now.Before(one.NotBefore):
		return ConsentFuture
	}
	return ConsentValid
}

func (c *consents) describe(one store.Consent, now time.Time, all []view) Consent {
	return Consent{
		Token: one.Token, KeyID: one.KeyID, State: c.state(one, now), Imported: one.Imported, Revoked: one.Revoked,
		Cameras: c.cameras(one, now, all), Reason: c.idle(one, now, all),
	}
}

// ListConsents returns a page of the register.
func (g *Gateway) ListConsents(f ConsentFilter, after string) (ConsentPage, error) {
	c := g.consents
	c.mu.Lock()
	defer c.mu.Unlock()
	now, page, all := time.Now(), ConsentPage{Consents: []Consent{}}, g.views()
	err := g.store.EachConsent(after, func(one store.Consent) bool {
		if !f.takes(one, now) {
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

func (f ConsentFilter) takes(one store.Consent, now time.Time) bool {
	ended := !one.Revoked.IsZero() || !now.Before(one.Expires)
	return (f.All || !ended) && (f.Badge == 0 || f.Badge == one.Badge) && (f.Subject == "" || f.Subject == one.Subject)
}

func (g *Gateway) getConsents(r *http.Request) (any, error) {
	q := r.URL.Query()
	f := ConsentFilter{All: q.Get("all") != "", Subject: q.Get("subject")}
	if s := q.Get("badge"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || !consent.ValidBadge(n) {
			return nil, invalid("badge %q: use %d to %d", s, consent.MinBadge, consent.MaxBadge)
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
	var in ImportRequest
	if err := body(r, &in); err != nil {
		return nil, err
	}
	all, err := g.importConsents(r.Context(), in.Tokens)
	if err != nil {
		return nil, err
	}
	lang := text.Pick(r.Header.Get("Accept-Language"))
	out := ImportResult{Results: make([]Import, len(all))}
	for i, one := range all {
		out.Results[i] = one.tell(lang)
	}
	return out, nil
}

func (i imported) tell(lang text.Lang) Import {
	return Import{
		Kind: i.kind, Outcome: i.outcome, ID: i.id, Badge: i.token.Badge, Expires: i.token.Expires, Revoked: i.revoked,
		Code: consent.Code(i.err), Message: text.Explain(lang, i.err),
	}
}

func (g *Gateway) postRevoke(r *http.Request) (any, error) {
	var in RevokeRequest
	if err := body(r, &in); err != nil {
		return nil, err
	}
	ids, err := g.RevokeConsents(r.Context(), consent.Revocation{Token: in.Token, Subject: in.Subject, Badge: in.Badge})
	if err != nil {
		return nil, err
	}
	return RevokeResult{Revoked: append([]string{}, ids...)}, nil
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
	return RevokedAnswer{Revoked: err != nil}, nil
}

func (g *Gateway) getIssuers(*http.Request) (any, error) {
	all, err := g.store.Issuers()
	if err != nil && !errors.Is(err, store.ErrUnreadable) {
		return nil, err
	}
	out := make([]Issuer, len(all))
	for i, one := range all {
		out[i] = Issuer{Name: one.Name, KeyID: one.Key.ID(), Added: one.Added}
	}
	slices.SortFunc(out, func(a, b Issuer) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.KeyID, b.KeyID)) })
	return out, nil
}

func (g *Gateway) postIssuer(r *http.Request) (any, error) {
	var in NewIssuer
	if err := body(r, &in); err != nil {
		return nil, err
	}
	key, err := consent.ParsePublicKey([]byte(in.Key))
	if err != nil {
		return nil, &APIError{Code: CodeInvalid, cause: err}
	}
	if err := g.AddIssuer(r.Context(), consent.Issuer{Name: in.Name, Key: key}); err != nil {
		return nil, err
	}
	g.log.Info("issuer trusted", "issuer", in.Name, "key", key.ID())
	return Issuer{Name: in.Name, KeyID: key.ID(), Added: time.Now()}, nil
}

func (g *Gateway) deleteIssuer(r *http.Request) (any, error) {
	keys, err := g.RemoveIssuer(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	g.log.Info("issuer removed", "keys", keys)
	return RemovedIssuer{Keys: keys}, nil
}
