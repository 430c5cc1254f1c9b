package pipeline

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// The finder knows how frames are shown: by who mounted the camera before the header, by
// the header before the stream.
func TestFinderKnowsTheShape(t *testing.T) {
	for _, c := range []struct {
		mounting media.Mounting
		header   wire.Shape
		sar      string
		message  string
		want     wire.Shape
	}{
		{"", wire.Shape{}, "0", "", wire.Shape{}},
		{"", wire.Shape{}, "2/1", "", wire.Shape{Stretch: 2}},
		{"", wire.Shape{Turn: 3}, "2/1", "", wire.Shape{Turn: 3, Stretch: 2}},
		{"", wire.Shape{Turn: 1, Stretch: 0.5}, "2/1", "", wire.Shape{Turn: 1, Stretch: 0.5}},
		{"", wire.Shape{}, "0", "90", wire.Shape{Turn: 3}},
		{"auto", wire.Shape{}, "2/1", "270", wire.Shape{Turn: 1, Stretch: 2}},
		{"auto", wire.Shape{Turn: 3}, "0", "90", wire.Shape{Turn: 3}},
		{"180", wire.Shape{}, "2/1", "", wire.Shape{Turn: 2, Stretch: 2}},
		{"0", wire.Shape{Turn: 1}, "0", "90", wire.Shape{}},
		{"90", wire.Shape{Turn: 2}, "0", "90", wire.Shape{Turn: 1}},
	} {
		f := &stubFinder{}
		s := defaults
		s.Mounting = c.mounting
		p := newPipeline(t, f, s)
		p.cfg.Shape = c.header
		run(t, p, oriented(t, 0, c.message, "-vf", "setsar="+c.sar))
		if len(f.shapes) == 0 {
			t.Fatal("there was no pass")
		}
		_, mounted := c.mounting.Turn()
		for i, got := range f.shapes {
			if got != c.want || f.mounted[i] != mounted {
				t.Errorf("%+v: got %+v, mounted %v", c, got, f.mounted[i])
			}
		}
	}
}

// oriented makes a second of a stream that says by how many degrees anticlockwise it is to be
// turned; it says nothing where that is empty.
func oriented(t *testing.T, seq uint64, degrees string, more ...string) []wire.Unit {
	t.Helper()
	if degrees != "" {
		more = append(more, "-bsf:v", "h264_metadata=display_orientation=insert:rotate="+degrees)
	}
	return units(t, seq, "testsrc2=s=320x180:r=25:d=1", more...)
}

// A header that says one rotation and a stream that says another leave nobody knowing how the
// frames are shown: there is none.
func TestContradictingRotationsGiveNoFrame(t *testing.T) {
	for _, c := range []struct {
		header  int
		stream  string // anticlockwise
		refused bool
	}{{1, "90", true}, {1, "180", true}, {1, "270", false}, {2, "180", false}, {0, "90", false}, {3, "", false}} {
		p, err := New(Config{Codec: media.H264, Settings: defaults, Shape: wire.Shape{Turn: c.header}, Finder: &stubFinder{}})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		refused := 0
		push(t, p, oriented(t, 1, c.stream), func(r wire.Result) {
			if r.Record.Code == media.Disagreeing && len(r.NALUs) == 0 {
				refused++
			}
		})
		if c.refused && refused != 25 || !c.refused && refused > 0 {
			t.Errorf("header %d, stream %q: %d frames refused", c.header, c.stream, refused)
		}
	}
}

// A camera that is turned says so from a keyframe on, and says nothing once it hangs upright again;
// who is asked for the way up answers while frames run.
func TestShapeChangesWhileRunning(t *testing.T) {
	f := &stubFinder{}
	p := newPipeline(t, f, defaults)
	var list []wire.Unit
	for i, degrees := range []string{"", "90", "180", ""} {
		list = append(list, oriented(t, uint64(i*25), degrees)...)
	}
	for i := range list {
		list[i].PTS = media.Ticks90k(i) * media.TicksPerSecond / 25
	}
	emit := func(wire.Result) error { return nil }
	for _, u := range list {
		if err := p.Push(u, time.Now(), emit); err != nil {
			t.Fatal(err)
		}
		if u.Seq == 85 {
			s := defaults
			s.Mounting = "90"
			if err := p.Apply(s); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, n := range f.passes {
		want := []int{0, 3, 2, 0}[n/25]
		switch {
		case n > 85:
			want = 1
		case n > 80:
			continue // the decoder holds some back
		}
		if got := f.shapes[i].Turn; got != want {
			t.Errorf("frame %d: rotation %d, want %d", n, got, want)
		}
	}
	if last := f.passes[len(f.passes)-1]; last < 90 {
		t.Errorf("the last pass is at frame %d", last)
	}
	if err := p.Apply(wire.Settings{Mounting: "45"}); err == nil {
		t.Error("a mounting of 45 degrees passed")
	}
}
