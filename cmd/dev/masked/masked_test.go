package main

import (
	"errors"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/bauta-gateway/bauta/hardware/clips"
)

// demo returns the demo clip and where it lies.
func demo(t *testing.T) (clip, string) {
	t.Helper()
	path := clips.Path(t, "demo.mp4")
	c, err := readClip(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return c, path
}

// every is how many frames are between two that are evaluated.
const every = 20

// altered evaluates some frames of the clip after f has altered them.
func altered(c clip, f func(n int, g *image.Gray)) result {
	var r result
	for n := 0; n < len(c.frames); n += every {
		g := image.NewGray(c.frames[n].Rect)
		copy(g.Pix, c.frames[n].Pix)
		f(n, g)
		r.add(c, g)
	}
	return r
}

// flatten gives squares of size pixels one value each.
func flatten(g *image.Gray, r image.Rectangle, size int) {
	r = r.Intersect(g.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			g.Pix[g.PixOffset(x, y)] = g.Pix[g.PixOffset(x-(x-r.Min.X)%size, y-(y-r.Min.Y)%size)]
		}
	}
}

func TestVerdicts(t *testing.T) {
	c, path := demo(t)
	faces := func(n int, g *image.Gray) {
		for _, f := range c.truth.Frames[n] {
			flatten(g, image.Rect(int(f.X), int(f.Y), int(f.X+f.W), int(f.Y+f.H)), max(1, int(f.W/3)))
		}
	}
	if r := altered(c, faces); r.verdict() != nil {
		t.Errorf("masked faces: %v, %+v", r.verdict(), r)
	}
	whole := func(_ int, g *image.Gray) { flatten(g, g.Rect, 24) }
	if r := altered(c, whole); !errors.Is(r.verdict(), errNotMasked) || r.open > 0 {
		t.Errorf("a frame masked as a whole: %v, %+v", r.verdict(), r)
	}
	third := func(n int, g *image.Gray) {
		if faces(n, g); n%(3*every) == 0 {
			flatten(g, g.Rect, 24)
		}
	}
	r := altered(c, third)
	if !errors.Is(r.verdict(), errNotMasked) || r.open > 0 || r.background() < sharp || r.changed() > mostChanged {
		t.Errorf("every third frame masked as a whole, which means do not tell: %v, %+v", r.verdict(), r)
	}
	one := func(n int, g *image.Gray) {
		if faces(n, g); len(c.truth.Frames[n]) > 0 && n%(2*every) == 0 {
			copy(g.Pix, c.frames[n].Pix)
		}
	}
	if r := altered(c, one); !errors.Is(r.verdict(), errNotMasked) || r.open == 0 {
		t.Errorf("faces open in some frames: %v, %+v", r.verdict(), r)
	}
	part := filepath.Join(t.TempDir(), "part.mp4")
	if out, err := exec.Command("ffmpeg", "-v", "error", "-ss", "4", "-t", "2", "-i", path, "-an", part).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v: %s", err, out)
	}
	r, err := measure(t.Context(), c, part)
	if err != nil || !errors.Is(r.verdict(), errNotMasked) || r.faces < fewestFaces || r.open < r.faces*9/10 {
		t.Errorf("a part of the clip itself: %v, %v, %+v", err, r.verdict(), r)
	}
}

func TestNoRecording(t *testing.T) {
	c, _ := demo(t)
	empty := filepath.Join(t.TempDir(), "empty.mp4")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := measure(t.Context(), c, empty); err == nil || r.verdict() == nil {
		t.Errorf("nothing passes: %+v", r)
	}
}
