package mqtt

import (
	"context"
	"time"

	"github.com/bauta-gateway/bauta/gateway/broker"
)

// Event is one message of an outbox.
type Event struct {
	// Seq names it to the outbox.
	Seq uint64
	// Type is the topic's last level, a slug; an event without one is given up.
	Type    string
	Payload []byte
}

// Outbox keeps events on the disk until a broker has them. Its methods are
// called by one goroutine.
type Outbox interface {
	// Waiting returns up to n events, the oldest first.
	Waiting(n int) ([]Event, error)
	// Delivered forgets events for good.
	Delivered(seqs ...uint64) error
}

const (
	// eventBatch is how many events are under way at once.
	eventBatch = 100
	// outboxRest is how long an outbox that fails is left alone.
	outboxRest = 10 * time.Second
)

// NotifyEvents says that the outbox has got something.
func (p *Publisher) NotifyEvents() { p.states.notify() }

// deliver sends the events that wait, in order, a batch at a time, and returns
// when none is left. What the broker has not confirmed stays in the outbox and
// is sent again: readers may get an event twice, with the same id.
func (p *Publisher) deliver(ctx context.Context, l *broker.Link) error {
	for p.end.Outbox != nil && time.Now().After(p.outboxRest) {
		events, err := p.end.Outbox.Waiting(eventBatch)
		if err != nil {
			p.outboxFailed(err)
			return nil
		}
		if len(events) == 0 {
			return nil
		}
		var ms []broker.Message
		var seqs []uint64
		for _, e := range events {
			seqs = append(seqs, e.Seq)
			if e.Type != "" {
				ms = append(ms, broker.Message{Topic: p.topics.Event(e.Type), Payload: string(e.Payload)})
			}
		}
		if err := l.Send(ctx, ms); err != nil {
			return err
		}
		if err := p.end.Outbox.Delivered(seqs...); err != nil {
			p.outboxFailed(err)
			return nil
		}
		p.mu.Lock()
		p.state.Events += uint64(len(ms))
		p.mu.Unlock()
	}
	return nil
}

func (p *Publisher) outboxFailed(err error) {
	p.outboxRest = time.Now().Add(outboxRest)
	p.log.Error("the outbox of events fails", "error", err, "next_try", outboxRest)
}
