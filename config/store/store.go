// Package store keeps what changes while the daemon runs, in one bbolt file:
// cameras, settings, consents. What a method acknowledged survives a power cut.
//
// Addresses and passwords of cameras and all settings are encrypted with a key
// that lies in a file of its own beside the database (bauta.key, made at the
// first start) or comes as a systemd credential of the same name. Without
// that key they are lost: a backup needs both files.
//
// Errors are texts in both languages (see config/text). Those of Open mean
// that the daemon cannot start; the file is as it was then. Those of other
// methods leave the store usable.
package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/text"
)

// Errors of Open.
var (
	// ErrLocked: another process has the database open.
	ErrLocked = errors.New("store is in use")
	// ErrNewer: written by a later version with another schema.
	ErrNewer = errors.New("store is of a newer schema")
	// ErrDamaged: not readable, or not a store at all.
	ErrDamaged = errors.New("store is damaged")
	// ErrKey: the key is missing, wrong, or readable by others.
	ErrKey = errors.New("store's key is unusable")
)

// Errors of the other methods.
var (
	ErrExists   = errors.New("entry exists")
	ErrNotFound = errors.New("no such entry")
	// ErrInvalid: a value that the store refuses.
	ErrInvalid = errors.New("invalid value")
	// ErrUnreadable: one entry is damaged; the others are not concerned.
	ErrUnreadable = errors.New("entry is unreadable")
)

// Options of Open. The zero value is the usual.
type Options struct {
	// KeyFile is the key's path. Empty means the systemd credential
	// bauta.key where there is one, else bauta.key beside the database.
	KeyFile string
	// LockTimeout is how long to wait for another process to let go of the
	// database; 0 means 2 s.
	LockTimeout time.Duration
	// AsIs leaves a schema of an earlier version as it is: for who only reads. What
	// that schema did not have yet is empty then.
	AsIs bool
}

// Store is an open database. Its methods may be called from any goroutine.
type Store struct {
	db  *guard
	box *box
	key keySource
}

// Open opens the database at path, or makes it together with its folder and
// its key. A schema of an earlier version is brought up to date, after a copy
// was put beside the file as <path>.v<schema>.bak; see UndoUpdate.
func Open(path string, opts Options) (*Store, error) {
	return openWith(path, opts, steps)
}

func openWith(path string, opts Options, steps []step) (*Store, error) {
	if err := prepareFolder(filepath.Dir(path)); err != nil {
		return nil, err
	}
	db, err := openFile(path, opts.LockTimeout)
	if err != nil {
		return nil, err
	}
	s := &Store{db: newGuard(db), key: findKey(path, opts)}
	if err := s.start(path, steps, opts.AsIs); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := s.db.keepViews(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// start checks everything before it changes anything.
func (s *Store) start(path string, steps []step, asIs bool) error {
	found, err := inspect(s.db.DB, path)
	if err != nil {
		return err
	}
	if found.schema > len(steps) {
		return text.Fail(ErrNewer, text.StoreNewer, path, found.schema, len(steps))
	}
	if found.schema > 0 && found.buckets < bucketsOf(found.schema) {
		return damaged(path, errors.New("a bucket is missing"))
	}
	if asIs && found.schema > 0 {
		s.box, err = s.key.fit(path, found)
		return err
	}
	if s.box, err = unlock(path, s.key, found); err != nil {
		return err
	}
	if err := closeToOthers(path); err != nil {
		return text.Fail(err, text.StoreOpen, path, err)
	}
	return migrate(s.db.DB, s.box, found, steps)
}

// unlock finds the key of what is in a database, or makes one for a new one.
func unlock(path string, source keySource, found content) (*box, error) {
	key, err := source.load()
	switch {
	case errors.Is(err, fs.ErrNotExist) && found.sealed:
		return nil, text.Fail(ErrKey, text.StoreKeyMissing, source.path, path, path, path)
	case errors.Is(err, fs.ErrNotExist):
		key, err = source.create()
	}
	if err != nil {
		return nil, err
	}
	b, err := newBox(key)
	if err != nil || b.verify(found.proof) == nil {
		return b, err
	}
	if b, err := source.takeOver(found.proof); err == nil {
		return b, nil
	}
	return nil, text.Fail(ErrKey, text.StoreKeyWrong, source.path, path)
}

// closeToOthers mends the mode that a restored backup often has.
func closeToOthers(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	return os.Chmod(path, 0o600)
}

// Close waits for running methods and lets go of the file. Further calls do
// nothing; other methods fail after it.
func (s *Store) Close() error { return s.db.Close() }

// prepareFolder makes the folder with mode 0700. One that is there keeps its
// mode, as long as nobody else can exchange the files in it.
func prepareFolder(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return text.Fail(err, text.StoreFolder, dir, err)
		}
		_ = syncDir(filepath.Dir(dir)) // we may have no right to read it
		info, err = os.Stat(dir)
	}
	if err == nil && !info.IsDir() {
		err = syscall.ENOTDIR
	}
	if err != nil {
		return text.Fail(err, text.StoreFolder, dir, err)
	}
	if info.Mode().Perm()&0o022 != 0 {
		return text.Fail(fs.ErrPermission, text.StoreFolderOpen, dir, dir)
	}
	return nil
}

// growth is by how much the file grows at a time, in bytes.
const growth = 32 << 10

// openFile opens, locks and checks the database.
func openFile(path string, timeout time.Duration) (*bbolt.DB, error) {
	_, statErr := os.Stat(path)
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		InitialMmapSize: mapped,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			return openClaimed(name, flag, mode, timeout)
		},
	})
	var told *text.Problem
	if errors.As(err, &told) {
		return nil, err
	}
	if err != nil {
		return nil, text.Fail(err, text.StoreOpen, path, err)
	}
	db.AllocSize = growth
	if errors.Is(statErr, fs.ErrNotExist) {
		if err := syncDir(filepath.Dir(path)); err != nil {
			return nil, errors.Join(text.Fail(err, text.StoreOpen, path, err), db.Close())
		}
	}
	return db, nil
}

// openClaimed opens the file and claims it. Whoever held the lock before may
// have put another file in its place, as a restore does: then that one is opened.
func openClaimed(name string, flag int, mode os.FileMode, timeout time.Duration) (*os.File, error) {
	for {
		f, err := os.OpenFile(name, flag, mode)
		if err != nil {
			return nil, err
		}
		if err := claim(f, timeout); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		ours, err := f.Stat()
		if now, nowErr := os.Stat(name); err == nil && nowErr == nil && os.SameFile(ours, now) {
			return f, nil
		}
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
	}
}

// claim takes the lock that bbolt takes once more on the same file, because
// the check must come before bbolt reads and after everybody else wrote.
func claim(f *os.File, timeout time.Duration) error {
	if err := lock(f, timeout); err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = checkPages(f, info.Size())
	}
	if err != nil {
		return damaged(f.Name(), err)
	}
	return nil
}

const (
	defaultLockTimeout = 2 * time.Second
	lockRetry          = 50 * time.Millisecond
)

// lock is freed by closing the file, and by the death of the process.
func lock(f *os.File, timeout time.Duration) error {
	if timeout == 0 {
		timeout = defaultLockTimeout
	}
	for deadline := time.Now().Add(timeout); ; time.Sleep(lockRetry) {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR):
			return err
		case time.Now().After(deadline):
			return text.Fail(ErrLocked, text.StoreLocked, f.Name())
		}
	}
}

func damaged(path string, err error) error {
	return text.Fail(ErrDamaged, text.StoreDamaged, path, err, path, path)
}
