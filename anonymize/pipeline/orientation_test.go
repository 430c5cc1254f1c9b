package pipeline

import (
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// Each record says how its frame is shown, each of the eight ways, from the very frame on
// in which the source says so, and that one is a keyframe. The worker's frames say nothing.
func TestRecordsSayHowFramesAreShown(t *testing.T) {
	p := newPipeline(t, &stubFinder{}, defaults)
	var list []wire.Unit
	sent := []string{"", "90", "180", "270", "", "0:flip=horizontal", "90:flip=horizontal", "180:flip=horizontal", "270:flip=horizontal"}
	want := []media.Orientation{{}, {Turn: 3}, {Turn: 2}, {Turn: 1}, {}, {Mirrored: true}, {Turn: 1, Mirrored: true}, {Turn: 2, Mirrored: true}, {Turn: 3, Mirrored: true}}
	for i, degrees := range sent {
		list = append(list, oriented(t, uint64(i*25), degrees)...)
	}
	for i := range list {
		list[i].PTS = media.Ticks90k(i) * media.TicksPerSecond / 25
	}
	var before media.Orientation
	push(t, p, list, func(r wire.Result) {
		o := r.Record.Orientation
		if n := r.Record.Seq; o != want[n/25] || o != before && !r.Keyframe {
			t.Errorf("frame %d is shown as %+v, want %+v, keyframe %v", n, o, want[n/25], r.Keyframe)
		}
		before = o
		for _, n := range r.NALUs {
			if kind := n[0] & 31; kind != 1 && kind != 5 && kind != 7 && kind != 8 {
				t.Errorf("frame %d has a NAL unit of type %d", r.Record.Seq, kind)
			}
		}
	})
}
