package e2e

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/store/storetest"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/topics"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// hangingDesk is a desk whose disk may hang. It has the cameras gate and yard beside the
// hall, the consents of three people, a manager, and a program at the broker that may
// have more masked.
type hangingDesk struct {
	*desk
	store   *store.Store
	tokens  [3]string
	program paho.Client
	offline atomic.Int64  // how often the gateway left the broker
	longest time.Duration // until what was asked for was in force
}

// at is a point in the private zones of these tests, away one outside of them.
var at, away = zone.Point{X: 0.1, Y: 0.1}, zone.Point{X: 0.9, Y: 0.9}

func newHangingDesk(t *testing.T) *hangingDesk {
	t.Helper()
	cfg, h := settings(t), &hangingDesk{}
	cfg.Policy.Pack = "cn-2025"
	h.desk = newDesk(t, gateway.Options{Config: cfg, Host: gateway.Host{Disk: func(s *store.Store) { h.store = s }}})
	h.open(t)
	h.addHall(t)
	for _, name := range []string{"gate", "yard"} {
		if _, err := h.client.AddCamera(t.Context(), api.NewCamera{Name: name, URL: h.hall.URL(), User: h.hall.User(), Password: h.hall.Password()}); err != nil {
			t.Fatal(err)
		}
	}
	trust(t, h.client)
	setZones(t, h.client, "hall", lobby())
	if err := h.client.AddUser(t.Context(), api.NewUser{User: "ann", Password: goodPassword, Role: identity.Manager}); err != nil {
		t.Fatal(err)
	}
	for i, subject := range []string{"p-2041", "p-2042", "p-2043"} {
		h.tokens[i] = accepted(t, h.client, consenttest.Token(t, func(c *consent.Token) { c.Badge, c.Subject = 7+i, subject }))
	}
	h.connect(t)
	h.worker.Await(t, "hall", "before", slices.Clone(h.tokens[:])...) // it sorts them
	eventually(t, "the other workers run", func() bool {
		_, gate := h.worker.Settings(t, "gate")
		_, yard := h.worker.Settings(t, "yard")
		return gate && yard
	})
	return h
}

// connect waits for the broker, has the program log in there, and waits until the gateway
// takes revocations from it.
func (h *hangingDesk) connect(t *testing.T) {
	t.Helper()
	eventually(t, "the broker", func() bool { return brokerConnected(h.g) })
	login, err := h.client.AddMQTTLogin(t.Context(), api.NewMQTTLogin{Name: "home", May: topics.MayMask})
	if err != nil {
		t.Fatal(err)
	}
	h.program = paho.NewClient(paho.NewClientOptions().AddBroker("tcp://" + h.g.Broker()).SetUsername(login.Name).SetPassword(login.Password))
	left := func(_ paho.Client, m paho.Message) {
		if string(m.Payload()) != "online" {
			h.offline.Add(1)
		}
	}
	if token := h.program.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	t.Cleanup(func() { h.program.Disconnect(100) })
	if token := h.program.Subscribe("bauta/test/status", 1, left); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
	eventually(t, "revocations are taken", func() bool {
		h.publish(t, topics.Prefix("").Consent(consent.KindRevocation, consent.NewID()), "unsigned")
		return h.refused(t) > 0
	})
}

func (h *hangingDesk) publish(t *testing.T, topic, payload string) {
	t.Helper()
	if token := h.program.Publish(topic, 1, false, payload); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal(token.Error())
	}
}

// within fails where a condition takes longer than a second.
func (h *hangingDesk) within(t *testing.T, what string, ok func() bool) {
	t.Helper()
	h.longest = max(h.longest, atMost(t, time.Second, what, func() { eventually(t, what, ok) }))
}

// masks has something masked, which has to be in force within a second; the answer comes
// within two, and says that it is not stored.
func (h *hangingDesk) masks(t *testing.T, what string, ask func() error, masked func() bool) {
	t.Helper()
	answered := make(chan error, 1)
	go func() { answered <- ask() }()
	h.within(t, what, masked)
	atMost(t, 2*time.Second, "the answer to: "+what, func() {
		if err := <-answered; !errors.Is(err, api.ErrUnstored) {
			t.Errorf("%s: %v", what, err)
		}
	})
}

func (h *hangingDesk) status(t *testing.T) api.GatewayStatus {
	t.Helper()
	s, err := h.client.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s.Gateway
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

// A disk that hangs: whatever hides more is in force within a second, one does
// not wait for another, answers say that it is not stored, and all else goes on.
// Once the disk is back all of it is there.
func TestMasksWhileTheDiskHangs(t *testing.T) {
	h := newHangingDesk(t)
	release := storetest.Stall(t, h.store)
	hung := time.Now()
	adding := make(chan error, 1)
	go func() { // what has to wait must not keep the others
		_, err := h.client.AddCamera(t.Context(), api.NewCamera{Name: "late", URL: nobody})
		adding <- err
	}()
	h.maskAll(t)
	atMost(t, 2*time.Second, "the raw answer", func() { isAccepted(t, h.o.Config.Socket()) })
	h.goesOn(t)
	for time.Since(hung) < hangFor() {
		time.Sleep(100 * time.Millisecond)
	}
	if !h.g.Alive(t.Context()) || !brokerConnected(h.g) || h.offline.Load() != 0 {
		t.Error("something else stopped")
	}
	if len(adding) != 0 {
		t.Error("acknowledged before it was written")
	}
	release()
	began := time.Now()
	eventually(t, "all is stored", func() bool { return h.status(t).Unstored == 0 })
	if err := <-adding; err != nil {
		t.Error(err)
	}
	eventually(t, "the clause is well", func() bool { return clauseOf(t, h.client, "p13").Status == policy.Pass })
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "a disk that hangs: withdrawals, private zones, levels over MQTT, an issuer's removal",
		Ends: "in force at once, one does not wait for another; answers say masked, not yet stored; stored once it is back", Bound: time.Second}, h.longest)
	t.Logf("stored %v after the disk was back", time.Since(began))
	h.g.Close()
	h.assertStored(t)
}

