package gateway

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware"
)

func alive(t *testing.T, g *Gateway, limit time.Duration) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	return g.Alive(ctx)
}

func TestAlive(t *testing.T) {
	cfg := settings(t)
	cfg.Gateway.Language = "en"
	g, client := start(t, Options{Config: cfg, Guests: []api.NewCamera{{ID: "gate", Name: "Gate", URL: nobody}, {ID: "hall", Name: "Hall", URL: nobody}}})
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
	hang(g.camera("gate"))()
	if !alive(t, g, patience) {
		t.Error("it does not recover")
	}
	g.store.Close()
	if alive(t, g, patience) {
		t.Error("a closed store counts as alive")
	}
}

// hang keeps a camera's owner from going on until the result is called: it
// waits for the lock at the next thing that happens.
func hang(c *camera) (release func()) {
	c.mu.Lock()
	c.poke()
	return c.mu.Unlock
}

// systemd gets no food for its watchdog while a camera's owner hangs.
func TestHangingOwnerStarvesTheWatchdog(t *testing.T) {
	conn := notifySocket(t, time.Second)
	g, _ := start(t, Options{Config: settings(t), Guests: []api.NewCamera{{ID: "gate", Name: "Gate", URL: nobody}}})
	starved := make(chan error, 1000)
	service := hardware.Service{Alive: g.Alive, Status: func() string { return "test" }, Trouble: func(err error) { starved <- err }}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { service.Run(ctx); close(done) }()
	defer func() { cancel(); <-done }()
	heardWithin(t, conn, "WATCHDOG=1", patience)
	release := hang(g.camera("gate"))
	defer func() { release() }()
	<-starved
	drain(conn)
	<-starved // a whole turn later
	<-starved
	if heard := drain(conn); strings.Contains(heard, "WATCHDOG=1") {
		t.Errorf("while the owner hangs: %q", heard)
	}
	release()
	release = func() {}
	heardWithin(t, conn, "WATCHDOG=1", patience)
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

func heardWithin(t *testing.T, conn *net.UnixConn, want string, limit time.Duration) {
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
	g, client := start(t, Options{Config: cfg, Demo: clip(t)})
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
