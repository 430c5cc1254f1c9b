package camera

import (
	"context"
	"slices"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// maxCommands bounds the commands that wait; one more is dropped: whoever
// sends so many sends it again.
const maxCommands = 64

// command asks to hide more of a camera's frame.
type command struct {
	camera media.CameraID
	level  mqtt.Level
	stored func() // called once it is on the disk, or refused
}

// Ask takes a command from the publisher and does not wait.
func (cs *Set) Ask(id media.CameraID, level mqtt.Level, stored func()) {
	select {
	case cs.commands <- command{id, level, stored}:
	default:
		stored()
		cs.repeats.Warn(cs.cfg.Log, "too many commands over mqtt, one was dropped", "crowd", "camera", string(id))
	}
}

// Obey carries commands out until ctx ends.
func (cs *Set) Obey(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-cs.commands:
			if err := cs.raise(c.camera, c.level, c.stored); err != nil {
				cs.repeats.Warn(cs.cfg.Log, "a command over mqtt was not carried out", "refused", "camera", string(c.camera), "error", err)
			}
		}
	}
}

// raise hides more of a camera's frame, never less (promise 8). It does not
// wait for the disk.
func (cs *Set) raise(id media.CameraID, level mqtt.Level, stored func()) error {
	was, err := cs.level(id)
	if err != nil || !above(level, was) {
		stored()
		return err
	}
	record := cs.levelChange(id, was, level, audit.Broker)
	cs.hideMore(id, "mask level", &hide{level: level}, func() error { return cs.cfg.Store.PutLevel(id, string(level)) }, func() error {
		stored()
		return record()
	})
	return nil
}

// ResetLevel takes back what came over MQTT; only an administrator here can.
func (cs *Set) ResetLevel(ctx context.Context, id media.CameraID) error {
	was, err := cs.level(id)
	if err != nil || was == "" {
		return err
	}
	return cs.relax(ctx, id, "mask level", func() error { return cs.cfg.Store.PutLevel(id, "") }, cs.levelChange(id, was, "", identity.Actor(ctx)))
}

func (cs *Set) level(id media.CameraID) (mqtt.Level, error) {
	if cs.camera(id) == nil {
		return "", api.Refuse(api.CodeNotFound, text.CameraNotFound, id)
	}
	return cs.masking.levelOf(id), nil
}

func (cs *Set) levelChange(id media.CameraID, was, now mqtt.Level, actor string) func() error {
	return func() error {
		cs.cfg.Log.Info("mask level changed", "camera", string(id), "from", string(was), "to", string(now), "by", actor)
		return cs.cfg.Audit.Write(audit.Record{Action: audit.MaskLevel, Actor: actor, Subject: audit.Camera(id), Detail: string(was) + ">" + string(now), Event: &audit.Event{Type: audit.EventMaskLevel, Camera: id, From: string(was), To: string(now)}})
	}
}

// raised applies a camera's level and what holds for all cameras to its settings. A
// level that is not known hides everything.
func (cs *Set) raised(id media.CameraID, s wire.Settings) wire.Settings {
	cs.mu.Lock()
	hideAll := cs.hideAll
	s.Floor = cs.floor
	cs.mu.Unlock()
	all := zone.Everything()
	if hideAll { // a private zone may be missing
		s.Zones = append(slices.Clone(s.Zones), all)
	}
	switch cs.masking.levelOf(id) {
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

// publishLevel says what is hidden by a command. A level that is not known hides everything.
func (cs *Set) publishLevel(id media.CameraID) {
	level := cs.masking.levelOf(id)
	if level != "" && !slices.Contains(mqtt.Levels, level) {
		level = mqtt.LevelPrivate
	}
	cs.cfg.Publisher.SetLevel(id, level)
}
