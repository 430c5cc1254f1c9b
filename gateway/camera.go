package gateway

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/whep"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// reasonBlocked is why a camera in a prohibited place is not connected to.
const reasonBlocked rtsp.Reason = "blocked"

// cameraConfig is one camera with all defaults filled in.
type cameraConfig struct {
	name   string
	stored bool
	// blocked: in a prohibited place, so no connection is made and viewers get
	// the slate.
	blocked  bool
	created  time.Time
	source   rtsp.SourceConfig
	settings wire.Settings
	// cover is what is masked and mounting which way is up when the camera starts; camera.cover
	// and camera.mounting hold what is now.
	cover    string
	mounting media.Mounting
}

// camera wires one camera: source -> worker -> path -> viewers. Its goroutine
// (own) is the only one that decides on its protection and tells MQTT of it;
// the source's and the worker's goroutines only note what they see and wake it.
type camera struct {
	cfg    cameraConfig
	stream string // address of the masked stream, without the login
	log    *slog.Logger
	mqtt   *mqtt.Publisher
	path   *rtsp.Path
	source *rtsp.Source // nil: blocked
	handle *worker.Handle
	meter  *meter
	proof  *proof
	walk   walk
	// fault is told of each face that is shown without a consent that counts.
	fault func(media.CameraID)
	// watch takes the protection and the one before.
	watch func(id media.CameraID, now, was media.Protection)
	// celsius is the box's temperature.
	celsius func() float64
	// previews take what browsers watch.
	previews *whep.Server

	life   context.Context // ends when the camera is to stop
	cancel context.CancelFunc
	done   chan struct{}
	wake   chan struct{} // holds one: something below changed
	ping   chan struct{} // the owner takes what comes

	mu         sync.Mutex
	told       wire.Settings // what the worker was told last
	cover      string
	mounting   media.Mounting
	from       rtsp.SourceState
	seen       bool // the source was online once, or failed once
	by         worker.State
	protection media.Protection
	since      time.Time
}

// startCamera publishes the stream and starts everything behind it. Viewers
// see the slate until the first masked picture.
func (g *Gateway) startCamera(cfg cameraConfig) (*camera, error) {
	first := cfg.settings
	first.Zones, first.Mounting = covered(first.Zones, cfg.cover), cfg.mounting
	c := &camera{
		cfg: cfg, cover: cfg.cover, mounting: cfg.mounting, stream: g.streamURL(cfg.source.ID, nil), log: g.log.With("camera", string(cfg.source.ID)), mqtt: g.mqtt,
		meter: newMeter(time.Now()), proof: newProof(), fault: g.shownWithout, watch: g.watch, celsius: g.box.celsius, previews: g.previews, done: make(chan struct{}), wake: make(chan struct{}, 1), ping: make(chan struct{}),
		told: g.raised(cfg.source.ID, first), protection: media.UnknownProtection, since: time.Now(),
	}
	hello := g.parts.Hello(c.told)
	hello.Camera, hello.Live, hello.Use = cfg.source.ID, true, g.use
	c.handle = worker.New(worker.Config{Bin: g.parts.Worker, Hello: hello, CameraName: cfg.name, Log: g.log}, c)
	path, err := g.streams.Publish(cfg.source.ID, rtsp.PathHooks{
		KeyframeWanted: c.handle.RequestKeyframe,
		ViewersChanged: func(n int) { g.viewed(cfg.source.ID, n) },
	})
	if err != nil {
		return nil, fmt.Errorf("camera %s: %w", cfg.source.ID, err)
	}
	c.path = path
	if cfg.blocked {
		c.protection = media.Blocked
		c.from = rtsp.SourceState{Phase: rtsp.Stopped, Reason: reasonBlocked, Since: c.since}
		c.handle.SourceDown(string(reasonBlocked))
	} else {
		c.source = rtsp.NewSource(cfg.source, c, g.log)
	}
	c.life, c.cancel = context.WithCancel(context.Background())
	go c.own(c.life)
	return c, nil
}

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
	defer c.previews.EndCamera(c.cfg.source.ID)
	var parts sync.WaitGroup
	defer parts.Wait()
	parts.Go(func() { c.handle.Run(ctx) })
	if c.source != nil {
		parts.Go(func() { c.source.Run(ctx) })
	}
	tick := time.NewTicker(MetricsPeriod)
	defer tick.Stop()
	c.judge()
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.ping:
		case <-c.wake:
			c.judge()
		case now := <-tick.C:
			c.publish(c.meter.period(now))
			c.judge() // the overload step changes without a wake
		}
	}
}

// judge decides on the protection anew and tells whoever listens.
func (c *camera) judge() {
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
	}
	c.watch(c.cfg.source.ID, p, was)
	c.mqtt.SetCamera(c.cfg.source.ID, online, p)
}

func (c *camera) situation() (s situation, online bool) {
	step := c.meter.step()
	c.mu.Lock()
	defer c.mu.Unlock()
	online = c.from.Phase == rtsp.Online
	return situation{
		blocked: c.cfg.blocked,
		online:  online, seen: c.seen, step: step,
		masking: c.by.Phase == worker.Masking, starting: starting(c.by),
	}, online
}

// starting tells whether the worker shows nothing yet for no fault of anybody.
func starting(s worker.State) bool {
	return s.Phase == "" || s.Phase == worker.Starting || s.Reason == text.SlateStarting || s.Reason == text.SlateWaiting
}

func (c *camera) publish(m CameraMetrics) {
	c.mqtt.Metrics(c.cfg.source.ID, mqtt.Metrics{
		FPS: m.FPS, Latency: time.Duration(m.LatencyMS * float64(time.Millisecond)),
		Faces: m.Faces, Masked: m.Masked, Shown: m.Shown, Temperature: c.celsius(),
		Degradation: m.Step, DegradationReason: stepReason(c.meter.step(), c.floor()),
	})
}

// floor is the rung that the worker was told not to go below.
func (c *camera) floor() media.Step {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.told.Floor
}

// SourceState is called by the source. The worker hears of a lost camera here
// and not from the owner, so that the order to the next Raw is kept.
func (c *camera) SourceState(s rtsp.SourceState) {
	c.mu.Lock()
	c.from = s
	c.seen = c.seen || s.Phase == rtsp.Online || s.Phase == rtsp.Waiting
	c.mu.Unlock()
	if s.Phase == rtsp.Waiting {
		c.handle.SourceDown(string(s.Reason))
	}
	c.poke()
}

// Raw is called by the source.
func (c *camera) Raw(r media.Raw) { c.handle.Feed(r) }

// Clean is called by the worker's handle: the only way to the viewers.
func (c *camera) Clean(u media.Clean) {
	c.meter.clean(u)
	c.walk.clean(u, time.Now())
	c.path.Write(u)
	c.previews.Write(c.cfg.source.ID, u)
	c.proof.left(u.Record().Shown, time.Now())
}

// State is called by the worker's handle.
func (c *camera) State(s worker.State) {
	c.mu.Lock()
	c.by = s
	c.mu.Unlock()
	if s.Phase != worker.Masking {
		c.proof.gone()
	}
	c.poke()
}

func (c *camera) poke() {
	select {
	case c.wake <- struct{}{}:
	default: // the owner has not looked since the last one
	}
}
