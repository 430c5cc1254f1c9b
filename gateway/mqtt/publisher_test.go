package mqtt

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Every topic, as mosquitto_sub sees it, on all kinds of brokers.
func TestEveryTopic(t *testing.T) {
	t.Parallel()
	brokertest.Need(t, "mosquitto_sub")
	for name, setup := range map[string]func(t *testing.T) (cfg Config, sub []string){
		"embedded": func(t *testing.T) (Config, []string) {
			addr := brokertest.FreeAddr(t)
			return Config{EmbeddedAddr: addr}, subArgs(addr)
		},
		"mosquitto with a login": func(t *testing.T) (Config, []string) {
			m := brokertest.NewMosquitto(t, brokertest.Logins(t, "box", "se cret"))
			return Config{Broker: "tcp://" + m.Addr, User: "box", Password: secret("se cret")}, append(subArgs(m.Addr), "-u", "box", "-P", "se cret")
		},
		"mosquitto with certificates": func(t *testing.T) (Config, []string) {
			a := brokertest.NewAuthority(t)
			server, serverKey := a.Issue("server")
			client, clientKey := a.Issue("client")
			m := brokertest.NewMosquitto(t, fmt.Sprintf("allow_anonymous true\nrequire_certificate true\ncafile %s\ncertfile %s\nkeyfile %s", a.CA, server, serverKey))
			return Config{Broker: "ssl://" + m.Addr, CAFile: a.CA, CertFile: client, KeyFile: clientKey},
				append(subArgs(m.Addr), "--cafile", a.CA, "--cert", client, "--key", clientKey)
		},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, args := setup(t)
			p := started(t, cfg)
			connected(t, p)
			p.SetInfo(Info{Version: "1.2", ModelHash: "ab", PolicyPack: "cn"})
			p.SetCamera(cam, true, media.Protected)
			early := subscribe(t, args)
			early.wait("0 bauta/gw/status online", "1 bauta/gw/status online")
			p.Metrics(cam, Metrics{FPS: 25, Latency: 240 * time.Millisecond, Faces: 3, Masked: 2, Shown: 1, Temperature: 51.26, Degradation: "lower_rate", DegradationReason: "heat"})
			early.wait(`0 bauta/gw/camera/lobby/metrics {"fps":25,"latency_ms":240,"faces":3,"masked":2,"shown":1,"temperature_c":51.3,"step":"lower_rate","step_reason":"heat"}`)

			late := subscribe(t, args)
			for _, line := range []string{
				"1 bauta/gw/status online",
				`1 bauta/gw/info {"version":"1.2","model_hash":"ab","config_hash":"","policy_pack":"cn","heartbeat_s":30}`,
				"1 bauta/gw/camera/lobby/availability online",
				"1 bauta/gw/camera/lobby/protection protected",
			} {
				late.wait(line)
			}
			p.SetCamera(cam, false, media.Offline)
			late.wait("0 bauta/gw/camera/lobby/availability offline")
			late.wait("0 bauta/gw/camera/lobby/protection offline")
			if late.has("bauta/gw/camera/lobby/metrics") {
				t.Error("metrics are retained")
			}
			p.Close()
			late.wait("0 bauta/gw/status offline")
		})
	}
}

func secret(s string) func() (string, error) { return func() (string, error) { return s, nil } }

func subArgs(addr string) []string {
	host, port, _ := net.SplitHostPort(addr)
	return []string{"-h", host, "-p", port, "-t", "bauta/#", "-q", "1", "-F", "%r %t %p"}
}

// subscription is a mosquitto_sub and its lines: retained flag, topic, payload.
type subscription struct {
	t     *testing.T
	lines chan string
	seen  []string
}

func subscribe(t *testing.T, args []string) *subscription {
	t.Helper()
	cmd := exec.Command("mosquitto_sub", args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &subscription{t: t, lines: make(chan string, 1000)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for in := bufio.NewScanner(out); in.Scan(); {
			s.lines <- in.Text()
		}
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-done
		cmd.Wait()
	})
	return s
}

// wait waits for any of the lines.
func (s *subscription) wait(lines ...string) {
	s.t.Helper()
	brokertest.Until(s.t, strings.Join(lines, " or "), func() bool {
		s.drain()
		return slices.ContainsFunc(lines, func(l string) bool { return slices.Contains(s.seen, l) })
	})
}

func (s *subscription) has(part string) bool {
	s.drain()
	return slices.ContainsFunc(s.seen, func(l string) bool { return strings.Contains(l, part) })
}

func (s *subscription) drain() {
	for {
		select {
		case l := <-s.lines:
			s.seen = append(s.seen, l)
		default:
			return
		}
	}
}

