package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/consent"
	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/config/policy"
	"github.com/bauta-gateway/bauta/config/store/dbfile"
	"github.com/bauta-gateway/bauta/config/text"
)

func backedUp(t testing.TB, s *Store, withKey bool) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.WriteBackup(&b, Backup{Gateway: "gate", Version: "1"}, withKey); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// restore puts a backup in the place of the closed store at path and opens it.
func restore(t *testing.T, path string, backup []byte) (*Store, Restored) {
	t.Helper()
	from, err := Stage(path, bytes.NewReader(backup))
	if err != nil {
		t.Fatal(err)
	}
	done, err := Adopt(path, from, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return open(t, path), done
}

func appended(t *testing.T, s *Store, action string) {
	t.Helper()
	_, err := s.AppendWithMessages([]AuditRecord{{Action: action, Actor: "local"}}, func(_ int, seq uint64) Message {
		return Message{Topic: "x", Payload: json.RawMessage(fmt.Sprint(seq))}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func actions(t *testing.T, s *Store) (all []string) {
	t.Helper()
	entries, _, _ := chained(t, s, time.Time{}, time.Now().Add(time.Hour))
	for _, e := range entries {
		all = append(all, e.Action)
	}
	return all
}

// What was acknowledged before the backup is in it, while others go on writing.
func TestBackupDuringWrites(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	var writer sync.WaitGroup
	stop, first := make(chan struct{}), make(chan struct{})
	acknowledged := make(chan int, 10000)
	writer.Go(func() {
		for i := 0; ; i++ {
			if err := s.PutCamera(full(numbered(i)), false); err != nil {
				t.Error(err)
				return
			}
			acknowledged <- i
			if i == 20 {
				close(first)
			}
			select {
			case <-stop:
				return
			default:
			}
		}
	})
	<-first
	for range 5 {
		before := len(acknowledged)
		b := backedUp(t, s, true)
		other := newPath(t)
		if err := os.Mkdir(filepath.Dir(other), 0o700); err != nil {
			t.Fatal(err)
		}
		got, _ := restore(t, other, b)
		cams, err := got.Cameras()
		if err != nil || len(cams) < before {
			t.Errorf("%d cameras of %d that were acknowledged before the backup: %v", len(cams), before, err)
		}
		for i, c := range cams {
			if c.ID != numbered(i) || c.Password.Reveal() != full("x").Password.Reveal() {
				t.Fatalf("camera %d is %v", i, c.ID)
			}
		}
	}
	close(stop)
	writer.Wait()
}

// What was taken away after a backup, a login or a camera of a prohibited place,
// does not come back with it.
func TestRestoreGivesNothingBack(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, full("lobby"))
	put(t, s, full("wc"))
	boss, left := User{ID: "u1", Name: "boss", Role: "manager", Hash: "old"}, User{ID: "u2", Name: "left", Role: "manager"}
	if err := errors.Join(s.PutUser(boss), s.PutUser(left), s.PutAPIToken(APIToken{ID: "t1", Name: "till"})); err != nil {
		t.Fatal(err)
	}
	appended(t, s, "before")
	backup := backedUp(t, s, false)

	boss.Hash, boss.Role = "new", "viewer"
	if err := errors.Join(s.PutUser(boss), s.DeleteUser("u2"), s.DeleteAPIToken("t1")); err != nil {
		t.Fatal(err)
	}
	said := AuditRecord{Action: ActionFacts, Actor: "local", Subject: "camera/wc", Detail: "place=" + string(policy.Prohibited[0]) + " purpose="}
	fine := AuditRecord{Action: ActionFacts, Actor: "local", Subject: "camera/lobby", Detail: "place=lobby purpose=public-safety"}
	event := func(_ int, seq uint64) Message { return Message{Topic: "x", Payload: json.RawMessage(fmt.Sprint(seq))} }
	if _, err := s.AppendWithMessages([]AuditRecord{said, fine}, event); err != nil {
		t.Fatal(err)
	}
	if err := s.DeleteCamera("wc"); err != nil {
		t.Fatal(err)
	}
	closed(t, s)

	s, done := restore(t, path, backup)
	if users, err := s.Users(); err != nil || !slices.Equal(users, []User{boss}) {
		t.Errorf("users: %+v, %v", users, err)
	}
	if tokens, err := s.APITokens(); err != nil || len(tokens) != 0 {
		t.Errorf("tokens: %+v, %v", tokens, err)
	}
	if facts, err := s.Facts("wc"); err != nil || !facts.Place.Prohibited() || done.Blocked != 1 {
		t.Errorf("wc: %+v, %v; %+v", facts, err, done)
	}
	if facts, _ := s.Facts("lobby"); facts.Place.Prohibited() {
		t.Errorf("lobby: %+v", facts)
	}
}

// A backup takes back what was set up, and nothing that people were promised.
func TestRestoreKeepsPromises(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, full("lobby"))
	put(t, s, full("wc"))
	gone := consent.Issuer{Name: "gone", Key: consent.NewKey().Public()}
	if err := errors.Join(s.AddIssuer(desk), s.AddIssuer(gone)); err != nil {
		t.Fatal(err)
	}
	mustAdd(t, s, sample("0001", nil), sample("0002", func(t *consent.Token) { t.Badge = 8 }), sample("0003", func(t *consent.Token) { t.Badge = 9 }),
		sample("0004", func(t *consent.Token) { t.Badge = 10 }))
	appended(t, s, "before")
	backup := backedUp(t, s, false)

	mustRevoke(t, s, noon.Add(time.Minute), consent.Revocation{Token: "token-0001", Issued: noon})
	mustRevoke(t, s, noon.Add(time.Minute), consent.Revocation{Issuer: "front-desk", Subject: "p-0002", Issued: noon})
	mustRevoke(t, s, noon.Add(time.Minute), consent.Revocation{Badge: 9, Issued: noon})
	mustRevoke(t, s, noon.Add(time.Minute), consent.Revocation{Token: "token-unseen", Issued: noon})
	prohibited := policy.Camera{Place: policy.Prohibited[0]}
	if err := errors.Join(s.DeleteIssuer(gone.Key.ID()), s.PutFacts("wc", prohibited), s.PutLevel("lobby", "solid"), s.DeleteCamera("lobby"), s.PutLevel("lobby", "solid")); err != nil {
		t.Fatal(err)
	}
	appended(t, s, "after")
	waiting, err := s.Waiting(9)
	if err != nil {
		t.Fatal(err)
	}
	closed(t, s)

	began := time.Now()
	s, done := restore(t, path, backup)
	took := time.Since(began)
	if done.Old != OldReadable || !done.Continued || done.Revocations != 4 || done.Withdrawn != 3 || done.Blocked != 1 || done.Gateway != "gate" {
		t.Errorf("%+v", done)
	}
	if cams, err := s.Cameras(); err != nil || len(cams) != 2 {
		t.Errorf("cameras: %v, %v", cams, err)
	}
	for id, valid := range map[string]bool{"0001": false, "0002": false, "0003": false, "0004": true} {
		c, err := s.Consent("token-" + id)
		if err != nil || c.Revoked.IsZero() != valid || (s.CheckRevoked(c.Token) == nil) != valid {
			t.Errorf("consent %s: %+v, %v", id, c.Revoked, err)
		}
	}
	if s.CheckRevoked(sample("unseen", nil)) == nil {
		t.Error("the revocation of a token that is yet to come is lost")
	}
	if all, err := s.Issuers(); err != nil || len(all) != 1 || all[0].Name != "front-desk" {
		t.Errorf("issuers: %+v, %v", all, err)
	}
	facts, err := s.Facts("wc")
	if level, _ := s.Level("lobby"); err != nil || !facts.Place.Prohibited() || level != "solid" {
		t.Errorf("%+v, level %q, %v", facts, level, err)
	}
	if got := actions(t, s); !slices.Equal(got, []string{"before", "after", "store.restored"}) {
		t.Errorf("audit log: %v", got)
	}
	if got, err := s.Waiting(9); err != nil || !slices.EqualFunc(got, waiting, func(a, b Message) bool { return a.Seq == b.Seq }) {
		t.Errorf("waiting: %+v, %v", got, err)
	}
	appended(t, s, "next")
	if got, _ := s.Waiting(9); got[len(got)-1].Seq != waiting[len(waiting)-1].Seq+1 {
		t.Errorf("the next event is %d", got[len(got)-1].Seq)
	}
	if mode(t, done.Kept) != 0o600 {
		t.Errorf("the old store has mode %o", mode(t, done.Kept))
	}
	closed(t, open(t, done.Kept)) // it has the key's folder
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "a backup from before withdrawals is restored", Bound: 5 * time.Second,
		Ends: "set-up as in the backup; withdrawn consents, prohibited places and removed issuers stay so; the trail goes on"}, took)
}

