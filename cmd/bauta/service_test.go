//go:build linux

package main

import (
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The daemon tells systemd that it is ready, feeds the watchdog and says when it stops.
func TestSystemdIsNotified(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", "2000000")
	var all strings.Builder
	received := func(want string) bool {
		b := make([]byte, 4096)
		conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if n, err := conn.Read(b); err == nil {
			all.Write(append(b[:n], '\n'))
		}
		return strings.Contains(all.String(), want)
	}
	cmd, _ := daemon(t, embedded, "--camera", "rtsp://127.0.0.1:9/live")
	eventually(t, "ready", func() bool { return received("READY=1\nSTATUS=cameras: 1, masked: 0") })
	eventually(t, "three times fed", func() bool { return received("") && strings.Count(all.String(), "WATCHDOG=1") >= 3 })
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	eventually(t, "stopping", func() bool { return received("STOPPING=1") })
	if err := cmd.Wait(); err != nil {
		t.Errorf("exit: %v", err)
	}
}
