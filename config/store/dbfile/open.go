// Package dbfile is the database's file: opened, locked and read page by page before
// bbolt trusts it, guarded while it is open, and searched where it is damaged.
//
// In: a path. Out: transactions of bbolt, or an error that says what is wrong with
// the file, ErrLocked or ErrDamaged. It starts no goroutines. It knows no bucket and
// never changes a row; a damaged file stays as it is.
package dbfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"go.etcd.io/bbolt"

	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
)

// Errors of a file; they come with a text in both languages.
var (
	// ErrLocked: another process has the database open.
	ErrLocked = errors.New("store is in use")
	// ErrDamaged: not readable, or not a store at all.
	ErrDamaged = errors.New("store is damaged")
)

// CloseToOthers mends the mode that a restored backup often has.
func CloseToOthers(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 == 0 {
		return err
	}
	return os.Chmod(path, 0o600)
}

// PrepareFolder makes the folder with mode 0700. One that is there keeps its
// mode, as long as nobody else can exchange the files in it.
func PrepareFolder(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return folderFailed(dir, err)
		}
		_ = wholefile.SyncDir(filepath.Dir(dir)) // we may have no right to read it
		info, err = os.Stat(dir)
	}
	if err == nil && !info.IsDir() {
		err = syscall.ENOTDIR
	}
	if err != nil {
		return folderFailed(dir, err)
	}
	if info.Mode().Perm()&0o022 != 0 {
		return text.Fail(fs.ErrPermission, text.StoreFolderOpen, dir, dir)
	}
	return nil
}

func folderFailed(dir string, err error) error {
	if wholefile.NoRoom(err) {
		return text.Fail(err, text.StoreNoRoom, dir)
	}
	return text.Fail(err, text.StoreFolder, dir, err)
}

func openFailed(path string, err error) error {
	if wholefile.NoRoom(err) {
		return text.Fail(err, text.StoreNoRoom, filepath.Dir(path))
	}
	return text.Fail(err, text.StoreOpen, path, err)
}

// growth is by how much the file grows at a time, in bytes.
const growth = 32 << 10

// Open opens, locks and checks the database.
func Open(path string, timeout time.Duration) (*bbolt.DB, error) {
	_, statErr := os.Stat(path)
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		InitialMmapSize: mapped,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			return openClaimed(name, flag, mode, timeout)
		},
	})
	var problem *text.Problem
	if errors.As(err, &problem) {
		return nil, err
	}
	if err != nil {
		return nil, openFailed(path, err)
	}
	db.AllocSize = growth
	if errors.Is(statErr, fs.ErrNotExist) {
		if err := wholefile.SyncDir(filepath.Dir(path)); err != nil {
			return nil, errors.Join(openFailed(path, err), db.Close())
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
	if err := Lock(f, timeout); err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = CheckPages(f, info.Size())
	}
	if err != nil {
		return Damaged(f.Name(), err)
	}
	return nil
}

const (
	defaultLockTimeout = 2 * time.Second
	LockRetry          = 50 * time.Millisecond
)

// Lock is freed by closing the file, and by the death of the process.
func Lock(f *os.File, timeout time.Duration) error {
	if timeout == 0 {
		timeout = defaultLockTimeout
	}
	for deadline := time.Now().Add(timeout); ; time.Sleep(LockRetry) {
		held, err := tryLock(f)
		switch {
		case err != nil || !held:
			return err
		case time.Now().After(deadline):
			return text.Fail(ErrLocked, text.StoreLocked, f.Name())
		}
	}
}

// Damaged is ErrDamaged with a text that says why, and how to go on.
func Damaged(path string, err error) error {
	return text.Fail(ErrDamaged, text.StoreDamaged, path, err, path, path)
}
