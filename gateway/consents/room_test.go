package consents

import (
	"context"
	"log/slog"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/consent/consenttest"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/camera"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/stops"
	"github.com/bauta-gateway/bauta/gateway/violations"
	"github.com/bauta-gateway/bauta/gateway/whep"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/gateway/worker/workertest"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// patience is for whatever must happen; busy machines are slow.
const patience = 60 * time.Second

// eventually waits for a condition.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}

// logged keeps what is logged.
type logged struct {
	mu  sync.Mutex
	out strings.Builder
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(b)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

// room is the consents with all that lies below them: the camera hall with the zone
// lobby, whose worker keeps what it is sent, and the front desk as the issuer.
type room struct {
	*Consents
	violations *violations.Register
	path       string
	log        *logged
	worker     *workertest.Worker
	asked      chan struct{} // gets one each time the broker is asked for all revocations
	fresh      time.Duration // see Config
	stops      stops.Stack
}

// newRoom runs the consents until the test ends.
func newRoom(t *testing.T) *room { return newRoomWith(t, 0) }

// newRoomWith wants proofs no older than fresh.
func newRoomWith(t *testing.T, fresh time.Duration) *room {
	t.Helper()
	r := &room{fresh: fresh, path: filepath.Join(t.TempDir(), "bauta.db"), log: &logged{}, worker: workertest.New(t), asked: make(chan struct{}, 10)}
	t.Cleanup(r.stops.Run)
	cfg, log := config.Default(), slog.New(slog.NewTextHandler(r.log, nil))
	kept, err := store.Open(r.path, store.Options{})
	must(t, err)
	r.stops.Push(func() { kept.Close() })
	queue := change.NewQueue(log, func() {})
	r.stops.Push(queue.Close)
	records := audit.New(audit.Config{Store: kept, Log: log, Published: func() {}, Evaluate: func() {}, EachMinute: func() {}})
	r.run(records.Run)
	r.violations = violations.New(violations.Config{Store: kept, Queue: queue, Audit: records, Evaluate: func() {}, Log: log})
	cameras := newCameras(t, r, camera.Config{
		Store: kept, Queue: queue, Audit: records, Program: executable.Program{Path: r.worker.Path}, Worker: cfg.Worker, Limit: 4, Anonymous: true,
		Purposes: cfg.Consent.PurposeList(), Packs: func() policy.Stack { return policy.Select("", cfg.Policy.Pack) }, Celsius: func() float64 { return math.NaN() },
		Watch: func(media.CameraID, media.Protection, media.Protection) {}, Violated: r.violations.Saw, Log: log,
	})
	r.Consents, err = Open(Config{
		Store: kept, Queue: queue, Audit: records, Cameras: cameras, Purposes: cfg.Consent.PurposeList(), MaxLife: cfg.Consent.MaxLife(),
		Quarantine: cfg.Consent.Quarantine(), Zone: func() *time.Location { return time.FixedZone("site", 8*60*60) }, AskConsents: func() { r.asked <- struct{}{} }, Fresh: r.fresh, Log: log,
	})
	must(t, err)
	r.Start()
	r.stops.Push(r.Close)
	r.ShowNobody(false)
	hall := workertest.Camera(t)
	_, err = cameras.Add(t.Context(), api.NewCamera{Name: "hall", URL: hall.URL(), User: hall.User(), Password: hall.Password(), Transport: "tcp"})
	must(t, err)
	must(t, cameras.PutZone(t.Context(), "hall", api.NewZone{Zone: lobby()}))
	must(t, r.AddIssuer(t.Context(), consent.Issuer{Name: "front-desk", Key: consenttest.Key.Public()}))
	return r
}

// newCameras gives the cameras their servers and starts them.
func newCameras(t *testing.T, r *room, c camera.Config) *camera.Set {
	t.Helper()
	var err error
	c.Previews, err = whep.New(whep.Config{Log: c.Log, KeyframeWanted: func(media.StreamID) {}})
	must(t, err)
	r.stops.Push(c.Previews.Close)
	c.HLS = hls.New(hls.Config{})
	r.stops.Push(c.HLS.Close)
	c.Streams = rtsp.NewServer(rtsp.ServerConfig{Addr: "127.0.0.1:0", RTPAddr: "127.0.0.1:0", Anonymous: true}, c.Log)
	must(t, c.Streams.Start())
	r.stops.Push(c.Streams.Close)
	// It is not connected: all events wait in the outbox.
	c.Publisher, err = mqtt.New(mqtt.Config{Gateway: "test", EmbeddedAddr: "127.0.0.1:0", Outbox: audit.NewOutbox(c.Store, c.Queue)}, c.Log)
	must(t, err)
	cameras := camera.New(c)
	r.stops.Push(cameras.Stop)
	must(t, cameras.Start(nil, nil))
	return cameras
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r *room) run(f func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { f(ctx) })
	r.stops.Push(func() { cancel(); running.Wait() })
}

// lobby is a whole frame as a consent zone.
func lobby() zone.Zone {
	return zone.Zone{ID: "lobby", Kind: zone.Consent, Purposes: []string{"care"}, Points: []zone.Point{{X: 0, Y: 0}, {X: 1, Y: 0}, {X: 1, Y: 1}, {X: 0, Y: 1}}}
}

// imported imports one token or revocation.
func (r *room) imported(t *testing.T, raw string) Imported {
	t.Helper()
	all, err := r.Import(t.Context(), []string{raw})
	if err != nil || len(all) != 1 {
		t.Fatalf("import: %+v, %v", all, err)
	}
	return all[0]
}

// accepted imports a token, waits until the worker may show it beside these, and
// returns its id.
func (r *room) accepted(t *testing.T, raw string, beside ...string) string {
	t.Helper()
	got := r.imported(t, raw)
	if got.Outcome != api.Accepted {
		t.Fatalf("import: %+v", got)
	}
	r.worker.Await(t, "hall", "after the import", append(slices.Clone(beside), got.ID)...)
	return got.ID
}

// signed is a revocation of the front desk, signed with a key.
func signed(t *testing.T, key consent.PrivateKey, r consent.Revocation) string {
	t.Helper()
	r.Issuer, r.Issued = "front-desk", time.Now()
	if r.ID = r.Token; r.ID == "" {
		r.ID = consent.NewID()
	}
	raw, err := consent.SignRevocation(r, key)
	must(t, err)
	return raw
}
