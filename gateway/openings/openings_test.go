package openings

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/bauta-gateway/bauta/config/register"
	"github.com/bauta-gateway/bauta/config/sealed"
	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/identity"
)

// as is a context in which an account asks.
func as(account string) context.Context {
	return identity.Identity{ID: account, Role: identity.Auditor, Until: context.Background()}.In(context.Background())
}

// open is a desk over real files, a store and an audit log; its clock is set by the test. One segment of
// camera gate begins at the time.
func open(t *testing.T) (*Desk, *time.Time, [sealed.Groups]*age.X25519Identity) {
	t.Helper()
	dir := t.TempDir()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	s, err := store.Open(filepath.Join(dir, "bauta.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	now := time.Now()
	var keys sealed.Keys
	var ids [sealed.Groups]*age.X25519Identity
	for i := range keys {
		if ids[i], err = age.GenerateX25519Identity(); err != nil {
			t.Fatal(err)
		}
		keys[i].Holders = []sealed.Holder{{Key: ids[i].Recipient().String()}}
	}
	var b bytes.Buffer
	w, err := sealed.NewWriter(&b, sealed.Header{Camera: "gate", Sequence: 1, Start: now.Add(-time.Minute)}, keys)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Close(sealed.Trailer{Length: 60000, End: sealed.EndFull}); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "sealed", filepath.FromSlash(sealed.Path("gate", 1)))
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, b.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	d := New(Config{
		Folder: filepath.Join(dir, "openings"), Sealed: os.DirFS(filepath.Join(dir, "sealed")), Store: s, Log: log,
		Audit:  audit.New(audit.Config{Store: s, Log: log, Published: func() {}, Evaluate: func() {}, EachMinute: func() {}}),
		Record: func(context.Context, register.Export) error { return nil },
	})
	d.now = func() time.Time { return now }
	return d, &now, ids
}

func ask(t *testing.T, d *Desk, account string) sealed.Request {
	t.Helper()
	r := request(t, d)
	if _, err := d.Ask(as(account), r); err != nil {
		t.Fatal(err)
	}
	return r
}

func request(t *testing.T, d *Desk) sealed.Request {
	t.Helper()
	now := d.now()
	r, _, err := sealed.NewRequest(sealed.Request{Camera: "gate", From: now.Add(-time.Minute), To: now, Purpose: "p", Basis: "b", Document: "d", By: sealed.Person{ID: "p1"}}, now)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func code(err error) api.Code {
	var e *api.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func approve(t *testing.T, d *Desk, account, person string, r sealed.Request, key *age.X25519Identity) error {
	t.Helper()
	fronts, err := d.Fronts(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	a, err := sealed.Approve(r, fronts, sealed.Person{ID: person}, d.now(), key)
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Answer(as(account), r.ID, a)
	return err
}

// A request waits for a month and is kept for three more; one that was opened or refused for three from
// then on.
func TestRequestsEnd(t *testing.T) {
	d, now, keys := open(t)
	waits, refused := ask(t, d, "u1"), ask(t, d, "u1")
	no, err := sealed.Refuse(refused, "no", sealed.Person{ID: "p2"}, *now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Answer(as("u2"), refused.ID, no); err != nil {
		t.Fatal(err)
	}
	opened := ask(t, d, "u1")
	for i, account := range []string{"u1", "u2"} {
		if err := approve(t, d, account, "p"+account[1:], opened, keys[i]); err != nil {
			t.Fatal(err)
		}
	}
	if given, err := d.Open(as("u1"), opened.ID); err != nil || len(given) != 2 {
		t.Fatal(given, err)
	}
	for _, c := range []struct {
		days  int
		state string
		left  int
	}{{29, api.OpeningWaiting, 3}, {31, api.OpeningEnded, 3}, {89, api.OpeningEnded, 3}, {91, api.OpeningEnded, 1}, {121, "", 0}} {
		at := time.Now().Add(time.Duration(c.days) * 24 * time.Hour)
		d.now = func() time.Time { return at }
		d.prune()
		o, err := d.Get(waits.ID)
		if left := len(d.List()); left != c.left || o.State != c.state && err == nil {
			t.Errorf("after %d days: %d left, %q", c.days, left, o.State)
		}
	}
}

// What comes is checked, and there is an end to how much of it is kept.
func TestBounds(t *testing.T) {
	d, now, keys := open(t)
	r := request(t, d)
	for name, change := range map[string]func(*sealed.Request){
		"a name":                 func(r *sealed.Request) { r.By.ID = "Wang Xiaoming" },
		"an account of its own":  func(r *sealed.Request) { r.By.Account = "u9" },
		"another clock":          func(r *sealed.Request) { r.Created = now.Add(time.Hour) },
		"a path":                 func(r *sealed.Request) { r.ID = "../../etc" },
		"nothing sealed in it":   func(r *sealed.Request) { r.From, r.To = now.Add(-3*time.Hour), now.Add(-2*time.Hour) },
		"a camera of somewhere":  func(r *sealed.Request) { r.Camera = "hall" },
		"a stretch of two days":  func(r *sealed.Request) { r.From = now.Add(-48 * time.Hour) },
		"a stretch of no length": func(r *sealed.Request) { r.From = r.To },
	} {
		bad := r
		change(&bad)
		if _, err := d.Ask(as("u1"), bad); code(err) != api.CodeInvalid && code(err) != api.CodeNotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	first := ask(t, d, "u1")
	if _, err := d.Ask(as("u1"), first); code(err) != api.CodeExists {
		t.Errorf("twice: %v", err)
	}
	other := request(t, d)
	if _, err := d.Answer(as("u2"), first.ID, sealed.Approval{Request: other.ID, Sum: other.Sum(), Group: 1, By: sealed.Person{ID: "p2"}, At: *now, Segments: []uint64{1}, Shares: []byte("x")}); code(err) != api.CodeInvalid {
		t.Errorf("an approval of another request: %v", err)
	}
	for range maxWaiting - 1 {
		ask(t, d, "u1")
	}
	if _, err := d.Ask(as("u1"), request(t, d)); code(err) != api.CodeTooMany {
		t.Errorf("one too many: %v", err)
	}
	if _, err := d.Get("../../etc"); code(err) != api.CodeNotFound {
		t.Errorf("a path: %v", err)
	}
	if err := approve(t, d, "local", "p1", first, keys[0]); err != nil {
		t.Error(err)
	}
	if _, err := d.Segment(as("u1"), first.ID, 1); code(err) != api.CodeForbidden {
		t.Errorf("a segment of what nobody opened: %v", err)
	}
}

// Without the register no opening, and without sealed footage no request.
func TestNothingOpensOffRecord(t *testing.T) {
	d, _, keys := open(t)
	d.cfg.Record = func(context.Context, register.Export) error { return errors.New("the disk is full") }
	r := ask(t, d, "u1")
	for i, account := range []string{"u1", "u2"} {
		if err := approve(t, d, account, "p"+account[1:], r, keys[i]); err != nil {
			t.Fatal(err)
		}
	}
	if given, err := d.Open(as("u1"), r.ID); err == nil {
		t.Errorf("%d approvals went out", len(given))
	}
	if o, err := d.Get(r.ID); err != nil || o.State != api.OpeningApproved {
		t.Errorf("%s, %v", o.State, err)
	}
	d.cfg.Sealed = nil
	if _, err := d.Ask(as("u1"), request(t, d)); code(err) != api.CodeNotFound || text.Explain(text.EN, err) != text.Of(text.EN, text.SealedOff) {
		t.Error(err)
	}
}
