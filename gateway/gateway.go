// Package gateway is the daemon: it composes the rooms below it, starts them in order and
// stops them in reverse. Inputs are the settings, outputs a running Gateway or why there
// is none. It owns no goroutine of a camera and decides nothing about a frame, a consent or
// a clause.
package gateway

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/anchor"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/consents"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/displays"
	"github.com/bauta-gateway/bauta/gateway/evaluation"
	"github.com/bauta-gateway/bauta/gateway/fleet"
	"github.com/bauta-gateway/bauta/gateway/heat"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/httpapi"
	"github.com/bauta-gateway/bauta/gateway/lock"
	"github.com/bauta-gateway/bauta/gateway/loglines"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/notice"
	"github.com/bauta-gateway/bauta/gateway/notify"
	"github.com/bauta-gateway/bauta/gateway/onvifserver"
	"github.com/bauta-gateway/bauta/gateway/openings"
	"github.com/bauta-gateway/bauta/gateway/restore"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/sealed"
	"github.com/bauta-gateway/bauta/gateway/stops"
	"github.com/bauta-gateway/bauta/gateway/upkeep"
	"github.com/bauta-gateway/bauta/gateway/viewers"
	"github.com/bauta-gateway/bauta/gateway/violations"
	"github.com/bauta-gateway/bauta/gateway/whep"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Options say what to run.
type Options struct {
	// Config with its Data folder as an absolute path.
	Config config.Config
	// Transient cameras are for this run: used, never stored.
	Transient []api.NewCamera
	// Demo is the clip of the built-in camera; empty means no demo.
	Demo string
	// FreePorts takes the next free port where another program has one: see Moved.
	FreePorts bool
	Log       *slog.Logger
	// Lines are the newest of Log; nil: nobody keeps them.
	Lines *loglines.Ring
	// Host stands for this machine; its zero value is the machine itself.
	Host Host

	// restored is what came of a restore before this start; nil: there was none.
	restored *api.RestoreStatus
	// before are the cameras that were there until then.
	before []media.CameraID
}

// Host is what tests put in a machine's place: the root of its files, how often its
// sensors are read and how long it must be cooler, its TPM's socket, when apt is asked, and a
// disk that fails. Zero values mean this machine and the usual times.
type Host struct {
	Root                fs.FS
	HeatEvery, HeatRest time.Duration
	TPM                 string
	// UpdatesAfter is when apt is first asked for a newer package.
	UpdatesAfter time.Duration
	// Disk takes the store once it is open; nil: nobody wants it.
	Disk func(*store.Store)
}

// Gateway is a running daemon.
type Gateway struct {
	o       Options
	started time.Time
	stops   stops.Stack
	storage storage
	edges   edges
	rooms   rooms
	// stream wakes the pages that follow the status; intake takes a backup in.
	stream *httpapi.Stream
	intake *restore.Intake
	// refusedLogins are the viewers' that the audit log has, refusedByONVIF those of recorders.
	refusedLogins, refusedByONVIF uint64
}

// storage is what keeps everything.
type storage struct {
	store   *store.Store
	queue   *change.Queue
	audit   *audit.Log
	anchors *anchor.Watch
}

// edges are the ways in and out.
type edges struct {
	streams   *rtsp.Server
	publisher *mqtt.Publisher
	console   *console.Server     // nil: off
	notice    *notice.Server      // nil: off
	onvif     *onvifserver.Server // nil: off
	previews  *whep.Server
	hls       *hls.Server
	fleet     *fleet.StateCache // nil: no console, no page of all gateways
}

// rooms are what decides.
type rooms struct {
	cameras    *camera.Set
	consents   *consents.Consents
	evaluation *evaluation.Evaluation
	violations *violations.Register
	locks      *lock.Locks
	heat       *heat.Watch
	sealed     *sealed.Room
	openings   *openings.Desk
	viewers    *viewers.Viewers
	notify     *notify.Room
	displays   *displays.Displays
	upkeep     struct {
		backups *upkeep.Backups
		disk    *upkeep.Disk
		updates *upkeep.Updates
	}
}

// Start brings the daemon up. It returns when all addresses are open and all
// cameras have been started; after an error, or when ctx ends meanwhile,
// nothing is left running. Once it has returned, Close is what stops it.
func Start(ctx context.Context, o Options) (*Gateway, error) {
	g := &Gateway{o: o, started: time.Now(), stream: httpapi.NewStream(), intake: restore.NewIntake(o.Config.Store())}
	s := &starter{g: g}
	for _, step := range s.steps() {
		err := ctx.Err()
		if err == nil {
			err = step(ctx)
		}
		if err == nil {
			continue
		}
		g.Close()
		if ctx.Err() == nil { // it failed, nobody stopped it
			g.undoUpdate(err)
		}
		return nil, err
	}
	return g, nil
}

// Close stops everything within a few seconds.
func (g *Gateway) Close() { g.stops.Run() }

// undoUpdate puts the store back that was there before an update whose gateway
// does not come up, so that the earlier version opens it; not once anything was stored.
func (g *Gateway) undoUpdate(why error) {
	if g.storage.store == nil || errors.Is(why, store.ErrDamaged) {
		return
	}
	kept, err := store.UndoUpdate(g.o.Config.Store(), store.Options{})
	switch {
	case errors.Is(err, store.ErrNoUpdate):
	case err != nil:
		g.o.Log.Error(text.Of(text.EN, text.StoreNotUndone, err))
	default:
		g.o.Log.Warn(text.Of(text.EN, text.StoreUndone, kept))
	}
}

// Client asks this gateway over its socket.
func (g *Gateway) Client() *api.Client { return api.NewClient(g.o.Config.Socket(), g.o.Config.Lang()) }

// Broker is the host:port where the states can be read.
func (g *Gateway) Broker() string { return httpapi.BrokerAddress(g.o.Config, g.edges.publisher) }

// ConsoleURL is where a browser finds the console; empty where it is off.
func (g *Gateway) ConsoleURL() string {
	if g.edges.console == nil {
		return ""
	}
	return urlAt("https", g.edges.console.Addr())
}

// NoticeURL is where anybody finds the notice; empty where it is not served.
func (g *Gateway) NoticeURL() string {
	if g.edges.notice == nil {
		return ""
	}
	return urlAt("http", g.edges.notice.Addr())
}

// urlAt is a listener's address as others on the network write it.
func urlAt(scheme, addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = addressHere()
	}
	return scheme + "://" + net.JoinHostPort(host, port) + "/"
}

// addressHere is an address by which others on the network reach this host.
func addressHere() string {
	all, _ := net.InterfaceAddrs() // without them the loopback one is left
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	return "127.0.0.1"
}

// Alive tells, within ctx's time, whether the store answers and each camera's
// owner and its worker do.
func (g *Gateway) Alive(ctx context.Context) bool {
	read := make(chan error, 1)
	go func() { // a store that hangs holds it for ever: the process is lost anyway
		_, err := g.storage.store.Setting(store.SigningKey)
		read <- err
	}()
	alive := g.rooms.cameras.Alive(ctx)
	select {
	case err := <-read:
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			g.o.Log.Error("the store does not answer", "error", err)
			return false
		}
	case <-ctx.Done():
		g.o.Log.Error("the store does not answer in time")
		return false
	}
	return alive
}

// StatusLine is the daemon's state in one line.
func (g *Gateway) StatusLine() string {
	_, heat := g.rooms.heat.Latest()
	lang := g.o.Config.Lang()
	return text.Of(lang, text.ServiceStatus, g.rooms.cameras.Count(), g.rooms.cameras.Masked(), text.Of(lang, text.HeatWord(heat.String())))
}
