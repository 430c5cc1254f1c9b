package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// stopLimit is how long the daemon may take to end after SIGTERM.
const stopLimit = 10 * time.Second

// daemon is the `bauta run` under test.
type daemon struct {
	bauta, dir string
	stream     string // host:port of the masked streams, the same after each start
	client     *api.Client
	log        *os.File

	mu   sync.Mutex
	cmd  *exec.Cmd
	done chan struct{}
}

// newDaemon writes the settings and the folder of worker programs.
func newDaemon(bauta, worker, dir, broker string) (*daemon, error) {
	stream, err := freeAddress()
	if err != nil {
		return nil, err
	}
	if err := linkRelay(worker, dir); err != nil {
		return nil, err
	}
	settings := fmt.Sprintf(`gateway: {name: soak, language: en}
data: %q
rtsp: {address: %q, udp: false, anonymous: true}
console: {address: ""}
mqtt: {broker: "tcp://%s", heartbeat: 5s}
worker: {binary: %q}
consent: {quarantine_days: 0}
`, filepath.Join(dir, "data"), stream, broker, filepath.Join(dir, "bin", relayName))
	if err := os.WriteFile(filepath.Join(dir, "bauta.yaml"), []byte(settings), 0o600); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "bauta.log"))
	if err != nil {
		return nil, err
	}
	socket := filepath.Join(dir, "data", "bauta.sock")
	return &daemon{bauta: bauta, dir: dir, stream: stream, log: log, client: api.NewClient(socket, text.EN)}, nil
}

// linkRelay puts this program in the worker's place.
func linkRelay(worker, dir string) error {
	own, err := os.Executable()
	if err != nil {
		return err
	}
	bin := filepath.Join(dir, "bin")
	return errors.Join(
		os.MkdirAll(filepath.Join(bin, recordsDir), 0o755),
		os.Symlink(own, filepath.Join(bin, relayName)),
		os.Symlink(worker, filepath.Join(bin, realName)),
	)
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// start returns once the daemon answers.
func (d *daemon) start(ctx context.Context) error {
	cmd := exec.Command(d.bauta, "run", "--config", filepath.Join(d.dir, "bauta.yaml"), "--log-level", "info")
	cmd.Stdout, cmd.Stderr = io.Discard, d.log
	// A Ctrl-C at the soak's terminal is the soak's to handle.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		cmd.Wait()
		close(done)
	}()
	d.mu.Lock()
	d.cmd, d.done = cmd, done
	d.mu.Unlock()
	for limit := time.Now().Add(20 * time.Second); time.Now().Before(limit); {
		if _, err := d.client.Status(ctx); err == nil {
			return nil
		}
		select {
		case <-done:
			return fmt.Errorf("bauta run ended: %v, see %s", cmd.ProcessState, d.log.Name())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return errors.New("bauta run does not answer within 20 s")
}

// running is the daemon's process; ended is closed when it is no more.
func (d *daemon) running() (pid int, ended <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.cmd.Process.Pid, d.done
}

// stop sends SIGTERM and checks how the daemon ends: in time, with success and
// without leaving a process behind.
func (d *daemon) stop() error {
	pid, ended := d.running()
	below := processesBelow(pid)
	syscall.Kill(pid, syscall.SIGTERM)
	var late error
	select {
	case <-ended:
	case <-time.After(stopLimit):
		late = fmt.Errorf("SIGTERM: still there after %v", stopLimit)
		d.kill()
	}
	if !d.cmd.ProcessState.Success() && late == nil {
		late = fmt.Errorf("SIGTERM: ended with %v", d.cmd.ProcessState)
	}
	return errors.Join(late, allGone(below))
}

// kill ends the daemon as a crash would.
func (d *daemon) kill() error {
	pid, ended := d.running()
	select {
	case <-ended:
		return nil
	default:
	}
	below := processesBelow(pid)
	syscall.Kill(pid, syscall.SIGKILL)
	<-ended
	return allGone(below)
}

// allGone waits a little for processes to end.
func allGone(pids []int) error {
	var left []int
	for range 50 {
		left = left[:0]
		for _, pid := range pids {
			if alive(pid) {
				left = append(left, pid)
			}
		}
		if len(left) == 0 {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("processes %v outlive the daemon", left)
}

// panicked tells whether the log holds a crash of the daemon.
func (d *daemon) panicked() bool {
	b, err := os.ReadFile(d.log.Name())
	s := string(b)
	return err != nil || strings.Contains(s, "panic:") || strings.Contains(s, "fatal error:") || strings.Contains(s, "DATA RACE")
}

// broker is a mosquitto that can be stopped and started.
type broker struct {
	addr, conf string
	cmd        *exec.Cmd
}

func newBroker(dir string) (*broker, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(addr)
	b := &broker{addr: addr, conf: filepath.Join(dir, "mosquitto.conf")}
	settings := fmt.Sprintf("listener %s 127.0.0.1\nallow_anonymous true\n", port)
	if err := os.WriteFile(b.conf, []byte(settings), 0o644); err != nil {
		return nil, err
	}
	return b, b.start()
}

func (b *broker) start() error {
	b.cmd = exec.Command("mosquitto", "-c", b.conf)
	return b.cmd.Start()
}

func (b *broker) stop() {
	b.cmd.Process.Kill()
	b.cmd.Wait()
}
