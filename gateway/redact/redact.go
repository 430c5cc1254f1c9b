// Package redact masks a file with the worker that cameras have, and evaluates the tokens
// that are given for it. Inputs are a file, settings and tokens, outputs a file and a report
// on it. It owns no goroutine beyond the worker's of one call; after an error no output is
// left.
package redact

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/gateway/mp4"
	"github.com/bauta-gateway/bauta/gateway/worker"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Options say which file to mask and how.
type Options struct {
	In, Out  string
	Parts    executable.Program
	Settings wire.Settings
	// Consents say whose faces stay visible in a recording of that time; nil means nobody's.
	Consents func(Recording) *Consents
	// RecordedAt is when the recording begins, by who makes the copy; zero where
	// nobody says. It counts where the file says nothing.
	RecordedAt time.Time
	Log        *slog.Logger
	// KeepTime has the creation time in the input's header, where there is one, written into the
	// output.
	KeepTime bool
	// Progress is called after each frame; nil where nobody wants to know.
	Progress func(done, total int64)
	// Patience is worker.FileConfig's; 0 is right for a worker on its own processor.
	Patience time.Duration
}

// Report says what was done. docs/cli.md describes the fields.
type Report struct {
	Frames int64 `json:"frames"`
	Faces  int64 `json:"faces"`
	Masked int64 `json:"masked"`
	Shown  int64 `json:"shown"`
	// Undecodable frames of the input are not in Frames.
	Undecodable     int64   `json:"undecodable"`
	Seconds         float64 `json:"seconds"`
	DurationSeconds float64 `json:"duration_seconds"`
	Width           int     `json:"width"`
	Height          int     `json:"height"`
	Codec           string  `json:"codec"`
	Mask            string  `json:"mask"`
	ModelHash       string  `json:"model_hash"`
	Version         string  `json:"version"`
	Build           string  `json:"build"`
	// Film is when the file was recorded, as far as anybody knows.
	Film Recording `json:"film"`
	// Purpose is what the copy is made for; empty where no token was given.
	Purpose string `json:"purpose,omitempty"`
	// Tokens are those given, used or refused.
	Tokens []Token `json:"tokens"`
	// Decisions tell when a face began and ceased to be shown, or why a badge
	// did not show one; DecisionsDropped counts those beyond maxDecisions.
	Decisions        []wire.Decision `json:"decisions"`
	DecisionsDropped int64           `json:"decisions_dropped"`
}

// maxDecisions bounds a report: some 2 MB.
const maxDecisions = 10_000

// File masks a file with the worker that cameras have. The output appears
// when it is complete; after an error, or when ctx ends, nothing is there but
// what was before. Errors are those of package mp4, *worker.FailedError,
// ErrNoWorker, ctx's and the operating system's.
func File(ctx context.Context, o Options) (Report, error) {
	began := time.Now()
	if err := o.Parts.Check(); err != nil {
		return Report{}, err
	}
	in, err := mp4.Open(o.In)
	if err != nil {
		return Report{}, err
	}
	defer in.Close()
	out, err := mp4.Create(o.Out, in)
	if err != nil {
		return Report{}, err
	}
	defer out.Abort()
	if o.KeepTime {
		out.KeepTime()
	}
	recording := recordingOf(in.Info(), o.RecordedAt, began)
	o.Settings.Zones, o.Settings.Shows = nil, nil
	report := newReport(o, in.Info(), recording)
	if o.Consents != nil {
		all := o.Consents(recording)
		report.Purpose, report.Tokens = all.Purpose, append(report.Tokens, all.Tokens...)
		if !recording.From.IsZero() { // or the worker would go by the clock on the wall
			all.grant(&o.Settings)
		}
	}
	r := redaction{in: in, out: out, total: in.Info().Samples, progress: o.Progress, report: report}
	if err := r.run(ctx, o); err != nil {
		return Report{}, err
	}
	r.report.Seconds = time.Since(began).Seconds()
	return r.report, nil
}

func newReport(o Options, info mp4.Info, recording Recording) Report {
	return Report{
		Film: recording, Tokens: []Token{}, Decisions: []wire.Decision{},
		DurationSeconds: float64(info.Duration) / float64(info.Timescale),
		Width:           info.Width, Height: info.Height, Codec: info.Codec.String(),
		Mask: o.Settings.Mask, Version: wire.Version, Build: wire.BuildID,
	}
}

