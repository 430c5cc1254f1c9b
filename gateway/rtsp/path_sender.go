package rtsp

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/format/rtph264"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	payloadType = 96
	// maxPayload is the most bytes in one RTP packet: with its headers it
	// passes links of 1420 bytes (WireGuard) and 1492 (PPPoE) unbroken.
	maxPayload = 1360
	// A large unit leaves in steps where a viewer takes UDP: a keyframe all
	// at once overflows the buffers of switches and of viewers, and nobody
	// sends again what was lost there.
	paceStep  = time.Millisecond
	paceSteps = 20 // at most: half the time between two access units
	paceLeast = 8  // packets in one step
)

// sender packs a path's access units and hands them to its viewers. It is one
// goroutine; everything in it is its own.
type sender struct {
	path     *Path
	encoder  *rtph264.Encoder
	clock    uint32 // RTP time of PTS 0: random, as RFC 3550 wants
	sps, pps []byte // of the newest keyframe
}

// unit is one access unit, ready to send.
type unit struct {
	pkts     []*rtp.Packet
	keyframe bool
	gap      bool // the one before is lost
	rtp      uint32
	ntp, now time.Time
}

func newSender(p *Path) (*sender, error) {
	enc := &rtph264.Encoder{PayloadType: payloadType, PacketizationMode: 1, PayloadMaxSize: maxPayload}
	if err := enc.Init(); err != nil {
		return nil, fmt.Errorf("RTP encoder: %w", err)
	}
	return &sender{path: p, encoder: enc, clock: rand.Uint32()}, nil
}

func (s *sender) run() {
	for {
		select {
		case <-s.path.ctx.Done():
			return
		case e := <-s.path.queue:
			s.send(e)
		}
	}
}

func (s *sender) send(e queuedUnit) {
	nalus := e.clean.NALUs()
	if e.clean.Keyframe() {
		nalus = s.begin(nalus)
	}
	pkts, err := s.encoder.Encode(nalus)
	if err != nil {
		s.path.log.Error("access unit does not fit RTP", "err", err)
		return
	}
	u := unit{
		pkts: pkts, keyframe: e.clean.Keyframe(), gap: e.gap,
		rtp: s.clock + uint32(e.clean.PTS()), ntp: e.clean.NTP(), now: time.Now(),
	}
	for _, pkt := range pkts {
		pkt.Timestamp = u.rtp
	}
	s.deliver(u)
}

// begin learns the parameter sets of a keyframe for the viewers to come. A
// keyframe that lacks them gets the last known ones.
func (s *sender) begin(nalus [][]byte) [][]byte {
	sps, pps := media.H264Sets(nalus)
	if sps == nil || pps == nil {
		if s.sps == nil {
			return nalus
		}
		return append([][]byte{s.sps, s.pps}, nalus...)
	}
	s.sps, s.pps = sps, pps
	s.path.format.SafeSetParams(sps, pps)
	select {
	case <-s.path.ready:
	default:
		close(s.path.ready)
	}
	return nalus
}

// deliver hands a unit to all viewers, in steps where one of them takes UDP.
func (s *sender) deliver(u unit) {
	step := len(u.pkts)
	if s.path.open(u) {
		step = max(paceLeast, (len(u.pkts)+paceSteps-1)/paceSteps)
	}
	due := u.now
	for part := range slices.Chunk(u.pkts, max(step, 1)) {
		// Behind its time, or with the next unit waiting, it hurries.
		if early := time.Until(due); early > 0 && len(s.path.queue) == 0 {
			time.Sleep(early)
		}
		due = due.Add(paceStep)
		s.path.give(part)
	}
	s.path.report(u)
}

// open lets each viewer decide on a unit; it returns whether one takes UDP.
func (p *Path) open(u unit) (udp bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for v := range p.watching() {
		v.decide(u)
		udp = udp || v.udp
	}
	return udp
}

// give hands packets to the viewers that take the unit they are of.
func (p *Path) give(pkts []*rtp.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for v := range p.watching() {
		sent, dropped := v.take(pkts)
		p.stats.Packets += uint64(sent)
		p.stats.Dropped += uint64(dropped)
	}
}

func (p *Path) report(u unit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for v := range p.watching() {
		v.report(u)
	}
}

// watching ranges over the viewers that PLAY; the caller holds the lock.
func (p *Path) watching() func(yield func(*viewer) bool) {
	return func(yield func(*viewer) bool) {
		for _, v := range p.viewers {
			if v.playing && !yield(v) {
				return
			}
		}
	}
}
