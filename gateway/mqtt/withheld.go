package mqtt

import (
	"encoding/json"
	"strings"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// takeBack overwrites what an earlier run left at the broker: a state that
// nobody vouches for any more must not look good.
func (p *Publisher) takeBack(_ paho.Client, m paho.Message) {
	m.Ack()
	if !m.Retained() || len(m.Payload()) == 0 {
		return // our own, or cleared
	}
	if id, ok := strings.CutPrefix(m.Topic(), p.topics.Clause("")); ok {
		var c ClauseState
		if json.Unmarshal(m.Payload(), &c) == nil && c.Status != "unknown" {
			c.Status = "unknown"
			p.board.set(message{p.topics.Clause(id), string(mustJSON(c))})
		}
		return
	}
	if id, ok := p.topics.CameraOf(m.Topic(), topics.Protection); ok {
		p.SetCamera(id, false, media.Blocked)
	}
}
