package gateway

import (
	"context"
	"slices"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// maxCommands bounds the commands that wait; one more is dropped: whoever
// sends so many sends it again.
const maxCommands = 64

// command asks to hide more of a camera's picture.
type command struct {
	camera media.CameraID
	level  mqtt.Level
	stored func() // called once it is on the disk, or refused
}

// ask is called by the publisher and does not wait.
func (g *Gateway) ask(id media.CameraID, level mqtt.Level, stored func()) {
	select {
	case g.commands <- command{id, level, stored}:
	default:
		stored()
		g.tell("too many commands over mqtt, one was dropped", "crowd", "camera", string(id))
	}
}

// obey carries commands out until ctx ends.
func (g *Gateway) obey(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-g.commands:
			if err := g.raise(c.camera, c.level, c.stored); err != nil {
				g.tell("a command over mqtt was not carried out", "refused", "camera", string(c.camera), "error", err)
			}
		}
	}
}

// raise hides more of a camera's picture, never less (promise 8). It does not
// wait for the disk.
func (g *Gateway) raise(id media.CameraID, level mqtt.Level, stored func()) error {
	was, err := g.level(id)
	if err != nil || !above(level, was) {
		stored()
		return err
	}
	told := g.levelChange(id, was, level, audit.Broker)
	g.hideMore(id, "mask level", &hide{level: level}, func() error { return g.store.PutLevel(id, string(level)) }, func() error {
		stored()
		return told()
	})
	return nil
}

// ResetLevel takes back what came over MQTT; only an administrator here can.
func (g *Gateway) ResetLevel(ctx context.Context, id media.CameraID) error {
	was, err := g.level(id)
	if err != nil || was == "" {
		return err
	}
	return g.relax(ctx, id, "mask level", func() error { return g.store.PutLevel(id, "") }, g.levelChange(id, was, "", console.Actor(ctx)))
}

func (g *Gateway) level(id media.CameraID) (mqtt.Level, error) {
	if g.camera(id) == nil {
		return "", api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	return g.hiding.levelOf(id), nil
}

func (g *Gateway) levelChange(id media.CameraID, was, now mqtt.Level, actor string) func() error {
	return func() error {
		g.log.Info("mask level changed", "camera", string(id), "from", string(was), "to", string(now), "by", actor)
		return g.trail.Write(audit.Record{Action: audit.MaskLevel, Actor: actor, Subject: subject(id), Detail: string(was) + ">" + string(now), Event: &audit.Event{Type: audit.EventMaskLevel, Camera: id, From: string(was), To: string(now)}})
	}
}

// raised applies a camera's level and the box's heat to its settings. A level that
// is not known hides everything.
func (g *Gateway) raised(id media.CameraID, s wire.Settings) wire.Settings {
	_, heat := g.box.latest()
	s.Floor = floor(heat)
	all := zone.Everything()
	if g.past.older() != "" { // a private zone may be missing
		s.Zones = append(slices.Clone(s.Zones), all)
	}
	switch g.hiding.levelOf(id) {
	case "":
		return s
	case mqtt.LevelSolid:
		s.Mask = "solid"
		return s
	case mqtt.LevelPicture:
		all.Kind = zone.Masked
	}
	s.Zones = append(slices.Clone(s.Zones), all)
	return s
}
