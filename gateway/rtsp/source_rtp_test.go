package rtsp

import (
	"bytes"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"

	"github.com/bauta-gateway/bauta/gateway/rtsp/describe"
	"github.com/bauta-gateway/bauta/hardware/jpegscan"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// assembly is an assembler and what it gave.
type assembly struct {
	unitAssembler
	counters sourceCounters
	got      []assembled
	faults   []error
}

func newAssembly(codec media.Codec) *assembly { return newAssemblyOf(describe.Video{Codec: codec}) }

func newAssemblyOf(video describe.Video) *assembly {
	a, codec := &assembly{}, video.Codec
	var f format.Format
	switch codec {
	case media.H264:
		f = &format.H264{PayloadTyp: 96, PacketizationMode: 1}
	case media.H265:
		f = &format.H265{PayloadTyp: 96}
	default:
		f = &format.MJPEG{}
	}
	t, err := newTrack(&description.Media{Formats: []format.Format{f}}, video)
	if err != nil {
		panic(err)
	}
	a.unitAssembler = unitAssembler{codec: codec, decode: t.decode, count: &a.counters,
		emit: func(u assembled) { a.got = append(a.got, u) },
		note: func(err error) { a.faults = append(a.faults, err) }}
	return a
}

// bigUnits are units from a keyframe on (the clip's second, which ffmpeg does
// not sign with an SEI message), the first one of several packets.
func bigUnits(t testing.TB, codec media.Codec, n int) (camClip, [][]*rtp.Packet) {
	t.Helper()
	clip := makeCamClip(t, codec, 640, 360, 20)
	clip.units = clip.units[10:]
	pack := clip.packets(t)
	var units [][]*rtp.Packet
	seq := uint16(math.MaxUint16 - 3)
	for i := range n {
		pkts := pack(clip.units[i])
		for _, p := range pkts {
			p.SequenceNumber, p.Timestamp = seq, uint32(i)*camInterval
			seq++
		}
		units = append(units, pkts)
	}
	return clip, units
}

func TestAssemblerLoss(t *testing.T) {
	for _, codec := range []media.Codec{media.H264, media.H265, media.MJPEG} {
		clip, units := bigUnits(t, codec, 3)
		first := len(units[0])
		if first < 3 {
			t.Fatalf("%v: the first unit has %d packets only", codec, first)
		}
		for _, c := range []struct {
			name      string
			unit, pkt int // which packet is lost
			want      []int
		}{
			{"none", -1, 0, []int{0, 1, 2}},
			{"the first of a unit", 0, 0, []int{1, 2}},
			{"one in the middle", 0, first / 2, []int{1, 2}},
			{"the last of a unit", 0, first - 1, []int{1, 2}},
			{"the first of the second unit", 1, 0, []int{0, 2}},
		} {
			a := newAssembly(codec)
			for u, pkts := range units {
				for i, p := range pkts {
					if u != c.unit || i != c.pkt {
						a.push(p, time.Now())
					}
				}
			}
			// A lost packet of one that was the whole unit leaves nothing to be damaged.
			if len(a.got) != len(c.want) {
				t.Errorf("%v, %s lost: %d units, want %d", codec, c.name, len(a.got), len(c.want))
				continue
			}
			for i, u := range a.got {
				if u.ts != uint32(c.want[i])*camInterval || codec != media.MJPEG && !bytes.Equal(bytes.Join(u.nalus, nil), bytes.Join(clip.units[c.want[i]], nil)) {
					t.Errorf("%v, %s lost: unit %d is another one", codec, c.name, i)
				}
			}
			lost := a.counters.lost.Load()
			if c.unit >= 0 && (c.unit != 0 || c.pkt != 0) && lost != 1 {
				t.Errorf("%v, %s lost: %d counted", codec, c.name, lost)
			}
		}
	}
}

// nal is an RTP packet of one H.264 NAL unit.
func nal(seq uint16, ts uint32, marker bool, b ...byte) *rtp.Packet {
	return &rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: 96, SequenceNumber: seq, Timestamp: ts, Marker: marker}, Payload: b}
}

