package av

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"
	"github.com/bluenviron/mediacommon/v2/pkg/codecs/h265"

	"github.com/bauta-gateway/bauta/hardware/media"
)

func TestMain(m *testing.M) {
	Quiet()
	code := m.Run()
	if f, d, e := Open(); f+d+e != 0 {
		fmt.Printf("not closed: %d frames, %d decoders, %d encoders\n", f, d, e)
		code = 1
	}
	os.Exit(code)
}

// What frames held is the system's again once they are closed, even where later ones
// are still in use.
func TestClosedFramesHoldNoMemory(t *testing.T) {
	ReturnMemory()
	frames := func(n int) (list []*Frame) {
		for range n {
			f, err := NewFrame(1280, 720)
			if err != nil {
				t.Fatal(err)
			}
			clear(f.YCbCr().Y) // memory counts from its first use on
			list = append(list, f)
		}
		return list
	}
	for _, f := range frames(2) { // sizes freed once are kept from then on, where the C library has its way
		f.Close()
	}
	before := resident(t)
	list := frames(40)
	for _, f := range list[:39] {
		f.Close()
	}
	defer list[39].Close()
	if grown := resident(t) - before; grown > 10<<20 {
		t.Errorf("%d MB more are held after 39 of 40 pictures of 1.4 MB were closed", grown>>20)
	}
}

