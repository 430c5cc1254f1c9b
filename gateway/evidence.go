package gateway

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// mapWait is how long each camera has to give a masked picture for its map.
const mapWait = 2 * time.Second

// WriteEvidence writes a signed pack on the days from one to another, both
// included.
func (g *Gateway) WriteEvidence(ctx context.Context, from, to policy.Date, w io.Writer) error {
	if from.Time().IsZero() || to.Time().Before(from.Time()) {
		return api.Refuse(api.CodeInvalid, text.EvidencePeriod, string(from), string(to))
	}
	e, err := g.evidence(ctx, from, to)
	if err == nil {
		err = e.Write(w)
	}
	if g.evidenceFailed.Store(err != nil); err != nil {
		g.engine.Poke()
		return fmt.Errorf("evidence: %w", err)
	}
	return g.trail.Did(ctx, audit.EvidenceExported, "gateway/"+g.cfg.Gateway.Name, string(from)+" to "+string(to), nil)
}

func (g *Gateway) evidence(ctx context.Context, from, to policy.Date) (compliance.Evidence, error) {
	g.daysKept()
	days, err := g.store.Days(from, to)
	records, err2 := g.store.AllRecords()
	key, err3 := g.store.Signer()
	consents, err4 := g.consentRegister()
	if err := errors.Join(err, err2, err3, err4); err != nil {
		return compliance.Evidence{}, err
	}
	return compliance.Evidence{
		Gateway: g.cfg.Gateway.Name, Version: wire.Release(),
		From: localMidnight(from), To: localMidnight(to.After(1)), Created: time.Now(),
		Report: g.Compliance(), Days: days, Records: records, Consents: consents, Cameras: g.cameraMaps(ctx),
		Trail: g.store.Trail, Key: key,
	}, nil
}

// localMidnight is the begin of a day where the gateway is.
func localMidnight(d policy.Date) time.Time {
	y, m, day := d.Time().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, time.Local)
}

// cameraMaps draws the zones of all cameras. One that gives no picture in time
// gets a map without it.
func (g *Gateway) cameraMaps(ctx context.Context) (all []compliance.CameraMap) {
	for _, c := range g.sorted() {
		id := c.cfg.source.ID
		facts, _ := g.factsOf(id)
		all = append(all, compliance.CameraMap{ID: id, Place: facts.Place, SVG: g.cameraMap(ctx, c)})
	}
	return all
}

func (g *Gateway) cameraMap(ctx context.Context, c *camera) []byte {
	width, height := 960, 540
	c.mu.Lock()
	masking := c.protection == media.Protected || c.protection == media.OverMasked
	if c.from.Width > 0 {
		width, height = c.from.Width, c.from.Height
	}
	c.mu.Unlock()
	var jpeg []byte
	if masking {
		ctx, cancel := context.WithTimeout(ctx, mapWait)
		defer cancel()
		jpeg, _ = c.handle.Snapshot(ctx) // without it the map is grey
	}
	return drawing.SVG(jpeg, width, height, g.zonesOf(c.cfg.source.ID))
}

// EvidenceKey returns the public key.
func (g *Gateway) EvidenceKey() (api.EvidenceKey, error) {
	key, err := g.store.Signer()
	if err != nil {
		return api.EvidenceKey{}, err
	}
	return api.EvidenceKey{Key: hex.EncodeToString(key.Public().(ed25519.PublicKey))}, nil
}

func (g *Gateway) evidenceRoutes(r *routes) {
	r.HandleFunc("GET /v1/evidence/key", answer(http.StatusOK, func(*http.Request) (any, error) { return g.EvidenceKey() }))
	r.HandleFunc("POST /v1/evidence", g.postEvidence)
}

// postEvidence makes the pack in a file first, so that what goes wrong is told
// as an error and not as half a pack.
func (g *Gateway) postEvidence(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(api.EvidenceLimit))
	q := r.URL.Query()
	f, err := g.evidenceFile(r.Context(), policy.Date(q.Get("from")), policy.Date(q.Get("to")))
	if err != nil {
		refuseTo(w, r, err)
		return
	}
	defer f.Close()
	w.Header().Set("Content-Type", "application/zip")
	http.ServeContent(w, r, "", time.Time{}, f)
}

// evidenceFile returns an open file that has no name any more.
func (g *Gateway) evidenceFile(ctx context.Context, from, to policy.Date) (*os.File, error) {
	f, err := os.CreateTemp(g.cfg.Data, ".evidence-*") // of mode 0600
	if err != nil {
		return nil, err
	}
	err = errors.Join(os.Remove(f.Name()), g.WriteEvidence(ctx, from, to, f))
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
