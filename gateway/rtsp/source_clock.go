package rtsp

import (
	"time"

	"github.com/pion/rtcp"

	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// maxDrift is how far a timestamp may be from the arrival of
	// its packets before it counts as having jumped.
	maxDrift = 10 * time.Second

	// driftWindow is how long the shortest way of an access unit is looked for. Delays only make
	// ways longer, so a change of the shortest one is the camera's clock running fast or slow.
	driftWindow = 10 * time.Second
	// leastDrift is a change that is made good, wrongDrift one that no clock has.
	leastDrift = 100 * time.Millisecond
	wrongDrift = 2 * time.Second
	// slewShare is the part of a step by which it may be changed to make a drift good.
	slewShare = 4

	// strikesFew is how many timestamps may stand or go back before none is believed any more.
	strikesFew = 3

	ntpEpoch = 2208988800 // 1970 in seconds since 1900
)

// unsetClock is the time before which a camera's clock counts as never set.
var unsetClock = time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)

// timeline turns a track's 32-bit RTP timestamps into time since its first
// unit, and by sender reports into absolute time.
//
// It does what the library's PacketPTS and PacketNTP do, but: PacketPTS gives
// nothing before a camera without IDR pictures or in-band parameter sets, and
// knows no jumps; PacketNTP (v4.16.2) reads a report's fraction of a second as
// nanoseconds, which is up to 3.3 s wrong for every camera that writes it as
// the standard has it.
//
// Timestamps that stand, jump or go back are replaced by the time of arrival, and a clock that runs
// fast or slow is made good in small steps, so that what is recorded lasts as long as it did. It is of the
// library's reading goroutine, which gets reports too.
type timeline struct {
	started bool
	ssrc    uint32
	ts      uint32
	pts     int64 // of ts, in ticks
	top     int64 // the latest of all presentation times
	arrived time.Time
	strikes int
	doubted bool // timestamps are no longer believed

	// A way is how far a unit's arrival is behind its presentation time as the camera has it, in ticks.
	began    time.Time // of the stream
	window   time.Time // when the present window began; zero: with the next unit
	shortest int64     // way in it
	before   int64     // shortest way of the window before
	base     int64     // shortest way of the first window
	based    bool
	slewed   int64 // ticks made good
	owed     int64 // ticks to make good

	pending *rtcp.SenderReport // came before the first unit
	wall    time.Time          // the time that a report gives for wallPTS; zero for none
	wallPTS int64
}

// stamp gives a unit's presentation time and its absolute time; the latter is
// that of its arrival while the camera has sent none. Units come in decoding
// order, so presentation times may step back, but not before a keyframe.
func (t *timeline) stamp(a assembled, key bool) (media.Ticks90k, time.Time) {
	if t.started {
		t.advance(a, key)
	} else {
		t.start(a)
	}
	t.top = max(t.top, t.pts)
	if t.wall.IsZero() {
		return media.Ticks90k(t.pts), a.arrived
	}
	return media.Ticks90k(t.pts), t.wall.Add(media.Ticks90k(t.pts - t.wallPTS).Duration())
}

func (t *timeline) start(a assembled) {
	t.started, t.ssrc, t.ts, t.arrived = true, a.ssrc, a.ts, a.arrived
	t.began, t.window = a.arrived, a.arrived
	if t.pending != nil {
		t.anchor(t.pending)
		t.pending = nil
	}
}

func (t *timeline) advance(a assembled, key bool) {
	step := int64(int32(a.ts - t.ts))
	passed := int64(media.TicksOf(a.arrived.Sub(t.arrived)))
	switch stands := step == 0 || key && t.pts+step <= t.top; {
	case t.doubted:
		step = max(passed, 1)
	case stands:
		if t.strikes++; t.strikes >= strikesFew {
			t.doubted = true
		}
		step = t.jump(passed)
	case beyond(step-passed, maxDrift):
		step = t.jump(passed)
	default:
		step += t.slew(step)
	}
	t.pts += step
	t.ts, t.arrived = a.ts, a.arrived
	t.watch(a.arrived)
}

// jump is the step where the timestamp says nothing: the time that has passed, from the latest unit on.
func (t *timeline) jump(passed int64) int64 {
	t.wall = time.Time{} // the reports spoke of the old count
	t.based, t.window, t.owed = false, time.Time{}, 0
	return max(t.pts+passed, t.top+1) - t.pts
}

// slew is what a step is changed by to make a drift good.
func (t *timeline) slew(step int64) int64 {
	most := max(step, 0) / slewShare
	change := min(max(t.owed, -most), most)
	t.owed, t.slewed = t.owed-change, t.slewed+change
	return change
}

// watch measures the shortest way of each window.
func (t *timeline) watch(now time.Time) {
	way := int64(media.TicksOf(now.Sub(t.began))) - (t.pts - t.slewed)
	if t.window.IsZero() {
		t.window, t.shortest = now, way
	}
	t.shortest = min(t.shortest, way)
	if now.Sub(t.window) < driftWindow {
		return
	}
	if !t.based {
		t.based, t.base, t.before = true, t.shortest-t.slewed, t.shortest
	}
	if beyond(t.shortest-t.before, wrongDrift) {
		t.doubted = true
	}
	if due := t.shortest - t.base - t.slewed; beyond(due, leastDrift) {
		t.owed = due
	}
	t.before, t.window, t.shortest = t.shortest, now, way
}

// beyond compares ticks of either sign.
func beyond(ticks int64, d time.Duration) bool {
	limit := int64(media.TicksOf(d))
	return ticks > limit || ticks < -limit
}

// report takes a sender report.
func (t *timeline) report(sr *rtcp.SenderReport) {
	if t.started {
		t.anchor(sr)
	} else {
		t.pending = sr
	}
}

func (t *timeline) anchor(sr *rtcp.SenderReport) {
	if wall := reportTime(sr.NTPTime); sr.SSRC == t.ssrc && wall.After(unsetClock) {
		t.wall = wall
		t.wallPTS = t.pts + int64(int32(sr.RTPTime-t.ts))
	}
}

// reportTime reads the 32.32 bit seconds since 1900 of a sender report. Without
// the highest bit (a time before 1968) it is zero: RFC 3550 has senders
// without a clock put 0 or their uptime there. From 2036 on, when the seconds
// begin anew, a camera's time is thus not believed and that of arrival counts.
func reportTime(v uint64) time.Time {
	sec := int64(v >> 32)
	if sec < 1<<31 {
		return time.Time{}
	}
	return time.Unix(sec-ntpEpoch, int64((v&0xffffffff)*uint64(time.Second)>>32))
}
