package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// part is a run of frames of the demo's clip as a camera that hangs otherwise gives them.
type part struct {
	from, count int
	// turn is how many quarter turns clockwise show them as they were, after a mirror image
	// where mirrored.
	turn     int
	mirrored bool
	// side cuts a square out of the middle and brings it to this size; 0: the whole frame.
	side int
}

// lyingClip is a clip made of such parts, and where the faces are in its frames.
type lyingClip struct {
	path  string
	size  image.Point
	faces [][]leak.Box
}

// rate is how many frames a second it has.
const rate = 20

func demoClip(t *testing.T) string { return clips.Path(t, "demo.mp4") }

// layOut is what makes a part of the demo's clip, and how it comes out.
func (p part) layOut(truth clips.Truth) (filter string, size image.Point, faces [][]leak.Box) {
	for _, known := range truth.Frames[p.from : p.from+p.count] {
		var boxes []leak.Box
		for _, f := range known {
			boxes = append(boxes, box(f))
		}
		faces = append(faces, boxes)
	}
	each := func(do func(leak.Box) leak.Box) {
		for _, boxes := range faces {
			for i := range boxes {
				boxes[i] = do(boxes[i])
			}
		}
	}
	size = image.Pt(truth.Width, truth.Height)
	filters := []string{fmt.Sprintf("trim=start_frame=%d:end_frame=%d,setpts=PTS-STARTPTS", p.from, p.from+p.count)}
	if p.side > 0 {
		left, scale := float64(size.X-size.Y)/2, float64(p.side)/float64(size.Y)
		filters = append(filters, fmt.Sprintf("crop=%d:%[1]d,scale=%d:%[2]d", size.Y, p.side))
		each(func(b leak.Box) leak.Box {
			return leak.Box{X: (b.X - left) * scale, Y: b.Y * scale, W: b.W * scale, H: b.H * scale}
		})
		size = image.Pt(p.side, p.side)
		for n := range faces {
			faces[n] = slices.DeleteFunc(faces[n], func(b leak.Box) bool { return cutOff(b, size) })
		}
	}
	for range (4 - p.turn) % 4 {
		filters = append(filters, "transpose=clock")
		each(func(b leak.Box) leak.Box { return leak.Box{X: float64(size.Y) - b.Y - b.H, Y: b.X, W: b.H, H: b.W} })
		size = image.Pt(size.Y, size.X)
	}
	if p.mirrored {
		filters = append(filters, "hflip")
		each(func(b leak.Box) leak.Box { return leak.Box{X: float64(size.X) - b.X - b.W, Y: b.Y, W: b.W, H: b.H} })
	}
	return strings.Join(filters, ","), size, faces
}

// cutOff says that less than nine tenths of a face are in the frame.
func cutOff(b leak.Box, size image.Point) bool {
	w := min(b.X+b.W, float64(size.X)) - max(b.X, 0)
	h := min(b.Y+b.H, float64(size.Y)) - max(b.Y, 0)
	return w <= 0 || h <= 0 || w*h < b.W*b.H*9/10
}

// lying makes a clip of parts that come out equally large. Each frame bears its number.
func lying(t *testing.T, parts []part, more ...string) lyingClip {
	t.Helper()
	truth := clips.TruthOf(t, demoClip(t))
	c := lyingClip{path: filepath.Join(t.TempDir(), "lying.mp4")}
	var raw bytes.Buffer
	for _, p := range parts {
		filter, size, faces := p.layOut(truth)
		frames, err := io.ReadAll(rawVideo(t, filter+",format=yuv420p", "-i", demoClip(t), "-an"))
		if err != nil || len(frames) != p.count*size.X*size.Y*3/2 {
			t.Fatalf("%d bytes of %d pictures of %v, %v", len(frames), p.count, size, err)
		}
		raw.Write(frames)
		c.size, c.faces = size, append(c.faces, faces...)
	}
	one := c.size.X * c.size.Y * 3 / 2
	for n := range c.faces {
		writeNumber(raw.Bytes()[n*one:], c.size.X, n)
	}
	args := append([]string{"-nostdin", "-v", "error", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", fmt.Sprintf("%dx%d", c.size.X, c.size.Y),
		"-r", fmt.Sprint(truth.FPS), "-i", "pipe:0", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-g", "20", "-bf", "0"}, more...)
	cmd := exec.CommandContext(t.Context(), "ffmpeg", append(args, c.path)...)
	cmd.Stdin = &raw
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, b)
	}
	return c
}

// A frame's number stands in its upper left corner as numberBits squares, light for 1, and again
// as their opposite.
const (
	numberBits = 9
	numberSide = 12 // pixels
)

func writeNumber(luma []byte, width, n int) {
	for bit := range 2 * numberBits {
		value := byte(40)
		if n>>(bit%numberBits)&1 != bit/numberBits {
			value = 210
		}
		for y := range numberSide {
			row := luma[y*width+bit*numberSide:]
			for x := range numberSide {
				row[x] = value
			}
		}
	}
}

// readNumber is false where there is none.
func readNumber(img *image.Gray) (n int, ok bool) {
	for bit := range 2 * numberBits {
		v := img.GrayAt(bit*numberSide+numberSide/2, numberSide/2).Y
		if v > 90 && v < 160 {
			return 0, false
		}
		one := 0
		if v >= 160 {
			one = 1
		}
		if bit < numberBits {
			n |= one << bit
		} else if n>>(bit-numberBits)&1 == one {
			return 0, false
		}
	}
	return n, true
}

// frames reads all luma of a file as it lies in it, whatever its header says of turns.
func (c lyingClip) frames(t *testing.T, path string) (list []*image.Gray) {
	t.Helper()
	in := bufio.NewReaderSize(rawVideo(t, "scale=out_range=pc,format=gray", "-noautorotate", "-i", path, "-fps_mode", "passthrough"), 1<<20)
	for range c.faces {
		img := image.NewGray(image.Rectangle{Max: c.size})
		if _, err := io.ReadFull(in, img.Pix); err != nil {
			t.Fatalf("picture %d of %s: %v", len(list), filepath.Base(path), err)
		}
		list = append(list, img)
	}
	return list
}

// bare counts the faces whose detail is in the output, and all.
func bare(src, out *image.Gray, faces []leak.Box) (shown, all int) {
	for _, f := range faces {
		d, ok := leak.Detail(src, out, f)
		if !ok || f.W < leak.MinWidth {
			continue
		}
		if all++; d > leak.Threshold {
			shown++
		}
	}
	return shown, all
}

// leaks says how many faces are bare in each frame of a file made of the clip.
func (c lyingClip) leaks(t *testing.T, output string) (shown []int, all int) {
	t.Helper()
	src, out := c.frames(t, c.path), c.frames(t, output)
	for n, faces := range c.faces {
		some, of := bare(src[n], out[n], faces)
		shown, all = append(shown, some), all+of
	}
	return shown, all
}

// lastOf is the last frame in which a face is bare, -1 where there is none.
func lastOf(shown []int) int {
	for n := len(shown) - 1; n >= 0; n-- {
		if shown[n] > 0 {
			return n
		}
	}
	return -1
}
