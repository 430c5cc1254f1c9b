package mqtt

import (
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// MaxSnapshot bounds a picture in bytes; a larger one is dropped and counted.
const MaxSnapshot = 512 << 10

// Snapshot publishes a picture of a camera that SetCamera has made known, where the settings have
// pictures leave. It goes out once and no broker keeps it: what is retained would be seen
// after the camera was taken away, masked more, or the setting turned off. While nobody is
// connected it is dropped and counted.
func (p *Publisher) Snapshot(id media.CameraID, still media.Still) {
	if !p.end.Snapshots {
		return
	}
	jpeg := still.JPEG()
	taken := len(jpeg) > 0 && len(jpeg) <= MaxSnapshot && p.states.snapshot(id, jpeg)
	if !taken {
		p.mu.Lock()
		p.state.SnapshotsDropped++
		p.mu.Unlock()
	}
}

// sendSnapshots sends the newest picture of each camera, once.
func (p *Publisher) sendSnapshots(l *broker.Link) {
	for id, jpeg := range p.states.takeSnapshots() {
		topic := p.topics.Camera(id, topics.Snapshot)
		b := p.embedded()
		if p.end.remote != nil || b == nil {
			l.SendOnce(topic, jpeg)
			continue
		}
		if err := b.server.Publish(topic, jpeg, false, 0); err != nil {
			p.log.Debug("the embedded broker did not take a snapshot", "error", err)
		}
	}
}

// snapshot notes a known camera's newest picture; false: it has nowhere to go.
func (c *stateCache) snapshot(id media.CameraID, jpeg []byte) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.metrics[id]
	if m == nil || !c.live {
		return false
	}
	m.snapshot = jpeg
	c.notify()
	return true
}

func (c *stateCache) takeSnapshots() map[media.CameraID][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := map[media.CameraID][]byte{}
	for id, m := range c.metrics {
		if m.snapshot != nil {
			all[id], m.snapshot = m.snapshot, nil
		}
	}
	return all
}
