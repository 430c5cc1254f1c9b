package output

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/load"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestMain(m *testing.M) {
	av.Quiet()
	code := m.Run()
	if f, d, e := av.Open(); f+d+e != 0 {
		fmt.Printf("not closed: %d frames, %d decoders, %d encoders\n", f, d, e)
		code = 1
	}
	os.Exit(code)
}

// camera feeds an encoder at 25 frames a second; change may alter frame n before it is encoded.
func camera(t *testing.T, o *Encoder, from, count int, change func(n int, f *Frame)) (keys []int) {
	t.Helper()
	img, err := av.NewFrame(320, 192)
	if err != nil {
		t.Fatal(err)
	}
	defer img.Close()
	var rate load.FrameRate
	for n := from; n < from+count; n++ {
		f := Frame{Image: img, Seq: uint64(n), PTS: media.Ticks90k(n) * 3600}
		rate.Observe(f.PTS)
		size := 400
		if n%25 == 0 {
			size = 4000
		}
		o.Count(wire.Unit{Seq: f.Seq, PTS: f.PTS, Keyframe: n%25 == 0, NALUs: [][]byte{make([]byte, size)}})
		if change != nil {
			change(n, &f)
		}
		nalus, key, err := o.Encode(f, rate)
		if err != nil || len(nalus) == 0 {
			t.Fatalf("frame %d: %d NAL units, %v", n, len(nalus), err)
		}
		if key {
			keys = append(keys, n)
		}
	}
	return keys
}

// A keyframe comes at first, every two seconds where it costs little, and at once where a
// viewer asks, the frame is shown otherwise, or its time goes back.
func TestKeyframesWhereTheyAreNeeded(t *testing.T) {
	for name, c := range map[string]struct {
		change func(o *Encoder, n int, f *Frame)
		want   []int
	}{
		"by itself": {func(*Encoder, int, *Frame) {}, []int{0, 50, 100}},
		"a viewer": {func(o *Encoder, n int, _ *Frame) {
			if n == 30 {
				o.RequestKeyframe()
			}
		}, []int{0, 30, 80}},
		"rotated": {func(_ *Encoder, n int, f *Frame) {
			if n >= 40 {
				f.Orientation = media.Orientation{Turn: 1}
			}
		}, []int{0, 40, 90}},
		"time goes back": {func(_ *Encoder, n int, f *Frame) {
			if n >= 60 {
				f.PTS -= 55 * 3600
			}
		}, []int{0, 50, 60}},
	} {
		o := NewEncoder(wire.Settings{RateCap: 1.5}, nil)
		got := camera(t, o, 0, 110, func(n int, f *Frame) { c.change(o, n, f) })
		o.Close()
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: keyframes at %v, want %v", name, got, c.want)
		}
	}
}

// Frames of another size, and those after Close, begin with a keyframe of another encoder.
func TestAnotherEncoderBeginsWithAKeyframe(t *testing.T) {
	o := NewEncoder(wire.Settings{}, nil)
	defer o.Close()
	large, err := av.NewFrame(640, 352)
	if err != nil {
		t.Fatal(err)
	}
	defer large.Close()
	keys := camera(t, o, 0, 20, func(n int, f *Frame) {
		if n >= 10 {
			f.Image = large
		}
		if n == 15 {
			o.Close()
		}
	})
	if want := []int{0, 10, 15}; !slices.Equal(keys, want) {
		t.Errorf("keyframes at %v, want %v", keys, want)
	}
}

// The encoder's clock never stands still or leaps, whatever the camera's does.
func TestClockGrows(t *testing.T) {
	rate := load.FrameRate{Interval: 3600}
	o := NewEncoder(wire.Settings{}, nil)
	for i, c := range []struct{ pts, want media.Ticks90k }{
		{3600, 3600}, {7200, 7200}, {7200, 10800}, {0, 14400}, {18000, 18000}, {18000 + 61*media.TicksPerSecond, 21600}, {25200, 25200},
	} {
		if got := o.clock(c.pts, rate); got != c.want {
			t.Errorf("step %d: %d becomes %d, want %d", i, c.pts, got, c.want)
		}
	}
}

// The bound follows the settings: none where RateCap is 0, and never less than a still
// camera needs.
func TestRateIsBounded(t *testing.T) {
	for ratio, want := range map[float64]func(int64) bool{
		0:   func(bits int64) bool { return bits == 0 },
		1:   func(bits int64) bool { return bits > 60_000 && bits < 140_000 },
		2:   func(bits int64) bool { return bits > 130_000 && bits < 280_000 },
		0.1: func(bits int64) bool { return bits >= 8_000 && bits < 20_000 },
	} {
		o := NewEncoder(wire.Settings{RateCap: 1.5}, nil)
		o.Apply(wire.Settings{RateCap: ratio})
		camera(t, o, 0, 100, nil)
		if !want(o.cap) {
			t.Errorf("a source of about 100 kbit/s, %v times: bound %d", ratio, o.cap)
		}
		o.Close()
	}
}
