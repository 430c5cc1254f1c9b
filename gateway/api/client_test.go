package api

import (
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/config/text"
)

// Without a gateway the client says so, and what to do.
func TestClientWithoutDaemon(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "none")
	stale := filepath.Join(dir, "bauta.sock")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: stale, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	for _, data := range []string{missing, dir} {
		_, err := NewClient(filepath.Join(data, "bauta.sock"), text.EN).Status(t.Context())
		if !errors.Is(err, ErrNotRunning) || !strings.Contains(err.Error(), "bauta run") {
			t.Errorf("%s: err = %v, want ErrNotRunning with the next step", data, err)
		}
	}
}
