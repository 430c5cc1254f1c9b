package gateway

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// lobby has a whole picture as the consent zone of that name.
func lobby() []zone.Zone {
	return []zone.Zone{{ID: "lobby", Kind: zone.Consent, Purposes: []string{"care"}, Points: []zone.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 1}}}}
}

// consenting is a gateway with the camera hall, its zone lobby and the issuer.
func consenting(t *testing.T, cfg config.Config, log *logTo) (*Gateway, *api.Client) {
	t.Helper()
	g, client := start(t, Options{Config: cfg, Log: log.logger()})
	if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: "hall", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.AddIssuer(t.Context(), api.NewIssuer{Name: "front-desk", Key: string(consenttest.Key.Public().PEM())}); err != nil {
		t.Fatal(err)
	}
	g.setZones("hall", lobby())
	eventually(t, "the broker's anchor was read, or it is away", g.past.shows)
	return g, client
}

// shown are the tokens that the camera's worker was told last.
func shown(g *Gateway, id media.CameraID) (ids []string) {
	c := g.camera(id)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.told.Shows {
		ids = append(ids, s.Token)
	}
	return ids
}

func importAll(t *testing.T, client *api.Client, raws ...string) (results []api.Import) {
	t.Helper()
	if err := client.ImportConsents(t.Context(), raws, func(i api.Import) { results = append(results, i) }); err != nil {
		t.Fatal(err)
	}
	return results
}

// accepted imports one token and returns its id.
func accepted(t *testing.T, client *api.Client, raw string) string {
	t.Helper()
	if r := importAll(t, client, raw); len(r) != 1 || r[0].Outcome != api.Accepted {
		t.Fatalf("import: %+v", r)
	}
	return consenttest.ID(t, raw)
}

func TestConsentLive(t *testing.T) {
	cfg, log := settings(t), &logTo{}
	g, client := consenting(t, cfg, log)
	id := accepted(t, client, consenttest.Token(t, nil))
	if got := shown(g, "hall"); !slices.Equal(got, []string{id}) {
		t.Fatalf("after the import %v is shown", got)
	}
	show := g.camera("hall").told.Shows[0]
	if show.Badge != 7 || !slices.Equal(show.Zones, []string{"lobby"}) || show.Expires.Before(time.Now()) || show.NotBefore.After(time.Now()) {
		t.Errorf("%+v", show)
	}
	got, err := client.Consent(t.Context(), id)
	if err != nil || got.State != api.ConsentValid || !slices.Equal(got.Cameras, []media.CameraID{"hall"}) || got.Subject != "p-2041" {
		t.Errorf("%+v, %v", got, err)
	}

	// A zone that goes takes the consent along, and gives it back.
	g.setZones("hall", nil)
	if got := shown(g, "hall"); len(got) != 0 {
		t.Errorf("without the zone %v is shown", got)
	}
	g.setZones("hall", lobby())
	// So does the issuer.
	if _, err := client.RemoveIssuer(t.Context(), "front-desk"); err != nil {
		t.Fatal(err)
	}
	if got := shown(g, "hall"); len(got) != 0 {
		t.Errorf("without the issuer %v is shown", got)
	}
	if got, err := client.Consent(t.Context(), id); err != nil || got.State != api.ConsentUntrusted {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := client.AddIssuer(t.Context(), api.NewIssuer{Name: "front-desk", Key: string(consenttest.Key.Public().PEM())}); err != nil {
		t.Fatal(err)
	}
	if got := shown(g, "hall"); len(got) != 1 {
		t.Errorf("with the issuer again %v is shown", got)
	}
	g.Close()

	// After a restart it counts as soon as the zone is there.
	g, client = start(t, Options{Config: cfg, Log: log.logger()})
	g.setZones("hall", lobby())
	if got := shown(g, "hall"); !slices.Equal(got, []string{id}) {
		t.Errorf("after the restart %v is shown", got)
	}
	began := time.Now()
	r, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Token: id})
	if took := time.Since(began); err != nil || !slices.Equal(r.Revoked, []string{id}) || len(shown(g, "hall")) != 0 {
		t.Errorf("%+v, %v, %v", r, err, shown(g, "hall"))
	} else {
		t.Logf("revoked in %v", took)
	}
	if st, err := client.Status(t.Context()); err != nil || st.Gateway.Consents.Live != 0 || st.Gateway.Consents.Issuers != 1 {
		t.Errorf("%+v, %v", st.Gateway.Consents, err)
	}
	if s := log.String(); strings.Contains(s, "p-2041") {
		t.Error("the pseudonym is in the log")
	}
}

