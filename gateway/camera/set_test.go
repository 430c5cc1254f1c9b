package camera

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"net/url"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/zone"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/hls"
	"github.com/bauta-gateway/bauta/gateway/mqtt"
	"github.com/bauta-gateway/bauta/gateway/rtsp"
	"github.com/bauta-gateway/bauta/gateway/stops"
	"github.com/bauta-gateway/bauta/gateway/violations"
	"github.com/bauta-gateway/bauta/gateway/whep"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// patience is for whatever must happen; busy machines are slow.
const patience = 60 * time.Second

// nobody is an address that refuses connections at once.
const nobody = "rtsp://127.0.0.1:9/live"

// testSet is a set of cameras with all that lies below it, and a worker that is not
// there: what it would get is what is looked at.
type testSet struct {
	*Set
	violations *violations.Register
	path       string
	stops      stops.Stack
}

// newSet runs a set on a store of its own until the test ends.
func newSet(t *testing.T) *testSet {
	t.Helper()
	return openSet(t, filepath.Join(t.TempDir(), "bauta.db"))
}

func openSet(t *testing.T, path string) *testSet {
	t.Helper()
	s := &testSet{path: path}
	t.Cleanup(s.stops.Run)
	cfg, log := config.Default(), slog.New(slog.DiscardHandler)
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	kept, err := store.Open(path, store.Options{})
	must(err)
	s.stops.Push(func() { kept.Close() })
	queue := change.NewQueue(log, func() {})
	s.stops.Push(queue.Close)
	previews, err := whep.New(whep.Config{Log: log, KeyframeWanted: func(media.StreamID) {}})
	must(err)
	s.stops.Push(previews.Close)
	byHLS := hls.New(hls.Config{})
	s.stops.Push(byHLS.Close)
	streams := rtsp.NewServer(rtsp.ServerConfig{Addr: "127.0.0.1:0", RTPAddr: "127.0.0.1:0", Anonymous: true}, log)
	must(streams.Start())
	s.stops.Push(streams.Close)
	publisher, err := mqtt.New(mqtt.Config{Gateway: "test", EmbeddedAddr: "127.0.0.1:0", Outbox: audit.NewOutbox(kept, queue)}, log)
	must(err)
	publisher.Start(context.Background())
	s.stops.Push(publisher.Close)
	records := audit.New(audit.Config{Store: kept, Log: log, Published: publisher.NotifyEvents, Evaluate: func() {}, EachMinute: func() {}})
	s.run(records.Run)
	s.violations = violations.New(violations.Config{
		Store: kept, Queue: queue, Audit: records, Prohibited: func(id media.CameraID) bool { return s.Prohibited(id) }, Evaluate: func() {}, Log: log,
	})
	s.Set = New(Config{
		Store: kept, Queue: queue, Audit: records, Publisher: publisher, Streams: streams, Previews: previews, HLS: byHLS,
		Program: executable.Program{Path: filepath.Join(filepath.Dir(path), "no-worker")}, Worker: cfg.Worker, Limit: 4,
		Purposes: []string{"care", "event"}, Packs: func() policy.Stack { return policy.Select("", cfg.Policy.Pack) }, Celsius: func() float64 { return math.NaN() },
		Watch: func(media.CameraID, media.Protection, media.Protection) {}, Violated: s.violations.Saw, Log: log,
	})
	s.stops.Push(s.Stop)
	s.run(s.Obey)
	must(s.Start(nil, nil))
	return s
}

func (s *testSet) run(f func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { f(ctx) })
	s.stops.Push(func() { cancel(); running.Wait() })
}

// restart stops all and runs another set on the same store.
func (s *testSet) restart(t *testing.T) *testSet {
	t.Helper()
	s.stops.Run()
	return openSet(t, s.path)
}

// add adds a camera that cannot be reached.
func (s *testSet) add(t *testing.T, n api.NewCamera) {
	t.Helper()
	if n.URL == "" {
		n.URL = nobody
	}
	if n.Name == "" {
		n.Name = n.ID
	}
	if _, err := s.Add(t.Context(), n); err != nil {
		t.Fatal(err)
	}
}

// has are the settings that the camera's worker has.
func (s *testSet) has(id media.CameraID) wire.Settings {
	c := s.camera(id)
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.applied
}

