package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/anchor"
	"github.com/bauta-gateway/bauta/gateway/api"
)

// bedSide is a point in the lobby that no private zone of these tests covers.
var bedSide = zone.Point{X: 0.9, Y: 0.1}

// swapped is a gateway whose store was exchanged, while it was stopped, for a copy
// of before a withdrawal and a private zone.
type swapped struct {
	*desk
	token    string
	broker   *anchorsAt // nil: the embedded one
	old, new []byte
}

// swap makes the two stores; anchored: with a folder for anchors.
func swap(t *testing.T, o gateway.Options, anchored bool) *swapped {
	t.Helper()
	o.Config.Data = filepath.Join(t.TempDir(), "data")
	if anchored {
		if err := os.Mkdir(o.Config.Data+"-anchor", 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s := &swapped{desk: newDesk(t, o)}
	if o.Config.MQTT.Broker != "" {
		s.broker = watchAnchors(t, o.Config.MQTT.Broker)
	}
	s.open(t)
	s.addHall(t)
	trust(t, s.client)
	setZones(t, s.client, "hall", lobby())
	s.token = accepted(t, s.client, consenttest.Token(t, nil))
	s.worker.Await(t, "hall", "the token's wearer is shown", s.token)
	s.g.Close()
	s.old = s.read(t)

	s.open(t)
	if _, err := s.client.RevokeConsents(t.Context(), api.RevokeRequest{Token: s.token}); err != nil {
		t.Fatal(err)
	}
	if err := s.client.PutZone(t.Context(), "hall", api.NewZone{Zone: window("bed")}); err != nil {
		t.Fatal(err)
	}
	if s.broker != nil {
		s.broker.await(t, s.anchorOf(t, s.old))
	}
	s.g.Close()
	s.new = s.read(t)
	return s
}

func (s *swapped) read(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(s.o.Config.Store())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (s *swapped) put(t *testing.T, b []byte) {
	t.Helper()
	if err := os.WriteFile(s.o.Config.Store(), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// olderBy is what showed that the store is an older one.
func (s *swapped) olderBy(t *testing.T) string {
	t.Helper()
	st, err := s.client.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return st.Gateway.OlderStore
}

// hidden checks what holds while a store is taken for an older one.
func (s *swapped) hidden(t *testing.T, by string) {
	t.Helper()
	eventually(t, "the store is seen to be an older one", func() bool { return s.olderBy(t) != "" })
	if got := s.olderBy(t); got != by {
		t.Errorf("seen by %q instead of %q", got, by)
	}
	eventually(t, "all is hidden", func() bool { return s.kind(t, bedSide) == zone.Private })
	s.shows(t, "with an older store")
	if z := s.kind(t, bedSide); z != zone.Private {
		t.Errorf("with an older store: %q", z)
	}
	st, err := s.client.Status(t.Context())
	if err != nil || !strings.Contains(st.Gateway.Problem, "--accept-older") {
		t.Errorf("status: %+v, %v", st.Gateway, err)
	}
	if c := clauseOf(t, s.client, "p13"); c.Status != policy.Fail || !strings.Contains(c.Evidence.EN, "older") {
		t.Errorf("clause: %+v", c)
	}
}

// clear checks that the store is the present one, in which these tokens are shown.
func (s *swapped) clear(t *testing.T, shown ...string) {
	t.Helper()
	s.worker.Await(t, "hall", "who is shown", shown...)
	if by := s.olderBy(t); by != "" {
		t.Errorf("taken for an older store, seen by %q", by)
	}
}

// anchorsAt follows the gateway's anchors at a broker.
type anchorsAt struct {
	client paho.Client
	mu     sync.Mutex
	newest store.Anchor // of the first key that was seen
}

func watchAnchors(t *testing.T, broker string) *anchorsAt {
	t.Helper()
	a := &anchorsAt{client: paho.NewClient(paho.NewClientOptions().AddBroker(broker))}
	done(t, a.client.Connect())
	t.Cleanup(func() { a.client.Disconnect(100) })
	done(t, a.client.Subscribe("bauta/test/anchor", 1, func(_ paho.Client, m paho.Message) {
		if one, err := store.ParseAnchor(m.Payload()); err == nil { // else a test's own nonsense
			a.take(one)
		}
	}))
	return a
}

func done(t *testing.T, token paho.Token) {
	t.Helper()
	if !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
}

func (a *anchorsAt) take(one store.Anchor) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.newest.Seq == 0 || one.Key == a.newest.Key && newer(one, a.newest) {
		a.newest = one
	}
}

func newer(one, than store.Anchor) bool {
	return one.Era > than.Era || one.Era == than.Era && one.Seq > than.Seq
}

// await waits for a newer anchor: what the broker had before was read.
func (a *anchorsAt) await(t *testing.T, than store.Anchor) {
	t.Helper()
	eventually(t, "the anchor is at the broker", func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return newer(a.newest, than)
	})
}

// An older copy of the store in the present one's place: seen by each of the
// anchors, at each start until a person decides; then it is the history, and to go
// back behind that choice is seen again.
func TestOlderStoreIsSeen(t *testing.T) {
	for by, set := range map[string]func(*testing.T, *gateway.Options){
		"file":   func(*testing.T, *gateway.Options) {},
		"broker": func(t *testing.T, o *gateway.Options) { o.Config.MQTT.Broker = mosquitto(t) },
		"tpm":    func(t *testing.T, o *gateway.Options) { o.Host.TPM = softwareTPM(t) },
	} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			o := gateway.Options{Config: settings(t)}
			set(t, &o)
			s := swap(t, o, by == "file")
			s.put(t, s.old)
			for range 2 {
				s.open(t)
				s.hidden(t, by)
				s.g.Close()
			}
			s.open(t)
			s.hidden(t, by)
			if err := s.client.AcceptOlder(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.clear(t, s.token)
			s.sync(t)
			if z := s.kind(t, bedSide); z != zone.Consent {
				t.Errorf("after the choice: %q", z)
			}
			var refused *api.Error
			if err := s.client.AcceptOlder(t.Context()); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
				t.Errorf("accepted twice: %v", err)
			}
			if s.broker != nil {
				s.broker.await(t, s.anchorOf(t, s.old))
			}
			s.g.Close()
			s.open(t)
			s.clear(t, s.token)
			s.g.Close()

			s.put(t, s.new) // the other history: a person chose this one
			s.open(t)
			s.hidden(t, by)
		})
	}
}

