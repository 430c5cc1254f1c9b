package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// FileConfig describes a worker for a file.
type FileConfig struct {
	// Bin is the path of the worker program.
	Bin string
	// Hello is what the child is sent first; Live is taken as false. Codec
	// must be the file's.
	Hello wire.Hello
	// Log takes what the child says. It must not be nil.
	Log *slog.Logger
	// Decision is called from Redact's goroutine with what the child decides
	// on consents; nil where nobody wants to know.
	Decision func(wire.Decision)
	// Patience is how long the child may take to its Ready and from one result
	// to the next, whatever it does meanwhile; 0 means the usual bounds.
	Patience time.Duration
}

// UnitReader gives a file's access units in decoding order, io.EOF after the
// last one. It is called from one goroutine, not the one that called Redact.
type UnitReader interface {
	Next() (media.Raw, error)
}

// FailedError is a worker's message that it cannot do its work.
type FailedError wire.Failed

func (e *FailedError) Error() string { return "worker gave up: " + e.Text }

const (
	// fileStart bounds the wait for Ready, fileSilence that for the next result.
	fileStart = 30 * time.Second
	// fileWindow units are under way at once, or as many as the look-ahead
	// and a second hold, for the worker may need them to give the first result.
	fileWindow = 64
)

// Redact sends the units of in through one child and gives each one's result
// to out, in the order in which the child gives them; the frame is empty
// where the record's code is not Masked. It waits for a slow child and drops
// nothing: when it returns without an error, each unit had its result. An
// error of in or out ends it and is returned, so is the child's death, its
// silence for a minute (FileConfig.Patience), its Failed (a *FailedError) and the end of ctx.
// Whatever happens, the child is reaped before it returns. The Ready is what
// the child reported, zero where it came to none.
func Redact(ctx context.Context, cfg FileConfig, in UnitReader, out func(media.Record, media.Clean) error) (wire.Ready, error) {
	f := &filing{cfg: cfg, in: in, out: out, inFlight: newInFlight(0), ready: make(chan struct{}), room: make(chan struct{}, 1), notices: newAllowance()}
	f.cfg.Hello.Live = false
	child, err := launch(programFor(cfg.Bin, cfg.Hello), f.source, cfg.Log, newAllowance())
	if err != nil {
		return wire.Ready{}, err
	}
	f.child = child
	if err = f.run(ctx); err != nil {
		child.stop(atOnce)
		child.ignore()
	}
	<-child.gone
	if err == nil {
		err = f.outcome()
	}
	return f.report, err
}

// filing is one call of Redact.
type filing struct {
	cfg      FileConfig
	in       UnitReader
	out      func(media.Record, media.Clean) error
	child    *child
	inFlight *inFlight
	notices  *allowance
	report   wire.Ready
	ready    chan struct{} // closed at Ready
	room     chan struct{} // a result came

	// The source's own; err is read once the child is gone.
	helloSent, ended bool
	mu               sync.Mutex
	err              error
	complete         bool // all of in was sent
}

// source is the child's source for a file.
func (f *filing) source(quit <-chan struct{}) (message, bool) {
	switch {
	case !f.helloSent:
		f.helloSent = true
		return message{wire.KindHello, wire.MarshalJSONBody(f.cfg.Hello)}, true
	case f.ended:
		return message{}, false
	}
	select {
	case <-f.ready:
	case <-quit:
		return message{}, false
	}
	raw, err := f.in.Next()
	if errors.Is(err, io.EOF) {
		f.ended = true
		f.finish(nil)
		return message{wire.KindControl, wire.MarshalJSONBody(wire.Control{End: true})}, true
	}
	if err == nil {
		err = f.check(raw)
	}
	if err != nil {
		f.finish(err)
		f.child.stop(atOnce)
		return message{}, false
	}
	return f.unit(raw, quit)
}

func (f *filing) check(raw media.Raw) error {
	if raw.Codec != f.cfg.Hello.Codec {
		return fmt.Errorf("access unit is %v in a file of %v", raw.Codec, f.cfg.Hello.Codec)
	}
	if n := bodySize(raw); n > wire.MaxBody {
		return fmt.Errorf("access unit of %d bytes is larger than the limit of %d", n, wire.MaxBody)
	}
	return nil
}

