package gateway

import (
	"context"
	"net/http"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// ReasonStore is why all is blocked: the code of the status and of the slate.
const ReasonStore = "store_damaged"

// CodeStore: the store is damaged; only a restore is possible.
const CodeStore ErrorCode = ReasonStore

// Withheld stands in for a Gateway whose store is damaged. It knows neither
// cameras nor logins: whatever address viewers ask for shows the slate, to
// anybody, for that holds nothing. Status and MQTT say why, and a backup is
// taken in.
type Withheld struct {
	o        Options
	why      error
	started  time.Time
	restores *restores
	streams  *rtsp.Server
	mqtt     *mqtt.Publisher
	api      *localAPI
	cancel   context.CancelFunc
	shown    chan struct{} // closed when the slate has ended
}

// Withhold keeps a copy of the damaged store and brings the stand-in up. After
// an error nothing is left running.
func Withhold(o Options, why error) (*Withheld, error) {
	w := &Withheld{o: o, why: text.Fail(why, text.StoreWithheld, why), started: time.Now(), restores: newRestores(o.Config.Store())}
	o.Log.Error("no camera is connected to and viewers get the slate", "error", why)
	if kept, err := store.KeepDamaged(o.Config.Store()); err != nil {
		o.Log.Warn("the damaged store could not be copied; it is as it was", "error", err)
	} else {
		o.Log.Warn("the damaged store is kept", "copy", kept)
	}
	for _, step := range []func() error{w.startSlate, w.startMQTT, w.startAPI} {
		if err := step(); err != nil {
			w.Close()
			return nil, err
		}
	}
	return w, nil
}

// Close stops everything. It is safe after a failed start.
func (w *Withheld) Close() {
	if w.api != nil {
		w.api.Close()
	}
	if w.mqtt != nil {
		w.mqtt.Close()
	}
	if w.cancel != nil {
		w.cancel()
		<-w.shown
	}
	if w.streams != nil {
		w.streams.Close()
	}
}

// slateOnly passes the slate on; there is no worker whose state would matter.
type slateOnly struct{ path *rtsp.Path }

func (s *slateOnly) Clean(c media.Clean)    { s.path.Write(c) }
func (*slateOnly) State(worker.State)       {}
func (*slateOnly) Decision(d wire.Decision) {}

func (w *Withheld) startSlate() error {
	c := streamConfig(w.o)
	c.Anonymous, c.OnePath = true, true
	w.streams = rtsp.NewServer(c, w.o.Log)
	if err := w.streams.Start(); err != nil {
		return err
	}
	out := &slateOnly{}
	handle := worker.New(worker.Config{Hello: wire.Hello{Camera: "bauta"}, CameraName: w.o.Config.Gateway.Name, Log: w.o.Log}, out)
	handle.SourceDown(ReasonStore)
	var err error
	if out.path, err = w.streams.Publish("bauta", rtsp.PathHooks{KeyframeWanted: handle.RequestKeyframe}); err != nil {
		return err
	}
	var ctx context.Context
	ctx, w.cancel = context.WithCancel(context.Background())
	w.shown = make(chan struct{})
	go func() {
		defer close(w.shown)
		defer out.path.Close()
		handle.Run(ctx)
	}()
	return nil
}

// startMQTT says that the site fails, and blocked of each camera that the
// broker still has a state of.
func (w *Withheld) startMQTT() error {
	m := mqttConfig(w.o)
	m.SafeMode = true
	p, err := mqtt.New(m, w.o.Log)
	if err != nil {
		return err
	}
	now := time.Now().UTC()
	p.SetInfo(mqtt.Info{Version: Version + "+" + wire.BuildID, PolicyPack: w.o.Config.Policy.Pack})
	p.SetCompliance(mqtt.Standing{State: "fail", Reasons: []string{"store-damaged"}, Since: now, Time: now, PolicyPack: w.o.Config.Policy.Pack}, nil)
	w.mqtt = p
	p.Start(context.Background())
	return nil
}

func (w *Withheld) startAPI() error {
	l, err := listenSocket(w.o.Config.Socket())
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/status", answer(http.StatusOK, func(r *http.Request) (any, error) {
		return w.Status(text.Pick(r.Header.Get("Accept-Language"))), nil
	}))
	mux.HandleFunc("POST /v1/restore", w.restores.post)
	mux.HandleFunc("/", answer(http.StatusOK, func(*http.Request) (any, error) { return nil, &APIError{Code: CodeStore, cause: w.why} }))
	w.api = serveLocal(l, mux, w.o.Log)
	return nil
}

// Status tells why all is blocked.
func (w *Withheld) Status(lang text.Lang) Status {
	cfg := w.o.Config
	return Status{Cameras: []CameraStatus{}, Gateway: GatewayStatus{
		Name: cfg.Gateway.Name, Version: Version, Build: wire.BuildID, Started: w.started, Now: time.Now(), DataDir: cfg.Data,
		Streams: addresses(w.streams), Anonymous: true, MQTT: brokerStatus(cfg, w.mqtt),
		Blocked: ReasonStore, Problem: text.Explain(lang, w.why), Restore: w.o.restore.in(lang),
	}}
}
