package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/console"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// stall keeps the store from writing, as a disk that does not answer: the one
// transaction that may write does not end before release.
func stall(t *testing.T, g *Gateway) (release func()) {
	t.Helper()
	writing, held, written := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		_, err := g.store.Enqueue(1, func(_ int, seq uint64) store.Message {
			close(writing)
			<-held
			return store.Message{Topic: "x", Payload: json.RawMessage("1")}
		})
		written <- err
	}()
	<-writing
	release = sync.OnceFunc(func() {
		close(held)
		if err := <-written; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(release) // a test that fails must not hang
	return release
}

// atMost fails where f takes longer than a limit.
func atMost(t *testing.T, limit time.Duration, what string, f func()) time.Duration {
	t.Helper()
	began := time.Now()
	f()
	took := time.Since(began)
	if took > limit {
		t.Errorf("%s took %v", what, took)
	}
	return took
}

func window(id string) zone.Zone {
	return zone.Zone{ID: id, Kind: zone.Private, Points: []zone.Point{{}, {X: 0.5}, {X: 0.5, Y: 0.5}, {Y: 0.5}}}
}

// toldKind is what the camera's worker was told to do with a point of the picture.
func toldKind(g *Gateway, id media.CameraID, p zone.Point) zone.Kind {
	c := g.camera(id)
	c.mu.Lock()
	defer c.mu.Unlock()
	return zone.At(c.told.Zones, p)
}

// A disk that hangs: whatever hides more is in force within a second, one does
// not wait for another, answers say that it is not stored, and all else goes on.
// Once the disk is back all of it is there.
func TestMasksWhileTheDiskHangs(t *testing.T) {
	cfg := settings(t)
	cfg.Policy.Pack = "cn-2025"
	g, client := consenting(t, cfg, &logTo{})
	for _, name := range []string{"gate", "yard"} {
		if _, err := client.AddCamera(t.Context(), api.NewCamera{Name: name, URL: nobody}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := g.accounts.Add(t.Context(), "ann", goodPassword, console.Manager, text.EN); err != nil {
		t.Fatal(err)
	}
	one := accepted(t, client, consenttest.Token(t, nil))
	two := accepted(t, client, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 8, "p-2042" }))
	three := accepted(t, client, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 9, "p-2043" }))
	if got := shown(g, "hall"); len(got) != 3 {
		t.Fatalf("shown before: %v", got)
	}
	release := stall(t, g)
	hung := time.Now()

	adding := make(chan error, 1)
	go func() { // what has to wait must not keep the others
		_, err := client.AddCamera(t.Context(), api.NewCamera{Name: "late", URL: nobody})
		adding <- err
	}()
	unstoredAnswer := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, api.ErrUnstored) {
			t.Errorf("%s: %v", what, err)
		}
	}
	var longest time.Duration
	masks := func(what string, ask func() error, masked func() bool) {
		t.Helper()
		answered := make(chan error, 1)
		longest = max(longest, atMost(t, time.Second, what, func() {
			go func() { answered <- ask() }()
			eventually(t, what, masked)
		}))
		atMost(t, 2*time.Second, "the answer to: "+what, func() { unstoredAnswer(what, <-answered) })
	}
	masks("a withdrawal", func() error {
		_, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Token: one})
		return err
	}, func() bool { return len(shown(g, "hall")) == 2 })
	masks("a second withdrawal", func() error {
		_, err := client.RevokeConsents(t.Context(), api.RevokeRequest{Subject: "p-2042"})
		return err
	}, func() bool { return len(shown(g, "hall")) == 1 })
	masks("a private zone", func() error { return client.PutZone(t.Context(), "gate", api.NewZone{Zone: window("desk")}) },
		func() bool { return toldKind(g, "gate", zone.Point{X: 0.1, Y: 0.1}) == zone.Private })
	var receipts atomic.Int64
	longest = max(longest, atMost(t, time.Second, "a signed withdrawal and two levels over MQTT", func() {
		g.consents.Revocation("x", []byte(revocation(t, consenttest.Key, consent.Revocation{Token: three})), func() { receipts.Add(1) })
		g.ask("hall", mqtt.LevelPicture, func() { receipts.Add(1) })
		g.ask("yard", mqtt.LevelPrivate, func() { receipts.Add(1) })
		eventually(t, "they are in force", func() bool {
			return len(shown(g, "hall")) == 0 && toldKind(g, "hall", zone.Point{X: 0.9, Y: 0.9}) == zone.Masked &&
				toldKind(g, "yard", zone.Point{X: 0.9, Y: 0.9}) == zone.Private
		})
	}))
	masks("the removal of an issuer", func() error {
		_, err := client.RemoveIssuer(t.Context(), "front-desk")
		return err
	}, func() bool { return len(g.consents.trust()) == 0 })
	atMost(t, 2*time.Second, "the raw answer", func() { isAccepted(t, cfg.Socket()) })

	atMost(t, 3*time.Second, "status, consents, zones, compliance and a login", func() {
		s, err := client.Status(t.Context())
		if err != nil || s.Gateway.Unstored < 3 || !s.Gateway.MQTT.Connected {
			t.Errorf("status: %+v, %v", s.Gateway, err)
		}
		if _, err := g.ListConsents(api.ConsentFilter{All: true}, ""); err != nil {
			t.Error(err)
		}
		if z, err := client.Zones(t.Context(), "gate"); err != nil || len(z.Zones) != 2 {
			t.Errorf("zones: %+v, %v", z, err)
		}
		g.browser(t).enter("/api/v1/login", map[string]string{"user": "ann", "password": goodPassword})
		if got := clauseOf(t, client, "m6"); got.Status != policy.Fail || !strings.Contains(got.Evidence.EN, "not yet stored") {
			t.Errorf("the clause on consent: %+v", got)
		}
	})
	beats := g.mqtt.State().Connects
	for time.Since(hung) < hangFor() {
		time.Sleep(100 * time.Millisecond)
	}
	if !g.Alive(t.Context()) || !g.mqtt.State().Connected || g.mqtt.State().Connects != beats {
		t.Error("something else stopped")
	}
	if receipts.Load() != 0 || len(adding) != 0 {
		t.Error("acknowledged before it was written")
	}
	release()
	began := time.Now()
	eventually(t, "all is stored", func() bool { n, _ := g.keeper.Unstored(); return n == 0 && receipts.Load() == 3 })
	if err := <-adding; err != nil {
		t.Error(err)
	}
	eventually(t, "the clause is well", func() bool { return clauseOf(t, client, "m6").Status != policy.Fail })
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "a disk that hangs: withdrawals, private zones, levels over MQTT, an issuer's removal",
		Ends: "in force at once, one does not wait for another; answers say masked, not yet stored; stored once it is back", Bound: time.Second}, longest)
	t.Logf("stored %v after the disk was back", time.Since(began))
	g.Close()

	g, _ = start(t, Options{Config: cfg})
	for _, id := range []string{one, two, three} {
		if c, err := g.store.Consent(id); err != nil || c.Revoked.IsZero() {
			t.Errorf("not withdrawn in the store: %+v, %v", c, err)
		}
	}
	if issuers, _ := g.store.Issuers(); len(issuers) != 0 {
		t.Error("the issuer is back")
	}
	if z := g.zonesOf("gate"); len(z) != 2 {
		t.Errorf("zones after the restart: %+v", z)
	}
	if g.hiding.levelOf("hall") != mqtt.LevelPicture || g.hiding.levelOf("yard") != mqtt.LevelPrivate {
		t.Error("levels are gone after the restart")
	}
}

