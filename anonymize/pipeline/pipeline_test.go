package pipeline

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/decision"
	"github.com/bauta-gateway/bauta/anonymize/detect"
	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/detector/track"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestMain(m *testing.M) {
	av.Quiet()
	code := m.Run()
	if f, d, e := av.Open(); f+d+e+detector.Open() != 0 {
		fmt.Printf("not closed: %d frames, %d decoders, %d encoders, %d detectors\n", f, d, e, detector.Open())
		code = 1
	}
	os.Exit(code)
}

// stubFinder finds what it is given: schedule and bookkeeping are tested
// apart from what a network makes of a frame.
type stubFinder struct {
	passes  []int
	earlier []int // frames that were searched afterwards
	shapes  []wire.Shape
	mounted []bool
	faces   func(n int) []track.Face
	err     error
}

func (f *stubFinder) Detect(v detect.View) (track.Pass, error) {
	f.passes = append(f.passes, v.N)
	f.shapes = append(f.shapes, wire.Shape{Turn: v.Rotation, Stretch: v.Stretch})
	f.mounted = append(f.mounted, v.Mounted)
	if f.err != nil {
		return track.Pass{Rotations: track.AllRotations}, f.err
	}
	if f.faces == nil {
		return track.Pass{Rotations: track.AllRotations}, nil
	}
	return track.Pass{Faces: f.faces(v.N), Rotations: track.AllRotations}, nil
}
func (f *stubFinder) Params() track.Params {
	return track.Params{Start: 0.3, Continue: 0.15, Sure: 0.6}
}
func (f *stubFinder) Close() {}

// DetectAt finds a face that is very near to where it is thought to be.
func (f *stubFinder) DetectAt(v detect.View, s track.Position) (track.Face, bool, error) {
	f.earlier = append(f.earlier, v.N)
	if f.faces == nil {
		return track.Face{}, false, f.err
	}
	all := f.faces(v.N)
	i := slices.IndexFunc(all, func(g track.Face) bool { return track.IoU(g.Box.Grow(2, 2), s.Box) > 0 })
	if i < 0 {
		return track.Face{}, false, f.err
	}
	return all[i], true, f.err
}

// units makes access units with ffmpeg, 25 a second, the first with number `seq`.
func units(t testing.TB, seq uint64, source string, more ...string) []wire.Unit {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("ffmpeg is missing; `make setup-test` installs it")
	}
	args := append([]string{"-v", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", "-c:v", "libx264",
		"-preset", "veryfast", "-bf", "0", "-g", "25", "-x264-params", "aud=1"}, more...)
	out, err := exec.Command("ffmpeg", append(args, "-f", "h264", "-")...).Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v", err)
	}
	list := split(out, 25)
	for i := range list {
		list[i].Seq += seq
	}
	return list
}