func TestConsentBeginsAndEnds(t *testing.T) {
	g, client := consenting(t, settings(t), &logTo{})
	begins := time.Now().Add(2 * time.Second).Truncate(time.Second)
	ends := begins.Add(2 * time.Second)
	id := accepted(t, client, consenttest.Token(t, func(c *consent.Token) { c.NotBefore, c.Expires = begins.UTC(), ends.UTC() }))
	if got := shown(g, "hall"); len(got) != 0 && time.Now().Before(begins) {
		t.Error("shown before its time")
	}
	eventually(t, "its time comes", func() bool { return slices.Equal(shown(g, "hall"), []string{id}) || time.Now().After(ends) })
	if time.Now().Before(begins) {
		t.Error("shown before its time")
	}
	eventually(t, "its time is over", func() bool { return len(shown(g, "hall")) == 0 })
	if late := time.Since(ends); late > time.Second {
		t.Errorf("masked %v after its end", late)
	}
	got, err := client.Consents(t.Context(), api.ConsentFilter{})
	if err != nil || len(got) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = client.Consents(t.Context(), api.ConsentFilter{All: true, Badge: 7, Subject: "p-2041"})
	if err != nil || len(got) != 1 || got[0].State != api.ConsentExpired {
		t.Errorf("%+v, %v", got, err)
	}
}

// A clock that is set ahead ends consents at once; set right again, they count
// as before. The time is handed in here: no test may set a machine's clock.
func TestClockIsSet(t *testing.T) {
	log := &logTo{}
	g, client := consenting(t, settings(t), log)
	id := accepted(t, client, consenttest.Token(t, nil))
	ahead := time.Now().Add(2 * time.Hour)
	c := g.consents
	c.watchClock(ahead)
	c.mu.Lock()
	c.reckonAt(ahead)
	c.mu.Unlock()
	if got := shown(g, "hall"); len(got) != 0 {
		t.Errorf("after its end by the clock %v is shown", got)
	}
	c.watchClock(time.Now())
	c.refresh()
	if got := shown(g, "hall"); !slices.Equal(got, []string{id}) {
		t.Errorf("with the clock right again %v is shown", got)
	}
	if !strings.Contains(log.String(), "set back") {
		t.Error("the log does not say that the clock was set back")
	}
	faultlog.Check(t, faultlog.Row{Topic: "box", Fault: "clock set two hours ahead and back (time handed in)", Ends: "consents that ended by it are masked; looked at with each picture, and each 10 s they count again"}, 0)
}

