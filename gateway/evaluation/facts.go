package evaluation

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// facts collects what the checks look at.
func (e *Evaluation) facts() *policy.Facts {
	now := e.now()
	f := &policy.Facts{Now: now, Consent: e.cfg.Consents.Facts(), Gateway: e.gatewayFacts()}
	var err, err2, err3, err4 error
	f.Site, err = e.cfg.Store.Site()
	f.Calendar, _, err2 = e.calendar()
	f.Violations, err3 = e.cfg.Violations.List()
	f.Removals, err4 = e.removals()
	if err := errors.Join(err, err2, err3, err4); err != nil {
		e.cfg.Log.Error("what was said of the site, its calendar, its violations or of cameras that were taken away cannot be read and does not count", "error", err)
	}
	f.Records = e.records().Until(e.today())
	sealed := e.sealed()
	locks, err := e.cfg.Store.Locks()
	if err != nil {
		e.cfg.Log.Error("what was found around the locks of cameras cannot be read", "error", err)
	}
	for _, c := range e.cfg.Cameras.AllFacts() {
		zones := e.cfg.Cameras.ZonesOf(c.ID)
		f.Cameras = append(f.Cameras, policy.CameraFacts{
			ID: c.ID, Name: c.Name, Camera: c.Said, Capture: zone.Has(zones, zone.Capture), ConsentAreas: consentAreas(zones), AreaNames: areaNames(zones), Bypass: locks[c.ID].Bypass, Sealed: sealed(c.ID),
		})
	}
	return f
}

// sealed says of each camera how its originals are kept.
func (e *Evaluation) sealed() func(media.CameraID) *policy.Sealed {
	if e.cfg.Sealed == nil {
		return func(media.CameraID) *policy.Sealed { return nil }
	}
	all := e.cfg.Sealed()
	return func(id media.CameraID) *policy.Sealed {
		if s, ok := all[id]; ok {
			return &s
		}
		return nil
	}
}

// consentAreas are the areas in which tokens count, with what for.
func consentAreas(zones []zone.Zone) (all []string) {
	for _, z := range zones {
		for _, purpose := range z.Purposes {
			all = append(all, z.ID+":"+purpose)
		}
	}
	return all
}

// areaNames are what people call areas, by id.
func areaNames(zones []zone.Zone) map[string]string {
	names := map[string]string{}
	for _, z := range zones {
		names[z.ID] = z.Shown()
	}
	return names
}

// removals are the cameras that were taken away, by the days of the site.
func (e *Evaluation) removals() (all []policy.Removal, err error) {
	stored, err := e.cfg.Store.Removals()
	for _, r := range stored {
		all = append(all, policy.Removal{Camera: r.Camera, Name: r.Name, Day: civil.Of(r.Time.In(e.zone.Load())), Used: r.Used, Place: r.Place})
	}
	return all, err
}

// gatewayFacts are those of this program: it has no search, no models of
// attributes, no reversible masks, keeps no frames, sends no face data, and
// lets no frame pass without a result (promise 1).
func (e *Evaluation) gatewayFacts() policy.GatewayFacts {
	waiting, full := e.cfg.Queue.Unstored()
	screens, idle := 0, 0
	if e.cfg.Displays != nil {
		screens, idle = e.cfg.Displays()
	}
	return policy.GatewayFacts{
		AnonymousViewing: e.cfg.Anonymous,
		SharedAccount:    !e.cfg.Anonymous && e.cfg.Shared(e.now()),
		Screens:          screens,
		IdleScreens:      idle,
		ControlsOff:      e.controlsOff(),
		EvidenceFails:    e.evidenceProblem(),
		EvidenceMade:     e.evidenceMade(),
		Unstored:         waiting + int(full),
		OlderStore:       e.cfg.Older(),
	}
}

// evidenceProblem says why evidence cannot be exported, nil where it can.
func (e *Evaluation) evidenceProblem() error {
	if _, err := e.cfg.Store.Signer(); err != nil {
		return err
	}
	if e.exportFailed.Load() {
		return text.Fail(nil, text.EvidenceFailed)
	}
	return nil
}

// evidenceMade is the day of the newest pack, empty before the first one.
func (e *Evaluation) evidenceMade() civil.Date {
	v, err := e.cfg.Store.Setting(evidenceSetting)
	if err != nil {
		return ""
	}
	return civil.Date(v.Reveal())
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

// Zone is the site's time zone.
func (e *Evaluation) Zone() *time.Location { return e.zone.Load() }

// Site returns what is said of the site.
func (e *Evaluation) Site() (policy.Site, error) { return e.cfg.Store.Site() }

// SetSite replaces it, but for the answers, which are given one by one. A class that is left
// out follows from the kind of place.
func (e *Evaluation) SetSite(ctx context.Context, site policy.Site) error {
	e.admin.Lock()
	defer e.admin.Unlock()
	before, err := e.cfg.Store.Site()
	if err != nil {
		return api.FromStore(err)
	}
	site, site.Answers = site.WithClass(), before.Answers
	if err := e.cfg.Store.PutSite(site); err != nil {
		return api.FromStore(err)
	}
	e.zone.Store(site.Location(e.cfg.Host))
	return e.cfg.Audit.Did(ctx, audit.SiteChanged, "site", "class="+site.Class+" kind="+string(site.Kind)+" mode="+site.Mode, nil)
}

// SetAnswer notes what somebody answered, who and on which day.
func (e *Evaluation) SetAnswer(ctx context.Context, q policy.Question, a policy.Answer) error {
	e.admin.Lock()
	defer e.admin.Unlock()
	a.By, a.Date = identity.Actor(ctx), e.today()
	if err := cmp.Or(q.Check(), a.Check(), register.NotAfter(a, a.Date)); err != nil {
		return api.Because(api.CodeInvalid, err)
	}
	was, err := e.cfg.Store.Site()
	if err != nil {
		return api.FromStore(err)
	}
	if q == policy.AskIncident && was.Answers[q].Says == policy.Yes && a.Says == policy.No && strings.TrimSpace(a.Note) == "" {
		return api.Refuse(api.CodeInvalid, text.IncidentNote)
	}
	a.Earlier = nil // the store keeps them
	if err := e.cfg.Store.PutAnswer(q, a); err != nil {
		return api.FromStore(err)
	}
	return e.cfg.Audit.Did(ctx, audit.SiteChanged, "site", "answer="+string(q)+" says="+a.Says, nil)
}

// Days are the times of protection from one day to another, both included.
func (e *Evaluation) Days(from, to civil.Date) ([]store.Day, error) {
	e.daysKept()
	days, err := e.cfg.Store.Days(from, to)
	if days == nil {
		days = []store.Day{}
	}
	return days, err
}
