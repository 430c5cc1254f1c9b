package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os/exec"
)

// video is ffmpeg decoding a file to raw pictures of full range, which is
// what the leak measure and its thresholds are made for.
type video struct {
	cmd    *exec.Cmd
	out    *bufio.Reader
	stderr bytes.Buffer
}

// openVideo decodes to width x height, scaled where the file has another
// size. format is gray, yuv420p or rgba.
func openVideo(ctx context.Context, path string, width, height int, format string) (*video, error) {
	v := &video{}
	filter := fmt.Sprintf("scale=%d:%d:flags=bilinear:out_range=pc,format=%s", width, height, format)
	v.cmd = exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-nostdin", "-threads", "1", "-noautorotate", "-i", path,
		"-map", "0:v:0", "-fps_mode", "passthrough", "-filter_threads", "1", "-vf", filter, "-f", "rawvideo", "pipe:1")
	v.cmd.Stderr = &v.stderr
	pipe, err := v.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	v.out = bufio.NewReaderSize(pipe, 1<<20)
	if err := v.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: install it with packaging/setup.sh build", err)
	}
	return v, nil
}

// read fills the planes with the next picture; io.EOF behind the last.
func (v *video) read(planes ...[]byte) error {
	for i, p := range planes {
		_, err := io.ReadFull(v.out, p)
		switch {
		case err == nil:
		case i == 0 && errors.Is(err, io.EOF):
			return v.end()
		default:
			return errors.Join(fmt.Errorf("ffmpeg stopped in mid-picture: %w", err), v.end())
		}
	}
	return nil
}

// end waits for ffmpeg and tells what it complained of, else io.EOF.
func (v *video) end() error {
	err := v.cmd.Wait()
	v.cmd = nil
	if err != nil {
		return fmt.Errorf("ffmpeg: %w: %s", err, bytes.TrimSpace(v.stderr.Bytes()))
	}
	return io.EOF
}

// close ends ffmpeg where it still works.
func (v *video) close() {
	if v.cmd != nil {
		_ = v.cmd.Process.Kill() // it may have ended by itself
		_ = v.cmd.Wait()
		v.cmd = nil
	}
}

// newPlanes is a 4:2:0 picture without gaps, as ffmpeg's pipe has it.
func newPlanes(w, h int) *image.YCbCr {
	return image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
}
