package mqtt

import (
	"context"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/broker"
)

// AskRevocations has the broker send all revocations that it keeps once more,
// for those that an issuer not yet known then had signed.
func (p *Publisher) AskRevocations() {
	select {
	case p.ask <- struct{}{}:
	default: // it is due already
	}
}

// subscribe asks for revocations. A refusal is logged once a connection; states go on.
func (p *Publisher) subscribe(ctx context.Context, l *broker.Link) {
	if p.end.Revocation == nil {
		return
	}
	err := l.SubscribeAllowed(ctx, p.receiveRevocation, 1, p.end.prefix().Revocations())
	select {
	case <-l.Gone():
	case <-ctx.Done():
	default:
		if err != nil {
			p.log.Warn("no consent revocations are received over mqtt: let the gateway read "+p.end.prefix().Revocations(), "error", err)
		}
	}
}

// receiveRevocation passes a message on. An empty one clears the topic at the broker
// and means nothing: what is revoked stays so.
func (p *Publisher) receiveRevocation(m broker.Received) {
	id, ok := p.end.prefix().RevocationID(m.Topic())
	if !ok || len(m.Payload()) == 0 {
		m.Ack()
		return
	}
	if len(m.Payload()) > consent.MaxSize {
		m.Ack()
		if muted, ok := p.warnings.Allow("revocation"); ok {
			p.log.Warn("revocation from the broker refused", "topic", id, "reason", "too large", "muted", muted)
		}
		return
	}
	p.end.Revocation(id, m.Payload(), m.Ack)
}

// PublishRevocation leaves a signed revocation at cfg.Broker, retained, for all
// gateways there, and returns when the broker has it. Of cfg the broker, the
// login, the files and the prefix count. Errors say what to do.
func PublishRevocation(ctx context.Context, cfg Config, id, raw string) error {
	return broker.Retain(ctx, cfg.remote(), "bauta-"+consent.NewID()[:12], broker.Message{Topic: cfg.prefix().Revocation(id), Payload: raw})
}
