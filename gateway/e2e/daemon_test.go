package e2e

import (
	"context"
	"io"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// patience is for whatever must happen; busy machines are slow.
const patience = 60 * time.Second

// settings are for a daemon of a test: free ports, a folder of its own and a
// worker that is not there.
func settings(t *testing.T) config.Config {
	t.Helper()
	cfg := config.Default()
	cfg.Gateway.Name = "test"
	cfg.Data = t.TempDir()
	cfg.RTSP.Address, cfg.RTSP.UDPAddress = "127.0.0.1:0", "127.0.0.1:0"
	cfg.MQTT.EmbeddedAddress = "127.0.0.1:0"
	cfg.Console.Address = "127.0.0.1:0"
	cfg.Worker.Binary = filepath.Join(cfg.Data, "no-worker")
	return cfg
}

// logTo keeps what a daemon logs, to look for secrets in it.
type logTo struct {
	mu  sync.Mutex
	out strings.Builder
}

func (l *logTo) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(b)
}

func (l *logTo) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

func (l *logTo) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func start(t *testing.T, o gateway.Options) (*gateway.Gateway, *api.Client) {
	t.Helper()
	if o.Log == nil {
		o.Log = quiet()
	}
	g, err := gateway.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	return g, api.NewClient(o.Config.Socket(), text.EN)
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}

func cameraStatus(t *testing.T, c *api.Client, id media.CameraID) api.CameraStatus {
	t.Helper()
	cams, err := c.Cameras(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, cam := range cams {
		if cam.ID == id {
			return cam
		}
	}
	t.Fatalf("no camera %s", id)
	return api.CameraStatus{}
}

// nobody is an address that refuses connections at once.
const nobody = "rtsp://127.0.0.1:9/live"

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// statusOf is a camera's status; zero where it is not there.
func statusOf(g *gateway.Gateway, id media.CameraID) (none api.CameraStatus) {
	all, err := g.Client().Cameras(context.Background())
	if err != nil {
		return none
	}
	for _, c := range all {
		if c.ID == id {
			return c
		}
	}
	return none
}

// protection is what a camera's viewers get now.
func protection(g *gateway.Gateway, id media.CameraID) media.Protection {
	return statusOf(g, id).Protection
}

// viewer is the viewers' login and the addresses of the streams.
func viewer(t *testing.T, g *gateway.Gateway) api.Viewer {
	t.Helper()
	v, err := g.Client().Viewer(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// brokerConnected reports whether states are published now.
func brokerConnected(g *gateway.Gateway) bool {
	s, err := g.Client().Status(context.Background())
	return err == nil && s.Gateway.MQTT.Connected
}

// hostOf is the host:port of an address.
func hostOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}
