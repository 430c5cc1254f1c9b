package camera

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Add stores a camera and starts it. With Replace it takes the place of
// the one with the same id. What sends frames that no worker takes is refused. Errors are
// *api.Error or of the store.
func (cs *Set) Add(ctx context.Context, n api.NewCamera) (api.CameraStatus, error) {
	if n.Replace && n.ID == "" {
		n.ID = cs.only(strings.TrimSpace(n.Name))
	}
	n, err := cs.located(ctx, n)
	if err != nil {
		return api.CameraStatus{}, err
	}
	c, before, err := cs.add(ctx, n)
	if err == nil {
		err = cs.fits(ctx, c, before)
	}
	if err != nil {
		return api.CameraStatus{}, err
	}
	return c.status(), nil
}

// add returns the camera beside the one that it replaced.
func (cs *Set) add(ctx context.Context, n api.NewCamera) (c *camera, before *store.Camera, err error) {
	cs.admin.Lock()
	defer cs.admin.Unlock()
	cs.keeping.Lock()
	defer cs.keeping.Unlock()
	rec, err := recordOf(n, cs.taken)
	if err == nil {
		err = cs.checkFirstZones(n)
	}
	if err != nil {
		return nil, nil, err
	}
	old := cs.camera(rec.ID)
	before, err = cs.admit(rec.ID, old, n.Replace)
	if err != nil {
		return nil, nil, err
	}
	cs.inherit(&rec, before, old)
	if err := cs.putFacts(rec.ID, n); err != nil {
		return nil, nil, err
	}
	if err := cs.cfg.Store.PutCamera(rec, n.Replace); err != nil {
		return nil, nil, api.FromStore(err)
	}
	if err := cs.putFirstZones(rec.ID, n.Zones); err != nil {
		return nil, nil, errors.Join(err, cs.undo(rec.ID, nil, nil))
	}
	if old != nil {
		cs.drop(rec.ID, old)
	}
	c, err = cs.launch(rec, true)
	if err != nil {
		return nil, nil, errors.Join(err, cs.undo(rec.ID, old, before))
	}
	cs.cfg.Log.Info("camera added", "camera", string(rec.ID))
	if err := cs.cfg.Audit.Did(ctx, audit.CameraAdded, audit.Camera(rec.ID), "place="+string(n.Place)+" cover="+c.coverNow()+" mounting="+string(c.mountingNow()), &audit.Event{Type: audit.EventCameraAdded, Camera: rec.ID}); err != nil {
		return nil, nil, err
	}
	if err := cs.recordFirstZones(ctx, rec.ID, n.Zones); err != nil {
		return nil, nil, err
	}
	if c.isForbidden() {
		return nil, nil, cs.refusePlace(rec.ID, n.Place)
	}
	return c, before, nil
}

// only is the id of the one camera of this name; empty where there is none, or several.
func (cs *Set) only(name string) (id string) {
	for _, c := range cs.sorted() {
		if c.saidNow().name != name {
			continue
		}
		if id != "" {
			return ""
		}
		id = string(c.ID())
	}
	return id
}

// taken reports whether a camera has this id: one that runs, or a stored one that cannot.
func (cs *Set) taken(id media.CameraID) bool {
	_, err := cs.cfg.Store.Camera(id)
	return cs.Has(id) || !errors.Is(err, store.ErrNotFound)
}

// inherit is what a camera keeps of the one that it replaces.
func (cs *Set) inherit(rec, before *store.Camera, old *camera) {
	if before != nil { // it was added then: replacing it resets nothing
		rec.Created = before.Created
		was := *before
		if old != nil { // what it learned may wait for the disk
			now := old.sourceNow()
			was.Fingerprint, was.SeenSecure, was.BasicLogin = now.Fingerprint, now.SeenSecure, now.BasicLogin
		}
		keepTrust(rec, was)
	}
	if old != nil { // who changes an address does not mean to uncover a room or to turn its frame
		rec.Cover, rec.Mounting = cmp.Or(rec.Cover, old.coverNow()), cmp.Or(rec.Mounting, old.mountingNow())
	}
	rec.SeenSecure = rec.SeenSecure || cs.sawSecure(rec.URL)
}

// undo takes an added camera back: the one that it replaced runs and is stored again.
func (cs *Set) undo(id media.CameraID, old *camera, before *store.Camera) error {
	if before == nil {
		return cs.cfg.Store.DeleteCamera(id)
	}
	err := cs.cfg.Store.PutCamera(*before, true)
	if old != nil {
		_, again := cs.launch(*before, true)
		err = errors.Join(err, again)
	}
	return err
}

// admit refuses duplicates and more cameras than the host is meant for. A stored camera
// counts even where a transient one has its id; it is returned where there is one.
func (cs *Set) admit(id media.CameraID, old *camera, replace bool) (before *store.Camera, err error) {
	if stored, err := cs.cfg.Store.Camera(id); err == nil {
		before = &stored
	}
	switch {
	case old != nil && old.isForbidden():
		return nil, refuseBlocked(id)
	case old != nil && !old.cfg.stored, (old != nil || before != nil) && !replace:
		return nil, api.Refuse(api.CodeExists, text.CameraExists, id)
	case old == nil && cs.Count() >= cs.cfg.Limit:
		return nil, api.Refuse(api.CodeInvalid, text.CameraLimit, cs.cfg.Limit)
	}
	return before, nil
}

