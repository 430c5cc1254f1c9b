// Command bauta-demo-clip makes the clip that the demo camera plays: people,
// cut out of the sample photos that come with gocv's module, walk along a
// wall behind a reception desk. Two of them wear badges of consent. For some seconds
// the frame lies on its side. The first and the last moment are empty, so that
// the loop has no jump.
//
// The ground truth lies beside the clip as JSON: where each face is in each
// frame, and the badge that it wears (hardware/clips). Tests measure by it.
//
// It runs when Bauta is built and needs ffmpeg and the Go command:
//
//	go run ./cmd/dev/bauta-demo-clip -o build/demo.mp4
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
)

func main() {
	out := flag.String("o", "build/demo.mp4", "write the clip to this file")
	photos := flag.String("photos", "", "folder of gocv's sample photos (default: the one in the module cache)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *out, *photos); err != nil {
		fmt.Fprintln(os.Stderr, "bauta-demo-clip:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out, photos string) error {
	if photos == "" {
		module, err := gocvModule(ctx)
		if err != nil {
			return err
		}
		photos = filepath.Join(module, "images")
	}
	c, err := newClip(photos)
	if err != nil {
		return err
	}
	if err := encode(ctx, out, c); err != nil {
		return err
	}
	return c.truth().Write(out)
}

// gocvModule is the folder of gocv's module, of the version that go.mod names; it
// is fetched where it is missing.
func gocvModule(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", "gocv.io/x/gocv")
	cmd.Stderr = os.Stderr
	b, err := cmd.Output()
	var module struct{ Dir, Error string }
	if jsonErr := json.Unmarshal(b, &module); err == nil {
		err = jsonErr
	}
	if module.Error != "" {
		err = errors.New(module.Error)
	}
	if err != nil {
		return "", fmt.Errorf("sample photos cannot be fetched: %w; name a folder that has them with -photos", err)
	}
	return module.Dir, nil
}

// encode pipes the frames to ffmpeg and puts the clip in place when it is complete.
func encode(ctx context.Context, out string, c *clip) error {
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	part := out + ".part"
	defer os.Remove(part)
	size := fmt.Sprintf("%dx%d", width, height)
	cmd := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-nostdin", "-y",
		"-f", "rawvideo", "-pix_fmt", "rgba", "-s", size, "-r", strconv.Itoa(fps), "-i", "pipe:0",
		"-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
		"-c:v", "libx264", "-preset", "veryfast", "-crf", "21", "-bf", "0", "-g", strconv.Itoa(2*fps),
		"-movflags", "+faststart", "-f", "mp4", part)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%w; install it first: apt-get install ffmpeg", err)
	}
	err = errors.Join(c.write(pipe), pipe.Close())
	if waitErr := cmd.Wait(); waitErr != nil {
		return fmt.Errorf("ffmpeg: %w\n%s", waitErr, stderr.Bytes())
	}
	if err != nil {
		return err
	}
	return os.Rename(part, out)
}

// write draws frame after frame. The next is drawn while ffmpeg reads the last.
func (c *clip) write(to io.Writer) error {
	frames, back := make(chan *image.RGBA, 1), make(chan *image.RGBA, 2)
	for range cap(back) {
		back <- image.NewRGBA(image.Rect(0, 0, width, height))
	}
	stop := make(chan struct{})
	defer func() { // the drawing ends before we do
		close(stop)
		for range frames {
		}
	}()
	go func() {
		defer close(frames)
		for n := range fps * seconds {
			select {
			case f := <-back:
				c.draw(f, n)
				frames <- f
			case <-stop:
				return
			}
		}
	}()
	for f := range frames {
		if _, err := to.Write(f.Pix); err != nil {
			return err
		}
		back <- f
	}
	return nil
}
