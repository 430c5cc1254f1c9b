package lock

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/onvif"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The ways around a lock, as the store, the API and the clauses name them.
const (
	FormerONVIF = "former_onvif" // a former password works again
	FormerRTSP  = "former_rtsp"  // a former password opens the stream
	OpenRTSP    = "open_rtsp"    // the stream opens without a login
)

const (
	// day is the shortest time between two checks of one camera.
	day = 24 * time.Hour
	// round is how often all are gone through: a first check of a new lock comes so soon.
	round = time.Hour
	// A camera whose passwords are not settled is tried again after soon, and after twice the
	// time before up to round: often enough for one that restarts, too seldom to be locked out.
	soon = time.Minute
	// later is how long nothing is tried after wrong logins, or where the camera says that it
	// lets nobody in.
	later = 30 * time.Minute
	// onePause bounds what is done with one camera.
	onePause = time.Minute
)

// Run settles what an end of the gateway left open and cameras that refuse the login, and
// checks each locked camera at most once a day, until ctx ends.
func (l *Locks) Run(ctx context.Context) {
	tick := time.NewTicker(soon)
	defer tick.Stop()
	var last time.Time
	for {
		now := time.Now()
		whole := now.Sub(last) >= round
		if whole {
			last = now
		}
		l.all(ctx, now, whole)
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		case <-tick.C:
		}
	}
}

// retry is when a camera whose passwords are not settled is tried again.
type retry struct {
	at      time.Time
	after   time.Duration
	refused bool // it is not connected to until it is settled
}

// Refused takes a camera that refuses the gateway's login. It never waits.
func (l *Locks) Refused(id media.CameraID) {
	l.mu.Lock()
	r := l.retries[id]
	r.refused = true
	l.retries[id] = r
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default: // Run has yet to wake for the last one
	}
}

// due reports whether a camera may be tried now, and puts the next time off.
func (l *Locks) due(id media.CameraID, now time.Time, open bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.retries[id]
	if !open && !r.refused || now.Before(r.at) {
		return false
	}
	if now.Sub(r.at) > 2*round { // all was well meanwhile
		r.after = 0
	}
	r.after = min(max(2*r.after, soon), round)
	r.at = now.Add(r.after)
	l.retries[id] = r
	return true
}

// putOff has a camera left alone after logins that it refused.
func (l *Locks) putOff(id media.CameraID, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.retries[id]
	r.at = now.Add(later)
	l.retries[id] = r
}

// again has a camera connected to that is settled: where its login changed, and where nothing
// knocks any more.
func (l *Locks) again(id media.CameraID, changed bool) {
	l.mu.Lock()
	r := l.retries[id]
	changed = changed || r.refused
	r.refused = false
	l.retries[id] = r
	l.mu.Unlock()
	if changed {
		l.cfg.Reconnect(id)
	}
}

// all goes through the cameras that have a lock; whole: checks are due, too.
func (l *Locks) all(ctx context.Context, now time.Time, whole bool) {
	locks, err := l.cfg.Store.Locks()
	if err != nil {
		l.cfg.Log.Error("locks of cameras cannot be read", "error", err)
	}
	for id := range locks {
		if ctx.Err() == nil {
			l.one(ctx, id, now, whole)
		}
	}
}

// one settles a camera whose passwords are open, and checks one that is due.
func (l *Locks) one(ctx context.Context, id media.CameraID, now time.Time, whole bool) {
	defer l.hold(id)()
	ctx, cancel := context.WithTimeout(ctx, onePause)
	defer cancel()
	if l.cfg.Stored(id) != nil {
		return // blocked or not running: nothing connects to it
	}
	s, err := l.open(id)
	if err != nil {
		l.cfg.Log.Error("the lock of a camera cannot be read", "camera", string(id), "error", err)
		return
	}
	open := slices.ContainsFunc(s.lock.Accounts, func(a store.Account) bool { return a.Pending != nil })
	switch {
	case len(s.lock.Accounts) == 0:
		return
	case whole && now.Sub(s.lock.Checked).Abs() >= day: // noted first: an end of the gateway must not make it two a day
		err = s.keep(func(_ *store.Camera, k *store.Lock) { k.Checked = now.UTC().Truncate(time.Second) })
		if err == nil {
			err = s.check(ctx)
		}
	case l.due(id, now, open):
		err = s.settle(ctx)
	}
	if errors.Is(err, onvif.ErrLockedOut) || errors.Is(err, errNoPassword) {
		l.putOff(id, now)
	}
	if err != nil {
		l.cfg.Log.Warn("the lock of a camera could not be checked", "camera", string(id), "error", err)
	}
}

// check looks for ways around the lock. The first sign of a lock-out ends it: what was not
// looked at stays as it was found before.
func (s *session) check(ctx context.Context) error {
	locked := !s.lock.Since.IsZero()
	if err := s.settle(ctx); err != nil || !locked {
		return err
	}
	gets, known := s.stream(ctx, onvif.Login{})
	s.note(OpenRTSP, gets, known)
	return s.checkFormer(ctx, gets)
}

// checkFormer tries the former passwords, each once by ONVIF and once for the stream, unless
// that is open to anybody.
func (s *session) checkFormer(ctx context.Context, open bool) error {
	var logsIn, opens bool
	provable, known := true, true
	for _, a := range slices.Clone(s.lock.Accounts) {
		if a.Former == nil || !a.Ours() {
			continue
		}
		former := onvif.Login{User: a.Name, Password: a.Former.Reveal()}
		err := s.device.Try(ctx, former, a.Level)
		if err != nil && !errors.Is(err, onvif.ErrLogin) && !errors.Is(err, onvif.ErrUnproved) {
			return err
		}
		gets, sure := false, true
		if !open {
			gets, sure = s.stream(ctx, former)
		}
		logsIn, provable = logsIn || err == nil, provable && !errors.Is(err, onvif.ErrUnproved)
		opens, known = opens || gets, known && sure
	}
	s.note(FormerONVIF, logsIn, provable)
	s.note(FormerRTSP, opens, known)
	return nil
}

// note keeps what is known of one way around.
func (s *session) note(way string, there, known bool) {
	switch {
	case there:
		s.around(way)
	case known && slices.Contains(s.lock.Bypass, way) && !s.lock.Since.IsZero():
		if err := s.keep(func(_ *store.Camera, k *store.Lock) {
			k.Bypass = slices.DeleteFunc(k.Bypass, func(w string) bool { return w == way })
		}); err == nil {
			s.l.cfg.Log.Info("a way around the lock of a camera is gone", "camera", string(s.cam.ID), "way", way)
		}
	}
}

// around reports a way around a camera's lock, once.
func (s *session) around(way string) {
	if slices.Contains(s.lock.Bypass, way) {
		return
	}
	id := s.cam.ID
	if err := s.keep(func(_ *store.Camera, k *store.Lock) { k.Bypass = append(k.Bypass, way) }); err != nil {
		s.l.cfg.Log.Error("a way around the lock of a camera could not be stored", "camera", string(id), "way", way, "error", err)
	}
	s.l.cfg.Log.Error("the unmasked stream of a camera can be had past the gateway", "camera", string(id), "way", way)
	// Logged there where it fails.
	_ = s.l.cfg.Audit.DidAll([]audit.Record{{
		Action: audit.CameraBypass, Actor: audit.Gateway, Subject: audit.Camera(id), Detail: strings.Join(s.lock.Bypass, ","),
		Event: &audit.Event{Type: audit.EventBypass, Camera: id, To: way},
	}})
}
