package rtsp

import (
	"errors"
	"time"

	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// Bounds on what one access unit may take.
const (
	maxUnitSize    = 16 << 20 // bytes: a Motion JPEG image of 7680x4320 takes 10 MiB at good quality
	maxUnitNALUs   = 1024
	maxUnitPackets = 1 << 15
)

var errUnitTooLarge = errors.New("access unit exceeds 16 MiB, 1024 NAL units or 32768 packets")

// assembled is one access unit as it came.
type assembled struct {
	nalus   [][]byte // for Motion JPEG the one image
	ts      uint32   // RTP timestamp
	ssrc    uint32
	arrived time.Time // of its first packet
}

// unitAssembler makes access units of RTP packets: one ends with a marker, or
// where the timestamp changes (some cameras set no markers). It leaves out
// units that lack a packet.
type unitAssembler struct {
	codec  media.Codec
	decode packetDecoder
	count  *sourceCounters
	emit   func(assembled)
	note   func(error)

	next    uint16 // sequence number
	started bool   // next is known
	gap     bool   // packets were lost since the latest one with a payload
	ended   uint32 // timestamp of the latest unit
	deaf    bool   // to markers: the camera sets them within units

	open     bool // a unit has begun:
	cur      assembled
	size     int
	packets  int
	hurt     bool // something of it is missing
	headless bool // packets before its first one were lost
}

// push takes the packets in the order of their sequence numbers.
func (a *unitAssembler) push(pkt *rtp.Packet, now time.Time) {
	a.follow(pkt.SequenceNumber)
	if len(pkt.Payload) == 0 {
		return
	}
	gap := a.gap
	a.gap = false
	if a.open && a.cur.ts != pkt.Timestamp {
		a.hurt = a.hurt || gap // its end may be what was lost
		a.finish()
	}
	if !a.open {
		a.open, a.size, a.packets, a.hurt, a.headless = true, 0, 0, false, gap
		a.cur = assembled{ts: pkt.Timestamp, ssrc: pkt.SSRC, arrived: now}
	} else if gap {
		a.hurt = true
	}
	a.add(pkt)
	if pkt.Marker && !a.deaf {
		a.finish()
	}
}

// follow notices lost packets; nobody knows what came before the first one.
// A jump of half the number space or more is a camera that began to count
// anew: how many were lost is then unknown.
func (a *unitAssembler) follow(seq uint16) {
	missing := seq - a.next
	a.gap = a.gap || !a.started || missing != 0
	if a.started && missing < 1<<15 {
		a.count.lost.Add(uint64(missing))
	}
	a.next, a.started = seq+1, true
}

func (a *unitAssembler) add(pkt *rtp.Packet) {
	if a.hurt {
		return
	}
	nalus, err := a.decode(pkt)
	if err != nil {
		a.count.malformed.Add(1)
		a.spoil(err)
		return
	}
	a.packets++
	for _, n := range nalus {
		a.size += len(n)
	}
	a.cur.nalus = append(a.cur.nalus, nalus...)
	if a.size > maxUnitSize || len(a.cur.nalus) > maxUnitNALUs || a.packets > maxUnitPackets {
		a.spoil(errUnitTooLarge)
	}
}

func (a *unitAssembler) spoil(err error) {
	a.note(err)
	a.deaf = a.deaf && !errors.Is(err, errUnitTooLarge)
	a.hurt, a.cur.nalus = true, nil
}

func (a *unitAssembler) finish() {
	a.open = false
	if !a.hurt && !a.headless && a.cur.ts == a.ended && !beginsUnit(a.codec, a.cur.nalus) {
		a.deaf = true // this is the rest of a unit that a marker cut
		a.hurt = true
	}
	a.ended = a.cur.ts
	if a.hurt || a.headless && !beginsUnit(a.codec, a.cur.nalus) {
		a.count.damaged.Add(1)
		return
	}
	if len(a.cur.nalus) > 0 {
		a.emit(a.cur)
	}
}

// beginsUnit reports whether the first slice is the first one of its
// access unit. Both codecs say so in the first bit after the NAL unit's header. A
// JPEG image cannot lack its beginning: its decoder would have complained.
func beginsUnit(codec media.Codec, nalus [][]byte) bool {
	head, ok := headerSize[codec]
	if !ok {
		return true
	}
	for _, n := range nalus {
		if kindOf(codec, n).slice() {
			return n[head]&0x80 != 0
		}
	}
	return true
}
