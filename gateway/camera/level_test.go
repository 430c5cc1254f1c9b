package camera

import (
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
)

// Each level hides what it says, and one that this version does not know everything.
func TestRaised(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "gate"})
	for _, c := range []struct {
		level mqtt.Level
		mask  string
		here  zone.Kind
	}{{mqtt.LevelSolid, "solid", ""}, {mqtt.LevelPicture, "blur", zone.Masked}, {mqtt.LevelPrivate, "blur", zone.Private}} {
		if err := s.raise("gate", c.level, func() {}); err != nil {
			t.Fatal(err)
		}
		got := s.raised("gate", wire.Settings{Mask: "blur"})
		if here := zone.At(got.Zones, zone.Point{X: 0.3, Y: 0.7}); got.Mask != c.mask || here != c.here {
			t.Errorf("%s: mask %s, zone %q", c.level, got.Mask, here)
		}
		if has := s.has("gate"); zone.At(has.Zones, zone.Point{X: 0.3, Y: 0.7}) != c.here {
			t.Errorf("%s: the worker has %+v", c.level, has)
		}
	}
	if err := s.cfg.Store.PutLevel("gate", "total"); err != nil {
		t.Fatal(err)
	}
	s.masking.load("gate")
	if got := s.raised("gate", wire.Settings{}); zone.At(got.Zones, zone.Point{}) != zone.Private {
		t.Errorf("an unknown level: %+v", got)
	}
	if err := s.raise("gate", mqtt.LevelSolid, func() {}); err != nil {
		t.Error(err)
	}
	if got := s.raised("gate", wire.Settings{}); zone.At(got.Zones, zone.Point{}) != zone.Private {
		t.Errorf("a command lowered an unknown level: %+v", got)
	}
}

// A command that came over MQTT hides more, never less; after a restart the worker has
// it with its first settings, until an administrator takes it back.
func TestCommandsOnlyHideMore(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "gate"})
	at := zone.Point{X: 0.5, Y: 0.5}
	ask := func(level mqtt.Level) {
		t.Helper()
		done := make(chan struct{})
		s.Ask("gate", level, func() { close(done) })
		<-done
	}
	for _, c := range []struct {
		level mqtt.Level
		want  zone.Kind
	}{{mqtt.LevelPicture, zone.Masked}, {mqtt.LevelSolid, zone.Masked}, {mqtt.LevelPrivate, zone.Private}, {mqtt.LevelPicture, zone.Private}} {
		if ask(c.level); s.hidden("gate", at) != c.want {
			t.Errorf("after %s: %q, want %q", c.level, s.hidden("gate", at), c.want)
		}
	}
	s = s.restart(t)
	if got := s.hidden("gate", at); got != zone.Private || s.Statuses()[0].MaskLevel != "private" {
		t.Errorf("after the restart: %q, %+v", got, s.Statuses()[0])
	}
	if err := s.ResetLevel(t.Context(), "gate"); err != nil {
		t.Fatal(err)
	}
	if got := s.hidden("gate", at); got != "" {
		t.Errorf("after the reset: %q", got)
	}
	if !s.logged(t, "mask.level", "private\\u003e") && !s.logged(t, "mask.level", "private>") {
		t.Error("the reset is not in the audit log")
	}
	if err := s.ResetLevel(t.Context(), "gate"); err != nil {
		t.Errorf("a second time: %v", err)
	}
}

// A command to a camera that is not there has its receipt all the same.
func TestCommandToNoCamera(t *testing.T) {
	s := newSet(t)
	done := make(chan struct{})
	s.Ask("nobody", mqtt.LevelPrivate, func() { close(done) })
	<-done
}
