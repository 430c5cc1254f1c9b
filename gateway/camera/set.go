// Package camera owns the cameras: for each one source, worker and stream, and what of
// its frames is masked. Inputs are the stored cameras, what administrators and the
// broker ask for, the consents in force and the host's heat; outputs are masked streams,
// states and records for the audit log. Each camera has one owner goroutine, which Stop
// waits for. A frame reaches viewers as media.Clean only, and nothing here waits for
// the disk before it masks more.
package camera

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/whep"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Config is what the cameras work with.
type Config struct {
	Store     *store.Store
	Queue     *change.Queue
	Audit     *audit.Log
	Publisher *mqtt.Publisher
	Streams   *rtsp.Server
	Previews  *whep.Server
	HLS       *hls.Server
	// Worker's program, what it may use, and its settings for cameras that have none of
	// their own.
	Program executable.Program
	Use     wire.Use
	Worker  config.Worker
	Output  config.Output
	// Limit of cameras. Anonymous: viewers need no login.
	Limit     int
	Anonymous bool
	// Purposes that this gateway serves; Packs are the rule packs in force.
	Purposes []string
	Packs    func() policy.Stack
	// Celsius is the host's temperature, NaN where nobody knows.
	Celsius func() float64
	// Watch takes each camera's protection every few seconds and whenever it changes,
	// then with the one before; an empty one says that the camera is gone.
	Watch func(id media.CameraID, now, was media.Protection)
	// LoginRefused takes a camera at which the gateway set passwords, and which refuses the
	// login: it is not connected to until Reconnect. It never waits.
	LoginRefused func(media.CameraID)
	// Violated takes what a camera did against the law; it never waits.
	Violated func(seen policy.Violation)
	// Forget takes a camera out of what names it before it is removed, for another one may
	// come by its name; nil: nothing does.
	Forget func(media.CameraID) error
	// Again returns what puts a camera, before Forget, back into what names it now; nil: nothing.
	Again func(media.CameraID) func() error
	// Sealed takes what cameras send, to keep the originals of those that it is to; nil: of none.
	Sealed Originals
	Log    *slog.Logger
}

// Originals keeps what cameras send; it never waits.
type Originals interface {
	Feed(id media.CameraID, u media.Raw)
	// Lost says that a camera sends nothing more for now.
	Lost(id media.CameraID)
	// Unset ends it for a camera that is removed; what is kept stays for its term.
	Unset(ctx context.Context, id media.CameraID) error
	// Again returns what keeps a camera's originals again as now; nil: they are not kept.
	Again(id media.CameraID) func(context.Context) error
}

// noOriginals keeps nothing.
type noOriginals struct{}

func (noOriginals) Feed(media.CameraID, media.Raw)                   {}
func (noOriginals) Lost(media.CameraID)                              {}
func (noOriginals) Unset(context.Context, media.CameraID) error      { return nil }
func (noOriginals) Again(media.CameraID) func(context.Context) error { return nil }

// Set is all cameras of the gateway.
type Set struct {
	cfg     Config
	masking *masking
	naming  sync.Mutex // held while a zone gets an id
	history *history
	// commands came over MQTT; repeats bounds what is logged of them.
	commands chan command
	repeats  connlimit.LogLimiter

	// admin is held by one change of the cameras at a time; it may take seconds. Within it
	// keeping is held while one camera takes another's place, and without it while a
	// camera's setting is stored: neither overtakes the other. mu guards what follows,
	// for moments.
	admin   sync.Mutex
	keeping sync.Mutex
	mu      sync.Mutex
	cameras map[media.CameraID]*camera
	// What holds for all of them: who may be shown, whether nobody is and everything is
	// hidden, and the lowest degradation level.
	grants  []Grant
	hideAll bool
	floor   media.Degradation

	trying   chan struct{} // holds one while a camera is tried: each try is a worker more
	settling sync.Mutex    // one at a time tells the workers what holds
}

// New prepares the set; Start brings the stored cameras up.
func New(c Config) *Set {
	cs := &Set{cfg: c, masking: newMasking(c.Store, c.Log), history: newHistory(), commands: make(chan command, maxCommands), trying: make(chan struct{}, 1), cameras: map[media.CameraID]*camera{}}
	if err := cs.history.remember(c.Store, time.Now()); err != nil {
		c.Log.Error("the cameras' history begins anew", "error", err)
	}
	if c.Sealed == nil {
		cs.cfg.Sealed = noOriginals{}
	}
	if c.Forget == nil {
		cs.cfg.Forget = func(media.CameraID) error { return nil }
	}
	if c.Again == nil {
		cs.cfg.Again = func(media.CameraID) func() error { return func() error { return nil } }
	}
	cs.cfg.Watch = func(id media.CameraID, now, was media.Protection) {
		if now != "" {
			cs.history.note(id, now, cs.why(id), time.Now())
		}
		c.Watch(id, now, was)
	}
	return cs
}

// Grant is a consent that counts from one moment to another, in zones that serve its
// purpose.
type Grant struct {
	Token              string
	Badge              int
	Purpose            string
	Covers             func(zone.Zone) bool // whether it names a zone, whatever the purpose
	NotBefore, Expires time.Time
}

