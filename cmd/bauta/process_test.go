//go:build linux

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/config/store"
)

// patience is for whatever must happen; busy machines are slow.
const patience = 60 * time.Second

// bauta is the command line in a process of its own: TestMain sees the name.
func bauta(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Args = append([]string{"bauta"}, args...)
	cmd.Env = append(os.Environ(), "LANG=C", "LC_ALL=C")
	return cmd
}

// daemon runs until the test ends.
func daemon(t *testing.T, config string, args ...string) (cmd *exec.Cmd, data string) {
	t.Helper()
	dir := t.TempDir()
	data = filepath.Join(dir, "data")
	file := filepath.Join(dir, "bauta.yaml")
	if err := os.WriteFile(file, []byte("rtsp: {address: \"127.0.0.1:0\", udp: false}\nconsole: {address: \"127.0.0.1:0\"}\n"+config), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd = bauta(t, append([]string{"run", "--config", file, "--data", data}, args...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	eventually(t, "the daemon answers", func() bool {
		conn, err := net.Dial("unix", filepath.Join(data, "bauta.sock"))
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return cmd, data
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}

const embedded = "mqtt: {embedded_address: \"127.0.0.1:0\"}\n"

func TestSIGTERMStopsCleanly(t *testing.T) {
	cmd, data := daemon(t, embedded, "--camera", "rtsp://127.0.0.1:9/live")
	began := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("exit: %v", err)
	}
	if spent := time.Since(began); spent > 10*time.Second {
		t.Errorf("it took %v", spent)
	}
	if exists(filepath.Join(data, "bauta.sock")) {
		t.Error("the socket is left")
	}
}

// A daemon that is killed leaves a socket and a broker that says offline; the
// next one starts all the same.
func TestKilledDaemon(t *testing.T) {
	if _, err := exec.LookPath("mosquitto"); err != nil {
		t.Fatal("mosquitto is not in PATH, which needs /usr/sbin: make setup-test installs it")
	}
	addr := startMosquitto(t)
	cmd, data := daemon(t, "mqtt: {broker: \"tcp://"+addr+"\"}\ngateway: {name: box}\n")
	seen := subscribed(t, addr, "bauta/box/status")
	eventually(t, "status online", func() bool { return seen() == "online" })
	cmd.Process.Kill()
	cmd.Wait()
	eventually(t, "status offline", func() bool { return seen() == "offline" })
	again := bauta(t, "run", "--config", filepath.Join(filepath.Dir(data), "bauta.yaml"), "--data", data)
	if err := again.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Process.Kill(); again.Wait() })
	eventually(t, "status online again", func() bool { return seen() == "online" })
}

func startMosquitto(t *testing.T) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr = l.Addr().String()
	l.Close()
	_, port, _ := net.SplitHostPort(addr)
	conf := filepath.Join(t.TempDir(), "mosquitto.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, "listener %s 127.0.0.1\nallow_anonymous true\n", port), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("mosquitto", "-c", conf)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return addr
}

// subscribed returns what a topic said last.
func subscribed(t *testing.T, addr, topic string) func() string {
	t.Helper()
	host, port, _ := net.SplitHostPort(addr)
	cmd := exec.Command("mosquitto_sub", "-h", host, "-p", port, "-t", topic)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "mosquitto listens", func() bool {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	last := ""
	done := make(chan struct{})
	go func() {
		defer close(done)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			mu.Lock()
			last = lines.Text()
			mu.Unlock()
		}
	}()
	t.Cleanup(func() { cmd.Process.Kill(); <-done; cmd.Wait() })
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return last
	}
}

// pty opens a pseudo terminal: what is written to the first end is typed into
// the second.
func pty(t *testing.T) (keyboard, terminal *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo terminals here: %v", err)
	}
	t.Cleanup(func() { keyboard.Close() })
	if err := unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { terminal.Close() })
	return keyboard, terminal
}

// onScreen collects what a terminal shows.
func onScreen(keyboard *os.File) func() string {
	var mu sync.Mutex
	var all bytes.Buffer
	go func() { // ends when the test closes the terminal
		b := make([]byte, 4096)
		for {
			n, err := keyboard.Read(b)
			mu.Lock()
			all.Write(b[:n])
			mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		return all.String()
	}
}

func TestPasswordIsAskedWithoutEcho(t *testing.T) {
	run, data := daemon(t, embedded)
	keyboard, terminal := pty(t)
	screen := onScreen(keyboard)
	cmd := bauta(t, "camera", "add", "gate", "rtsp://127.0.0.1:9/live", "--user", "admin", "--data", data)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the prompt", func() bool { return strings.Contains(screen(), "password of admin") })
	fmt.Fprintln(keyboard, "topsecret")
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, screen())
	}
	eventually(t, "the answer", func() bool { return strings.Contains(screen(), "gate added") })
	if strings.Contains(screen(), "topsecret") {
		t.Errorf("the password was shown:\n%s", screen())
	}
	before, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	if err != nil || before.Lflag&unix.ECHO == 0 {
		t.Errorf("the terminal was left without echo: %v", err)
	}
	run.Process.Signal(syscall.SIGTERM)
	run.Wait()
	s, err := store.Open(filepath.Join(data, "bauta.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if rec, err := s.Camera("gate"); err != nil || rec.User != "admin" || rec.Password.Reveal() != "topsecret" {
		t.Errorf("stored: %v, %v", rec.User, err)
	}
}

func TestViewerLoginIsShownAtATerminal(t *testing.T) {
	keyboard, terminal := pty(t)
	screen := onScreen(keyboard)
	file := filepath.Join(t.TempDir(), "bauta.yaml")
	if err := os.WriteFile(file, []byte("rtsp: {address: \"127.0.0.1:0\", udp: false}\nconsole: {address: \"127.0.0.1:0\"}\n"+embedded), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := bauta(t, "run", "--config", file, "--data", filepath.Join(t.TempDir(), "data"), "--camera", "rtsp://127.0.0.1:9/live")
	cmd.Stdout = terminal
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	eventually(t, "the login", func() bool { return strings.Contains(screen(), "Ctrl+C") })
	first, rest, _ := strings.Cut(screen(), "\n")
	if !strings.HasPrefix(first, "console: https://127.0.0.1:") || !strings.Contains(first, "/#setup=") {
		t.Errorf("first line: %q", first)
	}
	warns, rest, _ := strings.Cut(rest, "\n")
	watch, _, _ := strings.Cut(rest, "\n")
	if !strings.Contains(warns, "fingerprint") || !strings.HasPrefix(watch, "watch: rtsp://viewer:") || !strings.Contains(watch, "@127.0.0.1:") {
		t.Errorf("then: %q, %q", warns, watch)
	}
}
