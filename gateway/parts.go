package gateway

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
)

// WorkerName is the worker's file, beside bauta's own.
const WorkerName = "bauta-worker"

// ErrNoWorker means that the worker's program is not there.
var ErrNoWorker = errors.New("bauta-worker not found")

// Parts are the files that a worker is made of.
type Parts struct {
	// Worker is the program's path, also where it does not exist.
	Worker string
}

// FindParts takes the settings' worker, else the one beside this program.
func FindParts(cfg config.Config) Parts {
	if cfg.Worker.Binary != "" {
		return Parts{Worker: cfg.Worker.Binary}
	}
	return Parts{Worker: Beside(WorkerName)}
}

// CheckWorker returns nil where the worker's program can be started, else an
// error that may be ErrNoWorker.
func (p Parts) CheckWorker() error {
	info, err := os.Stat(p.Worker)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w", p.Worker, ErrNoWorker)
	case err != nil:
		return err
	case !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0:
		return fmt.Errorf("%s cannot be executed: run chmod +x on it", p.Worker)
	}
	return nil
}

// executableDir follows links: a package may link /usr/bin/bauta elsewhere.
func executableDir() string {
	exe, err := os.Executable()
	if err != nil {
		return "."
	}
	if real, err := filepath.EvalSymlinks(exe); err == nil {
		exe = real
	}
	return filepath.Dir(exe)
}

// Beside returns the path of a file beside the program.
func Beside(name string) string { return filepath.Join(executableDir(), name) }

// Hello opens the talk with a worker; the caller adds what is the camera's or
// the file's.
func (p Parts) Hello(s wire.Settings) wire.Hello {
	return wire.Hello{Build: wire.BuildID, Settings: s}
}
