package gateway

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/detector/yunet"
	"github.com/bauta-gateway/bauta/gateway/anchor"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/compliance"
	"github.com/bauta-gateway/bauta/gateway/consents"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/gateway/evaluation"
	"github.com/bauta-gateway/bauta/gateway/heat"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/httpapi/route"
	"github.com/bauta-gateway/bauta/gateway/lock"
	"github.com/bauta-gateway/bauta/gateway/logins"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/openings"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/signon"
	"github.com/bauta-gateway/bauta/gateway/upkeep"
	"github.com/bauta-gateway/bauta/gateway/viewers"
	"github.com/bauta-gateway/bauta/gateway/violations"
	"github.com/bauta-gateway/bauta/gateway/whep"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// starter brings a gateway up, step by step; each step pushes what stops it.
type starter struct {
	g *Gateway
	// Who may use the console, and by which provider, and the broker.
	accounts *console.Accounts
	signOn   *signon.Room
	logins   *logins.Logins
	// The worker's program, the accelerators that were tried, and what is used.
	program      executable.Program
	accelerators []api.Candidate
	use          wire.Use
	transient    []api.NewCamera
	local        *route.Routes
}

// steps in the order in which they are taken: storage, ways in and out, rooms; then what
// runs, the cameras next to last and the API last: who gets an answer finds everything
// running.
func (s *starter) steps() []func(context.Context) error {
	return []func(context.Context) error{
		s.openStore, s.tryProgram, s.startStreams, s.openMQTT, s.openAnchors, s.openAudit, s.g.openSealed, s.openCameras, recorders{s.g}.open, s.openEvaluation,
		s.runAudit, s.startConsents, s.startMQTT, s.startHeat, s.startDemo, s.startCameras, s.g.startNotice, recorders{s.g}.start, messages{s}.open, s.startEvaluation, startUpkeep(s), s.bindAPI, s.startConsole, messages{s}.start, s.serveAPI,
	}
}

// openStore makes the data folder and takes the store's lock, which keeps a
// second daemon off this folder before it touches anything else.
func (s *starter) openStore(context.Context) error {
	g := s.g
	st, err := store.Open(g.o.Config.Store(), store.Options{})
	if err != nil {
		return err
	}
	g.storage.store = st
	if took := g.o.Host.Disk; took != nil {
		took(st)
	}
	g.stops.Push(func() {
		if err := st.Close(); err != nil {
			g.o.Log.Error("closing the store failed", "error", err)
		}
	})
	g.storage.queue = change.NewQueue(g.o.Log, g.changed)
	g.stops.Push(g.storage.queue.Close)
	if g.rooms.viewers, err = viewers.Open(st, recheckViewers(g)); g.rooms.viewers == nil {
		return err
	} else if err != nil {
		g.o.Log.Error("of the logins at the streams only the built-in one counts: remove and add the others again", "error", err)
	}
	openDisplays(g)
	if s.logins, err = logins.Open(st); err != nil {
		g.o.Log.Error("no login at the embedded broker counts: remove and add them again", "error", err)
	}
	if s.signOn, err = signon.Open(st); err != nil {
		g.o.Log.Error("nobody is let in by the login provider: set it up again", "error", err)
	}
	s.accounts, err = console.NewAccounts(st, g.o.Config.Gateway.Name, g.o.Log)
	return err
}

// tryProgram also says what is missing: the daemon runs all the same, with the slate.
func (s *starter) tryProgram(ctx context.Context) error {
	cfg, log := s.g.o.Config, s.g.o.Log
	s.program = executable.Find(cfg)
	if err := s.program.Check(); err != nil {
		log.Error("no camera can be masked, viewers get the slate", "error", err)
	}
	s.accelerators, s.use = executable.ChooseAccelerator(ctx, s.g.o.Host.machine(), s.program, cfg.Worker.Accelerator, text.EN)
	for _, c := range s.accelerators {
		if c.Used() || len(c.Devices) > 0 {
			log.Info("accelerator", "name", c.Name, "decode", c.Decode, "encode", c.Encode, "why", c.Why)
		}
	}
	return nil
}

