package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/text"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/redact"
)

// swapped is a gateway whose store was exchanged, while it was stopped, for a copy
// of before a withdrawal and a private zone.
type swapped struct {
	cfg      config.Config
	o        Options
	token    string
	old, new []byte
}

// swap makes the two stores; anchored: with a folder for anchors.
func swap(t *testing.T, o Options, anchored bool) *swapped {
	t.Helper()
	o.Config.Data = filepath.Join(t.TempDir(), "data")
	if anchored {
		if err := os.Mkdir(o.Config.Data+"-anchor", 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s := &swapped{cfg: o.Config, o: o}
	g, client := s.start(t)
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "hall", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.AddIssuer(t.Context(), api.NewIssuer{Name: "front-desk", Key: string(consenttest.Key.Public().PEM())}); err != nil {
		t.Fatal(err)
	}
	if err := client.PutZone(t.Context(), "hall", api.NewZone{Zone: lobby()[0]}); err != nil {
		t.Fatal(err)
	}
	s.token = accepted(t, client, consenttest.Token(t, nil))
	eventually(t, "the token's wearer is shown", func() bool { return len(shown(g, "hall")) == 1 })
	g.Close()
	s.old = s.read(t)

	g, client = s.start(t)
	if _, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Token: s.token}); err != nil {
		t.Fatal(err)
	}
	if err := client.PutZone(t.Context(), "hall", api.NewZone{Zone: window("bed")}); err != nil {
		t.Fatal(err)
	}
	g.past.poke()
	if o.Config.MQTT.Broker != "" {
		eventually(t, "the anchor is at the broker", func() bool { return g.past.seq(t) > 0 })
	}
	g.Close()
	s.new = s.read(t)
	return s
}

// seq is the last entry that was anchored, everywhere.
func (p *past) seq(t *testing.T) uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if now, err := p.store.Place(); err != nil || now.Seq != p.last.Seq || !p.heard {
		return 0
	}
	return p.last.Seq
}

func (s *swapped) start(t *testing.T) (*Gateway, *api.Client) {
	t.Helper()
	return start(t, s.o)
}

