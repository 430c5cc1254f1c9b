package onvifserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/google/uuid"
	"golang.org/x/net/ipv4"
	"golang.org/x/sys/unix"
	"golang.org/x/time/rate"
)

// group is where WS-Discovery asks (section 2.4 of its specification).
var group = netip.MustParseAddrPort("239.255.255.250:3702")

// The bounds of answers: whoever forges an address gets no more than this sent to it, and only
// to one of the interface's own network.
const (
	AnswersASecond     = 20
	AnswersToOneSource = 2 // a second, and a few at once
	answersAtOnce      = 6
	maxAskers          = 1024
	maxProbe           = 4 << 10 // bytes
	// lowestPort of who asks: what listens below is a service, which an answer might set off.
	lowestPort = 1024
	// checkEvery is how often interfaces are searched that are not there yet, or that came anew.
	checkEvery = 15 * time.Second
	// errorPause keeps a socket that fails from using up the host.
	errorPause = 10 * time.Millisecond
)

// DiscoveryStats count since the start.
type DiscoveryStats struct {
	// Answered searches; Refused came from elsewhere, or too often.
	Answered, Refused uint64
}

// discovery answers searches on the chosen interfaces, and nowhere else.
type discovery struct {
	description
	names    []string
	log      *slog.Logger
	conn     *net.UDPConn
	packets  *ipv4.PacketConn
	instance int64

	number            atomic.Uint64
	answered, refused atomic.Uint64
	all               *rate.Limiter
	each              map[netip.Addr]*rate.Limiter // only the receiving goroutine touches it

	mu     sync.Mutex
	joined map[int]home // by the interface's index

	stop context.CancelFunc
	wait sync.WaitGroup
}

// home is a chosen interface with its networks.
type home struct {
	net.Interface
	networks []netip.Prefix
}

// startDiscovery listens. Interfaces that are not there are waited for.
func startDiscovery(d description, names []string, log *slog.Logger) (*discovery, error) {
	lc := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) (err error) {
		// Others on this host may search or answer, too. And only what was joined here is received here.
		failed := c.Control(func(fd uintptr) {
			err = errors.Join(unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEADDR, 1), unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_MULTICAST_ALL, 0))
		})
		return errors.Join(failed, err)
	}}
	l, err := lc.ListenPacket(context.Background(), "udp4", netip.AddrPortFrom(netip.IPv4Unspecified(), group.Port()).String())
	if err != nil {
		return nil, fmt.Errorf("WS-Discovery: %w: end the program that has UDP port %d, or leave onvif.interfaces empty", err, group.Port())
	}
	s := &discovery{
		description: d, names: names, log: log, conn: l.(*net.UDPConn), packets: ipv4.NewPacketConn(l), instance: time.Now().Unix(),
		all: rate.NewLimiter(AnswersASecond, AnswersASecond), each: map[netip.Addr]*rate.Limiter{}, joined: map[int]home{},
	}
	if err := errors.Join(s.packets.SetControlMessage(ipv4.FlagInterface, true), s.packets.SetMulticastTTL(1), s.packets.SetMulticastLoopback(true)); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("WS-Discovery: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.check(true)
	s.wait.Go(s.receive)
	s.wait.Go(func() { s.watch(ctx) })
	return s, nil
}

// close says Bye where Hello was said.
func (s *discovery) close() {
	s.stop()
	s.mu.Lock()
	for _, h := range s.joined {
		s.say(h, s.bye(uuid.NewString(), s.next()))
	}
	s.mu.Unlock()
	_ = s.conn.Close()
	s.wait.Wait()
}

func (s *discovery) next() string { return sequence(s.instance, s.number.Add(1)) }

func (s *discovery) stats() DiscoveryStats {
	return DiscoveryStats{s.answered.Load(), s.refused.Load()}
}

func (s *discovery) watch(ctx context.Context) {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.check(false)
		}
	}
}

// check joins on the chosen interfaces that are there now, with their present addresses, and
// announces the device on those that are new.
func (s *discovery) check(first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := map[int]home{}
	for _, name := range s.names {
		h, err := s.homeOf(name)
		if err != nil {
			if first {
				s.log.Warn("WS-Discovery waits for an interface of onvif.interfaces", "interface", name, "error", err)
			}
			continue
		}
		if _, was := s.joined[h.Index]; !was {
			if err := s.packets.JoinGroup(&h.Interface, net.UDPAddrFromAddrPort(group)); err != nil && !errors.Is(err, syscall.EADDRINUSE) {
				s.log.Warn("WS-Discovery cannot join on an interface", "interface", name, "error", err)
				continue
			}
			s.say(h, s.hello(h.networks[0].Addr(), uuid.NewString(), s.next()))
		}
		now[h.Index] = h
	}
	s.joined = now
}

