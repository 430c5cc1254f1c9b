package fleet

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/broker"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// offlineCache is one that reads no broker, at a time of the test's.
func offlineCache(t testing.TB, cfg Config) (*StateCache, *time.Time) {
	t.Helper()
	cfg.Broker.Address = "tcp://127.0.0.1:1"
	b, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	b.now = func() time.Time { return now }
	b.connection("", "")
	return b, &now
}

func receiveAll(b *StateCache, all map[string]string) {
	for topic, payload := range all {
		if strings.HasSuffix(topic, "/status") {
			b.receive(topic, []byte(payload)) // as at a broker: it comes first
		}
	}
	for topic, payload := range all {
		b.receive(topic, []byte(payload))
	}
}

func rowOf(t *testing.T, b *StateCache, name string) row {
	t.Helper()
	b.refresh()
	g := b.gateways[name]
	if g == nil {
		t.Fatalf("no gateway %s", name)
	}
	return g.row
}

func TestRanks(t *testing.T) {
	for name, c := range map[string]struct {
		topic, payload string
		want           rank
		cameras        string
	}{
		"in order":                    {"status", "online", good, "ppp"},
		"over-masked":                 {"camera/cam-2/protection", "over_masked", warning, "pop"},
		"a camera is offline":         {"camera/cam-2/protection", "offline", warning, "pfp"},
		"a camera unknown":            {"camera/cam-2/protection", "unknown", warning, "pup"},
		"blocked":                     {"camera/cam-2/protection", "blocked", failing, "pbp"},
		"rules not met":               {"compliance", standingJSON("fail", 0.5), papers, "ppp"},
		"rules: warning":              {"compliance", standingJSON("warn", 0.5), warning, "ppp"},
		"offline":                     {"status", "offline", offlineNow, "sss"},
		"a camera without protection": {"camera/cam-9/availability", "online", warning, "pppu"},
	} {
		b, _ := offlineCache(t, Config{})
		receiveAll(b, states("hall", 3, 30))
		b.receive("bauta/hall/"+c.topic, []byte(c.payload))
		if got := rowOf(t, b, "hall"); got.Rank != c.want || got.Cameras != c.cameras {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// Green is what a gateway measured. A pass that rests on something else, or on a basis that an
// earlier version did not name, is on record, and so is a gateway as a whole at best.
func TestOnlyMeasuredIsGreen(t *testing.T) {
	b, _ := offlineCache(t, Config{})
	receiveAll(b, states("hall", 1, 30))
	for said, want := range map[string]byte{
		`{"status":"pass","basis":"measured"}`: 'p', `{"status":"pass","basis":"recorded"}`: 'd', `{"status":"pass","basis":"declared"}`: 'd',
		`{"status":"pass","basis":"design"}`: 'd', `{"status":"pass"}`: 'd', `{"status":"pass","basis":"sworn"}`: 'd',
		`{"status":"unknown","basis":"measured"}`: 'u', `{"status":"fail","basis":"measured"}`: 'f',
	} {
		b.receive("bauta/hall/compliance/x", []byte(said))
		if r := rowOf(t, b, "hall"); r.Clauses[b.gateways["hall"].clauses["x"].kind] != want || r.Grade != "d" {
			t.Errorf("%s: %+v, want %c", said, r, want)
		}
	}
}

// What is older than three heartbeats is grey, each state by itself.
func TestGrowsStale(t *testing.T) {
	b, now := offlineCache(t, Config{})
	receiveAll(b, states("hall", 3, 30))
	if r := rowOf(t, b, "hall"); r.Rank != good || r.Grade != "d" || strings.Contains(r.Clauses, "s") {
		t.Fatalf("fresh: %+v", r)
	}
	*now = now.Add(80 * time.Second)
	b.receive("bauta/hall/status", []byte("online"))
	b.receive("bauta/hall/camera/cam-2/protection", []byte("protected"))
	*now = now.Add(20 * time.Second)
	if r := rowOf(t, b, "hall"); r.Rank != warning || r.Cameras != "sps" || r.Grade != "s" || strings.ContainsAny(r.Clauses, "pd") {
		t.Errorf("the gateway and one camera sent states: %+v", r)
	}
	*now = now.Add(100 * time.Second)
	if r := rowOf(t, b, "hall"); r.Rank != silent || r.Cameras != "sss" {
		t.Errorf("nothing was received for long: %+v", r)
	}
	b.receive("bauta/hall/status", []byte("online"))
	b.receive("bauta/hall/camera/cam-1/protection", []byte("protected"))
	if r := rowOf(t, b, "hall"); r.Rank != warning || r.Cameras != "pss" {
		t.Errorf("it speaks again: %+v", r)
	}
	for range 20 { // somebody has its details open
		*now = now.Add(6 * time.Second)
		b.detail("hall")
		b.refresh()
	}
	if r := b.gateways["hall"].row; r.Rank != silent {
		t.Errorf("watched, it never grows stale: %+v", r)
	}
}

// A gateway cannot make its states seem fresh for a day.
func TestHeartbeatIsBounded(t *testing.T) {
	b, _ := offlineCache(t, Config{})
	for said, want := range map[string]time.Duration{"86400": maxHeartbeat, "0.0001": minHeartbeat, "-5": defaultHeartbeat, "0": defaultHeartbeat, "60": time.Minute} {
		b.receive("bauta/hall/status", []byte("online"))
		b.receive("bauta/hall/info", []byte(`{"heartbeat_s":`+said+`}`))
		if got := b.gateways["hall"].heartbeat; got != want {
			t.Errorf("%s s: %v", said, got)
		}
	}
}

func TestRemoved(t *testing.T) {
	b, _ := offlineCache(t, Config{})
	receiveAll(b, states("hall", 3, 30))
	receiveAll(b, states("gate", 2, 30))
	b.refresh()
	var page cursor
	if u, anew, _ := b.news(&page); !anew || len(u.Rows) != 2 || len(u.Kinds) != len(clauseNames) {
		t.Fatalf("the first view: %v, %d rows, %d kinds", anew, len(u.Rows), len(u.Kinds))
	}
	if u, anew, _ := b.news(&page); anew || len(u.Rows)+len(u.Kinds)+len(u.Gone) != 0 {
		t.Errorf("nothing is new: %+v", u)
	}
	b.receive("bauta/hall/camera/cam-3/protection", nil)
	b.receive("bauta/hall/compliance/m4", nil)
	b.refresh()
	if u, _, _ := b.news(&page); len(u.Rows) != 1 || u.Rows[0].Cameras != "pp" || u.Rows[0].Clauses[b.gateways["hall"].clauses["m5"].kind] != 'p' {
		t.Errorf("a camera went: %+v", u)
	}
	b.receive("bauta/gate/status", nil)
	b.receive("bauta/gate/camera/cam-1/protection", []byte("protected")) // late
	b.refresh()
	if u, anew, _ := b.news(&page); anew || len(u.Gone) != 1 || u.Gone[0] != "gate" || len(u.Rows) != 0 {
		t.Errorf("a gateway went: %+v", u)
	}
	if b.cameras != 2 || b.clauses != len(clauseNames)-1 {
		t.Errorf("%d cameras and %d clauses are counted", b.cameras, b.clauses)
	}
	for i := range 2 * maxGone {
		name := fmt.Sprintf("g%d", i)
		b.receive("bauta/"+name+"/status", []byte("online"))
		b.receive("bauta/"+name+"/status", nil)
	}
	if u, anew, _ := b.news(&page); !anew || len(u.Rows) != 1 || len(b.gone) != maxGone {
		t.Errorf("a page that missed too much begins anew: %v, %+v", anew, u)
	}
}

// A stranger at the broker can make neither nonsense shown nor memory grow.
func TestBounds(t *testing.T) {
	b, _ := offlineCache(t, Config{Gateways: 10, Cameras: 30, Clauses: 40})
	for i := range 50 {
		name := fmt.Sprintf("gw-%d", i)
		b.receive("bauta/"+name+"/status", []byte("online"))
		for j := range 300 {
			b.receive(fmt.Sprintf("bauta/%s/camera/c%d/protection", name, j), []byte("protected"))
			b.receive(fmt.Sprintf("bauta/%s/compliance/k%d", name, j), []byte(clauseJSON("pass", j)))
		}
	}
	if len(b.gateways) != 10 || b.cameras != 30 || b.clauses != 40 || b.ignored.Limit == 0 {
		t.Errorf("%d gateways, %d cameras, %d clauses, %+v", len(b.gateways), b.cameras, b.clauses, b.ignored)
	}
	b, _ = offlineCache(t, Config{})
	b.receive("bauta/hall/status", []byte("online"))
	for j := range 1000 {
		b.receive(fmt.Sprintf("bauta/hall/camera/c%d/protection", j), []byte("protected"))
		b.receive(fmt.Sprintf("bauta/hall/compliance/k%d", j%200), []byte(clauseJSON("pass", j)))
	}
	if g := b.gateways["hall"]; len(g.cameras) != gatewayCameras || len(g.clauses) != gatewayClauses || len(b.kinds) > kinds {
		t.Errorf("one gateway: %d cameras, %d clauses, %d kinds", len(g.cameras), len(g.clauses), len(b.kinds))
	}
	if _, err := New(Config{Gateways: -1, Broker: broker.Config{Address: "tcp://h"}}); err == nil {
		t.Error("a negative limit passed")
	}
	if _, err := New(Config{}); err == nil {
		t.Error("no broker passed")
	}
}

func TestNonsense(t *testing.T) {
	b, _ := offlineCache(t, Config{})
	receiveAll(b, states("hall", 1, 30))
	before := rowOf(t, b, "hall")
	for _, m := range [][2]string{
		{"bauta/hall/status", "ONLINE"}, {"bauta/Hall/status", "online"}, {"bauta/hall", "online"}, {"bauta/hall/camera/cam-1", "x"}, {"bauta/hall/other", "x"},
		{"bauta/hall/camera/cam-1/mask/set", "solid"}, {"bauta/hall/camera/cam-1/other", "x"}, {"bauta/hall/camera/CAM/protection", "protected"}, {"other/hall/status", "online"},
		{"bauta/hall/camera/cam-1/protection", "PROTECTED"}, {"bauta/hall/camera/cam-1/protection", "\xff\xfe"}, {"bauta/hall/camera/cam-1/availability", "yes"},
		{"bauta/hall/camera/cam-1/metrics", `{"fps":-1}`}, {"bauta/hall/camera/cam-1/metrics", `{"faces":99999999}`}, {"bauta/hall/camera/cam-1/metrics", `{"temperature_c":1e9}`},
		{"bauta/hall/info", "{"}, {"bauta/hall/info", `{"heartbeat_s":"30"}`}, {"bauta/hall/compliance", `{"state":"great"}`}, {"bauta/hall/compliance", `{"state":"pass","protected_share":1.5}`},
		{"bauta/hall/compliance/m4", `{"status":"pass","since":"yesterday"}`}, {"bauta/hall/compliance/m4", `[1]`}, {"bauta/hall/compliance/m4", strings.Repeat(" ", maxPayload+1)},
		{"bauta/hall/compliance/m4/x", "{}"}, {"bauta/new/info", "{"}, {"bauta/new/camera/x/protection", "protected"}, {"bauta/hall/camera/none/metrics", `{"fps":1}`},
	} {
		b.receive(m[0], []byte(m[1]))
	}
	if after := rowOf(t, b, "hall"); after != before || len(b.gateways) != 1 {
		t.Errorf("%+v became %+v of %d gateways", before, after, len(b.gateways))
	}
	if i := b.Ignored(); i.Topic < 8 || i.Payload < 13 || i.Limit != 0 {
		t.Errorf("%+v", i)
	}
}

func TestDetails(t *testing.T) {
	b, now := offlineCache(t, Config{})
	receiveAll(b, states("hall", 2, 30))
	b.receive("bauta/hall/compliance/m9", []byte(clauseJSON("fail", 4)))
	b.receive("bauta/hall/camera/cam-1/metrics", []byte(`{"fps":24.9,"latency_ms":210,"faces":3,"masked":2,"shown":1,"temperature_c":null}`))
	read := func() detail {
		var d detail
		raw, ok := b.detail("hall")
		if err := json.Unmarshal(raw, &d); err != nil || !ok {
			t.Fatal(err, ok)
		}
		return d
	}
	d := read()
	if d.Rank != good || len(d.Cameras) != 2 || d.Cameras[0].Figures == nil || d.Cameras[0].Figures.Shown != 1 || d.Cameras[1].Figures != nil {
		t.Errorf("%+v", d)
	}
	if len(d.Clauses) != len(clauseNames) || d.Clauses[0].ID != "m9" || d.Clauses[1].ID != "m4" || d.Clauses[0].Evidence.ZH == "" || d.Clauses[0].Since == 0 {
		t.Errorf("%+v", d.Clauses)
	}
	*now = now.Add(10 * time.Minute)
	if d := read(); d.Rank != silent || d.Cameras[0].Figures != nil || d.Cameras[0].Mark != "s" || d.Clauses[0].Grade != "s" {
		t.Errorf("old: %+v", d)
	}
	if _, ok := b.detail("nobody"); ok {
		t.Error("a gateway that nobody knows")
	}
}

func TestCurve(t *testing.T) {
	b, now := offlineCache(t, Config{})
	b.refresh()
	if len(b.history) != 0 {
		t.Error("a point without any gateway")
	}
	receiveAll(b, states("hall", 3, 30))
	b.receive("bauta/hall/camera/cam-1/protection", []byte("blocked"))
	for range 2 * sampleCount {
		*now = now.Add(sampleEvery)
		b.receive("bauta/hall/status", []byte("online"))
		b.refresh()
	}
	if len(b.history) != sampleCount {
		t.Errorf("%d points", len(b.history))
	}
	b, _ = offlineCache(t, Config{})
	receiveAll(b, states("hall", 3, 30))
	b.receive("bauta/hall/camera/cam-1/protection", []byte("blocked"))
	b.refresh()
	if got := b.history; len(got) != 1 || got[0].Protected != 66.6 || got[0].Share != 99.9 {
		t.Errorf("%+v", got)
	}
}

// What a real gateway says at the broker that it brings is understood whole.
func TestRealGateway(t *testing.T) {
	p, err := mqtt.New(mqtt.Config{Gateway: "hall", EmbeddedAddr: "127.0.0.1:0", Heartbeat: time.Second}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p.SetInfo(mqtt.Info{Version: "1.4.0", ModelHash: "8f23", PolicyPack: "cn-2025", Site: "示例大厦"})
	p.NameCamera("lobby", "大堂 10 号")
	p.SetCamera("lobby", true, media.Protected)
	p.SetCamera("yard", false, media.Offline)
	share := 0.75
	p.SetCompliance(mqtt.Standing{State: "warn", Since: time.Now(), Time: time.Now(), ProtectedShare: &share},
		map[string]mqtt.ClauseState{"m9": {Status: "warn", Evidence: mqtt.Words{EN: "one", ZH: "一"}, Citation: mqtt.Words{EN: "Article 9", ZH: "第九条"}, Since: time.Now()}})
	p.Start(t.Context())
	t.Cleanup(p.Close)
	until(t, "the broker listens", func() bool { return p.Addr() != "" })
	b, _ := serveStates(t, p.Addr())
	newest := func() row {
		b.mu.Lock()
		defer b.mu.Unlock()
		if g := b.gateways["hall"]; g != nil {
			return g.row
		}
		return row{}
	}
	until(t, "all of it", func() bool {
		r := newest()
		return r.Rank == warning && r.Cameras == "pf" && r.Grade == "w" && r.Share == 75 && r.Clauses == "w" && r.Since > 0
	})
	p.Metrics("lobby", mqtt.Metrics{FPS: 25, Faces: 2})
	until(t, "the figures", func() bool {
		raw, _ := b.detail("hall")
		return strings.Contains(string(raw), `"fps":25`) && strings.Contains(string(raw), `"site":"示例大厦"`)
	})
	until(t, "names", func() bool {
		raw, _ := b.detail("hall")
		return newest().Site == "示例大厦" && strings.Contains(string(raw), `"name":"lobby","title":"大堂 10 号"`) && strings.Contains(string(raw), `{"name":"yard","mark"`)
	})
	p.RemoveCamera("yard")
	until(t, "a camera less", func() bool { return newest().Cameras == "p" })
	if i := b.Ignored(); i != (Ignored{}) {
		t.Errorf("ignored: %+v", i)
	}
}

// FuzzReceive feeds messages: the page never shows what no gateway can say.
func FuzzReceive(f *testing.F) {
	for topic, payload := range states("hall", 1, 30) {
		f.Add(topic, []byte(payload))
	}
	f.Add("bauta/hall/compliance/x", []byte(`{"status":"pass","citation":{"en":"\u0000\ud800<"}}`))
	f.Fuzz(func(t *testing.T, topic string, payload []byte) {
		b, _ := offlineCache(t, Config{})
		b.receive("bauta/hall/status", []byte("online"))
		b.receive(topic, payload)
		b.refresh()
		var page cursor
		u, _, _ := b.news(&page)
		if _, err := json.Marshal(u); err != nil {
			t.Fatal(err)
		}
		for name, g := range b.gateways {
			if !slug(name) || len(g.row.Cameras) > gatewayCameras || strings.Trim(g.row.Cameras, "pobfus") != "" || strings.Trim(g.row.Clauses, "pdwfus-") != "" {
				t.Errorf("%+v", g.row)
			}
			if _, ok := b.detail(name); !ok {
				t.Error("no details")
			}
		}
	})
}
