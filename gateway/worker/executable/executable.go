// Package executable finds the worker's program and tries it: whether it starts and
// locks itself down, and which accelerator saves the processor work. Inputs are the
// settings and the host's devices; nothing runs on after a call.
package executable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config"
)

// Name is the worker's file, beside bauta's own.
const Name = "bauta-worker"

// ErrNoWorker means that the worker's program is not there.
var ErrNoWorker = errors.New("bauta-worker not found")

// Program is the worker's program.
type Program struct {
	// Path of it, also where it does not exist.
	Path string
}

// Find takes the settings' worker, else the one beside this program.
func Find(cfg config.Config) Program {
	if cfg.Worker.Binary != "" {
		return Program{Path: cfg.Worker.Binary}
	}
	return Program{Path: Beside(Name)}
}

// Check returns nil where the worker's program can be started, else an
// error that may be ErrNoWorker.
func (p Program) Check() error {
	info, err := os.Stat(p.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w", p.Path, ErrNoWorker)
	case err != nil:
		return err
	case !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0:
		return fmt.Errorf("%s cannot be executed: run chmod +x on it", p.Path)
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
func (p Program) Hello(s wire.Settings) wire.Hello {
	return wire.Hello{Build: wire.BuildID, Settings: s}
}
