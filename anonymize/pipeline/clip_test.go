package pipeline

import (
	"bytes"
	"image"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/hardware/av"
	"github.com/bauta-gateway/bauta/hardware/media"
)

// encode makes access units of count frames that draw paints, without a
// loss where lossless.
func encode(t testing.TB, size image.Point, fps, count int, lossless bool, draw func(n int, img *image.YCbCr)) []wire.Unit {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		t.Fatal("ffmpeg is missing; `make setup-test` installs it")
	}
	quality := []string{"-crf", "20"}
	if lossless {
		quality = []string{"-qp", "0"}
	}
	args := append([]string{"-v", "error", "-nostdin", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", strconv.Itoa(size.X) + "x" + strconv.Itoa(size.Y),
		"-r", strconv.Itoa(fps), "-i", "pipe:0", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", strconv.Itoa(2 * fps), "-x264-params", "aud=1"}, quality...)
	cmd := exec.Command("ffmpeg", append(args, "-f", "h264", "pipe:1")...)
	var out, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &stderr
	pipe, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	img := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio420)
	for n := range count {
		draw(n, img)
		for _, p := range [][]byte{img.Y, img.Cb, img.Cr} {
			if _, err := pipe.Write(p); err != nil {
				t.Fatal(err)
			}
		}
	}
	pipe.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, &stderr)
	}
	list := split(out.Bytes(), fps)
	if len(list) != count {
		t.Fatalf("%d access units of %d frames", len(list), count)
	}
	return list
}

// split takes an H.264 stream with access unit delimiters apart.
func split(stream []byte, fps int) []wire.Unit {
	var list []wire.Unit
	for _, au := range bytes.Split(stream, []byte{0, 0, 0, 1, 9})[1:] {
		u := wire.Unit{Seq: uint64(len(list)), PTS: media.Ticks90k(len(list) * media.TicksPerSecond / fps)}
		for _, n := range bytes.Split(au[1:], []byte{0, 0, 1}) {
			if n = bytes.TrimRight(n, "\x00"); len(n) > 0 {
				u.NALUs = append(u.NALUs, n)
				u.Keyframe = u.Keyframe || n[0]&31 == 5
			}
		}
		list = append(list, u)
	}
	return list
}

// viewer decodes what a viewer gets.
type viewer struct {
	t   testing.TB
	dec *av.Decoder
}

func newViewer(t testing.TB) *viewer {
	t.Helper()
	dec, err := av.NewDecoder(av.H264, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dec.Close)
	return &viewer{t, dec}
}

// see calls do with the frame of a result.
func (v *viewer) see(r wire.Result, do func(img *image.YCbCr)) {
	v.t.Helper()
	if err := v.dec.Send(r.NALUs, int64(r.Record.Seq), r.Keyframe); err != nil {
		v.t.Fatalf("unit %d: %v", r.Record.Seq, err)
	}
	f, err := v.dec.Receive()
	if err != nil || f == nil {
		v.t.Fatalf("unit %d gives no frame: %v", r.Record.Seq, err)
	}
	defer f.Close()
	do(f.YCbCr())
}

// push sends the units one by one and calls each for the results as they leave.
func push(t testing.TB, p *Pipeline, list []wire.Unit, each func(wire.Result)) {
	t.Helper()
	emit := func(r wire.Result) error { each(r); return nil }
	for _, u := range list {
		if err := p.Push(u, time.Now(), emit); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.End(emit); err != nil {
		t.Fatal(err)
	}
}

// confetti is a frame full of detail, another one for each seed.
func confetti(img *image.YCbCr, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 3))
	for _, p := range [][]byte{img.Y, img.Cb, img.Cr} {
		for i := range p {
			p[i] = byte(40 + r.UintN(160))
		}
	}
}
