package pipeline

import (
	"errors"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/accelerate"
	"github.com/bauta-gateway/bauta/anonymize/tracker"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/jpegscan"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Push takes one access unit that arrived at the given time and emits what
// is ready to leave.
func (p *Pipeline) Push(u wire.Unit, arrived time.Time, emit Emit) error {
	start := time.Now()
	e := &pendingFrame{unit: u, arrived: arrived}
	p.out.Count(u)
	if p.sub.out != nil {
		p.sub.out.Count(u)
	}
	p.cover.begin(u)
	if p.cfg.Live && !u.CatchUp {
		p.levels.Observe(start.Sub(arrived), start)
		e.unit.CatchUp = p.levels.CatchUp(start.Sub(arrived))
	}
	if err := p.cfg.Accelerator.Fed(u); err != nil {
		return err
	}
	if code := p.checkJPEG(u); code != media.NoCode {
		return emit(record(e, code))
	}
	if err := p.shorten(u, emit); err != nil {
		return err
	}
	p.pending[int64(u.Seq)] = e
	if err := p.dec.Send(u.NALUs, int64(u.Seq), u.Keyframe); err != nil {
		delete(p.pending, int64(u.Seq))
		return emit(record(e, media.Undecodable))
	}
	if err := p.receive(start, emit); err != nil {
		return err
	}
	p.lag.fed(len(p.pending))
	return nil
}

// checkJPEG is why a Motion JPEG frame does not hold what its header says:
// libavcodec takes what it finds and cuts it into strips, in which nobody finds a
// face. NoCode means that it does.
func (p *Pipeline) checkJPEG(u wire.Unit) media.Code {
	if p.cfg.Codec != media.MJPEG {
		return media.NoCode
	}
	if len(u.NALUs) != 1 {
		return media.Undecodable
	}
	_, _, err := p.jpeg.Check(u.NALUs[0])
	switch {
	case err == nil:
		return media.NoCode
	case errors.Is(err, jpegscan.ErrDisagree):
		return media.Disagreeing
	}
	return media.Undecodable
}

// End emits all that waits. Nothing may be pushed afterwards.
func (p *Pipeline) End(emit Emit) error {
	p.dec.Drain()
	if err := p.receive(time.Now(), emit); err != nil {
		return err
	}
	if err := p.flush(emit); err != nil {
		return err
	}
	return p.giveUp(func(*pendingFrame) bool { return true }, emit)
}

func (p *Pipeline) receive(start time.Time, emit Emit) error {
	for range 64 { // more frames than any access unit completes
		f, err := p.dec.Receive()
		if err != nil {
			// libavcodec names no access unit here; its record comes when a
			// later frame overtakes it.
			continue
		}
		if f == nil {
			return p.giveUp(p.tooOld(), emit)
		}
		p.cfg.Accelerator.FrameDecoded()
		e := p.pending[f.Tag()]
		if e == nil {
			f.Close() // second field of an access unit already answered
			continue
		}
		delete(p.pending, f.Tag())
		e.frame = f
		if err := p.takeFrame(e, emit); err != nil {
			return err
		}
		e.work += time.Since(start)
		start = time.Now()
	}
	return nil
}

func (p *Pipeline) tooOld() func(*pendingFrame) bool {
	newest := uint64(0)
	for _, e := range p.pending {
		newest = max(newest, e.unit.Seq)
	}
	return func(e *pendingFrame) bool { return e.unit.Seq+accelerate.MaxHeld < newest }
}

// giveUp answers access units that will give no frame.
func (p *Pipeline) giveUp(which func(*pendingFrame) bool, emit Emit) error {
	for tag, e := range p.pending {
		if !which(e) {
			continue
		}
		delete(p.pending, tag)
		code := media.Undecodable
		if p.next == 0 {
			code = media.AwaitKeyframe
		}
		if err := emit(record(e, code)); err != nil {
			return err
		}
	}
	return nil
}

// takeFrame takes a decoded frame into the look-ahead.
func (p *Pipeline) takeFrame(e *pendingFrame, emit Emit) error {
	overtaken := func(o *pendingFrame) bool { return o.unit.Seq < e.unit.Seq && o.unit.PTS < e.unit.PTS }
	if err := p.giveUp(overtaken, emit); err != nil {
		return err
	}
	p.lag.came(p.ahead(e))
	if e.unit.CatchUp {
		defer e.frame.Close()
		return p.skip(e, emit)
	}
	w, h := e.frame.Size()
	if !media.FrameFits(w, h) {
		defer e.frame.Close()
		return emit(record(e, media.Unsupported))
	}
	if p.noteOrientation(e); p.contradicted() {
		defer e.frame.Close()
		return emit(record(e, media.Disagreeing))
	}
	if p.tracker == nil || !p.tracker.Fits(w, h) {
		if err := p.flush(emit); err != nil {
			return err
		}
		p.tracker = tracker.New(p.cfg.Finder, w, h)
	}
	e.n = p.next
	p.next++
	p.rate.Observe(e.unit.PTS)
	p.waiting = append(p.waiting, e)
	p.advance(e)
	return p.release(emit)
}

// skip leaves out a frame that is too old to be shown. What was known
// does not reach across the gap: the number that is left out says so.
func (p *Pipeline) skip(e *pendingFrame, emit Emit) error {
	if err := p.flush(emit); err != nil {
		return err
	}
	p.next++
	r := record(e, media.Shed)
	p.observeRoom(e, &r.Record, 0)
	return emit(r)
}
