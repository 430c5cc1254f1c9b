package mqtt

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	mathrand "math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/hardware/media"
)

const patience = 60 * time.Second

// until waits for a condition; what it waits for is in the failure.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", patience, what)
		}
	}
}

// started is a running Publisher, closed with the test. Its log is returned to
// find what should not be in it.
func started(t *testing.T, cfg Config) *Publisher {
	t.Helper()
	if cfg.Gateway == "" {
		cfg.Gateway = "gw"
	}
	if cfg.EmbeddedAddr == "" {
		cfg.EmbeddedAddr = "127.0.0.1:0"
	}
	if cfg.Login == nil {
		cfg.Login = testLogins
	}
	p, err := New(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	p.Start(t.Context())
	t.Cleanup(p.Close)
	return p
}

// testLogins are those of a test's embedded broker.
func testLogins(user, password string) (May, bool) {
	switch user {
	case "reader":
		return MayRead, password == "sesame"
	case "hider":
		return MayMask, password == "sesame"
	}
	return "", false
}

func connected(t *testing.T, p *Publisher) {
	t.Helper()
	until(t, "connected", func() bool { return p.State().Connected })
}

func reasonIs(t *testing.T, p *Publisher, r Reason) State {
	t.Helper()
	until(t, "reason "+string(r), func() bool { return p.State().Reason == r })
	return p.State()
}

// heard is one message that a watcher got.
type heard struct {
	topic, payload string
	retained       bool
}

// watcher is a paho client that remembers what it hears of bauta/#.
type watcher struct {
	client paho.Client
	mu     sync.Mutex
	all    []heard
}

// watch connects in clear text or, with login, as that user.
func watch(t *testing.T, addr string, login ...string) *watcher {
	t.Helper()
	w := &watcher{}
	w.client = stranger(t, addr, login...)
	token := w.client.Subscribe("bauta/#", 1, w.hear)
	if !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatalf("subscribe: %v", token.Error())
	}
	return w
}

func (w *watcher) hear(_ paho.Client, m paho.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, heard{m.Topic(), string(m.Payload()), m.Retained()})
}

// stranger is a connected client that is not the gateway.
func stranger(t *testing.T, addr string, login ...string) paho.Client {
	t.Helper()
	opts := paho.NewClientOptions().AddBroker("tcp://" + addr).SetAutoReconnect(false).SetProtocolVersion(4)
	if len(login) == 2 {
		opts.SetUsername(login[0]).SetPassword(login[1])
	}
	return join(t, opts)
}

func join(t *testing.T, opts *paho.ClientOptions) paho.Client {
	t.Helper()
	c := paho.NewClient(opts)
	if token := c.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatalf("connect: %v", token.Error())
	}
	t.Cleanup(func() { c.Disconnect(100) })
	return c
}

func (w *watcher) messages() []heard {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]heard(nil), w.all...)
}

// last is the newest payload of a topic.
func (w *watcher) last(topic string) (payload string, found bool) {
	for _, m := range w.messages() {
		if m.topic == topic {
			payload, found = m.payload, true
		}
	}
	return payload, found
}

func (w *watcher) wait(t *testing.T, topic, payload string) {
	t.Helper()
	until(t, topic+" = "+payload, func() bool {
		got, ok := w.last(topic)
		return ok && got == payload
	})
}

// mosquitto is a real broker as a child process.
type mosquitto struct {
	t    *testing.T
	addr string
	conf string
	cmd  *exec.Cmd
	log  journal
}

// journal is what a child writes, readable meanwhile.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func (j *journal) count(part string) int { return strings.Count(j.String(), part) }