// hidden is what the camera's worker does with a point of the frame.
func (s *testSet) hidden(id media.CameraID, p zone.Point) zone.Kind {
	return zone.At(s.has(id).Zones, p)
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}

// code is what a program would compare of an error; empty for none.
func code(err error) api.Code {
	var refused *api.Error
	if err == nil {
		return ""
	}
	if !errors.As(err, &refused) {
		return api.CodeInternal
	}
	return refused.Code
}

// A grant counts where its token names the zone and the zone serves its purpose.
func TestGrantIn(t *testing.T) {
	zones := []zone.Zone{
		{ID: "lobby", Kind: zone.Consent, Purposes: []string{"care"}},
		{ID: "hall", Kind: zone.Consent, Purposes: []string{"event", "care"}},
		{ID: "desk", Kind: zone.Consent},
	}
	for _, c := range []struct {
		name    string
		purpose string
		covers  func(zone.Zone) bool
		want    []string
	}{
		{"all zones", "care", func(zone.Zone) bool { return true }, []string{"lobby", "hall"}},
		{"one zone", "care", func(z zone.Zone) bool { return z.ID == "hall" }, []string{"hall"}},
		{"another purpose", "event", func(zone.Zone) bool { return true }, []string{"hall"}},
		{"a zone without purposes", "care", func(z zone.Zone) bool { return z.ID == "desk" }, nil},
		{"no zone", "care", func(zone.Zone) bool { return false }, nil},
	} {
		if got := (Grant{Purpose: c.purpose, Covers: c.covers}).In(zones); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// lobby has a whole frame as the consent zone of that name.
func lobby() zone.Zone {
	return zone.Zone{ID: "lobby", Kind: zone.Consent, Purposes: []string{"care"}, Points: zone.Everything().Points}
}

// The workers have the grants that count in their zones, in the order of the tokens,
// from their beginning to their end, and none that was taken back.
func TestPermit(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "hall"})
	s.add(t, api.NewCamera{ID: "yard"})
	if err := s.PutZone(t.Context(), "hall", api.NewZone{Zone: lobby()}); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	grant := func(token string, from, to time.Duration) Grant {
		return Grant{Token: token, Badge: 7, Purpose: "care", Covers: func(zone.Zone) bool { return true }, NotBefore: now.Add(from), Expires: now.Add(to)}
	}
	shown := func(id media.CameraID) (tokens []string) {
		for _, show := range s.has(id).Shows {
			tokens = append(tokens, show.Token)
		}
		return tokens
	}
	s.Permit([]Grant{grant("b", -time.Hour, time.Hour), grant("a", -time.Hour, time.Hour), grant("later", time.Hour, 2*time.Hour), grant("over", -2*time.Hour, -time.Hour)})
	if got := shown("hall"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("in the zone: %v", got)
	}
	if got := shown("yard"); got != nil {
		t.Errorf("without a zone: %v", got)
	}
	s.Permit([]Grant{grant("b", -time.Hour, time.Hour)})
	if got := shown("hall"); !slices.Equal(got, []string{"b"}) {
		t.Errorf("after one was taken back: %v", got)
	}
}

// What holds for all cameras reaches each worker, and those of cameras added later.
func TestHideAllAndFloor(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "hall"})
	at := zone.Point{X: 0.3, Y: 0.7}
	if got := s.hidden("hall", at); got != "" || s.has("hall").Floor != media.Normal {
		t.Errorf("at first: %q, %v", got, s.has("hall").Floor)
	}
	s.HideAll(true)
	for _, floor := range []media.Degradation{media.DetectLess, media.LowerRate, media.BlurFrame} {
		s.SetFloor(floor)
		if got := s.camera("hall").floor(); got != floor {
			t.Errorf("floor %v, want %v", got, floor)
		}
	}
	s.add(t, api.NewCamera{ID: "late"})
	for _, id := range s.IDs() {
		if got := s.hidden(id, at); got != zone.Private || s.has(id).Floor != media.BlurFrame {
			t.Errorf("%s: %q, %v", id, got, s.has(id).Floor)
		}
	}
	s.HideAll(false)
	s.SetFloor(media.Normal)
	for _, id := range s.IDs() {
		if got := s.hidden(id, at); got != "" || s.has(id).Floor != media.Normal {
			t.Errorf("%s afterwards: %q, %v", id, got, s.has(id).Floor)
		}
	}
}

