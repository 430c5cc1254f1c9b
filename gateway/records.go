package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/compliance"
)

// RecordID is the answer of POST /v1/records/{kind}.
type RecordID struct {
	ID string `json:"id"`
}

// PutRecord stores a record of a kind; with an id it takes the place of that
// one. What the gateway knows best it fills in: the configuration that an
// assessment is made for, the cameras of a filing.
func (g *Gateway) PutRecord(ctx context.Context, kind policy.Kind, id string, rec policy.Record) (RecordID, error) {
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
		return RecordID{}, storeError(err)
	}
	action := "record.added"
	if id != "" {
		action = "record.changed"
	}
	return RecordID{stored}, g.changed(ctx, action, string(kind)+"/"+stored, "", nil)
}

// Records lists the records of a kind.
func (g *Gateway) Records(kind policy.Kind) ([]store.StoredRecord, error) {
	if policy.NewRecord(kind) == nil {
		return nil, refuse(CodeNotFound, text.RecordKind, string(kind))
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
		return nil, refuse(CodeNotFound, text.RecordKind, string(kind))
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

// Compliance asks how the site stands.
func (c *Client) Compliance(ctx context.Context) (compliance.Report, error) {
	var out compliance.Report
	return out, c.call(ctx, http.MethodGet, "/v1/compliance", nil, &out)
}

// Days asks for the times of protection from one day to another.
func (c *Client) Days(ctx context.Context, from, to policy.Date) ([]store.Day, error) {
	var out []store.Day
	q := url.Values{"from": {string(from)}, "to": {string(to)}}
	return out, c.call(ctx, http.MethodGet, "/v1/protection?"+q.Encode(), nil, &out)
}

// Records lists the records of a kind.
func (c *Client) Records(ctx context.Context, kind policy.Kind) ([]store.StoredRecord, error) {
	var out []store.StoredRecord
	return out, c.call(ctx, http.MethodGet, "/v1/records/"+url.PathEscape(string(kind)), nil, &out)
}

// PutRecord stores a record; with an id in the place of that one.
func (c *Client) PutRecord(ctx context.Context, kind policy.Kind, id string, rec policy.Record) (RecordID, error) {
	var out RecordID
	if id == "" {
		return out, c.call(ctx, http.MethodPost, "/v1/records/"+url.PathEscape(string(kind)), rec, &out)
	}
	return out, c.call(ctx, http.MethodPut, fmt.Sprintf("/v1/records/%s/%s", url.PathEscape(string(kind)), url.PathEscape(id)), rec, &out)
}

// Decode returns the record that was stored.
func Decode(r store.StoredRecord) (policy.Record, error) {
	rec := policy.NewRecord(r.Kind)
	if rec == nil {
		return nil, fmt.Errorf("record of kind %q: are both programs of the same version?", r.Kind)
	}
	return rec, json.Unmarshal(r.Body, rec)
}
