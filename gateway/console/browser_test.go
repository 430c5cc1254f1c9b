package console_test

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/bauta-gateway/bauta/gateway/demo"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// These tests drive a real browser against the daemon of build/ (make build) in
// a process of its own, with a camera that plays a clip.

// patience is for whatever must come; busy machines are slow.
const patience = 30 * time.Second

var root = filepath.Join("..", "..")

// long reports whether the long forms were asked for.
func long() bool { return os.Getenv("BAUTA_LONG") != "" }

// oneOf are the languages and screens in which a test is gone through: all of them in its long form, else
// one that follows from its name, so that over all tests each has its share.
func oneOf[T any](t *testing.T, all []T) []T {
	if long() {
		return all
	}
	i := crc32.ChecksumIEEE([]byte(t.Name())) % uint32(len(all))
	return all[i : i+1]
}

// password of the manager whom the tests set up.
const password = "a few plain words"

// instance is a daemon that nobody has set up yet, and the camera beside it.
type instance struct {
	url, code string
	data      string // its folder
	process   *os.Process
	camera    *demo.Camera
}

func built(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(root, "build", name))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Fatalf("%s is not here (make build build/demo.mp4): %v", name, err)
	}
	return path
}

// demoClip is the one that `bauta run --demo` plays. Pictures of it alone go into
// the manual.
func demoClip(t *testing.T) string { return small(t, built(t, "demo.mp4"), "-r", "10") }

// small makes a clip of 360 lines, so that a busy machine keeps up.
func small(t *testing.T, clip string, more ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "small.mp4")
	args := append([]string{"-v", "error", "-i", clip, "-an", "-vf", "scale=-2:360", "-c:v", "libx264", "-preset", "fast", "-crf", "14", "-g", "15", "-bf", "0"}, more...)
	if b, err := exec.Command("ffmpeg", append(args, out)...).CombinedOutput(); err != nil {
		t.Fatalf("no small clip: %v: %s", err, b)
	}
	return out
}

// badgesClip has a wearer of badge 7 among others.
func badgesClip(t *testing.T) string { return clips.Path(t, "badges.mp4") }

func startInstance(t *testing.T, clip string) *instance {
	t.Helper()
	built(t, "bauta-worker")
	camera, err := demo.Start(t.Context(), clip, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(camera.Close)
	b := startGateway(t)
	b.camera = camera
	return b
}

// startGateway runs one that has no camera and no user yet.
func startGateway(t *testing.T, flags ...string) *instance {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	b := &instance{data: data, process: runGateway(t, data, flags...)}
	eventually(t, "the daemon shows the set-up code", func() bool { b.code, b.url = setupCode(data); return b.code != "" && b.url != "" })
	return b
}

// runGateway runs one with that data folder, and more flags, until the test ends.
func runGateway(t *testing.T, data string, flags ...string) *os.Process {
	t.Helper()
	process, _ := runSet(t, data, "console: {address: \"127.0.0.1:0\"}\n", flags...)
	return process
}

// runSet is runGateway with settings of the test's, until it is stopped.
func runSet(t *testing.T, data, more string, flags ...string) (process *os.Process, stop func()) {
	t.Helper()
	program := built(t, "bauta")
	config := filepath.Join(t.TempDir(), "bauta.yaml")
	settings := "gateway: {name: main-building}\nrtsp: {address: \"127.0.0.1:0\", udp: false}\nmqtt: {embedded_address: \"127.0.0.1:0\"}\n" + more
	if err := os.WriteFile(config, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, append([]string{"run", "--config", config, "--data", data}, flags...)...)
	cmd.Env = append(os.Environ(), "LANG=C", "LC_ALL=C")
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	t.Cleanup(func() {
		stop()
		if t.Failed() {
			t.Logf("the daemon's log:\n%s", log.String())
		}
	})
	return cmd.Process, stop
}

// local asks on the administrator's socket.
func local(data, method, path, body string, out any) error {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", filepath.Join(data, "bauta.sock"))
	}}}
	defer client.CloseIdleConnections()
	req, err := http.NewRequest(method, "http://bauta"+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return json.NewDecoder(io.LimitReader(res.Body, 1<<16)).Decode(out)
}

func setupCode(data string) (code, url string) {
	var out struct{ Code, Console string }
	_ = local(data, http.MethodGet, "/v1/setup-code", "", &out) // empty where there is no answer
	return out.Code, strings.TrimSuffix(out.Console, "/")
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}

// browser is one tab. What goes wrong in its scripts fails the test.
type browser struct {
	*testing.T
	ctx           context.Context
	width, height int64
	downloads     string

	mu       sync.Mutex
	problems []string
}

