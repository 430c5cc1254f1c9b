package worker

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// errViolation is a child that broke the protocol: what it says next cannot be trusted
// either.
var errViolation = errors.New("worker broke the protocol")

// fed is an access unit without a result of the child.
type fed struct {
	pts  media.Ticks90k // by the queue's clock
	ntp  time.Time
	came time.Time // from the camera
	// conn is the camera's connection that it came by.
	conn uint64
	// replay: an earlier child had it already.
	replay bool
}

// inFlight holds what one child was fed and has not answered. Promise 1 rests on it: a
// result counts for a unit that was fed, and once.
type inFlight struct {
	limit int // of open units

	mu   sync.Mutex
	next uint64
	open map[uint64]fed
	// since is when the first unit after the last result was sent, sends how
	// many have been since.
	since time.Time
	sends int
}

func newInFlight(limit int) *inFlight {
	return &inFlight{limit: limit, next: 1, open: make(map[uint64]fed)}
}

// add enters a unit before it is sent and returns its number.
func (l *inFlight) add(f fed, now time.Time) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	seq := l.next
	l.next++
	l.open[seq] = f
	if l.sends++; l.sends == 1 {
		l.since = now
	}
	return seq
}

// settle takes the unit of a result out. The error is errViolation.
func (l *inFlight) settle(res wire.Result) (fed, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	seq := res.Record.Seq
	f, ok := l.open[seq]
	switch {
	case !ok && seq > 0 && seq < l.next:
		return f, fmt.Errorf("second result for access unit %d: %w", seq, errViolation)
	case !ok:
		return f, fmt.Errorf("result for access unit %d, which was never sent: %w", seq, errViolation)
	}
	delete(l.open, seq)
	l.sends = 0
	return f, nil
}

// full reports whether so much is without a result that the child gets nothing more for now.
func (l *inFlight) full() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open) >= l.limit
}

func (l *inFlight) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open)
}

// replaying is the number of replayed units without a result.
func (l *inFlight) replaying() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, f := range l.open {
		if f.replay {
			n++
		}
	}
	return n
}

// oldest is when the oldest open unit that is no replay came from the camera;
// ok is false without any.
func (l *inFlight) oldest() (came time.Time, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.open {
		if !f.replay && (!ok || f.came.Before(came)) {
			came, ok = f.came, true
		}
	}
	return came, ok
}

// span is the time between the earliest open unit and pts; 0 without any.
func (l *inFlight) span(pts media.Ticks90k) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	first := pts
	for _, f := range l.open {
		first = min(first, f.pts)
	}
	return (pts - first).Duration()
}

// silence is how many units were sent since the last result and how long
// ago the first of them was. Units that a decoder keeps until the next one
// arrives do not count, however long the camera pauses.
func (l *inFlight) silence(now time.Time) (sends int, since time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sends == 0 {
		return 0, 0
	}
	return l.sends, now.Sub(l.since)
}

// keyframes are those of the stream and of the sub-stream: which of a result's frames a viewer can
// begin with, or for which a viewer waits.
type keyframes struct{ main, sub bool }

func (k keyframes) and(other keyframes) keyframes {
	return keyframes{k.main || other.main, k.sub || other.sub}
}

func (k keyframes) any() bool { return k.main || k.sub }

// evaluate settles a result and checks its frames. The error is errViolation.
func (l *inFlight) evaluate(body []byte) (res wire.Result, f fed, keys keyframes, err error) {
	if res, err = wire.UnmarshalResult(body); err != nil {
		return res, f, keys, fmt.Errorf("%w: %w", errViolation, err)
	}
	if f, err = l.settle(res); err != nil {
		return res, f, keys, err
	}
	masked := res.Record.Code == media.Masked
	if masked != (len(res.NALUs) > 0) || !masked && len(res.Sub.NALUs) > 0 {
		return res, f, keys, fmt.Errorf("result %v with %d NAL units: %w", res.Record.Code, len(res.NALUs)+len(res.Sub.NALUs), errViolation)
	}
	if masked {
		keys, err = inspectBoth(&res)
	}
	// When this was is for the supervisor to say, not for the child.
	res.Record.PTS, res.Record.NTP = f.pts, f.ntp
	return res, f, keys, err
}

// inspectBoth checks a frame and its copy in the sub-stream, and gives keyframes the orientation of
// the record.
func inspectBoth(res *wire.Result) (keys keyframes, err error) {
	if keys.main, err = inspect(res.NALUs, res.Record.Width, res.Record.Height); err != nil {
		return keys, err
	}
	if keys.main {
		res.NALUs = withOrientation(res.NALUs, res.Record.Orientation)
	}
	if len(res.Sub.NALUs) == 0 {
		return keys, nil
	}
	if keys.sub, err = inspect(res.Sub.NALUs, res.Sub.Width, res.Sub.Height); err != nil {
		return keys, fmt.Errorf("sub-stream: %w", err)
	}
	if keys.sub {
		res.Sub.NALUs = withOrientation(res.Sub.NALUs, res.Record.Orientation)
	}
	return keys, nil
}
