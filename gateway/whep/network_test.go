package whep

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/turn/v4"
	"github.com/pion/webrtc/v4"

	"github.com/bauta-gateway/bauta/gateway/whep/wheptest"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// One port of each serves all viewers, and the answer names the public addresses beside the
// host's own.
func TestFixedPorts(t *testing.T) {
	clip := newStudio()
	s := newServer(t, Config{KeyframeWanted: clip.wanted, Network: Network{UDPAddress: "127.0.0.1:0", TCPAddress: "127.0.0.1:0", PublicAddresses: []string{"203.0.113.7", "2001:db8::7"}}})
	clip.run(t, s, lobby)
	for range 3 {
		join(t, s, lobby).frames(t, 5)
	}
	_, o := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
	answer, _, err := s.Offer(t.Context(), lobby, "192.0.2.1", o)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{" udp 2130706431 127.0.0.1 ", " 203.0.113.7 ", " 2001:db8::7 ", "tcptype passive"} {
		if !strings.Contains(answer, want) {
			t.Errorf("no %q in\n%s", want, answer)
		}
	}
	if at := strings.Index(answer, "end-of-candidates"); strings.Contains(answer[at:], "a=candidate") {
		t.Errorf("a candidate after their end:\n%s", answer)
	}
	udp, tcp := s.Ports()
	for _, line := range strings.Split(answer, "\n") {
		if f := strings.Fields(line); strings.HasPrefix(line, "a=candidate") && f[5] != map[string]string{"udp": itoa(udp), "tcp": itoa(tcp)}[f[2]] {
			t.Errorf("another port: %s", line)
		}
	}
}

func itoa(n int) string {
	return netip.AddrPortFrom(netip.IPv4Unspecified(), uint16(n)).String()[len("0.0.0.0:"):]
}

// Who says nothing at the TCP port does not hold up Close, or keep anybody out.
func TestSilentConnections(t *testing.T) {
	clip := newStudio()
	s, err := New(Config{KeyframeWanted: clip.wanted, Network: Network{TCPAddress: "127.0.0.1:0"}})
	if err != nil {
		t.Fatal(err)
	}
	_, port := s.Ports()
	for range 200 {
		c, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", itoa(port)))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, "\x00"); err != nil {
			continue // closed for a newcomer
		}
	}
	clip.run(t, s, lobby)
	join(t, s, lobby).frames(t, 3)
	began := time.Now()
	s.Close()
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("Close took %v", took)
	}
}

func TestPublicNames(t *testing.T) {
	p := newPublic([]string{"203.0.113.7", "gateway.example.org"})
	answers := []netip.Addr{netip.MustParseAddr("203.0.113.8")}
	var fail error
	p.find = func(context.Context, string, string) ([]netip.Addr, error) { return answers, fail }
	for _, want := range []string{"203.0.113.8", "203.0.113.9"} {
		answers = []netip.Addr{netip.MustParseAddr(want)}
		p.until = time.Time{}
		if got := p.addresses(t.Context()); len(got) != 2 || got[1].String() != want {
			t.Errorf("%v, not %s", got, want)
		}
	}
	answers, fail, p.until = nil, errors.New("no DNS"), time.Time{}
	if got := p.addresses(t.Context()); len(got) != 2 || got[1].String() != "203.0.113.9" {
		t.Errorf("without DNS: %v", got)
	}
}

