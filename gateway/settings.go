package gateway

import (
	"fmt"
	"net"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/ports"
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
		Gateway: o.Config.Gateway.Name, Prefix: c.Prefix, NextPort: o.FreePorts, Broker: c.Broker, User: c.User,
		CAFile: c.CAFile, CertFile: c.CertFile, KeyFile: c.KeyFile,
		EmbeddedAddr: c.EmbeddedAddress, Heartbeat: c.Heartbeat, Discovery: c.HomeAssistant,
		DiscoveryPrefix: c.DiscoveryPrefix, BirthTopic: c.BirthTopic, BirthPayload: c.BirthPayload, Snapshots: c.SnapshotEvery() > 0,
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

// Moved is a port that another program had, and what was taken instead.
type Moved struct {
	// Setting is the key of the settings that names the port.
	Setting string
	Holder  ports.Holder
	// Port is the one in use.
	Port int
}

// Moved lists the ports that are others than the settings say. Without
// Options.FreePorts there are none.
func (g *Gateway) Moved() (all []Moved) {
	if !g.o.FreePorts {
		return nil
	}
	add := func(setting, wanted, got string) {
		if from, to := portOf(wanted), portOf(got); from > 0 && to > 0 && from != to {
			all = append(all, Moved{Setting: setting, Holder: ports.Owner(from), Port: to})
		}
	}
	at := g.edges.streams.Addrs()
	add("rtsp.address", g.o.Config.RTSP.Address, at.RTSP)
	add("rtsp.tls_address", g.o.Config.RTSP.TLSAddress, at.RTSPS)
	add("rtsp.udp_address", g.o.Config.RTSP.UDPAddress, at.RTP)
	add("mqtt.embedded_address", g.o.Config.MQTT.EmbeddedAddress, g.edges.publisher.Addr())
	udp, tcp := g.edges.previews.Ports()
	add("webrtc.udp_address", g.o.Config.WebRTC.UDPAddress, fmt.Sprintf(":%d", udp))
	add("webrtc.tcp_address", g.o.Config.WebRTC.TCPAddress, fmt.Sprintf(":%d", tcp))
	if g.edges.console != nil {
		add("console.address", g.o.Config.Console.Address, g.edges.console.Addr())
	}
	if g.edges.onvif != nil {
		add("onvif.address", g.o.Config.ONVIF.Address, g.edges.onvif.Addr())
	}
	if g.edges.notice != nil {
		add("notice.address", g.o.Config.Notice.Address, g.edges.notice.Addr())
	}
	return all
}

// portOf is 0 where there is none or the system chooses it.
func portOf(addr string) int {
	_, service, err := net.SplitHostPort(addr)
	if err != nil {
		return 0
	}
	port, err := net.LookupPort("tcp", service)
	if err != nil {
		return 0
	}
	return port
}
