package gateway

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/bauta-gateway/bauta/config/forms"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/displays"
	"github.com/bauta-gateway/bauta/gateway/fleet"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/httpapi"
	"github.com/bauta-gateway/bauta/gateway/loglines"
	"github.com/bauta-gateway/bauta/gateway/notice"
	"github.com/bauta-gateway/bauta/gateway/upkeep"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// bindAPI makes the handlers.
func (s *starter) bindAPI(context.Context) error {
	g := s.g
	s.local = httpapi.New(httpapi.Parts{
		Status: &httpapi.Status{
			Config: g.o.Config, Started: g.started, Streams: g.edges.streams, Publisher: g.edges.publisher, Cameras: g.rooms.cameras, Consents: g.rooms.consents,
			Heat: g.rooms.heat, Queue: g.storage.queue, Anchors: g.storage.anchors, Accelerators: s.accelerators, Restored: g.o.restored, Disk: g.rooms.disk, Viewers: g.rooms.viewers, ONVIF: recorders{g}.url,
		},
		Stream: g.stream, Config: g.o.Config, Store: g.storage.store, Audit: g.storage.audit, Cameras: g.rooms.cameras, Consents: g.rooms.consents,
		Evaluation: g.rooms.evaluation, Violations: g.rooms.violations, Sealed: g.rooms.sealed, Openings: g.rooms.openings, Locks: g.rooms.locks, Anchors: g.storage.anchors, Accounts: s.accounts, Logins: s.logins, Viewers: g.rooms.viewers, Displays: g.rooms.displays, Intake: g.intake, Previews: g.edges.previews, HLS: g.edges.hls,
		ConsoleURL: g.ConsoleURL, Fingerprint: fingerprint(g), NoticeURL: g.NoticeURL, EndLogin: g.edges.publisher.EndLogin, Log: g.o.Log, Lines: cmp.Or(g.o.Lines, loglines.New()), Backups: g.rooms.backups, Program: s.program,
	})
	return nil
}

// startUpkeep makes planned backups and measures the disk from now on.
func startUpkeep(s *starter) func(context.Context) error {
	return func(context.Context) error {
		g := s.g
		g.rooms.backups = upkeep.Open(upkeep.Config{Store: g.storage.store, Audit: g.storage.audit, Gateway: g.o.Config.Gateway.Name, Data: g.o.Config.Data, Log: g.o.Log})
		g.rooms.disk = upkeep.NewDisk(g.storage.store, g.o.Config.Data)
		s.run(g.rooms.backups.Run, g.rooms.disk.Run)
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
	dashboard, err := fleet.New(fleet.Config{Broker: fleetConfig(g), Log: g.o.Log})
	if err != nil {
		return err
	}
	s.run(dashboard.Run)
	server, err := console.New(console.Config{
		Addr: c.Address, NextPort: g.o.FreePorts, CertFile: c.Certificate, KeyFile: c.Key, Store: g.storage.store, Accounts: s.accounts, SignOn: s.signOn,
		API: s.local.Mux, Routes: s.local.Patterns, Fleet: dashboard.Handler("/fleet"), Displays: g.rooms.displays, HLS: hls.NewDoor(g.edges.hls, g.rooms.viewers, g.rooms.cameras.Has), Audit: g.accessed, Zone: g.rooms.evaluation.Zone, Language: g.o.Config.Lang(), Log: g.o.Log,
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
