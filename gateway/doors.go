package gateway

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/bauta-gateway/bauta/config/forms"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/displays"
	"github.com/bauta-gateway/bauta/gateway/fleet"
	"github.com/bauta-gateway/bauta/gateway/fleet/past"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/httpapi"
	"github.com/bauta-gateway/bauta/gateway/httpapi/telling"
	"github.com/bauta-gateway/bauta/gateway/loglines"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/notice"
	"github.com/bauta-gateway/bauta/gateway/notify"
	"github.com/bauta-gateway/bauta/gateway/notify/sight"
	"github.com/bauta-gateway/bauta/gateway/undo"
	"github.com/bauta-gateway/bauta/gateway/upkeep"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// bindAPI makes the handlers.
func (s *starter) bindAPI(context.Context) error {
	g, removed := s.g, undo.New()
	s.run(removed.Run)
	s.local = httpapi.New(httpapi.Parts{
		Status: &httpapi.Status{
			Config: g.o.Config, Started: g.started, Streams: g.edges.streams, Publisher: g.edges.publisher, Cameras: g.rooms.cameras, Consents: g.rooms.consents,
			Heat: g.rooms.heat, Queue: g.storage.queue, Anchors: g.storage.anchors, Accelerators: s.accelerators, Restored: g.o.restored, Disk: g.rooms.upkeep.disk, Updates: g.rooms.upkeep.updates, Viewers: g.rooms.viewers, ONVIF: recorders{g}.url,
		},
		Stream: g.stream, Config: g.o.Config, Store: g.storage.store, Audit: g.storage.audit, Cameras: g.rooms.cameras, Consents: g.rooms.consents,
		Evaluation: g.rooms.evaluation, Violations: g.rooms.violations, Sealed: g.rooms.sealed, Openings: g.rooms.openings, Locks: g.rooms.locks, Anchors: g.storage.anchors, Accounts: s.accounts, Logins: s.logins, Viewers: g.rooms.viewers, Displays: g.rooms.displays, Intake: g.intake, Previews: g.edges.previews, HLS: g.edges.hls, Undo: removed,
		Telling: telling.Parts{Notify: g.rooms.notify, Fleet: g.edges.fleet, Audit: g.storage.audit}, ConsoleURL: g.ConsoleURL, Fingerprint: fingerprint(g), NoticeURL: g.NoticeURL, EndLogin: g.edges.publisher.EndLogin, Log: g.o.Log, Lines: cmp.Or(g.o.Lines, loglines.New()), Backups: g.rooms.upkeep.backups, Program: s.program,
	})
	return nil
}

// startUpkeep makes planned backups, measures the disk and asks apt from now on.
func startUpkeep(s *starter) func(context.Context) error {
	return func(context.Context) error {
		g := s.g
		g.rooms.upkeep.backups = upkeep.Open(upkeep.Config{Store: g.storage.store, Audit: g.storage.audit, Gateway: g.o.Config.Gateway.Name, Data: g.o.Config.Data, Log: g.o.Log})
		g.rooms.upkeep.disk = upkeep.NewDisk(g.storage.store, g.o.Config.Data)
		s.run(g.rooms.upkeep.backups.Run, g.rooms.upkeep.disk.Run, g.rooms.upkeep.updates.Run)
		return nil
	}
}

// fingerprint is that of the console's own certificate; empty where it has another, or is off.
func fingerprint(g *Gateway) func() string {
	return func() string {
		if g.edges.console == nil {
			return ""
		}
		return g.edges.console.OwnFingerprint()
	}
}

// startNotice serves the notice to anybody, where the settings ask for it. Each evaluation,
// which follows each change, shows the newest one: see openEvaluation. So it is there before the
// first one begins.
func (g *Gateway) startNotice(context.Context) error {
	c := g.o.Config.Notice
	if c.Address == "" {
		return nil
	}
	server := notice.New(g.o.Log)
	if err := server.Start(c.Address, g.o.FreePorts); err != nil {
		return err
	}
	g.edges.notice = server
	g.stops.Push(server.Close)
	g.showNotice()
	return nil
}

