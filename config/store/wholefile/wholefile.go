// Package wholefile writes files that are whole or not there, at a power cut too.
//
// In: paths and contents. Out: files on the disk for good, of mode 0600. It starts no
// goroutines and never leaves half a file under the name that was asked for.
package wholefile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Exchange puts a new file in the place of another, at no moment without one,
// and returns under which name the other one is kept; empty where there was none.
func Exchange(fresh, path string, now time.Time) (kept string, err error) {
	kept = path + ".replaced-" + now.UTC().Format("20060102T150405.000")
	switch err := os.Link(path, kept); {
	case errors.Is(err, fs.ErrNotExist):
		kept = ""
	case err != nil:
		return "", err
	}
	if err := os.Rename(fresh, path); err != nil {
		return "", err
	}
	return kept, SyncDir(filepath.Dir(path))
}

// New makes a file of mode 0600 that is not there yet, whole or not at all, and
// never replaces one.
func New(path string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // of mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := os.Link(tmp.Name(), path); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// SyncDir makes the names in a folder survive a power cut.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Copy makes a file of mode 0600 that is whole or not there.
func Copy(path string, from io.Reader) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = io.Copy(tmp, from)
	if err == nil {
		err = errors.Join(tmp.Sync(), LikeFolder(tmp.Name()))
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// CopyFile makes one file what another is.
func CopyFile(to, from string) error {
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	return Copy(to, f)
}

// LikeFolder gives files to the owner of their folder: an administrator
// restores what the daemon's own user has to open.
func LikeFolder(paths ...string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, path := range paths {
		info, err := os.Stat(filepath.Dir(path))
		if err != nil {
			return err
		}
		if uid, gid, ok := owner(info); ok {
			if err := IgnoreMissing(os.Lchown(path, uid, gid)); err != nil {
				return err
			}
		}
	}
	return nil
}

// IgnoreMissing is the error where it is not that there is no such file.
func IgnoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
