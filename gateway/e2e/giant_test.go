package e2e

import (
	"testing"
	"time"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
)

// bits is a string of bits as H.264 writes them.
type bits struct {
	b []byte
	n int
}

func (w *bits) put(width int, v uint32) {
	for i := width - 1; i >= 0; i-- {
		if w.n%8 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[w.n/8] |= byte(v>>i&1) << (7 - w.n%8)
		w.n++
	}
}

// ue is an unsigned Exp-Golomb code; of 0 it is a single 1, as se is.
func (w *bits) ue(v uint32) {
	width := 0
	for (v+1)>>width > 1 {
		width++
	}
	w.put(width, 0)
	w.put(width+1, v+1)
}

// nalu closes the string. None of those written here holds two zero bytes
// that would need an escape.
func (w *bits) nalu(header byte) []byte {
	w.put(1, 1)
	return append([]byte{header}, w.b...)
}

// giant is a hostile camera's stream: grey frames of so many macroblocks,
// which cost nothing to send, each kept for reference.
type giant struct{ width, height int }

func (g giant) sps() []byte {
	var w bits
	w.put(24, 66<<16|62) // baseline, level 6.2
	w.ue(0)              // seq_parameter_set_id
	w.ue(4)              // frame_num of 8 bits
	w.ue(2)              // pic_order_cnt_type
	w.ue(16)             // max_num_ref_frames
	w.put(1, 0)          // gaps_in_frame_num_value_allowed_flag
	w.ue(uint32(g.width - 1))
	w.ue(uint32(g.height - 1))
	w.put(4, 0b1100) // frames only, direct_8x8_inference, no cropping, no VUI
	return w.nalu(0x67)
}

func (g giant) pps() []byte {
	var w bits
	w.ue(0)
	w.ue(0)
	w.put(2, 0) // CAVLC, no bottom_field_pic_order
	w.ue(0)     // num_slice_groups_minus1
	w.ue(0)
	w.ue(0)
	w.put(3, 0) // no weighted prediction
	w.ue(0)     // pic_init_qp_minus26
	w.ue(0)
	w.ue(0)
	w.put(3, 0b100) // deblocking_filter_control_present_flag
	return w.nalu(0x68)
}

// unit is access unit i: a keyframe first, then frames that repeat it.
func (g giant) unit(i int) [][]byte {
	var w bits
	w.ue(0) // first_mb_in_slice
	if i == 0 {
		w.ue(7) // I
		w.ue(0)
		w.put(8, 0) // frame_num
		w.ue(0)     // idr_pic_id
		w.put(2, 0)
		w.ue(0) // slice_qp_delta
		w.ue(1) // no deblocking
		for range g.width * g.height {
			w.put(8, 0b00100_1_1_1) // Intra 16x16 by DC, without any coefficient
		}
		return [][]byte{g.sps(), g.pps(), w.nalu(0x65)}
	}
	w.ue(5) // P
	w.ue(0)
	w.put(8, uint32(i)&255)
	w.put(3, 0) // no override, no reordering, sliding window
	w.ue(0)
	w.ue(1)
	w.ue(uint32(g.width * g.height)) // all skipped
	return [][]byte{w.nalu(0x61)}
}

// play publishes g at the relay, four frames a second, until the test ends.
func (r *relay) play(t *testing.T, g giant) {
	t.Helper()
	f := &format.H264{PayloadTyp: 96, PacketizationMode: 1, SPS: g.sps(), PPS: g.pps()}
	encoder, err := f.CreateEncoder()
	if err != nil {
		t.Fatal(err)
	}
	media := &description.Media{Type: description.MediaTypeVideo, Formats: []format.Format{f}}
	stream := &gortsplib.ServerStream{Server: r.server, Desc: &description.Session{Medias: []*description.Media{media}}}
	if err := stream.Initialize(); err != nil {
		t.Fatal(err)
	}
	r.mu.Lock()
	r.stream = stream
	r.mu.Unlock()
	stop, done := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(stop); <-done; stream.Close() })
	go func() {
		defer close(done)
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i = (i + 1) % 40 {
			packets, err := encoder.Encode(g.unit(i))
			if err != nil {
				t.Error(err)
				return
			}
			for _, p := range packets {
				p.Timestamp = uint32(time.Now().UnixNano() / 11111)
				_ = stream.WritePacketRTP(media, p) // readers come and go
			}
			select {
			case <-tick.C:
			case <-stop:
				return
			}
		}
	}()
}