func (s *swapped) read(t *testing.T) []byte {
	t.Helper()
	b, err := os.ReadFile(s.cfg.Store())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (s *swapped) put(t *testing.T, b []byte) {
	t.Helper()
	if err := os.WriteFile(s.cfg.Store(), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// hidden checks what holds while a store is taken for an older one.
func (s *swapped) hidden(t *testing.T, g *Gateway, client *api.Client, by string) {
	t.Helper()
	eventually(t, "the store is seen to be an older one", func() bool { return g.past.older() != "" })
	if got := g.past.older(); got != by {
		t.Errorf("seen by %q instead of %q", got, by)
	}
	eventually(t, "all is hidden", func() bool { return toldKind(g, "hall", zone.Point{X: 0.9, Y: 0.1}) == zone.Private })
	if got := shown(g, "hall"); len(got) > 0 {
		t.Errorf("shown: %v", got)
	}
	st, err := client.Status(t.Context())
	if err != nil || st.Gateway.OlderStore != by || !strings.Contains(st.Gateway.Problem, "--accept-older") {
		t.Errorf("status: %+v, %v", st.Gateway, err)
	}
	if c := clauseOf(t, client, "m6"); c.Status != policy.Fail || !strings.Contains(c.Evidence.EN, "older") {
		t.Errorf("clause: %+v", c)
	}
}

func (s *swapped) clear(t *testing.T, g *Gateway, shows int) {
	t.Helper()
	eventually(t, "the broker was heard", g.past.shows)
	if by := g.past.older(); by != "" {
		t.Errorf("taken for an older store, seen by %q", by)
	}
	eventually(t, "who is shown", func() bool { return len(shown(g, "hall")) == shows })
}

// An older copy of the store in the present one's place: seen by each of the
// anchors, at each start until a person decides; then it is the history, and to go
// back behind that choice is seen again.
func TestOlderStoreIsSeen(t *testing.T) {
	for by, set := range map[string]func(*testing.T, *Options){
		seenByFile:   func(*testing.T, *Options) {},
		seenByBroker: func(t *testing.T, o *Options) { o.Config.MQTT.Broker = mosquitto(t) },
		seenByTPM:    func(t *testing.T, o *Options) { o.tpm = softwareTPM(t) },
	} {
		t.Run(by, func(t *testing.T) {
			t.Parallel()
			o := Options{Config: settings(t)}
			set(t, &o)
			s := swap(t, o, by == seenByFile)
			s.put(t, s.old)
			for range 2 {
				g, client := s.start(t)
				s.hidden(t, g, client, by)
				g.Close()
			}
			g, client := s.start(t)
			s.hidden(t, g, client, by)
			if err := client.AcceptOlder(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.clear(t, g, 1)
			if z := toldKind(g, "hall", zone.Point{X: 0.9, Y: 0.1}); z != zone.Consent {
				t.Errorf("after the choice: %q", z)
			}
			var refused *api.Error
			if err := client.AcceptOlder(t.Context()); !errors.As(err, &refused) || refused.Code != api.CodeInvalid {
				t.Errorf("accepted twice: %v", err)
			}
			if by == seenByBroker {
				eventually(t, "the anchor is at the broker", func() bool { return g.past.seq(t) > 0 })
			}
			g.Close()
			g, _ = s.start(t)
			s.clear(t, g, 1)
			g.Close()

			s.put(t, s.new) // the other history: a person chose this one
			g, client = s.start(t)
			s.hidden(t, g, client, by)
		})
	}
}

// The store that goes on is never taken for an older one: after a crash before the
// anchor was written, a power cut in the middle of it, or a broker that went away.
func TestPresentStoreIsNoOlder(t *testing.T) {
	s := swap(t, Options{Config: settings(t)}, true)
	path := anchorPath(s.cfg.Data)
	anchors, err := os.ReadFile(path)
	if err != nil || len(anchors) != anchorPlaces*store.MaxAnchor {
		t.Fatalf("%d bytes of anchors, %v", len(anchors), err)
	}
	schema, err := jsonschema.NewCompiler().Compile("../docs/mqtt/anchor.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if v, err := jsonschema.UnmarshalJSON(bytes.NewReader(anchors[:store.MaxAnchor])); err != nil || schema.Validate(v) != nil {
		t.Errorf("%s: %v, %v", anchors[:store.MaxAnchor], err, schema.Validate(v))
	}
	cut := bytes.Clone(anchors)
	_, all, _, err := openAnchors(path)
	if err != nil || len(all) != anchorPlaces {
		t.Fatalf("%+v, %v", all, err)
	}
	newest := 0
	if all[1].Time.After(all[0].Time) {
		newest = 1
	}
	copy(cut[newest*store.MaxAnchor+100:], bytes.Repeat([]byte{0}, 500))
	other := 1 - newest
	old := append(bytes.Repeat([]byte{0}, store.MaxAnchor), anchors[other*store.MaxAnchor:(other+1)*store.MaxAnchor]...)
	for name, b := range map[string][]byte{"whole": anchors, "one is cut off": cut, "only the one before": old} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s.put(t, s.new)
		g, _ := s.start(t)
		if by := g.past.older(); by != "" {
			t.Errorf("%s: seen by %q", name, by)
		}
		g.Close()
	}
	// Anchors that are gone, or another gateway's, are as good as a store that went back.
	stranger := swap(t, Options{Config: settings(t)}, true)
	foreign, err := os.ReadFile(anchorPath(stranger.cfg.Data))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		by      string
		anchors []byte
	}{{seenMissing, nil}, {seenMissing, []byte("{}")}, {seenMissing, bytes.Repeat([]byte("x"), 5000)}, {seenForeign, foreign}} {
		if err := os.WriteFile(path, c.anchors, 0o600); err != nil {
			t.Fatal(err)
		}
		s.put(t, s.new)
		g, client := s.start(t)
		s.hidden(t, g, client, c.by)
		g.Close()
	}
}

// Whoever writes to the broker cannot have a gateway taken for one with an older
// store: not with nonsense, another's anchor, or an earlier one of its own.
func TestBrokerCannotBlock(t *testing.T) {
	broker := mosquitto(t)
	o := Options{Config: settings(t)}
	o.Config.MQTT.Broker = broker
	s := swap(t, o, false)
	anchor := func(b []byte) []byte {
		t.Helper()
		path := filepath.Join(t.TempDir(), "bauta.db")
		if err := errors.Join(os.WriteFile(path, b, 0o600), copyKey(s.cfg.Data, filepath.Dir(path))); err != nil {
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
		out, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	earlier := anchor(s.old)
	stranger := swap(t, Options{Config: settings(t)}, true)
	foreign, err := os.ReadFile(anchorPath(stranger.cfg.Data))
	if err != nil {
		t.Fatal(err)
	}
	foreign = bytes.TrimSpace(foreign[:store.MaxAnchor])
	bent := bytes.Replace(anchor(s.new), []byte(`"seq":`), []byte(`"seq":9`), 1)
	c := paho.NewClient(paho.NewClientOptions().AddBroker(broker))
	if token := c.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	defer c.Disconnect(100)
	for name, payload := range map[string][]byte{"nothing": nil, "nonsense": []byte("x"), "large": bytes.Repeat([]byte("{"), 1<<20), "another's": foreign, "bent": bent, "earlier": earlier} {
		s.put(t, s.new)
		if token := c.Publish("bauta/test/anchor", 1, true, payload); !token.WaitTimeout(patience) || token.Error() != nil {
			t.Fatal(token.Error())
		}
		g, _ := s.start(t)
		eventually(t, "the broker was heard", func() bool { return g.past.seq(t) > 0 })
		if by := g.past.older(); by != "" {
			t.Errorf("%s: seen by %q", name, by)
		}
		g.Close()
		s.new = s.read(t)
	}
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

// The gateway on this box is asked, running or stopped; a box without one has
// no revocations.
func TestAskRevoked(t *testing.T) {
	cfg := settings(t)
	ask := func() (bool, error) {
		return redact.AskRevoked(t.Context(), api.NewClient(cfg.Socket(), text.EN), cfg.Store())(consenttest.Peek(t, consenttest.Token(t, nil)))
	}
	if revoked, err := ask(); revoked || err != nil {
		t.Errorf("without a gateway: %v, %v", revoked, err)
	}
	g, client := start(t, Options{Config: cfg})
	if revoked, err := ask(); revoked || err != nil {
		t.Errorf("before: %v, %v", revoked, err)
	}
	if _, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Subject: "p-2041"}); err != nil {
		t.Fatal(err)
	}
	if revoked, err := ask(); !revoked || err != nil {
		t.Errorf("running: %v, %v", revoked, err)
	}
	g.Close()
	if revoked, err := ask(); !revoked || err != nil {
		t.Errorf("stopped: %v, %v", revoked, err)
	}
	s, err := store.Open(cfg.Store(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if revoked, err := ask(); revoked || err == nil { // neither the daemon nor its store answers
		t.Errorf("locked: %v, %v", revoked, err)
	}
}