// A key that is not this host's comes with a sealed backup, and takes the
// other one's place together with its database, also across a power cut.
func TestRestoreOnAnotherHost(t *testing.T) {
	s := open(t, newPath(t))
	put(t, s, full("a"))
	appended(t, s, "there")
	withKey, without := backedUp(t, s, true), backedUp(t, s, false)

	path := newPath(t)
	own := open(t, path)
	put(t, own, full("own"))
	appended(t, own, "here")
	closed(t, own)
	before := contents(t, filepath.Dir(path))
	from, err := Stage(path, bytes.NewReader(without))
	if err == nil {
		_, err = Adopt(path, from, Options{})
	}
	if !errors.Is(err, ErrBackupKey) || !strings.Contains(text.Explain(text.ZhCN, err), "--seal") {
		t.Errorf("without its key: %v", err)
	}
	if after := contents(t, filepath.Dir(path)); !slices.Equal(before, after) {
		t.Error("a refused restore changed something")
	}

	s, done := restore(t, path, withKey)
	if c, err := s.Camera("a"); err != nil || c.Password.Reveal() != full("a").Password.Reveal() || done.Continued {
		t.Errorf("%v, %+v", err, done)
	}
	if got := actions(t, s); !slices.Equal(got, []string{"there", "store.restored"}) {
		t.Errorf("audit log: %v", got)
	}
	if kept, _ := filepath.Glob(keyOf(path) + ".replaced-*"); len(kept) != 1 || mode(t, keyOf(path)) != 0o600 {
		t.Errorf("the keys kept: %v", kept)
	}
	closed(t, s)
	closed(t, open(t, path)) // the takeover is done for good

	empty := newPath(t)
	if err := os.Mkdir(filepath.Dir(empty), 0o700); err != nil {
		t.Fatal(err)
	}
	s, done = restore(t, empty, withKey)
	if _, err := s.Camera("a"); err != nil || done.Old != OldNone || done.Kept != "" {
		t.Errorf("on an empty host: %v, %+v", err, done)
	}
}

