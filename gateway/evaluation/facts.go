package evaluation

import (
	"context"
	"errors"
	"time"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
)

// facts collects what the checks look at.
func (e *Evaluation) facts() *policy.Facts {
	f := &policy.Facts{Now: time.Now(), Consent: e.cfg.Consents.Facts(), Gateway: e.gatewayFacts()}
	var err, err2, err3 error
	f.Site, err = e.cfg.Store.Site()
	f.Records, err2 = e.cfg.Store.AllRecords()
	f.Violations, err3 = e.cfg.Violations.List()
	if err := errors.Join(err, err2, err3); err != nil {
		e.cfg.Log.Error("some records cannot be read and do not count", "error", err)
	}
	for _, c := range e.cfg.Cameras.AllFacts() {
		f.Cameras = append(f.Cameras, policy.CameraFacts{
			ID: c.ID, Camera: c.Said, Created: policy.DateOf(c.Created), Capture: zone.Has(e.cfg.Cameras.ZonesOf(c.ID), zone.Capture),
		})
	}
	return f
}

// gatewayFacts are those of this program: it has no search, no models of
// attributes, no reversible masks, keeps no frames, sends no face data, and
// lets no frame pass without a result (promise 1).
func (e *Evaluation) gatewayFacts() policy.GatewayFacts {
	waiting, full := e.cfg.Queue.Unstored()
	return policy.GatewayFacts{
		AnonymousViewing: e.cfg.Anonymous,
		SharedAccount:    !e.cfg.Anonymous, // the stream server has one login
		ControlsOff:      e.controlsOff(),
		EvidenceFails:    e.evidenceProblem(),
		Unstored:         waiting + int(full),
		OlderStore:       e.cfg.Older(),
	}
}

// evidenceProblem says why evidence cannot be exported, empty where it can.
func (e *Evaluation) evidenceProblem() string {
	if _, err := e.cfg.Store.Signer(); err != nil {
		return err.Error()
	}
	if e.exportFailed.Load() {
		return "the last export failed, see the log"
	}
	return ""
}

// controlsOff lists those of the five controls (Order 19, Article 14) that do
// not work: secrets are encrypted at rest and the socket's mode is the
// authorisation, both always.
func (e *Evaluation) controlsOff() (off []string) {
	if e.cfg.Audit.Missing() > 0 {
		off = append(off, "audit")
	}
	if e.cfg.Anonymous {
		off = append(off, "access")
	}
	if e.cfg.Cameras.Unlocked() {
		off = append(off, "intrusion")
	}
	return off
}

// Site returns what is said of the site.
func (e *Evaluation) Site() (policy.Site, error) { return e.cfg.Store.Site() }

// SetSite replaces it.
func (e *Evaluation) SetSite(ctx context.Context, site policy.Site) error {
	e.admin.Lock()
	defer e.admin.Unlock()
	if err := e.cfg.Store.PutSite(site); err != nil {
		return api.FromStore(err)
	}
	return e.cfg.Audit.Did(ctx, audit.SiteChanged, "site", "class="+site.Class+" mode="+site.Mode, nil)
}

// PutRecord stores a record of a kind; with an id it takes the place of that
// one. What the gateway knows best it fills in: the configuration that an
// assessment is made for, the cameras of a filing.
func (e *Evaluation) PutRecord(ctx context.Context, kind policy.Kind, id string, rec policy.Record) (api.RecordID, error) {
	e.admin.Lock()
	defer e.admin.Unlock()
	switch r := rec.(type) {
	case *policy.Assessment:
		if r.Config == "" {
			f := e.facts()
			r.Config = policy.ConfigHash(f.Site, f.Cameras)
		}
	case *policy.Filing:
		if len(r.Cameras) == 0 {
			r.Cameras = e.cfg.Cameras.IDs()
		}
	}
	stored, err := e.cfg.Store.PutRecord(kind, id, rec)
	if err != nil {
		return api.RecordID{}, api.FromStore(err)
	}
	action := audit.RecordAdded
	if id != "" {
		action = audit.RecordChanged
	}
	return api.RecordID{ID: stored}, e.cfg.Audit.Did(ctx, action, string(kind)+"/"+stored, "", nil)
}

// Records lists the records of a kind.
func (e *Evaluation) Records(kind policy.Kind) ([]store.StoredRecord, error) {
	if policy.NewRecord(kind) == nil {
		return nil, api.Refuse(api.CodeNotFound, text.RecordKind, string(kind))
	}
	all, err := e.cfg.Store.Records(kind)
	if all == nil {
		all = []store.StoredRecord{}
	}
	return all, err
}

// Days are the times of protection from one day to another, both included.
func (e *Evaluation) Days(from, to policy.Date) ([]store.Day, error) {
	e.daysKept()
	days, err := e.cfg.Store.Days(from, to)
	if days == nil {
		days = []store.Day{}
	}
	return days, err
}
