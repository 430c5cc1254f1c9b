package slate

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/hardware/media"
)

var (
	testCard = Card{
		Title:  Text{"Picture withheld to protect privacy", "为保护隐私,画面暂不显示"},
		Reason: Text{"Privacy worker restarting", "隐私处理进程正在重启"},
		Camera: "Lobby 大厅",
	}
	testTime = time.Date(2025, 3, 4, 15, 16, 17, 0, time.UTC)
)

// annexB joins NAL units with start codes.
func annexB(nalus [][]byte) []byte {
	var b []byte
	for _, n := range nalus {
		b = append(append(b, 0, 0, 0, 1), n...)
	}
	return b
}

// appendShown adds what a decoder must give: luma cut to the size, grey chroma.
func appendShown(b []byte, f *frame, width, height int) []byte {
	for y := range height {
		b = append(b, f.row(0, y, width)...)
	}
	return append(b, bytes.Repeat([]byte{greyChroma}, width*height/2)...)
}

func need(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Fatalf("%s is not installed: make setup-test installs it", program)
	}
}

// decode runs a decoder over stream, which must not complain; about size
// bytes should come out.
func decode(t *testing.T, stream []byte, size int, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(program, args...)
	var out, errs bytes.Buffer
	out.Grow(size + bytes.MinRead)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stream), &out, &errs
	if err := cmd.Run(); err != nil || errs.Len() > 0 {
		t.Fatalf("%s: %v\n%s", program, err, errs.String())
	}
	return out.Bytes()
}

func ffmpeg(t *testing.T, stream []byte, size int) []byte {
	return decode(t, stream, size, "ffmpeg", "-v", "error", "-xerror", "-err_detect", "+crccheck+bitstream+buffer+explode",
		"-f", "h264", "-i", "-", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-")
}

func gstreamer(t *testing.T, stream []byte, size int) []byte {
	return decode(t, stream, size, "gst-launch-1.0", "-q", "fdsrc", "fd=0", "!", "h264parse", "!", "avdec_h264", "output-corrupt=false",
		"!", "videoconvert", "!", "video/x-raw,format=I420", "!", "fdsink", "fd=1")
}

// stream makes n frames, step apart, and what they must decode to.
func stream(s *Slate, n int, step time.Duration) (coded, want []byte) {
	want = make([]byte, 0, n*s.width*s.height*3/2) // growing it costs seconds under the race detector
	for i := range n {
		nalus, _ := s.Next(testTime.Add(time.Duration(i)*step), false)
		coded = append(coded, annexB(nalus)...)
		want = appendShown(want, s.cur, s.width, s.height)
	}
	return coded, want
}

func TestDecodesExactly(t *testing.T) {
	need(t, "ffmpeg")
	for _, size := range [][2]int{{16, 16}, {18, 34}, {64, 48}, {160, 120}, {321, 181}, {320, 180}, {352, 288}, {640, 360}, {854, 480},
		{1080, 1920}, {1280, 720}, {1366, 768}, {1920, 1080}, {3840, 2160}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			t.Parallel()
			s := New(size[0], size[1])
			s.SetCard(testCard)
			n, step := 11, Interval // one more than a keyframe interval
			if size[0] > 2000 {
				n, step = 3, Interval*5/2 // keyframe, still, clock
			}
			coded, want := stream(s, n, step)
			compare(t, "ffmpeg", ffmpeg(t, coded, len(want)), want)
		})
	}
}

func compare(t *testing.T, who string, got, want []byte) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s gave %d bytes, want %d", who, len(got), len(want))
	}
	if bytes.Equal(got, want) {
		return // the loop below is slow under the race detector
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("%s: byte %d is %d, want %d", who, i, got[i], want[i])
		}
	}
}

func TestGStreamerDecodesExactly(t *testing.T) {
	need(t, "gst-launch-1.0")
	for _, size := range [][2]int{{320, 180}, {1920, 1080}} {
		s := New(size[0], size[1])
		s.SetCard(testCard)
		coded, want := stream(s, 11, Interval)
		compare(t, "gstreamer", gstreamer(t, coded, len(want)), want)
	}
}

// Random frames of flat squares, steps and noise reach every way of coding
// a macroblock, with neighbours of every kind.
func TestEncoderLosesNothing(t *testing.T) {
	need(t, "ffmpeg")
	const width, height = 160, 96
	r := rand.New(rand.NewPCG(1, 2))
	enc := newEncoder(macroblocks(width), macroblocks(height))
	a, b := newFrame(width, height), newFrame(width, height)
	var coded, want []byte
	for i := range 60 {
		scribble(r, a.gray())
		nalus := [][]byte{sps(width, height), pps(), enc.idr(a, uint32(i&1))}
		copy(b.pix, a.pix)
		scribbleSome(r, b.gray())
		nalus = append(nalus, enc.delta(b, a, 1))
		coded = append(coded, annexB(nalus)...)
		want = appendShown(appendShown(want, a, width, height), b, width, height)
	}
	compare(t, "ffmpeg", ffmpeg(t, coded, len(want)), want)
}