// resident is what this process holds in memory, in bytes.
func resident(t *testing.T) int {
	t.Helper()
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var size, pages int
	if _, err := fmt.Sscan(string(b), &size, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize()
}

// stream makes access units with ffmpeg: each begins with a delimiter, a JPEG is one by itself.
func stream(t testing.TB, codec Codec, size string, frames int, more ...string) [][][]byte {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("ffmpeg is missing; `make setup-test` installs it")
	}
	args := []string{"-v", "error", "-f", "lavfi", "-i", "testsrc=s=" + size + ":r=25", "-frames:v", fmt.Sprint(frames)}
	switch codec {
	case H264:
		args = append(args, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-x264-params", "aud=1")
	case H265:
		args = append(args, "-pix_fmt", "yuv420p", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:aud=1:bframes=0:keyint=10")
	case MJPEG:
		args = append(args, "-c:v", "mjpeg")
	}
	args = append(args, more...)
	args = append(args, "-f", map[Codec]string{H264: "h264", H265: "hevc", MJPEG: "mjpeg"}[codec], "-")
	cmd := exec.Command("ffmpeg", args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v: %s", err, stderr.String())
	}
	return cutUnits(out, codec)
}

func cutUnits(out []byte, codec Codec) [][][]byte {
	var units [][][]byte
	if codec == MJPEG {
		for _, j := range bytes.SplitAfter(out, []byte{0xff, 0xd9}) {
			if len(j) > 2 {
				units = append(units, [][]byte{j})
			}
		}
		return units
	}
	for _, n := range media.SplitAnnexB(bytes.TrimRight(out, "\x00")) {
		delimiter := codec == H264 && media.H264Type(n) == h264.NALUTypeAccessUnitDelimiter || codec == H265 && media.H265Type(n) == h265.NALUType_AUD_NUT
		if delimiter {
			units = append(units, nil)
			continue
		}
		units[len(units)-1] = append(units[len(units)-1], n)
	}
	return units
}

func decodeAll(t testing.TB, d *Decoder, units [][][]byte, each func(*Frame)) {
	t.Helper()
	receive := func() {
		for {
			f, err := d.Receive()
			if err != nil {
				t.Fatal(err)
			}
			if f == nil {
				return
			}
			each(f)
			f.Close()
		}
	}
	for i, u := range units {
		if err := d.Send(u, int64(i), i == 0); err != nil {
			t.Fatal(err)
		}
		receive()
	}
	d.Drain()
	receive()
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name  string
		codec Codec
		size  string
		more  []string
	}{
		{"H.264", H264, "320x180", nil},
		{"H.264 with B-frames", H264, "320x180", []string{"-preset", "medium", "-bf", "3"}},
		{"H.264 4:4:4 of odd size", H264, "321x181", []string{"-pix_fmt", "yuv444p"}},
		{"H.264 of 10 bits", H264, "320x180", []string{"-pix_fmt", "yuv420p10le"}},
		{"H.265", H265, "320x180", nil},
		{"H.265 of 10 bits", H265, "322x182", []string{"-pix_fmt", "yuv420p10le"}},
		{"Motion JPEG 4:2:0", MJPEG, "320x180", []string{"-pix_fmt", "yuvj420p"}},
		{"Motion JPEG 4:2:2 of odd size", MJPEG, "321x181", []string{"-pix_fmt", "yuvj422p"}},
		{"Motion JPEG 4:4:4", MJPEG, "320x180", []string{"-pix_fmt", "yuvj444p"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			units := stream(t, c.codec, c.size, 25, c.more...)
			d, err := NewDecoder(c.codec, 1, 4)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			var tags []int64
			decodeAll(t, d, units, func(f *Frame) {
				tags = append(tags, f.Tag())
				img := f.YCbCr()
				if got := fmt.Sprintf("%dx%d", img.Rect.Dx(), img.Rect.Dy()); got != c.size {
					t.Fatalf("size %s, want %s", got, c.size)
				}
				if f.FullRange() != (c.codec == MJPEG) {
					t.Fatalf("full range: %v", f.FullRange())
				}
				_ = img.YCbCrAt(img.Rect.Max.X-1, img.Rect.Max.Y-1)
			})
			seen := map[int64]bool{}
			for _, tag := range tags {
				seen[tag] = true
			}
			if len(tags) != 25 || len(seen) != 25 {
				t.Errorf("pictures %v, want each of 0 to 24 once", tags)
			}
		})
	}
}

// Painting must not reach the frames that the decoder still predicts from.
func TestOwnLeavesReferencesAlone(t *testing.T) {
	units := stream(t, H264, "320x180", 20, "-g", "100")
	sums := func(paint bool) (out []uint64) {
		d, err := NewDecoder(H264, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		decodeAll(t, d, units, func(f *Frame) {
			var sum uint64
			for i, v := range f.YCbCr().Y {
				sum += uint64(v) * uint64(i%251)
			}
			out = append(out, sum)
			if paint {
				if err := f.Own(); err != nil {
					t.Fatal(err)
				}
				clear(f.YCbCr().Y)
			}
		})
		return out
	}
	if a, b := sums(false), sums(true); fmt.Sprint(a) != fmt.Sprint(b) {
		t.Error("painting changed later pictures")
	}
}

func TestEncode(t *testing.T) {
	units := stream(t, H264, "322x182", 30)
	d, err := NewDecoder(H264, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	var enc *Encoder
	var out [][][]byte
	var keys []int
	decodeAll(t, d, units, func(f *Frame) {
		if enc == nil {
			if enc, err = NewEncoder(f, EncoderConfig{FPSNum: 25, FPSDen: 1, GOP: 1000, CRF: 23, RateCap: 1_000_000, Threads: 1}); err != nil {
				t.Fatal(err)
			}
		}
		nalus, key, err := enc.Encode(f, int64(len(out))*3600, len(out) == 17)
		if err != nil {
			t.Fatal(err)
		}
		if key {
			keys = append(keys, len(out))
			if typ := media.H264Type(nalus[0]); typ != h264.NALUTypeSPS {
				t.Errorf("keyframe %d begins with NAL unit type %d, want a sequence parameter set", len(out), typ)
			}
		}
		out = append(out, nalus)
		enc.SetRateCap(500_000, 0)
	})
	defer enc.Close()
	if fmt.Sprint(keys) != "[0 17]" {
		t.Errorf("keyframes at %v, want 0 and 17", keys)
	}
	d2, err := NewDecoder(H264, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer d2.Close()
	n := 0
	decodeAll(t, d2, out, func(f *Frame) {
		if w, h := f.Size(); w != 322 || h != 182 || f.Tag() != int64(n) {
			t.Errorf("picture %d: tag %d, %dx%d", n, f.Tag(), w, h)
		}
		n++
	})
	if n != len(units) {
		t.Errorf("%d pictures, want %d", n, len(units))
	}
}

func TestDecoderSurvivesRubbish(t *testing.T) {
	units := stream(t, H264, "320x180", 20)
	for _, codec := range []Codec{H264, H265, MJPEG} {
		d, err := NewDecoder(codec, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, u := range units {
			bad := [][]byte{bytes.Clone(u[len(u)-1])}
			for j := 5; j < len(bad[0]); j += 7 {
				bad[0][j] ^= byte(i + j)
			}
			d.Send(bad, int64(i), false)
			for {
				f, _ := d.Receive()
				if f == nil {
					break
				}
				f.Close()
			}
		}
		if err := d.Send(nil, 0, false); err == nil {
			t.Error("an empty access unit passed")
		}
		d.Close()
	}
}

func TestStretch(t *testing.T) {
	for sar, want := range map[string]float64{"0": 0, "1": 1, "2/1": 2, "1/2": 0.5} {
		d, err := NewDecoder(H264, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		frames := 0
		decodeAll(t, d, stream(t, H264, "160x96", 2, "-vf", "setsar="+sar), func(f *Frame) {
			if frames++; f.Stretch() != want {
				t.Errorf("%s: %v, want %v", sar, f.Stretch(), want)
			}
		})
		if frames != 2 {
			t.Errorf("%s: %d pictures", sar, frames)
		}
		d.Close()
	}
}

// A scaled copy has the means of what it is made of, the tag and the colours of its frame, and
// leaves that as it was.
func TestScale(t *testing.T) {
	f, err := NewFrame(640, 352)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img := f.YCbCr()
	for y := range 352 {
		for x := range 640 {
			img.Y[y*img.YStride+x] = byte(40 + 100*((x+y)%2) + 60*(x/320))
		}
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = 90, 170
	}
	f.p.pts = 7
	var s Scaler
	defer s.Close()
	for _, size := range [][2]int{{320, 176}, {160, 88}, {500, 274}} {
		half, err := s.Scale(f, size[0], size[1])
		if err != nil {
			t.Fatal(err)
		}
		small := half.YCbCr()
		if w, h := half.Size(); w != size[0] || h != size[1] || half.Tag() != 7 || half.FullRange() != f.FullRange() {
			t.Errorf("%dx%d, tag %d", w, h, half.Tag())
		}
		for x, want := range map[int]int{size[0] / 5: 90, size[0] * 4 / 5: 150} {
			sum := 0
			for y := range 16 {
				for dx := range 16 {
					sum += int(small.Y[(size[1]/2+y)*small.YStride+x-8+dx])
				}
			}
			if mean := sum / 256; mean < want-2 || mean > want+2 {
				t.Errorf("%v: luma at %d is %d, want %d", size, x, mean, want)
			}
		}
		if cb, cr := small.Cb[20*small.CStride+20], small.Cr[20*small.CStride+20]; cb < 89 || cb > 91 || cr < 169 || cr > 171 {
			t.Errorf("%v: chroma %d, %d", size, cb, cr)
		}
		half.Close()
	}
	if img.Y[0] != 40 || img.Y[1] != 140 {
		t.Error("the frame itself was changed")
	}
}
