package hls

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/formats/fmp4"
	"github.com/bluenviron/mediacommon/v2/pkg/formats/fmp4/seekablebuffer"
	"github.com/bluenviron/mediacommon/v2/pkg/formats/mp4"

	"github.com/bauta-gateway/bauta/hardware/media"
)

const (
	// partTarget is the longest part, where frames come more often than that: it suits whole
	// numbers of frames at the usual rates, so that parts are about as long as each other.
	partTarget = media.TicksPerSecond * 45 / 100
	// A segment ends at the first keyframe after segmentLeast, and in any case after
	// segmentMost, which players round to targetSeconds.
	segmentLeast  = media.TicksPerSecond
	segmentMost   = media.TicksPerSecond * 24 / 10
	targetSeconds = 2
	// keptSegments are those that a player finds beside the newest one.
	keptSegments = 6
	// askAfter is the age of a segment at which the next keyframe is asked for.
	askAfter = media.TicksPerSecond * 15 / 10
)

// The bounds in bytes of one segment, and of all of a stream.
const (
	maxSegment = 4 << 20
	MaxStream  = 16 << 20
)

// part is some frames of a segment as fragmented MP4.
type part struct {
	id          uint64
	data        []byte
	ticks       media.Ticks90k
	independent bool // begins with a keyframe
	shows       bool // somebody's face, by consent
}

// segment is some parts in a row. All but the newest are complete.
type segment struct {
	number  uint64
	initial uint64    // its init segment
	fresh   bool      // another one than that of the segment before
	begins  time.Time // when its first frame was taken
	parts   []part
	ticks   media.Ticks90k
	size    int
}

// frame waits for the next one, which says how long it lasts.
type frame struct {
	sample *fmp4.Sample
	pts    media.Ticks90k
	ntp    time.Time
	shows  bool // as in part
}

// muxer holds the newest seconds of one stream in memory. Its methods may be called from
// any goroutine; none waits but wait.
type muxer struct {
	// name parts its files from those of another muxer of the same stream.
	name string

	mu      sync.Mutex
	changed chan struct{} // closed with the next part
	closed  bool

	sps, pps []byte
	initials map[uint64][]byte
	initial  uint64

	segments []*segment // the last one grows
	begun    uint64     // number of the first one, where there is none yet
	older    uint64     // changes of the init segment that are no longer listed
	nextPart uint64
	bytes    int

	held    *frame
	first   media.Ticks90k
	last    media.Ticks90k // how long the last frame was
	samples []*fmp4.Sample // of the part that grows
	begins  media.Ticks90k
	length  media.Ticks90k
	shows   bool
}

func newMuxer() *muxer {
	b := make([]byte, 6)
	rand.Read(b) // never fails
	return &muxer{name: hex.EncodeToString(b), changed: make(chan struct{}), initials: map[uint64][]byte{}}
}

// write takes the stream's next frame; the first ones are left out until a keyframe comes.
func (m *muxer) write(c media.Clean) (err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	defer func() {
		if err != nil { // it goes on at the next keyframe
			m.held, m.samples = nil, nil
		}
	}()
	sps, pps := media.H264Sets(c.NALUs())
	begins := c.Keyframe() && sps != nil && pps != nil
	if m.closed || m.held == nil && !begins {
		return nil
	}
	other := begins && !(bytes.Equal(sps, m.sps) && bytes.Equal(pps, m.pps))
	if m.held != nil {
		if err := m.add(c.PTS()-m.held.pts, c.Keyframe(), other); err != nil {
			return err
		}
	} else if m.initial == 0 {
		m.first = c.PTS()
	}
	if other {
		if err := m.begin(sps, pps); err != nil {
			return err
		}
	}
	sample, err := sampleOf(c)
	m.held = &frame{sample, c.PTS(), c.NTP(), c.Record().Shown > 0}
	return err
}

// add puts the held frame, which lasts so long, into the part that grows, and ends that and
// the segment where they are long enough or the next frame wants it.
func (m *muxer) add(ticks media.Ticks90k, keyframe, other bool) error {
	now := m.newest()
	if now == nil {
		now = m.open()
	}
	if len(m.samples) == 0 {
		m.begins, m.length = m.held.pts, 0
	}
	m.held.sample.Duration = uint32(ticks)
	m.samples = append(m.samples, m.held.sample)
	m.shows = m.shows || m.held.shows
	m.length += ticks
	m.last = ticks
	now.size += len(m.held.sample.Payload)
	length := now.ticks + m.length
	switch {
	case other, keyframe && length >= segmentLeast, length+m.last/2 >= segmentMost, now.size >= maxSegment:
		if err := m.endPart(now); err != nil {
			return err
		}
		m.segments = append(m.segments, nil) // opened by the next frame
		m.trim()
	case m.length+m.last > partTarget:
		return m.endPart(now)
	}
	return nil
}