// showNotice puts the newest notice on its page.
func (g *Gateway) showNotice() {
	if g.edges.notice == nil {
		return
	}
	page, err := g.rooms.evaluation.Notice()
	if err != nil {
		g.o.Log.Error("the notice stays as it was shown", "error", err)
		return
	}
	g.edges.notice.Show(notice.Page{HTML: page, Policy: forms.NoticePolicy})
}

// startConsole serves the API over HTTPS too, with pages.
func (s *starter) startConsole(context.Context) error {
	g, c := s.g, s.g.o.Config.Console
	if c.Address == "" {
		return nil
	}
	server, err := console.New(console.Config{
		Addr: c.Address, NextPort: g.o.FreePorts, CertFile: c.Certificate, KeyFile: c.Key, Store: g.storage.store, Accounts: s.accounts, SignOn: s.signOn,
		API: s.local.Mux, Routes: s.local.Patterns, Fleet: g.edges.fleet.Handler("/fleet"), Displays: g.rooms.displays, HLS: hls.NewDoor(g.edges.hls, g.rooms.viewers, g.rooms.cameras.Has), Audit: g.accessed, Zone: g.rooms.evaluation.Zone, Language: g.o.Config.Lang(), Log: g.o.Log,
	})
	if err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	g.edges.console = server
	g.stops.Push(server.Close)
	return nil
}

// fleetSetting is where the store keeps what the page of all gateways remembers.
const fleetSetting = "fleet.past"

// messages start the room that tells people, and the page of all gateways.
type messages struct{ s *starter }

// open reads who is told of what, before the API answers for it, and the page of all gateways.
// What cannot be read tells nobody: the gateway works all the same.
func (m messages) open(context.Context) (err error) {
	s, g := m.s, m.s.g
	if g.o.Config.Console.Address != "" {
		if err := m.openFleet(); err != nil {
			return err
		}
	}
	watch := &sight.Watch{
		Zone: g.rooms.evaluation.Zone, Cameras: g.rooms.cameras.Statuses, Report: g.rooms.evaluation.Newest,
		Complaints: g.storage.store.Complaints, Disk: func() *api.DiskStatus { return g.rooms.upkeep.disk.Status() },
		Certificate: func() time.Time {
			if g.edges.console == nil {
				return time.Time{}
			}
			return g.edges.console.CertificateEnds()
		},
		Gateways: m.others, Near: func() (time.Duration, time.Duration) { return g.rooms.notify.Near() },
	}
	g.rooms.notify, err = notify.Open(notify.Config{
		Store: g.storage.store, Queue: g.storage.queue, Note: g.storage.audit.Note, Log: g.o.Log, Gateway: g.o.Config.Gateway.Name, Language: g.o.Config.Lang(),
		Zone: g.rooms.evaluation.Zone, People: func() []notify.Person { return people(s.accounts) }, Sight: watch.Now, Beat: m.beat, Heartbeat: g.o.Config.MQTT.Heartbeat,
		SiteChanged: func() { g.publishInfo(g.rooms.evaluation.Newest().Pack) },
	})
	if err != nil {
		g.o.Log.Error("nobody gets messages until it is set up again who does", "error", err)
	}
	return nil
}

// openFleet makes the page of all gateways.
func (m messages) openFleet() (err error) {
	s, g := m.s, m.s.g
	g.edges.fleet, err = fleet.New(fleet.Config{Broker: fleetConfig(g), Prefix: g.o.Config.MQTT.Prefix, Log: g.o.Log, Who: s.accounts.Name, Past: openPast(g), Keep: fleet.Keeper{
		Load: func() ([]byte, error) {
			v, err := g.storage.store.Setting(fleetSetting)
			if errors.Is(err, store.ErrNotFound) {
				return nil, nil
			}
			return []byte(v.Reveal()), err
		},
		Save: func(b []byte) error {
			g.storage.queue.Soon("what happened to all gateways", func() error { return g.storage.store.PutSetting(fleetSetting, store.NewSecret(string(b))) })
			return nil
		},
	}})
	return err
}

