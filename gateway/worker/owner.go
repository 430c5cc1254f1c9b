package worker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// maxInFlight bounds the units without a result: a second of look-ahead at 60
// frames a second, a decoder's reordering and some backlog.
const maxInFlight = 128

// hangUnits is how many units without a result make a hang, along with the
// time: decoders keep some back at the start of a stream.
const hangUnits = 8

// owner is Run's state: all of it belongs to Run's goroutine.
type owner struct {
	h       *Handle
	time    timing
	screen  *screen
	notices *allowance // for what children say, in one way
	lines   *allowance // and the other
	// decisions bounds those that are passed on.
	decisions *allowance

	child     *child // nil between two
	inFlight  *inFlight
	codec     media.Codec // the child's
	ready     bool        // the child takes units
	leaving   bool        // it was asked to stop or is ending
	messages  <-chan message
	gone      <-chan struct{}
	readyAt   time.Time
	deadline  time.Time // for Ready
	shown     bool      // this child has shown a frame
	permanent bool      // it failed for a reason that a restart does not mend
	replaced  bool      // it was stopped for another codec
	cause     string    // why it was given up, where it did not just end

	startAt      time.Time // of the next child
	started      int
	restarts     restarts
	replayDeaths int // children in a row that ended over a replay
	unit         accelerator
	trouble      text.Key // why no child is ready

	refused    media.Code // the newest result's code where it came without a frame
	dueSince   time.Time  // when the first unit came after the last frame
	notBefore  time.Time  // units up to here were followed by a pause
	keyAskedAt time.Time
	// subKeyAskedAt is the same for the sub-stream.
	subKeyAskedAt time.Time

	state    State
	reported bool // state was published
}

func newOwner(h *Handle) *owner {
	return &owner{
		h: h, time: h.time, notices: newAllowance(), lines: newAllowance(), decisions: newDecisionAllowance(), trouble: text.SlateStarting,
		screen:   newScreen(h.out, h.called, h.cfg.Width, h.cfg.Height),
		restarts: restarts{timing: h.time.restart}, unit: accelerator{use: h.cfg.Hello.Use, pauses: h.time.unit},
	}
}

func (o *owner) run(ctx context.Context) {
	ticker := time.NewTicker(o.time.tick)
	defer ticker.Stop()
	o.check(time.Now())
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case m, ok := <-o.messages:
			o.message(m, ok, time.Now())
		case <-o.gone:
			o.childEnded(time.Now())
		case <-o.h.nudge:
		case <-o.h.ping:
		case <-ticker.C:
		}
		o.check(time.Now())
	}
	o.shutdown()
}

// shutdown stops the child and waits for it.
func (o *owner) shutdown() {
	o.h.queue.detach()
	o.h.queue.close()
	if o.child != nil {
		o.child.stop(politely)
		o.child.ignore()
		<-o.child.gone
		o.h.cfg.Log.Debug("worker stopped", "pid", o.child.cmd.Process.Pid, "exit", o.child.ended())
		o.child = nil
	}
	o.publish(Stopped, text.SlateStopped, time.Now())
	o.count()
}

// check compares all limits and does what is due.
func (o *owner) check(now time.Time) {
	v := o.h.queue.view()
	o.checkChild(v, now)
	o.checkSlate(v, now)
	o.checkRequests()
	o.screen.tick(now)
	o.report(now)
}

func (o *owner) checkChild(v view, now time.Time) {
	switch {
	case o.child == nil:
		if v.codec != media.UnknownCodec && !now.Before(o.startAt) {
			o.start(v.codec, now)
		}
	case o.leaving:
	case v.codec != o.codec:
		o.h.cfg.Log.Info("camera changed its codec: new worker", "codec", v.codec.String())
		o.replaced = true
		o.leave(politely, text.SlateStarting)
	case !o.ready && now.After(o.deadline):
		o.fail("worker was not ready in time", text.SlateWorkerFailed)
	case o.ready && o.hangs(now):
		o.bump(func(s *Stats) { s.Hangs++ })
		o.fail("worker hangs: no result", text.SlateWorkerRestarting)
	case o.ready && o.unit.due(now):
		o.h.cfg.Log.Info("the accelerator is tried again: new worker", "accelerator", o.unit.use.Accelerator)
		o.replaced = true
		o.leave(politely, text.SlateStarting)
	case o.ready && now.Sub(o.readyAt) >= o.time.healthy:
		o.restarts.streak = 0
		o.unit.worked(now.Sub(o.readyAt))
	}
}

func (o *owner) hangs(now time.Time) bool {
	if o.child.stuck(now) > o.time.hang {
		return true
	}
	sends, silent := o.inFlight.silence(now)
	return sends >= hangUnits && silent > o.time.hang
}

// start launches the next child.
func (o *owner) start(codec media.Codec, now time.Time) {
	o.h.queue.detach()
	hello := o.h.currentHello(codec)
	hello.Use = o.unit.next(now)
	o.ready, o.leaving, o.shown, o.permanent, o.replaced, o.cause, o.refused = false, false, false, false, false, "", media.NoCode
	o.inFlight, o.codec = newInFlight(maxInFlight), codec
	if o.started++; o.started > 1 {
		o.bump(func(s *Stats) { s.Restarts++ })
	}
	c, err := launch(programFor(o.h.cfg.Bin, hello), o.h.queue.live(hello), o.h.cfg.Log, o.lines)
	if err != nil {
		o.trouble = text.SlateWorkerFailed
		if errors.Is(err, fs.ErrNotExist) {
			o.trouble = text.SlateWorkerMissing
		}
		o.postpone(err.Error(), now)
		return
	}
	o.child, o.messages, o.gone = c, c.messages, nil
	o.deadline = now.Add(o.time.handshake)
	o.h.cfg.Log.Debug("worker started", "pid", c.cmd.Process.Pid, "codec", codec.String())
}