func newPipeline(t testing.TB, f detect.Finder, s wire.Settings) *Pipeline {
	t.Helper()
	p, err := New(Config{Codec: media.H264, Finder: f, Settings: s})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func run(t testing.TB, p *Pipeline, list []wire.Unit) []wire.Result {
	t.Helper()
	var out []wire.Result
	emit := func(r wire.Result) error { out = append(out, r); return nil }
	for _, u := range list {
		if err := p.Push(u, time.Now(), emit); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.End(emit); err != nil {
		t.Fatal(err)
	}
	return out
}

var defaults = wire.Settings{LookAhead: 200 * time.Millisecond, RateCap: 1.5}

const pattern320 = "testsrc2=s=320x180:r=25:d=4"

func TestOneResultEach(t *testing.T) {
	for _, c := range []struct {
		name      string
		lookAhead time.Duration
		more      []string
	}{
		{"default", 200 * time.Millisecond, nil},
		{"no look-ahead", 0, nil},
		{"longest look-ahead", time.Second, nil},
		{"many slices", 200 * time.Millisecond, []string{"-slices", "4"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := units(t, 1, pattern320, c.more...)
			f := &stubFinder{}
			got := run(t, newPipeline(t, f, wire.Settings{LookAhead: c.lookAhead}), list)
			seen := map[uint64]int{}
			for _, r := range got {
				seen[r.Record.Seq]++
				if r.Record.Code != media.Masked || len(r.NALUs) == 0 {
					t.Errorf("unit %d: %v", r.Record.Seq, r.Record.Code)
				}
			}
			for _, u := range list {
				if seen[u.Seq] != 1 {
					t.Errorf("unit %d has %d results", u.Seq, seen[u.Seq])
				}
			}
			ahead := int(c.lookAhead.Seconds()*25 + 0.01)
			for i, n := range f.passes[1:] {
				if n-f.passes[i] > max(1, ahead) {
					t.Errorf("no pass between frames %d and %d", f.passes[i], n)
				}
			}
		})
	}
}

// Promise 1: a frame never leaves before a pass at it or after it.
func TestPassBeforeLeaving(t *testing.T) {
	f := &stubFinder{}
	p := newPipeline(t, f, defaults)
	left := -1
	for _, u := range units(t, 0, pattern320) {
		err := p.Push(u, time.Now(), func(r wire.Result) error {
			left = int(r.Record.Seq)
			if !p.tracker.Covered(left) {
				t.Errorf("frame %d left before a pass at it or after it", left)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if left < 90 {
		t.Errorf("only %d frames left", left)
	}
}

func TestFailingDetectorMasksAll(t *testing.T) {
	f := &stubFinder{err: errors.New("broken")}
	list := units(t, 0, "mandelbrot=s=320x180:r=25,trim=duration=1")
	for _, r := range run(t, newPipeline(t, f, defaults), list) {
		if len(r.NALUs) == 0 {
			t.Fatalf("unit %d: %v", r.Record.Seq, r.Record.Code)
		}
		// A frame of soft tones is tiny; a detailed one is not.
		if size := len(slices.Concat(r.NALUs...)); size > 3000 {
			t.Errorf("unit %d has %d bytes: it still shows detail", r.Record.Seq, size)
		}
	}
}

func TestStillFramesAreNotSearchedAgain(t *testing.T) {
	f := &stubFinder{}
	run(t, newPipeline(t, f, defaults), units(t, 0, "color=gray:s=320x180:r=25:d=3"))
	if len(f.passes) > 2 {
		t.Errorf("%d passes at still frames: %v", len(f.passes), f.passes)
	}
}

func TestSizeChange(t *testing.T) {
	list := units(t, 0, pattern320)
	more := units(t, uint64(len(list)), "testsrc2=s=640x360:r=25:d=2")
	for i := range more {
		more[i].PTS += list[len(list)-1].PTS + 3600
	}
	got := run(t, newPipeline(t, &stubFinder{}, defaults), append(list, more...))
	for i, r := range got {
		want := 320
		if i >= len(list) {
			want = 640
		}
		if r.Record.Code != media.Masked || r.Record.Width != want {
			t.Errorf("result %d: %v, width %d, want %d", i, r.Record.Code, r.Record.Width, want)
		}
		if i == len(list) && !r.Keyframe {
			t.Error("the new size does not begin with a keyframe")
		}
	}
	if len(got) != len(list)+len(more) {
		t.Errorf("%d results, want %d", len(got), len(list)+len(more))
	}
}

// After a restart the newest group of frames is decoded again, but what is
// too old to be shown costs no more than that.
func TestCatchUp(t *testing.T) {
	list := units(t, 0, pattern320)
	for i := range 60 {
		list[i].CatchUp = true
	}
	f := &stubFinder{}
	for i, r := range run(t, newPipeline(t, f, defaults), list) {
		want := media.Shed
		if i >= 60 {
			want = media.Masked
		}
		if r.Record.Code != want || r.Record.Seq != uint64(i) || r.Keyframe != (i == 60 || i == 110) {
			t.Errorf("result %d: unit %d, %v, keyframe %v", i, r.Record.Seq, r.Record.Code, r.Keyframe)
		}
	}
	if f.passes[0] != 60 || len(f.passes) > 12 {
		t.Errorf("passes at %v", f.passes)
	}
}

func TestUnsupportedSize(t *testing.T) {
	for _, r := range run(t, newPipeline(t, &stubFinder{}, defaults), units(t, 0, "testsrc2=s=64x64:r=25:d=1")) {
		if r.Record.Code != media.Unsupported || r.NALUs != nil {
			t.Errorf("unit %d: %v", r.Record.Seq, r.Record.Code)
		}
	}
}

func TestDamagedUnits(t *testing.T) {
	list := units(t, 0, pattern320)
	for i := 10; i < len(list); i += 7 {
		last := bytes.Clone(list[i].NALUs[len(list[i].NALUs)-1])
		for j := 2; j < len(last); j += 5 {
			last[j] ^= 0x5a
		}
		list[i].NALUs = [][]byte{last}
	}
	list[30].NALUs = nil
	got := run(t, newPipeline(t, &stubFinder{}, defaults), list)
	seen := map[uint64]int{}
	for _, r := range got {
		seen[r.Record.Seq]++
		if (r.Record.Code == media.Masked) != (len(r.NALUs) > 0) {
			t.Errorf("unit %d: %v with %d NAL units", r.Record.Seq, r.Record.Code, len(r.NALUs))
		}
	}
	if len(seen) != len(list) || len(got) != len(list) {
		t.Errorf("%d results for %d of %d units", len(got), len(seen), len(list))
	}
}

func TestKeyframes(t *testing.T) {
	p := newPipeline(t, &stubFinder{}, defaults)
	var keys []uint64
	for _, u := range units(t, 0, "testsrc2=s=320x180:r=25:d=6") {
		if u.Seq == 70 {
			p.RequestKeyframe()
		}
		if err := p.Push(u, time.Now(), func(r wire.Result) error {
			if r.Keyframe {
				keys = append(keys, r.Record.Seq)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	// The request at 70 finds frame 61 about to leave: five wait for the look-ahead and
	// four in the decoder, for a file may have B-frames. Two seconds later the next is due.
	if fmt.Sprint(keys) != "[0 50 61 111]" {
		t.Errorf("keyframes at %v", keys)
	}
}

func TestMaskCoversTheFace(t *testing.T) {
	box := track.Box{X: 100, Y: 60, W: 40, H: 50}
	f := &stubFinder{faces: func(int) []track.Face { return []track.Face{{Box: box, Score: 0.9}} }}
	for _, r := range run(t, newPipeline(t, f, defaults), units(t, 0, pattern320)) {
		if r.Record.Faces != 1 || r.Record.Masked != 1 || r.Record.Shown != 0 {
			t.Errorf("unit %d: %+v", r.Record.Seq, r.Record)
		}
	}
	m := decision.MaskRect(track.Position{Box: box, Slack: 3}, true)
	if m.Min.X > 90 || m.Max.X < 150 || m.Min.Y > 45 || m.Max.Y < 118 {
		t.Errorf("mask %v for %v", m, box)
	}
}

// A mask grows with what is not known of a face's place, not with the time that
// nothing moved.
func TestMasksOfStillFacesDoNotGrow(t *testing.T) {
	f := &stubFinder{faces: func(int) []track.Face {
		return []track.Face{{Box: track.Box{X: 100, Y: 60, W: 40, H: 50}, Score: 0.9}}
	}}
	noise := rand.New(rand.NewPCG(5, 5))
	list := encode(t, image.Pt(320, 240), 25, 60, false, func(_ int, img *image.YCbCr) {
		confetti(img, 1)
		for i := range img.Y {
			img.Y[i] += byte(noise.IntN(5))
		}
	})
	p := newPipeline(t, f, defaults)
	first := image.Rectangle{}
	push(t, p, list, func(r wire.Result) {
		mask := p.cover.Faces[0].Rect
		if r.Record.Seq == 0 {
			first = mask
		}
		if mask.Dx() > first.Dx()+2 || mask.Dy() > first.Dy()+2 {
			t.Errorf("frame %d: mask %v, was %v", r.Record.Seq, mask, first)
		}
	})
	if len(f.passes) > 10 {
		t.Errorf("%d passes: the frames are not still", len(f.passes))
	}
}

func TestSettingsAreChecked(t *testing.T) {
	for _, s := range []wire.Settings{{LookAhead: -1}, {LookAhead: 2 * time.Second}, {RateCap: -1}, {Mask: "gaussian"}} {
		if _, err := New(Config{Codec: media.H264, Settings: s}); err == nil {
			t.Errorf("%+v passed", s)
		}
	}
}

func TestRateCap(t *testing.T) {
	list := units(t, 0, "mandelbrot=s=640x360:r=25,trim=duration=16", "-b:v", "300k", "-maxrate", "300k", "-bufsize", "300k")
	const settled = 3 * 25 // the source's rate must be known first
	in, out := 0, 0
	for _, u := range list[settled:] {
		in += len(slices.Concat(u.NALUs...))
	}
	for _, r := range run(t, newPipeline(t, &stubFinder{}, defaults), list)[settled:] {
		out += len(slices.Concat(r.NALUs...))
	}
	if ratio := float64(out) / float64(in); ratio > 1.55 {
		t.Errorf("output is %.2f times the input, want at most about 1.5", ratio)
	}
}

// facesOf looks for faces in the full view alone.
func facesOf(f detect.Finder) func(*image.YCbCr) ([]track.Face, error) {
	return func(img *image.YCbCr) ([]track.Face, error) {
		pass, err := f.Detect(detect.View{Frame: img, FPS: 15, Cheap: true})
		return pass.Faces, err
	}
}

func newModel(t testing.TB) detect.Finder {
	t.Helper()
	f, err := detect.NewModel()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Every shape of frame gets a network input that fits.
func TestModelTakesEveryShape(t *testing.T) {
	for _, size := range []string{"320x180", "322x242", "640x480", "480x854", "1366x768", "1080x1920", "3840x2160"} {
		list := units(t, 0, "testsrc2=s="+size+":r=25:d=0.12")
		for _, r := range run(t, newPipeline(t, newModel(t), defaults), list) {
			if r.Record.Code != media.Masked {
				t.Errorf("%s: %v", size, r.Record.Code)
			}
		}
	}
}