// openPast is the history of all gateways, beside the store; nil where it cannot be kept.
func openPast(g *Gateway) *past.Store {
	p, err := past.Open(filepath.Join(g.o.Config.Data, "fleet.db"), g.o.Log)
	if err != nil {
		g.o.Log.Error("the page of all gateways keeps no history", "error", err)
		return nil
	}
	g.stops.Push(func() {
		if err := p.Close(); err != nil {
			g.o.Log.Error("closing the history of all gateways failed", "error", err)
		}
	})
	return p
}

// people are those with accounts.
func people(accounts *console.Accounts) (all []notify.Person) {
	for _, u := range accounts.Users() {
		all = append(all, notify.Person{ID: u.ID, Name: u.Name, Language: u.Language})
	}
	return all
}

// others are those at the same broker.
func (m messages) others() (all []sight.Gateway, held func(string) bool) {
	g := m.s.g
	if g.edges.fleet == nil {
		return nil, nil
	}
	others, held := g.edges.fleet.Others(g.o.Config.Gateway.Name)
	for _, o := range others {
		all = append(all, sight.Gateway{ID: o.ID, Name: o.Site, Console: o.Console, Offline: o.Offline, Blocked: o.Blocked, Failing: o.Failing, Since: o.Since})
	}
	return all, held
}

// beat publishes the heartbeat of what watches.
func (m messages) beat(b notify.Beat) {
	g := m.s.g
	w := mqtt.Watchdog{Seq: b.Seq, Time: b.Time.UTC().Truncate(time.Millisecond), UptimeS: int64(b.Uptime.Seconds()), AllMasked: true, NotifyWaiting: b.Waiting, NotifyOldestS: int64(b.Longest.Seconds()), NotifyState: "ok"}
	for _, c := range g.rooms.cameras.Statuses() {
		w.Cameras++
		switch c.Protection {
		case media.Protected, media.OverMasked:
			w.Masked++
		case media.Blocked:
			w.AllMasked = false
		}
	}
	if b.Failing {
		w.NotifyState = "failing"
	} else if b.Waiting > 0 {
		w.NotifyState = "waiting"
	}
	g.edges.publisher.SetWatchdog(w)
}

// start watches from now on, and reads the other gateways. It ends before what it looks at.
func (m messages) start(context.Context) error {
	s := m.s
	if s.g.edges.fleet != nil {
		s.run(s.g.edges.fleet.Run)
	}
	s.run(s.g.rooms.notify.Run)
	return nil
}

// serveAPI comes last: who gets an answer on the socket finds everything running.
func (s *starter) serveAPI(context.Context) error {
	local, err := httpapi.ServeLocal(s.g.o.Config.Socket(), s.local.Mux, s.g.o.Log)
	if err != nil {
		return err
	}
	s.g.stops.Push(local.Close)
	s.g.stops.Push(s.g.stream.Close)      // before: pages that follow the status would hold it up
	s.g.stops.Push(s.g.rooms.locks.Close) // and so would a camera that is slow to answer
	return nil
}

// openDisplays reads the links of screens.
func openDisplays(g *Gateway) {
	watches := func(id string, watching bool) {
		viewers := 0
		if watching {
			viewers = 1
		}
		g.storage.audit.Note(audit.Record{Action: audit.ViewersChanged, Actor: audit.Viewer, Subject: "display/" + id, Detail: fmt.Sprintf("viewers=%d", viewers)})
	}
	all, err := displays.Open(g.storage.store, func() displays.Cameras { return g.rooms.cameras }, watches)
	if err != nil {
		g.o.Log.Error("no link of a screen counts: make them anew", "error", err)
	}
	g.rooms.displays = all
	g.stops.Push(all.Close)
}

// forgetViewed takes a camera that is removed from all who may watch it.
func forgetViewed(g *Gateway) func(media.CameraID) error {
	return func(id media.CameraID) error {
		return errors.Join(g.rooms.viewers.Forget(id), g.rooms.displays.Forget(id))
	}
}

// againViewed returns what gives a camera back to all who may watch it now.
func againViewed(g *Gateway) func(media.CameraID) func() error {
	return func(id media.CameraID) func() error {
		logins, screens := g.rooms.viewers.AgainCamera(id), g.rooms.displays.AgainCamera(id)
		return func() error { return errors.Join(logins(), screens()) }
	}
}