// Remove forgets a camera and stops it. It returns when its worker is gone, with what puts
// it back.
func (cs *Set) Remove(ctx context.Context, id media.CameraID) (again, error) {
	cs.admin.Lock()
	defer cs.admin.Unlock()
	c := cs.camera(id)
	if c == nil {
		return nil, api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	if cs.masking.busy(id) {
		return nil, api.Refuse(api.CodeBusy, text.StoreUnstored)
	}
	if c.cfg.stored && holdsPasswords(cs.cfg.Store, id) {
		return nil, api.Refuse(api.CodeInvalid, text.LockRemove, id)
	}
	now := time.Now()
	was := cs.keep(id, c, now)
	if err := cs.remove(ctx, id, c, now); err != nil || was == nil {
		return nil, err
	}
	return func(ctx context.Context) error { return cs.restore(ctx, id, was) }, nil
}

func (cs *Set) remove(ctx context.Context, id media.CameraID, c *camera, now time.Time) error {
	if err := cs.cfg.Forget(id); err != nil {
		return err
	}
	if c.cfg.stored {
		if err := cs.cfg.Store.RemoveCamera(id, now); err != nil {
			return err
		}
	}
	cs.drop(id, c)
	cs.masking.forget(id)
	if err := cs.cfg.Sealed.Unset(ctx, id); err != nil {
		return err
	}
	cs.cfg.Log.Info("camera removed", "camera", string(id))
	return cs.cfg.Audit.Did(ctx, audit.CameraRemoved, audit.Camera(id), "", &audit.Event{Type: audit.EventCameraRemoved, Camera: id})
}

// holdsPasswords reports whether the store has passwords of a camera that nobody else has.
func holdsPasswords(s *store.Store, id media.CameraID) bool {
	l, err := s.Lock(id)
	if err != nil {
		return false // a damaged camera may go: there is nothing to read in it
	}
	return slices.ContainsFunc(l.Accounts, func(a store.Account) bool { return a.Ours() || a.Pending != nil })
}

// Reconnect has a stored camera begin anew with what is stored of it, such as another login.
func (cs *Set) Reconnect(id media.CameraID) {
	cs.admin.Lock()
	defer cs.admin.Unlock()
	cs.keeping.Lock()
	defer cs.keeping.Unlock()
	old := cs.camera(id)
	rec, err := cs.cfg.Store.Camera(id)
	if old == nil || err != nil || cs.Connectable(id) != nil {
		return
	}
	rec.Cover, rec.Mounting = old.coverNow(), old.mountingNow()
	cs.drop(id, old)
	if _, err := cs.launch(rec, true); err != nil {
		cs.cfg.Log.Error("camera does not start", "camera", string(id), "error", err)
	}
}

// Connectable refuses a camera that is not known, not stored or in a prohibited place.
func (cs *Set) Connectable(id media.CameraID) error {
	c := cs.camera(id)
	switch {
	case c == nil:
		return api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	case c.isForbidden():
		return refuseBlocked(id)
	case !c.cfg.stored:
		return api.Refuse(api.CodeInvalid, text.LockTransient, id)
	}
	return nil
}

// drop stops a camera; the caller holds admin.
func (cs *Set) drop(id media.CameraID, c *camera) {
	cs.mu.Lock()
	delete(cs.cameras, id)
	cs.mu.Unlock()
	c.stop()
	cs.cfg.Sealed.Lost(id)
	cs.history.end(id)
	cs.cfg.Watch(id, "", c.now())
	cs.cfg.Publisher.RemoveCamera(id)
}

// launch starts a camera; the caller holds admin or is Start.
func (cs *Set) launch(rec store.Camera, stored bool) (*camera, error) {
	cs.cfg.Publisher.NameCamera(rec.ID, rec.Name)
	c, err := cs.startCamera(cs.complete(rec, stored))
	if err != nil {
		return nil, err
	}
	cs.mu.Lock()
	cs.cameras[rec.ID] = c
	cs.mu.Unlock()
	if said, blocked := cs.FactsOf(rec.ID); blocked {
		cs.found(rec.ID, said.Place)
	}
	cs.refresh()
	return c, nil
}

// complete fills the configured defaults in.
func (cs *Set) complete(rec store.Camera, stored bool) cameraConfig {
	cs.masking.load(rec.ID)
	s := cs.settingsOf(rec)
	s.Zones = cs.masking.zonesOf(rec.ID)
	_, blocked := cs.FactsOf(rec.ID)
	return cameraConfig{said: said{rec.Name, rec.Group, s.Mask}, stored: stored, blocked: blocked, cover: cmp.Or(rec.Cover, config.CoverFaces), mounting: cmp.Or(rec.Mounting, media.MountingAuto), source: sourceConfig(rec), settings: s, sub: cs.subOf(rec)}
}

// settingsOf are a camera's own settings, and the configured ones where it has none.
func (cs *Set) settingsOf(rec store.Camera) wire.Settings {
	w := cs.cfg.Worker
	s := wire.Settings{Mask: w.Mask, LookAhead: w.LookAhead, RateCap: w.RateCap, Size: cmp.Or(rec.MaxSize, media.OutputSize(cs.cfg.Output.MaxSize))}
	if rec.Mask != "" {
		s.Mask = rec.Mask
	}
	if rec.LookAhead != nil {
		s.LookAhead = *rec.LookAhead
	}
	if rec.RateCap != nil {
		s.RateCap = *rec.RateCap
	}
	return s
}

func sourceConfig(rec store.Camera) rtsp.SourceConfig {
	return rtsp.SourceConfig{
		ID: rec.ID, URL: rec.URL, User: rec.User, Password: rec.Password.Reveal(),
		Transport: rec.Transport, Fingerprint: rec.Fingerprint, InsecureTLS: rec.InsecureTLS,
		SeenSecure: rec.SeenSecure, BasicLogin: rec.BasicLogin,
	}
}

// AddTransient starts a camera for this run only: it is never stored.
func (cs *Set) AddTransient(n api.NewCamera) error {
	rec, err := recordOf(n, cs.Has)
	if err != nil {
		return err
	}
	_, err = cs.launch(rec, false)
	return err
}

// Start starts the transient cameras of this run, then the stored ones. One that
// cannot start does not keep the others. What the broker has of cameras from before,
// known by before, goes where they are no more.
func (cs *Set) Start(transient []api.NewCamera, before []media.CameraID) error {
	for _, one := range transient {
		if err := cs.AddTransient(one); err != nil {
			return err
		}
	}
	stored, err := cs.cfg.Store.Cameras()
	if err != nil && !errors.Is(err, store.ErrUnreadable) {
		return err
	}
	if err != nil {
		cs.cfg.Log.Error("some cameras cannot be read from the store", "error", err)
	}
	for _, rec := range stored {
		if cs.Has(rec.ID) {
			cs.cfg.Log.Warn("a camera of this run has the id of a stored one, which stays off", "camera", string(rec.ID))
			continue
		}
		if _, err := cs.launch(rec, true); err != nil {
			cs.cfg.Log.Error("camera does not start", "camera", string(rec.ID), "error", err)
		}
	}
	for _, id := range before {
		if !cs.Has(id) {
			cs.cfg.Publisher.ForgetCamera(id)
		}
	}
	return nil
}

// Stop stops all at once: each may take seconds.
func (cs *Set) Stop() {
	cs.admin.Lock()
	defer cs.admin.Unlock()
	cs.mu.Lock()
	all := cs.cameras
	cs.cameras = map[media.CameraID]*camera{}
	cs.mu.Unlock()
	var stopping sync.WaitGroup
	for _, c := range all {
		stopping.Go(c.stop)
	}
	stopping.Wait()
}

// addWait is how long Add waits for what a camera says first.
const addWait = 4 * time.Second

// fits waits until an added camera has said its frames' size, and takes it back where no
// worker takes that. One that says nothing for addWait, or cannot be reached, stays.
func (cs *Set) fits(ctx context.Context, c *camera, before *store.Camera) error {
	wait := time.NewTimer(addWait)
	defer wait.Stop()
	select {
	case <-c.reported:
	case <-wait.C:
	case <-ctx.Done():
	case <-c.life.Done():
	}
	c.mu.Lock()
	width, height := c.from.Width, c.from.Height
	c.mu.Unlock()
	if !tooLarge(width, height) {
		return nil
	}
	if err := cs.takeBack(ctx, c, before); err != nil {
		return err
	}
	return refuseSize(width, height)
}

// takeBack ends a camera that was just added, unless another has its place by now.
func (cs *Set) takeBack(ctx context.Context, c *camera, before *store.Camera) error {
	cs.admin.Lock()
	defer cs.admin.Unlock()
	cs.keeping.Lock()
	defer cs.keeping.Unlock()
	id := c.ID()
	if cs.camera(id) != c {
		return nil
	}
	cs.drop(id, c)
	if err := cs.undo(id, c, before); err != nil {
		return err
	}
	if before != nil {
		return cs.cfg.Audit.Did(ctx, audit.CameraAdded, audit.Camera(id), "restored=true reason="+string(reasonTooLarge), &audit.Event{Type: audit.EventCameraAdded, Camera: id})
	}
	cs.masking.forget(id)
	if err := cs.cfg.Forget(id); err != nil {
		return err
	}
	if err := cs.cfg.Sealed.Unset(ctx, id); err != nil {
		return err
	}
	return cs.cfg.Audit.Did(ctx, audit.CameraRemoved, audit.Camera(id), "reason="+string(reasonTooLarge), &audit.Event{Type: audit.EventCameraRemoved, Camera: id})
}
