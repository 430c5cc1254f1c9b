package gateway

import (
	"context"
	"slices"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/media"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/wire"
)

// maxCommands bounds the commands that wait; one more is dropped: whoever
// sends so many sends it again.
const maxCommands = 64

// command asks to hide more of a camera's picture.
type command struct {
	camera media.CameraID
	level  mqtt.Level
}

// ask is called by the publisher and does not wait.
func (g *Gateway) ask(id media.CameraID, level mqtt.Level) {
	select {
	case g.commands <- command{id, level}:
	default:
		g.log.Warn("too many commands over mqtt, one was dropped", "camera", string(id))
	}
}

// obey carries commands out until ctx ends.
func (g *Gateway) obey(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-g.commands:
			if err := g.raise(c.camera, c.level); err != nil {
				g.log.Warn("a command over mqtt was not carried out", "camera", string(c.camera), "error", err)
			}
		}
	}
}

// raise hides more of a camera's picture, never less (promise 8).
func (g *Gateway) raise(id media.CameraID, level mqtt.Level) error {
	g.admin.Lock()
	defer g.admin.Unlock()
	was, err := g.level(id)
	known := was == "" || slices.Contains(mqtt.Levels, was) // another one hides everything
	if err != nil || !known || slices.Index(mqtt.Levels, level) <= slices.Index(mqtt.Levels, was) {
		return err
	}
	return g.putLevel(id, was, level, overMQTT)
}

// ResetLevel takes back what came over MQTT; only the local administrator can.
func (g *Gateway) ResetLevel(id media.CameraID) error {
	g.admin.Lock()
	defer g.admin.Unlock()
	was, err := g.level(id)
	if err != nil || was == "" {
		return err
	}
	return g.putLevel(id, was, "", local)
}

func (g *Gateway) level(id media.CameraID) (mqtt.Level, error) {
	if g.camera(id) == nil {
		return "", refuse(CodeNotFound, text.CameraNotFound, id)
	}
	was, err := g.store.Level(id)
	return mqtt.Level(was), err
}

func (g *Gateway) putLevel(id media.CameraID, was, now mqtt.Level, actor string) error {
	if err := g.store.PutLevel(id, string(now)); err != nil {
		return err
	}
	g.consents.refresh()
	g.log.Info("mask level changed", "camera", string(id), "from", string(was), "to", string(now), "by", actor)
	return g.trail.write(happening{
		store.Entry{Action: "mask.level", Actor: actor, Subject: subject(id), Detail: string(was) + ">" + string(now)},
		&Event{Type: EventMaskLevel, Camera: id, From: string(was), To: string(now)},
	})
}

// raised applies a camera's level and the box's heat to its settings. A level that cannot be read
// or is not known hides everything.
func (g *Gateway) raised(id media.CameraID, s wire.Settings) wire.Settings {
	_, heat := g.box.latest()
	s.Floor = floor(heat)
	level, err := g.store.Level(id)
	if err != nil {
		level = string(mqtt.LevelPrivate)
	}
	all := zone.Everything()
	switch mqtt.Level(level) {
	case "":
		return s
	case mqtt.LevelSolid:
		s.Mask = "solid"
		return s
	case mqtt.LevelPicture:
		all.Kind = wire.ZoneMasked
	}
	s.Zones = append(slices.Clone(s.Zones), all)
	return s
}
