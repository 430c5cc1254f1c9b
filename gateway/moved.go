package gateway

import (
	"net"

	"github.com/bauta-gateway/bauta/gateway/ports"
)

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
		from, to := portOf(wanted), portOf(got)
		if from > 0 && to > 0 && from != to {
			all = append(all, Moved{Setting: setting, Holder: ports.Owner(from), Port: to})
		}
	}
	at := g.edges.streams.Addrs()
	add("rtsp.address", g.o.Config.RTSP.Address, at.RTSP)
	add("rtsp.tls_address", g.o.Config.RTSP.TLSAddress, at.RTSPS)
	add("rtsp.udp_address", g.o.Config.RTSP.UDPAddress, at.RTP)
	add("mqtt.embedded_address", g.o.Config.MQTT.EmbeddedAddress, g.edges.publisher.Addr())
	if g.edges.console != nil {
		add("console.address", g.o.Config.Console.Address, g.edges.console.Addr())
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
