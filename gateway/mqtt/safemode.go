package mqtt

import (
	"encoding/json"
	"strings"

	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// takeBack overwrites what an earlier run left at the broker: a state that
// nobody vouches for any more must not seem good.
func (p *Publisher) takeBack(m broker.Received) {
	m.Ack()
	if !m.Retained() || len(m.Payload()) == 0 {
		return // our own, or cleared
	}
	if id, ok := strings.CutPrefix(m.Topic(), p.topics.Clause("")); ok {
		var c ClauseState
		if json.Unmarshal(m.Payload(), &c) == nil && c.Status != "unknown" {
			c.Status = "unknown"
			p.states.set(state(p.topics.Clause(id), mustJSON(c)))
		}
		return
	}
	if id, ok := p.topics.CameraOf(m.Topic(), topics.Protection); ok {
		p.SetCamera(id, false, media.Blocked)
	}
}
