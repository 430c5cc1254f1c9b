package evaluation

import (
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
	return compliance.Evidence{
		Gateway: e.cfg.Gateway, Version: wire.Release(),
		From: midnight(from, now.Location()), To: midnight(to.After(1), now.Location()), Created: now,
		Report: e.Preview(), Days: days, Records: e.records(), Versions: e.versions(), Violations: violations, Consents: register, Cameras: e.cameraMaps(ctx),
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

// midnight is the begin of a day in a time zone.
func midnight(d civil.Date, zone *time.Location) time.Time {
	y, m, day := d.Time().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, zone)
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

// EvidenceKey is the public key that signs this gateway's evidence.
func (e *Evaluation) EvidenceKey() (api.EvidenceKey, error) {
	key, err := e.cfg.Store.Signer()
	if err != nil {
		return api.EvidenceKey{}, err
	}
	return api.EvidenceKey{Key: hex.EncodeToString(key.Public().(ed25519.PublicKey))}, nil
}
