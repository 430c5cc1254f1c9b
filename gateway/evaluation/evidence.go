package evaluation

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/civil"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/progress"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// evidenceSetting keeps the day of the newest pack.
const evidenceSetting = "evidence.made"

// mapWait is how long each camera has to give a masked frame for its map.
const mapWait = 2 * time.Second

// WriteEvidence writes a signed pack on the days from one to another, both
// included.
func (e *Evaluation) WriteEvidence(ctx context.Context, from, to civil.Date, w io.Writer) error {
	if from.Time().IsZero() || to.Time().Before(from.Time()) {
		return api.Refuse(api.CodeInvalid, text.EvidencePeriod, string(from), string(to))
	}
	pack, err := e.evidence(ctx, from, to)
	if err == nil {
		err = pack.Write(w)
	}
	if e.exportFailed.Store(err != nil); err != nil {
		e.Notify()
		return fmt.Errorf("evidence: %w", err)
	}
	if err := e.cfg.Store.PutSetting(evidenceSetting, store.NewSecret(string(e.today()))); err != nil {
		e.cfg.Log.Error("that evidence was exported is forgotten", "error", err)
	}
	return e.cfg.Audit.Did(ctx, audit.EvidenceExported, "gateway/"+e.cfg.Gateway, string(from)+" to "+string(to), nil)
}

func (e *Evaluation) evidence(ctx context.Context, from, to civil.Date) (compliance.Evidence, error) {
	e.daysKept()
	days, err := e.cfg.Store.Days(from, to)
	key, err2 := e.cfg.Store.Signer()
	now := e.now()
	register, err3 := e.consentRegister(now)
	violations, err4 := e.cfg.Violations.List()
	if err := errors.Join(err, err2, err3, err4); err != nil {
		return compliance.Evidence{}, err
	}
	names := e.cameraNames()
	for _, v := range violations {
		names[v.Camera] = cmp.Or(names[v.Camera], v.Name)
	}
	return compliance.Evidence{
		Gateway: e.cfg.Gateway, Version: wire.Release(),
		From: from.Begin(now.Location()), To: to.After(1).Begin(now.Location()), Created: now,
		Report: e.Preview(), Days: days, Records: e.records(), Versions: e.versions(), Violations: violations, Consents: register, Cameras: e.cameraMaps(ctx), Names: names, AreaNames: e.allAreaNames(),
		AuditLog: e.cfg.Store.AuditLog, Key: key,
	}, nil
}

// consentRegister lists the consents by pseudonym.
func (e *Evaluation) consentRegister(now time.Time) (all []compliance.ConsentRow, err error) {
	err = e.cfg.Store.EachConsent("", func(c store.ConsentRow) bool {
		state := "valid"
		switch {
		case !c.Revoked.IsZero():
			state = "revoked"
		case !now.Before(c.Expires):
			state = "expired"
		}
		all = append(all, compliance.ConsentRow{Token: c.ID, Subject: c.Subject, Issuer: c.Issuer, Purpose: c.Purpose, Basis: string(c.Basis),
			Statement: c.Statement, Zones: c.Zones, NotBefore: c.NotBefore, Expires: c.Expires, Footage: c.Footage, State: state})
		return true
	})
	return all, err
}

// cameraMaps draws the zones of all cameras. One that gives no frame in time
// gets a map without it.
func (e *Evaluation) cameraMaps(ctx context.Context) (all []compliance.CameraMap) {
	cameras := e.cfg.Cameras.AllFacts()
	for i, c := range cameras {
		progress.Say(ctx, text.ProgressFrames, i, len(cameras))
		ctx, cancel := context.WithTimeout(ctx, mapWait)
		all = append(all, compliance.CameraMap{ID: c.ID, Place: c.Said.Place, SVG: e.cfg.Cameras.Map(ctx, c.ID)})
		cancel()
	}
	return all
}

// cameraNames are what people call the cameras, or called those that were taken away.
func (e *Evaluation) cameraNames() map[media.CameraID]string {
	names := map[media.CameraID]string{}
	removed, _ := e.removals() // what cannot be read goes by its id
	for _, r := range removed {
		names[r.Camera] = r.Name
	}
	for _, c := range e.cfg.Cameras.AllFacts() {
		names[c.ID] = c.Name
	}
	return names
}

// allAreaNames are what people call the areas of all cameras, by id.
func (e *Evaluation) allAreaNames() map[string]string {
	names := map[string]string{}
	for _, c := range e.cfg.Cameras.AllFacts() {
		for id, name := range areaNames(e.cfg.Cameras.ZonesOf(c.ID)) {
			names[id] = cmp.Or(names[id], name)
		}
	}
	return names
}

// EvidenceKey is the public key that signs this gateway's evidence.
func (e *Evaluation) EvidenceKey() (api.EvidenceKey, error) {
	key, err := e.cfg.Store.Signer()
	if err != nil {
		return api.EvidenceKey{}, err
	}
	return api.EvidenceKey{Key: hex.EncodeToString(key.Public().(ed25519.PublicKey))}, nil
}
