package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/faultlog"
	"github.com/bauta-gateway/bauta/config/store/dbfile"
	"github.com/bauta-gateway/bauta/config/store/seal"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
)

// laterSteps are those of a version after this one; last is its last step.
func laterSteps(last step) []step { return append(slices.Clone(steps), rename, last) }

func unchanged(*bbolt.Tx, *seal.Cipher) error { return nil }

// updated opens a store with a later version's steps and returns its bytes
// from before that.
func updated(t *testing.T, path string) (before []byte) {
	t.Helper()
	before = slurp(t, path)
	s, err := openWith(path, Options{}, laterSteps(unchanged))
	if err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	return before
}

func same(t *testing.T, path string, want []byte) {
	t.Helper()
	if !bytes.Equal(slurp(t, path), want) {
		t.Errorf("%s is not what it was before the update", filepath.Base(path))
	}
}

// An update whose program does not come up is undone: the earlier version
// finds its store byte for byte.
func TestUndoUpdate(t *testing.T) {
	path := released(t, "0.1.0")
	before := updated(t, path)
	refused(t, path, ErrNewer, "schema "+later(2))
	after := slurp(t, path)

	kept, err := UndoUpdate(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	same(t, path, before)
	same(t, kept, after)
	for _, file := range []string{path, kept} {
		if m := mode(t, file); m != 0o600 {
			t.Errorf("%s has mode %o", file, m)
		}
	}
	if c, err := open(t, path).Camera("lobby"); err != nil || c.Name != "大厅 Lobby" {
		t.Errorf("%+v, %v", c, err)
	}
}

// Two updates in a row, neither confirmed: the last version that worked was the
// one before both.
func TestUndoTwoUpdates(t *testing.T) {
	path := released(t, "0.1.0")
	before := updated(t, path)
	s, err := openWith(path, Options{}, append(laterSteps(unchanged), unchanged))
	if err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	if _, err := UndoUpdate(path, Options{}); err != nil {
		t.Fatal(err)
	}
	same(t, path, before)
}

// What was stored after an update was acknowledged: there is no way back.
func TestUpdateWithSomethingStoredStays(t *testing.T) {
	path := released(t, "0.1.0")
	updated(t, path)
	s, err := openWith(path, Options{}, laterSteps(unchanged))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutCover("lobby", config.CoverMoving); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	notUndone(t, path, ErrNoUpdate)
	// A further update is of its own: only that one can be undone.
	s, err = openWith(path, Options{}, append(laterSteps(unchanged), unchanged))
	if err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	if _, err := UndoUpdate(path, Options{}); err != nil {
		t.Fatal(err)
	}
	s, err = openWith(path, Options{}, laterSteps(unchanged))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if c, err := s.Camera("lobby"); err != nil || c.Cover != config.CoverMoving {
		t.Errorf("%+v, %v", c, err)
	}
}

// Whoever waited for the lock while another file was put in place gets that one.
func TestOpenWaitsForTheFileInPlace(t *testing.T) {
	path := released(t, "0.1.0")
	first := open(t, path)
	got := make(chan error, 1)
	go func() {
		s, err := Open(path, Options{LockTimeout: 10 * time.Second})
		if err == nil {
			err = errors.Join(s.PutCover("lobby", config.CoverMoving), s.Close())
		}
		got <- err
	}()
	time.Sleep(4 * dbfile.LockRetry) // it waits by now; were it later, the test would be milder, not wrong
	if err := wholefile.CopyFile(path, path); err != nil {
		t.Fatal(err)
	}
	closed(t, first)
	if err := <-got; err != nil {
		t.Fatal(err)
	}
	if c, err := open(t, path).Camera("lobby"); err != nil || c.Cover != config.CoverMoving {
		t.Errorf("what was stored went into a file that is gone: %+v, %v", c, err)
	}
}

// notUndone checks that the update stays and no byte changes.
func notUndone(t *testing.T, path string, want error) {
	t.Helper()
	before := contents(t, filepath.Dir(path))
	if _, err := UndoUpdate(path, Options{LockTimeout: 100 * time.Millisecond}); !errors.Is(err, want) {
		t.Errorf("%v is not %v", err, want)
	}
	if !reflect.DeepEqual(before, contents(t, filepath.Dir(path))) {
		t.Error("files changed")
	}
}

func TestUndoRefused(t *testing.T) {
	t.Run("a new store", func(t *testing.T) { notUndone(t, made(t), ErrNoUpdate) })
	t.Run("no store", func(t *testing.T) {
		path := newPath(t)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		notUndone(t, path, ErrNoUpdate)
	})
	t.Run("a running gateway", func(t *testing.T) {
		path := released(t, "0.1.0")
		updated(t, path)
		s, err := openWith(path, Options{}, laterSteps(unchanged))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		notUndone(t, path, ErrLocked)
	})
	t.Run("the copy is gone", func(t *testing.T) {
		path := released(t, "0.1.0")
		updated(t, path)
		if err := os.Remove(beforeUpdate(path, 4)); err != nil {
			t.Fatal(err)
		}
		notUndone(t, path, os.ErrNotExist)
	})
	t.Run("the copy is damaged", func(t *testing.T) {
		path := released(t, "0.1.0")
		updated(t, path)
		if err := os.Truncate(beforeUpdate(path, 4), 20000); err != nil {
			t.Fatal(err)
		}
		notUndone(t, path, ErrDamaged)
	})
}

// A step that fails after others have changed things leaves every byte.
func TestUpdateFailsHalfWay(t *testing.T) {
	path := released(t, "0.1.0")
	before := slurp(t, path)
	broken := errors.New("broken step")
	_, err := openWith(path, Options{}, laterSteps(func(*bbolt.Tx, *seal.Cipher) error { return broken }))
	if !errors.Is(err, broken) {
		t.Fatal(err)
	}
	same(t, path, before)
	same(t, beforeUpdate(path, 4), before)
	notUndone(t, path, ErrNoUpdate)
}

// migrateForChild is a later version that writes much and says when it has
// done half of it.
func migrateForChild(path string) {
	_, err := openWith(path, Options{}, laterSteps(func(tx *bbolt.Tx, _ *seal.Cipher) error {
		for i := range 20000 {
			if i == 10000 {
				fmt.Println("half")
			}
			if err := tx.Bucket(daysBucket).Put(fmt.Appendf(nil, "z%06d", i), make([]byte, 100)); err != nil {
				return err
			}
		}
		return nil
	}))
	fmt.Println("updated", err)
	select {} // neither confirmed nor closed
}

// A program that is killed in the middle of an update, or after it and before
// it is up, leaves a store that the earlier version opens, once the update is
// undone where it was made.
func TestUpdateKilled(t *testing.T) {
	original := released(t, "0.1.0")
	want := entries(t, original)
	var slowest time.Duration
	for _, pause := range []time.Duration{0, 5 * time.Millisecond, 20 * time.Millisecond, 60 * time.Millisecond, -1} {
		path := released(t, "0.1.0")
		before := slurp(t, path)
		c := startChild(t, "migrate", path)
		for c.lines.Scan() && c.lines.Text() != "half" {
		}
		if pause >= 0 {
			time.Sleep(pause) // anywhere from the middle of the step to behind the commit
		} else if !c.lines.Scan() || c.lines.Text() != "updated <nil>" {
			t.Fatalf("the child says %q", c.lines.Text())
		}
		c.cmd.Process.Kill()
		c.cmd.Wait()
		began := time.Now()
		_, err := UndoUpdate(path, Options{})
		// Before the store is opened again: that updates it, and copies what pages the
		// killed one may have written without effect.
		same(t, beforeUpdate(path, 4), before)
		switch {
		case errors.Is(err, ErrNoUpdate) && pause >= 0: // killed before the commit
			if got := entries(t, path); !reflect.DeepEqual(got, want) {
				t.Errorf("after %v the store is another one", pause)
			}
		case err != nil:
			t.Fatal(err)
		default:
			same(t, path, before)
		}
		closed(t, open(t, path))
		slowest = max(slowest, time.Since(began))
	}
	faultlog.Check(t, faultlog.Row{Topic: "store", Fault: "SIGKILL in the middle of an update of the store", Ends: "the earlier version opens its store again",
		Bound: 5 * time.Second}, slowest)
}
