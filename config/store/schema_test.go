package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func idOf(s string) media.CameraID { return media.CameraID(s) }

// edit changes a database behind the store's back.
func edit(t *testing.T, path string, f func(*bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(f), db.Close()); err != nil {
		t.Fatal(err)
	}
}

// newest is the schema of this version, later one n after it.
func newest() string { return later(0) }

func later(n int) string { return strconv.Itoa(len(steps) + n) }

func schemaOf(t *testing.T, s *Store) string {
	t.Helper()
	var v string
	if err := s.db.View(func(tx *bbolt.Tx) error {
		v = string(tx.Bucket(metaBucket).Get(schemaKey))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestNewHasSchemaAndNoCopy(t *testing.T) {
	path := newPath(t)
	if got := schemaOf(t, open(t, path)); got != newest() {
		t.Errorf("schema %q", got)
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) != 0 {
		t.Errorf("%v", left)
	}
}

// TestFromNoSchema opens a file as it was before schemas were noted: a bucket
// of cameras and nothing else, sealed with the key beside it.
func TestFromNoSchema(t *testing.T) {
	path := newPath(t)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	key, err := seal.Source{Path: keyOf(path)}.Create()
	if err != nil {
		t.Fatal(err)
	}
	c, err := seal.New(key)
	if err != nil {
		t.Fatal(err)
	}
	old := &Store{cipher: c}
	edit(t, path, func(tx *bbolt.Tx) error {
		cameras, err := tx.CreateBucket([]byte("cameras"))
		if err != nil {
			return err
		}
		b, err := json.Marshal(old.seal(full("lobby")))
		return errors.Join(err, cameras.Put([]byte("lobby"), b))
	})
	before := slurp(t, path)

	s := open(t, path)
	if got := schemaOf(t, s); got != newest() {
		t.Errorf("schema %q", got)
	}
	if got, err := s.Camera("lobby"); err != nil || !reflect.DeepEqual(got, full("lobby")) {
		t.Errorf("%+v, %v", got, err)
	}
	closed(t, s)
	checkCopy(t, path+".v0.bak", before)

	if err := os.Remove(keyOf(path)); err != nil {
		t.Fatal(err)
	}
	refused(t, path, ErrKey, "is missing") // the new proof of the key is there
}

// checkCopy compares the entries: a copy's free pages may differ.
func checkCopy(t *testing.T, path string, want []byte) {
	t.Helper()
	if m := mode(t, path); m != 0o600 {
		t.Errorf("the copy has mode %o", m)
	}
	original := filepath.Join(t.TempDir(), "original")
	if err := os.WriteFile(original, want, 0o600); err != nil {
		t.Fatal(err)
	}
	if a, b := entries(t, original), entries(t, path); !reflect.DeepEqual(a, b) {
		t.Errorf("the copy has %v, the original %v", b, a)
	}
}

func entries(t *testing.T, path string) map[string]string {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[string]string{}
	if err := db.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			all[string(name)] = ""
			return b.ForEach(func(k, v []byte) error {
				all[string(name)+"/"+string(k)] = string(v)
				return nil
			})
		})
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestFromNoSchemaWithoutKey(t *testing.T) {
	path := made(t)
	edit(t, path, func(tx *bbolt.Tx) error { return tx.DeleteBucket(metaBucket) })
	if err := os.Remove(keyOf(path)); err != nil {
		t.Fatal(err)
	}
	refused(t, path, ErrKey, "is missing")
}

func TestNewerSchema(t *testing.T) {
	path := made(t)
	edit(t, path, func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("later"))
		return errors.Join(err, tx.Bucket(metaBucket).Put(schemaKey, []byte(later(1))))
	})
	if err := os.Chmod(path, 0o640); err != nil { // even this stays
		t.Fatal(err)
	}
	if err := os.Remove(keyOf(path)); err != nil { // no new one is made
		t.Fatal(err)
	}
	refused(t, path, ErrNewer, "schema "+later(1), "up to "+newest(), "nothing was changed")
}

func TestBrokenSchema(t *testing.T) {
	for _, v := range []string{"", "x", "-1", "0", "1.5"} {
		path := made(t)
		edit(t, path, func(tx *bbolt.Tx) error { return tx.Bucket(metaBucket).Put(schemaKey, []byte(v)) })
		refused(t, path, ErrDamaged, "schema")
	}
}

func TestBucketMissing(t *testing.T) {
	for _, name := range slices.Concat(bucketsSince...)[1:] { // without the one that notes the schema
		path := made(t)
		edit(t, path, func(tx *bbolt.Tx) error { return tx.DeleteBucket(name) })
		refused(t, path, ErrDamaged, "a bucket is missing")
	}
}

func TestForeignDatabase(t *testing.T) {
	path := newPath(t)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	edit(t, path, func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("etcd"))
		return err
	})
	refused(t, path, ErrDamaged, "another program")
}

// rename is a step as a later version could have: every name in capitals.
func rename(tx *bbolt.Tx, _ *seal.Cipher) error {
	cameras := tx.Bucket(camerasBucket)
	return cameras.ForEach(func(id, b []byte) error {
		var r record
		if err := json.Unmarshal(b, &r); err != nil {
			return err
		}
		r.Name = strings.ToUpper(r.Name)
		b, err := json.Marshal(r)
		return errors.Join(err, cameras.Put(id, b))
	})
}

func TestLaterSteps(t *testing.T) {
	path := made(t)
	before := slurp(t, path)
	runs := 0
	counted := func(tx *bbolt.Tx, b *seal.Cipher) error { runs++; return rename(tx, b) }
	for range 2 { // the second time there is nothing to do
		s, err := openWith(path, Options{}, append(slices.Clone(steps), counted, counted))
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.Camera("a")
		if err != nil || c.Name != "大厅 LOBBY" || schemaOf(t, s) != later(2) || runs != 2 {
			t.Errorf("%+v, %v, schema %s, %d runs", c, err, schemaOf(t, s), runs)
		}
		closed(t, s)
	}
	checkCopy(t, path+".v"+newest()+".bak", before)
	refused(t, path, ErrNewer, "schema "+later(2))
}

func TestFailedStepChangesNothing(t *testing.T) {
	path := made(t)
	before := slurp(t, path)
	broken := errors.New("broken step")
	for range 2 {
		_, err := openWith(path, Options{}, append(slices.Clone(steps), rename, func(*bbolt.Tx, *seal.Cipher) error { return broken }))
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), "broken step") || !strings.Contains(err.Error(), "from schema "+newest()+" to "+later(2)) {
			t.Fatal(err)
		}
		if !bytes.Equal(before, slurp(t, path)) {
			t.Error("the database changed")
		}
		checkCopy(t, path+".v"+newest()+".bak", before)
	}
	if c, err := open(t, path).Camera("a"); err != nil || c.Name != full("a").Name {
		t.Errorf("%+v, %v", c, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}
