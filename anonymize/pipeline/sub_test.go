package pipeline

import (
	"bytes"
	"errors"
	"image"
	"slices"
	"testing"
	"time"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// withSub is the settings with a sub-stream.
func withSub(size media.SubSize, fps int) wire.Settings {
	s := defaults
	s.RateCap, s.Sub = 0, wire.SubStream{Size: size, FPS: fps}
	return s
}

// The sub-stream's frames are masked where the frames are, small, evenly fewer, and each can be
// decoded.
func TestSubStreamIsMasked(t *testing.T) {
	const fps, count = 25, 50
	p := newPipeline(t, faceAt(200, 200, 80), withSub(media.SubHalf, 10))
	v := newViewer(t)
	var times []media.Ticks90k
	push(t, p, encode(t, image.Pt(640, 352), fps, count, false, checkers), func(r wire.Result) {
		if r.Record.Width != 640 {
			t.Fatalf("the frame itself is %d wide", r.Record.Width)
		}
		if len(r.Sub.NALUs) == 0 {
			return
		}
		times = append(times, r.Record.PTS)
		if r.Sub.Width != 320 || r.Sub.Height != 176 {
			t.Fatalf("%dx%d", r.Sub.Width, r.Sub.Height)
		}
		v.see(wire.Result{Record: r.Record, NALUs: r.Sub.NALUs, Keyframe: len(times) == 1}, func(img *image.YCbCr) {
			if img.Rect.Size() != image.Pt(320, 176) {
				t.Fatalf("a viewer gets %v", img.Rect)
			}
			if n := contrast(img, image.Rect(105, 105, 135, 135)); n > 100 {
				t.Errorf("frame %d: a contrast of %d in the face", r.Record.Seq, n)
			}
			if n := contrast(img, image.Rect(200, 105, 240, 135)); n < 110 {
				t.Errorf("frame %d: a contrast of %d beside it", r.Record.Seq, n)
			}
		})
	})
	if len(times) < 19 || len(times) > 21 {
		t.Fatalf("%d frames of %d", len(times), count)
	}
	for i := range times[1:] {
		if d := times[i+1] - times[i]; d < 2*media.TicksPerSecond/fps || d > 3*media.TicksPerSecond/fps {
			t.Errorf("%d ticks between two frames", d)
		}
	}
}

// A sub-stream is made from the moment on that it is asked for, begins with a keyframe each time and
// has one on request; once it is not wanted any more there is no encoder. What leaves beside it stays
// byte for byte as it is without.
func TestSubStreamComesAndGoes(t *testing.T) {
	units := encode(t, image.Pt(640, 352), 25, 50, false, checkers)
	plain := newPipeline(t, faceAt(200, 200, 80), withSub("", 0))
	var want [][][]byte
	push(t, plain, units, func(r wire.Result) { want = append(want, r.NALUs) })

	p := newPipeline(t, faceAt(200, 200, 80), withSub("", 0))
	p.cover.Seed, p.cover.seeded = plain.cover.Seed, true
	var subs []uint64
	keys, n := 0, 0
	emit := func(r wire.Result) error {
		if !slices.EqualFunc(r.NALUs, want[n], bytes.Equal) {
			t.Errorf("frame %d is another one beside a sub-stream", n)
		}
		if n++; len(r.Sub.NALUs) > 0 {
			subs = append(subs, r.Record.Seq)
			if slices.ContainsFunc(r.Sub.NALUs, func(n []byte) bool { return media.H264Type(n) == h264.NALUTypeIDR }) {
				keys++
			}
		}
		return nil
	}
	for i, u := range units {
		var err error
		switch i {
		case 10, 40:
			err = p.Apply(withSub(media.SubQuarter, 25))
		case 15:
			p.RequestSubKeyframe()
		case 30:
			if err = p.Apply(withSub("", 0)); p.sub.out != nil {
				t.Error("the encoder is kept though nobody watches")
			}
		}
		if err = errors.Join(err, p.Push(u, time.Now(), emit)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.End(emit); err != nil {
		t.Fatal(err)
	}
	if len(subs) < 36 || len(subs) > 42 || keys != 3 {
		t.Errorf("%d frames, %d of them keyframes: %v", len(subs), keys, subs)
	}
}

// Which frames leave is settled by their times, whatever the camera's clock does.
func TestSubStreamTakes(t *testing.T) {
	for name, c := range map[string]struct {
		interval media.Ticks90k
		fps      int
		times    []media.Ticks90k
		want     string
	}{
		"fewer than asked for": {9000, 25, []media.Ticks90k{0, 9000, 18000}, "xxx"},
		"as many":              {3600, 25, []media.Ticks90k{0, 3700, 7100, 10900, 14400}, "xxxxx"},
		"half as many":         {3600, 12, []media.Ticks90k{0, 3600, 7200, 10800, 14400, 18000}, "x.x.x."},
		"a pause":              {3600, 12, []media.Ticks90k{0, 3600, 900000, 903600, 907200}, "x.x.x"},
		"a jump back":          {3600, 12, []media.Ticks90k{900000, 903600, 0, 3600, 7200}, "x.x.x"},
	} {
		var s sub
		got := ""
		for _, pts := range c.times {
			if s.takes(pts, c.interval, c.fps) {
				got += "x"
			} else {
				got += "."
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
