package hardware

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// systemd listens where systemd would and returns what it receives.
func systemd(t *testing.T, watchdog time.Duration) *net.UnixConn {
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

// receive returns the next message, empty where none comes in time.
func receive(t *testing.T, conn *net.UnixConn, patience time.Duration) string {
	t.Helper()
	if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 4096)
	n, err := conn.Read(b)
	if err != nil {
		return ""
	}
	return string(b[:n])
}

func TestService(t *testing.T) {
	conn := systemd(t, 200*time.Millisecond)
	var alive atomic.Bool
	alive.Store(true)
	troubles := make(chan error, 100)
	s := Service{
		Alive:   func(context.Context) bool { return alive.Load() },
		Status:  func() string { return "2 cameras" },
		Trouble: func(err error) { troubles <- err },
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { s.Run(ctx); close(done) }()
	const patience = 20 * time.Second
	if got := receive(t, conn, patience); got != "READY=1\nSTATUS=2 cameras" {
		t.Fatalf("first: %q", got)
	}
	for range 3 {
		if got := receive(t, conn, patience); got != "WATCHDOG=1" {
			t.Fatalf("then: %q", got)
		}
	}
	alive.Store(false)
	<-troubles
	<-troubles
	for receive(t, conn, 10*time.Millisecond) != "" { // sent before it stopped
	}
	<-troubles
	if got := receive(t, conn, 10*time.Millisecond); got != "" {
		t.Errorf("a dead daemon says %q", got)
	}
	alive.Store(true)
	if got := receive(t, conn, patience); got != "WATCHDOG=1" {
		t.Errorf("once it is well again: %q", got)
	}
	cancel()
	<-done
	last := ""
	for m := receive(t, conn, 10*time.Millisecond); m != ""; m = receive(t, conn, 10*time.Millisecond) {
		last = m
	}
	if last != "STOPPING=1" {
		t.Errorf("last: %q", last)
	}
}

// Another program's watchdog is not ours to feed.
func TestServiceOfAnotherProcess(t *testing.T) {
	conn := systemd(t, time.Millisecond)
	t.Setenv("WATCHDOG_PID", "1")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	Service{Alive: func(context.Context) bool { return true }, Status: func() string { return "" }, Trouble: func(err error) { t.Error(err) }}.Run(ctx)
	var all []string
	for m := receive(t, conn, 50*time.Millisecond); m != ""; m = receive(t, conn, 50*time.Millisecond) {
		all = append(all, m)
	}
	if got := strings.Join(all, "; "); got != "READY=1\nSTATUS=; STOPPING=1" {
		t.Errorf("said %q", got)
	}
}

func TestServiceWithoutSystemd(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	t.Setenv("WATCHDOG_USEC", "")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	Service{Alive: func(context.Context) bool { return true }, Status: func() string { return "" }, Trouble: func(err error) { t.Error(err) }}.Run(ctx)
}
