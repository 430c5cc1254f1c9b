package pipeline

import (
	"testing"

	"github.com/bauta-gateway/bauta/gateway/media"
	"github.com/bauta-gateway/bauta/gateway/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
)

// Masked pictures are shown as their source says, each of the eight ways, from the very
// picture on in which it says so.
func TestOutputIsShownAsItsSource(t *testing.T) {
	p := newPipeline(t, &stubFinder{}, defaults)
	var list []wire.Unit
	said := []string{"", "90", "180", "270", "", "0:flip=horizontal", "90:flip=horizontal", "180:flip=horizontal", "270:flip=horizontal"}
	want := []media.Orientation{{}, {Turn: 3}, {Turn: 2}, {Turn: 1}, {}, {Mirrored: true}, {Turn: 1, Mirrored: true}, {Turn: 2, Mirrored: true}, {Turn: 3, Mirrored: true}}
	for i, degrees := range said {
		list = append(list, oriented(t, uint64(i*25), degrees)...)
	}
	for i := range list {
		list[i].PTS = media.Ticks90k(i) * media.TicksPerSecond / 25
	}
	dec, err := av.NewDecoder(av.H264, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	var shown media.Orientation
	push(t, p, list, func(r wire.Result) {
		if err := dec.Send(r.NALUs, int64(r.Record.Seq), r.Keyframe); err != nil {
			t.Fatal(err)
		}
		f, err := dec.Receive()
		if err != nil || f == nil {
			t.Fatalf("no picture: %v", err)
		}
		defer f.Close()
		if o, is := f.Orientation(); is || r.Keyframe {
			shown = o
		}
		if n := r.Record.Seq; shown != want[n/25] {
			t.Errorf("picture %d is shown as %+v, want %+v", n, shown, want[n/25])
		}
	})
}

// A message goes before the picture's slices.
func TestOrientationGoesBeforeSlices(t *testing.T) {
	nalus := [][]byte{{7}, {8}, {6}, {5, 1}, {5, 2}}
	if got := withOrientation(nalus, media.Orientation{}); len(got) != len(nalus) {
		t.Errorf("an upright picture has %d units", len(got))
	}
	got := withOrientation(nalus, media.Orientation{Turn: 1})
	if len(got) != 6 || got[3][1] != 47 || got[4][1] != 1 {
		t.Errorf("%v", got)
	}
}
