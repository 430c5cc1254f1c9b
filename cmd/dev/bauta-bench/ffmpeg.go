package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// video is ffmpeg decoding a file to raw frames of full range, which is
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

// read fills the planes with the next frame; io.EOF behind the last.
func (v *video) read(planes ...[]byte) error {
	for i, p := range planes {
		_, err := io.ReadFull(v.out, p)
		switch {
		case err == nil:
		case i == 0 && errors.Is(err, io.EOF):
			return v.end()
		default:
			return errors.Join(fmt.Errorf("ffmpeg stopped in mid-frame: %w", err), v.end())
		}
	}
	return nil
}

// end waits for ffmpeg and says what it complained of, else io.EOF.
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

// newPlanes is a 4:2:0 frame without gaps, as ffmpeg's pipe has it.
func newPlanes(w, h int) *image.YCbCr {
	return image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
}

// cascade is the face profile that GStreamer's faceblur is given.
const cascade = "/usr/share/opencv4/haarcascades/haarcascade_frontalface_default.xml"

// redact masks a file with Bauta at its defaults.
func (b *bench) redact(ctx context.Context, in, out string) (usage, error) {
	return b.redactOn(ctx, anywhere, in, out)
}

func (b *bench) redactOn(ctx context.Context, cpu, in, out string) (usage, error) {
	return run(ctx, cpu, b.bauta, "redact", in, out)
}

// reencode is the least that anything that changes frames costs: decode and
// encode with the fastest preset, one thread each, on one CPU.
func reencode(ctx context.Context, in, out string) (usage, error) {
	return run(ctx, onOneCPU, "ffmpeg", "-v", "error", "-nostdin", "-y", "-threads", "1", "-i", in, "-map", "0:v:0", "-fps_mode", "passthrough",
		"-filter_threads", "1", "-c:v", "libx264", "-preset", "ultrafast", "-threads", "1", out)
}

// faceblur masks with GStreamer's element, as its documentation has it. The
// encoder has the same preset and quality as reencode.
func faceblur(ctx context.Context, in, out string) (usage, error) {
	return run(ctx, onOneCPU, "gst-launch-1.0", "-q", "filesrc", "location="+in, "!", "qtdemux", "!", "h264parse", "!", "avdec_h264", "max-threads=1", "!",
		"videoconvert", "!", "faceblur", "profile="+cascade, "!", "videoconvert", "!", "video/x-raw,format=I420", "!",
		"x264enc", "speed-preset=ultrafast", "pass=qual", "quantizer=23", "threads=1", "!", "h264parse", "!",
		"mp4mux", "!", "filesink", "location="+out)
}

// noFaceblur says why the comparison is left out; empty where it can be made.
func noFaceblur(ctx context.Context) string {
	if _, err := os.Stat(cascade); err != nil {
		return "OpenCV's cascades (Debian: opencv-data) are not installed"
	}
	for _, need := range [][2]string{{"faceblur", "opencv"}, {"avdec_h264", "libav"}, {"x264enc", "plugins-ugly"}, {"h264parse", "plugins-bad"}, {"mp4mux", "plugins-good"}} {
		if exec.CommandContext(ctx, "gst-inspect-1.0", "--exists", need[0]).Run() != nil {
			return fmt.Sprintf("GStreamer's element %s (Debian: gstreamer1.0-%s) is not installed", need[0], need[1])
		}
	}
	return ""
}

// cut writes some frames of a clip without loss.
func (b *bench) cut(ctx context.Context, c clip, from, to int) (clip, error) {
	out := filepath.Join(b.temp, c.name+"-cut.mp4")
	// fps says again how long a frame lasts, which setpts forgets: FFmpeg 7 would leave the last one out.
	filter := fmt.Sprintf("trim=start_frame=%d:end_frame=%d,setpts=PTS-STARTPTS,fps=%g", from, to, c.fps)
	if err := convert(ctx, c.path, filter, out, "-preset", "ultrafast", "-qp", "0"); err != nil {
		return clip{}, err
	}
	part := c
	part.path, part.frames = out, to-from
	return part, nil
}

// convert makes another clip of one, without B-frames like a camera's.
func convert(ctx context.Context, in, filter, out string, args ...string) error {
	all := []string{"-v", "error", "-nostdin", "-y", "-i", in, "-map", "0:v:0", "-vf", filter, "-c:v", "libx264", "-bf", "0"}
	_, err := run(ctx, anywhere, "ffmpeg", append(append(all, args...), out)...)
	return err
}