func TestLinks(t *testing.T) {
	n := Network{ICEServers: []string{"stun:stun.example.org", "turn:turn.example.org:3478?transport=udp"}, User: "bauta", TURNPassword: `a"b\c`}
	want := []string{`<stun:stun.example.org>; rel="ice-server"`,
		`<turn:turn.example.org:3478?transport=udp>; rel="ice-server"; username="bauta"; credential="a\"b\\c"; credential-type="password"`}
	if got := n.links(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

// A full agent tries no address that can be this host's or nobody's, and no name.
func TestUsable(t *testing.T) {
	for candidate, want := range map[string]bool{
		"1 1 udp 2130706431 192.0.2.7 50000 typ host":                               true,
		"1 1 UDP 2130706431 2001:db8::7 50000 typ srflx raddr 10.0.0.2 rport 50000": true,
		"1 1 tcp 2130706431 192.0.2.7 9 typ host tcptype active":                    false,
		"1 1 udp 2130706431 6b1f1c5e.local 50000 typ host":                          false,
		"1 1 udp 2130706431 example.org 50000 typ host":                             false,
		"1 1 udp 2130706431 127.0.0.1 50000 typ host":                               false,
		"1 1 udp 2130706431 ::ffff:127.0.0.1 50000 typ host":                        false,
		"1 1 udp 2130706431 169.254.169.254 80 typ host":                            false,
		"1 1 udp 2130706431 fe80::1%eth0 80 typ host":                               false,
		"1 1 udp 2130706431 224.0.0.251 5353 typ host":                              false,
		"1 1 udp 2130706431 255.255.255.255 9 typ host":                             false,
		"1 1 udp 2130706431 0.0.0.0 9 typ host":                                     false,
		"1 1 udp":                                                                   false,
		"":                                                                          false,
	} {
		if got := usable(candidate); got != want {
			t.Errorf("%q: %v", candidate, got)
		}
	}
}

// With ICE servers the gateway is a full agent: it still answers where none of them does, soon,
// and the offer's addresses get through, few of them.
func TestFullAgent(t *testing.T) {
	clip := newStudio()
	s := newServer(t, Config{KeyframeWanted: clip.wanted, Network: Network{UDPAddress: ":0", ICEServers: []string{"stun:127.0.0.1:9", "turn:127.0.0.1:9"}, User: "u", TURNPassword: "p"}})
	clip.run(t, s, lobby)
	began := time.Now()
	c := join(t, s, lobby)
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the answer took %v", took)
	}
	c.frames(t, 5)
	_, o := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
	var more strings.Builder
	for i := range 100 {
		more.WriteString("a=candidate:9 1 udp 2130706431 192.0.2." + itoa(i+1) + " 50000 typ host\r\n")
	}
	q, err := checkOffer(o+more.String(), true)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(q.video, "a=candidate"); n == 0 || n > maxCandidates {
		t.Errorf("%d addresses of an offer", n)
	}
	if _, err := New(Config{Network: Network{ICEServers: []string{"turn:turn.example.org"}}}); err == nil {
		t.Error("a TURN server without a login passed")
	}
}

// Who watches is said in order, from the offer on.
func TestWatching(t *testing.T) {
	var mu sync.Mutex
	var said []int
	sub := media.StreamID{Camera: "lobby", Sub: true}
	s := newServer(t, Config{Watching: func(id media.StreamID, n int) {
		mu.Lock()
		defer mu.Unlock()
		if id == sub {
			said = append(said, n)
		}
	}})
	for range 2 {
		_, o := wheptest.Offer(t, webrtc.RTPCodecTypeVideo)
		if _, _, err := s.Offer(t.Context(), sub, "192.0.2.1", o); err != nil {
			t.Fatal(err)
		}
	}
	if s.Viewers(sub) != 2 || s.Viewers(lobby) != 0 {
		t.Errorf("%d and %d viewers", s.Viewers(sub), s.Viewers(lobby))
	}
	s.EndCamera("lobby")
	until(t, "nobody watches", func() bool { mu.Lock(); defer mu.Unlock(); return len(said) > 0 && said[len(said)-1] == 0 })
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(said[:2], []int{1, 2}) {
		t.Errorf("%v", said)
	}
}

// Where only a TURN server leads out, the login in the Link header opens it for the viewer,
// and the gateway's full agent is reached through it.
func TestTURN(t *testing.T) {
	here := hostAddresses()[0]
	socket, err := net.ListenPacket("udp4", net.JoinHostPort(here.String(), "0"))
	if err != nil {
		t.Fatal(err)
	}
	server, err := turn.NewServer(turn.ServerConfig{
		Realm: "test",
		AuthHandler: func(user, realm string, _ net.Addr) ([]byte, bool) {
			return turn.GenerateAuthKey(user, realm, "secret"), user == "bauta"
		},
		PacketConnConfigs: []turn.PacketConnConfig{{PacketConn: socket,
			RelayAddressGenerator: &turn.RelayAddressGeneratorStatic{RelayAddress: here.AsSlice(), Address: here.String()}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	clip := newStudio()
	s := newServer(t, Config{KeyframeWanted: clip.wanted, Network: Network{ICEServers: []string{"turn:" + socket.LocalAddr().String()}, User: "bauta", TURNPassword: "secret"}})
	clip.run(t, s, lobby)
	if link := s.Links()[0]; !strings.Contains(link, `username="bauta"; credential="secret"`) {
		t.Fatal(link)
	}
	pc, offer := wheptest.OfferThrough(t, webrtc.ICEServer{URLs: []string{"turn:" + socket.LocalAddr().String()}, Username: "bauta", Credential: "secret"})
	if strings.Contains(offer, "typ host") || !strings.Contains(offer, "typ relay") {
		t.Fatalf("the viewer has another way:\n%s", offer)
	}
	frame := make(chan struct{}, 1000)
	pc.Watch(func([][]byte, error) { frame <- struct{}{} })
	answer, _, err := s.Offer(t.Context(), lobby, "192.0.2.1", offer)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(answer, "typ relay") || strings.Contains(answer, "ice-lite") {
		t.Errorf("the gateway did not ask the server:\n%s", answer)
	}
	pc.Accept(t, answer)
	select {
	case <-frame:
	case <-time.After(patience):
		t.Fatalf("no frame, connection %v", pc.ConnectionState())
	}
}