func TestImportRefusals(t *testing.T) {
	g, client := consenting(t, settings(t), &logTo{})
	good := consenttest.Token(t, nil)
	accepted(t, client, good)
	ago := time.Now().UTC().Truncate(time.Second).AddDate(0, 0, -5)
	stranger, err := consent.Sign(consenttest.Peek(t, good), consent.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(consenttest.Token(t, func(c *consent.Token) { c.Badge = 8 }), ".")
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"bauta-consent+jwt","kid":"` + consenttest.Key.Public().ID() + `"}`))
	bare := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","typ":"bauta-consent+jwt"}`))
	for _, c := range []struct {
		name, raw string
		outcome   api.Outcome
		code      string
	}{
		{"again", good, api.Known, ""},
		{"later", consenttest.Token(t, func(c *consent.Token) { c.NotBefore, c.Badge = c.Expires.Add(-time.Minute), 9 }), api.Accepted, "not_yet_valid"},
		{"face", consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Face = 0, "template-1" }), api.Accepted, ""},
		{"badge in use", consenttest.Token(t, func(c *consent.Token) { c.Subject = "p-2042" }), api.Refused, "badge_in_use"},
		{"zone", consenttest.Token(t, func(c *consent.Token) { c.Zones = []string{"roof"} }), api.Refused, "unknown_zone"},
		{"purpose", consenttest.Token(t, func(c *consent.Token) { c.Purpose = "fun" }), api.Refused, "unknown_purpose"},
		{"expired", consenttest.Token(t, func(c *consent.Token) { c.Issued, c.NotBefore, c.Expires = ago, ago, ago.Add(time.Hour) }), api.Refused, "expired"},
		{"too long", consenttest.Token(t, func(c *consent.Token) { c.Expires = c.Issued.AddDate(2, 0, 0) }), api.Refused, "life_too_long"},
		{"stranger", stranger, api.Refused, "unknown_issuer"},
		{"name", consenttest.Token(t, func(c *consent.Token) { c.Issuer = "back-desk" }), api.Refused, "unknown_issuer"},
		{"damaged", parts[0] + "." + parts[1] + "." + strings.Repeat("A", 86), api.Refused, "bad_signature"},
		{"none", none + "." + parts[1] + ".", api.Refused, "wrong_algorithm"},
		{"no kid", bare + "." + parts[1] + "." + parts[2], api.Refused, "no_key_id"},
		{"nonsense", "nonsense", api.Refused, "malformed"},
	} {
		r := importAll(t, client, c.raw)
		if len(r) != 1 || r[0].Outcome != c.outcome || r[0].Code != c.code || (c.outcome == api.Refused || c.code != "") && r[0].Message == "" {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
	if got := shown(g, "hall"); len(got) != 1 {
		t.Errorf("%v is shown", got)
	}
	for name, err := range map[string]error{
		"nobody": func() error { _, err := client.RevokeConsents(t.Context(), api.RevokeRequest{}); return err }(),
		"two targets": func() error {
			_, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Subject: "p", Badge: 7})
			return err
		}(),
		"no token":  func() error { _, err := client.Consent(t.Context(), "token-none"); return err }(),
		"no issuer": func() error { _, err := client.RemoveIssuer(t.Context(), "none"); return err }(),
		"no key":    func() error { _, err := client.AddIssuer(t.Context(), api.NewIssuer{Name: "x", Key: "y"}); return err }(),
		"same key": func() error {
			_, err := client.AddIssuer(t.Context(), api.NewIssuer{Name: "x", Key: string(consenttest.Key.Public().PEM())})
			return err
		}(),
	} {
		if refused := new(api.Error); !errors.As(err, &refused) || refused.Code == api.CodeInternal || refused.Message == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRevokeUnknownAndImportRevocation(t *testing.T) {
	g, client := consenting(t, settings(t), &logTo{})
	raw := consenttest.Token(t, nil)
	if _, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Token: consenttest.ID(t, raw)}); err != nil {
		t.Fatal(err)
	}
	if r := importAll(t, client, raw); r[0].Outcome != api.Refused || r[0].Code != "revoked" {
		t.Errorf("%+v", r)
	}
	if revoked, err := client.Revoked(t.Context(), consenttest.Peek(t, raw)); err != nil || !revoked {
		t.Errorf("%v, %v", revoked, err)
	}
	other := consenttest.Token(t, func(c *consent.Token) { c.Subject = "p-2042" })
	id := accepted(t, client, other)
	if revoked, err := client.Revoked(t.Context(), consenttest.Peek(t, other)); err != nil || revoked {
		t.Errorf("%v, %v", revoked, err)
	}
	if r := importAll(t, client, revocation(t, consenttest.Key, consent.Revocation{Subject: "p-2042"})); r[0].Outcome != api.Accepted || !slices.Equal(r[0].Revoked, []string{id}) {
		t.Errorf("%+v", r)
	}
	if got := shown(g, "hall"); len(got) != 0 {
		t.Errorf("%v is shown", got)
	}
	if r := importAll(t, client, revocation(t, consent.NewKey(), consent.Revocation{Badge: 7})); r[0].Outcome != api.Refused || r[0].Code != "unknown_issuer" {
		t.Errorf("%+v", r)
	}
}