// Transient cameras live as long as the set; the stored ones come up again.
func TestStart(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "hall"})
	if err := s.AddTransient(api.NewCamera{ID: "demo", Name: "Demo", URL: nobody}); err != nil {
		t.Fatal(err)
	}
	if got := s.IDs(); !slices.Equal(got, []media.CameraID{"demo", "hall"}) || s.Count() != 2 || !s.Has("demo") || s.Has("yard") {
		t.Errorf("cameras: %v", got)
	}
	if err := s.AddTransient(api.NewCamera{ID: "demo"}); code(err) != api.CodeInvalid {
		t.Errorf("a camera without an address: %v", err)
	}
	var seen []media.CameraID
	for _, st := range s.Statuses() {
		if st.Stored != (st.ID == "hall") || st.Stream != s.Address(st.ID, nil) {
			t.Errorf("status: %+v", st)
		}
		seen = append(seen, st.ID)
	}
	if !slices.Equal(seen, s.IDs()) {
		t.Errorf("statuses of %v", seen)
	}
	facts := s.AllFacts()
	if len(facts) != 2 || facts[1].ID != "hall" || facts[0].Said.Place != "" {
		t.Errorf("facts: %+v", facts)
	}
	s = s.restart(t)
	if got := s.IDs(); !slices.Equal(got, []media.CameraID{"hall"}) {
		t.Errorf("after the restart: %v", got)
	}
	s.Stop()
	if s.Count() != 0 {
		t.Error("cameras run after the end")
	}
}

func TestAddress(t *testing.T) {
	s := newSet(t)
	at := s.cfg.Streams.Addrs().RTSP
	for _, c := range []struct {
		user *url.Userinfo
		want string
	}{{nil, "rtsp://" + at + "/hall"}, {url.UserPassword("viewer", "secret"), "rtsp://viewer:secret@" + at + "/hall"}} {
		if got := s.Address("hall", c.user); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// A camera that is not there is an answer of its own, whatever is asked of it.
func TestUnknownCamera(t *testing.T) {
	s, ctx := newSet(t), t.Context()
	for name, ask := range map[string]func() error{
		"remove":          func() error { _, err := s.Remove(ctx, "nobody"); return err },
		"test":            func() error { _, err := s.TestStored(ctx, "nobody"); return err },
		"history":         func() error { _, err := s.History("nobody", 1); return err },
		"reset level":     func() error { return s.ResetLevel(ctx, "nobody") },
		"facts":           func() error { _, err := s.Facts("nobody"); return err },
		"set facts":       func() error { return s.SetFacts(ctx, "nobody", policy.Camera{}) },
		"cover":           func() error { return s.SetCover(ctx, "nobody", config.CoverMoving) },
		"mounting":        func() error { return s.SetMounting(ctx, "nobody", "90") },
		"walk test":       func() error { _, err := s.WalkTest("nobody"); return err },
		"start walk test": func() error { _, err := s.StartWalkTest(ctx, "nobody", 1); return err },
		"zones":           func() error { _, err := s.Zones("nobody"); return err },
		"put zone":        func() error { return s.PutZone(ctx, "nobody", api.NewZone{Zone: lobby()}) },
		"purposes":        func() error { return s.SetPurposes(ctx, "nobody", "lobby", []string{"care"}) },
		"remove zone":     func() error { return s.RemoveZone(ctx, "nobody", "lobby") },
		"snapshot":        func() error { _, err := s.Snapshot(ctx, "nobody"); return err },
	} {
		if got := code(ask()); got != api.CodeNotFound {
			t.Errorf("%s: %q", name, got)
		}
	}
	if s.Map(ctx, "nobody") != nil {
		t.Error("there is a map of no camera")
	}
	s.RequestKeyframe(media.StreamID{Camera: "nobody"}) // nothing happens
}

// The views are the zones in force of each camera.
func TestViews(t *testing.T) {
	s := newSet(t)
	s.add(t, api.NewCamera{ID: "hall"})
	s.add(t, api.NewCamera{ID: "yard"})
	if err := s.PutZone(t.Context(), "yard", api.NewZone{Zone: lobby()}); err != nil {
		t.Fatal(err)
	}
	want := []View{{"hall", nil}, {"yard", []zone.Zone{lobby()}}}
	if got := s.Views(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}
