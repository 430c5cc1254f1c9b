package wire

import (
	"encoding/binary"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Sizes of RFC 3550, 5.1, 6.1 and 6.4.1, in bytes.
const (
	rtpHeader    = 12
	rtcpHeader   = 4
	senderReport = 28

	rtpVersion       = 2
	senderReportType = 200
	paddingBit       = 0x20
)

const (
	// adoptAfter is how many packets of another payload type than the description's, and none
	// of its own, are taken as meant.
	adoptAfter = 32
	// sourceSilence is how long a source must be silent before one that it replaced counts again.
	sourceSilence = time.Second
	// sameClock is how far a new source's timestamps may be from those that were due, to count as
	// the old one's going on.
	sameClock = time.Second
	// maxDropout and maxMisorder are how many packets may be lost and how far one may be late, before a
	// sequence number is that of a count that began anew (RFC 3550, A.1).
	maxDropout  = 3000
	maxMisorder = 100
	// leastReset is how far a count goes back at least that began anew: a later timestamp says so, which
	// no late packet has, but for one of a frame that is shown after the next ones.
	leastReset = 4
)

// translator makes what a camera sends for one video track one RTP stream: one SSRC, sequence
// numbers and timestamps that go on where a new SSRC begins, and the payload type that the
// library was told of. It follows the newest SSRC, as RFC 3550, 8.2, has receivers do with a
// source that restarts.
type translator struct {
	announced uint8 // payload type for the library
	own       uint8 // the camera's
	seen      bool  // packets of its own type have come
	aliens    int   // packets of alien, in a row
	alien     uint8

	begun         bool
	out           uint32 // the SSRC that is given on
	current, left uint32 // that of the camera now and before
	seqOffset     uint16
	tsOffset      uint32
	topSeq        uint16 // the highest ones that were given on
	topTS         uint32
	arrived       time.Time // of the latest packet of the current source
}

// rtp changes a packet in place and reports whether it is one of the video.
func (t *translator) rtp(b []byte, now time.Time) bool {
	if len(b) < rtpHeader || b[0]>>6 != rtpVersion {
		return true // the library counts it
	}
	if !t.payloadType(b) || !t.source(b, now) {
		return false
	}
	seq, ts := binary.BigEndian.Uint16(b[2:])+t.seqOffset, binary.BigEndian.Uint32(b[4:])+t.tsOffset
	binary.BigEndian.PutUint16(b[2:], seq)
	binary.BigEndian.PutUint32(b[4:], ts)
	binary.BigEndian.PutUint32(b[8:], t.out)
	if int16(seq-t.topSeq) > 0 {
		t.topSeq = seq
	}
	if int32(ts-t.topTS) > 0 {
		t.topTS = ts
	}
	t.arrived = now
	t.padding(b)
	return true
}

// padding mends a count that cannot be meant: 0 leaves out the count itself, and where it is more than
// there are bytes there is none.
func (t *translator) padding(b []byte) {
	last := &b[len(b)-1]
	switch {
	case b[0]&paddingBit == 0, len(b) == rtpHeader:
	case *last == 0:
		*last = 1
	case int(*last) > len(b)-rtpHeader:
		b[0] &^= paddingBit
	}
}

func (t *translator) payloadType(b []byte) bool {
	pt := b[1] & 0x7f
	if pt != t.own && !t.adopt(pt) {
		return false
	}
	t.seen = true
	b[1] = b[1]&0x80 | t.announced
	return true
}

// adopt takes another payload type as the video's where nothing else comes.
func (t *translator) adopt(pt uint8) bool {
	if t.seen {
		return false
	}
	if pt != t.alien {
		t.alien, t.aliens = pt, 0
	}
	if t.aliens++; t.aliens < adoptAfter {
		return false
	}
	t.own = pt
	return true
}

// source follows the camera's SSRC.
func (t *translator) source(b []byte, now time.Time) bool {
	seq, ts, ssrc := binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	switch {
	case !t.begun:
		t.begun, t.out, t.current, t.left = true, ssrc, ssrc, ssrc
		t.topSeq, t.topTS = seq, ts
	case ssrc == t.current:
		t.continueCount(seq, ts+t.tsOffset)
	case ssrc == t.left && now.Sub(t.arrived) < sourceSilence:
		return false // late, or one of two that take turns
	default:
		t.left, t.current = t.current, ssrc
		t.seqOffset = t.topSeq + 1 - seq
		t.continueClock(ts, now)
	}
	return true
}

// continueCount keeps the sequence numbers going where the camera counts anew.
func (t *translator) continueCount(seq uint16, ts uint32) {
	ahead := seq + t.seqOffset - t.topSeq
	far := ahead >= maxDropout && ahead <= 1<<16-1-maxMisorder
	back := ahead > 1<<15 && ahead <= 1<<16-leastReset && int32(ts-t.topTS) > 0
	if far || back {
		t.seqOffset = t.topSeq + 1 - seq
	}
}

// continueClock keeps the timestamps going where a new source counts from elsewhere.
func (t *translator) continueClock(ts uint32, now time.Time) {
	due := int64(media.TicksOf(now.Sub(t.arrived)))
	off := int64(int32(ts+t.tsOffset-t.topTS)) - due
	if slack := int64(media.TicksOf(sameClock)); off > slack || off < -slack {
		t.tsOffset = t.topTS + uint32(max(due, 1)) - ts
	}
}

// rtcp changes the sender reports of the current source in place, as its packets.
func (t *translator) rtcp(b []byte) {
	for len(b) >= rtcpHeader {
		size := 4 * (1 + int(binary.BigEndian.Uint16(b[2:])))
		if size > len(b) {
			return
		}
		if b[1] == senderReportType && size >= senderReport && t.begun && binary.BigEndian.Uint32(b[4:]) == t.current {
			binary.BigEndian.PutUint32(b[4:], t.out)
			binary.BigEndian.PutUint32(b[16:], binary.BigEndian.Uint32(b[16:])+t.tsOffset)
		}
		b = b[size:]
	}
}

// isRTCP tells packets of both kinds apart that come on one channel (RFC 5761, 4).
func isRTCP(b []byte) bool { return len(b) > 1 && b[1] >= 192 && b[1] <= 223 }