// slots are the anchors in a file of them.
const slots = 2

// The store that goes on is never taken for an older one: after a crash before the
// anchor was written, a power cut in the middle of it, or a broker that went away.
func TestPresentStoreIsNoOlder(t *testing.T) {
	t.Parallel() // it waits most of its time
	s := swap(t, gateway.Options{Config: settings(t)}, true)
	path := anchor.Path(s.o.Config.Data)
	anchors, err := os.ReadFile(path)
	if err != nil || len(anchors) != slots*store.MaxAnchor {
		t.Fatalf("%d bytes of anchors, %v", len(anchors), err)
	}
	schema, err := jsonschema.NewCompiler().Compile("../../docs/mqtt/anchor.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := jsonschema.UnmarshalJSON(bytes.NewReader(anchors[:store.MaxAnchor])); err != nil || schema.Validate(v) != nil {
		t.Errorf("%s: %v, %v", anchors[:store.MaxAnchor], err, schema.Validate(v))
	}
	var written [slots]time.Time
	for i := range slots {
		a, err := store.ParseAnchor(anchors[i*store.MaxAnchor : (i+1)*store.MaxAnchor])
		if err != nil {
			t.Fatal(err)
		}
		written[i] = a.Time
	}
	newest := 0
	if written[1].After(written[0]) {
		newest = 1
	}
	cut := bytes.Clone(anchors)
	copy(cut[newest*store.MaxAnchor+100:], bytes.Repeat([]byte{0}, 500))
	other := 1 - newest
	old := append(bytes.Repeat([]byte{0}, store.MaxAnchor), anchors[other*store.MaxAnchor:(other+1)*store.MaxAnchor]...)
	for name, b := range map[string][]byte{"whole": anchors, "one is cut off": cut, "only the one before": old} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s.put(t, s.new)
		s.open(t)
		if by := s.olderBy(t); by != "" {
			t.Errorf("%s: seen by %q", name, by)
		}
		s.g.Close()
	}
	// Anchors that are gone, or another gateway's, are as good as a store that went back.
	stranger := swap(t, gateway.Options{Config: settings(t)}, true)
	foreign, err := os.ReadFile(anchor.Path(stranger.o.Config.Data))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		by      string
		anchors []byte
	}{{"missing", nil}, {"missing", []byte("{}")}, {"missing", bytes.Repeat([]byte("x"), 5000)}, {"foreign", foreign}} {
		if err := os.WriteFile(path, c.anchors, 0o600); err != nil {
			t.Fatal(err)
		}
		s.put(t, s.new)
		s.open(t)
		s.hidden(t, c.by)
		s.g.Close()
	}
}

