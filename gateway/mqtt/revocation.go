package mqtt

import (
	"context"
	"errors"
	"fmt"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/topics"
)

// refusedFilter is the broker's answer to a subscription that it does not allow.
const refusedFilter = 0x80

// AskRevocations has the broker send all revocations that it keeps once more,
// for those that an issuer not yet known then had signed.
func (p *Publisher) AskRevocations() {
	select {
	case p.ask <- struct{}{}:
	default: // it is to happen already
	}
}

// subscribe asks for revocations. A broker that refuses is told of once a
// connection; states go on.
func (p *Publisher) subscribe(ctx context.Context, l *link) {
	if p.end.Revocation == nil {
		return
	}
	token := l.client.Subscribe(topics.Revocations, 1, func(_ paho.Client, m paho.Message) { p.heard(m) })
	limit := time.NewTimer(ackLimit)
	defer limit.Stop()
	var err error
	select {
	case <-token.Done():
		err = token.Error()
		if sub, ok := token.(*paho.SubscribeToken); ok && err == nil && sub.Result()[topics.Revocations] == refusedFilter {
			err = errors.New("the broker does not allow it")
		}
	case <-l.gone:
	case <-ctx.Done():
	case <-limit.C:
		err = errors.New("no receipt")
	}
	if err != nil {
		p.log.Warn("no consent revocations are heard over mqtt: let the gateway read "+topics.Revocations, "error", err)
	}
}

// heard passes a message on. An empty one clears the topic at the broker and
// means nothing: what is revoked stays so.
func (p *Publisher) heard(m paho.Message) {
	id, ok := topics.RevocationID(m.Topic())
	if !ok || len(m.Payload()) == 0 {
		m.Ack()
		return
	}
	if len(m.Payload()) > consent.MaxSize {
		m.Ack()
		if muted, ok := p.told.Allow("revocation"); ok {
			p.log.Warn("revocation from the broker refused", "topic", id, "reason", "too large", "muted", muted)
		}
		return
	}
	p.end.Revocation(id, m.Payload(), m.Ack)
}

// PublishRevocation leaves a signed revocation at cfg.Broker, retained, for all
// gateways there, and returns when the broker has it. Of cfg the broker, the
// login and the files count. Errors say what to do.
func PublishRevocation(ctx context.Context, cfg Config, id, raw string) error {
	cfg.Gateway = "revocation"
	end, err := cfg.check()
	if err != nil {
		return fmt.Errorf("mqtt: %w", err)
	}
	if end.host == "" {
		return errors.New("mqtt: no broker named: write tcp://host:1883 or ssl://host:8883")
	}
	t := target{host: end.host, clientID: "bauta-" + consent.NewID()[:12], skip: func(int) {}}
	if t.tls, err = end.tlsConfig(); err != nil {
		return err
	}
	if t.user, t.password, err = end.login(); err != nil {
		return err
	}
	l, err := connect(ctx, t)
	if err != nil {
		return explain(err, t.host)
	}
	defer l.leave()
	return l.states(ctx, []message{{topics.Revocation(id), raw}})
}