// isAccepted looks at the answer itself.
func isAccepted(t *testing.T, socket string) {
	t.Helper()
	b, err := json.Marshal(api.NewZone{Zone: window("door")})
	if err != nil {
		t.Fatal(err)
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) { return api.DialSocket(ctx, socket) }
	client := &http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}
	res, err := client.Post("http://bauta/v1/cameras/gate/zones", "application/json", strings.NewReader(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusAccepted || !strings.Contains(string(body), `"state":"masked, not yet stored"`) {
		t.Errorf("%s\n%s %v", res.Status, body, err)
	}
}

// hangFor is how long the disk hangs in these tests.
func hangFor() time.Duration {
	if os.Getenv("BAUTA_LONG") != "" {
		return time.Minute
	}
	return 3 * time.Second
}

// What shows more is stored first, and waits while what hides is not stored: the
// order in which both were asked for holds.
func TestNothingIsRelaxedBeforeItIsStored(t *testing.T) {
	g, client := consenting(t, settings(t), &logTo{})
	if err := client.PutZone(t.Context(), "hall", api.NewZone{Zone: window("desk")}); err != nil && !errors.Is(err, api.ErrUnstored) {
		t.Fatal(err)
	}
	eventually(t, "the zone is stored", func() bool { return !g.hiding.busy("hall") })
	at := zone.Point{X: 0.1, Y: 0.1}
	release := stall(t, g)
	removing := make(chan error, 1)
	go func() { removing <- client.RemoveZone(t.Context(), "hall", "desk") }()
	eventually(t, "the removal waits", func() bool { return g.keeper.Waits("zone desk") })
	if err := client.PutZone(t.Context(), "hall", api.NewZone{Zone: window("shelf")}); !errors.Is(err, api.ErrUnstored) {
		t.Errorf("a second zone: %v", err)
	}
	for what, ask := range map[string]func() error{
		"a zone's removal": func() error { return client.RemoveZone(t.Context(), "hall", "shelf") },
		"a consent zone":   func() error { return client.PutZone(t.Context(), "hall", api.NewZone{Zone: lobby()[0], Replace: true}) },
		"the level": func() error {
			g.hiding.add("hall", &hide{level: mqtt.LevelSolid})
			return client.ResetLevel(t.Context(), "hall")
		},
		"the camera": func() error { return client.RemoveCamera(t.Context(), "hall") },
	} {
		var refused *api.Error
		if err := ask(); !errors.As(err, &refused) || refused.Code != api.CodeBusy {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := toldKind(g, "hall", at); got != zone.Private {
		t.Errorf("relaxed before it was stored: %q", got)
	}
	release()
	if err := <-removing; err != nil {
		t.Error(err)
	}
	eventually(t, "the second zone is stored", func() bool {
		z, err := g.store.Zones("hall")
		return err == nil && len(z) == 2
	})
	if got := toldKind(g, "hall", at); got != zone.Private {
		t.Errorf("after the removal of one of two: %q", got)
	}
}