func (d description) homeOf(name string) (h home, err error) {
	i, err := net.InterfaceByName(name)
	if err != nil {
		return h, err
	}
	if i.Flags&net.FlagUp == 0 {
		return h, errors.New("it is down")
	}
	addrs, err := i.Addrs()
	if err != nil {
		return h, err
	}
	h.Interface = *i
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() && d.servedAt(p.Addr()) {
			h.networks = append(h.networks, p)
		}
	}
	if len(h.networks) == 0 {
		return h, errors.New("it has no IPv4 address at which onvif.address is served")
	}
	return h, nil
}

// say sends to the group on one interface.
func (s *discovery) say(h home, packet []byte) {
	if _, err := s.packets.WriteTo(packet, &ipv4.ControlMessage{IfIndex: h.Index, Src: h.networks[0].Addr().AsSlice()}, net.UDPAddrFromAddrPort(group)); err != nil {
		s.log.Warn("WS-Discovery cannot announce the device", "interface", h.Name, "error", err)
	}
}

// receive answers until the connection is closed.
func (s *discovery) receive() {
	buf := make([]byte, maxProbe+1)
	for {
		n, cm, from, err := s.packets.ReadFrom(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // of an answer that nobody took
			time.Sleep(errorPause)
			continue
		}
		if n > maxProbe || cm == nil {
			s.refused.Add(1)
			continue
		}
		if to, at, ok := s.near(cm.IfIndex, from); ok {
			s.reply(buf[:n], to, at, cm.IfIndex)
		}
	}
}

// near reports whether a datagram came on a chosen interface from its own network, and by which
// address that network reaches this host.
func (s *discovery) near(index int, from net.Addr) (to netip.AddrPort, at netip.Addr, ok bool) {
	s.mu.Lock()
	h, chosen := s.joined[index]
	s.mu.Unlock()
	to = from.(*net.UDPAddr).AddrPort()
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	if !chosen {
		return to, at, false
	}
	for _, n := range h.networks {
		if usable(n, to.Addr()) && to.Port() >= lowestPort {
			return to, n.Addr(), true
		}
	}
	s.refused.Add(1)
	return to, at, false
}

// usable reports whether an address is one host of a network: not the network's own first or last address, nor a group.
func usable(n netip.Prefix, a netip.Addr) bool {
	if !n.Contains(a) || a.IsMulticast() || a.IsUnspecified() {
		return false
	}
	if n.Bits() >= 31 {
		return true
	}
	last := n.Masked().Addr().As4()
	for bit := n.Bits(); bit < 32; bit++ {
		last[bit/8] |= 0x80 >> (bit % 8)
	}
	return a != n.Masked().Addr() && a != netip.AddrFrom4(last)
}

// reply answers a search, from the address that the answer names.
func (s *discovery) reply(data []byte, to netip.AddrPort, at netip.Addr, index int) {
	if !s.allowed(to.Addr()) {
		s.refused.Add(1)
		return
	}
	q, ok := s.asked(data)
	if !ok {
		return
	}
	answer := s.answer(q, at, uuid.NewString(), s.next())
	if _, err := s.packets.WriteTo(answer, &ipv4.ControlMessage{IfIndex: index, Src: at.AsSlice()}, net.UDPAddrFromAddrPort(to)); err == nil {
		s.answered.Add(1)
	}
}

// allowed counts before anything is read: what is no search costs as much to find out.
func (s *discovery) allowed(from netip.Addr) bool {
	one := s.each[from]
	if one == nil {
		if len(s.each) >= maxAskers {
			s.forget()
		}
		if len(s.each) >= maxAskers {
			return false
		}
		one = rate.NewLimiter(AnswersToOneSource, answersAtOnce)
		s.each[from] = one
	}
	return one.Allow() && s.all.Allow()
}

// forget drops those who have not asked for a while.
func (s *discovery) forget() {
	for a, one := range s.each {
		if one.Tokens() >= answersAtOnce {
			delete(s.each, a)
		}
	}
}
