// Package brokertest is what the tests of broker, mqtt and fleet share: a real mosquitto
// as a child process, certificates for it, and plain clients of any broker.
//
// It is for tests alone; all that it starts ends with the test.
package brokertest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// Patience is how long tests wait for what has to come.
const Patience = 60 * time.Second

// Until waits for a condition; what it waits for is in the failure.
func Until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(Patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", Patience, what)
		}
	}
}

// Client is a connected client that is not the gateway.
func Client(t *testing.T, addr string, login ...string) paho.Client {
	t.Helper()
	opts := paho.NewClientOptions().AddBroker("tcp://" + addr).SetAutoReconnect(false).SetProtocolVersion(4)
	if len(login) == 2 {
		opts.SetUsername(login[0]).SetPassword(login[1])
	}
	return Join(t, opts)
}

// Join connects a client of these options, and disconnects it with the test.
func Join(t *testing.T, opts *paho.ClientOptions) paho.Client {
	t.Helper()
	c := paho.NewClient(opts)
	if token := c.Connect(); !token.WaitTimeout(Patience) || token.Error() != nil {
		t.Fatalf("connect: %v", token.Error())
	}
	t.Cleanup(func() { c.Disconnect(100) })
	return c
}

// Mosquitto is a real broker as a child process.
type Mosquitto struct {
	t    *testing.T
	Addr string
	conf string
	cmd  *exec.Cmd
	log  Journal
}

// Journal is what a child writes, readable meanwhile.
type Journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (j *Journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

// String is all that was written so far.
func (j *Journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// Count is how often part was written.
func (j *Journal) Count(part string) int { return strings.Count(j.String(), part) }

// NewMosquitto starts one; conf follows its listener line.
func NewMosquitto(t *testing.T, conf string) *Mosquitto {
	t.Helper()
	Need(t, "mosquitto")
	for try := 0; ; try++ {
		m := &Mosquitto{t: t, Addr: FreeAddr(t), conf: filepath.Join(t.TempDir(), "mosquitto.conf")}
		_, port, _ := net.SplitHostPort(m.Addr)
		text := fmt.Sprintf("persistence false\nlog_dest stderr\nlistener %s 127.0.0.1\n%s\n", port, conf)
		if os.Getuid() == 0 {
			text += "user root\n" // or it could not read this test's files
		}
		Write(t, m.conf, text)
		err := m.start()
		if err == nil {
			t.Cleanup(m.Stop)
			return m
		}
		if !strings.Contains(err.Error(), "Address already in use") || try == 5 { // by another test, just now
			t.Fatal(err)
		}
	}
}

// Start starts one that was stopped, at the same address.
func (m *Mosquitto) Start() {
	m.t.Helper()
	if err := m.start(); err != nil {
		m.t.Fatal(err)
	}
}

func (m *Mosquitto) start() (err error) {
	m.t.Helper()
	runs := m.log.Count(" running")
	m.cmd = exec.Command("mosquitto", "-c", m.conf)
	m.cmd.Stderr = &m.log
	if err := m.cmd.Start(); err != nil {
		return err
	}
	Until(m.t, "mosquitto runs", func() bool {
		if strings.Contains(m.log.String(), "Error:") {
			err = errors.Join(fmt.Errorf("mosquitto: %s", m.log.String()), m.cmd.Wait())
			return true
		}
		return m.log.Count(" running") > runs
	})
	return err
}

// Stop kills it, so that its clients find their connections closed.
func (m *Mosquitto) Stop() {
	if m.cmd.ProcessState == nil {
		m.cmd.Process.Kill()
		m.cmd.Wait()
	}
}

// Logins is mosquitto's configuration for one user.
func Logins(t *testing.T, user, password string) string {
	t.Helper()
	Need(t, "mosquitto_passwd")
	file := filepath.Join(t.TempDir(), "passwords")
	if out, err := exec.Command("mosquitto_passwd", "-b", "-c", file, user, password).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return "allow_anonymous false\npassword_file " + file
}

// Need fails the test where a program is not installed.
func Need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Fatalf("%s is not in PATH, which needs /usr/sbin: make setup-test installs it", program)
	}
}

// FreeAddr is outside of the ports that the system gives to connections, so
// that it stays free while its broker is away.
func FreeAddr(t *testing.T) string {
	t.Helper()
	for {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(12000)))
		if err == nil {
			l.Close()
			return l.Addr().String()
		}
	}
}

// Write writes a file and returns its path.
func Write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
