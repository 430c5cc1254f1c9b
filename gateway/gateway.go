// Package gateway is the daemon: it wires each camera's source, worker and
// stream, keeps one owner goroutine per camera, publishes states and answers
// the local administrator on a Unix socket.
//
// Start brings everything up and Close takes it down; in between cameras come
// and go without one disturbing another. The package also holds the client of
// the local API, so that both sides share its types.
package gateway

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/detector/yunet"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/whep"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Version is the release; the build ID tells two builds of it apart.
var Version = "0.2.0-dev"

// Options say what to run.
type Options struct {
	// Config with its Data folder as an absolute path.
	Config config.Config
	// Guests are cameras for this run: used, never stored.
	Guests []NewCamera
	// Demo is the clip of the built-in camera; empty means no demo.
	Demo string
	// FreePorts takes the next free port where another program has one: see Moved.
	FreePorts bool
	Log       *slog.Logger

	// Tests have a box of their own: its files, how often its sensors are read
	// and how long it must be cooler. Empty means this box and the usual times.
	root                fs.FS
	heatEvery, heatRest time.Duration
	// tpm is a TPM of the tests' own: its socket.
	tpm string

	// restore is what came of a restore before this start; nil: there was none.
	restore *RestoreStatus
	// before are the cameras that were there until then.
	before []media.CameraID
}

// Gateway is a running daemon.
type Gateway struct {
	cfg config.Config
	// nextPort is Options.FreePorts.
	nextPort bool
	log      *slog.Logger
	started  time.Time
	parts    Parts
	box      watchedBox
	// accelerators were tried; use is what the cameras' workers are given.
	accelerators []Candidate
	use          wire.Use

	store *store.Store
	// keeper writes to the store what nobody waits for; hiding is what is hidden
	// of the cameras' pictures.
	keeper    *keeper
	hiding    *hiding
	past      *past
	viewer    struct{ user, password string }
	demo      *demo.Camera
	streams   *rtsp.Server
	mqtt      *mqtt.Publisher
	logins    *mqttLogins
	told      connlimit.LogLimiter // what is logged of those at the broker
	api       *localAPI
	console   *console.Server
	stopFleet func()
	accounts  *console.Accounts
	// refusalsTold are the refused logins of viewers that stand on the trail.
	refusalsTold uint64
	hub          *hub
	previews     *whep.Server
	history      *history
	// issuing is held by one issue of a consent at a time, verifying by one
	// proof of a pack.
	issuing, verifying sync.Mutex

	// The audit trail, the time of protection and the judging of clauses.
	trail       *trail
	clock       *compliance.Clock
	engine      *compliance.Engine
	stopTrail   context.CancelFunc
	stopJudging func()
	stopHeat    func()
	// evidenceFailed tells of the last export.
	evidenceFailed atomic.Bool
	commands       chan command // that came over MQTT
	// restored is what came of the last restore, restores takes the next one in.
	restored *RestoreStatus
	restores *restores

	// consents is who may be shown where.
	consents *consents
	// admin is held by one change of the cameras at a time; it may take
	// seconds. mu guards the maps only, for moments.
	admin   sync.Mutex
	mu      sync.Mutex
	cameras map[media.CameraID]*camera
}

// Start brings the daemon up. It returns when all addresses are open and all
// cameras have been started; after an error, or when ctx ends meanwhile,
// nothing is left running. Once it has returned, Close is what stops it.
func Start(ctx context.Context, o Options) (*Gateway, error) {
	g := &Gateway{cfg: o.Config, nextPort: o.FreePorts, log: o.Log, started: time.Now(), cameras: map[media.CameraID]*camera{}, commands: make(chan command, maxCommands),
		restored: o.restore, restores: newRestores(o.Config.Store()), hub: newHub(), history: newHistory()}
	g.box.init(o)
	if err := g.start(ctx, o); err != nil {
		g.Close()
		if ctx.Err() == nil { // it failed, nobody stopped it
			g.undoUpdate(err)
		}
		return nil, err
	}
	return g, nil
}

func (g *Gateway) start(ctx context.Context, o Options) error {
	tryAccelerators := func(Options) error { g.findAccelerator(ctx); return nil }
	for _, step := range []func(Options) error{
		g.openStore, g.openPast, g.openAccounts, g.openConsents, g.findParts, tryAccelerators, g.startPreviews, g.startStreams, g.openMQTT, g.startTrail, g.startPast, g.startConsents, g.startMQTT, g.startHeat, g.startDemo, g.startCameras, g.startJudging, g.startAPI,
	} {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := step(o); err != nil {
			return err
		}
	}
	return nil
}

// Close stops everything within a few seconds: first the way in, then the
// cameras, then the ways out. It is safe after a failed start.
func (g *Gateway) Close() {
	g.hub.close()
	if g.console != nil {
		g.console.Close()
	}
	if g.stopFleet != nil {
		g.stopFleet()
	}
	if g.api != nil {
		g.api.Close()
	}
	if g.stopHeat != nil {
		g.stopHeat()
	}
	if g.consents != nil {
		g.consents.close()
	}
	if g.previews != nil {
		g.previews.Close()
	}
	// Without cameras there are no violations: nothing is judged from here on.
	if g.stopJudging != nil {
		g.stopJudging()
	}
	g.stopCameras()
	g.closeTrail()
	if g.past != nil {
		g.past.close()
	}
	if g.demo != nil {
		g.demo.Close()
	}
	if g.mqtt != nil {
		g.mqtt.Close()
	}
	if g.streams != nil {
		g.streams.Close()
	}
	if g.keeper != nil {
		g.keeper.close()
		g.consents.settle()
	}
	if g.store != nil {
		if err := g.store.Close(); err != nil {
			g.log.Error("closing the store failed", "error", err)
		}
	}
}