// newest is the segment that grows; nil: the next frame opens one.
func (m *muxer) newest() *segment {
	if len(m.segments) == 0 {
		return nil
	}
	return m.segments[len(m.segments)-1]
}

// open begins a segment with the held frame.
func (m *muxer) open() *segment {
	s := &segment{number: m.begun, initial: m.initial, begins: m.held.ntp}
	if len(m.segments) == 0 {
		m.segments = append(m.segments, s)
		return s
	}
	at := len(m.segments) - 1
	m.segments[at] = s
	if at > 0 {
		s.number, s.fresh = m.segments[at-1].number+1, m.segments[at-1].initial != m.initial
	}
	return s
}

// endPart makes a part of the frames that wait and wakes who waits for it.
func (m *muxer) endPart(now *segment) error {
	p := part{id: m.nextPart, ticks: m.length, independent: !m.samples[0].IsNonSyncSample, shows: m.shows}
	var b seekablebuffer.Buffer
	made := fmp4.Part{SequenceNumber: uint32(p.id), Tracks: []*fmp4.PartTrack{{ID: 1, BaseTime: uint64(m.begins - m.first), Samples: m.samples}}}
	m.samples, m.shows = nil, false
	if err := made.Marshal(&b); err != nil {
		return fmt.Errorf("part of a segment: %w", err)
	}
	p.data = b.Bytes()
	m.nextPart++
	m.bytes += len(p.data)
	now.ticks += p.ticks
	now.parts = append(now.parts, p)
	m.trim()
	close(m.changed)
	m.changed = make(chan struct{})
	return nil
}

// trim forgets the oldest segments and the init segments that only they used.
func (m *muxer) trim() {
	for len(m.segments) > keptSegments+1 || m.bytes > MaxStream && len(m.segments) > 2 {
		for _, p := range m.segments[0].parts {
			m.bytes -= len(p.data)
		}
		m.segments = m.segments[1:]
		if s := m.segments[0]; s != nil && s.fresh {
			// The playlist begins with it, without the mark.
			s.fresh = false
			m.older++
		}
	}
	oldest := m.initial
	if s := m.segments[0]; s != nil {
		oldest = s.initial
	}
	for id := range m.initials {
		if id < oldest {
			delete(m.initials, id)
		}
	}
}

// withdraw forgets all that is kept where any of it shows a face by consent. Players go on behind it,
// from the next keyframe on: numbers are used once.
func (m *muxer) withdraw() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed || !m.showsFaces() {
		return
	}
	next := m.next().segment
	for i, s := range m.segments {
		if s != nil {
			next = max(next, s.number+1)
			if i > 0 && s.fresh {
				m.older++
			}
		}
	}
	m.segments, m.begun, m.bytes = nil, next, 0
	m.held, m.samples, m.shows = nil, nil, false
}

func (m *muxer) showsFaces() bool {
	shown := m.shows || m.held != nil && m.held.shows
	for _, s := range m.segments {
		shown = shown || s != nil && slices.ContainsFunc(s.parts, func(p part) bool { return p.shows })
	}
	return shown
}

// begin makes the init segment for frames with these parameter sets.
func (m *muxer) begin(sps, pps []byte) error {
	var b seekablebuffer.Buffer
	made := fmp4.Init{Tracks: []*fmp4.InitTrack{{ID: 1, TimeScale: media.TicksPerSecond, Codec: &mp4.CodecH264{SPS: sps, PPS: pps}}}}
	if err := made.Marshal(&b); err != nil {
		return fmt.Errorf("init segment: %w", err)
	}
	m.sps, m.pps = sps, pps
	m.initial++
	m.initials[m.initial] = b.Bytes()
	return nil
}

// wantsKeyframe reports whether the segment that grows waits for one.
func (m *muxer) wantsKeyframe() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held == nil {
		return true
	}
	now := m.newest()
	return now != nil && now.ticks+m.length >= askAfter
}

// close wakes who waits, for the last time.
func (m *muxer) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.closed {
		m.closed = true
		close(m.changed)
	}
}

// sampleOf is a frame as MP4 has it: the init segment holds its parameter sets.
func sampleOf(c media.Clean) (*fmp4.Sample, error) {
	var units h264.AVCC
	for _, u := range c.NALUs() {
		switch media.H264Type(u) {
		case 0, h264.NALUTypeSPS, h264.NALUTypePPS, h264.NALUTypeAccessUnitDelimiter:
		default:
			units = append(units, u)
		}
	}
	payload, err := units.Marshal()
	if err != nil {
		return nil, fmt.Errorf("frame for HLS: %w", err)
	}
	return &fmp4.Sample{IsNonSyncSample: !c.Keyframe(), Payload: payload}, nil
}
