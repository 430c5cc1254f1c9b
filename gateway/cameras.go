package gateway

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// AddCamera stores a camera and starts it. With Replace it takes the place of
// the one with the same id. Errors are *APIError or of the store.
func (g *Gateway) AddCamera(ctx context.Context, n api.NewCamera) (api.CameraStatus, error) {
	g.admin.Lock()
	defer g.admin.Unlock()
	rec, err := recordOf(n, g.taken)
	if err != nil {
		return api.CameraStatus{}, err
	}
	old := g.camera(rec.ID)
	if err := g.admit(rec.ID, old, n.Replace); err != nil {
		return api.CameraStatus{}, err
	}
	if old != nil { // who changes an address does not mean to uncover a room or to turn its picture
		rec.Cover, rec.Mounting = cmp.Or(rec.Cover, old.coverNow()), cmp.Or(rec.Mounting, old.mountingNow())
	}
	if err := g.putFacts(rec.ID, n); err != nil {
		return api.CameraStatus{}, err
	}
	if err := g.store.PutCamera(rec, n.Replace); err != nil {
		return api.CameraStatus{}, api.FromStore(err)
	}
	if old != nil {
		g.drop(rec.ID, old)
	}
	c, err := g.launch(rec, true)
	if err != nil {
		return api.CameraStatus{}, errors.Join(err, g.store.DeleteCamera(rec.ID))
	}
	g.log.Info("camera added", "camera", string(rec.ID))
	if err := g.trail.Did(ctx, audit.CameraAdded, subject(rec.ID), "place="+string(n.Place)+" cover="+c.coverNow()+" mounting="+string(c.mountingNow()), &audit.Event{Type: audit.EventCameraAdded, Camera: rec.ID}); err != nil {
		return api.CameraStatus{}, err
	}
	if c.cfg.blocked {
		return api.CameraStatus{}, g.refusePlace(rec.ID, n.Place)
	}
	return c.status(), nil
}

// admit refuses duplicates and more cameras than the box is meant for. A
// stored camera counts even where a guest of this run has its id.
func (g *Gateway) admit(id media.CameraID, old *camera, replace bool) error {
	_, err := g.store.Camera(id)
	stored := err == nil
	switch {
	case old != nil && old.cfg.blocked:
		return refuseBlocked(id)
	case old != nil && !old.cfg.stored, (old != nil || stored) && !replace:
		return api.Refuse(api.CodeExists, text.CameraExists, id)
	case old == nil && g.count() >= g.cfg.Limits.Cameras:
		return api.Refuse(api.CodeInvalid, text.CameraLimit, g.cfg.Limits.Cameras)
	}
	return nil
}

