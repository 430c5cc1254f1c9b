package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/config/text"
	"github.com/bauta-gateway/bauta/gateway/worker/slate"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// through sends frames through a relay's pass.
func through(t *testing.T, note func(wire.Kind, []byte) error, send func(*wire.Writer)) {
	t.Helper()
	var from, to bytes.Buffer
	send(wire.NewWriter(&from))
	sent := from.String()
	if err := pass(&from, &to, note); err != nil {
		t.Fatal(err)
	}
	if to.String() != sent {
		t.Error("the relay changed what it passed on")
	}
}

// What viewers get is right only where a worker of that very camera vouched
// for it.
func TestVerifierKnowsWhatWasVouchedFor(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "bin", recordsDir), 0o755); err != nil {
		t.Fatal(err)
	}
	original, masked, refused := bytes.Repeat([]byte{0x65, 1}, 50), bytes.Repeat([]byte{0x65, 2}, 50), bytes.Repeat([]byte{0x65, 3}, 50)
	r := &recorder{dir: filepath.Join(dir, "bin"), seen: map[digest]bool{}}
	through(t, r.down, func(w *wire.Writer) {
		w.Write(wire.KindHello, wire.MarshalJSONBody(wire.Hello{Camera: "east"}))
		w.Write(wire.KindUnit, wire.Unit{NALUs: [][]byte{original}}.Marshal())
	})
	through(t, r.up, func(w *wire.Writer) {
		w.Write(wire.KindResult, wire.Result{Record: media.Record{Code: media.Masked}, NALUs: [][]byte{masked}}.Marshal())
		w.Write(wire.KindResult, wire.Result{Record: media.Record{Code: media.Undecodable}, NALUs: [][]byte{refused}}.Marshal())
	})
	b, now := newVerifier(dir, nil), time.Now()
	defer b.close()
	b.slates.cards = nil // to look for slates takes seconds, and none of these is one
	b.check("east", [][]byte{masked}, now)
	if got, want := b.counts(), (counts{frames: 1}); got != want {
		t.Errorf("a masked frame: %+v", got)
	}
	for _, wrong := range [][][]byte{{original}, {refused}, {masked, original}} {
		b.check("east", wrong, now)
	}
	b.check("west", [][]byte{masked}, now) // another camera's
	if got, want := b.counts(), (counts{frames: 1, unvouched: 4}); got != want {
		t.Errorf("wrong ones: %+v, want %+v", got, want)
	}
	through(t, r.up, func(w *wire.Writer) { // a worker that only passes on
		w.Write(wire.KindResult, wire.Result{Record: media.Record{Code: media.Masked}, NALUs: [][]byte{original}}.Marshal())
	})
	b.check("east", [][]byte{original}, now)
	if got := b.counts(); got.originals != 1 {
		t.Errorf("an original that a worker vouched for: %+v", got)
	}
	caption := bytes.Repeat([]byte{6, 5}, 50)
	through(t, r.up, func(w *wire.Writer) { // a worker that passes on what is said beside the frame
		w.Write(wire.KindResult, wire.Result{Record: media.Record{Code: media.Masked}, NALUs: [][]byte{caption, masked}}.Marshal())
	})
	b.check("east", [][]byte{caption, masked}, now)
	if got := b.counts(); got.nonFrame != 1 || got.unvouched != 4 {
		t.Errorf("words beside a frame: %+v", got)
	}
}

// A slate is known by its bytes, whatever it says and whenever it begins.
func TestSlatesAreKnown(t *testing.T) {
	size := [2]int{320, 180}
	known := newSlates([][2]int{size})
	reasons := text.SlateReasons()[:3] // more would only take longer
	known.cards = slices.DeleteFunc(known.cards, func(c card) bool { return c.size != size || !slices.Contains(reasons, c.reason) })
	r := rand.New(rand.NewPCG(1, 2))
	one, now := slate.New(size[0], size[1]), time.Now()
	for i := range 40 {
		if i%20 == 0 {
			reason := reasons[i/20%3]
			one.SetCard(slate.Card{Title: both(text.SlateTitle), Reason: both(reason), Camera: "east"})
		}
		nalus, _ := one.Next(now, i%17 == 0)
		for _, n := range nalus {
			if !known.has("east", n, now.Add(300*time.Millisecond)) {
				t.Fatalf("frame %d, NAL unit of type %d: not known", i, media.H264Type(n))
			}
		}
		if i == 0 && (known.has("west", nalus[2], now) || known.has("east", nalus[2][:len(nalus[2])-1], now)) {
			t.Error("known of another camera or with a byte less")
		}
		now = now.Add(slate.Interval + time.Duration(r.IntN(1000))*time.Millisecond)
	}
}

// The faults that a seed makes are the same each time.
func TestSeedMakesTheFaults(t *testing.T) {
	made := func(seed uint64) (names string) {
		r := rand.New(rand.NewPCG(seed, 0))
		for range 20 {
			names += pick(r).name + ", "
		}
		return names
	}
	if one, again, other := made(7), made(7), made(8); one != again || one == other {
		t.Errorf("%s\n%s\n%s", one, again, other)
	}
}
