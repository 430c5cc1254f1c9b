package gateway

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/models"
	"github.com/bauta-gateway/bauta/gateway/wire"
)

// WorkerName is the worker's file, beside bauta's own.
const WorkerName = "bauta-worker"

// ErrNoWorker means that the worker's program is not there.
var ErrNoWorker = errors.New("bauta-worker not found")

// Parts are the files that a worker is made of.
type Parts struct {
	// Worker is the program's path, also where it does not exist.
	Worker string
	// Model is the verified face model and ModelHash its SHA-256; both empty
	// without one, and ModelProblem says why.
	Model, ModelHash string
	ModelProblem     error
	// Cascades is the folder of the reserve's cascades; empty without them.
	Cascades string
}

// FindParts looks in all the places that the settings and the package have for
// them. modelDir is --models and may be empty.
func FindParts(cfg config.Config, modelDir string) Parts {
	exeDir := executableDir()
	p := Parts{Worker: cfg.Worker.Binary, Cascades: models.Cascades(models.CascadePath(exeDir, cfg.Data))}
	if p.Worker == "" {
		p.Worker = filepath.Join(exeDir, WorkerName)
	}
	p.Model, p.ModelProblem = models.Find(models.Faces, ModelDirs(cfg, modelDir))
	if p.ModelProblem == nil {
		p.ModelHash = models.Faces.SHA256
	}
	return p
}

// ModelDirs is the search order: the command line, the settings, then the
// usual places.
func ModelDirs(cfg config.Config, modelDir string) []string {
	if modelDir == "" {
		modelDir = cfg.Worker.Models
	}
	return models.SearchPath(modelDir, cfg.Data)
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
	return wire.Hello{Build: wire.BuildID, Model: p.Model, Cascades: p.Cascades, Settings: s}
}

// findParts also says what is missing: the daemon runs all the same, with the
// slate or the reserve.
func (g *Gateway) findParts(o Options) error {
	g.parts = FindParts(g.cfg, o.Models)
	if err := g.parts.CheckWorker(); err != nil {
		g.log.Error("no camera can be masked, viewers get the slate", "error", err)
	}
	if g.parts.ModelProblem != nil {
		g.log.Warn("assurance is reduced: the reserve detectors work", "reason", g.parts.ModelProblem)
	}
	if g.parts.Model == "" && g.parts.Cascades == "" {
		g.log.Error("neither the face model nor the reserve's cascades are here: run 'bauta doctor'")
	}
	return nil
}
