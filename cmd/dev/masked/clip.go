package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"os/exec"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// clip is what the demo plays, in luma.
type clip struct {
	truth  clips.Truth
	frames []*image.Gray
	small  [][]uint8 // of each frame, to tell it from others
}

func readClip(ctx context.Context, path string) (clip, error) {
	truth, err := clips.ReadTruth(path)
	if err != nil {
		return clip{}, fmt.Errorf("%w: make build/demo.mp4 writes it beside the clip", err)
	}
	v, err := open(ctx, path, truth.Width, truth.Height)
	if err != nil {
		return clip{}, err
	}
	defer v.close()
	c := clip{truth: truth}
	for range truth.Frames {
		g := image.NewGray(image.Rect(0, 0, truth.Width, truth.Height))
		if err := v.read(g); err != nil {
			return clip{}, fmt.Errorf("%s: frame %d of %d: %w", path, len(c.frames), len(truth.Frames), err)
		}
		c.frames, c.small = append(c.frames, g), append(c.small, thumbnail(g))
	}
	return c, nil
}

// step is the width of what becomes one pixel of a thumbnail.
const step = 8

// thumbnail averages squares of step pixels.
func thumbnail(g *image.Gray) []uint8 {
	w, h := g.Rect.Dx()/step, g.Rect.Dy()/step
	out := make([]uint8, 0, w*h)
	for y := range h {
		for x := range w {
			sum := 0
			for dy := range step {
				for _, v := range g.Pix[(y*step+dy)*g.Stride+x*step:][:step] {
					sum += int(v)
				}
			}
			out = append(out, uint8(sum/(step*step)))
		}
	}
	return out
}

// find returns the number of the frame that is most like g. Bodies walk, so
// masked heads do not mislead it.
func (c clip) find(g *image.Gray) int {
	t, best, least := thumbnail(g), 0, math.MaxInt
	for i, other := range c.small {
		sum := 0
		for k, v := range other {
			d := int(v) - int(t[k])
			sum += max(d, -d)
		}
		if sum < least {
			best, least = i, sum
		}
	}
	return best
}

func box(f clips.Face) leak.Box { return leak.Box{X: f.X, Y: f.Y, W: f.W, H: f.H} }

const (
	tile = 80 // side of a sample of background in pixels
	// A sample has edges, at least this share of its pixels; on a bare wall
	// encoding leaves nothing to compare.
	edge, edges = 24, 0.05
)

// background returns tiles of frame n with edges and without faces. Masks are
// larger than faces, so those around a face are left out too.
func (c clip) background(n int) (out []leak.Box) {
	for y := 0; y+tile <= c.truth.Height; y += tile {
		for x := 0; x+tile <= c.truth.Width; x += tile {
			r := image.Rect(x, y, x+tile, y+tile)
			if !c.touched(n, r) && edged(c.frames[n], r) {
				out = append(out, leak.Box{X: float64(x), Y: float64(y), W: tile, H: tile})
			}
		}
	}
	return out
}

func (c clip) touched(n int, r image.Rectangle) bool {
	for _, f := range c.truth.Frames[n] {
		head := image.Rect(int(f.X-f.W), int(f.Y-f.H), int(f.X+2*f.W), int(f.Y+2*f.H))
		if head.Overlaps(r) {
			return true
		}
	}
	return false
}

func edged(g *image.Gray, r image.Rectangle) bool {
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := g.Pix[y*g.Stride+r.Min.X:][:r.Dx()]
		for i, v := range row[1:] {
			if d := int(v) - int(row[i]); max(d, -d) > edge {
				n++
			}
		}
	}
	return float64(n) > edges*float64(r.Dx()*r.Dy())
}

// video is ffmpeg, decoding a file to luma of full range.
type video struct {
	cmd *exec.Cmd
	out io.ReadCloser
}

func open(ctx context.Context, path string, width, height int) (*video, error) {
	filter := fmt.Sprintf("scale=%d:%d:out_range=pc,format=gray", width, height)
	cmd := exec.CommandContext(ctx, "ffmpeg", "-v", "error", "-nostdin", "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-vf", filter, "-f", "rawvideo", "pipe:1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: install it with packaging/setup.sh build", err)
	}
	return &video{cmd, out}, nil
}

// read fills g with the next frame; io.EOF behind the last.
func (v *video) read(g *image.Gray) error {
	_, err := io.ReadFull(v.out, g.Pix)
	if !errors.Is(err, io.EOF) {
		return err
	}
	if err := v.cmd.Wait(); err != nil {
		return fmt.Errorf("ffmpeg: %w", err)
	}
	return io.EOF
}

// close ends ffmpeg where frames are left.
func (v *video) close() {
	if v.cmd.ProcessState == nil {
		_ = v.cmd.Process.Kill() // it may have ended by itself
		_ = v.cmd.Wait()
	}
}
