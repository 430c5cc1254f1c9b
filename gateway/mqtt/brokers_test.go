package mqtt

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Of several brokers that want a client certificate the gateway uses the first that works,
// goes to another one when that dies, says which one it is, and tells there how it is.
func TestSeveralBrokersWithCertificates(t *testing.T) {
	t.Parallel()
	a := brokertest.NewAuthority(t)
	server, serverKey := a.Issue("server")
	client, clientKey := a.Issue("gw")
	strict := fmt.Sprintf("allow_anonymous true\nrequire_certificate true\ncafile %s\ncertfile %s\nkeyfile %s", a.CA, server, serverKey)
	m, other := brokertest.NewMosquitto(t, strict), brokertest.NewMosquitto(t, strict)
	p := started(t, Config{
		Broker: "ssl://" + m.Addr + ", ssl://" + brokertest.FreeAddr(t) + ", ssl://" + other.Addr, CAFile: a.CA, CertFile: client, KeyFile: clientKey,
	})
	p.SetCamera("lobby", true, media.Protected)
	connected(t, p)
	if got := p.State().Broker; got != m.Addr {
		t.Errorf("in use is %s, want the first, %s", got, m.Addr)
	}
	m.Stop()
	brokertest.Until(t, "the other broker", func() bool { s := p.State(); return s.Connected && s.Broker == other.Addr })
	m.Start()
	other.Stop()
	brokertest.Until(t, "the first broker again", func() bool { s := p.State(); return s.Connected && s.Broker == m.Addr })
}

// By docs/brokers/mosquitto a gateway's name is that of its client certificate: it works under
// this name alone, and nobody with another certificate writes there or cuts it off.
func TestMosquittoPermissionsByCertificate(t *testing.T) {
	t.Parallel()
	a := brokertest.NewAuthority(t)
	server, serverKey := a.Issue("server")
	example := func(name string) string {
		t.Helper()
		b, err := os.ReadFile("../../docs/brokers/mosquitto/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	acl := brokertest.Write(t, filepath.Join(t.TempDir(), "acl"), example("acl"))
	conf := strings.ReplaceAll(example("acl.conf"), "/etc/mosquitto/bauta.acl", acl)
	m := brokertest.NewMosquitto(t, fmt.Sprintf("%s\ncafile %s\ncertfile %s\nkeyfile %s", conf, a.CA, server, serverKey))
	gateway := func(certificate string) *Publisher {
		cert, key := a.Issue(certificate)
		return started(t, Config{Gateway: "hall", Broker: "ssl://" + m.Addr, CAFile: a.CA, CertFile: cert, KeyFile: key, Heartbeat: time.Second})
	}
	read := &watcher{}
	cert, key := a.Issue("watcher")
	page, err := broker.NewReader(broker.Config{Address: "ssl://" + m.Addr, CAFile: a.CA, CertFile: cert, KeyFile: key}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var reading sync.WaitGroup
	defer reading.Wait()
	defer cancel()
	reading.Go(func() {
		page.Run(ctx, []string{"bauta/#"}, broker.Subscriber{Connection: func(broker.Reason, string) {}, Receive: func(topic string, payload []byte) {
			read.mu.Lock()
			defer read.mu.Unlock()
			read.all = append(read.all, received{topic: topic, payload: string(payload)})
		}})
	})
	proper, stray := gateway("hall"), gateway("gate")
	proper.SetCamera("lobby", true, media.Protected)
	stray.SetCamera("lobby", true, media.Blocked)
	connected(t, stray)
	beats := func() (n int) {
		for _, m := range read.messages() {
			if m.topic == "bauta/hall/camera/lobby/protection" {
				n++
			}
		}
		return n
	}
	brokertest.Until(t, "three heartbeats of both", func() bool { return beats() >= 3 })
	for _, m := range read.messages() {
		if m.payload == string(media.Blocked) {
			t.Errorf("who has another certificate writes %s", m.topic)
		}
	}
	if s := proper.State(); s.Connects != 1 {
		t.Errorf("the gateway was cut off: %+v", s)
	}
}

// All that the gateway says, reads and allows at its own broker lies below the prefix, but for
// what Home Assistant prescribes.
func TestPrefix(t *testing.T) {
	t.Parallel()
	const id = "0123456789abcdef"
	taken, commands := make(chan string, 8), make(chan media.CameraID, 8)
	p := started(t, Config{
		Prefix: "acme/bauta", Discovery: true,
		Consents: func(_ consent.Kind, id string, _ []byte, stored func()) { stored(); taken <- id },
		Command:  func(id media.CameraID, _ Level, stored func()) { stored(); commands <- id },
	})
	connected(t, p)
	p.SetInfo(Info{Version: "1"})
	p.SetCamera("lobby", true, media.Protected)
	w := &watcher{client: brokertest.Client(t, p.Addr(), "hider", "sesame")}
	w.client.SubscribeMultiple(map[string]byte{"acme/bauta/#": 1, "homeassistant/#": 1}, w.receive).Wait()
	brokertest.Until(t, "the states", func() bool {
		_, protection := w.last("acme/bauta/gw/camera/lobby/protection")
		device, _ := w.last("homeassistant/device/bauta_gw_lobby/config")
		return protection && strings.Contains(device, "acme/bauta/gw/camera/lobby/mask/set")
	})
	if granted(t, w.client, "bauta/#") {
		t.Error("topics beside the prefix may be read")
	}
	for _, prefix := range []topics.Prefix{"", "acme/bauta"} {
		c := brokertest.Client(t, p.Addr(), "hider", "sesame") // one that was refused may be cut off
		c.Publish(prefix.Consent(consent.KindRevocation, id), 1, false, "signed").WaitTimeout(brokertest.Patience)
		c = brokertest.Client(t, p.Addr(), "hider", "sesame")
		c.Publish(prefix.Of("gw").Camera("lobby", topics.MaskSet), 1, false, "picture").WaitTimeout(brokertest.Patience)
	}
	brokertest.Until(t, "a revocation and a command", func() bool { return len(taken) > 0 && len(commands) > 0 })
	if len(taken)+len(commands) != 2 {
		t.Error("what came beside the prefix was taken")
	}
	if n := p.State().Refused; n != 2 {
		t.Errorf("%d refused, want both that were published beside the prefix", n)
	}
}
