package pipeline

import (
	"math/rand/v2"
	same "reflect"
	"testing"

	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/gateway/media"
	"github.com/bauta-gateway/bauta/gateway/wire"
)

// A worker that is behind encodes beside decoding. What comes out of it, and in
// which order, is the same: masks must neither reach the decoder's pictures nor
// be missing from what is encoded.
func TestBesideIsTheSame(t *testing.T) {
	list := units(t, 1, scene320)
	for i := 20; i < len(list); i += 23 {
		list[i].CatchUp = true
	}
	film := func(behind func() bool) []wire.Result {
		f := &stubFinder{faces: func(n int) []track.Face {
			return []track.Face{{Box: track.Box{X: float32(20 + 2*n), Y: 40, W: 60, H: 72}, Score: 0.9}}
		}}
		p := newPipeline(t, f, wire.Settings{LookAhead: defaults.LookAhead})
		p.behind = behind
		out := run(t, p, list)
		for i := range out {
			out[i].Record.Held, out[i].Record.Work = 0, 0
		}
		return out
	}
	want := film(nil)
	for name, behind := range map[string]func() bool{
		"always":       func() bool { return true },
		"now and then": func() bool { return rand.IntN(2) == 0 },
		"never":        func() bool { return false },
	} {
		got := film(behind)
		if len(got) != len(want) {
			t.Errorf("%s: %d results, not %d", name, len(got), len(want))
			continue
		}
		for i := range got {
			if !same.DeepEqual(got[i], want[i]) {
				t.Errorf("%s: result %d is of unit %d (%v, %d NAL units), without it of unit %d (%v, %d NAL units)", name, i,
					got[i].Record.Seq, got[i].Record.Code, len(got[i].NALUs), want[i].Record.Seq, want[i].Record.Code, len(want[i].NALUs))
				break
			}
		}
	}
}

// What is being encoded when a worker ends is waited for; TestMain counts the frames.
func TestCloseWhileEncoding(t *testing.T) {
	p := newPipeline(t, &stubFinder{}, wire.Settings{})
	p.behind = func() bool { return true }
	masked := 0
	for _, u := range units(t, 1, scene320)[:12] {
		if err := p.Push(u, u.NTP, func(r wire.Result) error {
			if r.Record.Code == media.Masked {
				masked++
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	p.Close()
	if masked == 0 {
		t.Error("nothing left while more was to come")
	}
}