// A backup of an earlier version is brought up to date.
func TestRestoreOfAnEarlierSchema(t *testing.T) {
	for schema := range len(steps) {
		if schema == 0 {
			continue
		}
		path := newPath(t)
		s, err := openWith(path, Options{}, steps[:schema])
		if err != nil {
			t.Fatal(err)
		}
		put(t, s, full("early"))
		backup := backedUp(t, s, false)
		closed(t, s)
		newer := open(t, path)
		mustAdd(t, newer, sample("0001", nil))
		mustRevoke(t, newer, noon, consent.Revocation{Subject: "p-0001", Issued: noon})
		closed(t, newer)
		from, err := Stage(path, bytes.NewReader(backup))
		if err == nil {
			err = Prove(path, from, Options{})
		}
		if err != nil {
			t.Fatalf("schema %d: %v", schema, err)
		}
		s, done := restore(t, path, backup)
		if cams, err := s.Cameras(); err != nil || len(cams) != 1 || done.Revocations != 1 || s.CheckRevoked(sample("0001", nil)) == nil {
			t.Errorf("schema %d: %v, %v, %+v", schema, cams, err, done)
		}
	}
}

func TestRestoreIsRefusedWhileOpen(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	from, err := Stage(path, bytes.NewReader(backedUp(t, s, false)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Adopt(path, from, Options{LockTimeout: 50 * time.Millisecond}); !errors.Is(err, ErrLocked) {
		t.Error(err)
	}
}

// A file that is not whole changes nothing.
func TestBadBackups(t *testing.T) {
	path := made(t)
	s := open(t, path)
	good := backedUp(t, s, false)
	closed(t, s)
	before := contents(t, filepath.Dir(path))
	flipped := bytes.Clone(good)
	flipped[len(good)/2] ^= 1
	sum := bytes.Clone(good)
	sum[len(sum)-1] ^= 1
	for name, b := range map[string][]byte{
		"empty": nil, "another file": []byte("PK\x03\x04 and so on, a zip"), "its head alone": good[:len(backupMagic)], "no size": []byte(backupMagic + "{}\n"),
		"cut": good[:len(good)-5000], "without its sum": good[:len(good)-32], "one bit": flipped, "another sum": sum, "more behind": append(bytes.Clone(good), 0),
		"an endless head": append([]byte(backupMagic), bytes.Repeat([]byte("x"), 1<<20)...),
	} {
		if _, err := Stage(path, bytes.NewReader(b)); !errors.Is(err, ErrBackup) {
			t.Errorf("%s: %v", name, err)
		}
		if after := contents(t, filepath.Dir(path)); !slices.Equal(before, after) {
			t.Errorf("%s: something changed", name)
		}
	}
}

// A database in a whole backup that somebody made by hand is looked at too.
func TestForgedBackups(t *testing.T) {
	for name, bend := range map[string]func(*bbolt.Tx) error{
		"a changed audit log": func(tx *bbolt.Tx) error {
			k, v := tx.Bucket(auditBucket).Cursor().First()
			v = bytes.Replace(v, []byte("there"), []byte("where"), 1)
			return tx.Bucket(auditBucket).Put(k, v)
		},
		"a bucket less":  func(tx *bbolt.Tx) error { return tx.DeleteBucket(metaBucket) },
		"a newer schema": func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Put(schemaKey, []byte(later(1))) },
	} {
		path := newPath(t)
		s := open(t, path)
		appended(t, s, "there")
		good := backedUp(t, s, false)
		if err := s.db.Update(bend); err != nil {
			t.Fatal(err)
		}
		bad := backedUp(t, s, false)
		closed(t, s)
		mended, _ := restore(t, path, good) // the old one is strange, that is no hindrance
		closed(t, mended)
		from, err := Stage(path, bytes.NewReader(bad))
		if err == nil {
			_, err = Adopt(path, from, Options{})
		}
		if err == nil {
			t.Errorf("%s was restored", name)
		}
		closed(t, open(t, path))
	}
}

// Revocations are found in a damaged store as long as their pages are there.
func TestRestoreOverDamage(t *testing.T) {
	for name, bend := range map[string]func([]byte) []byte{
		"both heads zeroed": func(b []byte) []byte { clear(b[:2*page]); return b },
		"freelist and root overwritten": func(b []byte) []byte {
			for at := 2 * page; at < len(b); at += page {
				if !bytes.Contains(b[at:at+page], []byte("token/")) {
					copy(b[at:at+page], bytes.Repeat([]byte{0xa5}, page))
				}
			}
			return b
		},
		"its second half cut": func(b []byte) []byte { return b[:len(b)/2] },
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			s := open(t, path)
			var all []consent.Token
			for i := range 60 {
				all = append(all, sample(fmt.Sprintf("%03d", i), func(t *consent.Token) { t.Badge = i + 1 }))
			}
			mustAdd(t, s, all...)
			backup := backedUp(t, s, false)
			for _, token := range all {
				mustRevoke(t, s, noon, consent.Revocation{Token: token.ID, Issued: noon})
			}
			closed(t, s)
			if err := os.WriteFile(path, bend(slurp(t, path)), 0o600); err != nil {
				t.Fatal(err)
			}
			least := 55 // the page that was being written may be gone
			if strings.Contains(name, "cut") {
				least = 0
			}
			s, done := restore(t, path, backup)
			if done.Old != OldDamaged || done.Revocations < least {
				t.Errorf("%+v", done)
			}
			n := 0
			for _, token := range all {
				if s.CheckRevoked(token) != nil {
					n++
				}
			}
			if n != done.Withdrawn {
				t.Errorf("%d are withdrawn, reported %d", n, done.Withdrawn)
			}
		})
	}
}