func revocation(t *testing.T, key consent.PrivateKey, r consent.Revocation) string {
	t.Helper()
	r.Issuer, r.Issued = "front-desk", time.Now()
	if r.ID = r.Token; r.ID == "" {
		r.ID = consent.NewID()
	}
	raw, err := consent.SignRevocation(r, key)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// mosquitto starts a real broker and returns its address.
func mosquitto(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("mosquitto")
	if err != nil {
		t.Fatal("mosquitto is not in PATH, which needs /usr/sbin: make setup-test installs it")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().(*net.TCPAddr)
	l.Close()
	conf := filepath.Join(t.TempDir(), "mosquitto.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, "listener %d 127.0.0.1\nallow_anonymous true\npersistence false\n", addr.Port), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-c", conf)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	eventually(t, "mosquitto listens", func() bool {
		conn, err := net.Dial("tcp", addr.String())
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	return "tcp://" + addr.String()
}

// Revocations by a broker that other gateways share: signed ones count on all of
// them, also on one that comes later or learns of the issuer later.
func TestRevocationsOverMQTT(t *testing.T) {
	cfg, log := settings(t), &logTo{}
	cfg.MQTT.Broker = mosquitto(t)
	g, client := consenting(t, cfg, log)
	publish := func(id, raw string) {
		t.Helper()
		if err := mqtt.PublishRevocation(t.Context(), mqtt.Config{Broker: cfg.MQTT.Broker}, id, raw); err != nil {
			t.Fatal(err)
		}
	}
	first := accepted(t, client, consenttest.Token(t, nil))
	second := accepted(t, client, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 8, "p-2042" }))
	// What no trusted issuer signed is refused, counted and told.
	publish(first, "unsigned")
	publish(second, revocation(t, consent.NewKey(), consent.Revocation{Token: second}))
	publish(consent.NewID(), consenttest.Token(t, nil))
	eventually(t, "three are refused", func() bool { return g.consents.status().RevocationsRefused >= 3 })
	if got := shown(g, "hall"); len(got) != 2 || !strings.Contains(log.String(), "unknown_issuer") {
		t.Errorf("%v is shown, log %s", got, log)
	}
	began := time.Now()
	publish(first, revocation(t, consenttest.Key, consent.Revocation{Token: first}))
	eventually(t, "the first is masked", func() bool { return slices.Equal(shown(g, "hall"), []string{second}) })
	t.Logf("masked %v after it was published", time.Since(began))
	publish(consent.NewID(), revocation(t, consenttest.Key, consent.Revocation{Badge: 8}))
	eventually(t, "the badge is masked", func() bool { return len(shown(g, "hall")) == 0 })
	// Nothing that a broker sends shows anybody again.
	publish(first, "")
	before := g.consents.status().RevocationsRefused
	publish(first, "unsigned")
	eventually(t, "the next one came", func() bool { return g.consents.status().RevocationsRefused > before })
	if got := shown(g, "hall"); len(got) != 0 {
		t.Errorf("%v is shown", got)
	}
	publish(first, revocation(t, consenttest.Key, consent.Revocation{Token: first}))

	// Another gateway, which does not know the issuer yet.
	late := settings(t)
	late.Gateway.Name, late.MQTT.Broker = "late", cfg.MQTT.Broker
	g2, client2 := start(t, Options{Config: late, Log: log.logger()})
	eventually(t, "what the broker kept is refused", func() bool { return g2.consents.status().RevocationsRefused >= 3 })
	if _, err := client2.AddIssuer(t.Context(), api.NewIssuer{Name: "front-desk", Key: string(consenttest.Key.Public().PEM())}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is asked for again and counts", func() bool {
		c := consenttest.Peek(t, consenttest.Token(t, func(c *consent.Token) { c.Badge = 8 }))
		revoked, err := client2.Revoked(t.Context(), c)
		return err == nil && revoked
	})
}

// The embedded broker takes revocations from programs on this box, and still
// nothing else.
func TestRevocationByTheEmbeddedBroker(t *testing.T) {
	g, client := consenting(t, settings(t), &logTo{})
	id := accepted(t, client, consenttest.Token(t, nil))
	eventually(t, "connected", func() bool { return g.mqtt.State().Connected })
	eventually(t, "masked", func() bool {
		// Again and again: the gateway's own subscription may be on its way.
		err := mqtt.PublishRevocation(t.Context(), mqtt.Config{Broker: "tcp://" + g.Broker()}, id, revocation(t, consenttest.Key, consent.Revocation{Token: id}))
		return err == nil && len(shown(g, "hall")) == 0
	})
}

// The whole way of a large import: client, local API, proof, store, reckoning.
func TestLargeImport(t *testing.T) {
	_, client := consenting(t, settings(t), &logTo{})
	const total = manyConsents
	raws := make([]string, total)
	for i := range raws {
		raws[i] = consenttest.Token(t, func(c *consent.Token) {
			turn := time.Duration(i / consent.MaxBadge)
			c.Badge, c.Subject = 1+i%consent.MaxBadge, fmt.Sprintf("p-%d", i%consent.MaxBadge)
			c.NotBefore = c.NotBefore.Add(turn * 24 * time.Hour)
			c.Expires = c.NotBefore.Add(24 * time.Hour)
		})
	}
	began := time.Now()
	n := 0
	err := client.ImportConsents(t.Context(), raws, func(i api.Import) {
		if i.Outcome == api.Accepted {
			n++
		}
	})
	took := time.Since(began)
	if err != nil || n != total {
		t.Fatalf("%d accepted, %v", n, err)
	}
	began = time.Now()
	all, err := client.Consents(t.Context(), api.ConsentFilter{})
	if err != nil || len(all) != total {
		t.Fatalf("%d listed, %v", len(all), err)
	}
	t.Logf("%d consents imported over the local API in %v, listed in %v", total, took, time.Since(began))
}
