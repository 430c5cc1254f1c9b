package worker

import (
	"fmt"
	"time"

	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// result evaluates one result and shows its frame where that is fit to be seen.
func (o *owner) result(body []byte, now time.Time) error {
	res, f, keys, err := o.inFlight.evaluate(body)
	if err != nil {
		return err
	}
	o.h.queue.notify() // too much may have been in flight
	o.bump(func(s *Stats) {
		if s.Results == nil {
			s.Results = make(map[media.Code]uint64)
		}
		s.Results[res.Record.Code]++
	})
	if res.Record.Code != media.Masked {
		if !f.replay {
			o.refused = res.Record.Code
		}
		if res.Record.Code == media.Unsupported {
			o.noteSize(res.Record)
		}
		return nil
	}
	o.refused = media.NoCode
	if o.screen.onSlate && !o.mayReturn(f, now) {
		return nil
	}
	if !o.screen.frame(res, f, keys.main, o.h.lookAhead(), now) {
		o.askKeyframe(now)
		return nil
	}
	if !o.screen.small(res, keys.sub) && now.Sub(o.subKeyAskedAt) >= o.time.ask {
		o.subKeyAskedAt = now
		o.h.queue.ask(keyframes{sub: true})
	}
	o.shown, o.dueSince, o.state.Detail = true, time.Time{}, ""
	if now.Sub(f.came) > o.limit(o.time.stale) {
		o.late(now)
	}
	return nil
}

// noteSize says of which size the frames are that the child refuses.
func (o *owner) noteSize(r media.Record) {
	o.screen.refused = fmt.Sprintf("%dx%d", r.Width, r.Height)
	o.state.Detail = fmt.Sprintf("frames of %s pixels: set the camera to a size between %dx%d and %dx%d", o.screen.refused, media.MinSide, media.MinSide, media.MaxWidth, media.MaxHeight)
}

// limit is a bound on a frame's age: the look-ahead, d, and what a camera
// with few frames a second needs beyond it.
func (o *owner) limit(d time.Duration) time.Duration {
	return o.h.lookAhead() + d + 3*o.h.queue.view().interval
}

// mayReturn reports whether a frame is fit to end the slate: of the present
// connection, newer than all that were shown, and not out of date.
func (o *owner) mayReturn(f fed, now time.Time) bool {
	v := o.h.queue.view()
	return v.live && f.conn == v.conn && f.pts > o.screen.newest && now.Sub(f.came) <= o.limit(o.time.fresh)
}

// askKeyframe asks the child for the keyframe that a return to its frames
// needs, now and then until it comes.
func (o *owner) askKeyframe(now time.Time) {
	if now.Sub(o.keyAskedAt) >= o.time.ask {
		o.keyAskedAt = now
		o.h.queue.ask(keyframes{main: true})
	}
}

// checkSlate brings the slate when there is a reason to, and keeps the
// reason on it true.
func (o *owner) checkSlate(v view, now time.Time) {
	o.trackDue(v, now)
	why := o.why(v, now)
	if !o.screen.onSlate && why == "" && o.overdue(v, now) {
		o.late(now)
		return
	}
	if why != "" {
		o.screen.toSlate(why, now)
	}
}

// late brings the slate because no frame comes in time.
func (o *owner) late(now time.Time) {
	o.bump(func(s *Stats) { s.Late++ })
	why := o.refusal()
	if why == "" {
		why = text.SlateWorkerSlow
	}
	o.screen.toSlate(why, now)
}

// why is the reason for a slate that holds whatever the worker's pace; empty
// where there is none.
func (o *owner) why(v view, now time.Time) text.Key {
	switch {
	case !v.live && v.down != "":
		return v.down
	case !v.live:
		return text.SlateWaiting
	case !o.ready || o.leaving || o.child == nil:
		return o.trouble
	case now.Sub(v.lastCame) > o.time.camera:
		return text.SlateSilent
	case o.screen.onSlate && o.refused != media.NoCode:
		return o.refusal()
	case o.screen.onSlate && o.silent(now):
		return text.SlateWorkerSlow
	}
	return ""
}

// refusal is the reason in the child's newest result; empty where that had a
// frame.
func (o *owner) refusal() text.Key {
	switch o.refused {
	case media.AwaitKeyframe:
		return text.SlateWaiting
	case media.Undecodable:
		return text.SlateUndecodable
	case media.Unsupported:
		return text.SlateUnsupportedSize
	case media.Disagreeing:
		return text.SlateDisagreeing
	case media.Shed:
		return text.SlateOverload
	case media.EncodeFailed:
		return text.SlateWorkerFailed
	}
	return ""
}

// trackDue keeps dueSince: the arrival of the first access unit after the last
// frame, forgotten when the camera pauses, for then no frame is due.
func (o *owner) trackDue(v view, now time.Time) {
	if now.Sub(v.lastCame) > o.time.pause+3*v.interval {
		o.notBefore, o.dueSince = v.lastCame, time.Time{}
		return
	}
	if o.dueSince.IsZero() && v.lastCame.After(o.notBefore) && v.lastCame.After(o.screen.frameAt) {
		o.dueSince = v.lastCame
	}
}

// overdue reports that a frame should be there by now: results are due
// and none comes, or access units come and, for whatever reason, no frames.
func (o *owner) overdue(v view, now time.Time) bool {
	if o.silent(now) {
		return true
	}
	allowed := max(o.time.silence, o.h.lookAhead()+o.time.slack) + 3*v.interval
	return !o.dueSince.IsZero() && now.Sub(o.dueSince) > allowed
}

// silent reports that the child got units and answered none since, though the
// oldest that is due is past its time.
func (o *owner) silent(now time.Time) bool {
	if o.inFlight == nil {
		return false
	}
	sends, since := o.inFlight.silence(now)
	came, ok := o.inFlight.oldest()
	return sends > 0 && since > o.time.silence && ok && now.Sub(came) > o.limit(o.time.slack)
}

// checkRequests makes a keyframe where a viewer waits for one. The slate is one for both streams.
func (o *owner) checkRequests() {
	switch wanted := o.h.takeWanted(); {
	case !wanted.any():
	case o.screen.onSlate:
		o.screen.wantKey = true
	default:
		o.h.queue.ask(wanted)
	}
}

// report publishes the state when it changed, and the counters.
func (o *owner) report(now time.Time) {
	phase, reason := OnSlate, o.screen.reason
	switch {
	case !o.screen.onSlate:
		phase, reason = Masking, ""
	case (!o.ready || o.leaving) && o.trouble == text.SlateStarting:
		phase = Starting
	}
	o.publish(phase, reason, now)
	o.count()
}

func (o *owner) publish(phase Phase, reason text.Key, now time.Time) {
	s := o.state
	s.Phase, s.Reason, s.PID = phase, reason, 0
	if o.child != nil {
		s.PID = o.child.cmd.Process.Pid
	}
	s.AcceleratorProblem = o.unit.problem
	s.Restarts, s.Looping = max(o.started-1, 0), o.restarts.looping()
	changed := s.Phase != o.state.Phase || s.Reason != o.state.Reason
	if changed {
		s.Since = now
	}
	if o.reported && !changed && s.PID == o.state.PID && s.Restarts == o.state.Restarts && s.Looping == o.state.Looping && s.AcceleratorProblem == o.state.AcceleratorProblem {
		return
	}
	o.state, o.reported = s, true
	o.h.out.State(s)
}

// bump changes the counters.
func (o *owner) bump(change func(*Stats)) {
	o.h.mu.Lock()
	defer o.h.mu.Unlock()
	change(&o.h.stats)
}

// count brings the screen's counters to the handle.
func (o *owner) count() {
	v := o.screen
	o.bump(func(s *Stats) { s.Frames, s.Slates, s.OutBytes, s.Latency = v.frames, v.slates, v.bytes, v.latency })
}