// The gateway starts before its broker; after each absence the newest states
// come, status first, and no older ones.
func TestBrokerComesAndGoes(t *testing.T) {
	t.Parallel()
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	m.Stop()
	p := started(t, Config{Broker: "tcp://" + m.Addr})
	p.SetCamera(cam, true, media.UnknownProtection)
	p.SetCamera("gone", true, media.Protected)
	p.SetCamera(cam, true, media.Protected)
	p.Metrics(cam, Metrics{})
	if s := reasonIs(t, p, broker.Unreachable); !strings.Contains(s.Text, m.Addr) || s.NextTry.IsZero() || s.MetricsDropped != 1 {
		t.Errorf("state without a broker: %+v", s)
	}
	for round, want := range []media.Protection{media.Protected, media.Blocked} {
		m.Start()
		began := time.Now()
		connected(t, p)
		w := watch(t, m.Addr)
		w.wait(t, "bauta/gw/camera/lobby/protection", string(want))
		faultlog.Check(t, faultlog.Row{Topic: "broker", Fault: "broker gone and back", Ends: "newest states sent again, none older; streams go on", Bound: 20 * time.Second}, time.Since(began))
		w.wait(t, "bauta/gw/status", topics.Online)
		// An early watcher receives the topic being cleared.
		if got, _ := w.last("bauta/gw/camera/gone/protection"); round == 1 && got != "" {
			t.Errorf("a camera removed meanwhile came back: %s", got)
		}
		m.Stop()
		brokertest.Until(t, "connection lost", func() bool { return !p.State().Connected })
		p.RemoveCamera("gone")
		p.SetCamera(cam, true, media.OverMasked)
		p.SetCamera(cam, true, media.Blocked)
	}
}