// newMosquitto starts one; conf follows its listener line.
func newMosquitto(t *testing.T, conf string) *mosquitto {
	t.Helper()
	need(t, "mosquitto")
	m := &mosquitto{t: t, addr: freeAddr(t), conf: filepath.Join(t.TempDir(), "mosquitto.conf")}
	_, port, _ := net.SplitHostPort(m.addr)
	text := fmt.Sprintf("persistence false\nlog_dest stderr\nlistener %s 127.0.0.1\n%s\n", port, conf)
	if os.Getuid() == 0 {
		text += "user root\n" // or it could not read this test's files
	}
	write(t, m.conf, text)
	m.start()
	t.Cleanup(m.stop)
	return m
}

func (m *mosquitto) start() {
	m.t.Helper()
	runs := m.log.count(" running")
	m.cmd = exec.Command("mosquitto", "-c", m.conf)
	m.cmd.Stderr = &m.log
	if err := m.cmd.Start(); err != nil {
		m.t.Fatal(err)
	}
	until(m.t, "mosquitto runs", func() bool {
		if strings.Contains(m.log.String(), "Error:") {
			m.t.Fatalf("mosquitto: %s", m.log.String())
		}
		return m.log.count(" running") > runs
	})
}

func (m *mosquitto) stop() {
	if m.cmd.ProcessState == nil {
		m.cmd.Process.Kill()
		m.cmd.Wait()
	}
}

// logins is mosquitto's configuration for one user.
func logins(t *testing.T, user, password string) string {
	t.Helper()
	need(t, "mosquitto_passwd")
	file := filepath.Join(t.TempDir(), "passwords")
	if out, err := exec.Command("mosquitto_passwd", "-b", "-c", file, user, password).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return "allow_anonymous false\npassword_file " + file
}

func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Fatalf("%s is not in PATH, which needs /usr/sbin: make setup-test installs it", program)
	}
}

// freeAddr is outside of the ports that the system gives to connections, so
// that it stays free while its broker is away.
func freeAddr(t *testing.T) string {
	t.Helper()
	for {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20000+mathrand.IntN(12000)))
		if err == nil {
			l.Close()
			return l.Addr().String()
		}
	}
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// authority makes certificates in a folder of the test.
type authority struct {
	t    *testing.T
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	ca   string
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t, dir: t.TempDir()}
	a.key = newKey(t)
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &a.key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	a.cert, _ = x509.ParseCertificate(der)
	a.ca = a.pem("ca.pem", "CERTIFICATE", der)
	return a
}

// issue returns the files of a certificate for 127.0.0.1 and its key.
func (a *authority) issue(name string) (cert, key string) {
	a.t.Helper()
	return a.issueUntil(name, time.Now().Add(time.Hour))
}

func (a *authority) issueUntil(name string, until time.Time) (cert, key string) {
	a.t.Helper()
	k := newKey(a.t)
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: until, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, a.cert, &k.PublicKey, a.key)
	if err != nil {
		a.t.Fatal(err)
	}
	raw, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		a.t.Fatal(err)
	}
	return a.pem(name+".pem", "CERTIFICATE", der), a.pem(name+".key", "EC PRIVATE KEY", raw)
}

func (a *authority) pem(name, kind string, der []byte) string {
	return write(a.t, filepath.Join(a.dir, name), string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// counter is a TCP proxy that counts the connections it passes on.
type counter struct {
	net.Listener
	n atomic.Int32
}

func newCounter(t *testing.T, to string) *counter {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &counter{Listener: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			c.n.Add(1)
			go relay(in, to)
		}
	}()
	return c
}

func relay(in net.Conn, to string) {
	defer in.Close()
	out, err := net.Dial("tcp", to)
	if err != nil {
		return
	}
	defer out.Close()
	go func() {
		io.Copy(out, in)
		out.Close()
	}()
	io.Copy(in, out)
}

const cam media.CameraID = "lobby"

// dialInto lets a test have the connection of a paho client.
func dialInto(conn *net.Conn, addr string) paho.OpenConnectionFunc {
	return func(*url.URL, paho.ClientOptions) (net.Conn, error) {
		c, err := net.Dial("tcp", addr)
		*conn = c
		return c, err
	}
}
