package mqtt

import (
	"io"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// started is a running Publisher, closed with the test. Its log is returned to
// find what should not be in it.
func started(t *testing.T, cfg Config) *Publisher {
	t.Helper()
	if cfg.Gateway == "" {
		cfg.Gateway = "gw"
	}
	if cfg.EmbeddedAddr == "" {
		cfg.EmbeddedAddr = "127.0.0.1:0"
	}
	if cfg.Login == nil {
		cfg.Login = testLogins
	}
	p, err := New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p.Start(t.Context())
	t.Cleanup(p.Close)
	return p
}

// testLogins are those of a test's embedded broker.
func testLogins(user, password string) (topics.May, bool) {
	switch user {
	case "reader":
		return topics.MayRead, password == "sesame"
	case "hider":
		return topics.MayMask, password == "sesame"
	}
	return "", false
}

func connected(t *testing.T, p *Publisher) {
	t.Helper()
	brokertest.Until(t, "connected", func() bool { return p.State().Connected })
}

func reasonIs(t *testing.T, p *Publisher, r broker.Reason) State {
	t.Helper()
	brokertest.Until(t, "reason "+string(r), func() bool { return p.State().Reason == r })
	return p.State()
}

// heard is one message that a watcher received.
type received struct {
	topic, payload string
	retained       bool
}

// watcher is a paho client that remembers what it receives of bauta/#.
type watcher struct {
	client paho.Client
	mu     sync.Mutex
	all    []received
}

// watch connects in clear text or, with login, as that user.
func watch(t *testing.T, addr string, login ...string) *watcher {
	t.Helper()
	w := &watcher{}
	w.client = brokertest.Client(t, addr, login...)
	token := w.client.Subscribe("bauta/#", 1, w.receive)
	if !token.WaitTimeout(brokertest.Patience) || token.Error() != nil {
		t.Fatalf("subscribe: %v", token.Error())
	}
	return w
}

func (w *watcher) receive(_ paho.Client, m paho.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, received{m.Topic(), string(m.Payload()), m.Retained()})
}

func (w *watcher) messages() []received {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]received(nil), w.all...)
}

// last is the newest payload of a topic.
func (w *watcher) last(topic string) (payload string, found bool) {
	for _, m := range w.messages() {
		if m.topic == topic {
			payload, found = m.payload, true
		}
	}
	return payload, found
}

func (w *watcher) wait(t *testing.T, topic, payload string) {
	t.Helper()
	brokertest.Until(t, topic+" = "+payload, func() bool {
		got, ok := w.last(topic)
		return ok && got == payload
	})
}

// counter is a TCP proxy that counts the connections it passes on.
type counter struct {
	net.Listener
	n atomic.Int32
}

func newCounter(t *testing.T, to string) *counter {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			c.n.Add(1)
			go relay(in, to)
		}
	}()
	return c
}

func relay(in net.Conn, to string) {
	defer in.Close()
	out, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer out.Close()
	go func() {
		io.Copy(out, in)
		out.Close()
	}()
	io.Copy(in, out)
}

const cam media.CameraID = "lobby"

// dialInto lets a test have the connection of a paho client.
func dialInto(conn *net.Conn, addr string) paho.OpenConnectionFunc {
	return func(*url.URL, paho.ClientOptions) (net.Conn, error) {
		c, err := net.Dial("tcp", addr)
		*conn = c
		return c, err
	}
}
