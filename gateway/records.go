package gateway

import (
	"context"
	"net/http"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

// PutRecord stores a record of a kind; with an id it takes the place of that
// one. What the gateway knows best it fills in: the configuration that an
// assessment is made for, the cameras of a filing.
func (g *Gateway) PutRecord(ctx context.Context, kind policy.Kind, id string, rec policy.Record) (api.RecordID, error) {
	g.admin.Lock()
	defer g.admin.Unlock()
	switch r := rec.(type) {
	case *policy.Assessment:
		if r.Config == "" {
			f := g.facts()
			r.Config = policy.ConfigHash(f.Site, f.Cameras)
		}
	case *policy.Filing:
		if len(r.Cameras) == 0 {
			for _, c := range g.sorted() {
				r.Cameras = append(r.Cameras, c.cfg.source.ID)
			}
		}
	}
	stored, err := g.store.PutRecord(kind, id, rec)
	if err != nil {
		return api.RecordID{}, api.FromStore(err)
	}
	action := "record.added"
	if id != "" {
		action = "record.changed"
	}
	return api.RecordID{ID: stored}, g.trail.Did(ctx, action, string(kind)+"/"+stored, "", nil)
}

// Records lists the records of a kind.
func (g *Gateway) Records(kind policy.Kind) ([]store.StoredRecord, error) {
	if policy.NewRecord(kind) == nil {
		return nil, api.Refuse(api.CodeNotFound, text.RecordKind, string(kind))
	}
	all, err := g.store.Records(kind)
	if all == nil {
		all = []store.StoredRecord{}
	}
	return all, err
}

// Compliance judges all clauses now.
func (g *Gateway) Compliance() compliance.Report { return g.engine.Judge() }

func (g *Gateway) recordRoutes(r *routes) {
	r.HandleFunc("GET /v1/compliance", answer(http.StatusOK, func(*http.Request) (any, error) { return g.Compliance(), nil }))
	r.HandleFunc("GET /v1/protection", answer(http.StatusOK, g.getDays))
	r.HandleFunc("GET /v1/records/{kind}", answer(http.StatusOK, func(q *http.Request) (any, error) {
		return g.Records(policy.Kind(q.PathValue("kind")))
	}))
	r.HandleFunc("POST /v1/records/{kind}", answer(http.StatusCreated, g.putRecord))
	r.HandleFunc("PUT /v1/records/{kind}/{id}", answer(http.StatusOK, g.putRecord))
}

func (g *Gateway) putRecord(r *http.Request) (any, error) {
	kind := policy.Kind(r.PathValue("kind"))
	rec := policy.NewRecord(kind)
	if rec == nil {
		return nil, api.Refuse(api.CodeNotFound, text.RecordKind, string(kind))
	}
	if err := body(r, rec); err != nil {
		return nil, err
	}
	return g.PutRecord(r.Context(), kind, r.PathValue("id"), rec)
}

// getDays answers with the times of protection: ?from=DAY&to=DAY.
func (g *Gateway) getDays(r *http.Request) (any, error) {
	q := r.URL.Query()
	g.daysKept()
	days, err := g.store.Days(policy.Date(q.Get("from")), policy.Date(q.Get("to")))
	if days == nil {
		days = []store.Day{}
	}
	return days, err
}
