package gateway

import (
	"context"

	"github.com/bauta-gateway/bauta/gateway/exchange"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/topics"
)

// openExchange prepares the talk with the other gateways at the broker. At its own broker a
// gateway is alone.
func (s *starter) openExchange(context.Context) error {
	g := s.g
	g.rooms.exchange = exchange.New(exchange.Config{
		Gateway: g.o.Config.Gateway.Name, Known: g.rooms.consents.Known, Signed: g.rooms.consents.Signed, Say: g.edges.publisher.SayConsents,
	})
	return nil
}

// startExchange follows startConsents, whose lists it tells of.
func (s *starter) startExchange(context.Context) error {
	if s.g.o.Config.MQTT.Broker != "" {
		s.run(s.g.rooms.exchange.Run)
	}
	return nil
}

// shareConsents gives what issuers signed to the consents, and what gateways say to the exchange.
func (g *Gateway) shareConsents(m *mqtt.Config) {
	m.Consents = func(kind topics.ConsentKind, name string, payload []byte, stored func()) {
		if kind != topics.Revocation && g.o.Config.MQTT.Broker != "" {
			g.rooms.exchange.Heard(kind, name, payload)
		}
		if kind == topics.Digest || kind == topics.Ask {
			stored()
			return
		}
		g.rooms.consents.Heard(kind, name, payload, stored)
	}
	m.Issuers = func() []string {
		g.rooms.exchange.Renew() // another connection, or another issuer
		return g.rooms.consents.IssuerNames()
	}
}