// Whoever writes to the broker cannot have a gateway taken for one with an older
// store: not with nonsense, another's anchor, or an earlier one of its own.
func TestBrokerCannotBlock(t *testing.T) {
	t.Parallel() // it waits most of its time
	o := gateway.Options{Config: settings(t)}
	o.Config.MQTT.Broker = mosquitto(t)
	s := swap(t, o, false)
	earlier := inJSON(t, s.anchorOf(t, s.old))
	stranger := swap(t, gateway.Options{Config: settings(t)}, true)
	foreign, err := os.ReadFile(anchor.Path(stranger.o.Config.Data))
	if err != nil {
		t.Fatal(err)
	}
	foreign = bytes.TrimSpace(foreign[:store.MaxAnchor])
	bent := bytes.Replace(inJSON(t, s.anchorOf(t, s.new)), []byte(`"seq":`), []byte(`"seq":9`), 1)
	for name, payload := range map[string][]byte{"nothing": nil, "nonsense": []byte("x"), "large": bytes.Repeat([]byte("{"), 1<<20), "another's": foreign, "bent": bent, "earlier": earlier} {
		s.put(t, s.new)
		done(t, s.broker.client.Publish("bauta/test/anchor", 1, true, payload))
		before := s.anchorOf(t, s.new)
		s.open(t)
		s.broker.await(t, before)
		if by := s.olderBy(t); by != "" {
			t.Errorf("%s: seen by %q", name, by)
		}
		s.g.Close()
		s.new = s.read(t)
	}
}

// anchorOf is an anchor of one of the stores, signed with the gateway's key.
func (s *swapped) anchorOf(t *testing.T, b []byte) store.Anchor {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bauta.db")
	if err := errors.Join(os.WriteFile(path, b, 0o600), copyKey(s.o.Config.Data, filepath.Dir(path))); err != nil {
		t.Fatal(err)
	}
	st, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	a, err := st.Anchor(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func inJSON(t *testing.T, a store.Anchor) []byte {
	t.Helper()
	out, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func copyKey(from, to string) error {
	b, err := os.ReadFile(filepath.Join(from, "bauta.key"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, "bauta.key"), b, 0o600)
}

// softwareTPM starts a TPM in software and returns its socket.
func softwareTPM(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("swtpm"); err != nil {
		t.Skip("swtpm is not in PATH: make setup-test installs it")
	}
	dir := t.TempDir()
	socket := filepath.Join(dir, "tpm.sock")
	cmd := exec.Command("swtpm", "socket", "--tpm2", "--tpmstate", "dir="+dir, "--server", "type=unixio,path="+socket, "--flags", "not-need-init,startup-clear")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	eventually(t, "the TPM is up", func() bool { _, err := os.Stat(socket); return err == nil })
	return socket
}
