package whep

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
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
	// MaxConnections are all of them, MaxIdle those of one address that no session answers.
	MaxConnections = 128
	MaxIdle        = 32
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
	udp    *oneSocket // nil: none
	tcp    ice.TCPMux // nil: none
	public *public
	// The ports of both; 0: none.
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
		bounded := connlimit.New(connlimit.Limits{Total: MaxConnections, Idle: MaxIdle}).Listen(l)
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

// tryServers has the library read their addresses, without asking them.
func tryServers(api *webrtc.API, c Network) error {
	pc, err := api.NewPeerConnection(webrtc.Configuration{ICEServers: c.servers()})
	if err != nil {
		return fmt.Errorf("%w: a TURN server needs webrtc.turn_user and webrtc.turn_password_file", err)
	}
	return pc.Close()
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

// GetListenAddresses implements ice.UDPMux: one address of IPv4 and one of IPv6. With more the
// library would have several candidates read from one queue, each packet by any of them, and
// take an answer to one for another's.
func (m *oneSocket) GetListenAddresses() (one []net.Addr) {
	ours, _ := m.here()
	for _, ip := range ours {
		one = append(one, &net.UDPAddr{IP: ip.AsSlice(), Port: m.at.Port})
	}
	return one
}

// here are the addresses of this host by which the socket is reached: those that the library
// has as its candidates, and the others.
func (m *oneSocket) here() (ours, others []netip.Addr) {
	if !m.at.IP.IsUnspecified() {
		return []netip.Addr{m.at.AddrPort().Addr().Unmap()}, nil
	}
	for _, ip := range hostAddresses() {
		if ip.Is6() && m.at.IP.To4() != nil {
			continue
		}
		if slices.ContainsFunc(ours, func(o netip.Addr) bool { return o.Is4() == ip.Is4() }) {
			others = append(others, ip)
			continue
		}
		ours = append(ours, ip)
	}
	return ours, others
}

// hostAddresses are all of this host, loopback last, without link-local ones.
func hostAddresses() (all []netip.Addr) {
	here, _ := net.InterfaceAddrs() // without them there is no candidate
	for _, a := range here {
		p, err := netip.ParsePrefix(a.String())
		if err == nil && !p.Addr().IsLinkLocalUnicast() {
			all = append(all, p.Addr().Unmap())
		}
	}
	slices.SortStableFunc(all, func(a, b netip.Addr) int {
		switch {
		case a.IsLoopback() == b.IsLoopback():
			return 0
		case b.IsLoopback():
			return -1
		}
		return 1
	})
	return all
}

// The priorities of candidates (RFC 8445, section 5.1.2, and RFC 6544 for TCP): this host's
// own addresses first, then the public ones.
const (
	ownUDP    = 126<<24 | 1000<<8
	publicUDP = 126<<24 | 500<<8
	publicTCP = 90<<24 | 500<<8
)

// candidates are the addresses that an answer has beside the library's: the others of this
// host, and the public ones. Host candidates are what they are to a lite agent: whatever
// reaches the ports is taken.
func (n *network) candidates(ctx context.Context) []string {
	var all []string
	add := func(ip netip.Addr, way string, port int, kind ice.TCPType, priority int) {
		c, err := ice.NewCandidateHost(&ice.CandidateHostConfig{Network: way, Address: ip.String(), Port: port, Component: 1,
			Priority: uint32(priority - len(all)<<8), Foundation: fmt.Sprintf("bauta%d", len(all)), TCPType: kind})
		if err == nil { // an address always makes one
			all = append(all, c.Marshal())
		}
	}
	if n.udp != nil {
		_, others := n.udp.here()
		for _, ip := range others {
			add(ip, "udp", n.udpPort, ice.TCPTypeUnspecified, ownUDP)
		}
	}
	if n.udp == nil && n.tcp == nil {
		return nil // nobody knows the ports
	}
	for _, ip := range n.public.addresses(ctx) {
		if n.udp != nil {
			add(ip, "udp", n.udpPort, ice.TCPTypeUnspecified, publicUDP)
		}
		if n.tcp != nil {
			add(ip, "tcp", n.tcpPort, ice.TCPTypePassive, publicTCP)
		}
	}
	return all
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
