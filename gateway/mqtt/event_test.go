package mqtt

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/broker/brokertest"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// memoryBox is an outbox; the real one is the store's and tested there and with
// the whole program.
type memoryOutbox struct {
	mu     sync.Mutex
	events []Event
	fails  error
}

func (b *memoryOutbox) add(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range n {
		seq := uint64(len(b.events) + 1)
		b.events = append(b.events, Event{Seq: seq, Type: "test", Payload: fmt.Appendf(nil, `{"seq":%d}`, seq)})
	}
}

func (b *memoryOutbox) Waiting(n int) ([]Event, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []Event
	for _, e := range b.events {
		if e.Seq != 0 && len(out) < n {
			out = append(out, e)
		}
	}
	return out, b.fails
}

func (b *memoryOutbox) Delivered(seqs ...uint64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range seqs {
		b.events[s-1].Seq = 0
	}
	return nil
}

func (b *memoryOutbox) left() int {
	all, _ := b.Waiting(1 << 30)
	return len(all)
}

// eventsOf are the numbers that a watcher received, each one once.
func eventsOf(w *watcher) (seqs []int) {
	for _, m := range w.messages() {
		var e struct{ Seq int }
		if m.topic == "bauta/gw/event/test" && json.Unmarshal([]byte(m.payload), &e) == nil && !slices.Contains(seqs, e.Seq) {
			seqs = append(seqs, e.Seq)
		}
	}
	return seqs
}

func counted(n int) (all []int) {
	for i := range n {
		all = append(all, i+1)
	}
	return all
}

func TestEventsSurviveTheBroker(t *testing.T) {
	m := brokertest.NewMosquitto(t, "allow_anonymous true\nmax_queued_messages 0")
	outbox := &memoryOutbox{}
	outbox.add(250)
	p := started(t, Config{Broker: "tcp://" + m.Addr, Outbox: outbox})
	w := watch(t, m.Addr)
	brokertest.Until(t, "the first events left", func() bool { return outbox.left() == 0 })
	m.Stop()
	brokertest.Until(t, "connection lost", func() bool { return !p.State().Connected })
	outbox.add(250)
	p.NotifyEvents()
	m.Start()
	began := time.Now()
	again := watch(t, m.Addr)
	brokertest.Until(t, "all events", func() bool { return outbox.left() == 0 && p.State().Events >= 500 })
	brokertest.Until(t, "they are received", func() bool {
		all := append(eventsOf(w), eventsOf(again)...)
		return len(all) >= 250 && all[len(all)-1] == 500
	})
	faultlog.Check(t, faultlog.Row{Topic: "broker", Fault: "250 events while the broker is gone", Ends: "all delivered in order once it is back", Bound: 20 * time.Second}, time.Since(began))
	if late := eventsOf(again); !slices.IsSorted(late) {
		t.Errorf("out of order: %v", late)
	}
}

