package camera

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/consents/monitor"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// reasonBlocked is why a camera in a prohibited place is not connected to.
const reasonBlocked rtsp.Reason = "blocked"

// cameraConfig is one camera with all defaults filled in.
type cameraConfig struct {
	// said is what it is called when it starts; camera.said holds what is now.
	said   said
	stored bool
	// blocked: in a prohibited place, so no connection is made and viewers get
	// the slate.
	blocked  bool
	source   rtsp.SourceConfig
	settings wire.Settings
	sub      wire.SubStream
	// cover is what is masked and mounting which way is up when the camera starts; camera.cover
	// and camera.mounting hold what is now.
	cover    string
	mounting media.Mounting
}

// said is what can be changed of a camera while it runs.
type said struct{ name, group, mask string }

// camera wires one camera: source -> worker -> path -> viewers. Its goroutine
// (own) decides on its protection and publishes it; the source's and the worker's
// goroutines only note what they see and notify it.
type camera struct {
	cfg     cameraConfig
	with    *Config
	stream  string // address of the masked stream, without the login
	log     *slog.Logger
	path    *rtsp.Path
	subPath *rtsp.Path
	source  *rtsp.Source // nil: blocked
	handle  *worker.Handle
	meter   *meter
	monitor *monitor.Monitor
	walk    walk

	life       context.Context // ends when the camera is to stop
	cancel     context.CancelFunc
	connected  context.Context // ends when it must not be connected to any more
	disconnect context.CancelFunc
	done       chan struct{}
	wake       chan struct{} // holds one: something below changed
	ping       chan struct{} // the owner takes what comes
	reported   chan struct{} // closed when the source has sent something, or failed
	learned    func(rtsp.Learned)

	sub      sub
	feeding  sync.Mutex // nothing is fed once it is forbidden
	sending  sync.Mutex // one at a time sends the worker settings
	deciding sync.Mutex // one evaluation of the protection at a time

	mu         sync.Mutex
	said       said
	forbidden  bool          // in a prohibited place
	refused    bool          // its login was, and nothing knocks until it begins anew
	applied    wire.Settings // what the worker has
	cover      string
	mounting   media.Mounting
	trust      store.Trust
	from       rtsp.SourceState
	seen       bool // the source was online once, or failed once
	by         worker.State
	protection media.Protection
	since      time.Time
}

// initial are the settings that its worker starts with, but for what holds for all cameras.
func (cfg cameraConfig) initial() wire.Settings {
	s := cfg.settings
	s.Zones, s.Mounting = covered(s.Zones, cfg.cover), cfg.mounting
	return s
}

// startCamera publishes the stream and starts everything behind it. Viewers
// see the slate until the first masked frame.
func (cs *Set) startCamera(cfg cameraConfig) (*camera, error) {
	id := cfg.source.ID
	c := &camera{
		cfg: cfg, with: &cs.cfg, said: cfg.said, cover: cfg.cover, mounting: cfg.mounting, stream: cs.Address(id, nil), log: cs.cfg.Log.With("camera", string(id)),
		meter: newMeter(time.Now()), monitor: monitor.New(), done: make(chan struct{}), wake: make(chan struct{}, 1), ping: make(chan struct{}), reported: make(chan struct{}),
		trust: store.Trust{Fingerprint: cfg.source.Fingerprint, SeenSecure: cfg.source.SeenSecure, BasicLogin: cfg.source.BasicLogin},
		sub:   sub{like: cfg.sub}, applied: cs.raised(id, cfg.initial()), protection: media.UnknownProtection, since: time.Now(),
	}
	c.learned = func(l rtsp.Learned) { cs.learn(c, l) }
	hello := cs.cfg.Program.Hello(c.applied)
	hello.Camera, hello.Live, hello.Use = id, true, cs.cfg.Use
	c.handle = worker.New(worker.Config{Bin: cs.cfg.Program.Path, Hello: hello, CameraName: cfg.said.name, Log: cs.cfg.Log}, c)
	path, err := cs.cfg.Streams.Publish(media.StreamID{Camera: id}, rtsp.PathHooks{
		KeyframeWanted: c.handle.RequestKeyframe,
		ViewersChanged: func(n int) { cs.viewed(id, n, "") },
	})
	if err != nil {
		return nil, fmt.Errorf("camera %s: %w", id, err)
	}
	c.path = path
	c.subPath, err = cs.cfg.Streams.Publish(media.StreamID{Camera: id, Sub: true}, rtsp.PathHooks{
		KeyframeWanted: c.handle.RequestSubKeyframe,
		Asked:          c.subAsked,
		ViewersChanged: func(n int) { c.subWatched("rtsp", n); cs.viewed(id, n, " stream=sub") },
	})
	if err != nil {
		path.Close()
		return nil, fmt.Errorf("camera %s: %w", id, err)
	}
	if c.forbidden = cfg.blocked; c.forbidden {
		c.protection = media.Blocked
		c.from = rtsp.SourceState{Phase: rtsp.Stopped, Reason: reasonBlocked, Since: c.since}
		c.handle.SourceDown(string(reasonBlocked))
	} else {
		c.source = rtsp.NewSource(cfg.source, c, cs.cfg.Log)
	}
	c.life, c.cancel = context.WithCancel(context.Background())
	c.connected, c.disconnect = context.WithCancel(c.life)
	go c.own(c.life)
	return c, nil
}

