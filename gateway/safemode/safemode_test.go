package safemode

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
)

// With a damaged store the status says so, everything else is refused with the reason, a
// copy is kept and the store stays as it was. cmd/bauta tests what viewers, MQTT and a
// restore see of it.
func TestDamagedStore(t *testing.T) {
	cfg := config.Default()
	cfg.Data, cfg.Gateway.Name = t.TempDir(), "box-7"
	damaged := []byte("no database at all")
	if err := os.WriteFile(cfg.Store(), damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	_, why := store.Open(cfg.Store(), store.Options{})
	if !errors.Is(why, store.ErrDamaged) {
		t.Fatalf("opened: %v", why)
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	s, err := Start(Config{
		Settings: cfg, Streams: rtsp.ServerConfig{Addr: "127.0.0.1:0"}, MQTT: mqtt.Config{Gateway: "box-7", EmbeddedAddr: "127.0.0.1:0"}, Log: log,
	}, why)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	client := api.NewClient(cfg.Socket(), text.EN)
	status, err := client.Status(t.Context())
	if err != nil || status.Gateway.Blocked != api.ReasonStore || status.Gateway.Problem == "" || s.StatusLine() == "" || !s.Alive(t.Context()) {
		t.Errorf("%+v, %v", status.Gateway, err)
	}
	var refused *api.Error
	if _, err := client.Cameras(t.Context()); !errors.As(err, &refused) || refused.Code != api.CodeStore || refused.Message == "" {
		t.Errorf("cameras: %v", err)
	}
	if b, err := os.ReadFile(cfg.Store()); err != nil || string(b) != string(damaged) {
		t.Errorf("the store is %q, %v", b, err)
	}
	if kept, err := filepath.Glob(filepath.Join(cfg.Data, "*damaged*")); err != nil || len(kept) != 1 {
		t.Errorf("kept: %v, %v", kept, err)
	}
}
