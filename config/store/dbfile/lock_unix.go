//go:build unix

package dbfile

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes the lock of a file; held: somebody else has it now.
func tryLock(f *os.File) (held bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
		return true, nil
	}
	return false, err
}