// viewed notes how many watch a camera. Viewers with a login, whichever, count as one actor.
func (cs *Set) viewed(id media.CameraID, viewers int, which string) {
	who := audit.Viewer
	if cs.cfg.Anonymous {
		who = audit.Anonymous
	}
	cs.cfg.Audit.Note(audit.Record{Action: audit.ViewersChanged, Actor: who, Subject: audit.Camera(id), Detail: fmt.Sprintf("viewers=%d%s", viewers, which)})
}

// ID of the camera.
func (c *camera) ID() media.CameraID { return c.cfg.source.ID }

// stop ends everything of the camera and returns when its worker is reaped and
// its viewers are disconnected.
func (c *camera) stop() {
	c.cancel()
	<-c.done
}

// own is the camera's owner.
func (c *camera) own(ctx context.Context) {
	defer close(c.done)
	defer c.path.Close()
	defer c.subPath.Close()
	defer c.with.Previews.EndCamera(c.ID())
	defer c.with.HLS.EndCamera(c.ID())
	var parts sync.WaitGroup
	defer parts.Wait()
	parts.Go(func() { c.handle.Run(ctx) })
	if c.source != nil {
		parts.Go(func() { c.source.Run(c.connected) })
	}
	tick := time.NewTicker(MetricsPeriod)
	defer tick.Stop()
	c.evaluate()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.ping:
		case <-c.wake:
			c.evaluate()
		case now := <-tick.C:
			c.publish(c.meter.period(now))
			c.evaluate() // the degradation level changes without a wake
			c.makeSub(now)
		}
	}
}

// evaluate decides on the protection anew and reports it.
func (c *camera) evaluate() {
	c.deciding.Lock()
	defer c.deciding.Unlock()
	now, online := c.situation()
	p := now.protection()
	c.mu.Lock()
	was := c.protection
	if p != was {
		c.protection, c.since = p, time.Now()
	}
	c.mu.Unlock()
	if p != was {
		c.log.Info("protection changed", "from", string(was), "to", string(p))
		c.with.Audit.Note(audit.Record{
			Action: audit.ProtectionChanged, Actor: audit.Gateway, Subject: audit.Camera(c.ID()), Detail: string(was) + ">" + string(p),
			Event: &audit.Event{Type: audit.EventProtection, Camera: c.ID(), From: string(was), To: string(p)},
		})
	}
	c.with.Watch(c.ID(), p, was)
	c.with.Publisher.SetCamera(c.ID(), online, p)
}

func (c *camera) situation() (s situation, online bool) {
	degradation := c.meter.degradation()
	c.mu.Lock()
	defer c.mu.Unlock()
	online = c.from.Phase == rtsp.Online
	return situation{
		blocked: c.forbidden,
		online:  online, seen: c.seen, degradation: degradation,
		masking: c.by.Phase == worker.Masking, starting: starting(c.by),
	}, online
}

// starting reports whether the worker shows nothing yet for no fault of anybody.
func starting(s worker.State) bool {
	return s.Phase == "" || s.Phase == worker.Starting || s.Reason == text.SlateStarting || s.Reason == text.SlateWaiting
}

func (c *camera) publish(m api.CameraMetrics) {
	c.with.Publisher.Metrics(c.ID(), mqtt.Metrics{
		FPS: m.FPS, Latency: time.Duration(m.LatencyMS * float64(time.Millisecond)),
		Faces: m.Faces, Masked: m.Masked, Shown: m.Shown, Temperature: c.with.Celsius(),
		Degradation: m.Step, DegradationReason: degradationReason(c.meter.degradation(), c.floor()),
	})
}

// floor is the degradation level that the worker may not go below.
func (c *camera) floor() media.Degradation {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.applied.Floor
}

// apply tells the worker in which zones whose face may be shown, and what else
// is hidden, where that changed.
func (c *camera) apply(s wire.Settings) {
	c.sending.Lock()
	defer c.sending.Unlock()
	c.mu.Lock()
	c.monitor.Allowed(s.Shows, time.Now())
	s.Sub = c.applied.Sub
	same := reflect.DeepEqual(c.applied, s)
	c.applied = s
	c.mu.Unlock()
	if !same {
		c.handle.SetSettings(s)
	}
}

