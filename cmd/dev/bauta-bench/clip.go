package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/bauta-gateway/bauta/anonymize/leak"
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
	// known tells that truth holds the faces of each picture; otherwise the
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
		return fmt.Errorf("the ground truth of %s is about %d pictures, the clip has %d", c.path, len(truth.Frames), c.frames)
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
