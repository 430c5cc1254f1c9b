package pipeline

import (
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

const interval = media.TicksPerSecond / 25

// groups repeats a group of frames for a camera's stream that goes on from unit `seq`.
func groups(group []wire.Unit, seq uint64, times int) (list []wire.Unit) {
	for n := range times {
		for i, u := range group {
			i += n * len(group)
			u.Seq, u.PTS = seq+uint64(i), u.PTS+media.Ticks90k(seq+uint64(n*len(group)))*interval
			list = append(list, u)
		}
	}
	return list
}

// withB is a group of 25 frames of which two of three are B-frames, in the
// order in which they are sent.
func withB(t *testing.T) []wire.Unit {
	t.Helper()
	list := units(t, 0, "testsrc2=s=128x96:r=25:d=1", "-bf", "2", "-x264-params", "aud=1:b-adapt=0:b-pyramid=none:scenecut=0")
	for i := 1; i < len(list); i++ {
		// P3 B1 B2 P6 B4 B5 and so on
		list[i].PTS = media.Ticks90k((i-1)/3*3+[]int{3, 1, 2}[(i-1)%3]) * interval
	}
	return list
}

// feed pushes units to a live pipeline and returns, for each, how many the
// decoder holds then.
func feed(t *testing.T, p *Pipeline, list []wire.Unit) (held []int) {
	t.Helper()
	for _, u := range list {
		err := p.Push(u, time.Now(), func(r wire.Result) error {
			if r.Record.Code != media.Masked {
				t.Errorf("unit %d: %v", r.Record.Seq, r.Record.Code)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, len(p.pending))
	}
	return held
}

func newLivePipeline(t *testing.T) *Pipeline {
	t.Helper()
	p, err := New(Config{Codec: media.H264, Live: true, Finder: &stubFinder{}, Settings: defaults})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// A camera that ceases to send B-frames is late only until that is certain:
// libavcodec itself would keep all its frames back from then on.
func TestLagEnds(t *testing.T) {
	p := newLivePipeline(t)
	feed(t, p, groups(withB(t), 0, 2))
	plain := units(t, 0, "testsrc2=s=128x96:r=25:d=1")
	held := feed(t, p, groups(plain, 50, 45))
	if held[50] == 0 {
		t.Error("nothing is held back even at first: the test shows nothing")
	}
	if last := held[len(held)-1]; last != 0 {
		t.Errorf("45 s after the last B-frame the decoder still holds %d frames", last)
	}
}

// B-frames need the decoder's delay; no other one is tried.
func TestLagOfBFramesStays(t *testing.T) {
	p := newLivePipeline(t)
	first := p.dec
	feed(t, p, groups(withB(t), 0, 65))
	if p.dec != first {
		t.Error("the decoder was replaced in a stream that needs its delay")
	}
}

func TestLagIsTriedEverLessOften(t *testing.T) {
	l, tries := newLag(), []int{}
	for second := range 300 {
		if l.excess(media.Ticks90k(second) * media.TicksPerSecond) {
			tries = append(tries, second)
		}
		held := 1
		if second > 280 {
			held = 0
		}
		l.fed(held)
	}
	if want := []int{20, 40, 80, 160}; len(tries) != len(want) || tries[3] != want[3] {
		t.Errorf("another decoder was tried after %v s, not %v", tries, want)
	}
	if l.excess(320 * media.TicksPerSecond) {
		t.Error("another decoder is tried though nothing is held back any more")
	}
	if l.span != lagFirst {
		t.Errorf("the next lag is searched for after %v", l.span.Duration())
	}
}

// Times that jump back begin a new span.
func TestLagTimesJumpBack(t *testing.T) {
	l := newLag()
	l.fed(1)
	if l.excess(-1) || l.since != -1 {
		t.Error("a span that never was counts")
	}
}