// SourceState is called by the source. The worker learns of a lost camera here
// and not from the owner, so that the order to the next Raw is kept.
func (c *camera) SourceState(s rtsp.SourceState) {
	refused := s.Phase == rtsp.Waiting && s.Reason == rtsp.ReasonUnauthorized && c.taken()
	c.mu.Lock()
	if c.forbidden || c.refused { // it stands as that, whatever the end of the connection says
		c.mu.Unlock()
		return
	}
	c.from, c.refused = s, refused
	if !c.seen && (s.Phase == rtsp.Online || s.Phase == rtsp.Waiting) {
		c.seen = true
		close(c.reported)
	}
	c.mu.Unlock()
	if s.Phase == rtsp.Waiting {
		c.handle.SourceDown(string(s.Reason))
		c.with.Sealed.Lost(c.ID())
	}
	if refused {
		c.disconnect()
		c.with.LoginRefused(c.ID())
	}
	c.notify()
}

// Learned is called by the source, which must not wait.
func (c *camera) Learned(l rtsp.Learned) { c.learned(l) }

// taken reports whether the gateway has set passwords at the camera. One that refuses the
// login then is not tried again and again: it would lock out whoever finds out which
// password it has.
func (c *camera) taken() bool { return c.cfg.stored && holdsPasswords(c.with.Store, c.ID()) }

// Raw is called by the source.
func (c *camera) Raw(r media.Raw) {
	c.feeding.Lock()
	defer c.feeding.Unlock()
	if !c.isForbidden() {
		c.handle.Feed(r)
		c.with.Sealed.Feed(c.ID(), r)
	}
}

// forbid disconnects a camera that turns out to be in a prohibited place: viewers get the
// slate from now on, and nothing that it sends is taken any more.
func (c *camera) forbid() {
	c.feeding.Lock()
	c.mu.Lock()
	c.forbidden = true
	c.from = rtsp.SourceState{Phase: rtsp.Stopped, Reason: reasonBlocked, Since: time.Now()}
	c.mu.Unlock()
	c.handle.SourceDown(string(reasonBlocked))
	c.with.Sealed.Lost(c.ID())
	c.feeding.Unlock()
	c.disconnect()
	c.log.Error("camera is in a prohibited place and is not connected to")
	c.evaluate()
}

func (c *camera) isForbidden() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.forbidden
}

// Clean is called by the worker's handle: the only way to the viewers.
func (c *camera) Clean(u media.Clean) {
	c.meter.clean(u)
	c.walk.clean(u, time.Now())
	c.path.Write(u)
	main := media.StreamID{Camera: c.ID()}
	c.with.Previews.Write(main, u)
	c.with.HLS.Write(main, u)
	if shown := u.Record().Shown; shown > 0 {
		c.monitor.Left(shown, time.Now())
		c.late()
	}
}

// State is called by the worker's handle.
func (c *camera) State(s worker.State) {
	c.mu.Lock()
	c.by = s
	c.mu.Unlock()
	if s.Phase != worker.Masking {
		c.monitor.Stopped()
	}
	c.notify()
}

// Decision is called by the worker's handle.
func (c *camera) Decision(d wire.Decision) {
	allowed := c.monitor.Decided(d, time.Now())
	c.late()
	if !allowed {
		c.log.Error("face shown without a consent that counts", "track", d.Track, "token", d.Token, "zone", d.Zone)
		c.with.Audit.Note(audit.Record{Action: audit.ConsentFault, Actor: audit.Gateway, Subject: audit.Camera(c.ID())})
		c.violated(policy.ViolationShown, 1, 0)
		return
	}
	if d.Shown {
		c.log.Info("face shown by consent", "track", d.Track, "token", d.Token, "zone", d.Zone)
		return
	}
	c.log.Info("face with a badge masked", "track", d.Track, "reason", string(d.Reason))
}

func (c *camera) notify() {
	select {
	case c.wake <- struct{}{}:
	default: // the owner has yet to wake for the last one
	}
}

// answers reports whether the owner and the worker do, within ctx's time. It is true for
// a camera that is being removed, too.
func (c *camera) answers(ctx context.Context) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(c.life, cancel)()
	select {
	case c.ping <- struct{}{}:
	case <-ctx.Done():
		return c.life.Err() != nil
	}
	return c.handle.Answers(ctx) || c.life.Err() != nil
}

// now is what viewers get at this moment.
func (c *camera) now() media.Protection {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.protection
}
