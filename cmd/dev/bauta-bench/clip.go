package main

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bauta-gateway/bauta/anonymize/leak"
	"github.com/bauta-gateway/bauta/detector"
	"github.com/bauta-gateway/bauta/gateway/mp4"
	"github.com/bauta-gateway/bauta/hardware/clips"
)

// clip is one video file.
type clip struct {
	name          string // without folder and ending
	path          string
	width, height int
	frames        int
	fps           float64
	// known says that truth holds the faces of each frame; otherwise the
	// detector's are the reference.
	known bool
	truth [][]leak.Box
}

// openClip reads what is known of a file; the ground truth lies beside it as
// a JSON file of the same name.
func openClip(path string) (clip, error) {
	c := clip{name: strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), path: path}
	r, err := mp4.Open(path)
	if err != nil {
		return c, err
	}
	defer r.Close()
	info := r.Info()
	c.width, c.height, c.frames = info.Width, info.Height, int(info.Samples)
	if info.Duration > 0 {
		c.fps = float64(info.Samples) * float64(info.Timescale) / float64(info.Duration)
	}
	return c, c.readTruth()
}

// clipNamed opens the clip of that name; ok is false where none of the files is it.
func clipNamed(paths []string, name string) (c clip, ok bool, err error) {
	i := slices.IndexFunc(paths, func(path string) bool { return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)) == name })
	if i < 0 {
		return clip{}, false, nil
	}
	c, err = openClip(paths[i])
	return c, err == nil, err
}

// readTruth takes the ground truth over; the badges matter here to nobody.
func (c *clip) readTruth() error {
	truth, err := clips.ReadTruth(c.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if len(truth.Frames) != c.frames {
		return fmt.Errorf("the ground truth of %s is about %d frames, the clip has %d", c.path, len(truth.Frames), c.frames)
	}
	c.known, c.truth = true, make([][]leak.Box, c.frames)
	for i, faces := range truth.Frames {
		for _, f := range faces {
			c.truth[i] = append(c.truth[i], leak.Box{X: f.X, Y: f.Y, W: f.W, H: f.H})
		}
	}
	return nil
}

// facesFrom names the reference.
func (c clip) facesFrom() string {
	if c.known {
		return "ground truth"
	}
	return "YuNet"
}

// emptyClips are the test clips in which nobody is, as far as they are here.
func emptyClips() []string {
	found, _ := filepath.Glob(filepath.Join("..", "shared", "clips", "t2", "nf_*.mp4")) // the pattern is well formed
	return found
}

// defaultClips are the demo's clip and the test clips, as far as they are here.
func defaultClips(demo string) []string {
	found, _ := filepath.Glob(filepath.Join("..", "shared", "clips", "*.mp4")) // the pattern is well formed
	if _, err := os.Stat(demo); err == nil {
		found = append(found, demo)
	}
	return found
}

// The reference where there is no ground truth: what the detector finds with a
// much finer pass than a worker can afford, in two frames running.
const (
	referenceWidth = 1280
	referenceScore = 0.7
)

// reference returns the faces of each frame.
func (b *bench) reference(ctx context.Context, c clip) ([][]leak.Box, error) {
	if c.known {
		return c.truth, nil
	}
	progress("%s: looking for the reference faces", c.name)
	return search(ctx, c)
}

// search runs the detector on every frame.
func search(ctx context.Context, c clip) ([][]leak.Box, error) {
	size := image.Pt(referenceWidth, 32*int(math.RoundToEven(referenceWidth*float64(c.height)/float64(c.width)/32)))
	net, err := detector.NewYuNet(size)
	if err != nil {
		return nil, err
	}
	defer net.Close()
	in, err := openVideo(ctx, c.path, c.width, c.height, "yuv420p")
	if err != nil {
		return nil, err
	}
	defer in.close()
	var all [][]leak.Box
	img := newPlanes(c.width, c.height)
	whole := []detector.Tile{{Src: img.Rect, Dst: image.Rectangle{Max: size}}}
	for {
		if err := in.read(img.Y, img.Cb, img.Cr); errors.Is(err, io.EOF) {
			return leak.Confirmed(all), nil
		} else if err != nil {
			return nil, err
		}
		faces, err := net.Detect(img, true, whole, referenceScore)
		if err != nil {
			return nil, err
		}
		all = append(all, boxes(faces))
	}
}

func boxes(faces []detector.Face) []leak.Box {
	var out []leak.Box
	for _, f := range faces {
		out = append(out, leak.Box{X: float64(f.X), Y: float64(f.Y), W: float64(f.W), H: float64(f.H)})
	}
	return out
}

// measureLeak measures an output against its source, frame n against frame n.
// A missing frame is an error: it would move all that follow.
func measureLeak(ctx context.Context, c clip, faces [][]leak.Box, output string) (leak.Result, error) {
	src, err := openVideo(ctx, c.path, c.width, c.height, "gray")
	if err != nil {
		return leak.Result{}, err
	}
	defer src.close()
	out, err := openVideo(ctx, output, c.width, c.height, "gray")
	if err != nil {
		return leak.Result{}, err
	}
	defer out.close()
	var m leak.Meter
	a, b := image.NewGray(image.Rect(0, 0, c.width, c.height)), image.NewGray(image.Rect(0, 0, c.width, c.height))
	for n := 0; ; n++ {
		errA, errB := src.read(a.Pix), out.read(b.Pix)
		switch {
		case errors.Is(errA, io.EOF) && errors.Is(errB, io.EOF) && n == len(faces):
			return m.Result(), nil
		case errA != nil || errB != nil || n == len(faces):
			return leak.Result{}, fmt.Errorf("frame %d of %d: source: %v, output: %v", n, len(faces), errA, errB)
		}
		m.Add(a, b, faces[n])
	}
}