func (h Host) machine() hardware.Host {
	if h.Root != nil {
		return hardware.At(h.Root)
	}
	return hardware.Here()
}

func (s *starter) startStreams(context.Context) (err error) {
	g := s.g
	network, err := previewNetwork(g.o)
	if err != nil {
		return err
	}
	wanted := func(id media.StreamID) { g.rooms.cameras.RequestKeyframe(id) }
	watching := func(way string) func(media.StreamID, int) {
		return func(id media.StreamID, viewers int) { g.rooms.cameras.Watched(id, way, viewers) }
	}
	if g.edges.previews, err = whep.New(whep.Config{Log: g.o.Log, KeyframeWanted: wanted, Watching: watching("webrtc"), Network: network}); err != nil {
		return err
	}
	g.stops.Push(g.edges.previews.Close)
	g.edges.hls = hls.New(hls.Config{Log: g.o.Log, KeyframeWanted: wanted, Watching: watching("hls")})
	g.stops.Push(g.edges.hls.Close)
	c := streamConfig(g.o)
	c.Logins, c.Anonymous = g.rooms.viewers, g.o.Config.RTSP.Anonymous
	g.edges.streams = rtsp.NewServer(c, g.o.Log)
	if err := g.edges.streams.Start(); err != nil {
		return err
	}
	g.stops.Push(g.edges.streams.Close)
	return nil
}

// openMQTT prepares what the audit log and the cameras publish to.
func (s *starter) openMQTT(context.Context) error {
	g := s.g
	m := mqttConfig(g.o)
	m.Outbox, m.Login = audit.NewOutbox(g.storage.store, g.storage.queue), s.logins.Check
	m.Anchor = func(payload []byte) { g.storage.anchors.Received(payload) }
	m.AnchorsReceived = func() { g.storage.anchors.BrokerRead() }
	m.Command = func(id media.CameraID, level mqtt.Level, stored func()) { g.rooms.cameras.Ask(id, level, stored) }
	m.Consents = func(kind consent.Kind, name string, payload []byte, stored func()) {
		g.rooms.consents.Receive(kind, name, payload, stored)
	}
	m.Issuers = func() []string { return g.rooms.consents.IssuerNames() }
	p, err := mqtt.New(m, g.o.Log)
	if err != nil {
		return err
	}
	g.edges.publisher = p
	g.rooms.upkeep.updates = upkeep.NewUpdates(g.o.Host.UpdatesAfter, func() { g.publishInfo(g.rooms.evaluation.Newest().Pack); g.changed() }, g.o.Log)
	g.publishInfo(policy.Select("", g.o.Config.Policy.Pack)[0].ID)
	g.stops.Push(p.Close)
	return nil
}

// openAnchors looks at the anchors before anything counts.
func (s *starter) openAnchors(context.Context) (err error) {
	g := s.g
	g.storage.anchors, err = anchor.Open(anchor.Config{
		Store: g.storage.store, Log: g.o.Log, File: anchor.Path(g.o.Config.Data), TPM: g.o.Host.TPM, Broker: g.o.Config.MQTT.Broker != "",
		Changed: g.historyChanged, Publish: g.edges.publisher.SetAnchor,
	})
	if err == nil {
		g.stops.Push(g.storage.anchors.Close)
	}
	return err
}

// publishInfo says which gateway this is and which law it goes by.
func (g *Gateway) publishInfo(pack string) {
	i := mqtt.Info{Version: wire.Release(), ModelHash: yunet.SHA256, ConfigHash: config.Hash(g.o.Config), PolicyPack: pack, Newer: g.rooms.upkeep.updates.Newer()}
	if g.rooms.notify != nil {
		said := g.rooms.notify.Site()
		facts, _ := g.rooms.evaluation.Site() // that they cannot be read is logged at each evaluation
		i.Site, i.Console = cmp.Or(said.Name, facts.Unit), said.Console
	}
	g.edges.publisher.SetInfo(i)
}