func openBrowser(t *testing.T, width, height int64) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("no browser (make setup-test): %v", err)
	}
	options := append([]chromedp.ExecAllocatorOption{}, chromedp.DefaultExecAllocatorOptions[:]...)
	options = append(options, chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.IgnoreCertErrors,
		chromedp.Flag("headless", "new"), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("lang", "en-US"),
		chromedp.WindowSize(int(width), int(height)), chromedp.UserDataDir(profile(t)), chromedp.WSURLReadTimeout(patience))
	alloc, stop := chromedp.NewExecAllocator(t.Context(), options...)
	ctx, end := chromedp.NewContext(alloc)
	b := &browser{T: t, ctx: ctx, width: width, height: height, downloads: t.TempDir()}
	if err := chromedp.Run(ctx); err != nil { // the browser lives as long as this context
		t.Fatalf("the browser does not start: %v", err)
	}
	t.Cleanup(func() { end(); stop() })
	chromedp.ListenTarget(ctx, b.listen)
	b.run(runtime.Enable(), cdplog.Enable(), emulation.SetDeviceMetricsOverride(width, height, 1, width < 600), emulation.SetTouchEmulationEnabled(width < 600), emulation.SetFocusEmulationEnabled(true))
	t.Cleanup(b.noProblems)
	return b
}

// profile is an empty folder for a browser. Its processes write there for a
// moment after it has ended, so removing it takes some tries.
func profile(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "bauta-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for end := time.Now().Add(patience); os.RemoveAll(dir) != nil; time.Sleep(50 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("the browser still writes to its folder %s", dir)
			}
		}
	})
	return dir
}

// listen keeps what scripts threw and what the content policy refused.
func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, "exception: "+e.ExceptionDetails.Error())
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.LevelError && e.Entry.Source == cdplog.SourceSecurity {
			b.problems = append(b.problems, "security: "+e.Entry.Text)
		}
	}
}

func (b *browser) noProblems() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, p := range b.problems {
		b.Errorf("in the page: %s", p)
	}
}

func (b *browser) run(actions ...chromedp.Action) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		b.shoot("failed")
		b.Fatalf("the browser: %v", err)
	}
}

// js evaluates an expression, awaiting a promise.
func (b *browser) js(expression string, into any) {
	b.Helper()
	b.run(chromedp.Evaluate(expression, into, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
}

func (b *browser) is(expression string) bool {
	var yes bool
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	err := chromedp.Run(ctx, chromedp.Evaluate("Promise.resolve("+expression+").then(Boolean)", &yes, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	return err == nil && yes // a page that is just changing has no answer
}

// wait waits until an expression is true.
func (b *browser) wait(what, expression string) {
	b.Helper()
	for end := time.Now().Add(patience); !b.is(expression); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			b.shoot("failed")
			var said string
			b.js("document.body.innerText", &said)
			b.Fatalf("waited %v in vain: %s (%s); the page says:\n%s", patience, what, expression, said)
		}
	}
}

func quoted(s string) string { q, _ := json.Marshal(s); return string(q) }

// waitFor waits for an element to be seen.
func (b *browser) waitFor(selector string) {
	b.Helper()
	b.wait(selector, fmt.Sprintf("document.querySelector(%s)?.checkVisibility()", quoted(selector)))
}

func (b *browser) open(url string) {
	b.Helper()
	b.run(chromedp.Navigate(url))
	b.settled()
}

// settled waits until the page's scripts have loaded and listen.
func (b *browser) settled() {
	b.Helper()
	b.wait("the page listens", "document.documentElement.dataset.ready !== undefined")
}

// shoot saves what is seen where BAUTA_SCREENSHOTS names a folder.
func (b *browser) shoot(name string) {
	b.Helper()
	dir := os.Getenv("BAUTA_SCREENSHOTS")
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	var png []byte
	if err := chromedp.Run(ctx, chromedp.Evaluate("scrollTo(0, 0)", nil), chromedp.FullScreenshot(&png, 100)); err != nil {
		b.Logf("no screenshot: %v", err)
		return
	}
	path := filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, b.width))
	if err := os.WriteFile(path, png, 0o644); err != nil {
		b.Logf("no screenshot: %v", err)
	}
}

// overflows lists what reaches beyond the window, and texts that are cut off. What
// stands in a row to swipe, or in a table to scroll, may: the page of all gateways
// has them.
const overflows = `(() => {
	const bad = [], width = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > width) bad.push('the page is ' + document.documentElement.scrollWidth + ' wide');
	for (const e of document.querySelectorAll('body *')) {
		if (!e.checkVisibility() || e.closest('.stage, .skip, .unseen, svg') || e.parentElement.closest('.cards, .scroll')) continue;
		const box = e.getBoundingClientRect();
		const name = e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 40);
		if (box.width && (box.right > width + 1 || box.left < -1)) bad.push(name + ' reaches from ' + box.left + ' to ' + box.right);
		if (e.matches('.button, .state, .tabs a, label, h1, h2, h3, legend') && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline') bad.push(name + ' is cut off');
	}
	return bad;
})()`

func (b *browser) noOverflow(page string) {
	b.Helper()
	var bad []string
	b.js(overflows, &bad)
	for _, s := range bad {
		b.Errorf("%s at %d pixels: %s", page, b.width, s)
	}
}
