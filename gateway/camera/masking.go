package camera

import (
	"log/slog"
	"slices"
	"sync"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/config/zone/drawing"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// masking holds, in memory, what of the cameras' frames is hidden: zones and
// levels as the store has them, and on top of them what waits for the disk. No
// frame depends on whether the disk answers.
type masking struct {
	store *store.Store
	log   *slog.Logger

	mu  sync.Mutex
	all map[media.CameraID]*hidden
}

type hidden struct {
	zones      []zone.Zone
	unreadable bool // a zone, which may have been a private one
	level      mqtt.Level
	waiting    []*hide
}

// hide is a change that hides more and waits for the disk. One of its fields is set, or
// none: a cover or a place, which the camera itself has.
type hide struct {
	zone    *zone.Zone // in force
	without string     // a zone that ceased to show anybody
	level   mqtt.Level
}

func newMasking(s *store.Store, log *slog.Logger) *masking {
	return &masking{store: s, log: log, all: map[media.CameraID]*hidden{}}
}

// load reads what the store has of a camera.
func (m *masking) load(id media.CameraID) {
	zones, err := m.store.Zones(id)
	if err != nil {
		m.log.Error("a zone cannot be read, so the whole frame is hidden: remove the zone and draw it again", "camera", string(id), "error", err)
	}
	level, levelErr := m.store.Level(id)
	if levelErr != nil {
		level = string(mqtt.LevelPrivate)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	is := m.of(id)
	is.zones, is.unreadable, is.level = zones, err != nil, mqtt.Level(level)
}

// of is called with mu held.
func (m *masking) of(id media.CameraID) *hidden {
	if m.all[id] == nil {
		m.all[id] = &hidden{}
	}
	return m.all[id]
}

// forget a camera that was removed.
func (m *masking) forget(id media.CameraID) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.all, id)
}

// add puts a change in force, stored takes it back for what the store has by then.
func (m *masking) add(id media.CameraID, c *hide) {
	m.mu.Lock()
	defer m.mu.Unlock()
	is := m.of(id)
	is.waiting = append(is.waiting, c)
}

func (m *masking) stored(id media.CameraID, c *hide) {
	m.load(id)
	m.mu.Lock()
	defer m.mu.Unlock()
	is := m.of(id)
	is.waiting = slices.DeleteFunc(is.waiting, func(w *hide) bool { return w == c })
}

// zonesOf are the zones in force. Where one of them cannot be read it may have been a
// private one: then all of the frame is private.
func (m *masking) zonesOf(id media.CameraID) []zone.Zone {
	m.mu.Lock()
	defer m.mu.Unlock()
	zones := m.of(id).inForce()
	if m.of(id).unreadable {
		zones = append(zones, zone.Everything())
	}
	return zones
}

// inForce never takes a hiding zone away for one that waits in its place: both hold.
func (is *hidden) inForce() (zones []zone.Zone) {
	zones = slices.Clone(is.zones)
	for _, c := range is.waiting {
		name := c.without
		if c.zone != nil {
			name = c.zone.ID
		}
		zones = slices.DeleteFunc(zones, func(z zone.Zone) bool { return z.ID == name && !hides(z.Kind) })
		if c.zone != nil {
			zones = append(zones, *c.zone)
		}
	}
	return zones
}

// hides reports whether a zone of this kind can only hide more.
func hides(kind zone.Kind) bool {
	return kind == zone.Private || kind == zone.Masked || kind == zone.Moving
}

// levelOf is the level in force, the highest of all asked for.
func (m *masking) levelOf(id media.CameraID) mqtt.Level {
	m.mu.Lock()
	defer m.mu.Unlock()
	is := m.of(id)
	level := is.level
	for _, c := range is.waiting {
		if c.level != "" && above(c.level, level) {
			level = c.level
		}
	}
	return level
}

// above reports whether one level hides more than another; one that is not known
// hides everything.
func above(level, than mqtt.Level) bool {
	known := than == "" || slices.Contains(mqtt.Levels, than)
	return known && slices.Index(mqtt.Levels, level) > slices.Index(mqtt.Levels, than)
}

// busy reports whether changes of a camera wait for the disk.
func (m *masking) busy(id media.CameraID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.of(id).waiting) > 0
}

// damaged reports whether a zone of a camera cannot be read.
func (m *masking) damaged(id media.CameraID) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.of(id).unreadable
}

// find returns the zone in force of this name, and how many names there are.
func (m *masking) find(id media.CameraID, name string) (z zone.Zone, has bool, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	zones := map[string]zone.Zone{}
	for _, z := range m.of(id).inForce() {
		zones[z.ID] = z
	}
	z, has = zones[name]
	return z, has, len(zones)
}

// names are the ids of the zones of all cameras.
func (m *masking) names() map[string]bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := map[string]bool{}
	for _, is := range m.all {
		for _, z := range append(slices.Clone(is.zones), is.inForce()...) {
			all[z.ID] = true
		}
	}
	return all
}

// takes refuses a new zone as the store would.
func (m *masking) takes(id media.CameraID, n api.NewZone) error {
	switch _, has, count := m.find(id, n.ID); {
	case has && !n.Replace:
		return api.Refuse(api.CodeExists, text.ZoneExists, id, n.ID)
	case !has && count >= drawing.MaxZones:
		return api.Refuse(api.CodeInvalid, text.ZoneLimit, id, drawing.MaxZones)
	}
	return nil
}