// redaction is one file on its way: the worker's writer calls Next, its reader
// calls take.
type redaction struct {
	in       *mp4.Reader
	out      *mp4.Writer
	timings  mp4.Timings
	read     uint64
	done     int64
	total    int64
	early    *int64 // CTS of the first frame where it was lost before any was written
	progress func(done, total int64)
	report   Report
}

func (r *redaction) run(ctx context.Context, o Options) error {
	hello := o.Parts.Hello(o.Settings)
	info := r.in.Info()
	hello.Camera, hello.Codec, hello.Recorded = "file", info.Codec, r.report.Film.From
	hello.Shape = wire.Shape{Turn: info.Orientation().Turn, Stretch: info.Stretch()}
	ready, err := worker.Redact(ctx, worker.FileConfig{Bin: o.Parts.Path, Hello: hello, Log: o.Log, Decision: r.decided, Patience: o.Patience}, r, r.take)
	if err != nil {
		return err
	}
	if r.out.Frames() == 0 {
		return fmt.Errorf("%s: none of its pictures can be decoded: %w", o.In, mp4.ErrCorrupt)
	}
	r.report.ModelHash = ready.ModelHash
	return r.out.Commit()
}

// Next gives the worker the next access unit. The worker's handle numbers
// them from 1.
func (r *redaction) Next() (media.Raw, error) {
	s, err := r.in.Next()
	if err != nil {
		return media.Raw{}, err
	}
	r.read++
	return s.Raw(), r.timings.Put(r.read, s.Timing)
}

// decided notes a decision of the worker.
func (r *redaction) decided(d wire.Decision) {
	if len(r.report.Decisions) == maxDecisions {
		r.report.DecisionsDropped++
		return
	}
	r.report.Decisions = append(r.report.Decisions, d)
}

// take writes the frame of one result at the time of its sample. A frame
// that could not be decoded leaves a gap, through which the one before stays.
func (r *redaction) take(rec media.Record, c media.Clean) error {
	at, ok := r.timings.Take(rec.Seq)
	if !ok {
		return fmt.Errorf("worker gave a result for picture %d, which is not under way", rec.Seq)
	}
	r.done++
	if r.progress != nil {
		r.progress(r.done, r.total)
	}
	switch rec.Code {
	case media.Masked:
		return r.write(rec, c, at)
	case media.Unsupported:
		return fmt.Errorf("picture %d of %dx%d pixels: %w", rec.Seq, rec.Width, rec.Height, ErrFrameSize)
	case media.EncodeFailed:
		return errors.New("the encoder failed")
	case media.Disagreeing:
		if r.in.Info().Codec != media.MJPEG { // of a JPEG it means that this one is damaged
			return fmt.Errorf("picture %d says that it is turned otherwise than the file's header: %w", rec.Seq, mp4.ErrDisagree)
		}
	}
	r.report.Undecodable++
	if r.out.Frames() == 0 && (r.early == nil || at.CTS < *r.early) {
		r.early = &at.CTS
	}
	return nil
}

// ErrFrameSize means that the worker does not take frames of this size.
var ErrFrameSize = fmt.Errorf("sizes from %dx%d to %dx%d are supported", media.MinSide, media.MinSide, media.MaxWidth, media.MaxHeight)

func (r *redaction) write(rec media.Record, c media.Clean, at mp4.Timing) error {
	if info := r.in.Info(); r.out.Frames() == 0 && (rec.Width != info.Width || rec.Height != info.Height) {
		return fmt.Errorf("its first picture is of %dx%d pixels, its header says %dx%d: %w", rec.Width, rec.Height, info.Width, info.Height, mp4.ErrDisagree)
	}
	if r.out.Frames() == 0 && r.early != nil && *r.early < at.CTS {
		at.CTS = *r.early // there is none before: this one stands in for those lost
	}
	r.report.Frames++
	r.report.Faces += int64(rec.Faces)
	r.report.Masked += int64(rec.Masked)
	r.report.Shown += int64(rec.Shown)
	return r.out.Write(c.NALUs(), c.Keyframe(), at)
}
