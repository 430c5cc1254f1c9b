package whep

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/pion/ice/v4"
	"github.com/pion/logging"
	"github.com/pion/webrtc/v4"

	"github.com/bauta-gateway/bauta/gateway/connlimit"
	"github.com/bauta-gateway/bauta/gateway/ports"
)

// The bounds of the TCP port. A viewer needs one connection.
const (
	maxConnections = 128
	maxIdle        = 32
	// firstWord is how long a connection may take to name its session.
	firstWord = 5 * time.Second
	// writeLimit is how long one packet may take to leave for a viewer over TCP.
	writeLimit = 5 * time.Second
)

// Network is how viewers reach a Server. Its zero value gives each viewer a UDP port of its own.
type Network struct {
	// UDPAddress and TCPAddress are [host]:port of one port for all viewers; empty: none.
	UDPAddress, TCPAddress string
	// NextPort takes the next free port where another program has one of them.
	NextPort bool
	// PublicAddresses are IP addresses and host names under which viewers reach both ports
	// from elsewhere.
	PublicAddresses []string
	// ICEServers are stun:, turn: and turns: addresses, for viewers and for the gateway. With
	// none the gateway never sends to an address that an offer names.
	ICEServers         []string
	User, TURNPassword string
}

// network is the ports in use.
type network struct {
	cfg    Network
	udp    ice.UDPMux // nil: none
	tcp    ice.TCPMux
	public *public
	// The ports of both, 0: none.
	udpPort, tcpPort int
}

// open opens the ports.
func (c Network) open() (n *network, err error) {
	n = &network{cfg: c, public: newPublic(c.PublicAddresses)}
	defer func() {
		if err != nil {
			n.close()
		}
	}()
	if c.UDPAddress != "" {
		conn, err := ports.UDP(ports.Want{Addr: c.UDPAddress, Setting: "webrtc.udp_address", Next: c.NextPort})
		if err != nil {
			return n, err
		}
		n.udpPort = conn.LocalAddr().(*net.UDPAddr).Port
		n.udp = &oneSocket{ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: conn, Logger: silent.NewLogger("")}), conn.LocalAddr().(*net.UDPAddr)}
	}
	if c.TCPAddress != "" {
		l, err := ports.TCP(ports.Want{Addr: c.TCPAddress, Setting: "webrtc.tcp_address", Next: c.NextPort})
		if err != nil {
			return n, err
		}
		n.tcpPort = l.Addr().(*net.TCPAddr).Port
		bounded := connlimit.New(connlimit.Limits{Total: maxConnections, Idle: maxIdle}).Listen(l)
		n.tcp = ice.NewTCPMuxDefault(ice.TCPMuxParams{Listener: newClosing(bounded), Logger: silent.NewLogger(""), ReadBufferSize: 8,
			FirstStunBindTimeout: firstWord, AliveDurationForConnFromStun: firstWord})
	}
	return n, nil
}

func (n *network) close() {
	if n.udp != nil {
		_ = n.udp.Close()
	}
	if n.tcp != nil {
		_ = n.tcp.Close()
	}
}

// full reports whether the gateway is a full ICE agent.
func (c Network) full() bool { return len(c.ICEServers) > 0 }

// servers are the ICE servers as the library takes them.
func (c Network) servers() (all []webrtc.ICEServer) {
	for _, url := range c.ICEServers {
		s := webrtc.ICEServer{URLs: []string{url}}
		if strings.HasPrefix(url, "turn") {
			s.Username, s.Credential = c.User, c.TURNPassword
		}
		all = append(all, s)
	}
	return all
}

// links are the ICE servers as values of a Link header (draft-ietf-wish-whep, section 4.4.4).
func (c Network) links() (all []string) {
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	for _, url := range c.ICEServers {
		link := "<" + url + `>; rel="ice-server"`
		if strings.HasPrefix(url, "turn") && c.User != "" {
			link += fmt.Sprintf(`; username="%s"; credential="%s"; credential-type="password"`, quote.Replace(c.User), quote.Replace(c.TURNPassword))
		}
		all = append(all, link)
	}
	return all
}

// silent keeps the library's own lines out of the log: they are about what strangers send.
var silent = &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled}

// oneSocket is a mux of one socket that says at each session which addresses this host has
// then: the library's own remembers those that it had at the start.
type oneSocket struct {
	*ice.UDPMuxDefault
	at *net.UDPAddr
}

// GetListenAddresses implements ice.UDPMux.
func (m *oneSocket) GetListenAddresses() (all []net.Addr) {
	if !m.at.IP.IsUnspecified() {
		return []net.Addr{m.at}
	}
	here, _ := net.InterfaceAddrs() // without them there is no candidate
	for _, a := range here {
		n, ok := a.(*net.IPNet)
		if !ok || n.IP.IsLinkLocalUnicast() || m.at.IP.To4() != nil && n.IP.To4() == nil {
			continue
		}
		all = append(all, &net.UDPAddr{IP: n.IP, Port: m.at.Port})
	}
	return all
}

// candidates are the public addresses as attributes of an answer. A host candidate is what
// they are to a lite agent: whatever reaches the ports is taken.
func (n *network) candidates(ctx context.Context) (all []string, err error) {
	if n.udpPort == 0 && n.tcpPort == 0 {
		return nil, nil
	}
	for i, ip := range n.public.addresses(ctx) {
		for _, way := range []struct {
			network  string
			port     int
			kind     ice.TCPType
			priority uint32
		}{{"udp", n.udpPort, ice.TCPTypeUnspecified, 126<<24 | 100<<8}, {"tcp", n.tcpPort, ice.TCPTypePassive, 90<<24 | 100<<8}} {
			if way.port == 0 {
				continue
			}
			c, hostErr := ice.NewCandidateHost(&ice.CandidateHostConfig{Network: way.network, Address: ip.String(), Port: way.port, Component: 1,
				Priority: way.priority - uint32(i)<<8, Foundation: fmt.Sprintf("public%d%s", i, way.network), TCPType: way.kind})
			if hostErr != nil {
				err = errors.Join(err, hostErr)
				continue
			}
			all = append(all, c.Marshal())
		}
	}
	return all, err
}

// usable reports whether an offer's candidate may be sent to by a full agent: an address of
// UDP that can be another host's.
func usable(candidate string) bool {
	f := strings.Fields(candidate)
	if len(f) < 8 || !strings.EqualFold(f[2], "udp") {
		return false
	}
	ip, err := netip.ParseAddr(f[4])
	return err == nil && ip.Unmap().IsGlobalUnicast() && ip.Zone() == ""
}
