package wire

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// sent is a packet of a camera, and how it should come out: seq -1 is one that is left out.
type sent struct {
	ssrc uint32
	pt   uint8
	seq  uint16
	ts   uint32
	wait time.Duration // before it
	want int
	at   uint32
}

func TestTranslator(t *testing.T) {
	const ms = time.Millisecond
	for name, packets := range map[string][]sent{
		"one source":      {{1, 96, 10, 0, 0, 10, 0}, {1, 96, 11, 3600, 40 * ms, 11, 3600}},
		"a wrap":          {{1, 96, 65535, 0xffffff00, 0, 65535, 0xffffff00}, {1, 96, 0, 3344, 40 * ms, 0, 3344}},
		"a lost packet":   {{1, 96, 10, 0, 0, 10, 0}, {1, 96, 12, 3600, 40 * ms, 12, 3600}},
		"a late packet":   {{1, 96, 10, 0, 0, 10, 0}, {1, 96, 9, 0, 0, 9, 0}, {1, 96, 11, 0, 0, 11, 0}},
		"counts anew":     {{1, 96, 5000, 0, 0, 5000, 0}, {1, 96, 7, 3600, 40 * ms, 5001, 3600}, {1, 96, 8, 7200, 40 * ms, 5002, 7200}},
		"starts over":     {{1, 96, 1, 0, 0, 1, 0}, {1, 96, 9, 0, 0, 9, 0}, {1, 96, 1, 3600, 40 * ms, 10, 3600}, {1, 96, 2, 3600, 0, 11, 3600}},
		"late by far":     {{1, 96, 1, 3600, 0, 1, 3600}, {1, 96, 9, 7200, 0, 9, 7200}, {1, 96, 2, 3600, 0, 2, 3600}},
		"another source":  {{1, 96, 10, 0, 0, 10, 0}, {2, 96, 500, 3600, 40 * ms, 11, 3600}, {2, 96, 501, 7200, 40 * ms, 12, 7200}},
		"another clock":   {{1, 96, 10, 0, 0, 10, 0}, {2, 96, 500, 90000000, 40 * ms, 11, 3600}, {2, 96, 501, 90003600, 40 * ms, 12, 7200}},
		"late of the old": {{1, 96, 10, 0, 0, 10, 0}, {2, 96, 1, 3600, 40 * ms, 11, 3600}, {1, 96, 11, 0, ms, -1, 0}, {2, 96, 2, 3600, ms, 12, 3600}},
		"two in turns":    {{1, 96, 10, 0, 0, 10, 0}, {2, 96, 1, 0, ms, 11, 0}, {1, 96, 11, 0, ms, -1, 0}, {2, 96, 2, 0, ms, 12, 0}, {1, 96, 12, 0, ms, -1, 0}},
		"the old returns": {{1, 96, 10, 0, 0, 10, 0}, {2, 96, 1, 3600, 40 * ms, 11, 3600}, {1, 96, 11, 400000, 2 * time.Second, 12, 3600 + 180000}},
		"other types":     {{1, 96, 10, 0, 0, 10, 0}, {1, 97, 900, 0, 0, -1, 0}, {1, 96, 11, 0, 0, 11, 0}},
	} {
		tr, now := translator{own: 96, announced: 96}, time.Unix(1700000000, 0)
		for i, p := range packets {
			now = now.Add(p.wait)
			b := marshal(t, &rtp.Packet{Header: rtp.Header{Version: 2, SSRC: p.ssrc, PayloadType: p.pt, SequenceNumber: p.seq, Timestamp: p.ts}, Payload: []byte{1, 2}})
			if kept := tr.rtp(b, now); kept != (p.want >= 0) {
				t.Errorf("%s: packet %d kept %v", name, i, kept)
				continue
			} else if !kept {
				continue
			}
			var got rtp.Packet
			if err := got.Unmarshal(b); err != nil || got.SSRC != packets[0].ssrc || int(got.SequenceNumber) != p.want || got.Timestamp != p.at {
				t.Errorf("%s: packet %d came out as %v, %v", name, i, got.Header, err)
			}
		}
	}
}

func marshal(t testing.TB, p interface{ Marshal() ([]byte, error) }) []byte {
	t.Helper()
	b, err := p.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A payload type that the description does not name is the video's where nothing else comes.
func TestTranslatorAdoptsPayloadType(t *testing.T) {
	tr := translator{own: 98, announced: 96}
	for i := range 3 * adoptAfter {
		b := marshal(t, &rtp.Packet{Header: rtp.Header{Version: 2, SSRC: 1, PayloadType: 96, SequenceNumber: uint16(i)}, Payload: []byte{1}})
		if kept := tr.rtp(b, time.Unix(0, 0)); kept != (i >= adoptAfter-1) {
			t.Fatalf("packet %d kept: %v", i, kept)
		}
	}
	tr = translator{own: 98, announced: 96}
	for i := range 9 * adoptAfter { // two types in turn are none
		b := marshal(t, &rtp.Packet{Header: rtp.Header{Version: 2, SSRC: 1, PayloadType: uint8(100 + i%2)}, Payload: []byte{1}})
		if tr.rtp(b, time.Unix(0, 0)) {
			t.Fatal("one of two other types was taken")
		}
	}
}

// Sender reports go with their source; those of others stay as they are.
func TestTranslatorReports(t *testing.T) {
	tr, now := translator{own: 96, announced: 96}, time.Unix(1700000000, 0)
	for i, ssrc := range []uint32{1, 2} {
		b := marshal(t, &rtp.Packet{Header: rtp.Header{Version: 2, SSRC: ssrc, PayloadType: 96, SequenceNumber: uint16(i), Timestamp: uint32(i) * 1e9}, Payload: []byte{1}})
		tr.rtp(b, now)
		now = now.Add(40 * time.Millisecond)
	}
	both := append(marshal(t, &rtcp.SenderReport{SSRC: 2, RTPTime: 1e9 + 9000, NTPTime: 5}), marshal(t, &rtcp.SenderReport{SSRC: 7, RTPTime: 42})...)
	tr.rtcp(both)
	packets, err := rtcp.Unmarshal(both)
	if err != nil || len(packets) != 2 {
		t.Fatal(packets, err)
	}
	own, other := packets[0].(*rtcp.SenderReport), packets[1].(*rtcp.SenderReport)
	if own.SSRC != 1 || own.RTPTime != 3600+9000 || own.NTPTime != 5 || other.SSRC != 7 || other.RTPTime != 42 {
		t.Errorf("%+v\n%+v", own, other)
	}
}

// FuzzTranslator: no bytes bring it down, and what is kept has the one source and type.
func FuzzTranslator(f *testing.F) {
	f.Add([]byte{0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 5}, []byte{0xa0, 96, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0}, []byte{0x80, 200, 0, 6})
	f.Add([]byte{0xa0, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}, []byte{}, []byte{}) // padding without a byte of it
	f.Fuzz(func(t *testing.T, a, b, c []byte) {
		tr, now := translator{own: 96, announced: 26}, time.Unix(0, 0)
		for _, p := range [][]byte{a, b, c, a} {
			kept := tr.rtp(p, now)
			if kept && len(p) >= rtpHeader && p[0]>>6 == rtpVersion && (p[1]&0x7f != 26 || binary.BigEndian.Uint32(p[8:]) != tr.out) {
				t.Fatalf("%x is kept", p)
			}
			tr.rtcp(c)
			now = now.Add(time.Second / 2)
		}
	})
}