func TestStatusFirst(t *testing.T) {
	t.Parallel()
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	w := watch(t, m.Addr)
	p, err := New(Config{Gateway: "gw", Broker: "tcp://" + m.Addr}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p.SetCamera(cam, true, media.Protected)
	p.SetInfo(Info{})
	p.Start(t.Context())
	defer p.Close()
	brokertest.Until(t, "four states", func() bool { return len(w.messages()) >= 4 })
	if got := w.messages()[0]; got.topic != "bauta/gw/status" || got.payload != topics.Online {
		t.Errorf("first is %+v", got)
	}
}

func TestHeartbeat(t *testing.T) {
	t.Parallel()
	p := started(t, Config{Heartbeat: 50 * time.Millisecond})
	p.SetCamera(cam, true, media.Protected)
	connected(t, p)
	w := watch(t, p.Addr())
	for _, topic := range []string{"bauta/gw/status", "bauta/gw/camera/lobby/availability", "bauta/gw/camera/lobby/protection"} {
		brokertest.Until(t, "three times "+topic, func() bool {
			n := 0
			for _, m := range w.messages() {
				if m.topic == topic && !m.retained {
					n++
				}
			}
			return n >= 3
		})
	}
}

// A wrong password: one try, a text that says so without the password, and a
// long pause.
func TestWrongPassword(t *testing.T) {
	t.Parallel()
	m := brokertest.NewMosquitto(t, brokertest.Logins(t, "box", "right"))
	proxy := newCounter(t, m.Addr)
	var log brokertest.Journal
	p, err := New(Config{Gateway: "gw", Broker: "tcp://" + proxy.Addr().String(), User: "box", Password: secret("wr0ng-pass")},
		slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	if err != nil {
		t.Fatal(err)
	}
	p.Start(t.Context())
	defer p.Close()
	s := reasonIs(t, p, broker.Unauthorized)
	brokertest.Until(t, "a log line", func() bool { return strings.Contains(log.String(), "unauthorized") })
	if strings.Contains(log.String(), "wr0ng") {
		t.Errorf("log: %s", log.String())
	}
	if strings.Contains(s.Text, "wr0ng-pass") || !strings.Contains(s.Text, "password") {
		t.Errorf("text: %s", s.Text)
	}
	if left := time.Until(s.NextTry); left < 25*time.Second {
		t.Errorf("next try in %v", left)
	}
	if n := proxy.n.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

func TestBadFilesAndCertificates(t *testing.T) {
	t.Parallel()
	a, other := brokertest.NewAuthority(t), brokertest.NewAuthority(t)
	server, serverKey := a.Issue("server")
	stray, strayKey := other.Issue("stray")
	m := brokertest.NewMosquitto(t, fmt.Sprintf("allow_anonymous true\nrequire_certificate true\ncafile %s\ncertfile %s\nkeyfile %s", a.CA, server, serverKey))
	for name, c := range map[string]struct {
		cfg  Config
		want []broker.Reason
	}{
		"unknown authority": {Config{CAFile: other.CA}, []broker.Reason{broker.BadTLS}},
		// The broker's alert may be lost when it hangs up; the pauses grow then too.
		"no client certificate":    {Config{CAFile: a.CA}, []broker.Reason{broker.BadTLS, broker.Lost}},
		"wrong client certificate": {Config{CAFile: a.CA, CertFile: stray, KeyFile: strayKey}, []broker.Reason{broker.BadTLS, broker.Lost}},
		"no such CA file":          {Config{CAFile: a.CA + ".not"}, []broker.Reason{broker.BadFile}},
		"CA file without PEM":      {Config{CAFile: serverKey}, []broker.Reason{broker.BadFile}},
		"no password file":         {Config{CAFile: a.CA, User: "u", Password: func() (string, error) { return "", os.ErrNotExist }}, []broker.Reason{broker.BadFile}},
	} {
		t.Run(name, func(t *testing.T) {
			c.cfg.Broker = "ssl://" + m.Addr
			p := started(t, c.cfg)
			brokertest.Until(t, fmt.Sprint(c.want), func() bool { return slices.Contains(c.want, p.State().Reason) })
			s := p.State()
			if s.Text == "" || s.Connected {
				t.Errorf("state: %+v", s)
			}
			if s.Reason != broker.Lost && time.Until(s.NextTry) < 25*time.Second {
				t.Errorf("next try in %v", time.Until(s.NextTry))
			}
		})
	}
}

// A process killed without a chance to send its final message.
func TestLastWill(t *testing.T) {
	t.Parallel()
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	w := watch(t, m.Addr)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "BAUTA_MQTT_CHILD=tcp://"+m.Addr)
	life, err := cmd.StdinPipe() // the child does not outlive this test, whatever happens
	if err != nil {
		t.Fatal(err)
	}
	defer life.Close()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	w.wait(t, "bauta/gw/status", topics.Online)
	cmd.Process.Kill()
	began := time.Now()
	w.wait(t, "bauta/gw/status", topics.Offline)
	faultlog.Check(t, faultlog.Row{Topic: "broker", Fault: "gateway killed, as the broker sees it", Ends: "status offline by the last will", Bound: 10 * time.Second}, time.Since(began))
	watch(t, m.Addr).wait(t, "bauta/gw/status", topics.Offline)
}

func TestMain(m *testing.M) {
	broker := os.Getenv("BAUTA_MQTT_CHILD")
	if broker == "" {
		os.Exit(m.Run())
	}
	p, err := New(Config{Gateway: "gw", Broker: broker}, slog.Default())
	if err != nil {
		panic(err)
	}
	p.Start(context.Background())
	io.Copy(io.Discard, os.Stdin) // until killed
}

// What was set right before Close is at the broker afterwards: the next start
// compares itself with it.
func TestCloseSendsTheLast(t *testing.T) {
	t.Parallel()
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	for n := range 20 {
		p := started(t, Config{Broker: "tcp://" + m.Addr})
		connected(t, p)
		p.SetAnchor([]byte("on its way when the last one comes"))
		time.Sleep(time.Duration(n) * 20 * time.Microsecond)
		p.SetAnchor(fmt.Appendf(nil, "%d", n))
		p.Close()
		watch(t, m.Addr).wait(t, "bauta/gw/anchor", fmt.Sprint(n))
	}
}

func TestRemoveCamera(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	connected(t, p)
	w := watch(t, p.Addr())
	p.SetCamera(cam, true, media.Protected)
	p.SetCamera("other", true, media.Protected)
	w.wait(t, "bauta/gw/camera/lobby/protection", "protected")
	p.RemoveCamera(cam)
	w.wait(t, "bauta/gw/camera/lobby/availability", "")
	w.wait(t, "bauta/gw/camera/lobby/protection", "")
	late := watch(t, p.Addr())
	late.wait(t, "bauta/gw/camera/other/protection", "protected")
	if _, ok := late.last("bauta/gw/camera/lobby/availability"); ok {
		t.Error("availability is still retained")
	}
	p.Metrics(cam, Metrics{})
	if n := p.State().MetricsDropped; n != 1 {
		t.Errorf("%d metrics dropped, want that of the removed camera", n)
	}
	p.SetCamera(cam, true, media.Blocked)
	late.wait(t, "bauta/gw/camera/lobby/protection", "blocked")
}

// Nothing of paho or the broker is left after Close, whatever the state was.
func TestCloseLeavesNothing(t *testing.T) {
	isConnected := func(p *Publisher) bool { return p.State().Connected }
	busy := listen(t)
	silent, connected := unresponsive(t, nil)
	unresponsiveAfterLogin, _ := unresponsive(t, []byte{0x20, 2, 0, 0}) // a CONNACK that takes the login
	for name, c := range map[string]struct {
		cfg   Config
		ready func(p *Publisher) bool
	}{
		"hardly started":           {Config{}, func(*Publisher) bool { return true }},
		"connected":                {Config{}, isConnected},
		"no broker":                {Config{Broker: "tcp://" + brokertest.FreeAddr(t)}, func(p *Publisher) bool { return p.State().Reason == broker.Unreachable }},
		"silent broker":            {Config{Broker: "tcp://" + silent}, func(*Publisher) bool { return <-connected }},
		"silent TLS":               {Config{Broker: "ssl://" + silent}, func(*Publisher) bool { return <-connected }},
		"unresponsive after login": {Config{Broker: "tcp://" + unresponsiveAfterLogin}, isConnected},
		"port is busy":             {Config{EmbeddedAddr: busy.Addr().String()}, func(p *Publisher) bool { return p.State().Reason == PortBusy }},
	} {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			p := started(t, c.cfg)
			p.SetCamera(cam, true, media.Protected)
			brokertest.Until(t, name, func() bool { return c.ready(p) })
			began := time.Now()
			p.Close()
			p.Close()
			if d := time.Since(began); d > 8*time.Second {
				t.Errorf("Close took %v", d)
			}
			if s := p.State(); s.Reason != Stopped || p.Addr() != "" {
				t.Errorf("after Close: %+v", s)
			}
			brokertest.Until(t, "goroutines gone", func() bool { return runtime.NumGoroutine() <= before })
		})
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", brokertest.FreeAddr(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// unresponsive takes connections, sends its greeting and never reads.
func unresponsive(t *testing.T, greeting []byte) (addr string, connected <-chan bool) {
	l, connections := listen(t), make(chan bool, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			c.Write(greeting)
			connections <- true
		}
	}()
	return l.Addr().String(), connections
}

func TestNeverStarted(t *testing.T) {
	t.Parallel()
	p, err := New(Config{Gateway: "gw"}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p.Close()
	p.Start(t.Context())
	p.SetCamera(cam, true, media.Protected)
	if p.Addr() != "" {
		t.Error("started after Close")
	}
}

// A connection that goes away under load: every goroutine ends here too.
func TestManyReconnects(t *testing.T) {
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	before := runtime.NumGoroutine()
	p := started(t, Config{Broker: "tcp://" + m.Addr, Heartbeat: 5 * time.Millisecond})
	for range 2 {
		connected(t, p)
		p.SetCamera(cam, true, media.Protected)
		m.Stop()
		brokertest.Until(t, "connection lost", func() bool { return !p.State().Connected })
		m.Start()
	}
	connected(t, p)
	if n := p.State().Connects; n != 3 {
		t.Errorf("%d connects", n)
	}
	p.Close()
	brokertest.Until(t, "goroutines gone", func() bool { return runtime.NumGoroutine() <= before })
}

func TestPayloads(t *testing.T) {
	t.Parallel()
	got := string(Metrics{FPS: math.NaN(), Latency: 1555 * time.Microsecond, Temperature: math.NaN()}.payload())
	want := `{"fps":0,"latency_ms":1.6,"faces":0,"masked":0,"shown":0,"temperature_c":null,"step":"normal","step_reason":""}`
	if got != want {
		t.Errorf("metrics %s, want %s", got, want)
	}
	p := started(t, Config{})
	p.SetInfo(Info{Version: "v"})
	connected(t, p)
	w := watch(t, p.Addr())
	brokertest.Until(t, "info", func() bool { _, ok := w.last("bauta/gw/info"); return ok })
	text, _ := w.last("bauta/gw/info")
	var info map[string]any
	if err := json.Unmarshal([]byte(text), &info); err != nil || info["heartbeat_s"] != 30.0 {
		t.Errorf("info %s: %v", text, err)
	}
}

// What no topic can be made of is left out, what no reader knows is unknown.
func TestStrangeValues(t *testing.T) {
	t.Parallel()
	p := started(t, Config{})
	connected(t, p)
	w := watch(t, p.Addr())
	p.SetCamera("a/b", true, media.Protected)
	p.SetCamera("#", true, media.Protected)
	p.SetCamera(cam, true, "splendid")
	w.wait(t, "bauta/gw/camera/lobby/protection", "unknown")
	for _, m := range w.messages() {
		if strings.Contains(m.topic, "a/b") || strings.Contains(m.topic, "#") {
			t.Errorf("received %+v", m)
		}
	}
}
