package e2e

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bauta-gateway/bauta/anonymize/wire"
	"github.com/bauta-gateway/bauta/detector/yunet"
	"github.com/bauta-gateway/bauta/gateway/mp4"
	"github.com/bauta-gateway/bauta/gateway/redact"
	"github.com/bauta-gateway/bauta/gateway/worker/executable"
	"github.com/bauta-gateway/bauta/hardware/media"
)

func redactOptions(t *testing.T, in string) redact.Options {
	t.Helper()
	needWorker(t)
	return redact.Options{
		In: in, Out: filepath.Join(t.TempDir(), "out.mp4"), Parts: realParts(), Log: quiet(),
		Settings: wire.Settings{Mask: "blur", LookAhead: 200 * time.Millisecond},
	}
}

// times reads when the frames of a file are shown, in presentation order
// where it has no B-frames.
func times(t *testing.T, path string) (info mp4.Info, cts []int64) {
	t.Helper()
	r, err := mp4.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r.Info(), cts
		} else if err != nil {
			t.Fatal(err)
		}
		cts = append(cts, s.CTS-r.Info().FirstCTS)
	}
}

func TestE2ERedactKeepsEveryFrame(t *testing.T) {
	o := redactOptions(t, clip(t))
	var calls int64
	o.Progress = func(done, total int64) {
		if calls++; done != calls || total < done {
			t.Errorf("progress %d of %d at call %d", done, total, calls)
		}
	}
	report, err := redact.File(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	before, want := times(t, o.In)
	after, got := times(t, o.Out)
	if len(got) != len(want) || report.Frames != int64(len(want)) || calls != report.Frames {
		t.Fatalf("%d pictures in, %d out, %d reported, %d calls", len(want), len(got), report.Frames, calls)
	}
	for i := range want {
		if want[i]*int64(after.Timescale) != got[i]*int64(before.Timescale) {
			t.Fatalf("picture %d is shown at %d/%d, was at %d/%d", i, got[i], after.Timescale, want[i], before.Timescale)
		}
	}
	if after.Codec != media.H264 || after.Width != before.Width || after.Height != before.Height {
		t.Errorf("output is %v %dx%d", after.Codec, after.Width, after.Height)
	}
	if report.Masked == 0 || report.Masked != report.Faces || report.Undecodable != 0 || report.Seconds <= 0 {
		t.Errorf("report = %+v", report)
	}
	if report.ModelHash != yunet.SHA256 {
		t.Errorf("the worker used another model than this program names: %+v", report)
	}
}

// assertEmpty fails where anything was left in the output's folder.
func assertEmpty(t *testing.T, o redact.Options) {
	t.Helper()
	left, err := os.ReadDir(filepath.Dir(o.Out))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestE2ERedactInterrupted(t *testing.T) {
	o := redactOptions(t, clip(t))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o.Progress = func(done, _ int64) {
		if done == 5 {
			cancel()
		}
	}
	if _, err := redact.File(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want canceled", err)
	}
	assertEmpty(t, o)
}

func TestE2ERedactWithADeadWorker(t *testing.T) {
	o := redactOptions(t, clip(t))
	o.Parts.Path = "/bin/true"
	if _, err := redact.File(t.Context(), o); err == nil {
		t.Error("a worker that does nothing made a file")
	}
	o.Parts.Path = filepath.Join(t.TempDir(), "none")
	if _, err := redact.File(t.Context(), o); !errors.Is(err, executable.ErrNoWorker) {
		t.Errorf("err = %v, want ErrNoWorker", err)
	}
	assertEmpty(t, o)
}

// Pictures that nobody can decode are left out, the others keep their times
// and the clip its length.
func TestE2ERedactUndecodable(t *testing.T) {
	in := convert(t, clip(t), "jpeg.mp4", "-an", "-vf", "scale=320:240,fps=10", "-frames:v", "12", "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "5")
	spoil(t, in, 0, 5, 11)
	o := redactOptions(t, in)
	report, err := redact.File(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	before, all := times(t, in)
	after, got := times(t, o.Out)
	if report.Undecodable != 3 || report.Frames != 9 || len(got) != 9 {
		t.Fatalf("report = %+v, %d pictures in the file", report, len(got))
	}
	want := append([]int64{all[0]}, all[2:5]...) // the second stands in for the first
	want = append(want, all[6:11]...)
	for i := range want {
		if want[i]*int64(after.Timescale) != got[i]*int64(before.Timescale) {
			t.Errorf("picture %d at %d/%d, want %d/%d", i, got[i], after.Timescale, want[i], before.Timescale)
		}
	}
	if before.Duration*int64(after.Timescale) != after.Duration*int64(before.Timescale) {
		t.Errorf("lasts %d/%d, was %d/%d", after.Duration, after.Timescale, before.Duration, before.Timescale)
	}
}

// spoil overwrites frames of a file of JPEGs with zeros.
func spoil(t *testing.T, path string, numbers ...int64) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := mp4.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for _, n := range numbers {
			if s.Index == n {
				at := bytes.Index(b, s.NALUs[0])
				if at < 0 {
					t.Fatalf("picture %d is not in the file as it is", n)
				}
				clear(b[at : at+len(s.NALUs[0])])
			}
		}
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