// In are the zones in which it counts by everything but its time.
func (g Grant) In(zones []zone.Zone) (in []string) {
	for _, z := range zones {
		if g.Covers(z) && slices.Contains(z.Purposes, g.Purpose) {
			in = append(in, z.ID)
		}
	}
	return in
}

// shows are the grants that count in these zones now, in the order of their tokens.
func shows(grants []Grant, zones []zone.Zone, now time.Time) (shows []wire.Show) {
	for _, g := range grants {
		if in := g.In(zones); len(in) > 0 && !now.Before(g.NotBefore) && now.Before(g.Expires) {
			shows = append(shows, wire.Show{Token: g.Token, Badge: g.Badge, Zones: in, NotBefore: g.NotBefore, Expires: g.Expires})
		}
	}
	slices.SortFunc(shows, func(a, b wire.Show) int {
		if a.Token < b.Token {
			return -1
		}
		return 1
	})
	return shows
}

// Permit says who may be shown from now on, in place of what was said before.
func (cs *Set) Permit(grants []Grant) {
	cs.mu.Lock()
	cs.grants = grants
	cs.mu.Unlock()
	cs.refresh()
}

// HideAll has all of each frame painted over, or ends that.
func (cs *Set) HideAll(yes bool) {
	cs.mu.Lock()
	cs.hideAll = yes
	cs.mu.Unlock()
	cs.refresh()
}

// SetFloor sets the lowest degradation level, which the host's heat asks for.
func (cs *Set) SetFloor(s media.Degradation) {
	cs.mu.Lock()
	cs.floor = s
	cs.mu.Unlock()
	cs.refresh()
}

// Withdrawn says which token ended, and when, before Permit takes it away.
func (cs *Set) Withdrawn(token string, at time.Time) {
	cs.cfg.HLS.Withdrawn()
	for _, c := range cs.sorted() {
		c.monitor.Withdrawn(token, at)
	}
}

// Monitored is the worst of all cameras: the faces shown without a consent, and how
// long a revoked one still counted.
func (cs *Set) Monitored() (faults int, delay time.Duration) {
	for _, c := range cs.sorted() {
		n, d := c.monitor.Found()
		faults, delay = faults+n, max(delay, d)
	}
	return faults, delay
}

// refresh tells the workers whose settings change what holds now.
func (cs *Set) refresh() {
	cs.settling.Lock()
	defer cs.settling.Unlock()
	cs.mu.Lock()
	grants := cs.grants
	cs.mu.Unlock()
	now := time.Now()
	for _, c := range cs.sorted() {
		set := c.cfg.settings
		set.Mask = c.saidNow().mask
		set.Zones = cs.masking.zonesOf(c.ID())
		set.Shows = shows(grants, set.Zones, now)
		set.Zones, set.Mounting = covered(set.Zones, c.coverNow()), c.mountingNow()
		c.apply(cs.raised(c.ID(), set))
		cs.publishLevel(c.ID())
	}
}

// View is a camera's zones at one moment.
type View struct {
	Camera media.CameraID
	Zones  []zone.Zone
}

// Views are those of all cameras.
func (cs *Set) Views() (all []View) {
	for _, c := range cs.sorted() {
		all = append(all, View{c.ID(), cs.masking.zonesOf(c.ID())})
	}
	return all
}

func (cs *Set) camera(id media.CameraID) *camera {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return cs.cameras[id]
}

// Has reports whether there is a camera of this id.
func (cs *Set) Has(id media.CameraID) bool { return cs.camera(id) != nil }

// why is the reason for what a camera's viewers get now.
func (cs *Set) why(id media.CameraID) string {
	c := cs.camera(id)
	if c == nil {
		return ""
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	worker := reasonCode(c.by.Reason)
	if c.from.Phase == rtsp.Online || c.from.Reason == "" {
		return worker
	}
	return string(c.from.Reason)
}

// Group that a camera is in; it may be empty.
func (cs *Set) Group(id media.CameraID) string {
	if c := cs.camera(id); c != nil {
		return c.saidNow().group
	}
	return ""
}

// Count of the cameras.
func (cs *Set) Count() int {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return len(cs.cameras)
}

// IDs of the cameras, in order.
func (cs *Set) IDs() []media.CameraID {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return slices.Sorted(maps.Keys(cs.cameras))
}

// sorted returns the cameras by id.
func (cs *Set) sorted() []*camera {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	out := make([]*camera, 0, len(cs.cameras))
	for _, id := range slices.Sorted(maps.Keys(cs.cameras)) {
		out = append(out, cs.cameras[id])
	}
	return out
}

// RequestKeyframe asks a camera's worker for a frame of a stream that stands alone.
func (cs *Set) RequestKeyframe(id media.StreamID) {
	switch c := cs.camera(id.Camera); {
	case c == nil:
	case id.Sub:
		c.handle.RequestSubKeyframe()
	default:
		c.handle.RequestKeyframe()
	}
}
