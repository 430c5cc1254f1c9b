package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bauta-gateway/bauta/config/text"
)

// writeNew writes a file that is not there yet and never replaces one.
func writeNew(path string, content []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return text.Fail(refusal{err}, text.KeygenExists, path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// writeFile replaces a file only by a whole one.
func writeFile(path string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	err = errors.Join(write(tmp), tmp.Chmod(0o644), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// writeWhole makes a file of mode 0600 that appears once all is on the disk.
func writeWhole(path string, write func(io.Writer) (int64, error)) (size int64, err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".bauta-backup-*")
	if err != nil {
		return 0, err
	}
	defer os.Remove(tmp.Name())
	if size, err = write(tmp); err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return 0, err
	}
	return size, os.Rename(tmp.Name(), path)
}

// readSmall reads a key: nobody means a film.
func readSmall(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 64<<10))
}
