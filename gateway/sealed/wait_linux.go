package sealed

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// awaitWriter waits until no process writes a segment any more: one whose gateway died ends
// it by itself.
func awaitWriter(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	for deadline := time.Now().Add(endWithin); ; time.Sleep(20 * time.Millisecond) {
		err := unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB)
		switch {
		case err == nil, errors.Is(err, unix.ENOLCK), errors.Is(err, unix.EOPNOTSUPP):
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("%s is still being written by a process whose gateway is gone: %w; end it", name, err)
		}
	}
}