func TestEventsInOrder(t *testing.T) {
	t.Parallel()
	outbox := &memoryOutbox{}
	p := started(t, Config{Outbox: outbox})
	connected(t, p)
	w := watch(t, p.Addr())
	for range 20 {
		outbox.add(15)
		p.NotifyEvents()
	}
	brokertest.Until(t, "300 events", func() bool { return len(eventsOf(w)) == 300 })
	if got := eventsOf(w); !slices.Equal(got, counted(300)) {
		t.Errorf("received %v", got)
	}
	if n := p.State().Events; n != 300 {
		t.Errorf("%d events counted", n)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	type asked struct {
		id    media.CameraID
		level Level
	}
	got := make(chan asked, 10)
	p := started(t, Config{Command: func(id media.CameraID, l Level, stored func()) { got <- asked{id, l}; stored() }})
	connected(t, p)
	c := brokertest.Client(t, p.Addr(), "hider", "sesame")
	for _, payload := range []string{"off", "blur", "", strings.Repeat("x", 100), "normal", `{"level":"solid"}`, "picture"} {
		c.Publish("bauta/gw/camera/lobby/mask/set", 1, false, payload).WaitTimeout(brokertest.Patience)
	}
	select {
	case a := <-got:
		if a != (asked{"lobby", LevelPicture}) {
			t.Errorf("asked %+v", a)
		}
	case <-time.After(brokertest.Patience):
		t.Fatal("the command did not come")
	}
	if n := p.State().CommandsRefused; n != 6 || len(got) != 0 {
		t.Errorf("%d refused, %d more commands", n, len(got))
	}
}

// A retained command at a broker of one's own would come again after each
// reconnect, also when the administrator has taken it back.
func TestRetainedCommandIsIgnored(t *testing.T) {
	t.Parallel()
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	c := brokertest.Client(t, m.Addr)
	c.Publish("bauta/gw/camera/lobby/mask/set", 1, true, "private").WaitTimeout(brokertest.Patience)
	p := started(t, Config{Broker: "tcp://" + m.Addr, Command: func(media.CameraID, Level, func()) { t.Error("a retained command was carried out") }})
	brokertest.Until(t, "it was refused", func() bool { return p.State().CommandsRefused == 1 })
}

func FuzzCommand(f *testing.F) {
	f.Add("bauta/gw/camera/lobby/mask/set", []byte("picture"))
	f.Add("bauta/gw/camera//mask/set", []byte("solid"))
	f.Fuzz(func(t *testing.T, topic string, payload []byte) {
		id, level, ok := command(topics.Prefix("").Of("gw"), topic, payload)
		if _, err := media.ParseCameraID(string(id)); ok && (err != nil || !slices.Contains(Levels, level)) {
			t.Errorf("%q %q: %q %q", topic, payload, id, level)
		}
	})
}

// schema compiles one of the files under docs/mqtt.
func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile("../../docs/mqtt/" + name + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func valid(t *testing.T, s *jsonschema.Schema, payload string) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(payload))
	if err != nil {
		t.Fatalf("%s: %v", payload, err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%s: %v", payload, err)
	}
}

// What really leaves validates against the published schemas, Home
// Assistant's among them.
func TestPayloadsMatchTheirSchemas(t *testing.T) {
	t.Parallel()
	p := started(t, Config{Discovery: true})
	p.SetInfo(Info{Version: "1", ModelHash: "ab", PolicyPack: "cn-2025", Newer: "0.3.0-1~deb12", Site: "North gate", Console: "https://north.example"})
	p.SetWatchdog(Watchdog{Seq: 1, Time: time.Now().UTC(), UptimeS: 9, Cameras: 2, Masked: 2, AllMasked: true, NotifyState: "ok"})
	p.SetCamera(cam, true, media.Protected)
	share := 0.98
	p.SetCompliance(Standing{State: "warn", Reasons: []string{"m2"}, Since: time.Now().UTC(), Time: time.Now().UTC(), Seq: 3, ProtectedShare: &share, PolicyPack: "cn-2025", PackVersion: "2025.1"},
		map[string]ClauseState{"m2": {Status: "warn", Evidence: Words{"a", "b"}, Next: Words{"a", "b"}, Citation: Words{"a", "b"}, Since: time.Now().UTC(), Verified: true}})
	connected(t, p)
	w := watch(t, p.Addr())
	p.Metrics(cam, Metrics{FPS: 25})
	for topic, name := range map[string]string{
		"bauta/gw/info": "info", "bauta/gw/watchdog": "watchdog", "bauta/gw/compliance": "compliance", "bauta/gw/compliance/m2": "clause", "bauta/gw/camera/lobby/metrics": "metrics",
	} {
		brokertest.Until(t, topic, func() bool { p.Metrics(cam, Metrics{FPS: 25}); _, ok := w.last(topic); return ok })
		payload, _ := w.last(topic)
		valid(t, schema(t, name), payload)
	}
	ha := schema(t, "home-assistant")
	h := watchAll(t, p.Addr(), "homeassistant/#")
	for _, topic := range []string{"homeassistant/device/bauta_gw/config", "homeassistant/device/bauta_gw_lobby/config"} {
		brokertest.Until(t, topic, func() bool { _, ok := h.last(topic); return ok })
		payload, _ := h.last(topic)
		valid(t, ha, payload)
	}
	p.SetInfo(Info{Version: "1", ModelHash: "ab", PolicyPack: "cn-2025", Site: "示例大厦"})
	p.NameCamera("lobby", "大堂 10 号")
	p.SetCamera("lobby", true, media.OverMasked)
	for topic, name := range map[string]string{"homeassistant/device/bauta_gw/config": "Bauta 示例大厦", "homeassistant/device/bauta_gw_lobby/config": "Bauta gw 大堂 10 号"} {
		brokertest.Until(t, name, func() bool { payload, _ := h.last(topic); return strings.Contains(payload, `"name":"`+name+`"`) })
	}
	brokertest.Until(t, "names in info", func() bool {
		payload, _ := w.last("bauta/gw/info")
		return strings.Contains(payload, `"site":"示例大厦","heartbeat_s":30,"cameras":{"lobby":"大堂 10 号"}}`)
	})
	payload, _ := w.last("bauta/gw/info")
	valid(t, schema(t, "info"), payload)
	bad, _ := h.last("homeassistant/device/bauta_gw/config")
	v, _ := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(bad, "state_topic", "stat_topik", 1)))
	if ha.Validate(v) == nil {
		t.Error("the schema takes a field that Home Assistant does not know")
	}
}

