package mqtt

import (
	"context"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/broker"
)

// maxSaid bounds what waits to be said about consents; one more is dropped and counted.
const maxSaid = 32

// consentMessage is one to those who share the broker.
type consentMessage struct {
	broker.Message
	retained bool
}

func (m consentMessage) send(ctx context.Context, l *broker.Link) error {
	if m.retained {
		return l.Retain(ctx, []broker.Message{m.Message})
	}
	return l.Send(ctx, []broker.Message{m.Message})
}

// AskConsents has the broker send all that it keeps about consents once more, for what an
// issuer not yet known then had signed.
func (p *Publisher) AskConsents() {
	select {
	case p.ask <- struct{}{}:
	default: // it is due already
	}
}

// SayConsents says something about consents to those who share the broker. Lists and
// attestations stay there. False: nobody is connected, or too much waits.
func (p *Publisher) SayConsents(kind consent.Kind, name, payload string) bool {
	m := consentMessage{broker.Message{Topic: p.end.prefix().Consent(kind, name), Payload: payload}, kind.Kept()}
	if !p.State().Connected {
		return false
	}
	select {
	case p.said <- m:
		return true
	default:
		p.mu.Lock()
		p.state.ConsentsDropped++
		p.mu.Unlock()
		return false
	}
}

// subscribe asks for all about consents. Lists are asked for by their issuers, for not every
// broker sends what it keeps where a filter has a wildcard. QoS 1 is for what comes once: of
// lists the broker sends the newest at each connection, and another gateway does where one was
// lost; a cluster pays dearly for each filter of QoS 1. False: the broker refused some of it,
// which is logged; states go on.
func (p *Publisher) subscribe(ctx context.Context, l *broker.Link) (allowed bool) {
	if p.end.Consents == nil {
		return true
	}
	at := p.end.prefix()
	err := l.SubscribeAllowed(ctx, p.receiveConsent, 1, at.Revocations(), at.Letters())
	if err == nil && p.end.Issuers != nil {
		shared := []string{at.AllAsk()}
		for _, name := range p.end.Issuers() {
			for _, kind := range []consent.Kind{consent.KindList, consent.KindAttestation, consent.KindDigest} {
				shared = append(shared, at.Consent(kind, name))
			}
		}
		err = l.SubscribeAllowed(ctx, p.receiveConsent, 0, shared...)
	}
	select {
	case <-l.Gone():
	case <-ctx.Done():
	default:
		if err != nil {
			p.log.Warn("no withdrawals of consents are received over mqtt: let the gateway read "+at.Consents(), "error", err)
		}
	}
	return err == nil
}

// queued takes what a broker kept for this gateway while it was away.
func (p *Publisher) queued(m broker.Received) {
	if _, _, ok := p.end.prefix().ConsentOf(m.Topic()); ok && p.end.Consents != nil {
		p.receiveConsent(m)
		return
	}
	p.receive(m)
}

// receiveConsent passes a message on. An empty one clears the topic at the broker and means
// nothing: what is revoked stays so.
func (p *Publisher) receiveConsent(m broker.Received) {
	kind, name, ok := p.end.prefix().ConsentOf(m.Topic())
	if !ok || len(m.Payload()) == 0 {
		m.Ack()
		return
	}
	if len(m.Payload()) > kind.MaxSize() {
		m.Ack()
		if muted, ok := p.warnings.Allow("consent"); ok {
			p.log.Warn("a message about consents was refused", "kind", kind, "name", name, "reason", "too large", "muted", muted)
		}
		return
	}
	p.end.Consents(kind, name, m.Payload(), m.Ack)
}

// PublishConsent leaves what an issuer signed at cfg.Broker for all gateways there, retained
// where its kind is kept, and returns when the broker has it. Of cfg the broker, the login,
// the files and the prefix count. Errors say what to do.
func PublishConsent(ctx context.Context, cfg Config, kind consent.Kind, name, raw string) error {
	return broker.Pass(ctx, cfg.remote(), passing(), kind.Kept(), broker.Message{Topic: cfg.prefix().Consent(kind, name), Payload: raw})
}

// KeptConsent reads what cfg.Broker keeps of a kind and name; empty where it has nothing.
func KeptConsent(ctx context.Context, cfg Config, kind consent.Kind, name string) (string, error) {
	return broker.Kept(ctx, cfg.remote(), passing(), cfg.prefix().Consent(kind, name))
}

// passing is a client ID for one connection.
func passing() string { return "bauta-" + consent.NewID()[:12] }
