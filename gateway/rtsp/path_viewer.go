package rtsp

import (
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

const (
	// maxLag is how old a packet in a viewer's queue may grow: a viewer that
	// is later skips to the next keyframe, since it watches live video.
	maxLag = 2 * time.Second
	// reportPeriod is the time between two sender reports.
	reportPeriod = 5 * time.Second
	// unixToNTP are the seconds from 1900 to 1970.
	unixToNTP = 2208988800
)

// viewer is one session on a path. Its path's lock guards it.
//
// Packets go to each session by itself instead of through gortsplib's
// ServerStream, which sends to all sessions alike: only so does a viewer
// begin at a keyframe, and only so does one that lost a packet skip to the
// next keyframe instead of showing a broken frame.
type viewer struct {
	session *gortsplib.ServerSession
	login   login // empty: anonymous
	track   *description.Media
	ssrc    uint32

	playing bool  // after PLAY
	place   place // its connection's, once it plays
	udp     bool
	started bool // has been given its first keyframe
	open    bool // takes packets; opens at a keyframe, closes at a loss

	queued, dropped uint64 // packets
	octets          uint32 // of payload queued
	nextReport      time.Time

	// mark is a count of packets queued at the time marked. Once they have
	// left the queue a new mark is set, so its age shows the viewer's lag.
	mark   uint64
	marked time.Time
}

// decide settles before its first packet whether the viewer takes a unit. One
// that lost packets waits for the next regular keyframe: to ask for another
// would cost all viewers bandwidth and fill this one's line yet more.
func (v *viewer) decide(u unit) {
	late := v.late(u.now)
	if late || u.gap {
		v.open = false
	}
	if u.keyframe && !late {
		v.open, v.started = true, true
	}
}

// take queues packets of a unit that was decided on. Once one is refused,
// those after it would be of no use. Packets before the viewer's first
// keyframe are neither sent nor dropped.
func (v *viewer) take(pkts []*rtp.Packet) (sent, dropped int) {
	for v.open && sent < len(pkts) {
		if v.session.WritePacketRTP(v.track, pkts[sent]) != nil {
			v.open = false
			break
		}
		v.octets += uint32(len(pkts[sent].Payload))
		sent++
	}
	if v.started {
		dropped = len(pkts) - sent
	}
	v.queued += uint64(sent)
	v.dropped += uint64(dropped)
	return sent, dropped
}

// late reports whether what was queued maxLag ago has still not left.
func (v *viewer) late(now time.Time) bool {
	if v.session.Stats().RTPPacketsSent >= v.mark {
		v.mark, v.marked = v.queued, now
		return false
	}
	return now.Sub(v.marked) > maxLag
}

// report sends a sender report when it is time: after the first access unit, then
// each reportPeriod. It ties the unit's RTP time to its capture time, which
// gortsplib's own reports cannot: they write the fraction of a second wrong.
func (v *viewer) report(u unit) {
	if !v.open || u.now.Before(v.nextReport) {
		return
	}
	v.nextReport = u.now.Add(reportPeriod)
	ntp := u.ntp
	if ntp.IsZero() {
		ntp = u.now
	}
	// A full queue loses the report; the next one makes up for it.
	_ = v.session.WritePacketRTCP(v.track, &rtcp.SenderReport{
		SSRC: v.ssrc, NTPTime: ntpTime(ntp), RTPTime: u.rtp,
		PacketCount: uint32(v.queued), OctetCount: v.octets,
	})
}

// ntpTime is RFC 3550's: seconds since 1900 and their fraction in 1/2^32.
func ntpTime(t time.Time) uint64 {
	sec := uint64(t.Unix() + unixToNTP)
	return sec<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}
