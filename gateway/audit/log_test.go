package audit

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// patience is for whatever must happen; busy machines are slow.
const patience = 60 * time.Second

// testLog is an audit log on a store of its own.
type testLog struct {
	*Log
	store               *store.Store
	published, evaluate atomic.Int64
	minute              atomic.Int64
}

func newLog(t *testing.T, signEvery time.Duration) *testLog {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "bauta.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	l := &testLog{store: s}
	l.Log = New(Config{
		Store: s, Log: slog.New(slog.DiscardHandler), SignEvery: signEvery,
		Published: func() { l.published.Add(1) }, Evaluate: func() { l.evaluate.Add(1) }, EachMinute: func() { l.minute.Add(1) },
	})
	return l
}

// entries are all that the log holds, the signatures included.
func (l *testLog) entries(t *testing.T) (all []store.AuditRecord) {
	t.Helper()
	_, err := l.store.AuditLog(time.Time{}, time.Now().Add(time.Hour), func(link store.Link) error {
		var e store.AuditRecord
		err := json.Unmarshal(link.Text, &e)
		all = append(all, e)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}

// The log ends with a signature soon after something was added, and none is added
// where nothing was.
func TestLogIsSignedEachTime(t *testing.T) {
	if usual := newLog(t, 0).cfg.SignEvery; usual <= 0 || usual > time.Minute {
		t.Errorf("signed each %v", usual)
	}
	l := newLog(t, 50*time.Millisecond)
	ctx, cancel := context.WithCancel(t.Context())
	go l.Run(ctx)
	last := func() (e store.AuditRecord, n int) {
		all := l.entries(t)
		if len(all) == 0 {
			return store.AuditRecord{}, 0
		}
		return all[len(all)-1], len(all)
	}
	for i := range 2 {
		l.Note(Record{Action: "x", Actor: Gateway})
		eventually(t, "it is signed", func() bool { e, n := last(); return e.Action == store.SignAction && n == 2*(i+1) })
	}
	rounds := l.minute.Load()
	eventually(t, "it was looked at again, twice", func() bool { return l.minute.Load() > rounds+2 })
	if _, n := last(); n != 4 {
		t.Errorf("%d entries after nothing happened", n)
	}
	l.Note(Record{Action: "x", Actor: Gateway})
	cancel()
	l.Wait()
	if e, _ := last(); e.Action != store.SignAction {
		t.Errorf("the log of a stopped gateway ends with %+v", e)
	}
}

// What is done is in the log before the call returns, has its event in the outbox and
// the clauses evaluated.
func TestDid(t *testing.T) {
	l := newLog(t, 0)
	for _, c := range []struct {
		name   string
		do     func() error
		events int
	}{
		{"a record alone", func() error { return l.Did(t.Context(), SiteChanged, "site", "class=art7", nil) }, 0},
		{"one with an event", func() error {
			return l.Did(t.Context(), CameraAdded, Camera("gate"), "", &Event{Type: EventCameraAdded, Camera: "gate"})
		}, 1},
		{"several", func() error {
			return l.DidAll([]Record{{Action: IssuerAdded, Actor: Gateway, Subject: "issuer/desk", Event: &Event{Type: EventIssuerAdded}}, {Action: IssuerRemoved, Actor: Gateway, Subject: "issuer/desk", Event: &Event{Type: EventIssuerRemoved}}})
		}, 2},
		{"none", func() error { return l.DidAll(nil) }, 0},
	} {
		before, evaluated := len(l.entries(t)), l.evaluate.Load()
		waiting, err := l.store.Waiting(100)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.do(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		now, err := l.store.Waiting(100)
		if err != nil || len(now)-len(waiting) != c.events {
			t.Errorf("%s: %d events, %v", c.name, len(now)-len(waiting), err)
		}
		added := len(l.entries(t)) - before
		if want := max(c.events, 1); added != want && c.name != "none" || c.name == "none" && added != 0 {
			t.Errorf("%s: %d entries", c.name, added)
		}
		if asked := l.evaluate.Load() > evaluated; asked == (c.name == "none") {
			t.Errorf("%s: evaluated: %v", c.name, asked)
		}
	}
	if all := l.entries(t); all[1].Action != "camera.added" || all[1].Subject != "camera/gate" || all[1].Time.IsZero() {
		t.Errorf("%+v", all[1])
	}
	if l.published.Load() != 2 {
		t.Errorf("the publisher was called %d times", l.published.Load())
	}
}

// What cannot be written is counted, said by the log itself once it can be, and then
// missing no more.
func TestMissingRecordsAreCounted(t *testing.T) {
	l := newLog(t, 0)
	for range maxQueue + 3 { // nothing runs that would write them
		l.Note(Record{Action: ViewersChanged, Actor: Viewer})
	}
	if l.Missing() != 3 || l.Stats().Missing != 3 {
		t.Errorf("%d are missing, %+v", l.Missing(), l.Stats())
	}
	if err := l.counted(2, SiteChanged, errors.New("no space")); err == nil || l.Missing() != 5 || l.evaluate.Load() != 1 {
		t.Errorf("after a write that failed: %v, %d", err, l.Missing())
	}
	l.reportMissing()
	all := l.entries(t)
	if last := all[len(all)-1]; last.Action != string(RecordsMissing) || last.Detail != "entries=5" || l.Missing() != 0 || l.Stats().Missing != 5 {
		t.Errorf("%+v, %d are missing, %+v", last, l.Missing(), l.Stats())
	}
	l.reportMissing()
	if again := l.entries(t); len(again) != len(all) {
		t.Error("it is said twice")
	}
}

// A record without a time is written with its own; what was noted keeps the time at
// which it happened.
func TestNotedRecordsKeepTheirTime(t *testing.T) {
	l := newLog(t, 0)
	l.Note(Record{Action: ProtectionChanged, Actor: Gateway, Subject: Camera("gate"), Detail: "unknown>offline",
		Event: &Event{Type: EventProtection, Camera: "gate", From: "unknown", To: "offline"}})
	noted := time.Now()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	l.Run(ctx) // writes what waits, and ends
	l.Wait()
	all := l.entries(t)
	i := slices.IndexFunc(all, func(e store.AuditRecord) bool { return e.Action == string(ProtectionChanged) })
	if i < 0 || all[i].Time.After(noted) || all[i].Detail != "unknown>offline" {
		t.Fatalf("%+v", all)
	}
	waiting, err := l.store.Waiting(1)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%v, %v", waiting, err)
	}
	var e Event
	if err := json.Unmarshal(waiting[0].Payload, &e); err != nil || e.ID == "" || e.Seq != waiting[0].Seq || e.Time.After(noted) || e.To != "offline" {
		t.Errorf("%+v, %v", e, err)
	}
	if strings.Contains(string(waiting[0].Payload), `"zone"`) {
		t.Errorf("an empty field is in %s", waiting[0].Payload)
	}
}

// Changes of clauses are kept when others have to go.
func TestEventsOfClausesAreKept(t *testing.T) {
	for event, keep := range map[EventType]bool{EventClause: true, EventProtection: false, EventRevocation: false} {
		if m := (Event{Type: event}).message(time.Time{}, 7); m.Keep != keep || m.Topic != string(event) {
			t.Errorf("%s: %+v", event, m)
		}
	}
}

func TestSubjects(t *testing.T) {
	if got := Camera(media.CameraID("a")); got != "camera/a" {
		t.Error(got)
	}
	if got := identity.Actor(t.Context()); got == "" {
		t.Error("nobody did it")
	}
}
