package mqtt

import (
	"errors"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Strangers may listen and ask for more masking. They cannot speak for the gateway.
func TestStrangersCannotSpeak(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	p.SetCamera(cam, true, media.Protected)
	connected(t, p)
	w := watch(t, p.Addr())
	w.wait(t, "bauta/gw/status", topics.Online)
	refused := uint64(0)
	for _, topic := range []string{
		"bauta/gw/status", "bauta/gw/info", "bauta/gw/camera/lobby/availability", "bauta/gw/camera/lobby/protection",
		"bauta/gw/camera/lobby/metrics", "bauta/gw/compliance", "bauta/gw/camera/x/y/mask/set", "bauta/other/camera/lobby/mask/set", "x",
	} {
		c := brokertest.Client(t, p.Addr())
		c.Publish(topic, 0, true, "lie").WaitTimeout(brokertest.Patience)
		refused++
		brokertest.Until(t, "refusal of "+topic, func() bool { return p.State().Refused == refused })
	}
	brokertest.Client(t, p.Addr(), "hider", "sesame").Publish("bauta/gw/camera/lobby/mask/set", 1, true, "solid").WaitTimeout(brokertest.Patience)
	w.wait(t, "bauta/gw/camera/lobby/mask/set", "solid")
	late := watch(t, p.Addr())
	late.wait(t, "bauta/gw/camera/lobby/protection", "protected")
	for _, m := range append(w.messages(), late.messages()...) {
		if m.payload == "lie" {
			t.Errorf("received %+v", m)
		}
	}
	if _, kept := late.last("bauta/gw/camera/lobby/mask/set"); kept {
		t.Error("a stranger's message is retained")
	}
}

// The server sends a last will without asking its rules.
func TestStrangersWill(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	connected(t, p)
	w := watch(t, p.Addr())
	for topic, received := range map[string]bool{"bauta/gw/status": false, "bauta/consent/revocation/0123456789abcdef": true} {
		client := clientWithWill(t, p.Addr(), topic)
		client.Close()
		if received {
			w.wait(t, topic, "lie")
		}
	}
	brokertest.Until(t, "the will refused", func() bool { return p.State().Refused == 1 })
	if got, _ := w.last("bauta/gw/status"); got == "lie" {
		t.Error("a stranger's will was sent")
	}
}

// dyingClient has a last will and a connection that the test can cut.
func clientWithWill(t *testing.T, addr, topic string) net.Conn {
	t.Helper()
	var conn net.Conn
	opts := paho.NewClientOptions().AddBroker("tcp://"+addr).SetAutoReconnect(false).SetWill(topic, "lie", 1, false)
	opts.SetCustomOpenConnectionFn(dialInto(&conn, addr))
	brokertest.Join(t, opts)
	return conn
}

func TestOwnNameIsTaken(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	connected(t, p)
	for _, password := range []string{"", "guess"} {
		opts := paho.NewClientOptions().AddBroker("tcp://" + p.Addr()).SetClientID("bauta-gw").SetUsername("gateway").SetPassword(password).SetProtocolVersion(4)
		token := paho.NewClient(opts).Connect()
		if !token.WaitTimeout(brokertest.Patience) || token.Error() == nil {
			t.Errorf("password %q: %v", password, token.Error())
		}
	}
	if s := p.State(); !s.Connected || s.Connects != 1 || s.Refused != 2 {
		t.Errorf("state %+v", s)
	}
}

func TestSysIsHidden(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	connected(t, p)
	c := brokertest.Client(t, p.Addr())
	token := c.Subscribe("$SYS/#", 0, nil).(*paho.SubscribeToken)
	token.WaitTimeout(brokertest.Patience)
	if got := token.Result()["$SYS/#"]; got != 0x80 {
		t.Errorf("subscribing to $SYS/#: %#x", got)
	}
}

// The gateway goes on without its broker and takes the port once it is free.
func TestPortBusy(t *testing.T) {
	t.Parallel()
	other := listen(t)
	p := started(t, Config{EmbeddedAddr: other.Addr().String()})
	if s := reasonIs(t, p, PortBusy); s.Text == "" || p.Addr() != "" {
		t.Errorf("state %+v, address %q", s, p.Addr())
	}
	other.Close()
	connected(t, p)
	if p.Addr() != other.Addr().String() {
		t.Errorf("address %q", p.Addr())
	}
}

// Someone who connects and says nothing must not keep the gateway from closing.
func TestSilentClient(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	connected(t, p)
	var conns []net.Conn
	for range 5 {
		c, err := net.Dial("tcp", p.Addr())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		conns = append(conns, c)
	}
	p.mu.Lock()
	gate := p.broker.gate
	p.mu.Unlock()
	brokertest.Until(t, "connections inside", func() bool {
		gate.mu.Lock()
		defer gate.mu.Unlock()
		return len(gate.conns) == len(conns)+1
	})
	began := time.Now()
	p.Close()
	faultlog.Check(t, faultlog.Row{Topic: "broker", Fault: "clients of the embedded broker that say nothing", Ends: "they do not hold up a stop", Bound: 5 * time.Second}, time.Since(began))
	for _, c := range conns {
		c.SetReadDeadline(time.Now().Add(brokertest.Patience))
		if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("connection: %v", err)
		}
	}
}

// Readers that come and go at any moment, Close's included, neither hold the
// broker up nor meet a half-written message.
func TestReadersComeAndGo(t *testing.T) {
	t.Parallel()
	for range 3 {
		p := started(t, Config{Heartbeat: time.Millisecond})
		for _, id := range []media.CameraID{"a", "b", "c", "d"} {
			p.SetCamera(id, true, media.Protected)
		}
		connected(t, p)
		addr, end := p.Addr(), make(chan struct{})
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() { comeAndGo(addr, end) })
		}
		brokertest.Until(t, "some hundred messages", func() bool {
			p.RemoveCamera("a")
			p.SetCamera("a", true, media.Protected)
			return p.broker.server.Info.Clone().MessagesReceived > 400
		})
		began := time.Now()
		p.Close()
		if d := time.Since(began); d > 8*time.Second {
			t.Errorf("Close took %v", d)
		}
		close(end)
		readers.Wait()
	}
}

func comeAndGo(addr string, end chan struct{}) {
	for {
		select {
		case <-end:
			return
		default:
		}
		c := paho.NewClient(paho.NewClientOptions().AddBroker("tcp://" + addr).SetAutoReconnect(false).SetProtocolVersion(4).SetWriteTimeout(time.Second))
		if c.Connect().WaitTimeout(brokertest.Patience) && c.IsConnectionOpen() {
			c.Subscribe("bauta/#", 1, func(paho.Client, paho.Message) {}).WaitTimeout(time.Second)
		}
		c.Disconnect(20)
	}
}

// A reader of MQTT 5 that takes a few messages at a time is served too.
func TestReaderOfMQTT5(t *testing.T) {
	t.Parallel()
	brokertest.Need(t, "mosquitto_sub")
	p := started(t, Config{Heartbeat: 2 * time.Millisecond})
	p.SetCamera(cam, true, media.Protected)
	connected(t, p)
	s := subscribe(t, append(subArgs(p.Addr()), "-V", "5", "-D", "connect", "receive-maximum", "2"))
	s.wait("1 bauta/gw/camera/lobby/protection protected", "0 bauta/gw/camera/lobby/protection protected") // it may be there before the state is
	p.SetCamera(cam, true, media.Blocked)
	s.wait("0 bauta/gw/camera/lobby/protection blocked")
}
