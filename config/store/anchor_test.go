package store

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/zone"
)

func anchored(t *testing.T, s *Store) Anchor {
	t.Helper()
	a, err := s.Anchor(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	if a, err = ParseAnchor(b); err != nil {
		t.Fatal(err)
	}
	return a
}

func stands(t *testing.T, s *Store, a Anchor) Standing {
	t.Helper()
	is, err := s.Stands(a)
	if err != nil {
		t.Fatal(err)
	}
	return is
}

func copied(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// An older copy in the store's place is behind the anchor, also one whose audit log
// alone goes on; a crash between a write and its anchor is no going back, and a
// person's choice ends all of that.
func TestAnchorSeesAnOlderCopy(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	appended(t, s, "first")
	early := anchored(t, s)
	s.Close()
	old := copied(t, path)

	s = open(t, path)
	appended(t, s, "second")
	late := anchored(t, s)
	if is := stands(t, s, early); is != InStep {
		t.Errorf("a store ahead of its anchor: %v", is)
	}
	if is := stands(t, s, late); is != InStep {
		t.Errorf("its own anchor: %v", is)
	}
	put(t, s, full("lobby")) // not in the audit log
	written := anchored(t, s)
	s.Close()

	if err := os.WriteFile(path, old, 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, path)
	for name, a := range map[string]Anchor{"later entries": late, "later writes": written} {
		if is := stands(t, s, a); is != Behind {
			t.Errorf("%s: %v", name, is)
		}
	}
	if is := stands(t, s, early); is != InStep {
		t.Errorf("the anchor of that time: %v", is)
	}
	for range 5 { // it grows beyond, with another history
		appended(t, s, "other")
	}
	if is := stands(t, s, late); is != Behind {
		t.Errorf("another history: %v", is)
	}
	if err := s.BeginEra(late.Era, AuditRecord{Action: "history.accepted", Actor: "local"}); err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]Anchor{"early": early, "late": late, "written": written} {
		if is := stands(t, s, a); is != InStep {
			t.Errorf("%s, after a person's choice: %v", name, is)
		}
	}
	chosen := anchored(t, s)
	s.Close()
	if err := os.WriteFile(path, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if is := stands(t, open(t, path), chosen); is != Behind {
		t.Errorf("back to before that choice: %v", is)
	}
}

// Anybody may write an anchor; only the store's own key makes one that counts.
func TestForeignAnchors(t *testing.T) {
	s, other := open(t, newPath(t)), open(t, newPath(t))
	appended(t, s, "first")
	for range 9 {
		appended(t, other, "more")
	}
	if is := stands(t, s, anchored(t, other)); is != Foreign {
		t.Errorf("another gateway's: %v", is)
	}
	a := anchored(t, s)
	for name, bend := range map[string]func(*Anchor){
		"era": func(a *Anchor) { a.Era++ }, "seq": func(a *Anchor) { a.Seq++ }, "writes": func(a *Anchor) { a.Writes++ }, "head": func(a *Anchor) { a.Head[0]++ },
		"time": func(a *Anchor) { a.Time = a.Time.Add(time.Second) }, "key": func(a *Anchor) { a.Key[0]++ }, "no signature": func(a *Anchor) { a.Signature = nil },
		"signed by another": func(a *Anchor) { a.Signature = ed25519.Sign(ed25519.NewKeyFromSeed(make([]byte, 32)), a.signed()) },
	} {
		bent := a
		bend(&bent)
		b, err := json.Marshal(bent)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ParseAnchor(b); !errors.Is(err, ErrAnchor) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseAnchor(f *testing.F) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	a := Anchor{Era: 1, Seq: 2, Writes: 3, Time: time.Unix(1e9, 0).UTC(), Key: Digest(key.Public().(ed25519.PublicKey))}
	a.Signature = ed25519.Sign(key, a.signed())
	good, err := json.Marshal(a)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{good, nil, []byte("{}"), []byte("null"), append(good, good...), bytes.Repeat([]byte(" "), MaxAnchor+1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := ParseAnchor(b)
		if err != nil {
			return
		}
		if !ed25519.Verify(a.Key[:], a.signed(), a.Signature) {
			t.Error("taken without a signature")
		}
		again, err := json.Marshal(a)
		if err != nil || len(again) > MaxAnchor {
			t.Errorf("%d bytes, %v", len(again), err)
		}
		if _, err := ParseAnchor(again); err != nil {
			t.Errorf("not read again: %v", err)
		}
	})
}

// The chain ends with a signature after each call that found something new.
func TestSign(t *testing.T) {
	s := open(t, newPath(t))
	for i, want := range []bool{false, true, false} {
		if i == 1 {
			appended(t, s, "x")
		}
		if added, err := s.Sign(); err != nil || added != want {
			t.Errorf("call %d: %v, %v", i, added, err)
		}
	}
	if got := actions(t, s); len(got) != 2 || got[1] != SignAction {
		t.Errorf("audit log: %v", got)
	}
	chained(t, s, time.Time{}, time.Now().Add(time.Hour)) // proves the signatures
}

// Who only reads a stopped store leaves it byte for byte as it was, of whatever
// schema, and gets what is in it.
func TestOpenAsIs(t *testing.T) {
	for schema := 1; schema <= len(steps); schema++ {
		path := newPath(t)
		s, err := openWith(path, Options{}, steps[:schema])
		if err != nil {
			t.Fatal(err)
		}
		put(t, s, full("lobby"))
		s.Close()
		before := copied(t, path)
		if s, err = Open(path, Options{AsIs: true}); err != nil {
			t.Fatal(err)
		}
		backup := backedUp(t, s, true)
		if err := s.CheckRevoked(consent.Token{ID: "x", Issuer: "desk", Subject: "p"}); err != nil {
			t.Errorf("schema %d: %v", schema, err)
		}
		s.Close()
		files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.bak"))
		if err != nil || len(files) > 0 || !bytes.Equal(copied(t, path), before) {
			t.Errorf("schema %d was changed: %v, %v", schema, files, err)
		}
		again, _ := restore(t, path, backup)
		if _, err := again.Camera("lobby"); err != nil {
			t.Errorf("schema %d, restored: %v", schema, err)
		}
	}
}

func triangle(id string, kind zone.Kind, x float64) zone.Zone {
	return zone.Zone{ID: id, Kind: kind, Points: []zone.Point{{X: x}, {X: 1}, {X: 1, Y: 1}}}
}

// What was hidden after a backup stays hidden when that is restored: over a whole
// store and over a damaged one.
func TestRestoreKeepsWhatHides(t *testing.T) {
	for _, damaged := range []bool{false, true} {
		path := newPath(t)
		s := open(t, path)
		put(t, s, full("lobby"))
		zones := func(all ...zone.Zone) {
			t.Helper()
			for _, z := range all {
				if err := s.PutZone("lobby", z, true); err != nil {
					t.Fatal(err)
				}
			}
		}
		zones(triangle("desk", zone.Private, 0), triangle("door", zone.Consent, 0), triangle("same", zone.Private, 0.5), triangle("gone", zone.Private, 0.1))
		backup := backedUp(t, s, true)
		zones(triangle("desk", zone.Private, 0.2), triangle("door", zone.Private, 0.3), triangle("bed", zone.Private, 0.4), triangle("shown", zone.Consent, 0))
		if err := s.DeleteZone("lobby", "gone"); err != nil {
			t.Fatal(err)
		}
		if err := s.PutZone("elsewhere", triangle("x", zone.Private, 0), false); err != nil {
			t.Fatal(err)
		}
		s.Close()
		if damaged {
			b := copied(t, path)
			clear(b[:2*os.Getpagesize()])
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, done := restore(t, path, backup)
		all, err := s.Zones("lobby")
		if err != nil || done.Zones < 3 {
			t.Errorf("damaged %v: %+v, %v", damaged, done, err)
		}
		has := func(kind zone.Kind, x float64, names ...string) {
			t.Helper()
			for _, z := range all {
				for _, name := range names {
					if strings.HasPrefix(z.ID, name) && z.Kind == kind && z.Points[0].X == x {
						return
					}
				}
			}
			t.Errorf("damaged %v: no %s zone %v from %v in %v", damaged, kind, names, x, all)
		}
		has(zone.Private, 0, "desk")    // the backup's
		has(zone.Private, 0.2, "desk-") // the one since
		has(zone.Private, 0.3, "door")
		has(zone.Private, 0.4, "bed")
		has(zone.Private, 0.5, "same")
		for _, z := range all {
			if z.Kind == zone.Consent {
				t.Errorf("damaged %v: %s shows somebody where all is private since", damaged, z.ID)
			}
		}
		if others, _ := s.Zones("elsewhere"); len(others) > 0 {
			t.Error("zones of a camera that is not there")
		}
	}
}