func (s *starter) openAudit(context.Context) error {
	g := s.g
	g.storage.audit = audit.New(audit.Config{
		Store: g.storage.store, Log: g.o.Log, Published: g.edges.publisher.NotifyEvents, EachMinute: eachMinute(g),
		Evaluate: func() { g.rooms.evaluation.Notify() },
	})
	return nil
}

func (s *starter) openCameras(context.Context) (err error) {
	g, cfg := s.g, s.g.o.Config
	g.rooms.heat = heat.New(heat.Config{Host: g.o.Host.machine(), Every: g.o.Host.HeatEvery, Rest: g.o.Host.HeatRest, Changed: g.heatChanged, Log: g.o.Log})
	g.rooms.violations = violations.New(violations.Config{
		Store: g.storage.store, Queue: g.storage.queue, Audit: g.storage.audit, Prohibited: func(id media.CameraID) bool { return g.rooms.cameras.Prohibited(id) },
		Evaluate: func() { g.rooms.evaluation.Notify() }, Log: g.o.Log,
	})
	g.rooms.cameras = camera.New(camera.Config{
		Store: g.storage.store, Queue: g.storage.queue, Audit: g.storage.audit, Publisher: g.edges.publisher, Streams: g.edges.streams, Previews: g.edges.previews, HLS: g.edges.hls,
		Program: s.program, Use: s.use, Worker: cfg.Worker, Output: cfg.Output, Limit: cfg.Limits.Cameras, Anonymous: cfg.RTSP.Anonymous,
		Purposes: cfg.Consent.PurposeList(), Packs: func() policy.Stack { return g.rooms.evaluation.Packs() }, Celsius: g.rooms.heat.Celsius, Watch: g.watch, Forget: forgetViewed(g), Again: againViewed(g),
		LoginRefused: func(id media.CameraID) { g.rooms.locks.Refused(id) }, Violated: g.rooms.violations.Saw, Sealed: g.rooms.sealed, Log: g.o.Log,
	})
	g.rooms.locks = lock.New(lock.Config{
		Store: g.storage.store, Audit: g.storage.audit, Reconnect: g.rooms.cameras.Reconnect, Stored: g.rooms.cameras.Connectable,
		Sealed: g.rooms.sealed.Keeps, Log: g.o.Log,
	})
	g.rooms.consents, err = consents.Open(consents.Config{
		Store: g.storage.store, Queue: g.storage.queue, Audit: g.storage.audit, Cameras: g.rooms.cameras,
		Purposes: cfg.Consent.PurposeList(), MaxLife: cfg.Consent.MaxLife(), Quarantine: cfg.Consent.Quarantine(), Zone: func() *time.Location { return g.rooms.evaluation.Zone() },
		Fresh: cfg.Consent.Fresh(), AskConsents: g.edges.publisher.AskConsents, Gateway: cfg.Gateway.Name, Say: sayConsents(g), Log: g.o.Log,
	})
	return err
}

// sayConsents is nil at the gateway's own broker, where no other gateway is.
func sayConsents(g *Gateway) func(consent.Kind, string, string) bool {
	if g.o.Config.MQTT.Broker == "" {
		return nil
	}
	return g.edges.publisher.SayConsents
}

func (s *starter) openEvaluation(context.Context) error {
	g, cfg := s.g, s.g.o.Config
	g.rooms.evaluation = evaluation.New(evaluation.Config{
		Gateway: cfg.Gateway.Name, Pack: cfg.Policy.Pack, Host: g.o.Host.machine().Zone(), Anonymous: cfg.RTSP.Anonymous, Shared: g.rooms.viewers.Shared,
		Store: g.storage.store, Queue: g.storage.queue, Audit: g.storage.audit, Publisher: g.edges.publisher,
		Cameras: g.rooms.cameras, Consents: g.rooms.consents, Violations: g.rooms.violations, Sealed: sealedFacts(g.rooms.sealed), Older: g.storage.anchors.Why, Displays: g.rooms.displays.Counts,
		Reported: func(r compliance.Report) { g.publishInfo(r.Pack); g.stream.Reported(r); g.showNotice() }, Log: g.o.Log,
	})
	g.rooms.openings = openings.New(openings.Config{
		Folder: filepath.Join(cfg.Data, "openings"), Sealed: os.DirFS(cfg.SealedFolder()), Store: g.storage.store, Audit: g.storage.audit,
		Record: recordOpening(g), Zone: g.rooms.evaluation.Zone, Lang: cfg.Lang(), Log: g.o.Log,
	})
	return nil
}