func TestAssemblerBoundaries(t *testing.T) {
	const first, later = 0x88, 0x08 // slices that begin an access unit, or go on with one
	for _, c := range []struct {
		name string
		in   []*rtp.Packet
		want []uint32 // timestamps
		lost uint64
	}{
		{"markers", []*rtp.Packet{nal(1, 10, true, 0x41, first), nal(2, 20, true, 0x41, first)}, []uint32{10, 20}, 0},
		{"timestamps only", []*rtp.Packet{nal(1, 10, false, 0x41, first), nal(2, 20, false, 0x41, first), nal(3, 30, false, 0x41, first)}, []uint32{10, 20}, 0},
		{"empty packets between", []*rtp.Packet{nal(1, 10, false, 0x41, first), nal(2, 10, false), nal(3, 10, true, 0x41, later)}, []uint32{10}, 0},
		{"whole units lost", []*rtp.Packet{nal(1, 10, true, 0x41, first), nal(4, 40, true, 0x41, first)}, []uint32{10, 40}, 2},
		{"joined in the middle of a unit", []*rtp.Packet{nal(1, 10, true, 0x41, later), nal(2, 20, true, 0x41, first)}, []uint32{20}, 0},
		{"head lost", []*rtp.Packet{nal(1, 10, true, 0x41, first), nal(3, 20, true, 0x41, later)}, []uint32{10}, 1},
		{"slice lost", []*rtp.Packet{nal(1, 10, false, 0x41, first), nal(3, 10, true, 0x41, later)}, nil, 1},
		{"tail or marker lost", []*rtp.Packet{nal(1, 10, false, 0x41, first), nal(3, 20, true, 0x41, first)}, []uint32{20}, 1},
		{"gap at an empty packet", []*rtp.Packet{nal(1, 10, false, 0x41, first), nal(3, 10, false), nal(4, 10, true, 0x41, later)}, nil, 1},
		{"count begins anew", []*rtp.Packet{nal(40000, 10, true, 0x41, first), nal(5, 20, true, 0x41, first)}, []uint32{10, 20}, 25540},
		{"count steps back", []*rtp.Packet{nal(40000, 10, true, 0x41, first), nal(30000, 20, true, 0x41, first)}, []uint32{10, 20}, 0},
		{"malformed", []*rtp.Packet{nal(1, 10, false, 0x41, first), nal(2, 10, true, 0x7c), nal(3, 20, true, 0x41, first)}, []uint32{20}, 0},
	} {
		a := newAssembly(media.H264)
		for _, p := range c.in {
			a.push(p, time.Now())
		}
		var got []uint32
		for _, u := range a.got {
			got = append(got, u.ts)
		}
		if len(got) != len(c.want) || a.counters.lost.Load() != c.lost {
			t.Errorf("%s: %v, %d lost; want %v, %d lost", c.name, got, a.counters.lost.Load(), c.want, c.lost)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
	}
}

func TestAssemblerBounds(t *testing.T) {
	big := append([]byte{0x41, 0x88}, make([]byte, 60000)...)
	for _, c := range []struct {
		name    string
		packets int
		payload []byte
	}{
		{"bytes", maxUnitSize/len(big) + 1, big},
		{"NAL units", maxUnitNALUs + 1, []byte{0x41, 0x88}},
		{"packets that hold nothing", maxUnitPackets + 2, []byte{0x7c, 0x01}}, // fragments without content
	} {
		a := newAssembly(media.H264)
		a.push(nal(0, 10, false, 0x7c, 0x81, 0x88), time.Now()) // a fragment begins
		for i := range c.packets {
			a.push(nal(uint16(i+1), 10, false, c.payload...), time.Now())
		}
		a.push(nal(uint16(c.packets+1), 10, true, 0x41, 0x08), time.Now())
		a.push(nal(uint16(c.packets+2), 20, true, 0x41, 0x88), time.Now())
		if len(a.got) != 1 || a.got[0].ts != 20 || a.counters.damaged.Load() != 1 || len(a.faults) != 1 || !errors.Is(a.faults[0], errUnitTooLarge) {
			t.Errorf("%s: %d units, %d damaged, %v", c.name, len(a.got), a.counters.damaged.Load(), a.faults)
		}
	}
}

// Cameras with restart markers send types from 64 on.
func TestJPEGRestartMarkers(t *testing.T) {
	clip := makeCamClip(t, media.MJPEG, 320, 184, 3)
	plain := clip.units[0][0]
	image := withRestart(plain, 20) // no such markers follow; ffmpeg need not see it
	a := newAssembly(media.MJPEG)
	for i, p := range clip.packets(t)([][]byte{image}) {
		p.SequenceNumber = uint16(i)
		if p.Payload[4] < restartTypes {
			t.Fatal("the packets announce no restart interval")
		}
		a.push(p, time.Now())
	}
	if len(a.got) != 1 || !bytes.Equal(a.got[0].nalus[0][:8], []byte{0xff, 0xd8, 0xff, 0xdd, 0, 4, 0, 20}) {
		t.Fatalf("got %d frames, faults %v", len(a.got), a.faults)
	}
	scan := plain[bytes.LastIndex(plain, []byte{0xff, 0xda}):]
	if !bytes.HasSuffix(a.got[0].nalus[0], scan[14:]) {
		t.Error("the scan is another one")
	}
	if w, h, ok := jpegscan.Size(a.got[0].nalus[0]); w != 320 || h != 184 || !ok {
		t.Errorf("size %d x %d, %v", w, h, ok)
	}
}

// Whatever comes by RTP, nothing crashes and nothing exceeds the bounds.
func FuzzAssembler(f *testing.F) {
	f.Add(uint8(media.H264), []byte{2, 0x7c, 0x85, 3, 0x7c, 0x45, 1, 0x80, 2, 0x41, 0x88})
	f.Add(uint8(media.H265), []byte{4, 0x62, 1, 0x93, 1, 5, 0x62, 1, 0x53, 1, 2, 0x80, 3, 2, 1, 0x80})
	f.Add(uint8(129), []byte{6, 0x62, 1, 0x93, 0, 1, 5, 0x62, 1, 0xd3, 0, 2, 2, 0x88, 10, 0x60, 1, 0, 1, 0, 2, 7, 7, 0, 0, 1, 3, 0x80}) // with decoding order numbers
	f.Add(uint8(media.MJPEG), []byte{13, 0, 0, 0, 0, 1, 50, 2, 2, 0xff, 0xd9, 1, 2, 3})
	f.Add(uint8(media.MJPEG), []byte{14, 0, 0, 0, 0, 65, 255, 2, 2, 0, 1, 0xff, 0xff, 1, 2, 3})
	f.Fuzz(func(t *testing.T, codec uint8, b []byte) {
		c := media.Codec(codec%3 + 1)
		a, cl := newAssemblyOf(describe.Video{Codec: c, DON: codec >= 128}), newUnitCleaner(c, nil, time.Time{})
		for seq := uint16(0); len(b) > 1; seq++ { // a length and that many bytes make a packet
			n := min(int(b[0]&0x1f), len(b)-1)
			p := nal(seq, uint32(b[0]>>6), b[0]&0x20 != 0, b[1:1+n]...)
			if b[0] == 0xff {
				seq++ // lost
			}
			a.push(p, time.Time{})
			b = b[1+n:]
		}
		for _, u := range a.got {
			out, key, ok := cl.clean(u.nalus, time.Time{}.Add(time.Hour))
			checkClean(t, cl, out, key, ok)
		}
	})
}

func TestTimeline(t *testing.T) {
	start := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	unit := func(ts uint32, ms int) assembled { return assembled{ts: ts, ssrc: 7, arrived: at(ms)} }
	check := func(l *timeline, a assembled, pts media.Ticks90k, ntp time.Time) {
		t.Helper()
		p, n := l.stamp(a, false)
		if p != pts || n.Sub(ntp).Abs() > time.Microsecond {
			t.Errorf("stamp: %d, %v; want %d, %v", p, n, pts, ntp)
		}
	}
	wall := time.Date(2026, 2, 3, 4, 5, 6, 750_000_000, time.UTC)
	report := func(ssrc, ts uint32) *rtcp.SenderReport {
		return &rtcp.SenderReport{SSRC: ssrc, RTPTime: ts, NTPTime: uint64(wall.Unix()+ntpEpoch)<<32 | 3<<30}
	}

	l := &timeline{}
	check(l, unit(math.MaxUint32-899, 0), 0, at(0)) // no report: time of arrival
	check(l, unit(900, 20), 1800, at(20))           // across the wrap
	check(l, unit(0, 25), 900, at(25))              // decoding order is not that of presentation
	l.report(report(8, 900))                        // another track's
	l.report(&rtcp.SenderReport{SSRC: 7, RTPTime: 900})
	l.report(&rtcp.SenderReport{SSRC: 7, RTPTime: 900, NTPTime: 100 << 32})      // uptime
	l.report(&rtcp.SenderReport{SSRC: 7, RTPTime: 900, NTPTime: ntpEpoch << 32}) // 1970: never set
	check(l, unit(2700, 40), 3600, at(40))
	l.report(report(7, 900))
	check(l, unit(4500, 60), 5400, wall.Add(40*time.Millisecond))
	check(l, unit(4500+90000*9, 9000), 5400+90000*9, wall.Add(9040*time.Millisecond)) // a pause
	// The camera's count jumps: time goes on by arrival until the next report.
	check(l, unit(1<<30, 9020), 5400+90000*9+1800, at(9020))
	check(l, unit(1<<30+1800, 9040), 5400+90000*9+3600, at(9040))
	l.report(report(7, 1<<30+1800))
	check(l, unit(1<<30+3600, 9060), 5400+90000*9+5400, wall.Add(20*time.Millisecond))

	early := &timeline{}
	early.report(report(7, 5000))
	check(early, unit(5000+90000, 0), 0, wall.Add(time.Second))
}
