package gateway

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

// hiding holds, in memory, what of the cameras' pictures is hidden: zones and
// levels as the store has them, and on top of them what waits for the disk. No
// picture depends on whether the disk answers.
type hiding struct {
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

// hide is a change that hides more and waits for the disk. One of its fields is set.
type hide struct {
	zone    *zone.Zone // in force
	without string     // a zone that ceased to show anybody
	level   mqtt.Level
}

func newHiding(s *store.Store, log *slog.Logger) *hiding {
	return &hiding{store: s, log: log, all: map[media.CameraID]*hidden{}}
}

// load reads what the store has of a camera.
func (h *hiding) load(id media.CameraID) {
	zones, err := h.store.Zones(id)
	if err != nil {
		h.log.Error("a zone cannot be read, so the whole picture is hidden: remove the zone and draw it again", "camera", string(id), "error", err)
	}
	level, levelErr := h.store.Level(id)
	if levelErr != nil {
		level = string(mqtt.LevelPrivate)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	is := h.of(id)
	is.zones, is.unreadable, is.level = zones, err != nil, mqtt.Level(level)
}

// of is called with mu held.
func (h *hiding) of(id media.CameraID) *hidden {
	if h.all[id] == nil {
		h.all[id] = &hidden{}
	}
	return h.all[id]
}

// forget a camera that was removed.
func (h *hiding) forget(id media.CameraID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, id)
}

// add puts a change in force, stored takes it back for what the store has by then.
func (h *hiding) add(id media.CameraID, c *hide) {
	h.mu.Lock()
	defer h.mu.Unlock()
	is := h.of(id)
	is.waiting = append(is.waiting, c)
}

func (h *hiding) stored(id media.CameraID, c *hide) {
	h.load(id)
	h.mu.Lock()
	defer h.mu.Unlock()
	is := h.of(id)
	is.waiting = slices.DeleteFunc(is.waiting, func(w *hide) bool { return w == c })
}

// zonesOf are the zones in force. Where one of them cannot be read it may have been a
// private one: then all of the picture is private.
func (h *hiding) zonesOf(id media.CameraID) []zone.Zone {
	h.mu.Lock()
	defer h.mu.Unlock()
	zones := h.of(id).inForce()
	if h.of(id).unreadable {
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

// hides tells whether a zone of this kind can only hide more.
func hides(kind zone.Kind) bool {
	return kind == zone.Private || kind == zone.Masked || kind == zone.Moving
}

// levelOf is the level in force, the highest of all asked for.
func (h *hiding) levelOf(id media.CameraID) mqtt.Level {
	h.mu.Lock()
	defer h.mu.Unlock()
	is := h.of(id)
	level := is.level
	for _, c := range is.waiting {
		if c.level != "" && above(c.level, level) {
			level = c.level
		}
	}
	return level
}

// above tells whether one level hides more than another; one that is not known
// hides everything.
func above(level, than mqtt.Level) bool {
	known := than == "" || slices.Contains(mqtt.Levels, than)
	return known && slices.Index(mqtt.Levels, level) > slices.Index(mqtt.Levels, than)
}

// busy tells whether changes of a camera wait for the disk.
func (h *hiding) busy(id media.CameraID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.of(id).waiting) > 0
}

// damaged tells whether a zone of a camera cannot be read.
func (h *hiding) damaged(id media.CameraID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.of(id).unreadable
}

// find returns the zone in force of this name, and how many names there are.
func (h *hiding) find(id media.CameraID, name string) (z zone.Zone, has bool, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	zones := map[string]zone.Zone{}
	for _, z := range h.of(id).inForce() {
		zones[z.ID] = z
	}
	z, has = zones[name]
	return z, has, len(zones)
}

// takes refuses a new zone as the store would.
func (h *hiding) takes(id media.CameraID, n api.NewZone) error {
	switch _, has, count := h.find(id, n.ID); {
	case has && !n.Replace:
		return api.Refuse(api.CodeExists, text.ZoneExists, id, n.ID)
	case !has && count >= drawing.MaxZones:
		return api.Refuse(api.CodeInvalid, text.ZoneLimit, id, drawing.MaxZones)
	}
	return nil
}