// openStore makes the data folder and takes the store's lock, which keeps a
// second daemon off this folder before it touches anything else.
func (g *Gateway) openStore(Options) error {
	s, err := store.Open(g.cfg.Store(), store.Options{})
	if err != nil {
		return err
	}
	g.store = s
	g.hiding, g.keeper = newHiding(s, g.log), newKeeper(g.log, g.late)
	user, password, err := s.Viewer()
	g.viewer.user, g.viewer.password = user, password.Reveal()
	return err
}

// undoUpdate puts the store back that was there before an update whose gateway
// does not come up, so that the earlier version opens it; not once anything was stored.
func (g *Gateway) undoUpdate(why error) {
	if g.store == nil || errors.Is(why, store.ErrDamaged) {
		return
	}
	kept, err := store.UndoUpdate(g.cfg.Store(), store.Options{})
	switch {
	case errors.Is(err, store.ErrNoUpdate):
	case err != nil:
		g.log.Error(text.Of(text.EN, text.StoreNotUndone, err))
	default:
		g.log.Warn(text.Of(text.EN, text.StoreUndone, kept))
	}
}

func (g *Gateway) startStreams(o Options) error {
	c := streamConfig(o)
	c.User, c.Password, c.Anonymous = g.viewer.user, g.viewer.password, g.cfg.RTSP.Anonymous
	server := rtsp.NewServer(c, g.log)
	if err := server.Start(); err != nil {
		return err
	}
	g.streams = server
	return nil
}

// streamConfig is where the settings want the streams; who may watch is the
// caller's.
func streamConfig(o Options) rtsp.ServerConfig {
	c := o.Config.RTSP
	return rtsp.ServerConfig{
		Addr: c.Address, UDP: c.UDP, RTPAddr: c.UDPAddress, NextPort: o.FreePorts,
		TLSAddr: onlyIf(c.TLS(), c.TLSAddress), TLSCert: c.Certificate, TLSKey: c.Key,
	}
}

func onlyIf(ok bool, s string) string {
	if ok {
		return s
	}
	return ""
}

// openMQTT prepares what the trail and the cameras publish to.
func (g *Gateway) openMQTT(o Options) error {
	m := mqttConfig(o)
	logins, err := openMQTTLogins(g.store)
	if err != nil {
		g.log.Error("no login at the embedded broker counts: remove and add them again", "error", err)
	}
	g.logins = logins
	m.Anchor, m.AnchorsReceived = g.past.hear, g.past.brokerRead
	m.Outbox, m.Command, m.Revocation, m.Login = newOutbox(g.store, g.keeper), g.ask, g.consents.Revocation, logins.check
	p, err := mqtt.New(m, g.log)
	if err != nil {
		return err
	}
	p.SetInfo(mqtt.Info{
		Version: Version + "+" + wire.BuildID, ModelHash: yunet.SHA256,
		ConfigHash: config.Hash(g.cfg), PolicyPack: g.cfg.Policy.Pack,
	})
	g.mqtt = p
	return nil
}

// startMQTT connects once all that a broker's messages reach is there.
func (g *Gateway) startMQTT(Options) error {
	g.mqtt.Start(context.Background())
	return nil
}

// mqttConfig is where and as whom the settings want states to be published.
func mqttConfig(o Options) mqtt.Config {
	c := o.Config.MQTT
	m := mqtt.Config{
		Gateway: o.Config.Gateway.Name, NextPort: o.FreePorts, Broker: c.Broker, User: c.User,
		CAFile: c.CAFile, CertFile: c.CertFile, KeyFile: c.KeyFile,
		EmbeddedAddr: c.EmbeddedAddress, Heartbeat: c.Heartbeat, Discovery: c.HomeAssistant,
	}
	if c.PasswordFile != "" {
		m.Password = c.Password
	}
	return m
}

// startDemo plays the clip of the built-in camera and adds it as a guest.
func (g *Gateway) startDemo(o Options) error {
	if o.Demo == "" {
		return nil
	}
	d, err := demo.Start(context.Background(), o.Demo, g.log)
	if err != nil {
		return err
	}
	g.demo = d
	return g.addGuest(NewCamera{ID: "demo", Name: "Demo", URL: d.URL(), User: d.User(), Password: d.Password(), Transport: "tcp"})
}

// startAPI comes last: who gets an answer finds everything running.
func (g *Gateway) startAPI(Options) error {
	l, err := listenSocket(g.cfg.Socket())
	if err != nil {
		return err
	}
	r := g.routes()
	if err := g.startConsole(r); err != nil {
		return errors.Join(err, l.Close())
	}
	g.api = serveLocal(l, r.mux, g.log)
	return nil
}

// tell logs what somebody at the broker, who is not known, can cause as often
// as they like: each message, for each reason, at most once a minute, with a count.
func (g *Gateway) tell(message, reason string, args ...any) {
	if muted, ok := g.told.Allow(message + " " + reason); ok {
		g.log.Warn(message, append(args, "reason", reason, "muted", muted)...)
	}
}

// Broker is the host:port where the states can be read.
func (g *Gateway) Broker() string { return brokerOf(g.cfg, g.mqtt) }

func brokerOf(cfg config.Config, p *mqtt.Publisher) string {
	if cfg.MQTT.Broker != "" {
		return BrokerHost(cfg.MQTT.Broker)
	}
	if addr := p.Addr(); addr != "" {
		return addr
	}
	return cfg.MQTT.EmbeddedAddress // it could not listen there yet
}