// C25: a share that was not measured is valid as well.
func TestC25NothingSent(t *testing.T) {
	payload := string(mustJSON(Standing{State: "unknown", Reasons: []string{}, Since: time.Now().UTC(), Time: time.Now().UTC()}))
	if !strings.Contains(payload, `"protected_share":null`) {
		t.Errorf("%s", payload)
	}
	valid(t, schema(t, "compliance"), payload)
}

// hearAll is a watcher of other topics besides ours.
func watchAll(t *testing.T, addr, filter string, login ...string) *watcher {
	t.Helper()
	w := &watcher{client: brokertest.Client(t, addr, login...)}
	token := w.client.SubscribeMultiple(map[string]byte{"bauta/#": 1, filter: 1}, w.receive)
	if !token.WaitTimeout(brokertest.Patience) || token.Error() != nil {
		t.Fatalf("subscribe: %v", token.Error())
	}
	return w
}

// Home Assistant's entities follow: unavailable by the last will, back after a
// restart of either side; the discovery is sent again when Home Assistant
// says that it was born, and taken away with the camera.
func TestHomeAssistant(t *testing.T) {
	t.Parallel()
	m := brokertest.NewMosquitto(t, "allow_anonymous true")
	cfg := Config{Broker: "tcp://" + m.Addr, Discovery: true}
	p := started(t, cfg)
	p.SetInfo(Info{Version: "1"})
	p.SetCamera(cam, true, media.Protected)
	const topic = "homeassistant/device/bauta_gw_lobby/config"
	ha := watchAll(t, m.Addr, "homeassistant/#")
	brokertest.Until(t, "discovery", func() bool { _, ok := ha.last(topic); return ok })
	payload, _ := ha.last(topic)
	var device struct {
		Availability string `json:"availability_topic"`
		Available    string `json:"payload_available"`
		Unavailable  string `json:"payload_not_available"`
		Components   map[string]struct {
			Platform string `json:"platform"`
			Topic    string `json:"state_topic"`
		} `json:"components"`
	}
	if err := json.Unmarshal([]byte(payload), &device); err != nil {
		t.Fatal(err)
	}
	for key, c := range device.Components {
		if c.Platform != "button" && c.Platform != "image" && !strings.HasPrefix(c.Topic, "bauta/gw/camera/lobby/") {
			t.Errorf("entity %s follows %q", key, c.Topic)
		}
	}
	ha.wait(t, device.Availability, device.Available)

	count := func() (n int) {
		for _, m := range ha.messages() {
			if m.topic == topic {
				n++
			}
		}
		return n
	}
	before := count()
	ha.client.Publish(topics.Assistant{}.Birth(), 0, false, "online")
	brokertest.Until(t, "discovery again after the birth", func() bool { return count() > before })
	p.Close()
	ha.wait(t, device.Availability, device.Unavailable)

	p = started(t, cfg)
	p.SetInfo(Info{Version: "1"})
	p.SetCamera(cam, true, media.Protected)
	ha.wait(t, device.Availability, device.Available)
	m.Stop() // a broker without persistence has forgotten all
	m.Start()
	fresh := watchAll(t, m.Addr, "homeassistant/#")
	brokertest.Until(t, "discovery after the broker's restart", func() bool { _, ok := fresh.last(topic); return ok })
	fresh.wait(t, device.Availability, device.Available)
	p.RemoveCamera(cam)
	brokertest.Until(t, "the camera is forgotten", func() bool { got, ok := fresh.last(topic); return ok && got == "" })
}

// An expired certificate, the broker's or our own, is reported as such and tried
// again slowly.
func TestExpiredCertificate(t *testing.T) {
	t.Parallel()
	for name, expired := range map[string]string{"the broker's": "server", "our own": "client"} {
		t.Run(name, func(t *testing.T) {
			a := brokertest.NewAuthority(t)
			certs := map[string][2]string{}
			for _, who := range []string{"server", "client"} {
				until := time.Now().Add(time.Hour)
				if who == expired {
					until = time.Now().Add(-time.Minute)
				}
				cert, key := a.IssueUntil(who, until)
				certs[who] = [2]string{cert, key}
			}
			m := brokertest.NewMosquitto(t, fmt.Sprintf("allow_anonymous true\nrequire_certificate true\ncafile %s\ncertfile %s\nkeyfile %s", a.CA, certs["server"][0], certs["server"][1]))
			p := started(t, Config{Broker: "ssl://" + m.Addr, CAFile: a.CA, CertFile: certs["client"][0], KeyFile: certs["client"][1]})
			s := reasonIs(t, p, broker.BadTLS)
			if rest := time.Until(s.NextTry); rest < 20*time.Second || !strings.Contains(s.Text, "certificate") {
				t.Errorf("next try in %v: %s", rest, s.Text)
			}
		})
	}
}