// recordOpening writes openings of sealed originals into the register of calls, of the site's unit.
func recordOpening(g *Gateway) func(context.Context, register.Export) error {
	return func(ctx context.Context, rec register.Export) error {
		site, err := g.rooms.evaluation.Site()
		if err != nil {
			return err
		}
		rec.Unit = cmp.Or(site.Unit, g.o.Config.Gateway.Name)
		_, err = g.rooms.evaluation.AddRecord(ctx, register.KindExport, &rec)
		return err
	}
}

// runAudit writes the audit log from now on. It ends with the end of the gateway, and
// an anchor after that.
func (s *starter) runAudit(context.Context) error {
	g := s.g
	ctx, cancel := context.WithCancel(context.Background())
	go g.storage.audit.Run(ctx)
	g.stops.Push(func() {
		_ = g.rooms.evaluation.KeepDays() // logged there
		g.storage.audit.Note(audit.Record{Action: audit.GatewayStopped, Actor: audit.Gateway})
		cancel()
		g.storage.audit.Wait()
	})
	g.storage.anchors.Start(g.storage.audit)
	g.historyChanged()
	for _, server := range config.List(g.o.Config.WebRTC.ICEServers) {
		g.storage.audit.Note(audit.Record{Action: audit.RelaySet, Actor: audit.Gateway, Subject: "webrtc", Detail: server})
	}
	if every := g.o.Config.MQTT.SnapshotEvery(); every > 0 {
		g.storage.audit.Note(audit.Record{Action: audit.SnapshotsSet, Actor: audit.Gateway, Subject: "mqtt", Detail: "every=" + every.String()})
	}
	return g.storage.audit.Write(audit.Record{Action: audit.GatewayStarted, Actor: audit.Gateway, Detail: wire.Release()})
}

// startConsents takes revocations from the broker from now on; they go into the audit
// log, so that comes first.
func (s *starter) startConsents(context.Context) error {
	s.g.rooms.consents.Start()
	s.g.stops.Push(s.g.rooms.consents.Close)
	return nil
}

// startMQTT connects once all that a broker's messages reach is there.
func (s *starter) startMQTT(context.Context) error {
	s.g.edges.publisher.Start(context.Background())
	return nil
}

// startHeat reads the sensors once, so that cameras begin as the heat asks, and
// watches them from then on.
func (s *starter) startHeat(context.Context) error {
	s.g.rooms.heat.Read(time.Now())
	s.run(s.g.rooms.heat.Run)
	return nil
}

// run runs functions beside one another until they are stopped.
func (s *starter) run(all ...func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, f := range all {
		running.Go(func() { f(ctx) })
	}
	s.g.stops.Push(func() { cancel(); running.Wait() })
}

// startDemo plays the clip of the built-in camera, a transient one.
func (s *starter) startDemo(context.Context) error {
	if s.g.o.Demo == "" {
		return nil
	}
	d, err := demo.Start(context.Background(), s.g.o.Demo, s.g.o.Log)
	if err != nil {
		return err
	}
	s.g.stops.Push(d.Close)
	s.transient = append(s.transient, api.NewCamera{ID: "demo", Name: "Demo", URL: d.URL(), User: d.User(), Password: d.Password(), Transport: "tcp"})
	return nil
}

// startCameras has their originals sealed from the first access unit to the last.
func (s *starter) startCameras(context.Context) error {
	s.g.rooms.sealed.Start()
	s.g.stops.Push(s.g.rooms.sealed.Close)
	s.g.stops.Push(s.g.rooms.cameras.Stop)
	return s.g.rooms.cameras.Start(append(s.transient, s.g.o.Transient...), s.g.o.before)
}

