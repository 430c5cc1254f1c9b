package oddcamera

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"sync"

	"github.com/bauta-gateway/bauta/hardware/media"
)

// clip is what a mode plays in a loop.
type clip struct {
	codec         string
	width, height int
	fps           int
	sets          [][]byte // VPS, SPS and PPS
	frames        []frame

	once  sync.Once
	units map[[sha256.Size]byte]bool // of all frames, by known
}

// frame is one access unit: NAL units, or one JPEG image.
type frame struct {
	key   bool
	units [][]byte
}

// clips are made once in a run of tests: func() (*clip, error) by ffmpeg's arguments.
var clips sync.Map

// clipOf makes the clip of a mode.
func (c *Camera) clipOf(m Mode) (*clip, error) {
	k := &clip{codec: m.Codec, width: c.opts.Width, height: c.opts.Height, fps: c.opts.FPS}
	if m.Width > 0 {
		k.width, k.height = m.Width, m.Height
	}
	seconds := 2
	if m.FPS > 0 {
		k.fps, seconds = m.FPS, 1
	}
	args := k.arguments(c.opts.Clip, cmp.Or(c.opts.Seconds, seconds)*k.fps)
	once, _ := clips.LoadOrStore(strings.Join(args, "\x00"), sync.OnceValues(func() (*clip, error) { return makeClip(k, args) }))
	return once.(func() (*clip, error))()
}

func (k *clip) arguments(file string, frames int) []string {
	args, how := []string{"-v", "error", "-f", "lavfi", "-i", fmt.Sprintf("testsrc=size=320x180:rate=%d", k.fps)}, "fast_bilinear"
	if file != "" {
		args, how = []string{"-v", "error", "-i", file, "-an"}, "bicubic"
	}
	args = append(args, "-vf", fmt.Sprintf("scale=%d:%d:flags=%s,fps=%d", k.width, k.height, how, k.fps))
	gop := strconv.Itoa(k.fps)
	args = append(args, "-frames:v", strconv.Itoa(frames))
	switch k.codec {
	case "h265":
		return append(args, "-pix_fmt", "yuv420p", "-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
			"log-level=none:bframes=0:scenecut=0:repeat-headers=1:open-gop=0:keyint="+gop, "-f", "hevc", "-")
	case "mjpeg":
		return append(args, "-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-huffman", "default", "-q:v", "6", "-f", "mjpeg", "-")
	}
	return append(args, "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-x264-params",
		"bframes=0:slices=1:sliced-threads=0:scenecut=0:repeat-headers=1:keyint="+gop, "-f", "h264", "-")
}

func makeClip(k *clip, args []string) (*clip, error) {
	var complaint bytes.Buffer
	cmd := exec.Command("ffmpeg", args...)
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("ffmpeg %s: %w: %s (make setup-test installs it)", strings.Join(args, " "), err, &complaint)
	}
	if k.codec == "mjpeg" {
		for _, image := range bytes.SplitAfter(out, []byte{0xff, 0xd9}) {
			if len(image) > 0 {
				k.frames = append(k.frames, frame{true, [][]byte{image}})
			}
		}
	} else {
		k.collect(out)
	}
	if len(k.frames) == 0 {
		return nil, fmt.Errorf("ffmpeg %s made no frame: look at its version", strings.Join(args, " "))
	}
	return k, nil
}

// collect makes frames of one slice each of a raw stream.
func (k *clip) collect(stream []byte) {
	var pending [][]byte
	for _, u := range media.SplitAnnexB(bytes.TrimRight(stream, "\x00")) {
		pending = append(pending, u)
		slice, key := sliceOf(k.codec, u)
		if slice {
			k.frames = append(k.frames, frame{key, pending})
			pending = nil
		}
		if isSet(k.codec, u) && !contains(k.sets, u) {
			k.sets = append(k.sets, u)
		}
	}
}

func contains(all [][]byte, one []byte) bool {
	for _, u := range all {
		if bytes.Equal(u, one) {
			return true
		}
	}
	return false
}

func kindOf(codec string, unit []byte) byte {
	if codec == "h265" {
		return unit[0] >> 1 & 0x3f
	}
	return unit[0] & 0x1f
}

// sliceOf reports whether a unit is a slice, and one of a keyframe.
func sliceOf(codec string, unit []byte) (slice, key bool) {
	kind := kindOf(codec, unit)
	if codec == "h265" {
		return kind < 32, kind >= 16 && kind <= 21
	}
	return kind == 1 || kind == 5, kind == 5
}

// isSet reports whether a unit is a parameter set.
func isSet(codec string, unit []byte) bool {
	kind := kindOf(codec, unit)
	if codec == "h265" {
		return kind >= 32 && kind <= 34
	}
	return kind == 7 || kind == 8
}

// withoutSets leaves a frame's parameter sets out.
func withoutSets(codec string, units [][]byte) (left [][]byte) {
	for _, u := range units {
		if !isSet(codec, u) {
			left = append(left, u)
		}
	}
	return left
}