func scribble(r *rand.Rand, g *image.Gray) {
	fill(g, g.Rect, byte(32*(1+r.IntN(7))))
	for range 20 {
		scribbleSome(r, g)
	}
}

func scribbleSome(r *rand.Rand, g *image.Gray) {
	side := []int{1, 2, 4, 8, 16, 32}[r.IntN(6)]
	x, y := r.IntN(g.Rect.Dx())/side*side, r.IntN(g.Rect.Dy())/side*side
	fill(g, image.Rect(x, y, x+side*(1+r.IntN(3)), y+side*(1+r.IntN(3))), byte(32*(1+r.IntN(7))))
	if r.IntN(8) == 0 {
		g.SetGray(x, y, color.Gray{Y: byte(r.IntN(256))})
	}
}

// The budget of a keyframe: 200 KB up to 1080p, whatever the scale of text.
func TestKeyframeSize(t *testing.T) {
	for w := 64; w <= 1920; w += 116 {
		for _, h := range []int{w * 9 / 16, w * 3 / 4, w} {
			if h > 1080 {
				continue
			}
			s := New(w, h)
			s.SetCard(testCard)
			nalus, _ := s.Next(testTime, true)
			if n := len(annexB(nalus)); n > 200_000 {
				t.Errorf("%dx%d: keyframe of %d bytes", w, h, n)
			}
		}
	}
}

func TestCadence(t *testing.T) {
	s := New(320, 180)
	s.SetCard(testCard)
	check := func(after time.Duration, ask, want bool) {
		t.Helper()
		nalus, key := s.Next(testTime.Add(after), ask)
		kind := media.H264Type(nalus[len(nalus)-1])
		if key != want || (kind == 5) != want || (len(nalus) == 3) != want {
			t.Errorf("after %v: keyframe %v, NAL unit type %d of %d", after, key, kind, len(nalus))
		}
	}
	check(0, false, true)
	check(Interval, false, false)
	check(2*Interval, true, true)
	check(KeyframeInterval, false, false)
	check(KeyframeInterval+2*Interval, false, true)
	s.SetCard(testCard)
	check(KeyframeInterval+3*Interval, false, false)
	s.SetCard(Card{Camera: "other"})
	check(KeyframeInterval+4*Interval, false, true)
	check(0, false, true) // a clock set back
}

func TestSize(t *testing.T) {
	for _, c := range [][4]int{{0, 0, 1280, 720}, {-1, 5, 1280, 720}, {321, 181, 320, 180}, {1, 1, 16, 16}, {9999, 20, 8192, 20}} {
		if w, h := Size(c[0], c[1]); w != c[2] || h != c[3] {
			t.Errorf("Size(%d, %d) = %d, %d", c[0], c[1], w, h)
		}
	}
}

func TestLevels(t *testing.T) {
	for _, c := range [][3]int{{1, 1, 30}, {80, 45, 31}, {120, 68, 40}, {160, 90, 50}, {240, 135, 51}, {512, 10, 51}, {512, 512, 62}} {
		if got := levelFor(c[0], c[1]); got != c[2] {
			t.Errorf("levelFor(%d, %d) = %d, want %d", c[0], c[1], got, c[2])
		}
	}
}

func TestFrames(t *testing.T) {
	dir := os.Getenv("SLATE_PNG")
	if dir == "" {
		t.Skip("SLATE_PNG names no folder for images to see")
	}
	for _, size := range [][2]int{{64, 48}, {160, 120}, {320, 180}, {352, 288}, {640, 480}, {854, 480}, {1080, 1920}, {1280, 720}, {1920, 1080}, {3840, 2160}} {
		s := New(size[0], size[1])
		s.SetCard(testCard)
		nalus, _ := s.Next(testTime, true)
		n := 0
		for _, u := range nalus {
			n += len(u)
		}
		p, _ := s.Next(testTime.Add(time.Second), false)
		skip, _ := s.Next(testTime.Add(time.Second), false)
		t.Logf("%v: keyframe %d bytes, clock %d, still %d", size, n, len(p[0]), len(skip[0]))
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("slate_%dx%d.png", size[0], size[1])))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(f, s.cur.gray().SubImage(image.Rect(0, 0, s.width, s.height))); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}
