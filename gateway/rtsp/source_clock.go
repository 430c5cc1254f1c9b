package rtsp

import (
	"sync"
	"time"

	"github.com/pion/rtcp"

	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// maxDrift is how far a camera's timestamps may run from the arrival of
	// its packets before they count as having jumped.
	maxDrift = 10 * time.Second

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
type timeline struct {
	mu      sync.Mutex // reports come on another goroutine with UDP
	started bool
	ssrc    uint32
	ts      uint32
	pts     int64 // of ts, in ticks
	arrived time.Time

	pending *rtcp.SenderReport // came before the first unit
	wall    time.Time          // the time that a report gives for wallPTS; zero for none
	wallPTS int64
}

// stamp gives a unit's presentation time and its absolute time; the latter is
// that of its arrival while the camera has sent none. Units come in decoding
// order, so presentation times may step back.
func (t *timeline) stamp(a assembled) (media.Ticks90k, time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.advance(a)
	if t.wall.IsZero() {
		return media.Ticks90k(t.pts), a.arrived
	}
	return media.Ticks90k(t.pts), t.wall.Add(media.Ticks90k(t.pts - t.wallPTS).Duration())
}

func (t *timeline) advance(a assembled) {
	if !t.started {
		t.started, t.ssrc, t.ts, t.arrived = true, a.ssrc, a.ts, a.arrived
		if t.pending != nil {
			t.anchor(t.pending)
			t.pending = nil
		}
		return
	}
	step := int64(int32(a.ts - t.ts))
	passed := int64(media.TicksOf(a.arrived.Sub(t.arrived)))
	if drift := step - passed; drift > int64(media.TicksOf(maxDrift)) || drift < -int64(media.TicksOf(maxDrift)) {
		step = max(passed, 1)
		t.wall = time.Time{} // the reports spoke of the old count
	}
	t.pts += step
	t.ts, t.arrived = a.ts, a.arrived
}

// report takes a sender report.
func (t *timeline) report(sr *rtcp.SenderReport) {
	t.mu.Lock()
	defer t.mu.Unlock()
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
