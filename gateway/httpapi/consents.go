package httpapi

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/badge"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/consents"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
)

// consentHandlers answer for consents and issuers.
type consentHandlers struct {
	consents *consents.Consents
	store    *store.Store
	zone     func() *time.Location // of the site
	log      *slog.Logger
}

func (h consentHandlers) bind(r *route.Routes) {
	r.HandleFunc("GET /v1/consents", route.Answer(http.StatusOK, h.list))
	r.HandleFunc("GET /v1/consents/{id}", route.Answer(http.StatusOK, h.get))
	r.HandleFunc("POST /v1/consents", route.Answer(http.StatusOK, h.add))
	r.HandleFunc("POST /v1/consents/issue", route.Answer(http.StatusCreated, h.issue))
	r.HandleFunc("POST /v1/consents/revoke", route.Answer(http.StatusOK, h.revoke))
	r.HandleFunc("POST /v1/consents/revoked", route.Answer(http.StatusOK, h.revoked))
	r.HandleFunc("GET /v1/consents/{id}/badge.pdf", h.badge(func(b badge.Badge, w io.Writer) error { return b.PDF(w) }))
	r.HandleFunc("GET /v1/consents/{id}/sheet.pdf", h.badge(func(b badge.Badge, w io.Writer) error { return badge.Sheet(w, []badge.Badge{b}) }))
	r.HandleFunc("GET /v1/consents/recipient", route.Answer(http.StatusOK, h.recipient))
	r.HandleFunc("GET /v1/issuers", route.Answer(http.StatusOK, func(*http.Request) (any, error) { return h.consents.Issuers() }))
	r.HandleFunc("POST /v1/issuers", route.Answer(http.StatusCreated, h.addIssuer))
	r.HandleFunc("DELETE /v1/issuers/{id}", route.Answer(http.StatusOK, h.removeIssuer))
}

func (h consentHandlers) recipient(*http.Request) (any, error) {
	to, err := h.consents.Recipient()
	return api.Recipient{Recipient: to}, err
}

func (h consentHandlers) list(r *http.Request) (any, error) {
	q := r.URL.Query()
	f := api.ConsentFilter{All: q.Get("all") != "", Subject: q.Get("subject")}
	if s := q.Get("badge"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || !consent.ValidBadge(n) {
			return nil, api.Refuse(api.CodeInvalid, text.ConfigRange, "badge", s, strconv.Itoa(consent.MinBadge), strconv.Itoa(consent.MaxBadge), "7")
		}
		f.Badge = n
	}
	return h.consents.List(f, q.Get("after"))
}

func (h consentHandlers) add(r *http.Request) (any, error) {
	var in api.ImportRequest
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	all, err := h.consents.Import(r.Context(), in.Tokens)
	if err != nil {
		return nil, err
	}
	lang := route.Lang(r)
	out := api.ImportResult{Results: make([]api.Import, len(all))}
	for i, one := range all {
		out.Results[i] = one.In(lang)
	}
	return out, nil
}

func (h consentHandlers) revoke(r *http.Request) (any, error) {
	var in api.RevokeRequest
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	ids, err := h.consents.Revoke(r.Context(), consent.Revocation{Token: in.Token, Subject: in.Subject, Badge: in.Badge})
	if err != nil {
		return nil, err
	}
	return api.RevokeResult{Revoked: append([]string{}, ids...)}, nil
}

func (h consentHandlers) revoked(r *http.Request) (any, error) {
	var in consent.Token
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	err := h.store.CheckRevoked(in)
	if err != nil && !errors.Is(err, consent.ErrRevoked) {
		return nil, err
	}
	return api.RevokedAnswer{Revoked: err != nil}, nil
}

func (h consentHandlers) addIssuer(r *http.Request) (any, error) {
	var in api.NewIssuer
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	key, err := consent.ParsePublicKey([]byte(in.Key))
	if err != nil {
		return nil, api.Because(api.CodeInvalid, err)
	}
	if err := h.consents.AddIssuer(r.Context(), consent.Issuer{Name: in.Name, Key: key}); err != nil {
		return nil, err
	}
	h.log.Info("issuer trusted", "issuer", in.Name, "key", key.ID())
	return api.Issuer{Name: in.Name, KeyID: key.ID(), Added: time.Now(), Key: string(key.PEM())}, nil
}

func (h consentHandlers) removeIssuer(r *http.Request) (any, error) {
	keys, err := h.consents.RemoveIssuer(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	h.log.Info("issuer removed", "keys", keys)
	return api.RemovedIssuer{Keys: keys}, nil
}

func (h consentHandlers) get(r *http.Request) (any, error) { return h.consents.Get(r.PathValue("id")) }

func (h consentHandlers) issue(r *http.Request) (any, error) {
	var in api.IssueRequest
	if err := route.Body(r, &in); err != nil {
		return nil, err
	}
	if in.Until != "" {
		if in.Until.Time().IsZero() {
			return nil, api.Refuse(api.CodeInvalid, text.PolicyDate, "until", string(in.Until))
		}
		in.Expires = in.Until.End(h.zone())
	}
	return h.consents.Issue(r.Context(), in)
}

// areasOf are the names of areas for a badge; all of them need no line.
func areasOf(names []string) []string {
	if slices.Contains(names, consent.AnyZone) {
		return nil
	}
	return names
}

// badge draws the badge of a consent.
func (h consentHandlers) badge(draw func(badge.Badge, io.Writer) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		one, err := h.consents.Stored(r.PathValue("id"))
		if err == nil && one.Badge == 0 {
			err = api.Refuse(api.CodeNotFound, text.APINoBadge, one.ID)
		}
		if err != nil {
			route.RefuseTo(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/pdf")
		if err := draw(badge.Badge{Number: one.Badge, Expires: one.Expires.In(h.zone()), Areas: areasOf(h.consents.AreaNames(one.Token))}, w); err != nil {
			h.log.Debug("a badge was not fetched", "error", err) // the client is gone
		}
	}
}
