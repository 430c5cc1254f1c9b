package mqtt

import (
	"cmp"
	"maps"

	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Home Assistant's device discovery, by the fields of
// https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload:
// one message for each device with all its entities.

type object = map[string]any

// shareTemplate makes the protected share percent, or None, which Home Assistant shows as
// unknown. Home Assistant rounds to the nearest: it shows both decimals that there are, so that
// 99.99 % does not become 100 %.
const shareTemplate = "{{ value_json.protected_share * 100 if value_json.protected_share is number else None }}"

// deviceID is that of the gateway, or of its camera of this name.
func (p *Publisher) deviceID(camera ...string) string {
	return topics.DeviceID(p.end.Gateway, camera...)
}

// staleAfter is when a state is too old to be shown, in seconds.
func (p *Publisher) staleAfter() int { return int(3 * p.end.Heartbeat.Seconds()) }

// announceGateway makes Home Assistant know the gateway.
func (p *Publisher) announceGateway(i Info) {
	if !p.end.Discovery {
		return
	}
	id := p.deviceID()
	compliance := p.topics.Compliance()
	p.announce(id, object{
		"device": object{"identifiers": []string{id}, "name": "Bauta " + cmp.Or(i.Site, p.end.Gateway), "manufacturer": "Bauta", "model": "Privacy gateway", "sw_version": i.Version},
		"components": object{
			"compliance": p.entity(id, "compliance", object{
				"platform": "sensor", "name": "Compliance", "device_class": "enum", "options": []string{"pass", "warn", "fail", "unknown"},
				"state_topic": compliance, "value_template": "{{ value_json.state }}", "json_attributes_topic": compliance,
				"expire_after": p.staleAfter(), "icon": "mdi:scale-balance"}),
			"protected_share": p.entity(id, "protected_share", object{
				"platform": "sensor", "name": "Protected share", "unit_of_measurement": "%", "state_class": "measurement", "suggested_display_precision": 2,
				"state_topic": compliance, "value_template": shareTemplate, "expire_after": p.staleAfter()}),
			"connected": p.entity(id, "connected", object{
				"platform": "binary_sensor", "name": "Running", "device_class": "running", "entity_category": "diagnostic",
				"state_topic": p.topics.Status(), "payload_on": topics.Online, "payload_off": topics.Offline}),
			"policy_pack": p.entity(id, "policy_pack", object{
				"platform": "sensor", "name": "Rules", "entity_category": "diagnostic", "state_topic": p.topics.Info(),
				"value_template": "{{ value_json.policy_pack }}", "expire_after": p.staleAfter()}),
		},
	})
}

// announceCamera makes Home Assistant know a camera.
func (p *Publisher) announceCamera(id media.CameraID) {
	if !p.end.Discovery {
		return
	}
	device := p.deviceID(string(id))
	p.mu.Lock()
	name := cmp.Or(p.names[id], string(id))
	p.mu.Unlock()
	metrics := p.topics.Camera(id, topics.Metrics)
	figure := func(key, name string, more object) object {
		o := object{"platform": "sensor", "name": name, "state_topic": metrics, "value_template": "{{ value_json." + key + " }}",
			"state_class": "measurement", "entity_category": "diagnostic", "expire_after": p.staleAfter()}
		maps.Copy(o, more)
		return p.entity(device, key, o)
	}
	p.announce(device, object{
		"device": object{"identifiers": []string{device}, "name": "Bauta " + p.end.Gateway + " " + name, "manufacturer": "Bauta", "model": "Masked camera", "via_device": p.deviceID()},
		"components": object{
			"protection": p.entity(device, "protection", object{
				"platform": "sensor", "name": "Protection", "device_class": "enum", "expire_after": p.staleAfter(), "icon": "mdi:shield-account",
				"options":     []string{string(media.Protected), string(media.OverMasked), string(media.Blocked), string(media.Offline), string(media.UnknownProtection)},
				"state_topic": p.topics.Camera(id, topics.Protection)}),
			"online": p.entity(device, "online", object{
				"platform": "binary_sensor", "name": "Online", "device_class": "connectivity", "entity_category": "diagnostic", "expire_after": p.staleAfter(),
				"state_topic": p.topics.Camera(id, topics.Availability), "payload_on": topics.Online, "payload_off": topics.Offline}),
			"mask": p.entity(device, "mask", object{
				"platform": "sensor", "name": "Hidden by command", "device_class": "enum", "entity_category": "diagnostic", "expire_after": p.staleAfter(), "icon": "mdi:eye-off-outline",
				"options": []string{string(LevelNone), string(LevelSolid), string(LevelPicture), string(LevelPrivate)}, "state_topic": p.topics.Camera(id, topics.Mask)}),
			"snapshot":   p.image(id, device),
			"fps":        figure("fps", "Pictures a second", object{"unit_of_measurement": "1/s"}),
			"latency_ms": figure("latency_ms", "Latency", object{"unit_of_measurement": "ms", "device_class": "duration"}),
			"faces":      figure("faces", "Faces", nil),
			"masked":     figure("masked", "Masked faces", nil),
			"shown":      figure("shown", "Faces shown by consent", nil),
			"blur_all": p.entity(device, "blur_all", object{
				"platform": "button", "name": "Blur the whole picture", "command_topic": p.topics.Camera(id, topics.MaskSet), "payload_press": string(LevelPicture), "icon": "mdi:blur"}),
			"hide_all": p.entity(device, "hide_all", object{
				"platform": "button", "name": "Hide the whole picture", "command_topic": p.topics.Camera(id, topics.MaskSet), "payload_press": string(LevelPrivate), "icon": "mdi:eye-off"}),
		},
	})
}

// image is the entity of a camera's masked picture. Where none leaves, what is said of it has
// Home Assistant remove the one of an earlier setting.
func (p *Publisher) image(id media.CameraID, device string) object {
	if !p.end.Snapshots {
		return object{"platform": "image"}
	}
	return p.entity(device, "snapshot", object{"platform": "image", "name": "Masked picture", "content_type": "image/jpeg", "image_topic": p.topics.Camera(id, topics.Snapshot)})
}

func (p *Publisher) entity(device, key string, o object) object {
	o["unique_id"] = device + "_" + key
	return o
}

// announce adds what all devices share. The last will makes all entities
// unavailable.
func (p *Publisher) announce(id string, o object) {
	o["origin"] = object{"name": "Bauta", "support_url": "https://github.com/bauta-gateway/bauta"}
	o["availability_topic"] = p.topics.Status()
	o["payload_available"], o["payload_not_available"] = topics.Online, topics.Offline
	o["qos"] = 1
	p.states.setRare(state(p.end.assistant.Device(id), mustJSON(o)))
}