func TestKeepDamaged(t *testing.T) {
	path := made(t)
	if err := os.WriteFile(path, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	first, err := KeepDamaged(path)
	if err != nil || string(slurp(t, first)) != "broken" || mode(t, first) != 0o600 || string(slurp(t, path)) != "broken" {
		t.Fatalf("%s, %v", first, err)
	}
	if again, err := KeepDamaged(path); err != nil || again != first {
		t.Errorf("a second copy of the same: %s, %v", again, err)
	}
}

// What comes as a backup is anybody's: it is refused or whole.
func FuzzBackup(f *testing.F) {
	s, err := Open(filepath.Join(f.TempDir(), "bauta.db"), Options{})
	if err != nil {
		f.Fatal(err)
	}
	defer s.Close()
	good := backedUp(f, s, true)
	f.Add(good[:300], uint32(0))
	f.Add([]byte(backupMagic+`{"size":5}`+"\nhello"), uint32(1<<31))
	f.Add([]byte(`{"size":99999999999999}`), uint32(len(backupMagic)))
	f.Fuzz(func(t *testing.T, b []byte, at uint32) {
		bent := b
		if at < uint32(len(good)) { // else b alone
			bent = bytes.Clone(good)
			copy(bent[at:], b)
		}
		if _, err := ReadBackup(bytes.NewReader(bent), io.Discard); err == nil && !bytes.Equal(bent, good) {
			t.Error("a bent backup passes")
		}
		path := filepath.Join(t.TempDir(), "bauta.db")
		if from, err := Stage(path, bytes.NewReader(bent)); err == nil {
			_, _ = Adopt(path, from, Options{})
		}
	})
}

func FuzzSalvage(f *testing.F) {
	whole := grown(f)
	f.Add([]byte{0xff, 0xff, 0xff, 0xff}, uint32(2*page+12))
	f.Add([]byte{2, 0, 0xff, 0xff}, uint32(3*page+8))
	f.Fuzz(func(t *testing.T, b []byte, at uint32) {
		bent := bytes.Clone(whole)
		copy(bent[at%uint32(len(bent)):], b)
		path := filepath.Join(t.TempDir(), "bauta.db")
		if err := os.WriteFile(path, bent, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if err := dbfile.Salvage(file, func(key, value []byte) {
			if k, ok := readRevocation(key, value); ok && !k.Valid() {
				t.Errorf("%q is a revocation of nothing", key)
			}
		}); err != nil {
			t.Error(err)
		}
	})
}