// finish notes how the reading of in ended.
func (f *filing) finish(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err, f.complete = err, err == nil
}

// unit waits for room and notes raw as in flight.
func (f *filing) unit(raw media.Raw, quit <-chan struct{}) (message, bool) {
	for f.inFlight.len() >= fileWindow && f.inFlight.span(raw.PTS) > f.cfg.Hello.Settings.LookAhead+time.Second {
		select {
		case <-f.room:
		case <-quit:
			return message{}, false
		}
	}
	u := unit{keyframe: raw.Keyframe, nalus: raw.NALUs}
	u.pts, u.ntp = raw.PTS, raw.NTP
	seq := f.inFlight.add(u.fed, time.Now())
	return message{wire.KindUnit, u.marshal(seq, false)}, true
}

// run takes the child's messages until its output ends.
func (f *filing) run(ctx context.Context) error {
	start, between := fileStart, fileSilence
	if f.cfg.Patience > 0 {
		start, between = f.cfg.Patience, f.cfg.Patience
	}
	silence := time.NewTimer(start)
	defer silence.Stop()
	for {
		select {
		case m, ok := <-f.child.messages:
			if !ok {
				f.child.stop(patiently)
				return f.child.garbled()
			}
			if err := f.message(m); err != nil {
				return err
			}
			silence.Reset(between)
		case <-silence.C:
			if !f.idle() {
				return errors.New("worker gave no result in time")
			}
			silence.Reset(between)
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// idle reports that the child has nothing to do because in gives nothing.
func (f *filing) idle() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.isReady() && !f.complete && f.inFlight.len() == 0
}

func (f *filing) message(m message) error {
	switch {
	case m.kind == wire.KindNotice:
		var n wire.Notice
		if err := wire.UnmarshalJSONBody(m.body, &n); err != nil {
			return err
		}
		f.notices.logNotice(f.cfg.Log, n)
		return nil
	case m.kind == wire.KindFailed:
		var failed wire.Failed
		if err := wire.UnmarshalJSONBody(m.body, &failed); err != nil {
			return err
		}
		return (*FailedError)(&failed)
	case m.kind == wire.KindReady && !f.isReady():
		return f.handshake(m.body)
	case m.kind == wire.KindResult && f.isReady():
		return f.result(m.body)
	case m.kind == wire.KindDecision && f.isReady():
		return f.decision(m.body)
	}
	return fmt.Errorf("message of kind %d out of turn: %w", m.kind, errViolation)
}

func (f *filing) isReady() bool {
	select {
	case <-f.ready:
		return true
	default:
		return false
	}
}

func (f *filing) handshake(body []byte) error {
	if err := wire.UnmarshalJSONBody(body, &f.report); err != nil {
		return err
	}
	f.report.Layers = f.child.layers(f.report.Layers)
	if err := sameBuild(f.report.Build, f.cfg.Hello.Build); err != nil {
		return err
	}
	close(f.ready)
	return nil
}

// sameBuild compares the child's build ID with this program's.
func sameBuild(theirs, ours string) error {
	if theirs == ours {
		return nil
	}
	return &FailedError{Code: wire.FailBuild, Text: fmt.Sprintf("it is of build %.40q, this program of %q: install both from the same package", theirs, ours)}
}

func (f *filing) result(body []byte) error {
	res, _, keys, err := f.inFlight.evaluate(body)
	if err != nil {
		return err
	}
	select {
	case f.room <- struct{}{}:
	default:
	}
	if res.Record.Code != media.Masked {
		return f.out(res.Record, media.Clean{})
	}
	c, err := media.Vouch(res.NALUs, keys.main, res.Record)
	if err != nil {
		return err
	}
	return f.out(res.Record, c)
}

// verdict says whether a child that ended by itself did all of its work.
func (f *filing) outcome() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	open := f.inFlight.len()
	switch {
	case f.err != nil:
		return f.err
	case !f.child.clean():
		return fmt.Errorf("worker died: %s", f.child.ended())
	case !f.complete:
		return errors.New("worker ended before the file did")
	case open > 0:
		return fmt.Errorf("worker left %d access units without a result", open)
	}
	return nil
}
