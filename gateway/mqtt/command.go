package mqtt

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/bauta-gateway/bauta/gateway/backoff"
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Level is how much of a camera's picture a command asks to hide.
type Level string

// The levels, each hiding more than the one before. Commands only go up.
const (
	LevelNone    Level = "none"    // no command hides anything; none asks for it
	LevelSolid   Level = "solid"   // faces painted over instead of blurred
	LevelPicture Level = "picture" // the whole picture blurred
	LevelPrivate Level = "private" // the whole picture painted over
)

// Levels are all that can be asked for, the one that hides least first.
var Levels = []Level{LevelSolid, LevelPicture, LevelPrivate}

const (
	// maxCommand bounds a command's payload in bytes.
	maxCommand = 64
	// maxAnchor bounds an anchor's.
	maxAnchor = 1024
)

// command reads a command to a gateway; ok is false for what is none.
func command(to topics.Gateway, topic string, payload []byte) (id media.CameraID, level Level, ok bool) {
	id, ok = to.CameraOf(topic, topics.MaskSet)
	if !ok || len(payload) > maxCommand {
		return "", "", false
	}
	for _, l := range Levels {
		if string(payload) == string(l) {
			return id, l, true
		}
	}
	return "", "", false
}

// listen subscribes to commands and to Home Assistant's birth. The handlers
// run on paho's goroutine and do not wait.
func (p *Publisher) listen(ctx context.Context, l *broker.Link) error {
	if p.end.SafeMode {
		return l.Subscribe(ctx, p.takeBack, p.topics.Camera("+", topics.Protection), p.topics.Clause("+"))
	}
	if err := p.listenToCommands(ctx, l); err != nil {
		return err
	}
	var filters []string
	if p.end.Anchor != nil {
		filters = append(filters, p.topics.Anchor())
	}
	if p.end.Discovery {
		filters = append(filters, p.end.assistant.Birth())
	}
	if len(filters) == 0 {
		return nil
	}
	return l.Subscribe(ctx, p.receive, filters...)
}

// listenToCommands says where the broker does not let the gateway read its own topics: by its
// login it is another one, and a broker that drops what it does not allow says nothing else.
func (p *Publisher) listenToCommands(ctx context.Context, l *broker.Link) error {
	filter := p.topics.Camera("+", topics.MaskSet)
	err := l.SubscribeAllowed(ctx, p.receive, 1, filter)
	if f := (*broker.Failure)(nil); errors.As(err, &f) && f.Reason == broker.Refused {
		p.mu.Lock()
		p.state.Text = fmt.Sprintf("the broker refuses %s: its user there has to be one that may read and write %s", filter, p.topics.All())
		p.mu.Unlock()
		p.commandsRefused = true
		p.log.Warn("the broker refuses this gateway's own topics: commands do not arrive, and what is published may not either", "topic", filter)
		return nil
	}
	if err == nil && p.commandsRefused {
		p.commandsRefused = false
		p.mu.Lock()
		p.state.Text = ""
		p.mu.Unlock()
	}
	return err
}

// resubscribe is how long to wait until a broker is asked again for what it refused: one that
// is busy, such as a cluster to which a thousand gateways come back at once, allows it later.
var resubscribe = backoff.Bounds{First: 3 * time.Second, Longest: 2 * time.Minute, Spread: 1}

// subscriptions asks for consents, and again for what the broker refused.
type subscriptions struct {
	again    *time.Timer
	refusals int
}

func newSubscriptions() *subscriptions {
	s := &subscriptions{again: time.NewTimer(resubscribe.Longest)}
	s.again.Stop()
	return s
}

// ask asks for all that is wanted; an error is that of a link that failed.
func (s *subscriptions) ask(ctx context.Context, p *Publisher, l *broker.Link) error {
	if p.commandsRefused {
		if err := p.listenToCommands(ctx, l); err != nil {
			return err
		}
	}
	if p.subscribe(ctx, l) && !p.commandsRefused {
		s.refusals = 0
		s.again.Stop()
		return nil
	}
	s.refusals++
	s.again.Reset(resubscribe.After(s.refusals))
	return nil
}

// receive takes what comes in, by what it is about.
func (p *Publisher) receive(m broker.Received) {
	switch m.Topic() {
	case p.end.assistant.Birth():
		m.Ack()
		if string(m.Payload()) == p.end.BirthPayload {
			p.states.staleRare()
		}
	case p.topics.Anchor():
		m.Ack()
		if p.end.Anchor != nil && len(m.Payload()) > 0 && len(m.Payload()) <= maxAnchor {
			p.end.Anchor(m.Payload())
		}
	default:
		p.receiveCommand(m)
	}
}

// receiveCommand refuses retained messages: a command in one would come again after
// each reconnect.
func (p *Publisher) receiveCommand(m broker.Received) {
	id, level, ok := command(p.topics, m.Topic(), m.Payload())
	if m.Retained() || !ok || p.end.Command == nil {
		p.mu.Lock()
		p.state.CommandsRefused++
		p.mu.Unlock()
		m.Ack()
		return
	}
	p.end.Command(id, level, m.Ack)
}
