// Package safemode stands in for a gateway whose store is damaged. Inputs are the
// settings and why; outputs are the slate on every path, the state on MQTT, and a way to
// take a backup in. Its one goroutine shows the slate until Close. It knows neither
// cameras nor logins, and takes nothing of the damaged store but a copy.
package safemode

import (
	"context"
	"log/slog"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/httpapi"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/restore"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/stops"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Config is what safe mode works with.
type Config struct {
	Settings config.Config
	// Streams and MQTT say where to serve and to publish.
	Streams rtsp.ServerConfig
	MQTT    mqtt.Config
	// Restored is what came of the last restore; nil: there was none.
	Restored *api.RestoreStatus
	Log      *slog.Logger
}

// SafeMode is running from Start to Close. Whatever address viewers ask for shows the
// slate, to anybody, for that holds nothing.
type SafeMode struct {
	cfg     Config
	why     error
	started time.Time
	streams *rtsp.Server
	// Intake takes a backup in; Publisher knows which cameras the broker has states of.
	Intake    *restore.Intake
	Publisher *mqtt.Publisher
	stops     stops.Stack
}

// Start keeps a copy of the damaged store and brings safe mode up. After an error
// nothing is left running.
func Start(c Config, why error) (*SafeMode, error) {
	path := c.Settings.Store()
	s := &SafeMode{cfg: c, why: text.Fail(why, text.StoreSafeMode, why), started: time.Now(), Intake: restore.NewIntake(path)}
	c.Log.Error("no camera is connected to and viewers get the slate", "error", why)
	if kept, err := store.KeepDamaged(path); err != nil {
		c.Log.Warn("the damaged store could not be copied; it is as it was", "error", err)
	} else {
		c.Log.Warn("the damaged store is kept", "copy", kept)
	}
	for _, step := range []func() error{s.startSlate, s.startMQTT, s.startAPI} {
		if err := step(); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

// Close stops everything.
func (s *SafeMode) Close() { s.stops.Run() }

// slateOnly passes the slate on; there is no worker whose state would matter.
type slateOnly struct{ path *rtsp.Path }

func (s *slateOnly) Clean(c media.Clean)    { s.path.Write(c) }
func (s *slateOnly) Sub(media.Clean)        {} // whatever viewers ask for leads to that path
func (*slateOnly) State(worker.State)       {}
func (*slateOnly) Decision(d wire.Decision) {}

func (s *SafeMode) startSlate() error {
	c := s.cfg.Streams
	c.Anonymous, c.OnePath = true, true
	s.streams = rtsp.NewServer(c, s.cfg.Log)
	if err := s.streams.Start(); err != nil {
		return err
	}
	s.stops.Push(s.streams.Close)
	out := &slateOnly{}
	handle := worker.New(worker.Config{Hello: wire.Hello{Camera: "bauta"}, CameraName: s.cfg.Settings.Gateway.Name, Log: s.cfg.Log}, out)
	handle.SourceDown(api.ReasonStore)
	var err error
	if out.path, err = s.streams.Publish(media.StreamID{Camera: "bauta"}, rtsp.PathHooks{KeyframeWanted: handle.RequestKeyframe}); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer out.path.Close()
		handle.Run(ctx)
	}()
	s.stops.Push(func() { cancel(); <-ended })
	return nil
}

// startMQTT says that the site fails, and blocked of each camera that the
// broker still has a state of.
func (s *SafeMode) startMQTT() error {
	m := s.cfg.MQTT
	m.SafeMode = true
	p, err := mqtt.New(m, s.cfg.Log)
	if err != nil {
		return err
	}
	now, pack := time.Now().UTC(), policy.Select("", s.cfg.Settings.Policy.Pack)[0].ID
	p.SetInfo(mqtt.Info{Version: wire.Release(), PolicyPack: pack})
	p.SetCompliance(mqtt.Standing{State: "fail", Reasons: []string{"store-damaged"}, Since: now, Time: now, PolicyPack: pack}, nil)
	s.Publisher = p
	p.Start(context.Background())
	s.stops.Push(p.Close)
	return nil
}

func (s *SafeMode) startAPI() error {
	local, err := httpapi.ServeLocal(s.cfg.Settings.Socket(), httpapi.SafeMode(s.Status, s.Intake, s.why), s.cfg.Log)
	if err != nil {
		return err
	}
	s.stops.Push(local.Close)
	return nil
}

// Status says why all is blocked.
func (s *SafeMode) Status(lang text.Lang) api.Status {
	cfg := s.cfg.Settings
	return api.Status{Cameras: []api.CameraStatus{}, Gateway: api.GatewayStatus{
		Name: cfg.Gateway.Name, Version: wire.Version, Build: wire.BuildID, Started: s.started, Now: time.Now(), DataDir: cfg.Data,
		Streams: httpapi.Addresses(s.streams), Anonymous: true, MQTT: httpapi.Broker(cfg, s.Publisher),
		Blocked: api.ReasonStore, Problem: text.Explain(lang, s.why), Restore: s.cfg.Restored.In(lang),
	}}
}

// Alive is true: the slate asks nothing that could hang.
func (s *SafeMode) Alive(context.Context) bool { return true }

// StatusLine says what is wrong.
func (s *SafeMode) StatusLine() string { return text.Explain(s.cfg.Settings.Lang(), s.why) }