// RemoveCamera forgets a camera and stops it. It returns when its worker is
// gone.
func (g *Gateway) RemoveCamera(ctx context.Context, id media.CameraID) error {
	g.admin.Lock()
	defer g.admin.Unlock()
	c := g.camera(id)
	if c == nil {
		return api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	if g.hiding.busy(id) {
		return api.Refuse(api.CodeBusy, text.StoreUnstored)
	}
	if c.cfg.stored {
		if err := g.store.DeleteCamera(id); err != nil {
			return err
		}
	}
	g.drop(id, c)
	g.hiding.forget(id)
	g.log.Info("camera removed", "camera", string(id))
	return g.trail.Did(ctx, audit.CameraRemoved, subject(id), "", &audit.Event{Type: audit.EventCameraRemoved, Camera: id})
}

// drop stops a camera; the caller holds admin.
func (g *Gateway) drop(id media.CameraID, c *camera) {
	g.mu.Lock()
	delete(g.cameras, id)
	g.mu.Unlock()
	c.stop()
	g.clock.Note(id, compliance.Off, time.Now())
	g.history.end(id)
	g.hub.poke()
	g.mqtt.RemoveCamera(id)
}

// launch starts a camera; the caller holds admin or is Start.
func (g *Gateway) launch(rec store.Camera, stored bool) (*camera, error) {
	return g.launchConfig(g.complete(rec, stored))
}

func (g *Gateway) launchConfig(cfg cameraConfig) (*camera, error) {
	c, err := g.startCamera(cfg)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	g.cameras[cfg.source.ID] = c
	g.mu.Unlock()
	g.consents.refresh()
	return c, nil
}

// complete fills the configured defaults in.
func (g *Gateway) complete(rec store.Camera, stored bool) cameraConfig {
	w := g.cfg.Worker
	g.hiding.load(rec.ID)
	s := wire.Settings{Mask: w.Mask, LookAhead: w.LookAhead, RateCap: w.RateCap, Zones: g.zonesOf(rec.ID)}
	if rec.Mask != "" {
		s.Mask = rec.Mask
	}
	if rec.LookAhead != nil {
		s.LookAhead = *rec.LookAhead
	}
	if rec.RateCap != nil {
		s.RateCap = *rec.RateCap
	}
	_, blocked := g.factsOf(rec.ID)
	return cameraConfig{name: rec.Name, stored: stored, blocked: blocked, created: rec.Created, cover: cmp.Or(rec.Cover, config.CoverFaces), mounting: cmp.Or(rec.Mounting, media.MountingAuto), source: sourceConfig(rec), settings: s}
}

func sourceConfig(rec store.Camera) rtsp.SourceConfig {
	return rtsp.SourceConfig{
		ID: rec.ID, URL: rec.URL, User: rec.User, Password: rec.Password.Reveal(),
		Transport: rec.Transport, Fingerprint: rec.Fingerprint, InsecureTLS: rec.InsecureTLS,
	}
}

// addGuest starts a camera for this run only.
func (g *Gateway) addGuest(n api.NewCamera) error {
	rec, err := recordOf(n, g.taken)
	if err != nil {
		return err
	}
	_, err = g.launch(rec, false)
	return err
}

// startCameras starts the guests of this run, then the stored cameras. One
// that cannot start does not keep the others.
func (g *Gateway) startCameras(o Options) error {
	for _, guest := range o.Guests {
		if err := g.addGuest(guest); err != nil {
			return err
		}
	}
	stored, err := g.store.Cameras()
	if err != nil && !errors.Is(err, store.ErrUnreadable) {
		return err
	}
	if err != nil {
		g.log.Error("some cameras cannot be read from the store", "error", err)
	}
	for _, rec := range stored {
		if g.taken(rec.ID) {
			g.log.Warn("a camera of this run has the id of a stored one, which stays off", "camera", string(rec.ID))
			continue
		}
		if _, err := g.launch(rec, true); err != nil {
			g.log.Error("camera does not start", "camera", string(rec.ID), "error", err)
		}
	}
	for _, id := range o.before {
		if !g.taken(id) {
			g.mqtt.ForgetCamera(id)
		}
	}
	return nil
}

// stopCameras stops all at once: each may take seconds.
func (g *Gateway) stopCameras() {
	g.admin.Lock()
	defer g.admin.Unlock()
	g.mu.Lock()
	all := g.cameras
	g.cameras = map[media.CameraID]*camera{}
	g.mu.Unlock()
	var stopping sync.WaitGroup
	for _, c := range all {
		stopping.Go(c.stop)
	}
	stopping.Wait()
}

func (g *Gateway) camera(id media.CameraID) *camera {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.cameras[id]
}

func (g *Gateway) taken(id media.CameraID) bool { return g.camera(id) != nil }

func (g *Gateway) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.cameras)
}

// sorted returns the cameras by id.
func (g *Gateway) sorted() []*camera {
	g.mu.Lock()
	defer g.mu.Unlock()
	out := make([]*camera, 0, len(g.cameras))
	for _, id := range slices.Sorted(maps.Keys(g.cameras)) {
		out = append(out, g.cameras[id])
	}
	return out
}

// TestCamera tries a camera that need not be known.
func (g *Gateway) TestCamera(ctx context.Context, n api.NewCamera) (api.ProbeResult, error) {
	rec, err := recordOf(n, g.taken)
	if err != nil {
		return api.ProbeResult{}, err
	}
	if n.Place.Prohibited() {
		return api.ProbeResult{}, g.refusePlace(rec.ID, n.Place)
	}
	return probe(ctx, sourceConfig(rec))
}

// TestStored tries a known camera with its own login, on a connection beside
// the running one.
func (g *Gateway) TestStored(ctx context.Context, id media.CameraID) (api.ProbeResult, error) {
	c := g.camera(id)
	if c == nil {
		return api.ProbeResult{}, api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	if c.cfg.blocked {
		return api.ProbeResult{}, refuseBlocked(id)
	}
	return probe(ctx, c.cfg.source)
}

// probeTimeout is well within the client's patience.
const probeTimeout = 30 * time.Second

func probe(ctx context.Context, cfg rtsp.SourceConfig) (api.ProbeResult, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	r, err := rtsp.Probe(ctx, cfg)
	if err != nil {
		return api.ProbeResult{}, probeError(err)
	}
	return api.ProbeResult{
		Codec: r.Codec.String(), Width: r.Width, Height: r.Height, FPS: r.FPS,
		Transport: r.Transport, Dropped: r.Dropped,
	}, nil
}

func probeError(err error) error {
	var e *rtsp.Error
	if errors.As(err, &e) {
		return &api.Error{Code: api.CodeProbe, Reason: string(e.Reason), Message: e.Detail}
	}
	return &api.Error{Code: api.CodeProbe, Reason: string(rtsp.ReasonTimeout), Message: err.Error()}
}