// startEvaluation evaluates the clauses once all cameras are there. It ends before them:
// without cameras there are no violations.
func (s *starter) startEvaluation(context.Context) error {
	s.run(s.g.rooms.evaluation.Run, s.g.rooms.cameras.Obey, s.g.rooms.locks.Run, s.g.rooms.openings.Run)
	if every := s.g.o.Config.MQTT.SnapshotEvery(); every > 0 {
		s.run(func(ctx context.Context) { s.g.rooms.cameras.PublishStills(ctx, every) })
	}
	return nil
}

// recheckViewers ends what viewers watch whose login was withdrawn, changed or lost a camera.
func recheckViewers(g *Gateway) func() {
	return func() {
		if g.edges.streams != nil {
			g.edges.streams.Recheck()
		}
		g.changed() // whether several share a login is a clause's matter
	}
}

// eachMinute notes what only counts. Only the audit log's goroutine calls it.
func eachMinute(g *Gateway) func() {
	return func() {
		g.noteRefusedLogins()
		g.edges.streams.NoteViewers()
		g.rooms.displays.Sweep()
		if err := g.rooms.displays.KeepSeen(time.Now()); err != nil {
			g.o.Log.Warn("when screens were last seen is not stored; it is tried again", "error", err)
		}
		if err := g.rooms.viewers.KeepSeen(time.Now()); err != nil {
			g.o.Log.Warn("when logins at the streams were last used is not stored; it is tried again", "error", err)
		}
	}
}

// noteRefusedLogins notes how many logins of viewers were refused since the last
// time. They are noted together: a stranger who tries for days must not fill
// the log.
func (g *Gateway) noteRefusedLogins() {
	now := g.edges.streams.Stats().LoginsFailed + g.edges.hls.Stats().LoginsFailed
	if n := now - g.refusedLogins; n > 0 {
		g.refusedLogins = now
		g.storage.audit.Note(audit.Record{Action: audit.LoginFailed, Actor: audit.Anonymous, Subject: "streams", Detail: fmt.Sprintf("tries=%d", n)})
	}
	if g.edges.onvif == nil {
		return
	}
	now = g.edges.onvif.Stats().LoginsFailed
	if n := now - g.refusedByONVIF; n > 0 {
		g.refusedByONVIF = now
		g.storage.audit.Note(audit.Record{Action: audit.LoginFailed, Actor: audit.Anonymous, Subject: "onvif", Detail: fmt.Sprintf("tries=%d", n)})
	}
}

// accessed puts a login, or a refused one, into the audit log.
func (g *Gateway) accessed(actor, action, subject, detail string) {
	g.storage.audit.Note(audit.Record{Action: audit.Action(action), Actor: actor, Subject: subject, Detail: detail})
}

// historyChanged puts in force whether anybody may be shown, and whether all is hidden.
func (g *Gateway) historyChanged() {
	g.rooms.cameras.HideAll(g.storage.anchors.Older() != "")
	g.rooms.consents.ShowNobody(!g.storage.anchors.Shows())
	g.changed()
}

// changed is called when what pages and clauses look at is another.
func (g *Gateway) changed() {
	if g.rooms.evaluation != nil {
		g.rooms.evaluation.Notify()
	}
	g.stream.Notify()
}

// watch takes what a camera's viewers get now and got before.
func (g *Gateway) watch(id media.CameraID, now, was media.Protection) {
	g.rooms.evaluation.Watch(id, now)
	if g.edges.onvif != nil {
		g.edges.onvif.Changed(id, now)
	}
	if now != was {
		g.changed()
	}
}

// heatChanged has the workers do less or more.
func (g *Gateway) heatChanged(now, was hardware.Heat) {
	g.storage.audit.Note(audit.Record{
		Action: audit.HeatChanged, Actor: audit.Gateway, Subject: "gateway", Detail: was.String() + ">" + now.String(),
		Event: &audit.Event{Type: audit.EventHeat, From: was.String(), To: now.String()},
	})
	g.rooms.cameras.SetFloor(heat.Floor(now))
}
