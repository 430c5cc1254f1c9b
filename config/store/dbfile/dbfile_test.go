package dbfile

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

var bucket = []byte("bucket")

// shared is a new database whose readers share a transaction.
func shared(t *testing.T) *DB {
	t.Helper()
	db, err := Open(filepath.Join(t.TempDir(), "db"), 0)
	if err != nil {
		t.Fatal(err)
	}
	g := Guard(db)
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	put(t, g, "first", "1")
	if err := g.ShareReads(); err != nil {
		t.Fatal(err)
	}
	return g
}

func put(t *testing.T, g *DB, key, value string) {
	t.Helper()
	if err := g.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(bucket)
		if err != nil {
			return err
		}
		return b.Put([]byte(key), []byte(value))
	}); err != nil {
		t.Fatal(err)
	}
}

func TestOpen(t *testing.T) {
	held := shared(t)
	content, err := os.ReadFile(held.Path())
	if err != nil {
		t.Fatal(err)
	}
	write := func(b []byte) string {
		path := filepath.Join(t.TempDir(), "db")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for name, c := range map[string]struct {
		path string
		want error
	}{
		"held by somebody": {held.Path(), ErrLocked},
		"whole":            {write(content), nil},
		"empty":            {write(nil), nil},
		"cut":              {write(content[:2*os.Getpagesize()]), ErrDamaged},
		"something else":   {write(bytes.Repeat([]byte("text "), 4096)), ErrDamaged},
		"no folder":        {filepath.Join(t.TempDir(), "no", "db"), os.ErrNotExist},
	} {
		db, err := Open(c.path, time.Millisecond)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if err == nil {
			err = db.Close()
		}
		if err != nil && c.want == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A state is kept for as long as somebody reads it and no longer.
func TestOldStatesAreDropped(t *testing.T) {
	g := shared(t)
	if err := g.View(func(tx *bbolt.Tx) error {
		for _, key := range []string{"second", "third", "fourth"} {
			put(t, g, key, "2")
		}
		if tx.Bucket(bucket).Get([]byte("second")) != nil {
			t.Error("a state changed while it was read")
		}
		if n := len(g.views.old); n == 0 {
			t.Error("a state that is read is not kept")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	put(t, g, "fifth", "2")
	if n := len(g.views.old); n != 0 {
		t.Errorf("%d states are kept that nobody reads", n)
	}
}

func TestSalvageFindsEntries(t *testing.T) {
	g := shared(t)
	put(t, g, "long", string(bytes.Repeat([]byte("x"), 3*os.Getpagesize())))
	f, err := os.Open(g.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	found := map[string]int{}
	if err := Salvage(f, func(key, value []byte) { found[string(key)] = len(value) }); err != nil {
		t.Fatal(err)
	}
	if found["first"] != 1 || found["long"] != 3*os.Getpagesize() {
		t.Errorf("found %v", found)
	}
}

func TestFoldersAndModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	if err := PrepareFolder(dir); err != nil {
		t.Fatal(err)
	}
	modeOf := func(path string) os.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	if m := modeOf(dir); m != 0o700 {
		t.Errorf("a new folder has mode %o", m)
	}
	file := filepath.Join(dir, "db")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(file, 0o644), CloseToOthers(file)); err != nil || modeOf(file) != 0o600 {
		t.Errorf("%v, mode %o", err, modeOf(file))
	}
	if err := errors.Join(os.Chmod(dir, 0o777), PrepareFolder(dir)); !errors.Is(err, os.ErrPermission) {
		t.Errorf("a folder in which all may write: %v", err)
	}
	if err := PrepareFolder(file); err == nil {
		t.Error("a file passed as a folder")
	}
}
