package mqtt

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// pub runs mosquitto_pub.
func pub(t *testing.T, addr string, args ...string) error {
	t.Helper()
	brokertest.Need(t, "mosquitto_pub")
	host, port, _ := net.SplitHostPort(addr)
	out, err := exec.Command("mosquitto_pub", append([]string{"-h", host, "-p", port, "-q", "1"}, args...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// granted asks for a filter and reports whether it was allowed. The server takes
// an id of the client's for one of its own that waits for a receipt; then it is
// asked again.
func granted(t *testing.T, c paho.Client, filter string) bool {
	t.Helper()
	const inUse = 0x91
	code := byte(inUse)
	for code == inUse {
		token := c.Subscribe(filter, 1, func(paho.Client, paho.Message) {}).(*paho.SubscribeToken)
		if !token.WaitTimeout(brokertest.Patience) {
			t.Fatalf("no answer to a subscription of %s", filter)
		}
		for _, code = range token.Result() { // of one filter, named without what it is shared by
		}
	}
	return code <= 2
}

// What each kind of client may do, by mosquitto's own tools.
func TestRightsAtTheBroker(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	p.SetCamera(cam, true, media.Protected)
	connected(t, p)
	const mask, withdrawal = "bauta/gw/camera/lobby/mask/set", "bauta/consent/revocation/0123456789abcdef"
	for who, c := range map[string]struct {
		args         []string
		enters, mask bool
	}{
		"nobody":         {nil, true, false},
		"reader":         {[]string{"-u", "reader", "-P", "sesame"}, true, false},
		"hider":          {[]string{"-u", "hider", "-P", "sesame"}, true, true},
		"wrong password": {[]string{"-u", "hider", "-P", "guess"}, false, false},
		"unknown":        {[]string{"-u", "root", "-P", "sesame"}, false, false},
		"no password":    {[]string{"-u", "hider"}, false, false},
	} {
		// A watcher of its own: it received what this one sent.
		w := watch(t, p.Addr())
		for topic, may := range map[string]bool{withdrawal: c.enters, topics.Assistant{}.Birth(): c.enters, mask: c.mask, "bauta/gw/status": false, "bauta/gw/event/x": false, "x": false} {
			err := pub(t, p.Addr(), append(c.args, "-t", topic, "-m", "online")...)
			if !c.enters && (err == nil || !strings.Contains(err.Error(), "Bad user name or password") && !strings.Contains(err.Error(), "not authorised")) {
				t.Errorf("%s: %v", who, err)
			}
			if may && err != nil {
				t.Errorf("%s publishes %s: %v", who, topic, err)
			}
			if strings.HasPrefix(topic, "bauta/") && may {
				w.wait(t, topic, "online")
			}
		}
		if _, received := w.last(mask); received != c.mask {
			t.Errorf("%s: a command was received: %v", who, received)
		}
		if _, received := w.last("bauta/gw/event/x"); received {
			t.Errorf("%s spoke for the gateway", who)
		}
	}
	for _, login := range [][]string{nil, {"reader", "sesame"}, {"hider", "sesame"}} {
		c := brokertest.Client(t, p.Addr(), login...)
		for filter, may := range map[string]bool{
			"bauta/#": true, "bauta/+/status": true, "homeassistant/#": true, "homeassistant/+/+/config": true, "#": false, "+/#": false, "$SYS/#": false, "$share/x/bauta/#": false, "x": false,
		} {
			if got := granted(t, c, filter); got != may {
				t.Errorf("%v subscribes %s: %v", login, filter, got)
			}
		}
	}
}

// visit connects to the embedded broker as from another address.
func visit(t testing.TB, p *Publisher, from string) net.Conn {
	t.Helper()
	here, there := net.Pipe()
	t.Cleanup(func() { here.Close() })
	p.embedded().gate.admit(visitor{there, net.TCPAddrFromAddrPort(netip.MustParseAddrPort(from))})
	return here
}

type visitor struct {
	net.Conn
	from net.Addr
}

func (v visitor) RemoteAddr() net.Addr { return v.from }

// visitAs logs in from another address.
func visitAs(t *testing.T, p *Publisher, from, id string, login ...string) (paho.Client, error) {
	t.Helper()
	opts := paho.NewClientOptions().AddBroker("tcp://broker").SetAutoReconnect(false).SetProtocolVersion(4).SetClientID(id).SetCleanSession(id == "")
	if len(login) == 2 {
		opts.SetUsername(login[0]).SetPassword(login[1])
	}
	opts.SetCustomOpenConnectionFn(func(*url.URL, paho.ClientOptions) (net.Conn, error) { return visit(t, p, from), nil })
	c := paho.NewClient(opts)
	token := c.Connect()
	token.WaitTimeout(brokertest.Patience)
	t.Cleanup(func() { c.Disconnect(10) })
	return c, token.Error()
}

// From another machine nobody gets in without a login.
func TestNetworkNeedsALogin(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	connected(t, p)
	for _, c := range []struct {
		from  string
		login []string
		may   bool
	}{
		{"127.0.0.9:5", nil, true}, {"[::1]:5", nil, true}, {"[::ffff:127.0.0.1]:5", nil, true},
		{"192.168.1.9:5", nil, false}, {"[fe80::1]:5", nil, false}, {"0.0.0.0:5", nil, false},
		{"192.168.1.9:5", []string{"reader", "sesame"}, true}, {"192.168.1.9:5", []string{"reader", "wrong"}, false}, {"127.0.0.1:5", []string{"reader", "wrong"}, false},
	} {
		if _, err := visitAs(t, p, c.from, "", c.login...); (err == nil) != c.may {
			t.Errorf("%s with %v: %v", c.from, c.login, err)
		}
	}
}

// The embedded broker's own TLS, as mosquitto_sub sees it.
func TestEmbeddedTLS(t *testing.T) {
	t.Parallel()
	a := brokertest.NewAuthority(t)
	cert, key := a.Issue("broker")
	p := started(t, Config{EmbeddedAddr: brokertest.FreeAddr(t), CertFile: cert, KeyFile: key})
	p.SetCamera(cam, true, media.Protected)
	connected(t, p)
	s := subscribe(t, append(subArgs(p.Addr()), "--cafile", a.CA, "-u", "reader", "-P", "sesame"))
	s.wait("1 bauta/gw/camera/lobby/protection protected")
	if err := pub(t, p.Addr(), "-t", topics.Assistant{}.Birth(), "-m", "online"); err == nil {
		t.Error("clear text passed")
	}
}

// A client's subscriptions are bounded in number, length and depth, and those
// that it has are served.
func TestSubscriptionsAreBounded(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	p.SetCamera(cam, true, media.Protected)
	connected(t, p)
	w := watch(t, p.Addr()) // its first one
	for i := range MaxSubscriptions - 1 {
		if !granted(t, w.client, fmt.Sprintf("bauta/%d/status", i)) {
			t.Fatalf("subscription %d is refused", i+2)
		}
	}
	if granted(t, w.client, "bauta/more/status") {
		t.Error("one more than allowed")
	}
	if !granted(t, w.client, "bauta/7/status") {
		t.Error("one of those that it has is refused")
	}
	p.SetCamera(cam, true, media.Blocked)
	w.wait(t, "bauta/gw/camera/lobby/protection", "blocked")
	c := brokertest.Client(t, p.Addr())
	for filter, may := range map[string]bool{
		"bauta/" + strings.Repeat("x", MaxFilter-6): true, "bauta/" + strings.Repeat("x", MaxFilter-5): false,
		"bauta" + strings.Repeat("/x", MaxFilterLevels-1): true, "bauta" + strings.Repeat("/x", MaxFilterLevels): false,
	} {
		if granted(t, c, filter) != may {
			t.Errorf("%.40s of %d bytes: want %v", filter, len(filter), may)
		}
	}
	many := map[string]byte{}
	for i := range 5000 {
		many[fmt.Sprintf("bauta/%d", i)] = 0
	}
	c.SubscribeMultiple(many, nil).WaitTimeout(brokertest.Patience)
	if n := p.embedded().server.Info.Clone().Subscriptions; n > 3*MaxSubscriptions {
		t.Errorf("%d subscriptions are in force", n)
	}
}

// Clients that want their sessions kept, and never come back, are forgotten.
func TestSessionsAreBounded(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	connected(t, p)
	for i := range 2 * MaxSessions {
		c, err := visitAs(t, p, fmt.Sprintf("127.0.0.%d:5", 1+i%100), fmt.Sprint("passer-by-", i))
		if err != nil {
			t.Fatal(err)
		}
		if i == 2*MaxSessions-1 {
			granted(t, c, "bauta/#")
		}
		c.Disconnect(0)
		brokertest.Until(t, "it is gone", func() bool { return p.embedded().gate.limiter.Stats().Open < 10 })
	}
	clients := p.embedded().server.Clients
	if n := clients.Len(); n > MaxSessions {
		t.Errorf("%d clients are remembered", n)
	}
	if last, ok := clients.Get(fmt.Sprint("passer-by-", 2*MaxSessions-1)); !ok || last.State.Subscriptions.Len() != 1 {
		t.Error("the newest session is not remembered")
	}
}

// Nobody takes over a session that belongs to somebody else.
func TestClientIDsOfOthersAreKept(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	connected(t, p)
	first, err := visitAs(t, p, "192.168.1.9:5", "home", "reader", "sesame")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := visitAs(t, p, "127.0.0.1:5", "home"); err == nil {
		t.Error("without a login")
	}
	if _, err := visitAs(t, p, "192.168.1.9:6", "home", "hider", "sesame"); err == nil {
		t.Error("with another login")
	}
	if !first.IsConnectionOpen() {
		t.Error("the first one was thrown out")
	}
	if _, err := visitAs(t, p, "192.168.1.9:7", "home", "reader", "sesame"); err != nil {
		t.Errorf("its owner: %v", err)
	}
}

func TestLoginEnds(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	connected(t, p)
	reader, hider := brokertest.Client(t, p.Addr(), "reader", "sesame"), brokertest.Client(t, p.Addr(), "hider", "sesame")
	p.EndLogin("reader")
	brokertest.Until(t, "the reader is out", func() bool { return !reader.IsConnectionOpen() })
	if !hider.IsConnectionOpen() || !p.State().Connected {
		t.Error("somebody else was thrown out, too")
	}
}

// Three hundred silent connections keep neither the gateway nor others out.
func TestCrowdAtTheBroker(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	p.SetCamera(cam, true, media.Protected)
	connected(t, p)
	early := watch(t, p.Addr())
	for range 300 {
		c, err := net.Dial("tcp", p.Addr())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
	}
	late := watch(t, p.Addr())
	late.wait(t, "bauta/gw/camera/lobby/protection", "protected")
	p.SetCamera(cam, true, media.Blocked)
	early.wait(t, "bauta/gw/camera/lobby/protection", "blocked")
	if st := p.embedded().gate.limiter.Stats(); st.Open > MaxGreeting+2 {
		t.Errorf("%d connections are open", st.Open)
	}
	// Those who log in are bounded, too: others find a place.
	for i := range MaxClientsOfOne + 5 {
		_, err := visitAs(t, p, "192.168.1.9:5", "", "reader", "sesame")
		if (err == nil) != (i < MaxClientsOfOne) {
			t.Fatalf("client %d of one address: %v", i+1, err)
		}
	}
	if _, err := visitAs(t, p, "192.168.1.10:5", "", "reader", "sesame"); err != nil {
		t.Errorf("another address: %v", err)
	}
	if !p.State().Connected || p.State().Connects != 1 {
		t.Error("the gateway itself was thrown out")
	}
}

// A client that publishes without end gets through for a while and then now and then.
func TestPublishRate(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	connected(t, p)
	var received atomic.Int64
	listener := brokertest.Client(t, p.Addr())
	listener.Subscribe("homeassistant/#", 0, func(paho.Client, paho.Message) { received.Add(1) }).WaitTimeout(brokertest.Patience)
	flood := brokertest.Client(t, p.Addr())
	for range 3 * PublishBurst {
		flood.Publish(topics.Assistant{}.Birth(), 0, false, "offline").WaitTimeout(brokertest.Patience)
	}
	brokertest.Until(t, "the rest is refused", func() bool { return p.State().Refused > PublishBurst })
	if n := received.Load(); n > 2*PublishBurst {
		t.Errorf("%d messages passed", n)
	}
}

// A thousand refusals are a line in the log.
func TestRefusalsAreLoggedOnceAMinute(t *testing.T) {
	t.Parallel()
	var log brokertest.Journal
	p, err := New(Config{Gateway: "gw", EmbeddedAddr: "127.0.0.1:0", Login: testLogins}, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	p.Start(t.Context())
	t.Cleanup(p.Close)
	connected(t, p)
	c := brokertest.Client(t, p.Addr())
	for range 1000 {
		c.Publish("bauta/gw/status", 0, false, "lie")
	}
	for range 3 {
		_ = pub(t, p.Addr(), "-u", "hider", "-P", "guess-me-not", "-t", "x", "-m", "y")
	}
	brokertest.Until(t, "all are refused", func() bool { return p.State().Refused >= 300 })
	if n := log.Count("refused a client"); n != 1 || strings.Contains(log.String(), "guess-me-not") {
		t.Errorf("%d lines:\n%.2000s", n, log.String())
	}
}

// A broker that keeps very large messages costs neither memory nor what comes
// after them: more of them than it sends without receipts, then a withdrawal.
func TestHugeMessages(t *testing.T) { // beside no other: memory is counted
	m := brokertest.NewMosquitto(t, "allow_anonymous true\nmax_inflight_messages 20")
	const size, n = 10 << 20, 25
	large := brokertest.Write(t, filepath.Join(t.TempDir(), "large"), strings.Repeat("x", size))
	for i := range n {
		if err := pub(t, m.Addr, "-r", "-t", topics.Prefix("").Consent(consent.KindRevocation, fmt.Sprintf("%016d", i)), "-f", large); err != nil {
			t.Fatal(err)
		}
	}
	os.Remove(large)
	got := make(chan string, 100)
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	p := started(t, Config{Broker: "tcp://" + m.Addr, Consents: func(_ consent.Kind, id string, _ []byte, stored func()) { got <- id; stored() }})
	connected(t, p)
	brokertest.Until(t, "all large ones are passed over", func() bool { return p.State().TooLarge >= n })
	if err := pub(t, m.Addr, "-t", topics.Prefix("").Consent(consent.KindRevocation, "fedcba9876543210"), "-m", "a.b.c"); err != nil {
		t.Fatal(err)
	}
	select {
	case id := <-got:
		if id != "fedcba9876543210" {
			t.Errorf("received %s", id)
		}
	case <-time.After(brokertest.Patience):
		t.Fatal("a withdrawal after large messages is not received")
	}
	var after runtime.MemStats
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 5*size {
		t.Errorf("%d MiB were allocated for %d MiB", used>>20, n*size>>20)
	}
	if s := p.State(); s.Connects != 1 || !s.Connected {
		t.Errorf("%+v", s)
	}
}

// FuzzBrokerPackets: whatever a stranger sends to the embedded broker, the
// gateway's own states stay as they are and it stays connected.
func FuzzBrokerPackets(f *testing.F) {
	connect := []byte{0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 1, 'a'}
	for _, more := range []string{
		"", "\x82\x0c\x00\x01\x00\x07bauta/#\x01", "\x30\x0a\x00\x08bauta/gw", "\x33\x18\x00\x0fbauta/gw/status\x00\x07offline", "\xc0\x00", "\xe0\x00", "\x30\xff\xff\xff\x7f",
		"\xa2\x0b\x00\x01\x00\x07bauta/#", "\x62\x02\x00\x01",
	} {
		f.Add(append(bytes.Clone(connect), more...))
	}
	f.Add([]byte("\x10\x1b\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x08bauta-gw"))
	f.Add([]byte("\x10\x2f\x00\x04MQTT\x04\x2e\x00\x3c\x00\x01b\x00\x0fbauta/gw/status\x00\x07offline"))
	p, err := New(Config{Gateway: "gw", EmbeddedAddr: "127.0.0.1:0", Login: testLogins}, slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	p.Start(f.Context())
	f.Cleanup(p.Close)
	for !p.State().Connected {
		time.Sleep(time.Millisecond)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := visit(t, p, "127.0.0.1:5")
		go func() { // the answers
			for b := make([]byte, 4096); ; {
				if _, err := c.Read(b); err != nil {
					return
				}
			}
		}()
		_ = c.SetDeadline(time.Now().Add(time.Second))
		_, _ = c.Write(data) // the broker may hang up on it
		c.Close()
		if s := p.State(); !s.Connected || s.Connects != 1 {
			t.Fatalf("the gateway is %+v", s)
		}
		for _, kept := range p.embedded().server.Topics.Messages("#") {
			if !strings.HasPrefix(kept.TopicName, "bauta/gw/") || kept.TopicName == "bauta/gw/status" && string(kept.Payload) != topics.Online || kept.Origin != "bauta-gw" {
				t.Fatalf("%s says %q by %s", kept.TopicName, kept.Payload, kept.Origin)
			}
		}
	})
}
