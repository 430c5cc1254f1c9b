// Package redact is bauta redact: the flags, the progress and the report of a file that
// is masked. redact.File does the work.
//
// In: flags, tokens and keys. Out: the masked file and a report. It starts no
// goroutines and never leaves half a file; the scripts of cmd/bauta prove it.
package redact

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/cmd/bauta/cli"
	"github.com/bauta-gateway/bauta/config"
	"github.com/bauta-gateway/bauta/config/store/wholefile"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/mp4"
	"github.com/bauta-gateway/bauta/gateway/redact"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
)

// Command is bauta redact.
type Command struct {
	cli.Target
	cli.OldModels
	In     string `arg:"" help:"MP4 or MOV file to mask."`
	Out    string `arg:"" help:"MP4 file to write."`
	Report string `help:"Write a report as JSON." type:"path" placeholder:"R.json"`
	consentFlags
	Mask     string     `help:"blur, mosaic or solid. Default: as in the settings." enum:",blur,mosaic,solid" default:"" placeholder:"STYLE"`
	KeepTime bool       `help:"Write the recording time in IN's header into OUT; without it OUT has none."`
	Progress bool       `help:"Show the progress bar where stderr is no terminal too."`
	LogLevel slog.Level `help:"debug, info, warn or error." default:"warn" placeholder:"LEVEL"`
}

func (c *Command) Run(p *cli.Program) error {
	cfg, err := c.Load(p)
	if err != nil {
		return err
	}
	if err := c.checkReport(); err != nil {
		return err
	}
	consents, err := c.evaluation(p, cfg)
	if err != nil {
		return err
	}
	c.Note(p, cfg)
	bar := (*cli.Progress)(nil)
	o := redact.Options{In: c.In, Out: c.Out, Parts: executable.Find(cfg), Settings: c.settings(cfg), Consents: consents, RecordedAt: c.recordedAt(), KeepTime: c.KeepTime}
	o.Log = slog.New(slog.NewTextHandler(p.Stderr, &slog.HandlerOptions{Level: c.LogLevel}))
	if c.Progress || cli.IsTerminal(p.Stderr) {
		o.Progress = func(done, total int64) {
			if bar == nil {
				bar = p.NewProgress(total)
			}
			bar.At(done)
		}
	}
	report, err := redact.File(p.Ctx, o)
	bar.End()
	if err != nil {
		return c.explain(p, err)
	}
	return c.done(p, report)
}

// checkReport finds out before the work whether the report can be written,
// and that it is neither of the videos.
func (c *Command) checkReport() error {
	if c.Report == "" {
		return nil
	}
	if c.Report == c.Out || sameFile(c.Report, c.In) {
		return cli.Usage(errors.New("--report names one of the videos: give it a file of its own"))
	}
	dir := filepath.Dir(c.Report)
	return wholefile.Unwritten(c.Report, accessible(dir))
}

func accessible(dir string) error {
	if err := unix.Access(dir, unix.W_OK|unix.X_OK); err != nil {
		return &fs.PathError{Op: "access", Path: dir, Err: err}
	}
	return nil
}

func sameFile(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

func (c *Command) settings(cfg config.Config) wire.Settings {
	s := wire.Settings{Mask: cfg.Worker.Mask, LookAhead: cfg.Worker.LookAhead, RateCap: cfg.Worker.RateCap}
	if c.Mask != "" {
		s.Mask = c.Mask
	}
	return s
}

// explain says what the user can do about it.
func (c *Command) explain(p *cli.Program, err error) error {
	switch {
	case errors.Is(err, context.Canceled) && p.Ctx.Err() != nil:
		return text.Fail(err, text.RedactInterrupted, c.Out)
	case wholefile.NoRoom(err):
		return wholefile.Unwritten(c.Out, err)
	case isFileProblem(err):
		return err
	case errors.Is(err, mp4.ErrSameFile):
		return text.Fail(cli.Refuse(err), text.RedactSameFile)
	case errors.Is(err, mp4.ErrCodec), errors.Is(err, redact.ErrFrameSize):
		return text.Fail(err, text.RedactUnsupported, c.In, err)
	case errors.Is(err, executable.ErrNoWorker):
		return text.Fail(err, text.DoctorNoWorker)
	case unreadable(err):
		return text.Fail(err, text.RedactUnreadable, c.In, err)
	}
	return text.Fail(err, text.RedactFailed, c.Out, err)
}

// isFileProblem: it says already which folder cannot be written to, and what to do.
func isFileProblem(err error) bool {
	var p *text.Problem
	return errors.As(err, &p) && slices.Contains([]text.Key{text.FileNoFolder, text.FileForbidden, text.FileUnwritten}, p.Key)
}

func unreadable(err error) bool {
	for _, kind := range []error{mp4.ErrNotMP4, mp4.ErrNoVideo, mp4.ErrEncrypted, mp4.ErrEmpty, mp4.ErrTruncated, mp4.ErrCorrupt, mp4.ErrDisagree, fs.ErrNotExist} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

func (c *Command) done(p *cli.Program, r redact.Report) error {
	if c.Report != "" {
		b, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.Report, append(b, '\n'), 0o644); err != nil {
			return wholefile.Unwritten(c.Report, err)
		}
	}
	spent := time.Duration(r.Seconds * float64(time.Second)).Round(100 * time.Millisecond)
	p.Say(text.RedactDone, c.Out, r.Frames, r.Faces, r.Masked, spent)
	if r.Undecodable > 0 {
		fmt.Fprintln(p.Stderr, p.Text(text.RedactUndecodable, r.Undecodable))
	}
	return nil
}