// maskAll has everything masked that can be, in every way.
func (h *hangingDesk) maskAll(t *testing.T) {
	t.Helper()
	shown := func(n int) func() bool { return func() bool { return len(h.worker.Shown(t, "hall")) == n } }
	revoke := func(r api.RevokeRequest) func() error {
		return func() error { _, err := h.client.RevokeConsents(t.Context(), r); return err }
	}
	h.masks(t, "a withdrawal", revoke(api.RevokeRequest{Token: h.tokens[0]}), shown(2))
	h.masks(t, "a second withdrawal", revoke(api.RevokeRequest{Subject: "p-2042"}), shown(1))
	h.masks(t, "a private zone", func() error { return h.client.PutZone(t.Context(), "gate", api.NewZone{Zone: window("desk")}) },
		func() bool { return h.worker.Kind(t, "gate", at) == zone.Private })
	h.publish(t, topics.Prefix("").Consent(consent.KindRevocation, h.tokens[2]), revocation(t, consenttest.Key, consent.Revocation{Token: h.tokens[2]}))
	h.publish(t, "bauta/test/camera/hall/mask/set", string(mqtt.LevelPicture))
	h.publish(t, "bauta/test/camera/yard/mask/set", string(mqtt.LevelPrivate))
	h.within(t, "a signed withdrawal and two levels over MQTT", func() bool {
		return shown(0)() && h.worker.Kind(t, "hall", away) == zone.Masked && h.worker.Kind(t, "yard", away) == zone.Private
	})
	h.masks(t, "the removal of an issuer", func() error { _, err := h.client.RemoveIssuer(t.Context(), "front-desk"); return err },
		func() bool { return h.status(t).Consents.Issuers == 0 })
}

// goesOn asks for all that does not wait for the disk.
func (h *hangingDesk) goesOn(t *testing.T) {
	t.Helper()
	atMost(t, 3*time.Second, "status, consents, zones, compliance and a login", func() {
		if s := h.status(t); s.Unstored < 3 || !s.MQTT.Connected {
			t.Errorf("status: %+v", s)
		}
		if _, err := h.client.Consents(t.Context(), api.ConsentFilter{All: true}); err != nil {
			t.Error(err)
		}
		if z, err := h.client.Zones(t.Context(), "gate"); err != nil || len(z.Zones) != 2 {
			t.Errorf("zones: %+v, %v", z, err)
		}
		newBrowser(t, h.g).enter("/api/v1/login", map[string]string{"user": "ann", "password": goodPassword})
		if got := clauseOf(t, h.client, "p13"); got.Status != policy.Fail || !strings.Contains(got.Evidence.EN, "not yet stored") {
			t.Errorf("the clause on consent: %+v", got)
		}
	})
}

// assertStored looks at the store of the gateway that has stopped, and at what workers
// have after a restart.
func (h *hangingDesk) assertStored(t *testing.T) {
	t.Helper()
	s, err := store.Open(h.o.Config.Store(), store.Options{AsIs: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range h.tokens {
		if c, err := s.Consent(id); err != nil || c.Revoked.IsZero() {
			t.Errorf("not withdrawn in the store: %+v, %v", c, err)
		}
	}
	if issuers, err := s.Issuers(); err != nil || len(issuers) != 0 {
		t.Errorf("the issuer is back: %v", err)
	}
	s.Close()
	h.open(t)
	eventually(t, "all workers run", func() bool {
		ready := true
		for _, id := range []media.CameraID{"hall", "gate", "yard"} {
			_, ok := h.worker.Settings(t, id)
			ready = ready && ok
		}
		return ready
	})
	if z, err := h.client.Zones(t.Context(), "gate"); err != nil || len(z.Zones) != 2 || h.worker.Kind(t, "gate", at) != zone.Private {
		t.Errorf("zones after the restart: %+v, %v", z, err)
	}
	if hall, yard := h.worker.Kind(t, "hall", away), h.worker.Kind(t, "yard", away); hall != zone.Masked || yard != zone.Private || len(h.worker.Shown(t, "hall")) != 0 {
		t.Errorf("after the restart the workers have %q and %q, and show %v", hall, yard, h.worker.Shown(t, "hall"))
	}
	if hall, yard := cameraStatus(t, h.client, "hall").MaskLevel, cameraStatus(t, h.client, "yard").MaskLevel; hall != "picture" || yard != "private" {
		t.Errorf("levels after the restart: %q, %q", hall, yard)
	}
}

// isAccepted looks at the answer itself.
func isAccepted(t *testing.T, socket string) {
	t.Helper()
	b, err := json.Marshal(api.NewZone{Zone: window("door")})
	if err != nil {
		t.Fatal(err)
	}
	client := overSocket(socket)
	defer client.CloseIdleConnections()
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
