package jpegscan

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/bauta-gateway/bauta/hardware/clips"
)

// taken makes frames of a size out of a source that ffmpeg reads.
func taken(t testing.TB, filter string, input ...string) (list [][]byte) {
	t.Helper()
	args := append(append([]string{"-v", "error"}, input...), "-an", "-vf", filter, "-frames:v", "2", "-c:v", "mjpeg", "-q:v", "6", "-pix_fmt", "yuvj420p", "-f", "mjpeg", "-")
	out, err := exec.CommandContext(t.Context(), "ffmpeg", args...).Output()
	if err != nil {
		t.Fatalf("ffmpeg: %v", err)
	}
	for _, b := range bytes.SplitAfter(out, []byte{0xff, markEOI}) {
		if len(b) > 0 {
			list = append(list, b)
		}
	}
	return list
}

// Where the header has the sides swapped, or another size of the same area, no count of blocks
// tells; the frame does. Frames of rooms and crowds, upright and turned, all pass as they are.
func TestSidesOfTheSameArea(t *testing.T) {
	all := clips.All(t)
	if os.Getenv("BAUTA_LONG") == "" {
		all = all[max(0, len(all)-3):]
	}
	for _, clip := range all {
		for _, size := range []struct {
			filter     string
			w, h       int
			wide, high int
		}{
			{"scale=1280:720", 1280, 720, 720, 1280}, {"scale=1280:720,transpose=1", 720, 1280, 1280, 720},
			{"scale=2560:1440,crop=2560:720", 2560, 720, 1280, 1440}, {"scale=640:480", 640, 480, 480, 640},
		} {
			for _, b := range taken(t, size.filter, "-i", clip) {
				if w, h, err := new(Checker).Check(b); err != nil || w != size.w || h != size.h {
					t.Errorf("%s %dx%d: %d x %d, %v", filepath.Base(clip), size.w, size.h, w, h, err)
				}
				if _, _, err := new(Checker).Check(resized(t, b, size.wide, size.high)); !errors.Is(err, ErrDisagree) {
					t.Errorf("%s %dx%d passes as %dx%d", filepath.Base(clip), size.w, size.h, size.wide, size.high)
				}
			}
		}
	}
}

// Patterns that fit together in other ways than their own are no lies.
func TestPatternsPass(t *testing.T) {
	stripes := []string{
		"geq=lum='if(mod(floor(Y/16),2),200,40)':cb=128:cr=128", "geq=lum='if(mod(floor(X/16),2),200,40)':cb=128:cr=128",
		"geq=lum='if(mod(floor(Y/20)+floor(X/20),2),200,40)':cb=128:cr=128", "geq=lum='128+100*sin(X/40)':cb=128:cr=128", "geq=lum='128+100*sin(Y/20)':cb=128:cr=128",
		"geq=lum='255*Y/H':cb=128:cr=128", "geq=lum='255*X/W':cb=128:cr=128", "noise=alls=100:allf=t",
	}
	check := func(source, filter string) {
		for _, b := range taken(t, filter, "-f", "lavfi", "-t", "0.1", "-i", source) {
			if _, _, err := new(Checker).Check(b); err != nil {
				t.Errorf("%s, %s: %v", source, filter, err)
			}
		}
	}
	for _, filter := range stripes {
		check("color=gray:s=1280x720", filter)
		if os.Getenv("BAUTA_LONG") != "" {
			check("testsrc=s=720x1280", filter)
		}
	}
	for _, source := range []string{"testsrc", "testsrc2", "smptebars", "mandelbrot", "rgbtestsrc", "gradients"} {
		check(source+"=s=1280x720", "transpose=1")
		check(source+"=s=1280x720", "null")
	}
}
