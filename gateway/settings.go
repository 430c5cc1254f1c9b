package gateway

import (
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/whep"
)

// streamConfig is where the settings want the streams; who may watch is the
// caller's.
func streamConfig(o Options) rtsp.ServerConfig {
	c := o.Config.RTSP
	s := rtsp.ServerConfig{Addr: c.Address, UDP: c.UDP, RTPAddr: c.UDPAddress, NextPort: o.FreePorts, TLSCert: c.Certificate, TLSKey: c.Key}
	if c.TLS() {
		s.TLSAddr = c.TLSAddress
	}
	return s
}

// previewNetwork is how the settings want browsers to reach the masked video.
func previewNetwork(o Options) (whep.Network, error) {
	c := o.Config.WebRTC
	password, err := c.TURNPassword()
	return whep.Network{
		UDPAddress: c.UDPAddress, TCPAddress: c.TCPAddress, NextPort: o.FreePorts, PublicAddresses: config.List(c.PublicAddresses),
		ICEServers: config.List(c.ICEServers), User: c.TURNUser, TURNPassword: password,
	}, err
}

// mqttConfig is where and as whom the settings want states to be published.
func mqttConfig(o Options) mqtt.Config {
	c := o.Config.MQTT
	m := mqtt.Config{
		Gateway: o.Config.Gateway.Name, NextPort: o.FreePorts, Broker: c.Broker, User: c.User,
		CAFile: c.CAFile, CertFile: c.CertFile, KeyFile: c.KeyFile,
		EmbeddedAddr: c.EmbeddedAddress, Heartbeat: c.Heartbeat, Discovery: c.HomeAssistant,
	}
	if c.PasswordFile != "" {
		m.Password = c.Password
	}
	return m
}

// fleetConfig is how the page of many gateways reads the same broker.
func fleetConfig(g *Gateway) broker.Config {
	c := g.o.Config.MQTT
	if c.Broker == "" {
		// By its own way in: no login is needed, and no place at the door. The
		// certificate and its key are the broker's then.
		return broker.Config{Address: "tcp://" + g.Broker(), Dial: g.edges.publisher.Dial}
	}
	b := broker.Config{Address: c.Broker, User: c.User, CAFile: c.CAFile, CertFile: c.CertFile, KeyFile: c.KeyFile}
	if c.PasswordFile != "" {
		b.Password = c.Password
	}
	return b
}
