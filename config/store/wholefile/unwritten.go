package wholefile

import (
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"syscall"

	"github.com/bauta-gateway/bauta/config/text"
)

// Unwritten says why the file at path could not be written and what to do, without the names
// of temporary files. An error that is none of the disk or the folder stays as it is.
func Unwritten(path string, err error) error {
	dir := filepath.Dir(path)
	var at *fs.PathError
	switch {
	case err == nil:
		return nil
	case NoRoom(err):
		return text.Fail(err, text.FileNoRoom, dir)
	case !errors.As(err, &at):
		return err
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return text.Fail(err, text.FileNoFolder, dir)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return text.Fail(err, text.FileForbidden, dir)
	}
	return text.Fail(err, text.FileUnwritten, path, at.Err)
}

// NoRoom reports whether the disk, the quota or the longest file that is allowed is why.
func NoRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
}

// Noting is a writer that keeps why it failed: who copies through others may hear a
// consequence of it alone.
type Noting struct {
	W   io.Writer
	Err error
}

func (n *Noting) Write(b []byte) (int, error) {
	done, err := n.W.Write(b)
	if err != nil && n.Err == nil {
		n.Err = err
	}
	return done, err
}
