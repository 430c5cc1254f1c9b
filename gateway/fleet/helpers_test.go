package fleet

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/gateway/broker"
)

const patience = 20 * time.Second

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// site speaks for gateways.
type site struct {
	t      *testing.T
	client paho.Client
}

func newSite(t *testing.T, addr string) *site {
	t.Helper()
	opts := paho.NewClientOptions().AddBroker("tcp://" + addr).SetAutoReconnect(false).SetProtocolVersion(4).SetMessageChannelDepth(1000)
	c := paho.NewClient(opts)
	if token := c.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatalf("connect: %v", token.Error())
	}
	t.Cleanup(func() { c.Disconnect(100) })
	return &site{t, c}
}

// say publishes a retained state and does not wait.
func (s *site) say(topic, payload string) { s.client.Publish(topic, 0, true, payload) }

// sure publishes one and waits for the receipt, and so for all before it.
func (s *site) sure(topic, payload string) {
	s.t.Helper()
	if token := s.client.Publish(topic, 1, true, payload); !token.WaitTimeout(patience) || token.Error() != nil {
		s.t.Fatalf("publish: %v", token.Error())
	}
}

// clauses are what the gateways of a site report, in the words that Bauta uses.
var clauseNames = []string{"m4", "m5", "m6", "m7", "m9", "m10", "m11", "m12", "m14", "m15", "s799-7", "s799-12", "s799-15", "s799-18"}

// states are all retained messages of a gateway in good order.
func states(name string, cameras int, heartbeat float64) map[string]string {
	at := "bauta/" + name + "/"
	out := map[string]string{
		at + "status":     "online",
		at + "info":       fmt.Sprintf(`{"version":"1.4.0 (build 3f2a)","model_hash":"8f23","config_hash":"77aa","policy_pack":"cn-2025","heartbeat_s":%g}`, heartbeat),
		at + "compliance": standingJSON("pass", 0.9991),
	}
	for i := range cameras {
		cam := fmt.Sprintf("%scamera/cam-%d/", at, i+1)
		out[cam+"availability"], out[cam+"protection"] = "online", "protected"
	}
	for i, c := range clauseNames {
		out[at+"compliance/"+c] = clauseJSON("pass", i)
	}
	return out
}

func standingJSON(state string, share float64) string {
	return fmt.Sprintf(`{"state":%q,"reasons":[],"since":"2026-03-01T08:00:00Z","ts":"2026-03-02T08:00:00Z","seq":7,"protected_share":%g,"policy_pack":"cn-2025","pack_version":"1"}`, state, share)
}

func clauseJSON(status string, i int) string {
	return fmt.Sprintf(`{"status":%q,"basis":%q,"evidence":{"en":"all 8 cameras have a sign on record, the oldest of 2026-01-12","zh":"全部 8 台摄像机均有标识记录，最早为 2026-01-12"},`+
		`"next":{"en":"record the missing sign with bauta sign add","zh":"请用 bauta sign add 补录缺失的标识"},`+
		`"citation":{"en":"Article %d: duty of the operator, stated in its own words","zh":"第 %d 条：运营者应当履行的义务"},"since":"2026-03-01T08:00:00Z","verified":%t}`, status, []string{"measured", "measured", "recorded"}[i%3], i+4, i+4, i%3 != 0)
}

// serveStates reads a broker and serves the page on loopback.
func serveStates(t *testing.T, addr string) (*StateCache, string) {
	t.Helper()
	b, err := New(Config{Broker: broker.Config{Address: "tcp://" + addr}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return b, serve(t, b, ServeConfig{Listen: "127.0.0.1:0"})
}

func serve(t *testing.T, b *StateCache, cfg ServeConfig) (url string) {
	t.Helper()
	ready, done := make(chan string, 1), make(chan error, 1)
	cfg.Ready = func(url string) { ready <- url }
	ctx, cancel := context.WithCancel(context.Background())
	go func() { done <- b.Serve(ctx, cfg) }()
	select {
	case url = <-ready:
	case err := <-done:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return url
}

// browser is a Chromium of the test's own. What scripts throw and what the
// page's policy blocks fails the test.
func browser(t *testing.T, width, height int) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is not installed: make setup-test installs it")
	}
	flags := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.UserDataDir(profile(t)), chromedp.Flag("headless", "new"),
		chromedp.WindowSize(width, height), chromedp.Flag("enable-precise-memory-info", true), chromedp.Flag("js-flags", "--expose-gc")}
	for _, f := range []string{"no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		flags = append(flags, chromedp.Flag(f, true))
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), flags...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits, unless the test has killed it
		stop()
	})
	chromedp.ListenTarget(ctx, func(ev any) {
		switch ev := ev.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("script: %s", ev.ExceptionDetails.Error())
		case *log.EventEntryAdded:
			if ev.Entry.Source == log.SourceSecurity || strings.Contains(ev.Entry.Text, "Content Security Policy") {
				t.Errorf("page: %s", ev.Entry.Text)
			}
		}
	})
	if err := chromedp.Run(ctx, chromedp.EmulateViewport(int64(width), int64(height)), log.Enable()); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// profile is an empty folder for a browser. Its processes write there for a
// moment after it has ended, so removing it takes some tries.
func profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "bauta-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { until(t, "the browser's folder is gone", func() bool { return os.RemoveAll(dir) == nil }) })
	return dir
}

// eval runs an expression in the page.
func eval[T any](t *testing.T, ctx context.Context, script string) (out T) {
	t.Helper()
	if err := chromedp.Run(ctx, chromedp.Evaluate(script, &out)); err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return out
}

func show(t *testing.T, ctx context.Context, url string) {
	t.Helper()
	if err := chromedp.Run(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
}

// screenshot takes one where BAUTA_SCREENSHOTS names a folder.
func screenshot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	dir := os.Getenv("BAUTA_SCREENSHOTS")
	if dir == "" {
		return
	}
	var png []byte
	if err := chromedp.Run(ctx, chromedp.CaptureScreenshot(&png)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}
