package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
)

// WriteNew writes a file that is not there yet and never replaces one.
func WriteNew(path string, content []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if errors.Is(err, fs.ErrExist) {
		return text.Fail(Refuse(err), text.KeygenExists, path)
	}
	if err != nil {
		return wholefile.Unwritten(path, err)
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return wholefile.Unwritten(path, errors.Join(err, f.Close()))
}

// WriteFile makes a file of this mode that appears under its name once all of it is on
// the disk; one that is there is replaced.
func WriteFile(path string, mode os.FileMode, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return wholefile.Unwritten(path, err)
	}
	defer os.Remove(tmp.Name())
	out := &wholefile.Noting{W: tmp}
	if err = write(out); err == nil {
		err = errors.Join(tmp.Chmod(mode), tmp.Sync())
	}
	closed := tmp.Close()
	if out.Err != nil { // what write says of it is a consequence
		err = out.Err
	}
	if err = errors.Join(err, closed); err != nil {
		return wholefile.Unwritten(path, err)
	}
	return wholefile.Unwritten(path, os.Rename(tmp.Name(), path))
}

// ReadSmall reads at most 64 KiB, more than any key has.
func ReadSmall(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, 64<<10))
}

// HashOf is the SHA-256 of a file in hex: the file itself stays where it is.
func HashOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
