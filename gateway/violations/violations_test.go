package violations

import (
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/store/storetest"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/change"
	"github.com/bauta-gateway/bauta/gateway/identity"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// patience is for whatever must happen; busy machines are slow.
const patience = 60 * time.Second

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited %v in vain: %s", patience, what)
		}
	}
}

// register is one on a store of its own.
type register struct {
	*Register
	path string
	stop func()
}

func open(t *testing.T, path string) *register {
	t.Helper()
	s, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	queue := change.NewQueue(log, func() {})
	records := audit.New(audit.Config{Store: s, Log: log, Published: func() {}, Evaluate: func() {}, EachMinute: func() {}})
	r := &register{path: path}
	r.Register = New(Config{Store: s, Queue: queue, Audit: records, Prohibited: func(id media.CameraID) bool { return id == "there" }, Evaluate: func() {}, Log: log})
	r.stop = func() { queue.Close(); s.Close() }
	t.Cleanup(r.stop)
	return r
}

func newRegister(t *testing.T) *register {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "bauta.db"))
}

// log is the audit log by action, actor and subject.
func (r *register) log(t *testing.T) (all []string) {
	t.Helper()
	if _, err := r.cfg.Store.AuditLog(time.Time{}, time.Now().Add(time.Hour), func(l store.Link) error {
		var e store.AuditRecord
		err := json.Unmarshal(l.Text, &e)
		all = append(all, e.Action+" "+e.Actor+" "+e.Subject)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func face(id media.CameraID) policy.Violation {
	return policy.Violation{Kind: policy.ViolationShown, Camera: id, Count: 1}
}

var closing = policy.Closing{Cause: "a lost badge", Measure: "it is locked", File: strings.Repeat("ab", 32)}

// A disk that hangs holds nobody up who saw something, and what it does not take counts
// meanwhile, each once; then all of it is stored, and opened once in the audit log.
func TestDiskHangs(t *testing.T) {
	r := newRegister(t)
	release := storetest.Stall(t, r.cfg.Store)
	began := time.Now()
	for range 100 {
		r.Saw(face("hall"))
	}
	r.Saw(face("yard"))
	if took := time.Since(began); took > time.Second {
		t.Errorf("it took %v", took)
	}
	if all, err := r.All(); err != nil || len(all) != 2 || all[0].ID != "" || !all[0].Open() || all[0].Count != 100 || all[0].Since.Before(began) {
		t.Errorf("%+v, %v", all, err)
	}
	if n, _ := r.cfg.Store.Violations(); len(n) != 0 {
		t.Errorf("stored: %+v", n)
	}
	eventually(t, "the gateway says that it is not stored", func() bool { n, _ := r.cfg.Queue.Unstored(); return n > 0 })
	release()
	eventually(t, "all is stored", func() bool {
		all, err := r.cfg.Store.Violations()
		return err == nil && len(all) == 2 && all[0].Count == 100 && all[1].Count == 1
	})
	if all, _ := r.All(); len(all) != 2 || all[0].Count != 100 {
		t.Errorf("%+v", all)
	}
	eventually(t, "the audit log has both", func() bool {
		return slices.Equal(r.log(t), []string{"violation.opened gateway camera/hall", "violation.opened gateway camera/yard"})
	})
}

// What waits when the gateway ends is stored then. What comes after that counts in
// memory, and is not lost in silence.
func TestEnd(t *testing.T) {
	r := newRegister(t)
	release := storetest.Stall(t, r.cfg.Store)
	r.Saw(face("hall"))
	done := make(chan struct{})
	go func() { r.cfg.Queue.Close(); close(done) }()
	time.Sleep(10 * time.Millisecond)
	release()
	<-done
	r.Saw(face("late"))
	r.Saw(face("late"))
	if all, err := r.All(); err != nil || len(all) != 2 || all[1].Camera != "late" || all[1].Count != 2 {
		t.Errorf("%+v, %v", all, err)
	}
	r.stop()
	if all, err := open(t, r.path).All(); err != nil || len(all) != 1 || all[0].Camera != "hall" {
		t.Errorf("after a restart: %+v, %v", all, err)
	}
}

// A closing has when and by whom from the gateway, and stands in the audit log.
func TestClose(t *testing.T) {
	r := newRegister(t)
	r.Saw(face("hall"))
	r.Saw(policy.Violation{Kind: policy.ViolationPlace, Camera: "there", Place: policy.PublicBath})
	eventually(t, "both are stored", func() bool { all, _ := r.cfg.Store.Violations(); return len(all) == 2 })
	boss := identity.Identity{ID: "u1", Role: identity.Manager}.In(t.Context())
	forged := closing
	forged.Account, forged.Time = "nobody", time.Unix(0, 0)
	for _, c := range []struct {
		name, id string
		closing  policy.Closing
		want     api.Code
	}{
		{"no such", "00000009", closing, api.CodeNotFound},
		{"none", "", closing, api.CodeNotFound},
		{"nothing said", "00000001", policy.Closing{}, api.CodeInvalid},
		{"still there", "00000002", closing, api.CodeProhibited},
		{"good", "00000001", forged, ""},
		{"again", "00000001", closing, api.CodeExists},
	} {
		err := r.Close(boss, c.id, c.closing)
		var refused *api.Error
		if errors.As(err, &refused); (err == nil) != (c.want == "") || err != nil && (refused == nil || refused.Code != c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	all, err := r.All()
	if c := all[0].Closing; err != nil || c == nil || c.Account != "manager:u1" || time.Since(c.Time) > time.Minute || c.Cause != closing.Cause {
		t.Errorf("%+v, %v", all, err)
	}
	r.Saw(face("hall")) // another one
	eventually(t, "it is another violation", func() bool { all, _ := r.cfg.Store.Violations(); return len(all) == 3 })
	eventually(t, "the audit log has it", func() bool {
		return slices.Equal(r.log(t), []string{"violation.opened gateway camera/hall", "violation.opened gateway camera/there", "violation.closed manager:u1 camera/hall", "violation.opened gateway camera/hall"})
	})
}

// One that cannot be read is listed as open.
func TestUnreadable(t *testing.T) {
	r := newRegister(t)
	r.stop()
	db, err := bbolt.Open(r.path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("violations")).Put([]byte("prohibited_place/00000001"), []byte("{"))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	all, err := open(t, r.path).List()
	if err != nil || len(all) != 1 || !all[0].Open() || all[0].Kind != policy.ViolationPlace {
		t.Errorf("%+v, %v", all, err)
	}
	if all, err := newRegister(t).List(); err != nil || all == nil || len(all) != 0 {
		t.Errorf("none: %+v, %v", all, err)
	}
}
