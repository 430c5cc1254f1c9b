package e2e

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware"
)

func alive(t *testing.T, g *gateway.Gateway, limit time.Duration) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	return g.Alive(ctx)
}

// A daemon that works is alive, whatever cameras come and go; one whose store is closed
// is not.
func TestAlive(t *testing.T) {
	cfg := settings(t)
	cfg.Gateway.Language = "en"
	g, client := start(t, gateway.Options{Config: cfg, Transient: []api.NewCamera{{ID: "gate", Name: "Gate", URL: nobody}, {ID: "hall", Name: "Hall", URL: nobody}}})
	if !alive(t, g, patience) {
		t.Error("a daemon that works counts as dead")
	}
	if line := g.StatusLine(); !strings.HasPrefix(line, "cameras: 2, masked: 0, heat: ") {
		t.Errorf("status line: %q", line)
	}
	if err := client.RemoveCamera(t.Context(), "hall"); err != nil {
		t.Fatal(err)
	}
	if !alive(t, g, patience) {
		t.Error("a removed camera makes it dead")
	}
	g.Close()
	if alive(t, g, patience) {
		t.Error("a closed store counts as alive")
	}
}

// hangingLog holds up whoever logs that a camera's protection changed, which its owner
// alone does, once it is armed and until it is released.
type hangingLog struct {
	slog.Handler
	armed    atomic.Bool
	hanging  chan struct{} // closed once somebody is held up
	released chan struct{}
	hung     sync.Once
}

func newHangingLog() *hangingLog {
	return &hangingLog{Handler: quiet().Handler(), hanging: make(chan struct{}), released: make(chan struct{})}
}

func (h *hangingLog) Enabled(context.Context, slog.Level) bool { return true }

func (h *hangingLog) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "protection changed" && h.armed.Load() {
		h.hung.Do(func() { close(h.hanging) })
		<-h.released
	}
	return nil
}

func (h *hangingLog) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h *hangingLog) WithGroup(string) slog.Handler      { return h }

// systemd gets no food for its watchdog while a camera's owner hangs.
func TestHangingOwnerStarvesTheWatchdog(t *testing.T) {
	conn := notifySocket(t, time.Second)
	log := newHangingLog()
	release := sync.OnceFunc(func() { close(log.released) })
	g, client := start(t, gateway.Options{Config: settings(t), Log: slog.New(log)})
	t.Cleanup(release) // ahead of the daemon's end, which waits for the owner
	starved := make(chan error, 1000)
	service := hardware.Service{Alive: g.Alive, Status: func() string { return "test" }, Trouble: func(err error) { starved <- err }}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { service.Run(ctx); close(done) }()
	defer func() { cancel(); <-done }()
	receivedWithin(t, conn, "WATCHDOG=1", patience)
	log.armed.Store(true)
	if _, err := client.AddCamera(t.Context(), api.NewCamera{ID: "gate", Name: "Gate", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	<-log.hanging // at its first change, to offline
	<-starved
	drain(conn)
	<-starved // a whole round later
	<-starved
	if received := drain(conn); strings.Contains(received, "WATCHDOG=1") {
		t.Errorf("while the owner hangs: %q", received)
	}
	release()
	receivedWithin(t, conn, "WATCHDOG=1", patience)
}

func notifySocket(t *testing.T, watchdog time.Duration) *net.UnixConn {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_PID", strconv.Itoa(os.Getpid()))
	t.Setenv("WATCHDOG_USEC", strconv.FormatInt(watchdog.Microseconds(), 10))
	return conn
}

func receivedWithin(t *testing.T, conn *net.UnixConn, want string, limit time.Duration) {
	t.Helper()
	b := make([]byte, 4096)
	for end := time.Now().Add(limit); ; {
		conn.SetReadDeadline(end)
		n, err := conn.Read(b)
		if err != nil {
			t.Fatalf("waited in vain for %s: %v", want, err)
		}
		if strings.Contains(string(b[:n]), want) {
			return
		}
	}
}

// drain takes what was said already.
func drain(conn *net.UnixConn) string {
	var all strings.Builder
	b := make([]byte, 4096)
	for {
		conn.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		n, err := conn.Read(b)
		if err != nil {
			return all.String()
		}
		all.Write(append(b[:n], '\n'))
	}
}

// An accelerator that is named but not there costs a moment of the slate; then
// the real worker masks in software, and the status says so.
func TestE2EAcceleratorFallsBack(t *testing.T) {
	cfg := realSettings(t)
	cfg.Worker.Accelerator = "vaapi"
	if len(hardware.Here().Devices(hardware.VAAPI)) > 0 {
		t.Skip("this machine may really have it")
	}
	g, client := start(t, gateway.Options{Config: cfg, Demo: clip(t)})
	awaitMasking(t, g, "demo")
	w := cameraStatus(t, client, "demo").Worker
	if w.Decoder != "software" || w.Encoder != "software" || w.Restarts < 1 || !strings.Contains(w.AcceleratorProblem, "vaapi") {
		t.Errorf("worker: %+v", w)
	}
	status, err := client.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range status.Gateway.Accelerators {
		if c.Used() != (c.Name == "vaapi") || len(c.Why) != 1 {
			t.Errorf("accelerator: %+v", c)
		}
	}
	if got := cameraStatus(t, client, "demo").Worker.State; got != "masking" {
		t.Errorf("worker is %s", got)
	}
}
