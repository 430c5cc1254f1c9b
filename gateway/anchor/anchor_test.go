package anchor

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/store"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/api"
	"github.com/bauta-gateway/bauta/gateway/audit"
	"github.com/bauta-gateway/bauta/gateway/stops"
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

// house is a data folder whose store is opened again and again.
type house struct {
	dir string
	// broker: an external one may have an anchor.
	broker bool
}

// watch is a watch on the store, with all that lies below it.
type watch struct {
	*Watch
	store     *store.Store
	changed   atomic.Int32
	published atomic.Pointer[[]byte]
	stops     stops.Stack
}

func newHouse(t *testing.T) *house {
	t.Helper()
	return &house{dir: filepath.Join(t.TempDir(), "data")}
}

func (h *house) path() string { return filepath.Join(h.dir, "bauta.db") }

// open opens the store and the watch on it.
func (h *house) open(t *testing.T) *watch {
	t.Helper()
	w, log := &watch{}, slog.New(slog.DiscardHandler)
	t.Cleanup(w.stops.Run)
	var err error
	if w.store, err = store.Open(h.path(), store.Options{}); err != nil {
		t.Fatal(err)
	}
	w.stops.Push(func() { w.store.Close() })
	w.Watch, err = Open(Config{
		Store: w.store, Log: log, File: Path(h.dir), TPM: filepath.Join(h.dir, "no-tpm"), Broker: h.broker,
		Changed: func() { w.changed.Add(1) }, Publish: func(b []byte) { w.published.Store(&b) },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.stops.Push(w.Watch.Close)
	records := audit.New(audit.Config{Store: w.store, Log: log, Published: func() {}, Evaluate: func() {}, EachMinute: func() {}})
	ctx, cancel := context.WithCancel(context.Background())
	go records.Run(ctx)
	w.stops.Push(func() { cancel(); records.Wait() })
	w.Start(records)
	return w
}

// happen has the history go on.
func (w *watch) happen(t *testing.T) {
	t.Helper()
	if err := w.store.Append(store.AuditRecord{Time: time.Now(), Action: "test", Actor: audit.Gateway}); err != nil {
		t.Fatal(err)
	}
}

// anchorNow is what would be left outside now.
func (w *watch) anchorNow(t *testing.T) []byte {
	t.Helper()
	a, err := w.store.Anchor(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPath(t *testing.T) {
	for data, want := range map[string]string{
		"/var/lib/bauta": "/var/lib/bauta-anchor/anchor", "/var/lib/bauta/": "/var/lib/bauta-anchor/anchor", "data": "data-anchor/anchor",
	} {
		if got := Path(data); got != want {
			t.Errorf("Path(%s) = %s, want %s", data, got, want)
		}
	}
}

// Without an external broker a new store counts at once; with one nobody is shown before
// its anchor was read.
func TestNobodyIsShownBeforeTheBrokerIsRead(t *testing.T) {
	h := newHouse(t)
	if w := h.open(t); !w.Shows() || w.Older() != "" || w.Why() != nil {
		t.Errorf("a new store: shows %v, older %q", w.Shows(), w.Older())
	} else {
		w.stops.Run()
	}
	h.broker = true
	w := h.open(t)
	if w.Shows() {
		t.Error("shown before the broker was read")
	}
	w.happen(t)
	w.BrokerRead()
	if !w.Shows() || w.changed.Load() != 1 {
		t.Errorf("after the broker was read: %v, %d changes", w.Shows(), w.changed.Load())
	}
	eventually(t, "the own anchor is left at the broker", func() bool { return w.published.Load() != nil })
}

// A broker that is read while an anchor is being kept gets that one too, though the
// history does not go on.
func TestBrokerReadWhileAnAnchorIsKept(t *testing.T) {
	h := newHouse(t)
	h.broker = true
	if err := os.MkdirAll(filepath.Dir(Path(h.dir)), 0o700); err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		w := h.open(t)
		time.Sleep(time.Duration(i) * 100 * time.Microsecond)
		w.BrokerRead()
		eventually(t, "the own anchor is left at the broker", func() bool { return w.published.Load() != nil })
		w.stops.Run()
	}
}

// An anchor at the broker shows an older store only where this gateway signed it, of a
// history that went further; a person ends that once.
func TestReceivedAnchors(t *testing.T) {
	h := newHouse(t)
	w := h.open(t)
	w.happen(t)
	earlier := w.anchorNow(t)
	w.stops.Run()
	old, err := os.ReadFile(h.path())
	if err != nil {
		t.Fatal(err)
	}
	w = h.open(t)
	w.happen(t)
	later := w.anchorNow(t)
	w.stops.Run()
	if err := os.WriteFile(h.path(), old, 0o600); err != nil {
		t.Fatal(err)
	}
	stranger := newHouse(t).open(t)
	stranger.happen(t)

	w = h.open(t)
	for name, payload := range map[string][]byte{
		"nothing": nil, "nonsense": []byte("{}"), "large": bytes.Repeat([]byte("{"), store.MaxAnchor+1), "another's": stranger.anchorNow(t),
		"earlier": earlier, "bent": bytes.Replace(later, []byte(`"seq":`), []byte(`"seq":9`), 1),
	} {
		if w.Received(payload); w.Older() != "" || !w.Shows() {
			t.Errorf("%s: seen by %q", name, w.Older())
		}
	}
	if err := w.AcceptOlder(t.Context()); code(err) != api.CodeInvalid {
		t.Errorf("accepted although it is no older one: %v", err)
	}
	w.Received(later)
	if w.Older() != "broker" || w.Shows() || w.changed.Load() != 1 {
		t.Errorf("seen by %q, shows %v, %d changes", w.Older(), w.Shows(), w.changed.Load())
	}
	if said := text.Explain(text.EN, w.Why()); said == "" {
		t.Error("there are no words for it")
	}
	if err := w.AcceptOlder(t.Context()); err != nil || w.Older() != "" || !w.Shows() || w.changed.Load() != 2 {
		t.Errorf("after it was accepted: %v, %q, shows %v, %d changes", err, w.Older(), w.Shows(), w.changed.Load())
	}
	if w.Received(later); w.Older() != "" {
		t.Error("an anchor of the other history counts after a person chose")
	}
}

// code is what a program would compare of an error.
func code(err error) api.Code {
	var refused *api.Error
	if !errors.As(err, &refused) {
		return ""
	}
	return refused.Code
}

// Each anchor is written over the older one of two, so that a power cut leaves the other;
// what is in the file is read again.
func TestFile(t *testing.T) {
	h := newHouse(t)
	w := h.open(t)
	path := filepath.Join(t.TempDir(), "anchor")
	f, all, strange, err := openFile(path)
	if err != nil || f == nil || len(all) != 0 || strange {
		t.Fatalf("a new file: %v, %+v, %v, %v", f, all, strange, err)
	}
	var written []store.Anchor
	for i := range 3 {
		w.happen(t)
		a, err := w.store.Anchor(time.Now().Add(time.Duration(i) * time.Second))
		if err == nil {
			err = f.write(a)
		}
		if err != nil {
			t.Fatal(err)
		}
		written = append(written, a)
	}
	f.Close()
	whole, err := os.ReadFile(path)
	if err != nil || len(whole) != slots*store.MaxAnchor {
		t.Fatalf("%d bytes, %v", len(whole), err)
	}
	cut := bytes.Clone(whole)
	copy(cut[100:], make([]byte, 500)) // the third one is in the first slot
	for _, c := range []struct {
		name    string
		is      []byte
		seqs    []uint64
		next    int
		strange bool
	}{
		{"whole", whole, []uint64{written[2].Seq, written[1].Seq}, 1, false},
		{"one is cut off", cut, []uint64{written[1].Seq}, 0, false},
		{"one is empty", append(make([]byte, store.MaxAnchor), whole[store.MaxAnchor:]...), []uint64{written[1].Seq}, 0, false},
		{"empty", nil, nil, 0, false},
		{"something else", []byte("{}"), nil, 0, true},
	} {
		if err := os.WriteFile(path, c.is, 0o600); err != nil {
			t.Fatal(err)
		}
		f, all, strange, err := openFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		var seqs []uint64
		for _, a := range all {
			seqs = append(seqs, a.Seq)
		}
		if len(seqs) != len(c.seqs) || len(seqs) > 0 && seqs[0] != c.seqs[0] || f.next != c.next || strange != c.strange {
			t.Errorf("%s: anchors %v, next slot %d, strange %v", c.name, seqs, f.next, strange)
		}
	}
	if f, _, _, err := openFile(filepath.Join(t.TempDir(), "no-folder", "anchor")); f != nil || err != nil {
		t.Errorf("without the folder: %v, %v", f, err)
	}
}