// postpone sets the next start after a death.
func (o *owner) postpone(detail string, now time.Time) {
	pause := o.restarts.wait(death{worked: o.shown, permanent: o.permanent})
	o.startAt = now.Add(pause)
	o.state.Detail = detail
	o.h.cfg.Log.Warn("worker is gone", "why", detail, "restart_in", pause.Round(time.Millisecond), "deaths", o.restarts.streak)
	if o.restarts.looping() && o.trouble == text.SlateWorkerRestarting {
		o.trouble = text.SlateWorkerFailed
	}
}

// leave takes the child out of service; gone reports when it is no more.
func (o *owner) leave(s stages, why text.Key) {
	o.trouble, o.leaving = why, true
	unsent := o.h.queue.detach()
	o.noteReplay(unsent + o.inFlight.replaying())
	o.child.stop(s)
	o.child.ignore()
	o.messages, o.gone = nil, o.child.gone
}

// noteReplay watches for a group of pictures that kills each child it is
// replayed to before that shows anything: the second time it is given up.
func (o *owner) noteReplay(unanswered int) {
	if unanswered == 0 || o.shown {
		o.replayDeaths = 0
		return
	}
	if o.replayDeaths++; o.replayDeaths >= 2 {
		o.replayDeaths = 0
		o.h.queue.giveUpReplayed()
	}
}

// fail kills the child for what it did or did not do.
func (o *owner) fail(detail string, why text.Key) {
	o.cause = detail
	o.leave(atOnce, why)
}

// childEnded is called when the child is reaped.
func (o *owner) childEnded(now time.Time) {
	exit := o.child.ended()
	o.child, o.gone = nil, nil
	if o.replaced {
		o.startAt = now
		return
	}
	if o.cause == "" {
		o.cause = "worker ended: " + exit
	}
	o.ready = false
	if o.unit.at && !o.permanent {
		o.fallBack(now)
		return
	}
	o.postpone(o.cause, now)
}

// fallBack goes on in software after a child that used the accelerator, at once:
// nothing is known against software yet.
func (o *owner) fallBack(now time.Time) {
	o.unit.blame(o.cause, now)
	o.startAt, o.state.Detail = now, o.cause
	o.h.cfg.Log.Warn("the accelerator fails: software takes its place", "accelerator", o.unit.use.Accelerator,
		"why", o.cause, "tried_again_in", o.unit.pause)
}

// message takes one frame of the child; ok is false at the end of its output.
func (o *owner) message(m message, ok bool, now time.Time) {
	var err error
	switch {
	case !ok:
		if err = o.child.garbled(); err == nil {
			o.leave(hurried, o.endReason())
			return
		}
	case m.kind == wire.KindNotice:
		var n wire.Notice
		if err = wire.UnmarshalJSONBody(m.body, &n); err == nil {
			o.notices.logNotice(o.h.cfg.Log, n)
		}
	case m.kind == wire.KindFailed:
		err = o.failed(m.body)
	case m.kind == wire.KindReady && !o.ready:
		err = o.handshake(m.body, now)
	case m.kind == wire.KindResult && o.ready:
		err = o.result(m.body, now)
	case m.kind == wire.KindSnapshot && o.ready:
		err = o.h.snapshot(m.body)
	case m.kind == wire.KindDecision && o.ready:
		err = o.decision(m.body, now)
	default:
		err = fmt.Errorf("message of kind %d out of turn: %w", m.kind, errViolation)
	}
	if err != nil {
		o.bump(func(s *Stats) { s.Violations++ })
		o.fail(err.Error(), text.SlateWorkerRestarting)
	}
}

// endReason is the slate's reason after the child's output ended.
func (o *owner) endReason() text.Key {
	if o.ready {
		return text.SlateWorkerRestarting
	}
	return text.SlateWorkerFailed
}

// failed takes the child's message that it gives up.
func (o *owner) failed(body []byte) error {
	var f wire.Failed
	if err := wire.UnmarshalJSONBody(body, &f); err != nil {
		return err
	}
	why := text.SlateWorkerFailed
	switch f.Code {
	case wire.FailModel:
		why = text.SlateModelDamaged
	case wire.FailCodec:
		why = text.SlateUnknownCodec
	case wire.FailLockdown:
		why = text.SlateLockdown
	case wire.FailAccelerator:
		why = text.SlateWorkerRestarting
	}
	o.permanent = f.Code != wire.FailUnknown && f.Code != wire.FailWire && f.Code != wire.FailAccelerator
	o.cause = fmt.Sprintf("worker gave up: %s (code %d)", f.Text[:min(len(f.Text), maxLine)], f.Code)
	o.leave(hurried, why)
	return nil
}

// handshake takes the child's Ready and opens the queue to it.
func (o *owner) handshake(body []byte, now time.Time) error {
	var r wire.Ready
	if err := wire.UnmarshalJSONBody(body, &r); err != nil {
		return err
	}
	if err := sameBuild(r.Build, o.h.cfg.Hello.Build); err != nil {
		o.permanent = true
		o.fail(err.Error(), text.SlateWorkerFailed)
		return nil
	}
	r.Layers = o.child.layers(r.Layers)
	o.ready, o.readyAt, o.state.Ready = true, now, r
	o.notBefore, o.dueSince = now, time.Time{}
	o.h.queue.attach(o.inFlight)
	return nil
}
